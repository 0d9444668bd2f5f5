"""Beginning a directive: from nothing, from one typed or forwarded text, or as the correction of one that was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import dialog, drafts, fill_form
from handlers.context import Context
from handlers.dialog import SUMMARY, Draft
from handlers.talk import Replies, as_number, rows_of, say
from models import units
from models.directives import Directive
from models.forms.base import Problem
from models.forms.directive import DIRECTIVE, read_text
from models.messages import Message, Say, button, verbatim


def start(context: Context, text: str = "", file: Mapping[str, Any] | None = None) -> Replies:
    """Begin a directive, its text read where there is one; or ask for which committee. file: what goes with it."""
    own = context.who.units(*DIRECTIVE.reporters)
    if not own:
        return say("directive.compose.not_an_officer")
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, DIRECTIVE.id)
    if len(own) == 1:
        return begin(context, own[0], text, file)
    context.conversation.waiting = {"directive_text": text, **(file or {})}
    buttons = [button(verbatim(units.get(context.session, unit_id).name), "d_begin", unit_id) for unit_id in own]
    return [Message((Say("form.which_unit"),), rows_of(buttons, 1))]


def begin(context: Context, unit_id: int, text: str, file: Mapping[str, Any] | None = None) -> Replies:
    """Begin a directive of a committee with a text, "" where it is to be asked for."""
    context.conversation.serial += 1
    answers = {**DIRECTIVE.defaults, **(file or {})}
    draft = Draft(DIRECTIVE.id, unit_id, context.conversation.serial, answers=answers)
    form, facts = drafts.form_and_facts(context, draft)
    read = read_text(text, draft.answers, facts) if text else None
    if read is None or isinstance(read, Problem):
        return fill_form.put(context, dialog.begin(form, draft, facts))
    return fill_form.put(context, dialog.fill(form, draft, read.answers, facts))


def wants_text(context: Context) -> bool:
    """Return whether a directive is being composed and its text is asked for: a forwarded message is the answer."""
    draft = context.conversation.draft or {}
    return draft.get("form_id") == DIRECTIVE.id and draft.get("asking") == "body"


def _on_begin(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    unit_id = as_number(args[0]) if args else None
    if not waiting or "directive_text" not in waiting or unit_id not in context.who.units(*DIRECTIVE.reporters):
        return say("talk.stale")
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, DIRECTIVE.id)
    return begin(context, unit_id, waiting["directive_text"], _file(waiting))


def _on_compose(context: Context, _args: Sequence[str]) -> Replies:
    return start(context)


def _on_forwarded(context: Context, _args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    if not waiting or "forwarded" not in waiting:
        return say("talk.stale")
    return start(context, waiting["forwarded"], _file(waiting))


def _file(waiting: Mapping[str, Any]) -> dict[str, Any]:
    return {name: waiting[name] for name in ("file", "file_name") if name in waiting}


def correct(context: Context, directive: Directive) -> Replies:
    """Begin the version that replaces a directive, everything as it was; the office changes what is wrong."""
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, DIRECTIVE.id)
    context.conversation.serial += 1
    answers = {**directive.answers, "send_at": "", "corrects": directive.id}
    if directive.deadline < context.today:
        del answers["deadline"]
    # Whether it may be circulated is asked once more: the text is not the same.
    draft = Draft(DIRECTIVE.id, directive.unit_id, context.conversation.serial, answers=answers, asking=SUMMARY)
    context.conversation.draft = draft.to_json()
    if "deadline" not in answers:
        form, facts = drafts.form_and_facts(context, draft)
        return fill_form.put(context, dialog.begin(form, draft, facts))
    return fill_form.guarded(context, "change", [str(draft.serial)])


VERBS = {"d_begin": _on_begin, "d_compose": _on_compose, "d_forwarded": _on_forwarded}
