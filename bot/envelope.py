"""A delivery as the channel gets it: the next piece of its text, its buttons, its file."""

from bot.channels.base import Capabilities, File, Outgoing
from bot.desk import Delivery, Desk
from bot.rendering import compose, with_heading


def envelope(desk: Desk, delivery: Delivery, file: File | None = None) -> tuple[Outgoing, bool]:
    """Return what leaves now, and whether more pieces of the same message follow.

    An edit is one message whatever its length: a text too long for it ends with its first piece.
    """
    can = desk.can.get((delivery.chat.channel, delivery.chat.bot), Capabilities())
    question = delivery.kind == "reply"
    pieces = compose(desk.texts, delivery.message, can, question=question)
    here = 0 if delivery.edits else min(delivery.parts_sent, len(pieces) - 1)
    more = not delivery.edits and here < len(pieces) - 1
    buttons = pieces[-1].buttons if delivery.edits else pieces[here].buttons
    text = pieces[here].text
    if delivery.again:
        text = with_heading(desk.texts, text)
    return Outgoing(delivery.chat.native_id, text, buttons, None if more else file), more
