"""The file that goes with a directive: only where the committee's setting allows it, fetched after it is stored."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers import drafts, fill_form, form_answers
from handlers.context import Context
from handlers.talk import Replies, press, row
from models import attachments, rules
from models.forms.directive import DIRECTIVE
from models.messages import Incoming, Message, Say

SHOWN_TEXT = 300


def allowed(session: Session, today: date) -> bool:
    """Return whether directives may carry a file."""
    return rules.book(session).yes("directive.attachments", today)


def received(context: Context, incoming: Incoming) -> Replies | None:
    """Answer a file of the office: it joins the directive being composed, or may begin one; None for anybody else's."""
    if not context.who.holds("officer"):
        return None
    composing = (context.conversation.draft or {}).get("form_id") == DIRECTIVE.id
    refused = _refusal(context, incoming)
    if refused and not composing and not incoming.text:
        return None
    if refused:
        return [Message((refused,)), *(_go_on(context, incoming.text) if composing else _offer(context, incoming, {}))]
    name = incoming.file_name
    kept = attachments.keep(context.session, name, context.file or b"", context.who.account_id, context.now)
    file: dict[str, Any] = {"file": kept, "file_name": attachments.name_of(context.session, kept)}
    if not composing:
        return _offer(context, incoming, file)
    draft = drafts.current(context)
    context.conversation.draft = replace(draft, answers={**draft.answers, **file}).to_json()
    told = Say("directive.file.kept", {"name": str(file["file_name"])})
    return [Message((told,)), *_go_on(context, incoming.text)]


def _refusal(context: Context, incoming: Incoming) -> Say | None:
    """Return why a file does not go with a directive, or None."""
    if not allowed(context.session, context.today):
        return Say("directive.file.off")
    if not attachments.media_type(incoming.file_name):
        return Say("directive.file.kind")
    if context.file is None:
        return Say("directive.file.not_fetched")
    return Say("directive.file.large") if len(context.file) > attachments.MOST_BYTES else None


def _go_on(context: Context, caption: str) -> Replies:
    """Take the words beside the file as the text where that is asked for; else ask again what is open."""
    if caption and (context.conversation.draft or {}).get("asking") == "body":
        return form_answers.typed(context, caption, context.message_id)
    return fill_form.show_again(context)


def _offer(context: Context, incoming: Incoming, file: dict[str, Any]) -> Replies:
    context.conversation.waiting = {"forwarded": incoming.text, **file}
    asked = Say("directive.file.ask", {"name": incoming.file_name})
    if incoming.text:
        told = {"name": incoming.file_name, "text": incoming.text[:SHOWN_TEXT]}
        asked = Say("directive.file.ask_words", told)
    buttons = row(press("directive.button.forwarded", "d_forwarded"), press("forwarded.button.drop", "drop_forwarded"))
    return [Message((asked,), (buttons,))]
