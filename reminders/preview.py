"""What a change of rule values would do: the next moments of all that is open, before anybody decides."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlmodel import Session

from models import rules, terms
from models.clock import local_date
from models.obligations import Obligation
from models.periods import parse_period
from models.rule_book import RuleBook, Upcoming
from models.units import Unit
from reminders.facts import LOOK_BACK
from reminders.rule import Owed
from reminders.rules import RULES
from reminders.schedule import upcoming

_OBLIGATIONS: Table = Obligation.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # likewise
SHOWN = 6


def preview(
    session: Session, changes: Mapping[str, str], since: date, now: datetime, limit: int = SHOWN
) -> tuple[Upcoming, ...]:
    """Return the next moments if rule values were changed from a day on. Raises LookupError or ValueError.

    Meetings their secretary postponed stay where they were put; everything else follows the changed values.
    """
    book = rules.book(session)
    changed = book.changed(changes, since) if changes else book
    return upcoming(RULES, _open(session, changed, now), changed, now, limit)


def _open(session: Session, book: RuleBook, now: datetime) -> Iterator[tuple[Owed, int]]:
    names = ("what", "period", "opens_on", "planned_on", "due_on", "moved")
    columns = [*(_OBLIGATIONS.c[name] for name in names), _UNITS.c.meeting_day]
    rows = session.execute(
        select(*columns, func.count())
        .join(_UNITS, _UNITS.c.id == _OBLIGATIONS.c.unit_id)
        .where(_OBLIGATIONS.c.status == "open", _OBLIGATIONS.c.due_on >= local_date(now) - LOOK_BACK)
        .group_by(*columns)
    ).all()
    for row in rows:
        yield _owed(row, book, now), row[-1]


def _owed(row: Any, book: RuleBook, now: datetime) -> Owed:
    what, period, opens_on, planned_on, due_on, moved, meeting_day, _ = row
    if not moved and what in terms.KEPT:
        found = terms.term(book, what, parse_period(period), meeting_day)
        opens_on, planned_on, due_on = found.opens_on, found.planned_on, found.due_on
    return Owed(0, 0, what, period, opens_on, planned_on, due_on, now)
