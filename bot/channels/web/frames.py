"""What passes over a tab's WebSocket: JSON objects with a `type`, read strictly and written from stored rows.

In: hello (address), text (id, text), press (id, bubble, action, label), earlier (before), advance (by | day), ping.
Out: history, earlier, bubble, ack, refused, typing, menu, now, news, unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from models.bubbles import Shown
from models.clock import at, local
from models.messages import ACTION_BYTES

TEXT_LIMIT = 4096
FILE_LIMIT = 10 * 1024 * 1024
_LABEL_LIMIT = 64
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_MORNING = (7, 30)  # after the hour at which the quiet hours end and the morning's reminders leave


class FrameError(ValueError):
    """A frame that is not understood; `reason` is a short code of the page's wording."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Written:
    """What a person did: a text, a press on a bubble's button, or a file."""

    client_id: str
    text: str = ""
    action: str = ""
    pressed: str = ""
    file_name: str = ""
    content: bytes | None = None
    media_type: str = ""


def client_id(given: object) -> str:
    """Return the id a tab gave its message. Raises FrameError."""
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise FrameError("unreadable")
    return given


def written(frame: Mapping[str, Any]) -> Written:
    """Return what a text or press frame says. Raises FrameError."""
    return _press(frame) if frame.get("type") == "press" else _text(frame)


def _text(frame: Mapping[str, Any]) -> Written:
    text = frame.get("text")
    if not isinstance(text, str) or not text.strip():
        raise FrameError("unreadable")
    if len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT:
        raise FrameError("text_too_long")
    return Written(client_id(frame.get("id")), text=text.strip())


def _press(frame: Mapping[str, Any]) -> Written:
    action, label, bubble = frame.get("action"), frame.get("label"), frame.get("bubble")
    if not (isinstance(action, str) and isinstance(label, str) and isinstance(bubble, int)):
        raise FrameError("unreadable")
    if len(action.encode()) > ACTION_BYTES:
        raise FrameError("unreadable")
    return Written(client_id(frame.get("id")), text=label[:_LABEL_LIMIT], action=action, pressed=str(bubble))


def file_name(given: str) -> str:
    """Return a file name as it may be shown and saved: no folders, no control characters, at most 120."""
    last = re.split(r"[/\\]", given)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-120:].strip() or "file"


def bubble_frame(address: str, bubble: Shown) -> dict[str, Any]:
    """Return the frame that shows a bubble, new or changed."""
    return {"type": "bubble", "bubble": shown(address, bubble)}


def shown(address: str, bubble: Shown) -> dict[str, Any]:
    """Return a bubble as the page reads it; times are UTC, ISO 8601."""
    file = {
        "name": bubble.file_name,
        "size": bubble.file_size,
        "media_type": bubble.media_type,
        "url": f"/files/{quote(address, safe='')}/{bubble.id}?{bubble.revision}",
    }
    return {
        "id": bubble.id,
        "mine": bubble.mine,
        "press": bubble.press,
        "text": bubble.text,
        "buttons": bubble.buttons,
        "file": file if bubble.file_name else None,
        "at": moment(bubble.at),
        "edited_at": moment(bubble.edited_at) if bubble.edited_at else None,
        "revision": bubble.revision,
        "client_id": bubble.client_id,
    }


def moment(when: datetime) -> str:
    """Return a moment as the page reads it."""
    return when.astimezone(UTC).isoformat(timespec="seconds")


def target(frame: Mapping[str, Any], now: datetime) -> datetime:
    """Return the moment an advance frame asks for, in local days. Raises FrameError for one not ahead of `now`."""
    here, by = local(now), frame.get("by")
    steps = {"day": here + timedelta(days=1), "week": here + timedelta(days=7), "morning": _next_morning(here)}
    to = steps.get(by) if isinstance(by, str) else _chosen(frame.get("day"))
    if to is None or to <= now:
        raise FrameError("not_ahead")
    return to


def _next_morning(here: datetime) -> datetime:
    today = at(here.date(), *_MORNING)
    return today if today > here else at(here.date() + timedelta(days=1), *_MORNING)


def _chosen(day: object) -> datetime | None:
    try:
        return at(date.fromisoformat(str(day)), *_MORNING)
    except ValueError:
        return None
