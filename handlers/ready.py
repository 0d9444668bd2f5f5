"""The reminder's button "held today, everyone present": the meeting's form, filled in, waiting for "send"."""

from collections.abc import Sequence
from datetime import date

from handlers import dialog, drafts, fill_form
from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import may_report
from handlers.talk import Replies, as_number, say
from models.duties import MEETING
from models.forms import FORMS
from models.periods import parse_period


def ready(context: Context, args: Sequence[str]) -> Replies:
    """Open the meeting's form for a unit, period and day (ISO) with all that must attend present, and ask to send it.

    What is not known, such as the members of a branch that never reported, is asked as always.
    """
    named = _named(args)
    if named is None:
        return say("talk.stale")
    unit_id, period, held_on = named
    if not may_report(context.who, FORMS[MEETING].reporters, unit_id) or held_on > context.today:
        return say("talk.stale")
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, MEETING)
    context.conversation.serial += 1
    draft = Draft(MEETING, unit_id, context.conversation.serial, brief=True)
    form, facts = drafts.form_and_facts(context, draft)
    # The reminder said which month's meeting it asks about: it is not asked again.
    answers: dict[str, object] = {**form.defaults, "held_on": held_on.isoformat(), "month": period}
    if facts.stock is not None:
        required = facts.stock.required
        answers |= {"present": required, "total": required, "absent_excused": 0}
    return fill_form.put(context, dialog.fill(form, draft, answers, facts))


def _named(args: Sequence[str]) -> tuple[int, str, date] | None:
    unit_id = as_number(args[0]) if len(args) == 3 else None
    if unit_id is None:
        return None
    try:
        return unit_id, str(parse_period(args[1])), date.fromisoformat(args[2])
    except ValueError:
        return None


VERBS = {"ready": ready}
