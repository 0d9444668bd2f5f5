"""A line typed outside any form: stored at once when complete, else exactly one question naming what was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers import cards, dialog, fill_form, my_work, overview
from handlers.cards import Card
from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import REPORTERS, may
from handlers.talk import Replies, as_number, press, row, rows_of, say
from handlers.understand import Issue, Reading, read
from models import readings, reporting, submissions, units
from models.forms import FORMS
from models.forms.base import Facts
from models.messages import Message, Say, button, verbatim
from models.periods import month_of
from models.readings import ReadingRow
from models.submissions import Submission
from models.vietnamese.branch_names import BranchMatch

RECORDED = (*cards.MEETINGS, *cards.EVENTS)
LINE = "line"  # the source of a report that was typed in one line
SHOWN_TEXT = 80
MAX_BRANCHES = 6


@dataclass(slots=True)
class Outcome:
    """What a line led to: the answer, what the log calls it, and the report stored."""

    replies: Replies
    called: str = "answered"
    submission_id: int | None = None


def answer(context: Context, line: str, unit_id: int | None = None) -> Replies | None:
    """Answer a line by what it says, or None when it says nothing the bot knows. Every line is logged, names masked.

    unit_id: the unit a question about the branch was answered with.
    """
    reading = understand(context, line)
    handler = _INTENTS.get(reading.intent, _unknown)
    outcome = handler(context, _Line(line, reading, unit_id))
    _log(context, line, reading, outcome)
    return outcome.replies or None


def understand(context: Context, line: str) -> Reading:
    """Return the reading of a line with the branches and abbreviations as they stand now."""
    words = context.settings.words.words(context.session)
    return read(line, context.today, words.names, words.lexicon)


def fill_open_form(context: Context, line: str) -> Replies | None:
    """Let a line that names several answers fill the open form, whatever it asks; None when it does not fit."""
    draft = Draft.from_json(context.conversation.draft or {})
    answers = answers_of(context, line, draft)
    if len(answers) < _NAMED_AT_LEAST:
        return None
    unit = units.get(context.session, draft.unit_id)
    facts = reporting.facts_for(context.session, unit, draft.form_id, context.today, draft.replaces)
    return fill_form.put(context, dialog.fill(FORMS[draft.form_id], draft, answers, facts))


def answers_of(context: Context, line: str, draft: Draft) -> Mapping[str, Any]:
    """Return what a line says of a draft's form, {} when it is doubtful or says something else."""
    reading = understand(context, line)
    if reading.needs_confirm:
        return {}
    if reading.intent == "correction":
        return cards.correction(reading, draft.form_id)
    card = cards.card_of(reading)
    return card.answers if card is not None and card.form_id == draft.form_id else {}


_NAMED_AT_LEAST = 2  # outcome and one more; a single answer belongs to the question asked


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    reading: Reading
    unit_id: int | None = None


# Reports --------------------------------------------------------------------------------------------------------


def _report(context: Context, line: _Line) -> Outcome:
    if line.reading.others:
        return Outcome(_ask_about_several(context, line), "asked")
    unit_id = line.unit_id or _unit_of(context, line.reading.branch)
    if unit_id is None:
        return Outcome(_ask_unit(context, line), "asked")
    return _take(context, line, unit_id)


def _unit_of(context: Context, named: BranchMatch | None) -> int | None:
    """Return the unit a line reports for: its own where none is named or the name fits it, else None."""
    own = context.who.units(*REPORTERS)
    if named is None:
        return own[0] if len(own) == 1 else None
    fitting = [unit_id for unit_id in own if str(unit_id) in (named.branch_id, *_candidates(named))]
    return fitting[0] if len(fitting) == 1 else None


def _candidates(named: BranchMatch) -> tuple[str, ...]:
    return named.candidates if named.status == "ambiguous" else ()


def _ask_unit(context: Context, line: _Line) -> Replies:
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


