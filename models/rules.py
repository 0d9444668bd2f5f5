"""Rule values: thresholds, offsets and dates that change several times a year, as dated rows, never constants."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlmodel import Field, Session, SQLModel, col, or_, select

from models import audit, working_days
from models.database import BigId
from models.rule_units import check_value, read_list, read_time, read_yes
from models.sending_hours import SendingHours
from models.working_days import Calendar

SEED = Path(__file__).parent / "data" / "rule_values.csv"
CALENDAR = "calendar."  # calendar.2026-01-02: what an administrator decided about a day
CALENDAR_UNIT = "day"


class RuleValue(SQLModel, table=True):
    """One value of one rule from one day to another (valid_to included, None: still), with its legal reference."""

    __tablename__ = "rule_value"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(index=True)
    value: str
    unit: str
    valid_from: date
    valid_to: date | None = None
    legal_ref: str = ""


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


def book_of(rows: Iterable[RuleValue]) -> RuleBook:
    """Return rows as a book."""
    values: dict[str, list[tuple[date, int, DatedValue]]] = {}
    for row in rows:
        dated = DatedValue(row.value, row.unit, row.valid_from, row.valid_to, row.legal_ref)
        values.setdefault(row.code, []).append((row.valid_from, row.id or 0, dated))
    newest_first = {
        code: tuple(dated for _, _, dated in sorted(found, key=lambda one: one[:2], reverse=True))
        for code, found in values.items()
    }
    return RuleBook(MappingProxyType(newest_first))


def book(session: Session) -> RuleBook:
    """Return every stored rule value."""
    return book_of(session.exec(select(RuleValue)))


def delivered() -> list[RuleValue]:
    """Return the values that come with the program, not stored. Raises ValueError naming the culprit."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        return [_delivered(row) for row in csv.DictReader(lines)]


def _delivered(row: Mapping[str, str]) -> RuleValue:
    try:
        value = check_value(row["unit"], row["value"])
    except ValueError as error:
        raise ValueError(f"rule value {row['code']}: {error}") from error
    since = date.fromisoformat(row["valid_from"])
    return RuleValue(code=row["code"], value=value, unit=row["unit"], valid_from=since, legal_ref=row["legal_ref"])


def seed(session: Session) -> None:
    """Add the delivered values whose code is not stored yet; what a committee changed stays."""
    stored = set(session.exec(select(RuleValue.code)))
    session.add_all(row for row in delivered() if row.code not in stored)
    session.flush()


def value_on(session: Session, code: str, day: date) -> str:
    """Return the value of a rule on a day. Raises LookupError naming the code and the day."""
    row = _row_on(session, code, day)
    if row is None:
        raise LookupError(f"no value of rule {code!r} on {day}")
    return row.value


def _row_on(session: Session, code: str, day: date) -> RuleValue | None:
    return session.exec(
        select(RuleValue)
        .where(
            RuleValue.code == code,
            RuleValue.valid_from <= day,
            or_(col(RuleValue.valid_to).is_(None), col(RuleValue.valid_to) >= day),
        )
        .order_by(col(RuleValue.valid_from).desc(), col(RuleValue.id).desc())
        .limit(1)
    ).one_or_none()


def number_on(session: Session, code: str, day: date) -> int:
    """Return a rule's value on a day as a whole number. Raises LookupError or ValueError."""
    return int(value_on(session, code, day))


def revise(session: Session, code: str, value: str, since: date, actor: str, now: datetime) -> RuleValue:
    """Give a rule another value from a day on; the old row ends the day before, nothing is overwritten.

    Raises LookupError for an unknown code and ValueError for a value that does not fit its unit.
    """
    old = _row_on(session, code, since)
    if old is None:
        raise LookupError(f"no value of rule {code!r} on {since}")
    new = RuleValue(
        code=code, value=check_value(old.unit, value), unit=old.unit, valid_from=since, legal_ref=old.legal_ref
    )
    if old.valid_from < since:
        old.valid_to, new.valid_to = since - timedelta(days=1), old.valid_to
    audit.record(
        session, now, actor, "rule.revise", subject=f"rule:{code}", old={"value": old.value},
        new={"value": new.value, "since": since.isoformat()},
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def mark_day(session: Session, day: date, kind: str, actor: str, now: datetime) -> None:
    """Decide that a day is off, worked, or one of Tết. Raises ValueError."""
    value = check_value(CALENDAR_UNIT, kind)
    code = f"{CALENDAR}{day.isoformat()}"
    session.add(RuleValue(code=code, value=value, unit=CALENDAR_UNIT, valid_from=date(2000, 1, 1)))
    audit.record(session, now, actor, "calendar.mark", subject=code, new={"value": value})
    session.flush()
