"""A line typed while a form is half filled: its answer, several at once, or something else, answered beside it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import additions, dialog, drafts, fill_form, form_answers, line_reading
from handlers.context import Context
from handlers.dialog import Draft, Step
from handlers.line_reading import SHOWN_TEXT
from handlers.talk import Replies
from models.forms import FORMS
from models.forms.base import Facts, Form
from models.forms.meeting import MEETING
from models.forms.meeting_answers import absent, has_attendance, held
from models.messages import Action, Say

Answer = Callable[[Context, str], Replies | None]
_NAMED_AT_LEAST = 2  # outcome and one more; a single answer belongs to the question asked
_ANSWERS = ("pick", "change", "field", "keep_old", "replace")  # what answers the open question, for its buttons


# How old --------------------------------------------------------------------------------------------------------


def touch(context: Context, before: dict[str, object] | None) -> None:
    """Note when a draft was last worked on: now, if it is not what it was before the message."""
    draft = context.conversation.draft
    if draft is not None and draft != before:
        context.conversation.draft = {**draft, "touched": context.now.isoformat()}


def drop_empty(context: Context) -> None:
    """Give up a form that was opened long ago and never answered: there is nothing to ask about."""
    if paused(context) and _empty(context.conversation.draft):
        context.conversation.draft, context.conversation.menu = None, []


def _empty(stored: dict[str, object] | None) -> bool:
    draft = Draft.from_json(stored or {})
    return not draft.answers.keys() - FORMS[draft.form_id].defaults.keys()


def paused(context: Context) -> bool:
    """Return whether a form lies half filled for so long that a line is no longer plainly an answer to it."""
    stored = context.conversation.draft
    if stored is None or not stored.get("touched"):
        return False
    left = context.now - datetime.fromisoformat(stored["touched"])
    return left > timedelta(hours=context.settings.pause_hours)


def outlived(context: Context, encoded: str) -> bool:
    """Return whether a typed label or number belongs to the question of a form that was left for long."""
    return Action.decode(encoded).verb in _ANSWERS and paused(context)


# Lines ----------------------------------------------------------------------------------------------------------


def typed(context: Context, line: str, elsewise: Answer) -> Replies:
    """Answer a line while a form is open. elsewise: answers what plainly is something else, None for the rest."""
    if paused(context):
        return _beside(context, line, elsewise) or ask(context)
    return (
        _several(context, line)
        or (None if form_answers.takes(context, line) else _beside(context, line, elsewise))
        or form_answers.typed(context, line, context.message_id)
    )


def ask(context: Context, line: str = "") -> Replies:
    """Ask what to do with the half-filled form; a line that waits is answered once the form is given up."""
    draft = drafts.current(context)
    replies = fill_form.ask_about_open_draft(context, draft.form_id)
    if _asked_already(context, draft):
        # What is half filled was shown just now: it is not read out once more for every line typed.
        again = Say("form.open_draft_again", {"title": FORMS[draft.form_id].title})
        replies = [replace(replies[0], parts=(again,))]
    if not line:
        return replies
    context.conversation.waiting = {"after": line, "step": draft.step}
    return [replace(replies[0], parts=(*replies[0].parts, Say("form.line_waits", {"typed": line[:SHOWN_TEXT]})))]


def _asked_already(context: Context, draft: Draft) -> bool:
    """Return whether what to do with this very draft is the question that stands open."""
    actions = (Action.decode(action) for _, action in context.conversation.menu)
    return any(action.verb == "resume" and action.args[:1] == (str(draft.serial),) for action in actions)


def waiting_line(context: Context, encoded: str) -> str:
    """Return the line that waits for the form to be given up by this button, "" where none does."""
    waiting, stored = context.conversation.waiting or {}, context.conversation.draft
    if Action.decode(encoded).verb not in ("cancel", "restart") or "after" not in waiting or stored is None:
        return ""
    context.conversation.waiting = None
    return str(waiting["after"]) if waiting["step"] == stored["step"] else ""


def _beside(context: Context, line: str, elsewise: Answer) -> Replies | None:
    """Answer a line as though no form were open, and open it again; None when it is not plainly something else.

    A line that would need a question of its own waits: two questions at once are one too many.
    """
    conversation = context.conversation
    stored, waiting, menu = conversation.draft, conversation.waiting, conversation.menu
    conversation.draft = None
    replies = elsewise(context, line)
    asks = conversation.draft is not None or conversation.waiting != waiting
    if replies and not asks:
        conversation.draft = None if _made_good(context, stored) else stored
        return replies
    if replies and _empty(stored):
        return replies
    conversation.draft, conversation.waiting, conversation.menu = stored, waiting, menu
    return ask(context, line) if replies else None


def _made_good(context: Context, stored: dict[str, object] | None) -> bool:
    """Return whether the report of a half-filled form was sent by the line itself."""
    draft = Draft.from_json(stored or {})
    return draft.replaces is None and form_answers.is_reported(context, draft)


def _several(context: Context, line: str) -> Replies | None:
    """Let a line that names several answers fill the open form, whatever it asks; None when it does not fit."""
    draft = drafts.current(context)
    if draft.form_id not in line_reading.LINED:
        return None
    form, facts = drafts.form_and_facts(context, draft)
    answers = line_reading.answers_of(context, line, draft, facts)
    if "event" in answers and draft.answers.get("event", answers["event"]) != answers["event"]:
        # The line tells of another event: the one half told must not be lost in silence.
        return ask(context, line)
    if draft.replaces is not None and answers.get("outcome", "held") != draft.answers.get("outcome", "held"):
        # "Hoãn sang 10/3" is no correction of a meeting that was held.
        return None
    correcting = bool(answers) and "outcome" not in answers and "event" not in answers
    if len(answers) < _NAMED_AT_LEAST and not correcting:
        answers = _added(context, line, draft, facts)
    if not answers:
        return None
    step = dialog.fill(form, draft, answers, facts)
    before = () if form_answers.takes(context, line) else understood(form, step)
    return fill_form.put(context, step, before=before)


def _added(context: Context, line: str, draft: Draft, facts: Facts) -> dict[str, object]:
    """Return what a line adds to the meeting of a draft, {} when the open question itself reads it."""
    if draft.form_id != MEETING.id or not held(draft.answers) or form_answers.takes(context, line):
        return {}
    added = additions.read(line, draft.answers, context.settings.words.words(context.session).lexicon)
    if added is None:
        return {}
    known = has_attendance(draft.answers)
    if "absent_excused" in added.answers and not known and added.absent is None:
        return {}
    total = draft.answers["total"] if known else facts.stock.required if facts.stock else None
    if added.absent is None or (known and added.absent == absent(draft.answers)):
        return added.answers
    return {**added.answers, "present": total - added.absent, "total": total} if total else {}


def understood(form: Form, step: Step) -> tuple[Say, ...]:
    """Return what is understood so far, where a question is still open."""
    headline = form.headline(step.draft.answers)
    return () if step.complete or step.problem or not headline else (Say("line.understood", {"headline": headline}),)
