"""A line that reports something: stored at once when complete, else exactly one question naming what was typed."""

from collections.abc import Sequence
from dataclasses import replace

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
from models.forms.words import day_month, example_day
from models.messages import Message, Say, button, verbatim

MAX_BRANCHES = 6
_BRANCH_ISSUES = ("ambiguous_branch", "unknown_branch")
_ASKED_IN_WORDS = ("ambiguous_intent", "planned_meeting", "multi_event")


def ask_unit(context: Context, line: Line) -> Replies:
    """Ask which branch: one's own are offered; a line for somebody else's branch is never stored."""
    own = context.reports_for(*REPORTERS)
    if not own:
        return fill_form.not_a_reporter(context)
    context.conversation.waiting = {"line": line.text, "meant": line.meant}
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
    card = cards.with_asides(cards.card_of(line.reading, facts) or card, line.text)
    issue = next((found for found in line.reading.issues if found.code not in _BRANCH_ISSUES), None)
    if issue is not None and not cards.doubtful_field(issue, card):
        return Outcome(_ask_intent(context, line, issue, unit_id), "asked")
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
        return Outcome(fill_form.put(context, step, doubt(issue, typed)), "asked")
    if not step.complete:
        understood = Say("line.understood", {"headline": card_words(card)})
        return Outcome(fill_form.put(context, step, before=(understood,)), "asked")
    before = submissions.latest_of(context.session, context.who.account_id)
    replies = send_or_ask(context, step)
    after = submissions.latest_of(context.session, context.who.account_id)
    stored = after is not None and (before is None or before.id != after.id)
    return Outcome(replies, "stored" if stored else "asked", after.id if after and stored else None)


def doubt(issue: Issue, line: str) -> Say:
    """Return the question a doubt asks, naming what was typed."""
    return Say(f"line.issue.{issue.code}", {"typed": cards.as_typed(issue, line)[:SHOWN_TEXT]})


def _ask_intent(context: Context, line: Line, issue: Issue, unit_id: int) -> Replies:
    typed = cards.as_typed(issue, line.text)[:SHOWN_TEXT]
    likely = [intent for intent in issue.options if intent in cards.REPORTED]
    if issue.code == "ambiguous_intent" and likely:
        context.conversation.waiting = {"line": line.text, "unit": unit_id}
        return [_which_intent(likely, typed)]
    if issue.code in _ASKED_IN_WORDS:
        return say(f"line.issue.{issue.code}", typed=typed)
    return say("line.unclear", typed=typed, day=day_month(example_day(context.today)))


def _which_intent(likely: Sequence[str], typed: str) -> Message:
    buttons = [press(f"line.intent.{intent}", "line_meant", intent) for intent in dict.fromkeys(likely)]
    rows = (*rows_of(buttons), row(press("button.cancel", "line_drop")))
    return Message((Say("line.which_intent", {"typed": typed}),), rows)


def card_words(card: Card) -> str:
    """Return a card in one sentence."""
    form = FORMS[card.form_id]
    return form.headline({**form.defaults, **card.answers})
