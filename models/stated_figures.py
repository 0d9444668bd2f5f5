"""What units state as figures: the branches' quarterly forms and the committees' own figures, by indicator."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session

from models.columns import Column, added, column_of, last
from models.database import narrowed, plain_rows
from models.forms.amounts import amount_of, has_two
from models.forms.own_figures import OWN_FIGURES
from models.forms.quarterly import FORM_ID as QUARTERLY
from models.forms.quarterly import asked_of
from models.indicators import Indicator, by_code
from models.indicators import load as catalogue
from models.periods import parse_period, quarter_of
from models.submissions import CURRENT, Submission

_REPORTS: Table = Submission.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_STATED = (
    select(_REPORTS.c.unit_id, _REPORTS.c.form_id, _REPORTS.c.period, _REPORTS.c.answers)
    .where(
        _REPORTS.c.form_id.in_((QUARTERLY, OWN_FIGURES.id)),
        _REPORTS.c.state.in_(CURRENT),
        _REPORTS.c.period.between(bindparam("begin"), bindparam("end")),
    )
    .order_by(_REPORTS.c.id)
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What units stated of one indicator, and the last day it speaks of; within: whether it is of the period itself."""

    day: date
    column: Column
    within: bool


ByIndicator = dict[str, list[Stated]]
Days = tuple[date, date, date]  # a period's first day, its cut-off and its last day


def load(session: Session, first: date, cutoff: date, last: date, unit_ids: AbstractSet[int]) -> ByIndicator:
    """Return by indicator what was stated from the year's beginning up to a period's cut-off, in order of writing.

    What was said before the period still counts for indicators of which the year's last word counts.
    """
    query = narrowed(_STATED, _REPORTS.c.unit_id, unit_ids)
    rows = plain_rows(session, query, begin=f"{first.year}-", end=f"{first.year}-~")
    quarters: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    found: ByIndicator = defaultdict(list)
    for unit_id, form_id, period, answers in rows:
        if unit_id not in unit_ids:
            continue
        if form_id == QUARTERLY:
            quarters[period][unit_id] = answers
        else:
            _add_own(found, unit_id, answers, (first, cutoff, last))
    for period, by_unit in quarters.items():
        _add_quarter(found, period, by_unit, (first, cutoff, last))
    return found


def _add_quarter(found: ByIndicator, period: str, by_unit: Mapping[int, Mapping[str, Any]], days: Days) -> None:
    first, cutoff, last = days
    quarter = parse_period(period)
    if quarter.first > cutoff or quarter.last > quarter_of(last).last or last < quarter.last:
        return  # a quarter's figures are no single month's
    for row in asked_of(catalogue()):
        column = _column(row, by_unit)
        if column.numbers:
            found[row.code].append(Stated(quarter.last, column, quarter.first >= first))


def _column(indicator: Indicator, by_unit: Mapping[int, Mapping[str, Any]]) -> Column:
    """Return what the units' forms say of one indicator: a number, or a list of them."""
    code = indicator.code
    said = {unit_id: value for unit_id, answers in by_unit.items() if (value := answers.get(code)) is not None}
    if indicator.kind != "parts" and not has_two(indicator):
        return Column((said,) if said else ())
    places = zip(*said.values(), strict=True)
    return Column(tuple(dict(zip(said, numbers, strict=True)) for numbers in places), None, indicator.kind == "parts")


def _add_own(found: ByIndicator, unit_id: int, answers: Mapping[str, Any], days: Days) -> None:
    first, cutoff, _ = days
    day = date.fromisoformat(answers["dates"][0])
    if day > cutoff:
        return
    try:
        indicator = by_code(answers["event"])
    except LookupError:
        return  # of an indicator the catalogue no longer has
    column = column_of(unit_id, amount_of(answers, indicator))
    found[indicator.code].append(Stated(day, column, day >= first))


def together(indicator: Indicator, stated: list[Stated]) -> Column:
    """Return what statements amount to, unit by unit: added up, or the last one, or n added and d the last."""
    if indicator.over_time.startswith("sum / last"):
        return _running(stated)
    if indicator.over_time.startswith("sum"):
        return added([one.column for one in stated if one.within])
    return _latest(stated)


def _latest(stated: list[Stated]) -> Column:
    # Of one day the first that was written counts: sorting backwards keeps their order, and the last of all wins.
    return last([one.column for one in sorted(stated, key=lambda one: one.day, reverse=True)][::-1])


def _running(stated: list[Stated]) -> Column:
    """Return done since the year began of what was last planned for the year."""
    done, planned = added([one.column for one in stated]).numbers[:1], _latest(stated).numbers[1:]
    return Column((*done, *planned))
