"""The figures of a unit and everything beneath it in a period, from what was reported; nothing is typed twice."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models import derived, feeds, figure_sources, period_states, units
from models.aggregation import Amount, Goal, percent, read_goal, total
from models.figure_sources import UnitFacts
from models.figure_text import Measured, Numeral, figure_text
from models.goals import Goals
from models.indicators import Indicator
from models.indicators import load as catalogue
from models.periods import Period
from models.views import code_order

Amounts = Mapping[int, Mapping[str, Amount | None]]  # of each unit, by indicator


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of a unit and period.

    percent: of a ratio, or of a flow or stock against its target, rounded as printed. target: as it was given, of
    the period or else (of_year) of its year. `amount` is None while nothing is known.
    """

    indicator: Indicator
    amount: Amount | None
    target: str | None
    percent: Decimal | None
    text: str
    measured: Measured | None = None
    of_year: bool = False

    def prose(self, counted: Numeral) -> str:
        """Return the figure in words, what was counted written by `counted`."""
        share = self.percent if self.indicator.kind == "ratio" else None
        return figure_text(self.indicator, self.amount, share, self.measured, counted)


@dataclass(frozen=True, slots=True)
class BranchLine:
    """One branch in the period: its months owed and missing, and its amounts by indicator."""

    unit_id: int
    code: str
    name: str
    expected: tuple[str, ...]
    missing: tuple[str, ...]
    amounts: Mapping[str, Amount | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """A period of a subtree, up to `cutoff` (the period's last day or today, whichever is earlier).

    expected, reported: branches that owed a monthly report, and that owe none any more; missing: the others' codes.
    committees: the bodies above branches that count something of their own.
    """

    unit_id: int
    unit: str
    name: str
    period: Period
    cutoff: date
    state: str
    expected: int
    reported: int
    missing: tuple[str, ...]
    indicators: tuple[Figure, ...]
    branches: tuple[BranchLine, ...]
    committees: tuple[BranchLine, ...] = ()

    def figure(self, code: str) -> Figure:
        """Return one figure. Raises KeyError."""
        for found in self.indicators:
            if found.indicator.code == code:
                return found
        raise KeyError(code)


def figures(session: Session, unit_id: int, period: Period, today: date) -> Figures:
    """Return the figures of a subtree for a period as they stand today. Raises LookupError for an unknown unit."""
    unit = units.get(session, unit_id)
    facts = figure_sources.load(session, unit_id, period.months, today)
    amounts = _amounts(facts)
    branches = _branch_lines(session, facts, amounts)
    missing = tuple(line.code for line in branches if line.missing)
    owing = sum(1 for line in branches if line.expected)
    return Figures(
        unit_id=unit_id,
        unit=unit.code,
        name=unit.name,
        period=period,
        cutoff=min(period.last, today),
        state=state(session, unit_id, period),
        expected=owing,
        reported=owing - len(missing),
        missing=missing,
        indicators=_indicators(session, unit_id, period, today, amounts),
        branches=branches,
        committees=_committee_lines(session, amounts, {line.unit_id for line in branches}),
    )


def state(session: Session, unit_id: int, period: Period) -> str:
    """Return whether a unit's period is open, approved or locked."""
    return period_states.state_of(session, unit_id, str(period))


# By branch --------------------------------------------------------------------------------------------------------


def _amounts(facts: Mapping[int, UnitFacts]) -> Amounts:
    rows = catalogue()
    return {unit_id: feeds.amounts(known, rows) for unit_id, known in facts.items()}


def _branch_lines(session: Session, facts: Mapping[int, UnitFacts], amounts: Amounts) -> tuple[BranchLine, ...]:
    named = {units.unit_id(unit): unit for unit in units.listed(session, facts)}
    # What a committee counts of itself makes it no branch.
    codes = [indicator.code for indicator in catalogue() if indicator.reported_by == "chi_bo"]
    lines = []
    for unit_id, known in facts.items():
        owed = sorted((duty for duty in known.duties if duty.here), key=lambda duty: duty.month)
        if owed or any(_says_something(amounts[unit_id][code]) for code in codes):
            expected = tuple(duty.month for duty in owed)
            missing = tuple(duty.month for duty in owed if not duty.done)
            unit = named[unit_id]
            lines.append(BranchLine(unit_id, unit.code, unit.name, expected, missing, amounts[unit_id]))
    return tuple(sorted(lines, key=lambda line: code_order(line.code)))


def _committee_lines(session: Session, amounts: Amounts, branches: AbstractSet[int]) -> tuple[BranchLine, ...]:
    counting = [
        unit_id
        for unit_id, own in amounts.items()
        if unit_id not in branches and any(_says_something(own[row.code]) for row in catalogue())
    ]
    found = [
        BranchLine(units.unit_id(unit), unit.code, unit.name, (), (), amounts[units.unit_id(unit)])
        for unit in units.listed(session, counting)
    ]
    return tuple(sorted(found, key=lambda line: code_order(line.code)))


def _says_something(amount: Amount | None) -> bool:
    return amount is not None and bool(amount.number or amount.of or any(amount.parts))


# By indicator -----------------------------------------------------------------------------------------------------


def _indicators(session: Session, unit_id: int, period: Period, today: date, amounts: Amounts) -> tuple[Figure, ...]:
    goals = Goals(session, unit_id, period)
    to_date = _since_new_year(session, unit_id, period, today, goals)
    sums = {row.code: _sum(row, amounts) for row in catalogue()}
    sums |= derived.amounts(sums, goals, to_date)
    return tuple(_figure(row, sums[row.code], goals, to_date) for row in catalogue())


def _sum(indicator: Indicator, amounts: Amounts) -> Amount | None:
    return total(own[indicator.code] for own in amounts.values()) or feeds.nothing(indicator)


def _since_new_year(
    session: Session, unit_id: int, period: Period, today: date, goals: Goals
) -> Mapping[str, Amount | None]:
    """Return the year's amounts to date of the flows that are measured against the year's target."""
    wanted = [found for found in catalogue() if found.kind == "flow" and goals.is_years(found.code)]
    if not wanted or period.first_month == 1:
        return {}
    months: Sequence[Period] = [Period(period.year, month, 1) for month in range(1, period.last.month + 1)]
    amounts = _amounts(figure_sources.load(session, unit_id, months, today))
    return {found.code: _sum(found, amounts) for found in wanted}


def _figure(indicator: Indicator, amount: Amount | None, goals: Goals, to_date: Mapping[str, Amount | None]) -> Figure:
    given, of_year = goals.given(indicator.code), goals.is_years(indicator.code)
    if indicator.kind == "ratio" and amount is not None:
        share = percent(amount.number, amount.of or 0, indicator.decimals)
        return Figure(indicator, amount, given, share, figure_text(indicator, amount, share), of_year=of_year)
    reached = to_date.get(indicator.code) or amount
    measured = None
    if given is not None and reached is not None and indicator.kind in ("flow", "stock"):
        measured = _measured(read_goal(given), reached, indicator, since_new_year=indicator.code in to_date)
    text = figure_text(indicator, amount, None, measured)
    return Figure(indicator, amount, given, measured.percent if measured else None, text, measured, of_year)


def _measured(goal: Goal, reached: Amount, indicator: Indicator, *, since_new_year: bool) -> Measured:
    against = goal.percent(reached.number, indicator.decimals)
    return Measured(goal, reached.number, against, since_new_year)
