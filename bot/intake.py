"""From the channel into the inbox: the state-secrets guard, then one row an update, in one transaction."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.channels.base import Received
from models import inbox, outbox
from models.conversations import Chat
from models.messages import Incoming, Message, Say
from models.vietnamese.secrets_guard import mark_in

RAW_CHARS = 4000  # of an update nobody can read, enough to see what it was


def store(session: Session, received: Sequence[Received], owner: str, now: datetime) -> list[str]:
    """Store a batch, marked updates as the bare fact; return the keys of the chats that have something to handle.

    An update that is stored already is left alone, whatever the channel sends a second time.
    """
    fresh = _fresh(session, received)
    rows = [_row(update, owner, now) for update in fresh]
    inbox.add(session, rows)
    for update, row in zip(fresh, rows, strict=True):
        if row["state"] == "refused":
            _tell_why(session, update, row["mark"], now)
    return [row["chat_key"] for row in rows if row["state"] == "new"]


def _fresh(session: Session, received: Sequence[Received]) -> list[Received]:
    unique = {(update.channel, update.bot, update.update_id): update for update in received}
    for channel, bot in {(update.channel, update.bot) for update in received}:
        ids = [update.update_id for update in received if (update.channel, update.bot) == (channel, bot)]
        for stored in inbox.known(session, channel, bot, ids):
            del unique[channel, bot, stored]
    return list(unique.values())


def _row(update: Received, owner: str, now: datetime) -> dict[str, Any]:
    incoming = update.incoming
    mark = _mark(update)
    state = "refused" if mark else "new" if incoming else "parked"
    return {
        "channel": update.channel,
        "bot": update.bot,
        "update_id": update.update_id,
        "chat_key": chat_of(incoming).key if incoming else "",
        "sent_at": incoming.sent_at if incoming else now,
        "received_at": now,
        "payload": None if mark else incoming.to_json() if incoming else {"raw": update.raw[:RAW_CHARS]},
        "state": state,
        "mark": mark or "",
        "tries": 0,
        "error": "" if incoming or mark else "unreadable",
        "handled_at": None if state == "new" else now,
        "owner": owner if state == "new" else "",
        "lease_until": inbox.lease_end(now) if state == "new" else None,
    }


def chat_of(incoming: Incoming) -> Chat:
    """Return the chat an update came from."""
    return Chat(incoming.channel, incoming.bot, incoming.address)


def chat_from_key(key: str) -> Chat:
    """Return the chat whose key was stored with a row."""
    channel, bot, native_id = key.split("/", 2)
    return Chat(channel, bot, native_id)


def _mark(update: Received) -> str | None:
    if update.incoming:
        words = [update.incoming.text, update.incoming.file_name]
    else:
        words = [update.raw, *_strings(update.raw)]
    return next((mark for text in words if text and (mark := mark_in(text))), None)


def _strings(raw: str) -> Iterator[str]:
    """Give the texts inside raw JSON, whose letters may be escaped."""
    try:
        waiting = [json.loads(raw)]
    except ValueError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _tell_why(session: Session, update: Received, mark: str, now: datetime) -> None:
    if update.incoming:
        words = Message((Say("system.secret_refused", {"mark": mark}),))
        key = f"refused:{update.channel}/{update.bot}/{update.update_id}"
        outbox.put(session, key, words, now, chat=chat_of(update.incoming))