def _take(context: Context, line: _Line, unit_id: int) -> Outcome:
    """Store the line's report if it is complete and consistent; else open its form at the one doubtful field."""
    unit = units.get(context.session, unit_id)
    card = cards.card_of(line.reading)
    if card is None:
        return Outcome([])
    facts = reporting.facts_for(context.session, unit, card.form_id, context.today)
    card = cards.card_of(line.reading, facts) or card
    issue = next((found for found in line.reading.issues if found.code not in _BRANCH_ISSUES), None)
    if issue is not None and not cards.doubtful_field(issue, card):
        return Outcome(_ask_intent(line, issue), "asked")
    return _begin(context, card, unit_id, facts, issue)


_BRANCH_ISSUES = ("ambiguous_branch", "unknown_branch")


def _begin(context: Context, card: Card, unit_id: int, facts: Facts, issue: Issue | None = None) -> Outcome:
    form = FORMS[card.form_id]
    context.conversation.serial += 1
    draft = Draft(card.form_id, unit_id, context.conversation.serial, brief=True)
    if context.message_id:
        draft = replace(draft, sources={LINE: context.message_id})
    step = dialog.fill(form, replace(draft, answers=dict(form.defaults)), card.answers, facts)
    if issue is not None:
        field_id = cards.doubtful_field(issue, card)
        step = dialog.change(form, step.draft, field_id, facts, cards.likely_answers(issue, field_id, facts))
        return Outcome(fill_form.put(context, step, _doubt(issue)), "asked")
    if not step.complete:
        understood = Say("line.understood", {"headline": _card_words(card)})
        return Outcome(fill_form.put(context, step, before=(understood,)), "asked")
    before = submissions.latest_of(context.session, context.who.account_id)
    replies = fill_form.send_or_ask(context, step)
    after = submissions.latest_of(context.session, context.who.account_id)
    stored = after is not None and (before is None or before.id != after.id)
    return Outcome(replies, "stored" if stored else "asked", after.id if after and stored else None)


def _doubt(issue: Issue) -> Say:
    return Say(f"line.issue.{issue.code}", {"typed": issue.typed[:SHOWN_TEXT]})


def _ask_intent(line: _Line, issue: Issue) -> Replies:
    key = f"line.issue.{issue.code}" if issue.code in _ASKED_IN_WORDS else "line.unclear"
    return say(key, typed=(issue.typed or line.text)[:SHOWN_TEXT])


_ASKED_IN_WORDS = ("ambiguous_intent", "planned_meeting", "multi_event")


# Several events in one line -------------------------------------------------------------------------------------


def _ask_about_several(context: Context, line: _Line) -> Replies:
    first = replace(line.reading, others=(), issues=_own_issues(line.reading))
    found = [card for card in map(cards.card_of, (first, *line.reading.others)) if card is not None]
    shown = tuple(
        Say("line.card", {"number": n, "headline": _card_words(card)}) for n, card in enumerate(found, start=1)
    )
    context.conversation.waiting = {
        "cards": [{"form_id": card.form_id, "answers": dict(card.answers)} for card in found],
        "line": line.text,
    }
    one_each = [
        button(Say("line.button.one", {"number": n}), "line_cards", n - 1) for n, _ in enumerate(found, start=1)
    ]
    rows = (
        row(press("line.button.all", "line_cards", "all")),
        tuple(one_each),
        row(press("button.cancel", "line_drop")),
    )
    return [Message((Say("line.several", {"cards": shown}),), rows)]


def _own_issues(reading: Reading) -> tuple[Issue, ...]:
    return tuple(issue for issue in reading.issues if issue.code != "multi_event")


def _card_words(card: Card) -> str:
    form = FORMS[card.form_id]
    return form.headline({**form.defaults, **card.answers})


