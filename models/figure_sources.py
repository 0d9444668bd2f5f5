"""What figures are made of: the sources of a subtree in a period, each read in bulk when a feed first asks for it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Date, Table, and_, bindparam, select
from sqlmodel import Session

from models import cases, figure_frame, meeting_months, stated_figures, stock, study_results
from models.database import narrowed, plain_rows
from models.figure_frame import Frame
from models.forms.events import dates_for_each
from models.meeting_months import Month
from models.periods import Period
from models.stated_figures import ByIndicator
from models.stock import Counts, Event, Last
from models.study_results import Study
from models.units import Unit, UnitParent

_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_PARENTS: Table = UnitParent.__table__  # type: ignore[attr-defined]  # likewise
_DAY = bindparam("day", type_=Date)
_EXISTS = and_(_UNITS.c.valid_from <= _DAY, _UNITS.c.valid_to >= _DAY)
_IS_BRANCH = and_(_UNITS.c.kind == "chi_bo", _EXISTS)
_BODIES = select(_UNITS.c.id, _UNITS.c.code, _UNITS.c.name, _IS_BRANCH, _UNITS.c.valid_to < _DAY)
_CHILDREN = (
    select(_UNITS.c.id)
    .join(_PARENTS, _PARENTS.c.unit_id == _UNITS.c.id)
    .where(_PARENTS.c.parent_id == bindparam("root"), _PARENTS.c.valid_from <= _DAY, _PARENTS.c.valid_to >= _DAY)
    .where(_EXISTS)
)
ADMITTED, OF_CASES = "ket_nap", "ket_nap of cases"


@dataclass(frozen=True, slots=True)
class Bodies:
    """The units of a subtree: code and name by id, the branches that exist at the cut-off, who was dissolved before."""

    names: Mapping[int, tuple[str, str]]
    branches: AbstractSet[int]
    gone: AbstractSet[int]


class Sources:
    """What is known of a subtree in the months of a frame, by source and then by unit."""

    def __init__(self, session: Session, frame: Frame) -> None:
        self.frame = frame
        self._session = session

    @cached_property
    def months(self) -> list[Month]:
        """The meetings owed and held, month by month."""
        return meeting_months.load(self._session, self.frame)

    @cached_property
    def bodies(self) -> Bodies:
        """The units themselves."""
        query = narrowed(_BODIES, _UNITS.c.id, self.frame.everyone)
        rows = plain_rows(self._session, query, day=self.frame.cutoff)
        return Bodies(
            names={row[0]: (row[1], row[2]) for row in rows},
            branches=self.frame.at_cutoff & {row[0] for row in rows if row[3]},
            gone={row[0] for row in rows if row[4]},
        )

    @cached_property
    def stock(self) -> Counts:
        """The members of the branches at the cut-off."""
        return stock.counts_on(self.frame.cutoff, self._last_stated, self._events)

    @cached_property
    def _last_stated(self) -> list[Last]:
        return stock.last_stated(self._session, self.frame.cutoff, self.bodies.branches)

    @cached_property
    def _events(self) -> Mapping[int, Sequence[Event]]:
        """The reports of people by unit, since the period began or the members were stated: both are made of them."""
        since = min((row[1] for row in self._last_stated), default=self.frame.first)
        return stock.events_since(self._session, min(since, self.frame.first), self.frame.cutoff, self.frame.everyone)

    @cached_property
    def children(self) -> dict[int, int]:
        """How many bodies stand directly beneath the root at the cut-off: nobody counts them but the root itself."""
        rows = plain_rows(self._session, _CHILDREN, root=self.frame.root, day=self.frame.cutoff)
        return {self.frame.root: len(set(rows))}

    @cached_property
    def stated(self) -> ByIndicator:
        """What units stated as figures."""
        frame = self.frame
        return stated_figures.load(self._session, frame.first, frame.cutoff, frame.last, frame.at_cutoff)

    @cached_property
    def studies(self) -> dict[int, Study]:
        """What the units addressed by the period's directive did for it."""
        return study_results.load(self._session, self.frame.first, self.frame.cutoff, self.frame.at_cutoff)

    @cached_property
    def events(self) -> Mapping[str, Mapping[int, int]]:
        """People by event id; the admissions of cases by the date a setting names, where that is not the ceremony."""
        counted = _people(self.frame, self._events)
        column = cases.counted_column(self._session, self.frame.cutoff)
        if column != cases.CEREMONY_COLUMN:
            counted[ADMITTED].subtract(counted[OF_CASES])
            dates = cases.counted_between(self._session, column, self.frame.first, self.frame.cutoff)
            for unit_id, day in dates:
                counted[ADMITTED][unit_id] += self.frame.counted(unit_id, [day.isoformat()])
        return counted


def sources(session: Session, root: int, months: Sequence[Period], today: date) -> Sources | None:
    """Return what is known of a subtree in the months that have begun, up to today; None where none has begun."""
    frame = figure_frame.load(session, root, months, today)
    return None if frame is None else Sources(session, frame)


def _people(frame: Frame, events: Mapping[int, Iterable[Event]]) -> dict[str, Counter[int]]:
    """Return the people of every event by unit, and among those admitted the ones who have a case."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for unit_id, reported in events.items():
        for answers in (event.answers for event in reported):
            people = frame.counted(unit_id, dates_for_each(answers))
            counted[answers["event"]][unit_id] += people
            if answers.get("case") and answers["event"] == ADMITTED:
                counted[OF_CASES][unit_id] += people
    return counted
