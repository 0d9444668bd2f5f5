"""How the values of rules are written, by their unit, and what is refused. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time

ROLES = ("secretary", "deputy", "assigned", "officer", "inspector", "viewer", "admin")
CASE_DATES = ("resolution", "proposal", "decision", "ceremony")
SPELLINGS = ("ủy", "uỷ")
DAY_KINDS = ("off", "work", "tet")
_TIME = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)?")
LARGEST = 1000
_COMMON_YEAR = 2023  # the 29th of February is no day of every year


def read_list(value: str) -> tuple[int, ...]:
    """Return the whole numbers of "7 2" or "7, 2". Raises ValueError."""
    return tuple(int(part) for part in value.replace(",", " ").split())


def read_time(value: str) -> time:
    """Return the time of "08:00", "8h30" or "8h". Raises ValueError."""
    found = _TIME.fullmatch(value.strip())
    if not found:
        raise ValueError(f"not a time: {value!r}")
    return time(int(found[1]), int(found[2] or 0))


def read_days_of_quarters(value: str) -> tuple[tuple[int, int], ...]:
    """Return (day, month) for each quarter of "3/2 19/5 2/9 7/11". Raises ValueError."""
    days = tuple((int(day), int(month)) for day, _, month in (part.partition("/") for part in value.split()))
    quarters = [(date(_COMMON_YEAR, month, day).month + 2) // 3 for day, month in days]
    if quarters != [1, 2, 3, 4]:
        raise ValueError(f"not one day in each quarter: {value!r}")
    return days


def read_yes(value: str) -> bool:
    """Return whether a value means yes."""
    return value == "yes"


def check_value(unit: str, value: str) -> str:
    """Return a value as it is stored. Raises ValueError saying what is wrong; an unknown unit is wrong too."""
    if unit not in _CHECKS:
        raise ValueError(f"unknown unit {unit!r}")
    return _CHECKS[unit](value.strip())


def _whole(least: int, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"not a whole number from {least} to {most}: {value!r}")
        return str(int(value))

    return check


def _list(value: str) -> str:
    parts = value.replace(",", " ").split()
    if not all(part.isdecimal() and int(part) <= LARGEST for part in parts):
        raise ValueError(f"not a list of whole numbers: {value!r}")
    return " ".join(str(int(part)) for part in dict.fromkeys(parts))


def _time(value: str) -> str:
    return read_time(value).strftime("%H:%M")


def _days_of_quarters(value: str) -> str:
    return " ".join(f"{day}/{month}" for day, month in read_days_of_quarters(value.replace(",", " ")))


def _one_of(*allowed: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"none of {', '.join(allowed)}: {value!r}")
        return value.lower()

    return check


def _roles(value: str) -> str:
    unknown = [role for role in value.split() if role not in ROLES]
    if unknown:
        raise ValueError(f"unknown role {unknown[0]!r}")
    return " ".join(value.split())


def _words(value: str) -> str:
    if not value or len(value) > 100:
        raise ValueError(f"not some words: {value!r}")
    return value


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "day of month": _whole(1, 31),
    "days": _whole(0, LARGEST),
    "messages": _whole(1, LARGEST),
    "percent": _whole(1, 100),
    "minutes": _whole(0, 24 * 60),
    "list of days": _list,
    "day of each quarter": _days_of_quarters,
    "time": _time,
    "yes/no": _one_of("yes", "no"),
    "list of roles": _roles,
    "day": _one_of(*DAY_KINDS),
    "months": _whole(1, LARGEST),
    "case date": _one_of(*CASE_DATES),
    "spelling": _one_of(*SPELLINGS),
    "words": _words,
}
