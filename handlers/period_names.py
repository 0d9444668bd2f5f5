"""How periods are named in answers, and read as people type them."""

import re

from models.messages import Say
from models.periods import Period, parse_period

_MONTH = re.compile(r"(?:t|tháng|thang)?\s*(\d{1,2})\s*[/-]\s*(\d{4})")
_QUARTER = re.compile(r"(?:q|quý|quy)\s*(\d|iv|i{1,3})\s*[/-]?\s*(\d{4})")
_ROMAN = ("I", "II", "III", "IV")


def period_say(period: str) -> Say:
    """Return a period's name as a sentence part."""
    found = parse_period(period)
    year, first = found.year, found.first_month
    match found.length:
        case 1:
            return Say("period.month", {"month": first, "year": year})
        case 3:
            return Say("period.quarter", {"quarter": _ROMAN[(first - 1) // 3], "year": year})
        case 6:
            return Say("period.first_half" if first == 1 else "period.second_half", {"year": year})
        case 9:
            return Say("period.nine_months", {"year": year})
    return Say("period.year", {"year": year})


def read_period(words: str) -> Period | None:
    """Return the period typed as 2022-03, 3/2022, tháng 3/2022, 2022-Q1, quý I/2022 or 2022; None for anything else."""
    text = words.strip().lower()
    if found := _MONTH.fullmatch(text):
        return Period(int(found[2]), int(found[1]), 1) if 1 <= int(found[1]) <= 12 else None
    if found := _QUARTER.fullmatch(text):
        number = int(found[1]) if found[1].isdecimal() else _ROMAN.index(found[1].upper()) + 1
        return Period(int(found[2]), 3 * number - 2, 3) if 1 <= number <= 4 else None
    try:
        return parse_period(text.upper())
    except ValueError:
        return None
