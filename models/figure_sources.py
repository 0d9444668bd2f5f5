"""What figures are made of: the sources of a subtree in a period, each read in bulk when a feed first asks for it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Table, and_
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from models import cases, figure_frame, meeting_months, stated_figures, stock, study_results
from models.database import among
from models.figure_frame import Frame
from models.forms.events import dates_for_each
from models.meeting_months import Month
from models.periods import Period
from models.stated_figures import ByIndicator
from models.stock import Counts
from models.study_results import Study
from models.submissions import CURRENT, Submission
from models.units import Unit, UnitParent

_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
PEOPLE = ("admission", "movement")  # the forms that count people, each with a date
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
        day = self.frame.cutoff
        exists = and_(_UNITS.c.kind == "chi_bo", _UNITS.c.valid_from <= day, _UNITS.c.valid_to >= day)
        columns = (_UNITS.c.id, _UNITS.c.code, _UNITS.c.name, exists, _UNITS.c.valid_to < day)
        rows = self._session.execute(sql_select(*columns).where(among(_UNITS.c.id, self.frame.everyone))).all()
        return Bodies(
            names={row[0]: (row[1], row[2]) for row in rows},
            branches=self.frame.at_cutoff & {row[0] for row in rows if row[3]},
            gone={row[0] for row in rows if row[4]},
        )

    @cached_property
    def stock(self) -> Counts:
        """The members of the branches at the cut-off."""
        return stock.counts_on(self._session, self.frame.cutoff, self.bodies.branches)

    @cached_property
    def children(self) -> dict[int, int]:
        """How many bodies stand directly beneath the root at the cut-off: nobody counts them but the root itself."""
        root, day = self.frame.root, self.frame.cutoff
        rows = self._session.exec(
            select(col(Unit.id))
            .join(UnitParent, col(UnitParent.unit_id) == col(Unit.id))
            .where(UnitParent.parent_id == root, UnitParent.valid_from <= day, UnitParent.valid_to >= day)
            .where(Unit.valid_from <= day, Unit.valid_to >= day)
        )
        return {root: len(set(rows))}

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
        counted = _people(self._session, self.frame)
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


def _people(session: Session, frame: Frame) -> dict[str, Counter[int]]:
    """Return the people of every event by unit, and among those admitted the ones who have a case."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    rows = session.exec(
        select(Submission.unit_id, col(Submission.answers)).where(
            col(Submission.form_id).in_(PEOPLE),
            col(Submission.state).in_(CURRENT),
            col(Submission.period).in_(frame.months),
            among(col(Submission.unit_id), frame.everyone),
        )
    )
    for unit_id, answers in rows:
        people = frame.counted(unit_id, dates_for_each(answers))
        counted[answers["event"]][unit_id] += people
        if answers.get("case") and answers["event"] == ADMITTED:
            counted[OF_CASES][unit_id] += people
    return counted
