"""The figures of a unit and everything beneath it in a period, from what was reported; nothing is typed twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models import derived, feeds, period_states, units
from models.aggregation import Amount, Goal, percent, read_goal
from models.branch_lines import BranchLine, Lines
from models.columns import Column
from models.figure_sources import sources
from models.figure_text import Measured, Numeral, figure_text
from models.goals import Goals
from models.indicators import Indicator
from models.indicators import load as catalogue
from models.periods import Period

Columns = Mapping[str, Column]  # by indicator


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
class Figures:
    """A period of a subtree, up to `cutoff` (the period's last day or today, whichever is earlier).

    expected, reported: branches that owed a monthly report, and that owe none any more; missing: the others' codes.
    lines: what the figures are made of, unit by unit.
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
    lines: Lines

    @property
    def branches(self) -> tuple[BranchLine, ...]:
        """Every branch that owed a report or counts something, by code."""
        return self.lines.branches

    @property
    def committees(self) -> tuple[BranchLine, ...]:
        """The bodies above branches that count something of their own, by code."""
        return self.lines.committees

    def figure(self, code: str) -> Figure:
        """Return one figure. Raises KeyError."""
        for found in self.indicators:
            if found.indicator.code == code:
                return found
        raise KeyError(code)


def figures(session: Session, unit_id: int, period: Period, today: date) -> Figures:
    """Return the figures of a subtree for a period as they stand today. Raises LookupError for an unknown unit."""
    unit = units.get(session, unit_id)
    known = sources(session, unit_id, period.months, today)
    columns = {row.code: feeds.column(known, row) for row in catalogue()}
    lines = Lines(known.bodies.names, known.months, columns) if known else Lines({}, (), columns)
    return Figures(
        unit_id=unit_id,
        unit=unit.code,
        name=unit.name,
        period=period,
        cutoff=min(period.last, today),
        state=state(session, unit_id, period),
        expected=len(lines.owing),
        reported=len(lines.owing) - len(lines.missing),
        missing=lines.missing_codes,
        indicators=_indicators(session, unit_id, period, today, columns),
        lines=lines,
    )


def state(session: Session, unit_id: int, period: Period) -> str:
    """Return whether a unit's period is open, approved or locked."""
    return period_states.state_of(session, unit_id, str(period))


# By indicator -----------------------------------------------------------------------------------------------------


def _indicators(session: Session, unit_id: int, period: Period, today: date, columns: Columns) -> tuple[Figure, ...]:
    goals = Goals(session, unit_id, period)
    to_date = _since_new_year(session, unit_id, period, today, goals)
    sums = {row.code: feeds.total(columns[row.code], row) for row in catalogue()}
    sums |= derived.amounts(sums, goals, to_date)
    return tuple(_figure(row, sums[row.code], goals, to_date) for row in catalogue())


def _since_new_year(
    session: Session, unit_id: int, period: Period, today: date, goals: Goals
) -> Mapping[str, Amount | None]:
    """Return the year's amounts to date of the flows that are measured against the year's target."""
    wanted = [found for found in catalogue() if found.kind == "flow" and goals.is_years(found.code)]
    if not wanted or period.first_month == 1:
        return {}
    months: Sequence[Period] = [Period(period.year, month, 1) for month in range(1, period.last.month + 1)]
    known = sources(session, unit_id, months, today)
    return {found.code: feeds.total(feeds.column(known, found), found) for found in wanted}


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
