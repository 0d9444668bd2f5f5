# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Doubts that hold whatever a line is about: what it says twice, takes back or leaves open."""

import re
from collections.abc import Iterator

from handlers._reading.attendance_words import NOUN
from handlers._reading.result import Issue

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
_RANGE = re.compile(
    rf"(?<![\w/.,])(?P<a>\d{{1,2}})(?:\s*(?:-|\bhoac|\bhay)\s*|,)(?P<b>\d{{1,2}})(?=\s*(?:/|tren\b)|{NOUN}|\s*quan chung\b)"
)
_TOLD_AS_DONE = frozenset(
    ("meeting_held", "admission", "official_transfer", "member_transfer_in", "member_transfer_out")
)
_HEARSAY = re.compile(
    r"\b(?:nghe noi|nghe bao|chua (?:dem|chot|chac|ro|biet|nam duoc)|khong (?:ro|nho|chac)|hinh nhu|tam_? tinh_?|dem lai (?:da|sau|roi)|xem lai (?:da|sau)|dang le|le ra|gi do|gi day)\b"
    r"|\bde (?:em|toi_?|minh|tui|chau) (?:\w+ )?(?:xem|kiem tra|hoii?|dem) lai\b|\b(?:se )?(?:bo sung|bao) (?:so|so lieu) sau\b"
)
_NO_QUORUM = re.compile(r"\bkhong (?:duu?|dat) (?:tuc so|so luong|so (?:dang vien|nguoi)|thanh phan|2/3)\b")
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
    """Yield the doubt about "18-19/20" and "2,3 đồng chí": one number or the next."""
    for told in _RANGE.finditer(text):
        if int(told["b"]) == int(told["a"]) + 1:
            yield Issue("vague_number", told.group(), (told["a"], told["b"]))


def hearsay_issues(text: str, intent: str) -> Iterator[Issue]:
    """Yield the doubt of a writer who reports what is not certain, or not settled, yet."""
    if intent in _TOLD_AS_DONE and (told := _HEARSAY.search(text)):
        yield Issue("vague_number", told.group())
    if intent == "meeting_held" and (told := _NO_QUORUM.search(text)):
        yield Issue("ambiguous_intent", told.group(), ("meeting_held", "meeting_not_held"))


def taken_back(text: str) -> bool:
    """Tell whether the writer breaks off: "hoãn... à thôi để em hỏi lại đã"."""
    return _LEFT_OPEN.search(text) is not None
