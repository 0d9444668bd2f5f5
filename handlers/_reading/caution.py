# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Doubts that hold whatever a line is about: what it says twice, takes back or leaves open."""

import re
from collections.abc import Iterator

from handlers._reading.attendance_words import NOUN
from handlers._reading.result import Issue, Slots
from models.vietnamese.lines import Line, is_syllable

_WITH = r"(?:co |duoc |xin )?(?:phep|ly do)"
_WITHOUT = r"khong (?:co )?(?:xin )?(?:phep|ly do)"
_JOIN = r"\W*(?:va\W+)?"
# The same figures may stand before or after their words: only if no reading adds up there is a doubt.
_PARTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d/.,])\b(?P<a>\d{{1,2}}){NOUN}?\s*{_WITH}{_JOIN}(?P<b>\d{{1,2}}){NOUN}?\s*{_WITHOUT}",
        rf"(?<![\d/.,])\b(?P<a>\d{{1,2}}){NOUN}?\s*{_WITHOUT}{_JOIN}(?P<b>\d{{1,2}}){NOUN}?\s*{_WITH}",
        rf"(?<!khong )\b{_WITH}\W*(?P<a>\d{{1,2}})\b{NOUN}?{_JOIN}{_WITHOUT}\W*(?P<b>\d{{1,2}})\b",
        rf"\b{_WITHOUT}\W*(?P<a>\d{{1,2}})\b{NOUN}?{_JOIN}{_WITH}\W*(?P<b>\d{{1,2}})\b",
    )
)
_MISSED = re.compile(
    rf"(?<![\d/.,#])\b(?P<n>[1-9]\d?){NOUN}?\s*(?:deu\s+)?(?:vang mat|vang|xin nghi|xin vang|xin phep|bao om|bao nghi)\b"
)
_COUNTED = rf"(?=\s*(?:/|tren\b)|{NOUN}|\s*quan chung\b)"
_RANGES = (
    re.compile(rf"(?<![\w/.,])(?P<a>\d{{1,2}})(?:\s*(?:-|\bhoac|\bhay|\bden|\btoi)\s*)(?P<b>\d{{1,2}}){_COUNTED}"),
    re.compile(rf"(?<![\w/.,])(?P<a>\d{{1,2}}),(?P<b>\d{{1,2}}){_COUNTED}"),
)
_MOST_APART = 5  # "18-20 đ/c" is a guess; "10 đến 30" are two figures
# "18/20 (90%)", "đạt 95% (19/20)": the share of these figures and of nothing else.
_SHARE = (
    re.compile(r"(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*%\s*[(,:=-]?\s*(?P<a>\d{1,3})\s*/\s*(?P<b>\d{1,3})(?![\d/])"),
    re.compile(
        r"(?<![\d/])(?P<a>\d{1,3})\s*/\s*(?P<b>\d{1,3})(?:\s*(?:dong chi|dang vien|nguoi|co mat|du hop|,|\(|-|=|dat|ty le|ti le|la|du|so))*\s*(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*%"
    ),
)
_ROUNDED = 1.5
_TOLD_AS_DONE = frozenset(
    ("meeting_held", "admission", "official_transfer", "member_transfer_in", "member_transfer_out")
)
_HEARSAY = re.compile(
    r"\b(?:nghe noi|nghe bao(?! cao)|chua (?:dem|chot|chac|ro(?! ly)|biet|nam duoc)|khong (?:ro(?! ly)|nho|chac)|hinh nhu|tam_? tinh_?|dem lai (?:da|sau|roi)|xem lai (?:da|sau)|dang le|le ra|gi do|gi day)\b"
    r"|\bde (?:em|toi_?|minh|tui|chau) (?:\w+ )?(?:xem|kiem tra|hoii?|dem) lai\b|\b(?:se )?(?:bo sung|bao) (?:so|so lieu) sau\b"
    r"|\bthi phai\W*(?:a\W*|nhi\W*)?$|\b(?:khoang|tam|ang) chung\b|\b(?:neu )?(?:em |toi_? )?nho khong (?:nham|lam)\b|\bso lieu (?:chua|tam)\b"
)
_NO_QUORUM = re.compile(
    r"\bkhong biet (?:co )?(?:duoc )?(?:tinh_?|goi|coi)\b|\bkhong (?:duu?|dat) (?:tuc so|so luong|so (?:dang vien|nguoi)|thanh phan|2/3)\b"
)
_ONWARDS = re.compile(
    r"\b(?:hop|sinh hoat)(?: chi bo)? (?P<onwards>sang) (?:ngay|thu|mung|mong|chu nhat|tuan|thang|hom|\d)"
)
_LEFT_OPEN = re.compile(
    r"\bthoi_?\W+(?:\w+ ){0,2}?(?:de|cho)\b.{0,20}\b(?:hoii?|xem|kiem tra|bao|tinh_?)\b"
    r"|\bde (?:em|toi_?|minh|tui|chau) (?:\w+ ){0,2}?(?:hoii?|kiem tra|xem) (?:lai )?.{0,15}\b(?:da|roi)\W*(?:(?:bao|tra loi|a|nhe)\b.*)?$"
)


