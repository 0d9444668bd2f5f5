"""The members units are expected to have on a day: what each last stated, plus what happened since; many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, bindparam, func, or_, select
from sqlmodel import Session

from models.database import Query, narrowed, plain_rows
from models.forms.base import Stock
from models.forms.events import dates_for_each
from models.forms.movement import EVENTS as MOVEMENTS
from models.periods import month_of
from models.submissions import CURRENT, Submission
from models.units import Membership, Unit

_TABLE: Table = Membership.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # likewise
_REPORTS: Table = Submission.__table__  # type: ignore[attr-defined]  # likewise
Last = Row[*tuple[Any, ...]]  # a unit's id, then the fields of Stated
FORMS = ("admission", "movement")


def _last_statements() -> Query:
    """Return the query of what each unit last stated up to a day, but for one report; it is built once."""
    earlier = _TABLE.alias()
    last = (  # one step in an index for every unit, however long its history
        select(earlier.c.id)
        .where(
            earlier.c.unit_id == _UNITS.c.id,
            earlier.c.on <= bindparam("day"),
            or_(earlier.c.submission_id.is_(None), earlier.c.submission_id != bindparam("without")),
        )
        .order_by(earlier.c.on.desc(), earlier.c.id.desc())
        .limit(1)
        .correlate(_UNITS)
        .scalar_subquery()
    )
    columns = (_TABLE.c[name] for name in ("unit_id", "on", "official", "probationary", "exempt"))
    stated = select(*columns, func.coalesce(_TABLE.c.submission_id, 0))
    return stated.select_from(_UNITS).join(_TABLE, _TABLE.c.id == last)


_LAST_STATED = _last_statements()
# Months are compared as text: 2022-03 stands before 2022-10.
_EVENTS = select(_REPORTS.c.unit_id, _REPORTS.c.id, _REPORTS.c.answers).where(
    _REPORTS.c.form_id.in_(FORMS),
    _REPORTS.c.state.in_(CURRENT),
    _REPORTS.c.period.between(bindparam("first"), bindparam("last")),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """The members a unit stated on a day, and by which report (0: an import)."""

    on: date
    official: int
    probationary: int
    exempt: int
    submission_id: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A report of admission or movement."""

    submission_id: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """What one event does to the members of a unit."""

    official: int
    probationary: int

    @property
    def members(self) -> int:
        """The change of the total."""
        return self.official + self.probationary


def stocks_on(
    session: Session, day: date, unit_ids: Collection[int] | None = None, without: int | None = None
) -> dict[int, Stock]:
    """Return by unit the members expected on a day; units that never stated any are absent.

    `without` leaves out the submission that is being corrected. Two queries, whatever the number of units.
    """
    rows = last_stated(session, day, unit_ids, without)
    if not rows:
        return {}
    events = events_since(session, min(row[1] for row in rows), day, unit_ids, without)
    return {row[0]: expected(Stated(*row[1:]), events.get(row[0], ()), day) for row in rows}


@dataclass(frozen=True, slots=True)
class Counts:
    """The members of many units, each number by unit."""

    official: dict[int, int]
    probationary: dict[int, int]
    exempt: dict[int, int]

    def required(self, unit_id: int) -> int:
        """Return how many must attend in one unit, 0 where nothing is known."""
        members = self.official.get(unit_id, 0) + self.probationary.get(unit_id, 0)
        return members - self.exempt.get(unit_id, 0)


def counts_on(day: date, rows: Iterable[Last], events: Mapping[int, Sequence[Event]]) -> Counts:
    """Return the numbers of `stocks_on`, for thousands of units: worked out only where something happened since.

    rows: what each stated last. events: at least those since then.
    """
    found = Counts({}, {}, {})
    for unit_id, on, official, probationary, exempt, submission_id in rows:
        if unit_id in events:
            moved = expected(Stated(on, official, probationary, exempt, submission_id), events[unit_id], day)
            official, probationary, exempt = moved.official, moved.probationary, moved.exempt  # noqa: PLW2901
        found.official[unit_id], found.probationary[unit_id] = official, probationary
        found.exempt[unit_id] = min(exempt, official + probationary)
    return found


def expected(stated: Stated, events: Iterable[Event], day: date) -> Stock:
    """Return the members that follow from what was stated and the events since, up to a day; pure."""
    moves = [move for event in events if (move := move_of(event, stated, day))]
    official = stated.official + sum(move.official for move in moves)
    probationary = stated.probationary + sum(move.probationary for move in moves)
    return Stock(
        official=official,
        probationary=probationary,
        exempt=min(stated.exempt, official + probationary),
        stated_on=stated.on,
        stated_total=stated.official + stated.probationary,
        came=sum(move.members for move in moves if move.members > 0),
        left=-sum(move.members for move in moves if move.members < 0),
    )


def move_of(event: Event, stated: Stated, day: date) -> Move | None:
    """Return what a report does to the members between the day they were stated and `day`, or None."""
    since, until = stated.on.isoformat(), day.isoformat()  # as text, dates stand in the order of time
    # An event of the very day the stock was stated counts when it was reported after it.
    later = event.submission_id > stated.submission_id
    dates = dates_for_each(event.answers)
    counted = sum(1 for on in dates if on <= until and (on > since or (on == since and later)))
    if not counted:
        return None
    name = event.answers["event"]
    if name == "ket_nap":
        return Move(0, counted)
    if name == "chinh_thuc":
        return Move(counted, -counted)
    sign = MOVEMENTS[name][1] if name in MOVEMENTS else 0
    probationary = min(int(event.answers.get("probationary", 0)), counted)
    return Move(sign * (counted - probationary), sign * probationary) if sign else None


def last_stated(
    session: Session, day: date, unit_ids: Collection[int] | None, without: int | None = None
) -> list[Last]:
    """Return what each unit stated last up to a day: its id, then the fields of `Stated`."""
    query = narrowed(_LAST_STATED, _UNITS.c.id, unit_ids)
    rows = plain_rows(session, query, day=day, without=without or 0)
    return [row for row in rows if unit_ids is None or row[0] in unit_ids]


def events_since(
    session: Session, since: date, until: date, unit_ids: Collection[int] | None, without: int | None = None
) -> dict[int, list[Event]]:
    """Return by unit the reports of admission and movement in the months between two days."""
    query = narrowed(_EVENTS, _REPORTS.c.unit_id, unit_ids)
    found: dict[int, list[Event]] = defaultdict(list)
    rows = plain_rows(session, query, first=str(month_of(since)), last=str(month_of(until)))
    for unit_id, submission_id, answers in rows:
        if submission_id != without:
            found[unit_id].append(Event(submission_id, answers))
    return found
