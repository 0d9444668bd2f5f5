"""Working days of Viet Nam: public holidays, days given in lieu, swapped working days, and the days of Tết. Pure.

The library `holidays` computes the Labour Code's holidays (article 112); decisions it does not know yet stand in
`data/holidays_override.csv`, and what an administrator adds overrides both.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

import holidays

OVERRIDES = Path(__file__).parent / "data" / "holidays_override.csv"
KINDS = ("off", "work", "tet")
_TET = "Lunar New Year"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked; `marks` are the decided exceptions by date: off, work (a swapped weekend day) or tet."""

    marks: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked."""
        mark = self.marks.get(day)
        if mark is not None:
            return mark == "work"
        year = _year(day.year)
        return day in year.worked or (day.weekday() < 5 and day not in year.off)

    def is_tet(self, day: date) -> bool:
        """Return whether a day is one of Tết, weekends between its first and last day included."""
        mark = self.marks.get(day)
        return mark == "tet" if mark is not None else day in _year(day.year).tet

    def next_working_day(self, day: date) -> date:
        """Return the day itself where it is worked, else the next one that is."""
        while not self.is_working(day):
            day += _DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """Return the day itself where it is worked, else the last one before it that was."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after a day (before it where negative); the day itself for 0."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day


@dataclass(frozen=True, slots=True)
class _Year:
    off: frozenset[date]
    worked: frozenset[date]
    tet: frozenset[date]


@cache
def _year(year: int) -> _Year:
    public = holidays.country_holidays("VN", years=year, language="en_US")
    tet = [day for day, name in public.items() if _TET in name]
    swapped = frozenset(day for day in public.weekend_workdays if day.year == year)
    return _Year(frozenset(public), swapped, _run_of_days(tet))


def _run_of_days(days: list[date]) -> frozenset[date]:
    if not days:
        return frozenset()
    first, last = min(days), max(days)
    return frozenset(first + n * _DAY for n in range((last - first).days + 1))


def delivered_marks() -> dict[date, str]:
    """Return the exceptions that come with the program. Raises ValueError naming the row."""
    with OVERRIDES.open(encoding="utf-8", newline="") as lines:
        return dict(_mark(row["date"], row["kind"]) for row in csv.DictReader(lines))


def _mark(day: str, kind: str) -> tuple[date, str]:
    if kind not in KINDS:
        raise ValueError(f"{day}: {kind!r} is none of {', '.join(KINDS)}")
    return date.fromisoformat(day), kind


def build(rows: Mapping[str, str] | None = None) -> Calendar:
    """Return the calendar with an administrator's rows (ISO date: kind) over the delivered. Raises ValueError."""
    added = dict(_mark(day, kind) for day, kind in (rows or {}).items())
    return Calendar(MappingProxyType({**delivered_marks(), **added}))
