"""Filling any form: begin, answer, change, send, correct and withdraw, with the draft kept in the conversation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers import dialog, drafts
from handlers.context import Context
from handlers.dialog import Draft, Step
from handlers.form_endings import ENDINGS
from handlers.permissions import COMMITTEE, OFFICE, REPORTERS, may_report
from handlers.send_report import already_reported, ask_keep_or_correct, send_or_ask
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import units
from models.clock import local_date
from models.forms import FORMS
from models.forms.base import Form
from models.forms.words import day_month
from models.messages import Arg, Message, Say, button, verbatim
from models.submissions import Submission

# Begin ----------------------------------------------------------------------------------------------------------


def start(context: Context, form_id: str) -> Replies:
    """Begin a form, or ask which branch, or what to do with a draft that is still open."""
    if context.conversation.draft is not None:
        return ask_about_open_draft(context, form_id)
    own = _reports_for(context, form_id)
    if not own:
        return say("periods.not_yours") if FORMS[form_id].reporters == OFFICE else not_a_reporter(context)
    if len(own) == 1:
        return begin(context, form_id, own[0])
    buttons = [button(verbatim(units.get(context.session, unit_id).name), "begin", form_id, unit_id) for unit_id in own]
    return [Message((Say("form.which_unit"),), rows_of(buttons, 1))]


def not_a_reporter(context: Context) -> Replies:
    """Say that one reports for no branch, and to the committee's people whose the branches' reports are."""
    return say("form.only_branch" if context.who.holds(*COMMITTEE) else "form.not_a_reporter")


def _reports_for(context: Context, form_id: str) -> tuple[int, ...]:
    reporters = FORMS[form_id].reporters
    return context.reports_for(*reporters) if reporters == REPORTERS else context.who.units(*reporters)


def begin(context: Context, form_id: str, unit_id: int) -> Replies:
    """Begin a form for a unit."""
    context.conversation.serial += 1
    draft = Draft(form_id, unit_id, context.conversation.serial)
    form, facts = drafts.form_and_facts(context, draft)
    return put(context, dialog.begin(form, draft, facts))


def ask_about_open_draft(context: Context, form_id: str) -> Replies:
    """Ask what to do with the half-filled report before another is begun or changed."""
    draft = drafts.current(context)
    form = FORMS[draft.form_id]
    title = verbatim(form.title)
    lines = tuple(verbatim(line) for line in form.lines(draft.answers))
    since = local_date(datetime.fromisoformat(draft.touched)) if draft.touched else context.today
    buttons = row(
        press("button.resume", "resume", draft.serial),
        press("button.restart", "restart", draft.serial, form_id),
        press("button.drop", "cancel", draft.serial),
    )
    told: dict[str, Arg] = {"title": title, "lines": lines}
    asked = Say("form.open_draft", told)
    if since != context.today:
        asked = Say("form.old_draft", {**told, "since": day_month(since)})
    return [Message((asked,), (buttons,))]


def _on_begin(context: Context, args: Sequence[str]) -> Replies:
    form_id, unit_id = args[0], as_number(args[1]) if len(args) > 1 else None
    if form_id not in FORMS or unit_id not in _reports_for(context, form_id):
        return say("talk.stale")
    if context.conversation.draft is not None:
        return ask_about_open_draft(context, form_id)
    return begin(context, form_id, unit_id)


def _on_resume(context: Context, _args: Sequence[str]) -> Replies:
    return show_again(context)


def show_again(context: Context) -> Replies:
    """Ask the open question once more, as a restart or another channel needs it."""
    draft = drafts.current(context)
    form, facts = drafts.form_and_facts(context, draft)
    if draft.asking == dialog.SUMMARY:
        return put(context, Step(draft))
    step = dialog.begin(form, draft, facts)
    return put(context, step)


def _on_restart(context: Context, args: Sequence[str]) -> Replies:
    form_id = args[1]
    if form_id not in FORMS:
        return say("talk.stale")
    unit_id = drafts.current(context).unit_id
    context.conversation.draft = None
    # Whoever reports for a branch need not fill the other form there: the committee's own figures, for one.
    if may_report(context.who, FORMS[form_id].reporters, unit_id):
        return begin(context, form_id, unit_id)
    return start(context, form_id)


def _on_cancel(context: Context, _args: Sequence[str]) -> Replies:
    # What was to be corrected stands as it was sent; what was never sent is gone.
    key = "form.kept" if drafts.current(context).replaces else "form.cancelled"
    context.conversation.draft = None
    context.conversation.menu = []
    return say(key)


def _on_keep_old(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.draft = None
    context.conversation.menu = []
    return say("form.kept")


# Answer ---------------------------------------------------------------------------------------------------------


def _on_pick(context: Context, args: Sequence[str]) -> Replies:
    draft = drafts.current(context)
    number = as_number(args[2])
    if str(draft.step) != args[1] or number is None or number >= len(draft.offered):
        return say("talk.stale")
    form, facts = drafts.form_and_facts(context, draft)
    return put(context, dialog.pick(form, draft, number, facts, context.message_id))


def _on_change(context: Context, _args: Sequence[str]) -> Replies:
    draft = drafts.current(context)
    fields = dialog.changeable(FORMS[draft.form_id], draft)
    buttons = [button(verbatim(field.label), "field", draft.serial, field.id) for field in fields]
    rows = (*rows_of(buttons), row(press("button.cancel", "cancel", draft.serial)))
    return [Message((Say("form.which_field"),), rows)]


def _on_field(context: Context, args: Sequence[str]) -> Replies:
    draft = drafts.current(context)
    form, facts = drafts.form_and_facts(context, draft)
    if args[1] not in {field.id for field in dialog.changeable(form, draft)}:
        return say("talk.stale")
    return put(context, dialog.change(form, draft, args[1], facts))


def put(context: Context, step: Step, doubt: Say | None = None, before: tuple[Say, ...] = ()) -> Replies:
    """Keep the draft and put the question, or the summary when everything is answered.

    doubt: what to ask instead of the question, naming what was typed. before: what was understood so far.
    """
    form = FORMS[step.draft.form_id]
    context.conversation.draft = step.draft.to_json()
    if step.complete or already_reported(context, step.draft):
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
    existing = already_reported(context, draft)
    if existing is not None:
        return ask_keep_or_correct(context, draft, existing)
    return summary(context, draft, form)


def summary(context: Context, draft: Draft, form: Form, before: tuple[Say, ...] = ()) -> Replies:
    """Show a complete form and ask to send it; before: what is said above it."""
    if form.id in ENDINGS:
        return ENDINGS[form.id].summary(context, draft, before)
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


def _on_replace(context: Context, args: Sequence[str]) -> Replies:
    """Go on with the draft as a correction of the report that stands; what was answered is kept."""
    draft = drafts.current(context)
    old = context.session.get(Submission, as_number(args[1]) or 0)
    if old is None or old.unit_id != draft.unit_id or old.state != "submitted":
        return say("talk.stale")
    merged = replace(draft, replaces=old.id)
    form, facts = drafts.form_and_facts(context, merged)
    if not draft.brief:
        return put(context, dialog.begin(form, merged, facts))
    # What only the other report told, such as that the meeting is posted, stays: this one is not asked about it.
    told = {name: value for name, value in draft.answers.items() if form.defaults.get(name) != value}
    return put(context, dialog.fill(form, replace(merged, answers=old.answers), told, facts))


# Send -----------------------------------------------------------------------------------------------------------


def _on_send(context: Context, _args: Sequence[str]) -> Replies:
    draft = drafts.current(context)
    form, facts = drafts.form_and_facts(context, draft)
    if draft.asking != dialog.SUMMARY:
        return show_again(context)
    begun = dialog.begin(form, draft, facts)
    if not begun.complete:
        return put(context, begun)
    if form.id in ENDINGS:
        return ENDINGS[form.id].send(context, begun.draft)
    return send_or_ask(context, begun)


# What the draft's handlers share --------------------------------------------------------------------------------


def guarded(context: Context, verb: str, args: Sequence[str]) -> Replies:
    """Run a draft's button only if it belongs to the draft that is open and the presser may still report."""
    stored = context.conversation.draft
    if not args:
        return say("talk.stale")
    if verb == "begin":
        return _on_begin(context, args)
    if stored is None or str(stored["serial"]) != args[0]:
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
