"""The buttons of messages sent to a person, for channels where they are typed instead of pressed."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from models.messages import Button, Message
from models.outbox import KINDS, OutboxRow

_SHOWN = ("sending", "sent", "uncertain")
_MOST = 10  # messages: what stands further up nobody answers by its words


def buttons(session: Session, account_id: int, since: datetime, *, unasked: bool) -> Iterator[Button]:
    """Give the buttons of the newest messages to an account since a moment, the newest first.

    unasked: only of those that are no reply.
    """
    kinds = [kind for kind in KINDS if kind != "reply" or not unasked]
    rows = session.exec(
        select(OutboxRow.payload)
        .where(
            OutboxRow.account_id == account_id,
            col(OutboxRow.kind).in_(kinds),
            OutboxRow.created_at >= since,
            col(OutboxRow.state).in_(_SHOWN),
        )
        .order_by(col(OutboxRow.id).desc())
        .limit(_MOST)
    )
    for payload in rows:
        if payload is not None:
            for row in Message.from_json(payload).buttons:
                yield from row
