"""The committee's own figures typed by its office ("đã ban hành 8 văn bản"): stored at once, answered by a receipt."""

import re

from handlers import dialog
from handlers.context import Context
from handlers.dialog import Draft
from handlers.send_report import send_or_ask
from handlers.talk import Replies
from models import reporting, units
from models.forms import FORMS
from models.forms.own_figures import own_figures
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_number

FORM = "own_figures"
DONE = r"(?:da |vua )?(?:ban hanh|trien khai|dang|viet|thanh lap|kien toan|to chuc|tien hanh|trao|trao tang|cap|doi)"
_COUNT = r"(?P<count>\d{1,3}|(?:\w+ ){0,2}?\w+)"


def answer(context: Context, line: str) -> Replies | None:
    """Store a figure an officer typed, dated today, or None when the line is no such figure."""
    own = context.who.units("officer")
    found = read_figure(line)
    if not own or found is None:
        return None
    code, count = found
    context.conversation.serial += 1
    draft = Draft(FORM, own[0], context.conversation.serial, brief=True)
    facts = reporting.facts_for(context.session, units.get(context.session, own[0]), FORM, context.today)
    said = {"event": code, "count": count, "dates": [context.today.isoformat()]}
    return send_or_ask(context, dialog.fill(FORMS[FORM], draft, said, facts))


def read_figure(line: str) -> tuple[str, int] | None:
    """Return the indicator and the number a line says was done, or None; a plan or a question is none."""
    text = " ".join(fold(line).split()).strip(" .!")
    for figure in own_figures().values():
        for phrase in figure.typed:
            said = re.fullmatch(rf"{DONE} (?:duoc )?{_COUNT} {re.escape(phrase)}", text)
            count = read_number(said["count"]) if said else None
            if count:
                return figure.code, count
    return None
