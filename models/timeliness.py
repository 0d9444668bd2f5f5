"""Who reported the monthly meeting when: branch by month, and the on-time rates that follow. Read-only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import duties, submissions, units
from models.obligations import Obligation
from models.period_states import beneath
from models.periods import Period
from models.views import code_order

ON_TIME, LATE, NOT_HELD, MISSING = "on_time", "late", "not_held", "missing"
EXCUSED, WAITING, NOTHING = "excused", "waiting", ""
CELLS = (ON_TIME, LATE, NOT_HELD, MISSING, EXCUSED, WAITING, NOTHING)


@dataclass(frozen=True, slots=True)
class BranchLine:
    """One branch: a cell for each month of the grid. waiting: not due yet; "" not expected; missing: overdue."""

    unit_id: int
    code: str
    name: str
    cells: tuple[str, ...]
    in_time: tuple[bool, ...]  # also of a meeting reported as not held


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those whose report was due came in time."""

    in_time: int
    due: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Branches by months, in the order of their codes."""

    unit_name: str
    months: tuple[Period, ...]
    rows: tuple[BranchLine, ...]

    def by_month(self) -> list[tuple[Period, Rate]]:
        """Return each month's rate over all branches."""
        return [(month, _rate((row, at) for row in self.rows)) for at, month in enumerate(self.months)]

    def by_branch(self) -> list[tuple[BranchLine, Rate]]:
        """Return each branch's rate over the months, in the grid's order: no ranking."""
        return [(row, _rate((row, at) for at in range(len(self.months)))) for row in self.rows]


def _rate(places: Iterable[tuple[BranchLine, int]]) -> Rate:
    counted = [row.in_time[at] for row, at in places if row.cells[at] in (ON_TIME, LATE, NOT_HELD, MISSING)]
    return Rate(sum(counted), len(counted))


def grid(session: Session, unit_id: int, months: Sequence[Period], today: date) -> Grid:
    """Return the months of a unit's branches as they stand on a day; branches that never owed anything are left out."""
    below = set().union(*(beneath(session, unit_id, month) for month in months)) if months else set()
    owed = duties.expected(session, months, below)
    not_held = _not_held(session, months)
    by_unit: dict[int, dict[str, Obligation]] = {}
    for row in owed:
        by_unit.setdefault(row.unit_id, {})[row.period] = row
    lines = [
        _line(unit, by_unit[units.unit_id(unit)], months, not_held, today) for unit in units.listed(session, by_unit)
    ]
    rows = tuple(sorted(lines, key=lambda line: code_order(line.code)))
    return Grid(units.get(session, unit_id).name, tuple(months), rows)


def _not_held(session: Session, months: Sequence[Period]) -> set[tuple[int, str]]:
    reports = submissions.in_periods(session, [str(month) for month in months], form_id="meeting")
    return {
        (report.unit_id, report.period)
        for report in reports
        if report.kind == "regular" and report.answers.get("outcome") == "not_held"
    }


def _line(
    unit: units.Unit,
    owed: Mapping[str, Obligation],
    months: Sequence[Period],
    not_held: set[tuple[int, str]],
    today: date,
) -> BranchLine:
    rows = [owed.get(str(month)) for month in months]
    cells = tuple(_cell(row, not_held, today) for row in rows)
    in_time = tuple(row is not None and row.status == "on_time" for row in rows)
    return BranchLine(units.unit_id(unit), unit.code, unit.name, cells, in_time)


def _cell(row: Obligation | None, not_held: set[tuple[int, str]], today: date) -> str:
    if row is None:
        return NOTHING
    if row.status in (ON_TIME, LATE):
        return NOT_HELD if (row.unit_id, row.period) in not_held else row.status
    if row.status == "excused":
        return EXCUSED
    return MISSING if row.status == "locked" or row.due_on < today else WAITING
