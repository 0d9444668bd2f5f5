"""Telegram as a fake: chats, people, messages, updates and limits; no HTTP (telegram_server has it).

Everything runs on one event loop. An update that people cause stays queued until a later getUpdates
confirms it.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import Any

Button = tuple[str, str]  # label, callback data


class RefusalError(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass
class Sent:
    """A message of the bot as its reader sees it; `edits` are the texts it had before."""

    message_id: int
    chat_id: int
    at: float
    kind: str
    text: str
    buttons: list[list[Button]] = field(default_factory=list)
    file_name: str = ""
    content: bytes = b""
    edits: list[str] = field(default_factory=list)
    has_preview: bool = True

    @property
    def labels(self) -> list[list[str]]:
        return [[label for label, _ in row] for row in self.buttons]


@dataclass(frozen=True)
class Entry:
    """One accepted call that reached a person: a line of the journal."""

    at: float
    method: str
    chat_id: int
    message_id: int
    text: str


@dataclass
class Chat:
    """A chat as the server keeps it; `closed` is the 403 a send gets, "" while the bot may write."""

    chat_id: int
    kind: str
    title: str
    closed: str = ""
    moved_to: int = 0
    messages: dict[int, Sent] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)  # ids of what people wrote here

    def as_json(self) -> dict[str, Any]:
        named = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.chat_id, "type": self.kind, **named}


class Windows:
    """Strict sliding windows of one second: in all and to a chat; a refused send does not count.

    `slack` shortens the window by so many seconds, for a sender whose calls take unequal times to arrive.
    """

    def __init__(self, per_second: int, per_chat: int) -> None:
        self.per_second = per_second
        self.per_chat = per_chat
        self.enabled = True
        self.slack = 0.0
        self.refused = 0
        self._all: deque[float] = deque()
        self._chats: defaultdict[int, deque[float]] = defaultdict(deque)

    def take(self, chat_id: int, now: float) -> None:
        """Count one send. Raises RefusalError 429 with retry_after."""
        if not self.enabled:
            return
        windows = ((self._all, self.per_second), (self._chats[chat_id], self.per_chat))
        for times, limit in windows:
            while times and times[0] <= now - (1 - self.slack):
                times.popleft()
            if len(times) >= limit:
                wait = max(1, ceil(times[0] + 1 - now))
                self.refused += 1
                raise RefusalError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for times, _ in windows:
            times.append(now)


@dataclass
class Fault:
    """What happens to the next call of a method: an error answer, or the connection cut."""

    status: int = 0
    description: str = ""
    retry_after: int = 0
    cut: str = ""  # "before" or "after" the call took effect
    body: str | None = None


class World:
    """One bot's Telegram; `clock` gives epoch seconds, `latency` is the seconds every call takes."""

    def __init__(self, token: str, username: str, clock: Callable[[], float] = time.time) -> None:
        self.token = token
        self.username = username
        self.clock = clock
        self.latency = 0.0
        self.windows = Windows(per_second=30, per_chat=1)
        self.webhook = ""
        self.chats: dict[int, Chat] = {}
        self.journal: list[Entry] = []
        self.confirmed: list[int] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answered: list[str] = []
        self.typing: list[int] = []
        self.menus: dict[int, list[tuple[str, str]]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.expired: set[str] = set()  # files whose download link no longer works
        self.queries: set[str] = set()
        self.updates: deque[dict[str, Any]] = deque()
        self.allowed: set[str] | None = None
        self.arrived = asyncio.Event()
        self.progress = asyncio.Event()  # set whenever a call or a confirmation came
        self.polls = 0
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._last_update = 1000
        self._last_id = 0

    def fail_next(self, method: str, times: int = 1, **fault: Any) -> None:
        """Let the next calls of a method fail: see Fault (status, description, retry_after, cut, body)."""
        self._faults[method].extend([Fault(**fault)] * times)

    def fault(self, method: str) -> Fault | None:
        waiting = self._faults[method]
        return waiting.popleft() if waiting else None

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def push(self, kind: str, content: dict[str, Any]) -> int:
        """Queue an update and return its id; a kind the bot did not allow is dropped, as Telegram does."""
        self._last_update += 1
        if self.allowed is None or kind in self.allowed:
            self.push_raw({"update_id": self._last_update, kind: content})
        return self._last_update

    def push_raw(self, update: dict[str, Any]) -> None:
        """Queue an update as it is, whatever its shape."""
        self._last_update = max(self._last_update, update["update_id"])
        self.updates.append(update)
        self.arrived.set()

    def confirm_before(self, offset: int) -> None:
        while self.updates and self.updates[0]["update_id"] < offset:
            self.confirmed.append(self.updates.popleft()["update_id"])
        if not self.updates:
            self.arrived.clear()
        self.progress.set()

    def open_chat(self, chat_id: str) -> Chat:
        """Return the chat the bot may write to. Raises RefusalError as the Bot API does."""
        chat = self.chats.get(int(chat_id)) if chat_id.lstrip("-").isdecimal() else None
        if chat is None:
            raise RefusalError(400, "Bad Request: chat not found")
        if chat.moved_to:
            upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusalError(400, upgraded, migrate_to_chat_id=chat.moved_to)
        if chat.closed:
            raise RefusalError(403, f"Forbidden: {chat.closed}")
        return chat

    def deliver(self, chat: Chat, method: str, **content: Any) -> Sent:
        """Put a message of the bot into a chat within the limits. Raises RefusalError 429."""
        now = self.clock()
        self.windows.take(chat.chat_id, now)
        sent = Sent(self.next_id(), chat.chat_id, now, **content)
        chat.messages[sent.message_id] = sent
        self.journal.append(Entry(now, method, chat.chat_id, sent.message_id, sent.text))
        return sent

    async def until(self, condition: Callable[[], bool], seconds: float = 5) -> None:
        """Wait for something the bot's calls bring about. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.progress.clear()
                await self.progress.wait()

    def busiest(self, seconds: float = 1.0, chat_id: int | None = None) -> int:
        """Return the most sends of the journal in any stretch of so many seconds, to one chat or in all."""
        times = [entry.at for entry in self.journal if chat_id in (None, entry.chat_id)]
        return _most_within(times, seconds)


def _most_within(times: Iterable[float], seconds: float) -> int:
    window: deque[float] = deque()
    most = 0
    for at in times:
        window.append(at)
        while window[0] <= at - seconds:
            window.popleft()
        most = max(most, len(window))
    return most
