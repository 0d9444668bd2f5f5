"""What units state as figures: the branches' quarterly forms and the committees' own figures, by indicator."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select

from models.aggregation import Amount
from models.database import among
from models.forms.amounts import amount_of
from models.forms.own_figures import OWN_FIGURES
from models.forms.quarterly import FORM_ID as QUARTERLY
from models.forms.quarterly import asked_of, stored_answers
from models.indicators import Indicator, by_code
from models.indicators import load as catalogue
from models.periods import parse_period, quarter_of
from models.submissions import CURRENT, Submission


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount a unit stated, and the last day it speaks of; within: whether it belongs to the period itself."""

    day: date
    amount: Amount
    within: bool


ByIndicator = dict[str, dict[int, list[Stated]]]


def load(session: Session, first: date, cutoff: date, last: date, unit_ids: AbstractSet[int]) -> ByIndicator:
    """Return by indicator and unit what was stated from the year's beginning up to a period's cut-off.

    What was said before the period still counts for indicators of which the year's last word counts.
    """
    found: ByIndicator = defaultdict(lambda: defaultdict(list))
    rows = session.exec(
        select(Submission.unit_id, Submission.form_id, Submission.period, col(Submission.answers))
        .where(
            or_(col(Submission.form_id) == QUARTERLY, col(Submission.form_id) == OWN_FIGURES.id),
            col(Submission.state).in_(CURRENT),
            col(Submission.period).between(f"{first.year}-", f"{first.year}-~"),
            among(col(Submission.unit_id), unit_ids),
        )
        .order_by(col(Submission.id))
    )
    for unit_id, form_id, period, answers in rows:
        if unit_id not in unit_ids:
            continue
        if form_id == QUARTERLY:
            _add_quarter(found, (unit_id, period), answers, (first, cutoff, last))
        else:
            _add_own(found, unit_id, answers, (first, cutoff))
    return found


def _add_quarter(
    found: ByIndicator, of: tuple[int, str], answers: Mapping[str, Any], days: tuple[date, date, date]
) -> None:
    (unit_id, period), (first, cutoff, last) = of, days
    quarter = parse_period(period)
    if quarter.first > cutoff or quarter.last > quarter_of(last).last or last < quarter.last:
        return  # a quarter's figures are no single month's
    for row in asked_of(catalogue()):
        value = answers.get(row.code)
        if value is not None:
            amount = amount_of(stored_answers(value, row), row)
            found[row.code][unit_id].append(Stated(quarter.last, amount, quarter.first >= first))


def _add_own(found: ByIndicator, unit_id: int, answers: Mapping[str, Any], days: tuple[date, date]) -> None:
    day = date.fromisoformat(answers["dates"][0])
    if day > days[1]:
        return
    try:
        indicator = by_code(answers["event"])
    except LookupError:
        return  # of an indicator the catalogue no longer has
    found[indicator.code][unit_id].append(Stated(day, amount_of(answers, indicator), day >= days[0]))


def together(indicator: Indicator, stated: list[Stated]) -> Amount | None:
    """Return what one unit's statements amount to: added up, or the last one, or n added and d the last.

    None where nothing was stated.
    """
    if indicator.over_time.startswith("sum / last"):
        return _running(stated)
    if indicator.over_time.startswith("sum"):
        amounts = [one.amount for one in stated if one.within]
        return sum(amounts[1:], amounts[0]) if amounts else None
    return max(stated, key=lambda one: one.day).amount if stated else None


def _running(stated: list[Stated]) -> Amount | None:
    """Return done since the year began of what was last planned for the year."""
    if not stated:
        return None
    return Amount(sum(one.amount.number for one in stated), max(stated, key=lambda one: one.day).amount.of)
