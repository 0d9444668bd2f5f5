"""From one update to its answer: button, command, open draft, understood line, else help."""

from handlers.context import Context
from models.messages import Incoming, Message, verbatim


def answer(context: Context, incoming: Incoming) -> list[Message]:
    """Return what to reply; changes go into the context's session and commit with the reply."""
    return [Message((verbatim(incoming.text),))] if context.inbox_id else []
