"""The meetings of a subtree month by month: who owed one, who held one, and how many attended; two statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, or_, select
from sqlmodel import Session, col

from models.database import among
from models.duties import MEETING
from models.figure_frame import Frame
from models.obligations import DONE, Obligation
from models.packed import packed, unpacked
from models.periods import parse_period
from models.submissions import CURRENT, Submission
from models.units import Unit, UnitPause

_DUTIES: Table = Obligation.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_REPORTS: Table = Submission.__table__  # type: ignore[attr-defined]  # likewise
NOT_OWED = ("cancelled", "excused")


@dataclass(slots=True)
class Month:
    """One month, its units by what they owed and held; `span` is the quarter (in a month's figures: the month).

    here: who stood in the subtree. owed, done, regular, thematic: wherever they stood, for a unit that moved has
    months that are not here. attended: unit, present and required of every meeting held by those here; online: whose
    of them were held online.
    """

    name: str
    span: str
    here: AbstractSet[int]
    owed: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    regular: set[int] = field(default_factory=set)
    thematic: set[int] = field(default_factory=set)
    attended: list[tuple[int, int, int]] = field(default_factory=list)
    online: list[int] = field(default_factory=list)

    @property
    def expected(self) -> set[int]:
        """Who owed the meeting and stood here."""
        return self.owed & self.here

    @property
    def missing(self) -> set[int]:
        """Who of them has not reported."""
        return self.expected - self.done


def load(session: Session, frame: Frame) -> list[Month]:
    """Return the months of a frame in order."""
    months = {name: Month(name, frame.spans[name], here) for name, here in frame.places.items()}
    _add_duties(session, frame, months)
    _add_meetings(session, frame, months)
    return list(months.values())


# Duties -----------------------------------------------------------------------------------------------------------


def _add_duties(session: Session, frame: Frame, months: dict[str, Month]) -> None:
    columns = (_DUTIES.c.period, _DUTIES.c.status)
    query = select(*columns, packed(_DUTIES.c.unit_id)).where(*_of_meetings(frame, frame.everyone)).group_by(*columns)
    found: dict[str, dict[str, AbstractSet[int]]] = {name: {} for name in months}
    for month, status, ids in session.execute(query):
        found[month][status] = frame.everyone & set(*unpacked(ids))
    absent = _absent(session, frame)
    for name, month in months.items():
        month.done = _united(ids for status, ids in found[name].items() if status in DONE)
        waiting = _united(ids for status, ids in found[name].items() if status not in (*DONE, *NOT_OWED))
        month.owed = month.done | (waiting - absent[name])
        if name in frame.frozen:
            month.owed = frame.frozen[name].owing(_united(found[name].values()), month.owed)


def _united(parts: Iterable[AbstractSet[int]]) -> set[int]:
    return set().union(*parts)


def _of_meetings(frame: Frame, unit_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        _DUTIES.c.what == MEETING,
        _DUTIES.c.period.in_(frame.months),
        among(_DUTIES.c.unit_id, unit_ids),
    )


def _absent(session: Session, frame: Frame) -> dict[str, set[int]]:
    """Return by month who does not exist, or is paused, on the day its meeting was planned: it is not owed."""
    found: dict[str, set[int]] = defaultdict(set)
    away = _days_away(session, frame)
    if not away:
        return found
    columns = (_DUTIES.c.period, _DUTIES.c.unit_id, _DUTIES.c.planned_on)
    rows = session.execute(select(*columns).where(*_of_meetings(frame, away)))
    for month, unit_id, planned_on in rows:
        day = planned_on or parse_period(month).first
        if any(since <= day <= until for since, until in away.get(unit_id, ())):
            found[month].add(unit_id)
    return found


def _days_away(session: Session, frame: Frame) -> dict[int, list[tuple[date, date]]]:
    """Return by unit the days before it was founded, after it was dissolved, and on which it is paused."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    lives = select(col(Unit.id), col(Unit.valid_from), col(Unit.valid_to)).where(
        or_(col(Unit.valid_from) > frame.first, col(Unit.valid_to) < frame.last)
    )
    for unit_id, begins, ends in session.execute(lives):
        if begins > frame.first:
            found[unit_id].append((date.min, begins - timedelta(days=1)))
        if ends < frame.last:
            found[unit_id].append((ends + timedelta(days=1), date.max))
    pauses = select(col(UnitPause.unit_id), col(UnitPause.paused_from), col(UnitPause.paused_to)).where(
        col(UnitPause.paused_from) <= frame.last, col(UnitPause.paused_to) >= frame.first
    )
    for unit_id, since, until in session.execute(pauses):
        found[unit_id].append((since, until))
    return found


# Meetings ---------------------------------------------------------------------------------------------------------


def _add_meetings(session: Session, frame: Frame, months: dict[str, Month]) -> None:
    for name, regular, other, thematic, online in session.execute(_held(frame)):
        month, here = months[name], frame.places[name]
        of_regular, of_other = unpacked(regular, 3), unpacked(other, 3)
        month.regular, month.thematic = set(of_regular[0]), set(*unpacked(thematic))
        month.online = [unit_id for unit_id in unpacked(online)[0] if unit_id in here]
        rows = chain(zip(*of_regular, strict=True), zip(*of_other, strict=True))
        month.attended = [row for row in rows if row[0] in here]


def _held(frame: Frame) -> Select[tuple[Any, ...]]:
    """Return the query of the meetings that took place, as they were last reported; a row a month."""
    columns, answers = _REPORTS.c, _REPORTS.c.answers
    attended = packed(columns.unit_id, answers["present"].as_integer(), answers["total"].as_integer())
    return (
        select(
            columns.period,
            attended.filter(columns.kind == "regular"),
            attended.filter(columns.kind != "regular"),
            packed(columns.unit_id).filter(columns.kind == "thematic"),
            packed(columns.unit_id).filter(answers["format"].as_string() == "online"),
        )
        .where(
            columns.form_id == MEETING,
            columns.state.in_(CURRENT),
            columns.period.in_(frame.months),
            answers["outcome"].as_string() == "held",
            answers["held_on"].as_string() <= frame.cutoff.isoformat(),
            among(columns.unit_id, frame.everyone),
        )
        .group_by(columns.period)
    )
