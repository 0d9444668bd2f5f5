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


def taken_back(text: str) -> bool:
    """Tell whether the writer breaks off: "hoãn... à thôi để em hỏi lại đã"."""
    return _LEFT_OPEN.search(text) is not None
