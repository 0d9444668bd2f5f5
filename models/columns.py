"""An indicator over many units at once: its numbers by unit, added up when its total or one unit is asked for; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from models.aggregation import Amount

Numbers = Mapping[int, int]  # of each unit that says something


@dataclass(frozen=True, slots=True)
class Column:
    """What the units of a subtree add to one indicator.

    numbers: one mapping for each number an amount has (its denominator is the second, `in_parts` its parts); a unit
    stands in all of them or in none. silent: what a unit has that stands in none; None while nothing is known of it.
    """

    numbers: tuple[Numbers, ...] = ()
    silent: Amount | None = None
    in_parts: bool = False

    def of(self, unit_id: int) -> Amount | None:
        """Return the amount of one unit."""
        if not any(unit_id in numbers for numbers in self.numbers):
            return self.silent
        return self._amount([numbers.get(unit_id, 0) for numbers in self.numbers])

    def total(self) -> Amount | None:
        """Return Σn (and Σd) of all units, None where none is known; percentages are never averaged."""
        if not any(self.numbers):
            return self.silent
        return self._amount([sum(numbers.values()) for numbers in self.numbers])

    def counting(self) -> set[int]:
        """Return the units that have anything but 0."""
        return {unit_id for numbers in self.numbers for unit_id, number in numbers.items() if number}

    def without(self, unit_ids: AbstractSet[int]) -> "Column":
        """Return the column of all other units."""
        if not unit_ids:
            return self
        kept = [{one: number for one, number in numbers.items() if one not in unit_ids} for numbers in self.numbers]
        return replace(self, numbers=tuple(kept))

    def _amount(self, numbers: Sequence[int]) -> Amount:
        if self.in_parts:
            return Amount(parts=tuple(numbers))
        return Amount(numbers[0], numbers[1] if len(numbers) > 1 else None)


def column_of(unit_id: int, amount: Amount) -> Column:
    """Return the column in which one unit alone says something."""
    numbers = amount.parts or ((amount.number,) if amount.of is None else (amount.number, amount.of))
    return Column(tuple({unit_id: number} for number in numbers), in_parts=bool(amount.parts))


def added(columns: Sequence[Column]) -> Column:
    """Return the sum of columns of one kind, unit by unit."""
    if len(columns) < 2:
        return columns[0] if columns else Column()
    places = zip(*(column.numbers for column in columns), strict=True)
    return replace(columns[0], numbers=tuple(_summed(numbers) for numbers in places))


def last(columns: Sequence[Column]) -> Column:
    """Return for each unit what it says in the last of some columns of one kind in which it says anything."""
    if len(columns) < 2:
        return columns[0] if columns else Column()
    places = zip(*(column.numbers for column in columns), strict=True)
    latest = tuple({unit_id: number for one in numbers for unit_id, number in one.items()} for numbers in places)
    return replace(columns[0], numbers=latest)


def _summed(parts: Iterable[Numbers]) -> Numbers:
    found: Counter[int] = Counter()
    for part in parts:
        found.update(part)
    return found
