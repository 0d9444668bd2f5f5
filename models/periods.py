"""Reporting periods, written 2022-03, 2022-Q1, 2022-H1, 2022-9M and 2022."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_PATTERN = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<nine>9M)))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A run of whole months of one year: `first_month` 1 to 12 and `length` 1, 3, 6, 9 or 12 months."""

    year: int
    first_month: int
    length: int

    def __str__(self) -> str:
        match self.length:
            case 1:
                return f"{self.year}-{self.first_month:02d}"
            case 3:
                return f"{self.year}-Q{(self.first_month + 2) // 3}"
            case 6:
                return f"{self.year}-H{1 if self.first_month == 1 else 2}"
            case 9:
                return f"{self.year}-9M"
        return str(self.year)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.first_month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        month = self.first_month + self.length - 1
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def months(self) -> tuple["Period", ...]:
        """The months it is made of."""
        return tuple(Period(self.year, self.first_month + n, 1) for n in range(self.length))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def year_before(self) -> "Period":
        """Return the same period of the year before."""
        return Period(self.year - 1, self.first_month, self.length)

    def day(self, number: int) -> date:
        """Return day `number` of the first month, clamped to the month's last day, never skipped."""
        return date(self.year, self.first_month, min(number, monthrange(self.year, self.first_month)[1]))


def parse_period(text: str) -> Period:
    """Return the period written as `text`. Raises ValueError naming what was written."""
    found = _PATTERN.fullmatch(text.strip())
    if not found or not 1900 <= int(found["year"]) <= 9998:
        raise ValueError(f"not a period: {text!r} (2022-03, 2022-Q1, 2022-H1, 2022-9M or 2022)")
    year = int(found["year"])
    if found["month"]:
        if not 1 <= int(found["month"]) <= 12:
            raise ValueError(f"not a month: {text!r}")
        return Period(year, int(found["month"]), 1)
    if found["quarter"]:
        return Period(year, 3 * int(found["quarter"]) - 2, 3)
    if found["half"]:
        return Period(year, 6 * int(found["half"]) - 5, 6)
    return Period(year, 1, 9 if found["nine"] else 12)


def month_of(day: date) -> Period:
    """Return the month a day lies in."""
    return Period(day.year, day.month, 1)


def quarter_of(day: date) -> Period:
    """Return the quarter a day lies in."""
    return Period(day.year, day.month - (day.month - 1) % 3, 3)


def quarter_after(quarter: Period) -> Period:
    """Return the quarter after `quarter`."""
    return quarter_of(quarter.last + timedelta(days=1))


def quarter_before(quarter: Period) -> Period:
    """Return the quarter before `quarter`."""
    return quarter_of(quarter.first - timedelta(days=1))


def next_month(month: Period) -> Period:
    """Return the month after `month`."""
    return Period(month.year + month.first_month // 12, month.first_month % 12 + 1, 1)


def previous_month(month: Period) -> Period:
    """Return the month before `month`."""
    return Period(month.year - (month.first_month == 1), (month.first_month - 2) % 12 + 1, 1)
