"""Indicators that follow from others of the same unit: nobody types what is known already. Pure but for Goals."""

from collections.abc import Mapping

from models.aggregation import Amount, read_goal
from models.goals import Goals

INSPECTIONS = "hoan_thanh_ktgs"
INSPECTED = ("kiem_tra", "giam_sat")
TARGETS_MET = "chi_tieu_hoan_thanh"
CODES = (INSPECTIONS, TARGETS_MET)  # no sum of the units' own


def amounts(
    sums: Mapping[str, Amount | None], goals: Goals, to_date: Mapping[str, Amount | None]
) -> dict[str, Amount | None]:
    """Return the derived amounts of a subtree, from its sums, its targets and the year's sums to date."""
    reached = {**sums, **{code: amount for code, amount in to_date.items() if amount is not None}}
    typed = sums[INSPECTIONS]
    inspections = typed if typed is not None and typed.of else _inspections(reached, goals)
    return {INSPECTIONS: inspections, TARGETS_MET: _targets_met(reached, goals)}


def _inspections(reached: Mapping[str, Amount | None], goals: Goals) -> Amount | None:
    """Inspections and supervisions done of those the targets plan, where the office has not typed both itself."""
    planned = done = 0
    for code in INSPECTED:
        goal = read_goal(goals.given(code) or "")
        amount = reached.get(code)
        if goal.low is not None and amount is not None:
            planned, done = planned + int(goal.low), done + amount.number
    return Amount(done, planned) if planned else None


def _targets_met(reached: Mapping[str, Amount | None], goals: Goals) -> Amount | None:
    """Targets met of those set as numbers or shares; words cannot be held against a figure."""
    met = counted = 0
    for code in goals.codes():
        goal, amount = read_goal(goals.given(code) or ""), reached.get(code)
        if goal.kind != "words" and code != TARGETS_MET:
            counted += 1
            met += amount is not None and goal.is_met(amount)
    return Amount(met, counted) if counted else None
