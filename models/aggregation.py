"""How figures add up and are rounded: amounts, percentages, targets and the numerals of prose; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

Number = int | Decimal

_NUMERAL = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"  # dot thousands, decimal comma
_GOAL = re.compile(rf"(?P<sign>>=|<=|)(?P<low>{_NUMERAL})(?:-(?P<high>{_NUMERAL}))?")


@dataclass(frozen=True, slots=True)
class Amount:
    """What an indicator amounts to, summed or of one unit.

    number: of a flow or stock; with `of` (denominator, second of a pair) the first number. parts: in the label's order.
    """

    number: int = 0
    of: int | None = None
    parts: tuple[int, ...] = ()

    def __add__(self, other: "Amount") -> "Amount":
        """Add number to number and denominator to denominator. Raises ValueError for amounts of different kinds."""
        if (self.of is None) != (other.of is None) or len(self.parts) != len(other.parts):
            raise ValueError(f"amounts of different kinds: {self} and {other}")
        of = None if self.of is None or other.of is None else self.of + other.of
        parts = tuple(mine + its for mine, its in zip(self.parts, other.parts, strict=True))
        return Amount(self.number + other.number, of, parts)


def total(amounts: Iterable[Amount | None]) -> Amount | None:
    """Return Σn (and Σd) of the amounts that are known, None where none is; percentages are never averaged."""
    known = [amount for amount in amounts if amount is not None]
    if not known or any((one.of is None) != (known[0].of is None) or one.parts for one in known):
        return sum(known[1:], known[0]) if known else None
    # Ten thousand units are added up number by number, not object by object.
    of = None if known[0].of is None else sum(one.of or 0 for one in known)
    return Amount(sum(one.number for one in known), of)


def half_up(value: Fraction, decimals: int) -> Decimal:
    """Round a number from 0 up to some decimals, a half always upward: 0,25 -> 0,3 and 0,5 -> 1."""
    return Decimal(floor(value * 10**decimals + Fraction(1, 2))).scaleb(-decimals)


def percent(number: Number, of: Number, decimals: int = 1) -> Decimal | None:
    """Return `number` in per cent of `of` as printed: `decimals` below 100, none from 100 up; None of nothing.

    99,95 is rounded first and so becomes 100, never "100,0".
    """
    if of <= 0:
        return None
    exact = 100 * Fraction(number) / Fraction(of)
    return half_up(exact, 0 if exact >= 100 else decimals)


def numeral(number: Number) -> str:
    """Return a number as written in prose: decimal comma, dot thousands, no zeros at the end (1.183,7; 98,2; 100)."""
    whole, _, decimals = f"{number:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def percent_words(value: Decimal) -> str:
    """Return a percentage as written in prose, no space before the sign."""
    return f"{numeral(value)}%"


def plain_number(number: Number) -> int | float:
    """Return a number as JSON and spreadsheets hold it: whole where it is whole."""
    return int(number) if number == int(number) else float(number)


GoalKind = Literal["exact", "range", "floor", "ceiling", "share", "share_at_most", "words"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A target read: `low` is what progress is measured against, a range's lower bound, a share's percentage.

    It is None for words.
    """

    text: str
    kind: GoalKind
    low: Decimal | None = None
    high: Decimal | None = None

    def percent(self, reached: Number, decimals: int = 1) -> Decimal | None:
        """Return what was reached in per cent of the target's number; None for a share, words, or a target of 0."""
        return None if self.low is None or self.kind.startswith("share") else percent(reached, self.low, decimals)

    def is_met(self, amount: Amount) -> bool:
        """Return whether an amount meets the target: a number, floor or range from its lower bound up; words never."""
        if self.low is None:
            return False
        if self.kind.startswith("share"):
            wanted, reached = Fraction(self.low) * (amount.of or 0), 100 * Fraction(amount.number)
            return bool(amount.of) and (reached >= wanted if self.kind == "share" else reached <= wanted)
        return amount.number <= self.low if self.kind == "ceiling" else amount.number >= self.low


def read_goal(text: str) -> Goal:
    """Read a target as it was given: `15`, `4-6`, `>=300`, `<=20`, `80%`, `<=5%`; anything else is words."""
    plain = text.replace(" ", "").replace("≥", ">=").replace("≤", "<=").replace("–", "-")
    found = _GOAL.fullmatch(plain.removesuffix("%"))
    if not found or (found["sign"] and found["high"]):
        return Goal(text, "words")
    if plain.endswith("%"):
        return Goal(text, "share_at_most" if found["sign"] == "<=" else "share", _decimal(found["low"]))
    low = _decimal(found["low"])
    if found["high"]:
        return Goal(text, "range", low, _decimal(found["high"]))
    kinds: dict[str, GoalKind] = {"": "exact", ">=": "floor", "<=": "ceiling"}
    return Goal(text, kinds[found["sign"]], low)


def _decimal(numeral: str) -> Decimal:
    return Decimal(numeral.replace(".", "").replace(",", "."))
