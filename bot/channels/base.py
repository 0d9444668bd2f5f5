"""The seam every channel fits: how updates come in, how rendered messages go out, how errors are named."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from models.messages import Incoming

Accept: TypeAlias = "Callable[[Sequence[Received]], Awaitable[None]]"
ErrorKind = Literal["unsent", "refused", "uncertain", "quota"]


class SendError(Exception):
    """A send that did not succeed, in the words of the dispatcher.

    unsent: surely not delivered, may be tried again (at `retry_at`, a deadline, where the channel names one).
    refused: never to be delivered to this address (blocked, no such chat).
    uncertain: the call left and no answer came; it may or may not have been delivered.
    quota: nothing more leaves on this bot until `retry_at`.
    `reason` is a short code for texts (`send_error.<reason>`), never a token or an address.
    """

    def __init__(self, kind: ErrorKind, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind: ErrorKind = kind
        self.reason = reason
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Received:
    """One update as it arrived: the Incoming, or, where it cannot be parsed, its raw text to be parked."""

    channel: str
    bot: str
    update_id: str
    incoming: Incoming | None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file going out: its name as people see it, its bytes, its media type."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A rendered message for one address: plain text, rows of (label, action), at most one file."""

    address: str
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; where it has no buttons, the menu is printed as a numbered list.

    monthly: how many messages a month leave on a bot before only replies and urgent ones do; 0: any number.
    """

    buttons: bool = True
    edit: bool = True
    files: bool = True
    text_limit: int = 4096  # UTF-16 code units
    fetch: bool = True
    monthly: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a channel may be sent to: in all, to one chat, and to one group (messages a second)."""

    per_second: float
    per_chat: float
    per_group: float


class Channel(Protocol):
    """A channel: Telegram, the phone page, Zalo, the script of `simulate`."""

    name: str
    bot: str
    capabilities: Capabilities
    limits: Limits

    async def receive(self, accept: Accept) -> None:
        """Receive until cancelled; `accept` returns once the batch is committed, then it is confirmed."""
        ...

    async def send(self, outgoing: Outgoing) -> str:
        """Send one message of at most `text_limit` units; return its native id. Raises SendError."""
        ...

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Replace an earlier message; an equal text is no error. Raises SendError."""
        ...

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes of a file that came in. Raises SendError."""
        ...

    async def answer(self, incoming: Incoming) -> None:
        """Show that a press or text arrived (stop the spinner, "typing"); never retried, never raises."""
        ...

    async def set_menu(self, address: str, commands: Sequence[tuple[str, str]]) -> None:
        """Show these (command, description) in the person's command menu; best effort, never raises."""
        ...

    async def leave(self, address: str) -> None:
        """Leave a group; best effort, never raises."""
        ...

    async def close(self) -> None:
        """Release what the channel holds."""
        ...
