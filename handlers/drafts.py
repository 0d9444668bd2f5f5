"""The open draft of a talk, with its form and what is known of its unit."""

from handlers.context import Context
from handlers.dialog import Draft
from models import reporting, units
from models.forms import FORMS
from models.forms.base import Facts, Form
from models.reporting import Sender


def current(context: Context) -> Draft:
    """Return the open draft. Raises LookupError when none is open."""
    stored = context.conversation.draft
    if stored is None:
        raise LookupError("no draft is open")
    return Draft.from_json(stored)


def form_and_facts(context: Context, draft: Draft) -> tuple[Form, Facts]:
    """Return a draft's form and what is known of its unit today."""
    unit = units.get(context.session, draft.unit_id)
    facts = reporting.facts_for(context.session, unit, draft.form_id, context.today, draft.replaces)
    return FORMS[draft.form_id], facts


def sender(context: Context) -> Sender:
    """Return who reports, when."""
    return Sender(context.who.account_id, context.now, context.today)
