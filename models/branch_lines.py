"""What figures are made of, unit by unit: a line a branch, made only when a file or a screen asks for it; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from models.aggregation import Amount
from models.columns import Column
from models.indicators import load as catalogue
from models.meeting_months import Month
from models.views import code_order


class UnitAmounts(Mapping[str, Amount | None]):
    """The amounts of one unit by indicator, each read from its column when asked for."""

    __slots__ = ("_columns", "_unit_id")

    def __init__(self, columns: Mapping[str, Column], unit_id: int) -> None:
        self._columns, self._unit_id = columns, unit_id

    def __getitem__(self, code: str) -> Amount | None:
        return self._columns[code].of(self._unit_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, slots=True)
class BranchLine:
    """One branch in the period: its months owed and missing, and its amounts by indicator."""

    unit_id: int
    code: str
    name: str
    expected: tuple[str, ...]
    missing: tuple[str, ...]
    amounts: Mapping[str, Amount | None]


@dataclass(frozen=True)
class Lines:
    """The units of a subtree: names (code and name) by id, the months of their meetings, and a column an indicator."""

    names: Mapping[int, tuple[str, str]]
    months: Sequence[Month]
    columns: Mapping[str, Column]

    @cached_property
    def owing(self) -> AbstractSet[int]:
        """Who owed a monthly report."""
        return _united(month.expected for month in self.months)

    @cached_property
    def missing(self) -> AbstractSet[int]:
        """Who owes one still."""
        return _united(month.missing for month in self.months)

    @cached_property
    def missing_codes(self) -> tuple[str, ...]:
        """The codes of those who owe one still, in order."""
        return tuple(sorted((self.names[unit_id][0] for unit_id in self.missing), key=code_order))

    @cached_property
    def branches(self) -> tuple[BranchLine, ...]:
        """Who owed a report or counts something; what a committee counts of itself makes it no branch."""
        return self._lines(self._branch_ids)

    @cached_property
    def committees(self) -> tuple[BranchLine, ...]:
        """The others that count something."""
        return self._lines(_united(column.counting() for column in self.columns.values()) - self._branch_ids)

    @cached_property
    def _branch_ids(self) -> AbstractSet[int]:
        theirs = [self.columns[row.code] for row in catalogue() if row.reported_by == "chi_bo"]
        return self.owing | _united(column.counting() for column in theirs)

    def _lines(self, unit_ids: AbstractSet[int]) -> tuple[BranchLine, ...]:
        expected = [(month.name, month.expected) for month in self.months]
        missing = [(month.name, month.missing) for month in self.months]
        lines = [
            BranchLine(
                unit_id,
                *self.names[unit_id],
                tuple(name for name, owing in expected if unit_id in owing),
                tuple(name for name, owing in missing if unit_id in owing),
                UnitAmounts(self.columns, unit_id),
            )
            for unit_id in unit_ids
        ]
        return tuple(sorted(lines, key=lambda line: code_order(line.code)))


def _united(groups: Iterable[AbstractSet[int]]) -> AbstractSet[int]:
    return frozenset().union(*groups)
