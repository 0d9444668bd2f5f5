"""The open draft of a talk, with its form and what is known of its unit."""

from dataclasses import replace

from handlers.context import Context
from handlers.dialog import Draft
from models import duties, reporting, units
from models.forms import FORMS
from models.forms.base import Beneath, Facts, Form
from models.forms.directive import DIRECTIVE
from models.periods import month_of
from models.reporting import Sender
from models.views import code_order


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
    if draft.form_id == DIRECTIVE.id:
        facts = replace(facts, beneath=beneath(context, draft.unit_id))
    return FORMS[draft.form_id], facts


def beneath(context: Context, unit_id: int) -> Beneath:
    """Return the branches a directive of a committee may go to today: those that exist and are not paused."""
    below = units.subtree(context.session, [unit_id], context.today) - units.paused_ids(context.session, context.today)
    found = [unit for unit in units.listed(context.session, below, ["chi_bo"]) if units.valid_on(unit, context.today)]
    found.sort(key=lambda unit: code_order(unit.code))
    return Beneath(
        names={units.unit_id(unit): unit.name for unit in found},
        sectors={units.unit_id(unit): unit.sector for unit in found},
        typed=context.settings.words.words(context.session).names,
        unreported=_unreported(context, {units.unit_id(unit) for unit in found}),
    )


def _unreported(context: Context, unit_ids: set[int]) -> frozenset[int]:
    owed = duties.expected(context.session, [month_of(context.today)], unit_ids)
    return frozenset(row.unit_id for row in owed if row.status == "open")


def sender(context: Context) -> Sender:
    """Return who reports, when."""
    return Sender(context.who.account_id, context.now, context.today)
