"""Periods as people type them after a command: "quý 1 2022", "6 tháng", "9 tháng 2022", "năm 2022", "tháng 3". Pure."""

import re
from datetime import date

from models.periods import Period, parse_period, quarter_of
from models.vietnamese.folding import fold

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:\s*(?:[/-]|nam)?\s*(?P<year>20\d\d))?"
_GRAMMAR = tuple(
    (kind, re.compile(rf"{words}{_YEAR}(?=$|[\s:.,;])"))
    for kind, words in (
        ("iso", r"(?P<iso>20\d\d-(?:\d\d|q[1-4]|h[12]|9m))"),
        ("quarter", r"(?:quy|q)\s*(?P<number>[1-4]|iv|i{1,3})"),
        ("half", r"6\s*(?:thang|th|t)(?:\s*(?P<half>dau|cuoi))?(?:\s*nam)?"),
        ("nine", r"9\s*(?:thang|th|t)(?:\s*dau)?(?:\s*nam)?"),
        ("month", r"(?:thang|th|t)\s*(?P<number>\d{1,2})"),
        ("bare_month", r"(?P<number>\d{1,2})\s*/"),
        ("year", r"(?:ca\s*)?nam"),
        ("bare_year", r"(?=20\d\d)"),
    )
)
_CLOSING_DAYS = 15  # so long after a quarter's end its report is what is worked on


def typed(words: str, today: date) -> tuple[Period, str] | None:
    """Return the period that begins a text, and what follows it; None where none does.

    Without a year it is the latest such period that has begun.
    """
    text = words.strip()
    folded = fold(text)
    for kind, pattern in _GRAMMAR:
        found = pattern.match(folded)
        period = _period(kind, found, today) if found else None
        if found and period:
            return period, text[found.end() :].lstrip(" :.,;–-")
    return None


def whole(words: str, today: date) -> Period | None:
    """Return the period that a text is and nothing else; a bare number is a month."""
    text = f"thang {words.strip()}" if words.strip().isdecimal() and len(words.strip()) <= 2 else words
    found = typed(text, today)
    return found[0] if found and not found[1] else None


def due(today: date) -> Period:
    """Return the quarter whose report is worked on: the last one for some days, then the one that runs."""
    now = quarter_of(today)
    before = quarter_of(date.fromordinal(now.first.toordinal() - 1))
    return before if (today - now.first).days < _CLOSING_DAYS else now


def _period(kind: str, found: re.Match[str], today: date) -> Period | None:
    named = found.groupdict()
    if kind == "iso":
        try:
            return parse_period(named["iso"].upper())
        except ValueError:
            return None
    year = int(named["year"]) if named["year"] else None
    if kind in ("bare_month", "bare_year") and year is None:
        return None
    shape = _shape(kind, named)
    if shape is None:
        return None
    period = Period(year or today.year, *shape)
    return Period(period.year - 1, *shape) if year is None and period.first > today else period


def _shape(kind: str, named: dict[str, str | None]) -> tuple[int, int] | None:
    """Return the first month and the length."""
    number = named.get("number") or "0"
    if kind == "quarter":
        return 3 * (_ROMAN.get(number) or int(number)) - 2, 3
    if kind in ("month", "bare_month"):
        return (int(number), 1) if 1 <= int(number) <= 12 else None
    return {"half": (7 if named.get("half") == "cuoi" else 1, 6), "nine": (1, 9)}.get(kind, (1, 12))
