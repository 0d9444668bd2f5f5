"""A figure in words, as prose, chat and figures.json print it; the sentences stand in data/figure_words.toml."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from models.aggregation import Amount, Goal, Number, numeral, percent_words
from models.indicators import Indicator

Numeral = Callable[[Number], str]  # how what was counted is written
WORDS = Path(__file__).parent / "data" / "figure_words.toml"


@dataclass(frozen=True, slots=True)
class Measured:
    """A number held against a target: what was reached, in per cent where the target is a number.

    since_new_year: the number is the year's to date, measured against the year's target.
    """

    goal: Goal
    reached: int
    percent: Decimal | None
    since_new_year: bool = False


@cache
def sentences() -> Mapping[str, str]:
    """Return the sentences by name."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def figure_text(
    indicator: Indicator,
    amount: Amount | None,
    share: Decimal | None,
    measured: Measured | None = None,
    counted: Numeral = numeral,
) -> str:
    """Return a figure in words; `share` is a ratio's percentage, `measured` a flow's or stock's against its target.

    counted: how what was counted is written; targets, denominators and percentages always by `numeral`.
    """
    words = sentences()
    if amount is None or (indicator.kind == "ratio" and not amount.of):
        return words["none"]
    if indicator.kind == "ratio" and share is not None:
        return words["ratio"].format(**_pair(amount, counted), percent=percent_words(share))
    if indicator.kind == "pair":
        return words["pair"].format(**_pair(amount, counted))
    if indicator.kind == "parts":
        return words["parts_between"].join(counted(part) for part in amount.parts)
    return _counted(indicator.unit, amount, measured, counted)


def _pair(amount: Amount, counted: Numeral) -> dict[str, str]:
    return {"value": counted(amount.number), "of": numeral(amount.of or 0)}


def _counted(unit: str, amount: Amount, measured: Measured | None, counted: Numeral) -> str:
    words = sentences()
    plain = words["plain"].format(value=counted(amount.number), unit=unit)
    if measured is None:
        return plain
    reached = against_goal(unit, measured, counted)
    return words["year_to_date"].format(plain=plain, reached=reached) if measured.since_new_year else reached


def against_goal(unit: str, measured: Measured, counted: Numeral) -> str:
    """Return what was reached held against its target: "23/15 đồng chí (đạt 153%)"."""
    goal = measured.goal
    return sentences()[_sentence(measured)].format(
        value=counted(measured.reached),
        unit=unit,
        target=goal.text,
        goal=numeral(goal.low or 0),
        high=numeral(goal.high or 0),
        percent=percent_words(measured.percent or Decimal(0)),
    )


def _sentence(measured: Measured) -> str:
    goal, reached = measured.goal, measured.reached
    if measured.percent is None or goal.low is None:
        return "words"
    if goal.kind == "ceiling":
        return "ceiling_kept" if reached <= goal.low else "ceiling_passed"
    if goal.kind == "range" and goal.high is not None:
        return "range_below" if reached < goal.low else "range_within" if reached <= goal.high else "range_above"
    return goal.kind