def _on_cards(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    if not waiting or "cards" not in waiting or not args:
        return say("talk.stale")
    chosen = [Card(**card) for card in waiting["cards"]]
    if args[0] != "all":
        number = as_number(args[0])
        chosen = chosen[number : number + 1] if number is not None else []
    reading = understand(context, waiting["line"])
    unit_id = _unit_of(context, reading.branch)
    if unit_id is None:
        return _ask_unit(context, _Line(waiting["line"], reading)) if chosen else say("talk.stale")
    return _take_cards(context, chosen, unit_id)


def _take_cards(context: Context, chosen: Sequence[Card], unit_id: int) -> Replies:
    """Store the complete cards, then open the form of the first that still lacks something."""
    replies: Replies = []
    unit = units.get(context.session, unit_id)
    for card in sorted(chosen, key=lambda card: not _looks_complete(card)):
        if context.conversation.draft is not None:
            replies += say("line.later", headline=_card_words(card))
            continue
        facts = reporting.facts_for(context.session, unit, card.form_id, context.today)
        replies += _begin(context, card, unit_id, facts).replies
    return replies or say("talk.stale")


def _looks_complete(card: Card) -> bool:
    needed = ("held_on", "present") if card.form_id == "meeting" else ("count", "dates")
    return all(name in card.answers for name in needed)


def _on_unit(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    unit_id = as_number(args[0]) if args else None
    if not waiting or "line" not in waiting or unit_id not in context.who.units(*REPORTERS):
        return say("talk.stale")
    return answer(context, waiting["line"], unit_id) or say("talk.stale")


def _on_drop(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.waiting = None
    context.conversation.menu = []
    return say("form.cancelled")


# Corrections ----------------------------------------------------------------------------------------------------


def _correct(context: Context, line: _Line) -> Outcome:
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
    if not changed or line.reading.needs_confirm:
        context.conversation.draft = draft.to_json()
        return Outcome(fill_form.guarded(context, "change", [str(draft.serial)]), "asked")
    forgotten = _follows(changed)
    kept = {name: value for name, value in report.answers.items() if name not in forgotten}
    step = dialog.fill(form, replace(draft, answers=kept), changed, facts)
    if not step.complete:
        return Outcome(fill_form.put(context, step), "asked")
    return Outcome(fill_form.send_or_ask(context, step), "stored")


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


# Questions and acknowledgements ---------------------------------------------------------------------------------


def _status(context: Context, line: _Line) -> Outcome:
    named = line.reading.branch
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
        return Outcome(say("line.unknown_unit_asked", typed=line.reading.slots.branch or line.text[:SHOWN_TEXT]))
    if len(seen) == 1:
        return Outcome([overview.branch(context, month, seen[0])])
    buttons = [button(verbatim(units.get(context.session, found).name), "branch", str(month), found) for found in seen]
    return Outcome([Message((Say("line.which_unit_asked"),), rows_of(buttons, 1))], "asked")


def _acknowledge(_context: Context, line: _Line) -> Outcome:
    return Outcome(say("line.acknowledged", document=line.reading.slots.doc_ref or line.text[:SHOWN_TEXT]))


def _unknown(context: Context, line: _Line) -> Outcome:
    """Say why a plan is not stored; leave everything else to the hint."""
    if any(issue.code == "planned_meeting" for issue in line.reading.issues) and context.who.holds(*REPORTERS):
        return Outcome(say("line.issue.planned_meeting", typed=line.text[:SHOWN_TEXT]), "unknown")
    return Outcome([], "unknown")


_INTENTS: dict[str, Callable[[Context, _Line], Outcome]] = {
    **dict.fromkeys(RECORDED, _report),
    "correction": _correct,
    "ask_status": _status,
    "ack_directive": _acknowledge,
}
VERBS = {"line_unit": _on_unit, "line_cards": _on_cards, "line_drop": _on_drop}


# The log --------------------------------------------------------------------------------------------------------


def _log(context: Context, line: str, reading: Reading, outcome: Outcome) -> None:
    slots = {name: getattr(reading.slots, name) for name in ("present", "total", "absent", "absent_excused", "count")}
    said = {"date": reading.slots.date.isoformat() if reading.slots.date else None, **slots}
    readings.record(
        context.session,
        ReadingRow(
            at=context.now,
            account_id=context.who.account_id,
            text=masked(line, reading.slots.person_names),
            folded="",
            intent=reading.intent,
            slots={name: value for name, value in said.items() if value is not None},
            issues=[issue.code for issue in reading.issues],
            outcome=outcome.called,
            submission_id=outcome.submission_id,
        ),
    )


def masked(line: str, names: Sequence[str]) -> str:
    """Return a line without the names of persons in it."""
    for name in names:
        line = line.replace(name, "…")
    return line[:500]
