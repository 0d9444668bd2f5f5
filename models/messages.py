"""What passes between the channels and the core: Incoming, Message, Say, Button, Document and button actions.

Everything here is frozen and channel-neutral. An outgoing text is a `Say`: a key of `bot/texts/*.toml`
with its arguments, rendered only when it leaves. Forms and rules carry their own words: `verbatim(words)`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Arg: TypeAlias = "str | int | Say | tuple[Say, ...]"
Rows: TypeAlias = "tuple[tuple[Button, ...], ...]"

IncomingKind = Literal["text", "press", "file", "photo", "voice", "sticker", "other", "group", "blocked", "migrated"]

ACTION_BYTES = 64  # Telegram's limit for callback data


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update of a channel, in the channel's own ids (text).

    sent_at is the channel's sending time (aware). `action` is set for a press; `message_id` is the native id
    of the message that was sent, edited or pressed on; `new_address` is set for a migrated chat.
    """

    channel: str
    bot: str
    update_id: str
    address: str
    sent_at: datetime
    kind: IncomingKind = "text"
    text: str = ""
    action: str = ""
    message_id: str = ""
    edited: bool = False
    forwarded: bool = False
    file_name: str = ""
    file_id: str = ""
    new_address: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object the inbox stores."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {**values, "sent_at": self.sent_at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Incoming":
        """Return the update that `to_json` stored."""
        return cls(**{**stored, "sent_at": datetime.fromisoformat(stored["sent_at"])})


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence by key, with arguments: text, numbers, or further sentences (a tuple is one a line)."""

    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object the outbox stores."""
        return {"say": self.key, "args": {name: _arg_to_json(arg) for name, arg in self.args.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Say":
        """Return the sentence that `to_json` stored."""
        return cls(stored["say"], {name: _arg_from_json(arg) for name, arg in stored["args"].items()})


def verbatim(words: str) -> Say:
    """Return a sentence that stands as it is: the words of a form, a rule, or what a person typed."""
    return Say("verbatim", {"words": words})


def _arg_to_json(arg: Arg) -> Any:
    if isinstance(arg, Say):
        return arg.to_json()
    if isinstance(arg, tuple):
        return [part.to_json() for part in arg]
    return arg


def _arg_from_json(stored: Any) -> Arg:
    if isinstance(stored, dict):
        return Say.from_json(stored)
    if isinstance(stored, list):
        return tuple(Say.from_json(part) for part in stored)
    return stored  # type: ignore[no-any-return]  # str or int, as written by _arg_to_json


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its label and the action that comes back when it is pressed (at most 64 bytes)."""

    label: Say
    action: str

    def __post_init__(self) -> None:
        if len(self.action.encode()) > ACTION_BYTES:
            raise ValueError(f"action longer than {ACTION_BYTES} bytes: {self.action}")


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be made when the message leaves: its kind, what it shows, and its file name."""

    kind: str
    args: Mapping[str, str | int]
    name: str


@dataclass(frozen=True, slots=True)
class Message:
    """One outgoing message: sentences (one a line), rows of buttons, at most one document.

    `edits` is the outbox id of an earlier message this one replaces where the channel can edit.
    `lettered`: a bare number is also an answer, so that a channel without buttons letters its menu.
    `commands` is the person's new command menu, shown once the message has left.
    `live` names what the message shows, so that it can be kept up to date ("overview:2026-03:12").
    """

    parts: tuple[Say, ...]
    buttons: Rows = ()
    document: Document | None = None
    edits: int | None = None
    live: str = ""
    commands: tuple[tuple[str, Say], ...] = ()
    lettered: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object the outbox stores."""
        document = self.document
        return {
            "parts": [part.to_json() for part in self.parts],
            "buttons": [[{"label": b.label.to_json(), "action": b.action} for b in row] for row in self.buttons],
            "document": {"kind": document.kind, "args": dict(document.args), "name": document.name}
            if document
            else None,
            "edits": self.edits,
            "live": self.live,
            "commands": [[name, say.to_json()] for name, say in self.commands],
            "lettered": self.lettered,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Message":
        """Return the message that `to_json` stored."""
        document = stored["document"]
        return cls(
            parts=tuple(Say.from_json(part) for part in stored["parts"]),
            buttons=tuple(
                tuple(Button(Say.from_json(b["label"]), b["action"]) for b in row) for row in stored["buttons"]
            ),
            document=Document(**document) if document else None,
            edits=stored["edits"],
            live=stored["live"],
            commands=tuple((name, Say.from_json(say)) for name, say in stored["commands"]),
            lettered=stored["lettered"],
        )


@dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for: a verb and its arguments, written "verb:arg:arg" (arguments hold no colon)."""

    verb: str
    args: tuple[str, ...] = ()

    def encode(self) -> str:
        """Return the action as text. Raises ValueError for an argument with a colon or over 64 bytes."""
        if any(":" in part for part in (self.verb, *self.args)):
            raise ValueError(f"a colon in an action: {self}")
        text = ":".join((self.verb, *self.args))
        if len(text.encode()) > ACTION_BYTES:
            raise ValueError(f"action longer than {ACTION_BYTES} bytes: {text}")
        return text

    @classmethod
    def decode(cls, text: str) -> "Action":
        """Return the action that `encode` wrote; any text gives an action, known or not."""
        verb, *args = text.split(":")
        return cls(verb, tuple(args))


def button(label: Say, verb: str, *args: str | int) -> Button:
    """Return a button whose action is `verb` with `args`."""
    return Button(label, Action(verb, tuple(str(arg) for arg in args)).encode())


def dumps(value: Any) -> str:
    """Return canonical JSON, so that equal values are equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
