"""A line that reports something: stored at once when complete, else exactly one question naming what was typed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import cards, dialog, fill_form
from handlers.cards import Card
from handlers.context import Context
from handlers.dialog import Draft
from handlers.line_reading import LINE, SHOWN_TEXT, Line, Outcome
from handlers.permissions import REPORTERS
from handlers.send_report import send_or_ask
from handlers.talk import Replies, press, row, rows_of, say
from handlers.understand import Issue
from models import reporting, submissions, units
from models.forms import FORMS
from models.forms.base import Facts
from models.messages import Message, Say, button, verbatim
from models.submissions import Submission

MAX_BRANCHES = 6
_BRANCH_ISSUES = ("ambiguous_branch", "unknown_branch")
_ASKED_IN_WORDS = ("ambiguous_intent", "planned_meeting", "multi_event")


def ask_unit(context: Context, line: Line) -> Replies:
    """Ask which branch: one's own are offered; a line for somebody else's branch is never stored."""
    own = context.who.units(*REPORTERS)
    if not own:
        return say("form.not_a_reporter")
    context.conversation.waiting = {"line": line.text}
    buttons = [button(verbatim(units.get(context.session, unit_id).name), "line_unit", unit_id) for unit_id in own]
    typed = line.reading.slots.branch
    named = line.reading.branch
    if typed is None:
        asked = Say("line.which_unit")
    elif named is not None and named.branch_id:
        other = units.get(context.session, int(named.branch_id)).name
        asked = Say("line.not_your_unit", {"other": other})
    else:
        asked = Say("line.unknown_unit", {"typed": typed})
    return [Message((asked,), (*rows_of(buttons[:MAX_BRANCHES], 1), row(press("button.cancel", "line_drop"))))]


def take(context: Context, line: Line, unit_id: int) -> Outcome:
    """Store the line's report if it is complete and consistent; else open its form at the one doubtful field."""
    unit = units.get(context.session, unit_id)
    card = cards.card_of(line.reading)
    if card is None:
        return Outcome([])
    facts = reporting.facts_for(context.session, unit, card.form_id, context.today)
    card = cards.with_kind(cards.card_of(line.reading, facts) or card, line.text)
    issue = next((found for found in line.reading.issues if found.code not in _BRANCH_ISSUES), None)
    if issue is not None and not cards.doubtful_field(issue, card):
        return Outcome(_ask_intent(line, issue), "asked")
    return begin(context, card, unit_id, facts, issue, line.text)


def begin(
    context: Context, card: Card, unit_id: int, facts: Facts, issue: Issue | None = None, typed: str = ""
) -> Outcome:
    """Store a card's report if it is complete, else open its form at the one field that is missing or doubtful.

    typed: the line that holds the doubt, to be named as it was written.
    """
    form = FORMS[card.form_id]
    context.conversation.serial += 1
    draft = Draft(card.form_id, unit_id, context.conversation.serial, brief=True)
    if context.message_id:
        draft = replace(draft, sources={LINE: context.message_id})
    step = dialog.fill(form, replace(draft, answers=dict(form.defaults)), card.answers, facts)
    if issue is not None:
        field_id = cards.doubtful_field(issue, card)
        step = dialog.change(form, step.draft, field_id, facts, cards.likely_answers(issue, field_id, facts))
        return Outcome(fill_form.put(context, step, _doubt(issue, typed)), "asked")
    if not step.complete:
        understood = Say("line.understood", {"headline": card_words(card)})
        return Outcome(fill_form.put(context, step, before=(understood,)), "asked")
    before = submissions.latest_of(context.session, context.who.account_id)
    replies = send_or_ask(context, step)
    after = submissions.latest_of(context.session, context.who.account_id)
    stored = after is not None and (before is None or before.id != after.id)
    return Outcome(replies, "stored" if stored else "asked", after.id if after and stored else None)


def _doubt(issue: Issue, line: str) -> Say:
    return Say(f"line.issue.{issue.code}", {"typed": cards.as_typed(issue, line)[:SHOWN_TEXT]})


def _ask_intent(line: Line, issue: Issue) -> Replies:
    key = f"line.issue.{issue.code}" if issue.code in _ASKED_IN_WORDS else "line.unclear"
    return say(key, typed=cards.as_typed(issue, line.text)[:SHOWN_TEXT])


def card_words(card: Card) -> str:
    """Return a card in one sentence."""
    form = FORMS[card.form_id]
    return form.headline({**form.defaults, **card.answers})


def correct(context: Context, line: Line) -> Outcome:
    """Correct the report sent last: what is named replaces what was said, old and new are shown."""
    report = _last_report(context)
    if report is None:
        return Outcome(say("line.nothing_to_correct"))
    form = FORMS[report.form_id]
    unit = units.get(context.session, report.unit_id)
    facts = reporting.facts_for(context.session, unit, report.form_id, context.today, report.id)
    context.conversation.serial += 1
    draft = Draft(
        report.form_id,
        report.unit_id,
        context.conversation.serial,
        answers=report.answers,
        replaces=report.id,
        brief=True,
    )
    changed = _consistent(cards.correction(line.reading, report.form_id), report)
    doubt = next((found for found in line.reading.issues if found.code == "ambiguous_fraction"), None)
    if doubt is not None and report.form_id == "meeting":
        choices = cards.likely_answers(doubt, "held_on", facts)
        step = dialog.offer(form, draft, "held_on", facts, choices)
        return Outcome(fill_form.put(context, step, _doubt(doubt, line.text)), "asked")
    if not changed or line.reading.needs_confirm:
        context.conversation.draft = draft.to_json()
        return Outcome(fill_form.guarded(context, "change", [str(draft.serial)]), "asked")
    if "count" in changed and len(report.answers.get("dates", ())) == 1:
        changed = {"dates": report.answers["dates"], **changed}  # one day for all stays the day
    forgotten = _follows(changed)
    kept = {name: value for name, value in report.answers.items() if name not in forgotten}
    step = dialog.fill(form, replace(draft, answers=kept), changed, facts)
    if not step.complete:
        return Outcome(fill_form.put(context, step), "asked")
    return Outcome(send_or_ask(context, step), "stored")


def _last_report(context: Context) -> Submission | None:
    report = submissions.latest_of(context.session, context.who.account_id)
    if report is None or report.state != "submitted":
        return None
    return report if report.unit_id in context.who.units(*FORMS[report.form_id].reporters) else None


def _consistent(changed: dict[str, Any], report: Submission) -> dict[str, Any]:
    """Leave out what the report says already."""
    return {name: value for name, value in changed.items() if report.answers.get(name) != value}


def _follows(changed: Mapping[str, Any]) -> set[str]:
    """Return the answers that no longer hold once these change."""
    forgotten: set[str] = set()
    if "present" in changed or "total" in changed:
        forgotten |= {"absent_excused"} - changed.keys()
    if "total" in changed:
        forgotten |= {"official", "probationary", "exempt"}
    if "held_on" in changed:
        forgotten |= {"month"}
    return forgotten
