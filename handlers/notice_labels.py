"""A reminder's button typed by its label, on a channel without buttons: a notice never replaces the open menu."""

from datetime import timedelta

from handlers.context import Context
from models import sent_menus
from models.messages import Action
from models.vietnamese.folding import fold

DAYS = timedelta(days=14)
ASKED_ABOUT = ("d_ack", "d_done")  # where several directives are open, the words are asked about


def choice(context: Context, folded: str) -> str | None:
    """Return the action of the newest notice's button of a label, typed with or without diacritics; else None."""
    if context.has_buttons or context.actor is None or not folded:
        return None
    label = context.settings.label
    shown = sent_menus.buttons(context.session, context.actor.account_id, context.now - DAYS)
    named = (button.action for button in shown if fold(label(button.label)).strip(" .:)!-") == folded)
    return next((action for action in named if Action.decode(action).verb not in ASKED_ABOUT), None)
