"""The open draft of a talk, with its form and what is known of its unit."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import REPORTERS
from models import directive_sending, duties, reporting, units
from models.forms import FORMS
from models.forms.base import Beneath, Facts, Form
from models.forms.directive import DIRECTIVE
from models.forms.directive_audience import KINDS
from models.periods import month_of
from models.reporting import Sender
from models.units import Unit
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
    """Return the branches a directive of a committee may go to today: those that exist and are not paused.

    Units of another kind are among them where somebody there can receive it.
    """
    session, today = context.session, context.today
    below = units.subtree(session, [unit_id], today) - units.paused_ids(session, today) - {unit_id}
    there = [unit for unit in units.listed(session, below) if units.valid_on(unit, today)]
    others = _of_other_kinds(context, there)
    found = [unit for unit in there if unit.kind == "chi_bo" or units.unit_id(unit) in others.get(unit.kind, ())]
    found.sort(key=lambda unit: code_order(unit.code))
    return Beneath(
        names={units.unit_id(unit): unit.name for unit in found},
        sectors={units.unit_id(unit): unit.sector for unit in found},
        typed=context.settings.words.words(session).names,
        unreported=_unreported(context, {units.unit_id(unit) for unit in found}),
        others=others,
    )


def _of_other_kinds(context: Context, there: Sequence[Unit]) -> dict[str, frozenset[int]]:
    kinds = {units.unit_id(unit): unit.kind for unit in there if unit.kind != "chi_bo"}
    reached = directive_sending.addressed(context.session, kinds, REPORTERS, context.now)
    held = {unit_id for one in reached for unit_id in one.unit_ids}
    by_kind = {kind: frozenset(one for one in held if kinds[one] == kind) for kind in KINDS}
    return {kind: ids for kind, ids in by_kind.items() if ids}


def _unreported(context: Context, unit_ids: set[int]) -> frozenset[int]:
    owed = duties.expected(context.session, [month_of(context.today)], unit_ids)
    return frozenset(row.unit_id for row in owed if row.status == "open")


def sender(context: Context) -> Sender:
    """Return who reports, when."""
    return Sender(context.who.account_id, context.now, context.today)
