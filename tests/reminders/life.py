"""A committee's life in plain values, and the numbers it is reminded by: lived by the oracle and by the product."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# As announced by the government, day by day.
TET = {
    *(date(2022, 1, 31) + n * DAY for n in range(5)),
    *(date(2023, 1, 20) + n * DAY for n in range(7)),
    *(date(2024, 2, 8) + n * DAY for n in range(7)),
    *(date(2025, 1, 27) + n * DAY for n in range(6)),
    *(date(2026, 2, 16) + n * DAY for n in range(5)),
}


@dataclass
class Branch:
    """One branch. secretaries: (from when, who), the last one that began counts; the other posts never change."""

    name: str
    day: int
    secretaries: list[tuple[datetime, str]]
    deputy: str
    assigned: str
    founded: datetime | None = None
    dissolved: date | None = None  # its last day
    dissolved_known: datetime | None = None
    paused: list[tuple[date, date]] = field(default_factory=list)  # known from the beginning


@dataclass
class Life:
    """A committee's life: who reports what when, which meetings are moved, when the bot is down.

    reports: (branch, duty, period) to the moment. moves: (branch, period) to (when told, the new day).
    """

    begin: datetime
    end: datetime
    branches: list[Branch]
    reports: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    moves: dict[tuple[str, str], tuple[datetime, date]] = field(default_factory=dict)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)


@dataclass(frozen=True)
class Rules:
    """The numbers of the domain, as a committee may have changed them; hours of the day are full hours."""

    before: tuple[int, ...] = (7, 2)
    after: tuple[int, ...] = (1, 2)
    thematic: tuple[int, ...] = (1, 10, 20)
    figures: tuple[int, ...] = (7, 3, 1, 0)
    morning: int = 8
    evening: int = 20
    quiet: tuple[int, int] = (21, 7)
    cap: int = 3


Item = tuple[str, str, str, str, bool]  # branch, duty, period, step, late
Days = tuple[date | None, date]  # planned, due
Sent = tuple[datetime, str, frozenset[Item]]  # the local hour, whom, what


def clamp(year: int, month: int, day: int) -> date:
    """Day 31 of a month of 30 is its 30th."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def midnight(day: date, like: datetime) -> datetime:
    """The beginning of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=like.tzinfo)
