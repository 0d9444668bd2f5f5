"""The meetings of a subtree month by month: who owed one, who held one, and how many attended; two statements."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import String, Table, bindparam, or_, select
from sqlmodel import Session

from models.database import Query, narrowed, plain_rows
from models.duties import MEETING
from models.figure_frame import Frame
from models.obligations import DONE, Obligation
from models.packed import packed, unpacked
from models.periods import parse_period
from models.submissions import CURRENT, Submission
from models.units import Unit, UnitPause

_DUTIES: Table = Obligation.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_REPORTS: Table = Submission.__table__  # type: ignore[attr-defined]  # likewise
_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # likewise
_PAUSES: Table = UnitPause.__table__  # type: ignore[attr-defined]  # likewise
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
    query = narrowed(_BY_STATUS, _DUTIES.c.unit_id, frame.everyone)
    found: dict[str, dict[str, AbstractSet[int]]] = {name: {} for name in months}
    for month, status, ids in plain_rows(session, query, months=frame.months):
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


def _absent(session: Session, frame: Frame) -> dict[str, set[int]]:
    """Return by month who does not exist, or is paused, on the day its meeting was planned: it is not owed."""
    found: dict[str, set[int]] = defaultdict(set)
    away = _days_away(session, frame)
    if not away:
        return found
    query = narrowed(_PLANNED, _DUTIES.c.unit_id, away)
    for month, unit_id, planned_on in plain_rows(session, query, months=frame.months):
        day = planned_on or parse_period(month).first
        if any(since <= day <= until for since, until in away.get(unit_id, ())):
            found[month].add(unit_id)
    return found


def _days_away(session: Session, frame: Frame) -> dict[int, list[tuple[date, date]]]:
    """Return by unit the days before it was founded, after it was dissolved, and on which it is paused."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for unit_id, begins, ends in plain_rows(session, _LIVES, first=frame.first, last=frame.last):
        if begins > frame.first:
            found[unit_id].append((date.min, begins - timedelta(days=1)))
        if ends < frame.last:
            found[unit_id].append((ends + timedelta(days=1), date.max))
    for unit_id, since, until in plain_rows(session, _PAUSED, first=frame.first, last=frame.last):
        found[unit_id].append((since, until))
    return found


# Meetings ---------------------------------------------------------------------------------------------------------


def _add_meetings(session: Session, frame: Frame, months: dict[str, Month]) -> None:
    query = narrowed(_HELD, _REPORTS.c.unit_id, frame.everyone)
    rows = plain_rows(session, query, months=frame.months, cutoff=frame.cutoff.isoformat())
    for name, regular, other, thematic, online in rows:
        month, here = months[name], frame.places[name]
        of_regular, of_other = unpacked(regular, 3), unpacked(other, 3)
        month.regular, month.thematic = set(of_regular[0]), set(*unpacked(thematic))
        month.online = [unit_id for unit_id in unpacked(online)[0] if unit_id in here]
        meetings = chain(zip(*of_regular, strict=True), zip(*of_other, strict=True))
        month.attended = [meeting for meeting in meetings if meeting[0] in here]


# Statements, built once -------------------------------------------------------------------------------------------


def _held() -> Query:
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
            columns.period.in_(_MONTHS),
            answers["outcome"].as_string() == "held",
            answers["held_on"].as_string() <= bindparam("cutoff"),
        )
        .group_by(columns.period)
    )


_MONTHS = bindparam("months", type_=String, expanding=True)
_OF_MEETINGS = (_DUTIES.c.what == MEETING, _DUTIES.c.period.in_(_MONTHS))
_KEYS = (_DUTIES.c.period, _DUTIES.c.status)
_BY_STATUS = select(*_KEYS, packed(_DUTIES.c.unit_id)).where(*_OF_MEETINGS).group_by(*_KEYS)
_PLANNED = select(_DUTIES.c.period, _DUTIES.c.unit_id, _DUTIES.c.planned_on).where(*_OF_MEETINGS)
_LIVES = select(_UNITS.c.id, _UNITS.c.valid_from, _UNITS.c.valid_to).where(
    or_(_UNITS.c.valid_from > bindparam("first"), _UNITS.c.valid_to < bindparam("last"))
)
_PAUSED = select(_PAUSES.c.unit_id, _PAUSES.c.paused_from, _PAUSES.c.paused_to).where(
    _PAUSES.c.paused_from <= bindparam("last"), _PAUSES.c.paused_to >= bindparam("first")
)
_HELD = _held()
