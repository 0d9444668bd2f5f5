"""Zalo's updates as Incoming, in the documented form ({ok, result}) and the flat one that is really delivered.

Pictures are named by their address and never fetched. What cannot be read is parked, never dropped.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.base import Received
from models.messages import Incoming, IncomingKind

KINDS: Final[dict[str, IncomingKind]] = {
    "message.text.received": "text",
    "message.image.received": "photo",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
    # Files, cards of links, and anything from a protected user: Zalo says that something came, never what.
    "message.unsupported.received": "other",
}
_MILLISECONDS_FROM: Final = 10**12  # as seconds, that is the year 33658
_READ_ERRORS: Final = (AttributeError, LookupError, TypeError, ValueError, OverflowError, OSError)

Json = Mapping[str, Any]


def received(raw: object, channel: str, bot: str, now: datetime) -> Received | None:
    """Return an update as the core takes it, parked where it cannot be read, None where it says nothing.

    `now`, the time of receipt, stands for a sending time that Zalo left out.
    """
    update = unwrapped(raw)
    if update in (None, {}, []):
        return None
    try:
        incoming = _incoming(update, channel, bot, now)
    except _READ_ERRORS:
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
        return Received(channel, bot, _digest(text), None, text)
    return None if incoming is None else Received(channel, bot, incoming.update_id, incoming)


def unwrapped(raw: object) -> Any:
    """Return the update inside {ok, result}, or the flat one as it is."""
    if isinstance(raw, dict) and "event_name" not in raw and "result" in raw:
        return raw["result"]
    return raw


def _incoming(update: Json, channel: str, bot: str, now: datetime) -> Incoming | None:
    message: Json = update["message"]
    sender, chat = message.get("from") or {}, message["chat"]
    if sender.get("is_bot") is True:
        return None
    in_group = str(chat.get("chat_type", "PRIVATE")).upper() != "PRIVATE"
    kind = "group" if in_group else KINDS.get(update["event_name"], "other")
    carried = not in_group  # what is said in a group is not
    return Incoming(
        channel=channel,
        bot=bot,
        update_id=_native_id(message),
        address=_id(chat["id"]),
        sent_at=_moment(message.get("date"), now),
        kind=kind,
        message_id=str(message.get("message_id") or ""),
        text=_text(message) if carried else "",
        file_id=_picture(message) if kind == "photo" else "",
    )


def _id(given: object) -> str:
    """Return a native id: a text, never parsed (groups begin with "zgr-"). Raises ValueError for any other thing."""
    if not isinstance(given, str) or not given:
        raise ValueError("an id that is no text")
    return given


def _native_id(message: Json) -> str:
    return str(message.get("message_id") or _digest(json.dumps(message, sort_keys=True)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _text(message: Json) -> str:
    text = message.get("text") or message.get("caption") or ""
    if not isinstance(text, str):
        raise TypeError("a text that is none")
    return unicodedata.normalize("NFC", text)  # some phones send letters and marks apart


def _picture(message: Json) -> str:
    return str(message.get("photo") or message.get("photo_url") or message.get("url") or "")


def _moment(given: object, now: datetime) -> datetime:
    """Return the sending time: Zalo writes milliseconds, its documentation does not say so."""
    if given is None:
        return now
    number = float(given)  # type: ignore[arg-type]  # anything else is parked
    return datetime.fromtimestamp(number if number < _MILLISECONDS_FROM else number / 1000, UTC)
