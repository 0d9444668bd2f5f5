"""What a committee's office stated of one of its own figures: the statements of a period, the same one said before."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.aggregation import Amount
from models.forms.amounts import amount_of
from models.forms.own_figures import OWN_FIGURES
from models.indicators import Indicator
from models.periods import Period, parse_period, quarter_of
from models.submissions import CURRENT, Submission

_SAID = ("event", "count", "of", "parts", "dates")


def stated(session: Session, unit_id: int, code: str, period: Period) -> Sequence[Submission]:
    """Return what stands of a figure in the months of a period, in the order it was said."""
    months = [str(month) for month in period.months]
    return session.exec(
        select(Submission)
        .where(
            Submission.unit_id == unit_id,
            Submission.form_id == OWN_FIGURES.id,
            Submission.kind == code,
            col(Submission.period).in_(months),
            col(Submission.state).in_(CURRENT),
        )
        .order_by(col(Submission.period), col(Submission.id))
    ).all()


def said_before(session: Session, unit_id: int, answers: Mapping[str, Any]) -> bool:
    """Return whether the same amount stands for the same day."""
    month = parse_period(str(answers["dates"][0])[:7])
    rows = stated(session, unit_id, str(answers["event"]), month)
    return any(all(row.answers.get(name) == answers.get(name) for name in _SAID) for row in rows)


def is_running(indicator: Indicator) -> bool:
    """Return whether a figure is what was done since New Year of what was last planned."""
    return indicator.over_time.startswith("sum / last")


def counted_over(indicator: Indicator, month: Period) -> Period:
    """Return the period a figure's statements are added over: the quarter, or the year for done of what was planned."""
    return Period(month.year, 1, 12) if is_running(indicator) else quarter_of(month.first)


def total(session: Session, unit_id: int, indicator: Indicator, period: Period) -> Amount | None:
    """Return what the statements of a period add up to; None without any, or where they are not added."""
    rows = stated(session, unit_id, indicator.code, period)
    if not rows or not indicator.over_time.startswith("sum"):
        return None
    found = amount_of(rows[0].answers, indicator)
    for row in rows[1:]:
        found = added(indicator, found, row.answers)
    return found


def added(indicator: Indicator, before: Amount, answers: Mapping[str, Any]) -> Amount:
    """Return a total with one more statement."""
    now = amount_of(answers, indicator)
    return Amount(before.number + now.number, now.of) if is_running(indicator) else before + now
