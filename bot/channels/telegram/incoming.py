"""Telegram's updates as Incoming. Bytes of pictures, voices and files are never fetched here."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update

from bot.channels.base import Received
from models.messages import Incoming, IncomingKind

# What Update.de_json raises for an object of another shape: a field missing or of another type, a number
# or a moment out of range.
PARSE_ERRORS: Final = (AttributeError, LookupError, TypeError, ValueError, OverflowError, OSError)
_GONE: Final = (ChatMember.BANNED, ChatMember.LEFT)

Make = Callable[..., Incoming]


def received(raw: Mapping[str, Any], channel: str, bot: str, now: datetime) -> Received | None:
    """Return the update as the core takes it, parked where it cannot be parsed, None where it says nothing.

    `now`, the time of receipt, stands for the sending time of a press, which Telegram does not name.
    """
    update_id = str(raw["update_id"])

    def make(**values: Any) -> Incoming:
        return Incoming(**{"channel": channel, "bot": bot, "update_id": update_id, "sent_at": now, **values})

    try:
        incoming = _incoming(Update.de_json(dict(raw)), make)
    except PARSE_ERRORS:
        return Received(channel, bot, update_id, None, json.dumps(raw, ensure_ascii=False))
    return None if incoming is None else Received(channel, bot, update_id, incoming)


def callback_id(raw: Mapping[str, Any]) -> str:
    """Return the id a press is answered with, "" where the update is none."""
    query = raw.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, dict) else ""


def _incoming(update: Update, make: Make) -> Incoming | None:
    if update.callback_query:
        return _press(update.callback_query, make)
    if update.my_chat_member:
        return _membership(update.my_chat_member, make)
    message = update.effective_message
    if message is None:
        return None
    return _message(message, make, edited=message is update.edited_message)


def _press(query: CallbackQuery, make: Make) -> Incoming:
    message = query.message
    if message is None:  # a button of an inline message, in a chat we do not see
        return make(address=str(query.from_user.id), kind="other")
    if message.chat.type != Chat.PRIVATE:
        return make(address=str(message.chat.id), kind="group")
    return make(
        address=str(message.chat.id),
        kind="press",
        action=query.data or "",
        message_id=str(message.message_id),
    )


def _membership(change: ChatMemberUpdated, make: Make) -> Incoming | None:
    gone = change.new_chat_member.status in _GONE
    if change.chat.type == Chat.PRIVATE:
        return make(address=str(change.chat.id), kind="blocked", sent_at=change.date) if gone else None
    return None if gone else make(address=str(change.chat.id), kind="group", sent_at=change.date)


def _message(message: Message, make: Make, *, edited: bool) -> Incoming:
    address = str(message.chat.id)
    if message.migrate_to_chat_id:
        moved = str(message.migrate_to_chat_id)
        return make(address=address, kind="migrated", new_address=moved, sent_at=message.date)
    if message.chat.type != Chat.PRIVATE:  # what is said in a group is not carried
        return make(address=address, kind="group", sent_at=message.date)
    kind = _kind(message)
    document = message.document if kind == "file" else None
    return make(
        address=address,
        kind=kind,
        text=message.text or message.caption or "",
        message_id=str(message.message_id),
        sent_at=(message.edit_date if edited else None) or message.date,
        edited=edited,
        forwarded=message.forward_origin is not None,
        file_name=(document.file_name or "") if document else "",
        file_id=document.file_id if document else "",
    )


def _kind(message: Message) -> IncomingKind:
    if message.text is not None:
        return "text"
    if message.document and not message.animation:  # a moving picture comes as a document too
        return "file"
    if message.photo:
        return "photo"
    if message.voice:
        return "voice"
    return "sticker" if message.sticker else "other"
