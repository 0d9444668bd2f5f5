"""An indicator over many units at once: its numbers by unit, added up when its total or one unit is asked for; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.aggregation import Amount

Numbers = Mapping[int, int]  # of each unit that says something


@dataclass(frozen=True, slots=True)
class Column:
    """What the units of a subtree add to one indicator.

    numbers: one mapping for each number an amount has (its denominator is the second, `in_parts` its parts).
    silent: what a unit has that stands in none of them; None while nothing is known of it.
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

    def _amount(self, numbers: Sequence[int]) -> Amount:
        if self.in_parts:
            return Amount(parts=tuple(numbers))
        return Amount(numbers[0], numbers[1] if len(numbers) > 1 else None)


def column_of(amounts: Mapping[int, Amount]) -> Column:
    """Return the column of amounts by unit. Raises ValueError for amounts of different kinds."""
    in_parts = any(amount.parts for amount in amounts.values())
    rows = [_numbers(amount) for amount in amounts.values()]
    columns = [dict(zip(amounts, numbers, strict=True)) for numbers in zip(*rows, strict=True)]
    return Column(tuple(columns), in_parts=in_parts)


def _numbers(amount: Amount) -> tuple[int, ...]:
    return amount.parts or ((amount.number,) if amount.of is None else (amount.number, amount.of))
