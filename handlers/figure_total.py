"""What a figure of the office's own amounts to with the statement just stored, so that a double one is seen."""

from handlers.context import Context
from handlers.period_names import period_say
from models import own_totals
from models.aggregation import Amount
from models.forms.amounts import amount_words
from models.forms.own_figures import OWN_FIGURES, own_figures
from models.messages import Say
from models.periods import parse_period
from models.submissions import Submission

_SEVERAL = 2


def of_stored(context: Context, stored: Submission) -> tuple[Say, ...]:
    """Say what the quarter, or the year, amounts to; nothing where the statement is its first."""
    figure = own_figures().get(stored.kind) if stored.form_id == OWN_FIGURES.id else None
    if figure is None:
        return ()
    period = own_totals.counted_over(figure.indicator, parse_period(stored.period))
    stated = own_totals.stated(context.session, stored.unit_id, figure.code, period)
    amount = own_totals.total(context.session, stored.unit_id, figure.indicator, period)
    if amount is None or len(stated) < _SEVERAL:
        return ()
    return (Say("own_figures.total", {"period": period_say(str(period)), "amount": total_words(figure.code, amount)}),)


def total_words(code: str, amount: Amount) -> str:
    """Return an amount of a figure as a receipt says it."""
    figure = own_figures()[code]
    return amount_words({"count": amount.number, "of": amount.of}, figure.indicator, figure.unit)