def leave_issues(text: str, absent: int | None) -> Iterator[Issue]:
    """Yield the doubt about those with leave and those without where they are not all the absent."""
    told = [match for pattern in _PARTS for match in pattern.finditer(text)]
    sums = {int(match["a"]) + int(match["b"]) for match in told}
    if absent is not None and sums and absent not in sums:
        yield Issue("sum_mismatch", told[0].group(), (str(absent), str(min(sums))))


def missed_issues(text: str) -> Iterator[Issue]:
    """Yield the doubt about somebody on leave although everybody is said to have come."""
    told = _MISSED.search(text)
    if told:
        yield Issue("sum_mismatch", told.group(), ("0", told["n"]))


def range_issues(text: str) -> Iterator[Issue]:
    """Yield the doubt about "15-17/20" and "2,3 đồng chí": one number or another."""
    for pattern, most in zip(_RANGES, (_MOST_APART, 1), strict=True):
        for told in pattern.finditer(text):
            if 0 < int(told["b"]) - int(told["a"]) <= most:
                yield Issue("vague_number", told.group(), (told["a"], told["b"]))


def share_issues(text: str) -> Iterator[Issue]:
    """Yield the doubt about a percentage that is not that of the figures beside it."""
    told = next((told for pattern in _SHARE if (told := pattern.search(text))), None)
    if told and text.count("%") == 1 and int(told["b"]):
        share = float(told["share"].replace(",", "."))
        if abs(100 * int(told["a"]) / int(told["b"]) - share) > _ROUNDED:
            yield Issue("sum_mismatch", told.group(), (f"{told['a']}/{told['b']}", f"{told['share']}%"))


def hearsay_issues(text: str, intent: str) -> Iterator[Issue]:
    """Yield the doubt of a writer who reports what is not certain, or not settled, yet."""
    if intent in _TOLD_AS_DONE and (told := _HEARSAY.search(text)):
        yield Issue("vague_number", told.group())
    if intent == "meeting_held" and (told := _NO_QUORUM.search(text)):
        yield Issue("ambiguous_intent", told.group(), ("meeting_held", "meeting_not_held"))


def garbled_issues(line: Line) -> Iterator[Issue]:
    """Yield the doubt about raw keystrokes that no table mends, "to6nng3": the word beside a figure may be lost."""
    for before, figure, after in zip(line.tokens, line.tokens[1:], line.tokens[2:], strict=False):
        glued = not figure.spaced and not after.spaced and before.norm.isalpha() and figure.norm.isdigit()
        if glued and len(after.norm) > 2 and after.norm.isalpha() and not is_syllable(after.norm):
            yield Issue("unclear_number", line.typed[before.start : after.end])


def moved_issues(line: Line, slots: Slots) -> Iterator[Issue]:
    """Yield the doubt about "họp sang thứ 7" in a line with a verb nobody knew: "sang" moves, "sáng" is the morning."""
    told = _ONWARDS.search(line.text)
    if told is None or slots.present is not None or slots.total is not None:
        return
    word = line.tokens[line.owners[told.start("onwards")]].raw
    if word == "sang" or not line.marked:
        yield Issue("ambiguous_intent", line.verbatim(*told.span()), ("meeting_held", "meeting_postponed"))


def taken_back(text: str) -> bool:
    """Tell whether the writer breaks off: "hoãn... à thôi để em hỏi lại đã"."""
    return _LEFT_OPEN.search(text) is not None
