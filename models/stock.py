"""The members units are expected to have on a day: what each last stated, plus what happened since; many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, or_, select, true

from models.database import new_id
from models.forms.base import Stock
from models.forms.events import dates_for_each
from models.forms.movement import EVENTS as MOVEMENTS
from models.periods import month_of
from models.submissions import CURRENT, Submission
from models.units import Membership

_TABLE: Table = Membership.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
FORMS = ("admission", "movement")
FEW = 500  # a longer list of ids costs more in the query than reading all rows and choosing among them


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
    stated = _last_stated(session, day, unit_ids, without)
    if not stated:
        return {}
    earliest = min(row.on for row in stated.values())
    events = events_since(session, earliest, day, unit_ids, without)
    return {unit_id: expected(row, events.get(unit_id, ()), day) for unit_id, row in stated.items()}


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
    dates = [date.fromisoformat(text) for text in dates_for_each(event.answers)]
    # An event of the very day the stock was stated counts when it was reported after it.
    later = event.submission_id > stated.submission_id
    counted = sum(1 for on in dates if on <= day and (on > stated.on or (on == stated.on and later)))
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


def narrowed(column: Any, unit_ids: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition that keeps a query to some units where they are few; the caller chooses among the rest."""
    return true() if unit_ids is None or len(unit_ids) > FEW else col(column).in_(list(unit_ids))


def _last_stated(
    session: Session, day: date, unit_ids: Collection[int] | None, without: int | None
) -> dict[int, Stated]:
    last_first = (col(Membership.on).desc(), col(Membership.id).desc())
    place = func.row_number().over(partition_by=col(Membership.unit_id), order_by=last_first)
    ranked = (
        select(col(Membership.id), place.label("place"))
        .where(
            Membership.on <= day,
            narrowed(Membership.unit_id, unit_ids),
            or_(col(Membership.submission_id).is_(None), Membership.submission_id != (without or 0)),
        )
        .subquery()
    )
    last = select(ranked.c.id).where(ranked.c.place == 1)
    columns = (_TABLE.c[name] for name in ("unit_id", "on", "official", "probationary", "exempt", "submission_id"))
    rows = session.execute(sql_select(*columns).where(_TABLE.c.id.in_(last)))
    return {
        unit_id: Stated(on, official, probationary, exempt, submission_id or 0)
        for unit_id, on, official, probationary, exempt, submission_id in rows
        if unit_ids is None or unit_id in unit_ids
    }


def events_since(
    session: Session, since: date, until: date, unit_ids: Collection[int] | None, without: int | None = None
) -> dict[int, list[Event]]:
    """Return by unit the reports of admission and movement in the months between two days."""
    # Months are compared as text: 2022-03 stands before 2022-10.
    rows = session.exec(
        select(col(Submission.id), Submission.unit_id, Submission.answers).where(
            col(Submission.form_id).in_(FORMS),
            col(Submission.state).in_(CURRENT),
            col(Submission.period).between(str(month_of(since)), str(month_of(until))),
            narrowed(Submission.unit_id, unit_ids),
        )
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for submission_id, unit_id, answers in rows:
        if submission_id != without:
            found[unit_id].append(Event(new_id(submission_id), answers))
    return found
