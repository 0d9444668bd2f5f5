"""A button typed by its label, on a channel without buttons, though another menu is open by now.

A notice never replaces the open menu, and an earlier answer still stands on the screen: what is offered there may be
typed as long as no form is being filled, where the words may be an answer.
"""

from datetime import timedelta

from handlers import fill_form
from handlers.context import Context
from models import sent_menus
from models.messages import Action
from models.vietnamese.folding import fold

MENU_MARKS = " .:)!-"  # what people type around a label or a number
DAYS = timedelta(days=14)
ASKED_ABOUT = ("d_ack", "d_done")  # where several directives are open, the words are asked about
_LEFT_TO_READING = (*ASKED_ABOUT, *fill_form.VERBS)  # a form that is no longer open has no buttons either


def choice(context: Context, folded: str) -> str | None:
    """Return the action of the newest message's button of a label, typed with or without diacritics; else None."""
    if context.has_buttons or context.actor is None or not folded:
        return None
    label, filling = context.settings.label, context.conversation.draft is not None
    shown = sent_menus.buttons(context.session, context.actor.account_id, context.now - DAYS, unasked=filling)
    named = (button.action for button in shown if fold(label(button.label)).strip(MENU_MARKS) == folded)
    return next((action for action in named if Action.decode(action).verb not in _LEFT_TO_READING), None)
