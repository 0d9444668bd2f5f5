"""The rule values as a value of its own: what pure code reads instead of the table. Pure."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from types import MappingProxyType

from models import working_days
from models.rule_units import check_value, read_days_of_quarters, read_list, read_time, read_yes
from models.sending_hours import SendingHours
from models.working_days import Calendar

SEED = Path(__file__).parent / "data" / "rule_values.csv"
PAUSE = "rule."  # the codes that pause and resume a rule
CALENDAR = "calendar."  # calendar.2026-01-02: what an administrator decided about a day


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value with its days, the last one None where it still counts."""

    value: str
    unit: str
    valid_from: date
    valid_to: date | None
    legal_ref: str = ""

    def on(self, day: date) -> bool:
        """Return whether it counts on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every rule value there is, by code, the newest first: what pure code is given instead of the table."""

    values: Mapping[str, tuple[DatedValue, ...]]

    def row(self, code: str, day: date) -> DatedValue:
        """Return the row in force on a day. Raises LookupError naming the code and the day."""
        for row in self.values.get(code, ()):
            if row.on(day):
                return row
        raise LookupError(f"no value of rule {code!r} on {day}")

    def text(self, code: str, day: date) -> str:
        """Return the value on a day as written. Raises LookupError."""
        return self.row(code, day).value

    def number(self, code: str, day: date) -> int:
        """Return the value on a day as a whole number. Raises LookupError or ValueError."""
        return int(self.text(code, day))

    def numbers(self, code: str, day: date) -> tuple[int, ...]:
        """Return the value on a day as whole numbers. Raises LookupError or ValueError."""
        return read_list(self.text(code, day))

    def days_of_quarters(self, code: str, day: date) -> tuple[tuple[int, int], ...]:
        """Return the value on a day as (day, month) for each quarter. Raises LookupError or ValueError."""
        return read_days_of_quarters(self.text(code, day))

    def time(self, code: str, day: date) -> time:
        """Return the value on a day as a local time. Raises LookupError or ValueError."""
        return read_time(self.text(code, day))

    def yes(self, code: str, day: date) -> bool:
        """Return whether the value on a day is yes. Raises LookupError."""
        return read_yes(self.text(code, day))

    def words(self, code: str, day: date) -> tuple[str, ...]:
        """Return the value on a day as words; none where there is no value."""
        return tuple(self.text(code, day).split()) if code in self.values else ()

    def calendar(self) -> Calendar:
        """Return the working days, with what an administrator decided."""
        marks = {code.removeprefix(CALENDAR): rows[0].value for code, rows in self.values.items() if CALENDAR in code}
        return _calendar(tuple(sorted(marks.items())))

    def sending_hours(self, day: date) -> SendingHours:
        """Return when unasked messages may go out, by the values in force on a day."""
        return SendingHours(self.time("remind.quiet_from", day), self.time("remind.quiet_to", day), self.calendar())

    def changed(self, changes: Mapping[str, str], since: date) -> "RuleBook":
        """Return the book as it would be with other values from a day on. Raises LookupError or ValueError."""
        values = dict(self.values)
        for code, value in changes.items():
            old = self.row(code, since)
            new = DatedValue(check_value(old.unit, value), old.unit, since, None, old.legal_ref)
            values[code] = (new, *self.values[code])
        return RuleBook(MappingProxyType(values))


@cache
def _calendar(marks: tuple[tuple[str, str], ...]) -> Calendar:
    return working_days.build(dict(marks))


def book_of(rows: Iterable[tuple[str, DatedValue]]) -> RuleBook:
    """Return values by code as a book; of two from the same day the later given counts."""
    values: dict[str, list[DatedValue]] = {}
    for code, dated in rows:
        values.setdefault(code, []).insert(0, dated)
    newest_first = {
        code: tuple(sorted(found, key=lambda one: one.valid_from, reverse=True)) for code, found in values.items()
    }
    return RuleBook(MappingProxyType(newest_first))


def delivered() -> list[tuple[str, DatedValue]]:
    """Return the values that come with the program, by code. Raises ValueError naming the culprit."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        return [_delivered(row) for row in csv.DictReader(lines)]


def _delivered(row: Mapping[str, str]) -> tuple[str, DatedValue]:
    try:
        value = check_value(row["unit"], row["value"])
    except ValueError as error:
        raise ValueError(f"rule value {row['code']}: {error}") from error
    since = date.fromisoformat(row["valid_from"])
    return row["code"], DatedValue(value, row["unit"], since, None, row["legal_ref"])


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A coming moment: which step of which rule, and for how many obligations."""

    at: datetime
    rule_id: str
    step_id: str
    count: int
