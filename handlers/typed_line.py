"""A line typed outside any form: stored at once when complete, else exactly one question naming what was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import (
    cards,
    directive,
    fill_form,
    help_lines,
    line_cards,
    line_followup,
    line_reports,
    line_status,
    proposal_line,
)
from handlers.context import Context
from handlers.line_reading import Line, Outcome, log, understand, unit_of
from handlers.permissions import REPORTERS
from handlers.talk import Replies, as_number, say
from handlers.understand import Reading
from models.messages import Message, Say

SHOWN_NAMES = 6


def answer(context: Context, line: str, unit_id: int | None = None, meant: str = "") -> Replies | None:
    """Answer a line by what it says, or None when it says nothing the bot knows. Every line is logged, names masked.

    unit_id, meant: the unit and the intent that questions about them were answered with.
    """
    reading = understand(context, line, meant)
    return logged(context, line, reading, _outcome(context, Line(line, reading, unit_id, meant)))


def aside(context: Context, line: str, form_id: str) -> Replies | None:
    """Answer a line that plainly is no answer to a form's open question: a whole report, a question, another event."""
    if not any(sign.isalpha() for sign in line):
        return None
    reading = understand(context, line)
    card = cards.card_of(reading)
    elsewhere = card is not None and card.form_id != form_id and not reading.needs_confirm
    outcome = _outcome(context, Line(line, reading))
    plainly = outcome.called in ("stored", "unknown") or elsewhere
    plainly = plainly or (outcome.called == "answered" and reading.intent != "correction")
    return logged(context, line, reading, outcome) if plainly and outcome.replies else None


def logged(context: Context, line: str, reading: Reading, outcome: Outcome) -> Replies | None:
    """Log a line with what came of it and return the answer, the persons it names said aloud: they are not stored."""
    log(context, line, reading, outcome)
    names = tuple(dict.fromkeys(name for one in (reading, *reading.others) for name in one.slots.person_names))
    if not names or not outcome.replies or outcome.called not in ("stored", "asked"):
        return outcome.replies or None
    heard = Say("line.names", {"names": ", ".join(" ".join(name.split()) for name in names[:SHOWN_NAMES])})
    first, *others = outcome.replies
    parts = (*first.parts, heard) if outcome.called == "stored" else (heard, *first.parts)
    return [replace(first, parts=parts), *others]


def _outcome(context: Context, line: Line) -> Outcome:
    return line_followup.add(context, line) or _INTENTS.get(line.reading.intent, _unknown)(context, line)


def _report(context: Context, line: Line) -> Outcome:
    if not context.who.units(*REPORTERS) and line_status.counts(line):
        return Outcome(line_status.answer(context, line))
    if line.reading.others:
        return Outcome(line_cards.ask_about_several(context, line), "asked")
    unit_id = line.unit_id or unit_of(context, line.reading.branch)
    if unit_id is None:
        return Outcome(line_reports.ask_unit(context, line), "asked")
    return line_reports.take(context, line, unit_id)


def _on_unit(context: Context, args: Sequence[str]) -> Replies:
    return _take_up(context, {"unit": as_number(args[0]) if args else None})


def _on_meant(context: Context, args: Sequence[str]) -> Replies:
    return _take_up(context, {"meant": args[0]}) if args and args[0] in cards.REPORTED else say("talk.stale")


def _take_up(context: Context, chosen: Mapping[str, Any]) -> Replies:
    """Go on with the line that waits for its unit or intent; nobody reports for a unit that is no longer theirs."""
    waiting, context.conversation.waiting = context.conversation.waiting, None
    told = {**(waiting or {}), **chosen}
    if "line" not in told or told.get("unit") not in context.who.units(*REPORTERS):
        return say("talk.stale")
    if context.conversation.draft is not None:
        return fill_form.show_again(context)
    return answer(context, told["line"], told["unit"], told.get("meant", "")) or say("talk.stale")


def _on_drop(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.waiting = None
    context.conversation.menu = []
    return say("form.cancelled")


def _help(context: Context, line: Line) -> Outcome:
    asked = line_status.asked(context, line)
    if asked:
        return Outcome(asked)
    return Outcome([Message(help_lines.lines(context.who, context.today), help_lines.buttons(context.who))])


def _acknowledge(context: Context, line: Line) -> Outcome:
    return Outcome(directive.acknowledge(context, line.text, line.reading.slots.doc_ref))


def _unknown(context: Context, line: Line) -> Outcome:
    """Answer a question in words the reading knows nothing of, say why a plan is not stored; else leave the hint."""
    asked = line_status.asked(context, line)
    if asked:
        return Outcome(asked)
    if any(issue.code == "planned_meeting" for issue in line.reading.issues) and context.who.holds(*REPORTERS):
        return Outcome(say("line.issue.planned_meeting", typed=line.shown), "unknown")
    return proposal_line.answer(context, line) or Outcome([], "unknown")


_INTENTS: dict[str, Callable[[Context, Line], Outcome]] = {
    **dict.fromkeys(cards.REPORTED, _report),
    "correction": line_followup.correct,
    "ask_status": lambda context, line: Outcome(line_status.answer(context, line)),
    "help": _help,
    "ack_directive": _acknowledge,
}
VERBS = {"line_unit": _on_unit, "line_meant": _on_meant, "line_cards": line_cards.on_cards, "line_drop": _on_drop}
