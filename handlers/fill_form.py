"""Filling any form: begin, answer, change, send, correct and withdraw, with the draft kept in the conversation."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from handlers import dialog, live
from handlers.context import Context
from handlers.dialog import Draft, Step
from handlers.permissions import may_report
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import readings, reporting, submissions, units
from models.forms import FORMS
from models.forms.base import Answers, Facts, Form
from models.messages import Arg, Message, Say, button, verbatim
from models.reporting import Sender
from models.submissions import Submission

COMMANDS = {"hop": "meeting", "ketnap": "admission", "biendong": "movement"}


# Begin ----------------------------------------------------------------------------------------------------------


def start(context: Context, form_id: str) -> Replies:
    """Begin a form, or ask which branch, or what to do with a draft that is still open."""
    if context.conversation.draft is not None:
        return ask_about_open_draft(context, form_id)
    own = context.who.units(*FORMS[form_id].reporters)
    if not own:
        return say("form.not_a_reporter")
    if len(own) == 1:
        return begin(context, form_id, own[0])
    buttons = [button(verbatim(units.get(context.session, unit_id).name), "begin", form_id, unit_id) for unit_id in own]
    return [Message((Say("form.which_unit"),), rows_of(buttons, 1))]


def begin(context: Context, form_id: str, unit_id: int) -> Replies:
    """Begin a form for a unit."""
    context.conversation.serial += 1
    draft = Draft(form_id, unit_id, context.conversation.serial)
    form, facts = _form_and_facts(context, draft)
    return put(context, dialog.begin(form, draft, facts))


def ask_about_open_draft(context: Context, form_id: str) -> Replies:
    """Ask what to do with the half-filled report before another is begun or changed."""
    draft = _draft(context)
    form = FORMS[draft.form_id]
    title = verbatim(form.title)
    lines = tuple(verbatim(line) for line in form.lines(draft.answers))
    buttons = row(
        press("button.resume", "resume", draft.serial),
        press("button.restart", "restart", draft.serial, form_id),
        press("button.drop", "cancel", draft.serial),
    )
    return [Message((Say("form.open_draft", {"title": title, "lines": lines}),), (buttons,))]


def _on_begin(context: Context, args: Sequence[str]) -> Replies:
    form_id, unit_id = args[0], as_number(args[1])
    if form_id not in FORMS or unit_id not in context.who.units(*FORMS[form_id].reporters):
        return say("talk.stale")
    if context.conversation.draft is not None:
        return ask_about_open_draft(context, form_id)
    return begin(context, form_id, unit_id)


def _on_resume(context: Context, _args: Sequence[str]) -> Replies:
    return show_again(context)


def show_again(context: Context) -> Replies:
    """Ask the open question once more, as a restart or another channel needs it."""
    draft = _draft(context)
    form, facts = _form_and_facts(context, draft)
    if draft.asking == dialog.SUMMARY:
        return put(context, Step(draft))
    step = dialog.begin(form, draft, facts)
    return put(context, step)


def _on_restart(context: Context, args: Sequence[str]) -> Replies:
    form_id = args[1]
    unit_id = _draft(context).unit_id
    context.conversation.draft = None
    return begin(context, form_id, unit_id) if form_id in FORMS else say("talk.stale")


def _on_cancel(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.draft = None
    context.conversation.menu = []
    return say("form.cancelled")


def _on_keep_old(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.draft = None
    context.conversation.menu = []
    return say("form.kept")


# Answer ---------------------------------------------------------------------------------------------------------


def typed(context: Context, text: str, message_id: str) -> Replies:
    """Take a typed line as the answer to the open question of the draft."""
    draft = _draft(context)
    form, facts = _form_and_facts(context, draft)
    if draft.asking == dialog.SUMMARY:
        return _summary(context, draft, form, (Say("form.confirm_first"),))
    return put(context, dialog.advance(form, draft, text, facts, message_id))


def _on_pick(context: Context, args: Sequence[str]) -> Replies:
    draft = _draft(context)
    number = as_number(args[2])
    if str(draft.step) != args[1] or number is None or number >= len(draft.offered):
        return say("talk.stale")
    form, facts = _form_and_facts(context, draft)
    return put(context, dialog.pick(form, draft, number, facts))


def _on_change(context: Context, _args: Sequence[str]) -> Replies:
    draft = _draft(context)
    fields = dialog.changeable(FORMS[draft.form_id], draft)
    buttons = [button(verbatim(field.label), "field", draft.serial, field.id) for field in fields]
    return [Message((Say("form.which_field"),), rows_of(buttons))]


def _on_field(context: Context, args: Sequence[str]) -> Replies:
    draft = _draft(context)
    form, facts = _form_and_facts(context, draft)
    if args[1] not in {field.id for field in dialog.changeable(form, draft)}:
        return say("talk.stale")
    return put(context, dialog.change(form, draft, args[1], facts))


def put(context: Context, step: Step, doubt: Say | None = None, before: tuple[Say, ...] = ()) -> Replies:
    """Keep the draft and put the question, or the summary when everything is answered.

    doubt: what to ask instead of the question, naming what was typed. before: what was understood so far.
    """
    form = FORMS[step.draft.form_id]
    context.conversation.draft = step.draft.to_json()
    if step.complete or _already_reported(context, step.draft):
        return _ask_or_summarise(context, step.draft, form)
    draft = step.draft
    buttons = [
        button(verbatim(choice.label), "pick", draft.serial, draft.step, number)
        for number, choice in enumerate(draft.offered)
    ]
    rows = (*rows_of(buttons), row(press("button.cancel", "cancel", draft.serial)))
    lettered = bool(draft.asking) and form.field(draft.asking).numeric
    return [Message((*before, doubt or verbatim(step.problem or step.question)), rows, lettered=lettered)]


def _ask_or_summarise(context: Context, draft: Draft, form: Form) -> Replies:
    existing = _already_reported(context, draft)
    if existing is not None:
        return _ask_keep_or_correct(context, draft, existing)
    return _summary(context, draft, form)


def _summary(context: Context, draft: Draft, form: Form, before: tuple[Say, ...] = ()) -> Replies:
    unit = units.get(context.session, draft.unit_id)
    lines = tuple(verbatim(line) for line in form.lines(draft.answers))
    asked = Say("form.summary", {"title": form.title, "unit": unit.name, "lines": lines})
    buttons = row(
        press("button.send", "send", draft.serial),
        press("button.change", "change", draft.serial),
        press("button.cancel", "cancel", draft.serial),
    )
    return [Message((*before, asked), (buttons,))]


# Already reported -----------------------------------------------------------------------------------------------


def _already_reported(context: Context, draft: Draft) -> Submission | None:
    """Return the report that stands where this one would, if it has not been talked about yet."""
    form = FORMS[draft.form_id]
    period = form.period(draft.answers)
    if draft.replaces is not None or not period or not form.single(draft.answers):
        return None
    if "month" not in draft.answers and draft.asking == "month":
        return None
    rows = submissions.current(context.session, draft.unit_id, draft.form_id, period, form.kind(draft.answers))
    return rows[0] if rows and not _was_postponed(rows[0]) else None


def _ask_keep_or_correct(context: Context, draft: Draft, existing: Submission) -> Replies:
    form = FORMS[draft.form_id]
    context.conversation.draft = replace(draft, asking=dialog.SUMMARY, offered=()).to_json()
    differences = _differences(form, existing.answers, draft.answers)
    told: dict[str, Arg] = {
        "unit": units.get(context.session, draft.unit_id).name,
        "old": tuple(verbatim(line) for line in form.lines(existing.answers)),
    }
    asked = (
        Say("form.already_reported", {**told, "differences": differences})
        if differences
        else Say("form.already_same", told)
    )
    buttons = row(
        press("button.keep", "keep_old", draft.serial),
        press("button.correct", "replace", draft.serial, existing.id or 0),
    )
    return [Message((asked,), (buttons,))]


def _on_replace(context: Context, args: Sequence[str]) -> Replies:
    """Go on with the draft as a correction of the report that stands; what was answered is kept."""
    draft = _draft(context)
    old = context.session.get(Submission, as_number(args[1]) or 0)
    if old is None or old.unit_id != draft.unit_id or old.state != "submitted":
        return say("talk.stale")
    merged = replace(draft, replaces=old.id)
    form, facts = _form_and_facts(context, merged)
    return put(context, dialog.begin(form, merged, facts))


def _differences(form: Form, old: Answers, new: Answers) -> tuple[Say, ...]:
    before, after = set(form.lines(old)), form.lines(new)
    return tuple(verbatim(line) for line in after if line not in before)


# Send -----------------------------------------------------------------------------------------------------------


def _on_send(context: Context, _args: Sequence[str]) -> Replies:
    draft = _draft(context)
    form, facts = _form_and_facts(context, draft)
    if draft.asking != dialog.SUMMARY:
        return show_again(context)
    begun = dialog.begin(form, draft, facts)
    if not begun.complete:
        return put(context, begun)
    return send_or_ask(context, begun)


def send_or_ask(context: Context, step: Step) -> Replies:
    """Store a complete draft at once, unless the same report stands already: then ask what to do with it."""
    existing = _already_reported(context, step.draft)
    return _ask_keep_or_correct(context, step.draft, existing) if existing else send(context, step.draft)


def send(context: Context, draft: Draft) -> Replies:
    """Store the report of a complete draft and answer with the receipt."""
    old = _replaced(context, draft)
    if draft.replaces is not None and (old is None or old.state != "submitted"):
        context.conversation.draft = None
        return say("form.no_longer_open")
    try:
        with context.session.begin_nested():
            stored = reporting.submit(
                context.session, draft.unit_id, draft.form_id, draft.answers, sender(context), replaces=old
            )
    except IntegrityError:
        # Somebody else of the unit reported in the same moment: show theirs, ask again.
        return _on_send(context, ())
    context.conversation.draft = None
    context.conversation.menu = []
    if old is not None:
        readings.mark_corrected(context.session, old.id or 0, context.now)
    context.conversation.sent = {"submission": stored.id, "sources": dict(draft.sources)}
    live.refresh(context, stored.unit_id, stored.period)
    return [receipt(context, stored, old)]


def _replaced(context: Context, draft: Draft) -> Submission | None:
    """Return the report this draft replaces: the one being corrected, or the postponement it makes good."""
    if draft.replaces is not None:
        return context.session.get(Submission, draft.replaces)
    form = FORMS[draft.form_id]
    if not form.single(draft.answers):
        return None
    period, kind = form.period(draft.answers), form.kind(draft.answers)
    rows = submissions.current(context.session, draft.unit_id, draft.form_id, period, kind)
    return rows[0] if rows and _was_postponed(rows[0]) else None


def receipt(context: Context, stored: Submission, old: Submission | None) -> Message:
    """Return what confirms a stored report: everything understood, lateness, and how to change it."""
    form = FORMS[stored.form_id]
    unit = units.get(context.session, stored.unit_id)
    key = "form.receipt" if old is None or _was_postponed(old) else "form.corrected_receipt"
    parts = [Say(key, {"unit": unit.name, "headline": form.headline(stored.answers)})]
    if key == "form.corrected_receipt" and old is not None:
        parts.append(_change(form, old.answers, stored.answers))
    parts.extend(_timeliness(context, stored))
    buttons = row(
        press("button.change", "fix", stored.id or 0),
        press("button.cancel", "withdraw_now", stored.id or 0),
    )
    return Message(tuple(parts), (buttons,))


def _was_postponed(report: Submission) -> bool:
    return report.answers.get("outcome") == "postponed"


def _change(form: Form, old: Answers, new: Answers) -> Say:
    """Return what a correction changed, the old beside the new."""
    before, after = _differences(form, new, old), _differences(form, old, new)
    return Say("form.corrected", {"old": before, "new": after}) if before or after else Say("form.unchanged")


def _timeliness(context: Context, stored: Submission) -> tuple[Say, ...]:
    if stored.form_id != reporting.MEETING or stored.kind != "regular":
        return ()
    obligation = reporting.meeting_obligation(context.session, stored)
    if obligation is None or obligation.status != "late":
        return ()
    until = obligation.on_time_until
    return (Say("form.late", {"until": f"{until.day}/{until.month}"}),)


def sender(context: Context) -> Sender:
    """Return who reports, when."""
    return Sender(context.who.account_id, context.now, context.today)


# What the draft's handlers share --------------------------------------------------------------------------------


def _draft(context: Context) -> Draft:
    stored = context.conversation.draft
    if stored is None:
        raise LookupError("no draft is open")
    return Draft.from_json(stored)


def _form_and_facts(context: Context, draft: Draft) -> tuple[Form, Facts]:
    unit = units.get(context.session, draft.unit_id)
    facts = reporting.facts_for(context.session, unit, draft.form_id, context.today, draft.replaces)
    return FORMS[draft.form_id], facts


def guarded(context: Context, verb: str, args: Sequence[str]) -> Replies:
    """Run a draft's button only if it belongs to the draft that is open and the presser may still report."""
    stored = context.conversation.draft
    if verb == "begin":
        return _on_begin(context, args)
    if stored is None or not args or str(stored["serial"]) != args[0]:
        return say("talk.stale")
    if not may_report(context.who, FORMS[stored["form_id"]].reporters, int(stored["unit_id"])):
        context.conversation.draft = None
        return say("form.no_longer_allowed")
    if len(args) < _ARGUMENTS[verb]:
        return say("talk.stale")
    return _VERBS[verb](context, args)


_VERBS = {
    "resume": _on_resume,
    "restart": _on_restart,
    "cancel": _on_cancel,
    "keep_old": _on_keep_old,
    "pick": _on_pick,
    "change": _on_change,
    "field": _on_field,
    "replace": _on_replace,
    "send": _on_send,
}
_ARGUMENTS = {
    "restart": 2,
    "pick": 3,
    "field": 2,
    "replace": 2,
    "resume": 1,
    "cancel": 1,
    "keep_old": 1,
    "change": 1,
    "send": 1,
}
VERBS = ("begin", *_VERBS)
