"""A line typed outside any form: stored at once when complete, else exactly one question naming what was typed."""

import re
from collections.abc import Callable, Sequence

from handlers import cards, dialog, directive, fill_form, help_lines, line_cards, line_reports, my_work, overview
from handlers.context import Context
from handlers.dialog import Draft
from handlers.line_reading import SHOWN_TEXT, Line, Outcome, answers_of, log, understand, unit_of
from handlers.line_reports import MAX_BRANCHES
from handlers.permissions import REPORTERS, may
from handlers.talk import Replies, as_number, rows_of, say
from models import reporting, units
from models.forms import FORMS
from models.messages import Message, Say, button, verbatim
from models.periods import month_of
from models.vietnamese.branch_names import BranchMatch
from models.vietnamese.folding import fold

RECORDED = (*cards.MEETINGS, *cards.EVENTS)


def answer(context: Context, line: str, unit_id: int | None = None) -> Replies | None:
    """Answer a line by what it says, or None when it says nothing the bot knows. Every line is logged, names masked.

    unit_id: the unit a question about the branch was answered with.
    """
    reading = understand(context, line)
    handler = _INTENTS.get(reading.intent, _unknown)
    outcome = handler(context, Line(line, reading, unit_id))
    log(context, line, reading, outcome)
    return outcome.replies or None


def fill_open_form(context: Context, line: str) -> Replies | None:
    """Let a line that names several answers fill the open form, whatever it asks; None when it does not fit."""
    draft = Draft.from_json(context.conversation.draft or {})
    answers = answers_of(context, line, draft)
    corrects = draft.replaces is not None and understand(context, line).intent == "correction"
    if len(answers) < (1 if corrects else _NAMED_AT_LEAST):
        return None
    if "event" in answers and draft.answers.get("event", answers["event"]) != answers["event"]:
        # The line tells of another event: the one half told must not be lost in silence.
        return fill_form.ask_about_open_draft(context, draft.form_id)
    unit = units.get(context.session, draft.unit_id)
    facts = reporting.facts_for(context.session, unit, draft.form_id, context.today, draft.replaces)
    return fill_form.put(context, dialog.fill(FORMS[draft.form_id], draft, answers, facts))


_NAMED_AT_LEAST = 2  # outcome and one more; a single answer belongs to the question asked


def _report(context: Context, line: Line) -> Outcome:
    if line.reading.others:
        return Outcome(line_cards.ask_about_several(context, line), "asked")
    unit_id = line.unit_id or unit_of(context, line.reading.branch)
    if unit_id is None:
        return Outcome(line_reports.ask_unit(context, line), "asked")
    return line_reports.take(context, line, unit_id)


def _on_unit(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    unit_id = as_number(args[0]) if args else None
    if not waiting or "line" not in waiting or unit_id not in context.who.units(*REPORTERS):
        return say("talk.stale")
    if context.conversation.draft is not None:
        return fill_form.show_again(context)
    return answer(context, waiting["line"], unit_id) or say("talk.stale")


def _on_drop(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.waiting = None
    context.conversation.menu = []
    return say("form.cancelled")


def _status(context: Context, line: Line) -> Outcome:
    typed, named = _asked_about(context, line)
    if named is None:
        own = context.who.units(*REPORTERS)
        return Outcome(my_work.command(context) if own else overview.command(context, ""))
    month = month_of(context.today)
    seen = [
        unit_id
        for unit_id in map(int, (named.branch_id,) if named.branch_id else named.candidates)
        if may(context.who, "see", units.lineage(context.session, unit_id, context.today))
    ][:MAX_BRANCHES]
    if not seen:
        return Outcome(say("line.unknown_unit_asked", typed=typed))
    if len(seen) == 1:
        return Outcome([overview.branch(context, month, seen[0])])
    buttons = [button(verbatim(units.get(context.session, found).name), "branch", str(month), found) for found in seen]
    return Outcome([Message((Say("line.which_unit_asked"),), rows_of(buttons, 1))], "asked")


def _asked_about(context: Context, line: Line) -> tuple[str, BranchMatch | None]:
    """Return the branch a question names, as typed and as matched; whoever only watches names it without "cb" too."""
    if line.reading.branch is not None:
        return line.reading.slots.branch or line.shown, line.reading.branch
    asked = _ASKED.fullmatch(fold(line.text).strip(" ?.!"))
    if asked is None or asked["name"] in _NOBODY or context.who.holds(*REPORTERS):
        return "", None
    names = context.settings.words.words(context.session).names
    matched = names.match(asked["name"])
    typed = line.text.strip()[: asked.end("name")][:SHOWN_TEXT]
    return typed, matched if matched.status != "none" else BranchMatch("none", None, ())


# "hồng hà báo cáo chưa?": what stands before the question is a name, unless it asks about everybody.
_ASKED = re.compile(r"(?P<name>.+?) (?:da |co )?(?:bao cao|nop|gui|hop|bao)(?: bao cao)? (?:chua|roi chua|the nao)")
_NOBODY = (
    "ai",
    "nhung ai",
    "chi bo nao",
    "don vi nao",
    "cac chi bo",
    "cac don vi",
    "thang nay",
    "thang truoc",
    "bao nhieu chi bo",
)


def _help(context: Context, _line: Line) -> Outcome:
    return Outcome([Message(help_lines.lines(context.who), help_lines.buttons(context.who))])


def _acknowledge(context: Context, line: Line) -> Outcome:
    return Outcome(directive.acknowledge(context, line.text, line.reading.slots.doc_ref))


def _unknown(context: Context, line: Line) -> Outcome:
    """Say why a plan is not stored; leave everything else to the hint."""
    if any(issue.code == "planned_meeting" for issue in line.reading.issues) and context.who.holds(*REPORTERS):
        return Outcome(say("line.issue.planned_meeting", typed=line.shown), "unknown")
    return Outcome([], "unknown")


_INTENTS: dict[str, Callable[[Context, Line], Outcome]] = {
    **dict.fromkeys(RECORDED, _report),
    "correction": line_reports.correct,
    "ask_status": _status,
    "help": _help,
    "ack_directive": _acknowledge,
}
VERBS = {"line_unit": _on_unit, "line_cards": line_cards.on_cards, "line_drop": _on_drop}
