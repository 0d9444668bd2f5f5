"""What a short line says further of a meeting: who was excused, how it was held, its topic, whether it was posted.

Pure. A line counts only when every word of it is understood: what it says besides is never dropped in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from handlers._reading.excuses import read_leave
from models.forms.base import Answers
from models.forms.meeting_answers import absent
from models.vietnamese.folding import fold
from models.vietnamese.lexicon import Lexicon
from models.vietnamese.lines import Line, normal_line

_SO_TAY = r"so tay(?: dang vien)?(?: dien tu)?"
_PUT = r"(?:dang|dua|cap nhat|up|post)(?: len| vao| tren)?"
_ON_APP = r"(?: (?:app|ung dung|phan mem))?"
_POSTED = re.compile(
    rf"\b(?:(?P<no>chua)|da)(?: duoc)? {_PUT}(?: len)?{_ON_APP}(?: {_SO_TAY})?(?: roi)?\b"
    rf"|\b{_PUT}{_ON_APP}(?: {_SO_TAY})? roi\b|\b{_SO_TAY} (?:(?P<not>chua)|da)(?: duoc)? {_PUT}(?: roi)?\b"
)
_FORMATS = (
    ("hybrid", re.compile(r"\btruc tiep (?:ket hop|va|cung)(?: voi)? (?:truc tuyen|online)\b")),
    ("online", re.compile(r"\b(?:truc tuyen|online)(?: qua \w+)?\b|\bqua (?:zoom|zalo|mang|google meet)\b")),
    ("in_person", re.compile(r"\btruc tiep\b")),
)
_TOPIC = re.compile(
    r"(?:\b(?:noi dung|chu de|sinh hoat|hop)\s+)*\b(?:sinh hoat )?chuyen de\b(?: (?:la|ve))?[\s:]*(?P<topic>.*)"
)
_TOPIC_END = re.compile(r"(?:[\s.,!]|\b(?:nhe|nha|a)\b)+$")
_EXTRAORDINARY = re.compile(r"\b(?:dot xuat|bat thuong)\b")
_MEMBERS = re.compile(
    r"\bchinh thuc\W+(?:la )?(?P<a>\d+)\D{1,20}?du bi\W+(?:la )?(?P<b>\d+)(?:\D{1,30}?mien\W+(?P<c>\d+))?"
    r"|(?P<d>\d+)(?: dong chi| dang vien)* chinh thuc\W+(?:va )?(?P<e>\d+)(?: dong chi| dang vien)* du bi"
    r"(?:\W+(?:va )?(?P<f>\d+)(?: dong chi| dang vien)*(?: duoc)? mien)?"
)
_DAY_LEAD = re.compile(r"^(?:(?:a|chi bo|se|hop|hoan|doi|chuyen|lui|sang|den|vao|lai|la)\s+)+")
_DAY_TAIL = re.compile(r"(?:\s+(?:nhe|nha|a|hop|moi hop))+[\s.!]*$")
# What people say around it without saying anything more.
_FILLING = """
    a u ah uh oi da vang nhe nha quen bo sung them bao cao noi toi em minh chi cuoc buoi hop sinh hoat nay hom la
    thi con trong do xin thua dong roi duoc cho voi va nua thieu ghi vua deu het ca so tat cung hinh thuc nhan day kinh
    ra luon nham sua lai loi dinh chinh moi dung
"""


@dataclass(slots=True)
class Added:
    """What a line adds: answers of the meeting's form, and how many it calls absent."""

    answers: dict[str, Any] = field(default_factory=dict)
    absent: int | None = None


def read(typed: str, answers: Answers, lexicon: Lexicon) -> Added | None:
    """Return what a line adds to a meeting with these answers; None when it says anything else, or asks."""
    line = normal_line(typed, lexicon)
    if "?" in typed or re.search(r"\bchua\W*$", line.text):
        return None
    added = Added()
    rest = line.text
    for reader in (_topic, _members, _absence, _posted, _way):
        rest = reader(line, rest, answers, added)
    understood = {word.partition("_")[0] for word in re.findall(r"\w+", rest)} <= set(_FILLING.split())
    return added if understood and (added.answers or added.absent is not None) else None


def posted(typed: str) -> bool | None:
    """Return whether a line says that the meeting is posted to the official app, None where it does not say."""
    text = " ".join(fold(typed).split())
    said = next((found for found in _POSTED.finditer(text) if "so tay" in found.group()), None)
    if said is None or "?" in typed or re.match(r"\W*chua\b", text[said.end() :]):
        return None
    return not (said["no"] or said["not"])


def day_said(typed: str) -> str:
    """Return what a line like "họp lại vào ngày 8/1 nhé" says of the day, folded."""
    return _DAY_TAIL.sub("", _DAY_LEAD.sub("", " ".join(fold(typed).split())))


def _without(text: str, *found: re.Match[str]) -> str:
    for match in found:
        text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text


def _topic(line: Line, text: str, _answers: Answers, added: Added) -> str:
    found = _TOPIC.search(text)
    if not found:
        return text
    added.answers["kind"] = "thematic"
    end = found.start("topic") + len(_TOPIC_END.sub("", found["topic"]))
    if end > found.start("topic"):
        added.answers["topic"] = line.verbatim(found.start("topic"), end)
    return text[: found.start()]


def _members(_line: Line, text: str, _answers: Answers, added: Added) -> str:
    found = _MEMBERS.search(text)
    if not found:
        return text
    numbers = (found["a"] or found["d"], found["b"] or found["e"], found["c"] or found["f"] or "0")
    added.answers |= dict(zip(("official", "probationary", "exempt"), map(int, numbers), strict=True))
    return _without(text, found)


def _absence(_line: Line, text: str, answers: Answers, added: Added) -> str:
    leave = read_leave(text, absent(answers))
    if leave is None:
        return text
    added.absent = leave.absent
    if leave.excused is not None:
        added.answers["absent_excused"] = leave.excused
    for start, end in leave.spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _posted(_line: Line, text: str, _answers: Answers, added: Added) -> str:
    found = _POSTED.search(text)
    if not found:
        return text
    added.answers["posted"] = not (found["no"] or found["not"])
    return _without(text, found)


def _way(_line: Line, text: str, _answers: Answers, added: Added) -> str:
    way = next(_ways(text), None)
    if way:
        added.answers["format"] = way[0]
        text = _without(text, way[1])
    sudden = _EXTRAORDINARY.search(text)
    if sudden:
        added.answers["kind"] = "extraordinary"
        text = _without(text, sudden)
    return text


def _ways(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for way, pattern in _FORMATS:
        found = pattern.search(text)
        if found:
            yield way, found
