"""Who owed the monthly meeting in the periods that are approved: denominators that no later change of units moves."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session

from models import units
from models.database import plain_rows
from models.duties import MEETING
from models.period_states import PeriodState, contains
from models.periods import Period, parse_period

_STATES: Table = PeriodState.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_APPROVED = select(_STATES.c.period, _STATES.c.expected).where(
    _STATES.c.unit_id == bindparam("root"), _STATES.c.state != "open"
)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A month of an approved period: who owed its meeting then, and who stood beneath at the period's end."""

    expected: frozenset[int]
    stood: frozenset[int]

    def owing(self, asked: AbstractSet[int], open_rule: set[int]) -> set[int]:
        """Return who owes of those asked: who was expected at approval; one that had moved away counts as it did."""
        return set(asked & self.stood & self.expected) | (open_rule - self.stood)


def load(session: Session, root: int, months: Sequence[Period]) -> dict[str, Frozen]:
    """Return what was frozen for each month that lies in a period of the root approved by now, the shortest first."""
    rows = plain_rows(session, _APPROVED, root=root)
    found: dict[str, Frozen] = {}
    for row in sorted(rows, key=lambda row: parse_period(row.period).length, reverse=True):
        period = parse_period(row.period)
        stood = frozenset(units.subtree(session, [root], period.last))
        for month in (month for month in months if contains(period, month)):
            expected = row.expected.get(MEETING, {}).get(str(month), [])
            found[str(month)] = Frozen(frozenset(expected), stood)
    return found
