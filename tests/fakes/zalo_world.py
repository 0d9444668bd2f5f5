"""Zalo as a fake: bots, people, messages, quota; no HTTP (zalo_server has it). Strict on what is documented.

Everything runs on one event loop. An update that has been handed over is gone, as on the real thing.
"""

import asyncio
import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EVENTS = ("text", "image", "sticker", "voice", "unsupported")


class RefusalError(Exception):
    """What Zalo answers instead of a result."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass
class Sent:
    """A message of a bot as its reader sees it."""

    message_id: str
    chat_id: str
    text: str
    at: float


@dataclass
class Fault:
    """What happens to the next call of a method: an error, the connection cut before or after it took effect."""

    code: int = 0
    description: str = ""
    cut: str = ""
    body: str | None = None
    status: int = 0


@dataclass
class Bot:
    """One bot as Zalo keeps it."""

    token: str
    bot_id: str
    name: str
    monthly: int = 3000
    most_users: int = 50
    users: dict[str, str] = field(default_factory=dict)  # chat id -> name, of those who have written
    waiting: deque[dict[str, Any]] = field(default_factory=deque)
    popped: list[tuple[float, str]] = field(default_factory=list)  # (perf_counter, message id)
    sent: list[Sent] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    spent: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))  # by month
    webhook: str = ""
    secret: str = ""
    polls: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


class World:
    """The bots of one server; `clock` gives epoch seconds, `latency` is the seconds every call takes."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.latency = 0.0
        self.idle_seconds: float | None = None  # how long an idle poll waits, if not as long as it asks for
        self.lag_after_pop = 0.0  # seconds between forgetting an update and its answer
        self.bots: dict[str, Bot] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.progress = asyncio.Event()
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._numbers = itertools.count(1)

    def add_bot(self, token: str, name: str, **limits: int) -> Bot:
        bot = Bot(token, str(9_000_000_000_000_000_000 + len(self.bots)), name, **limits)
        self.bots[token] = bot
        return bot

    def fail_next(self, method: str, times: int = 1, **fault: Any) -> None:
        """Let the next calls of a method fail: see Fault."""
        self._faults[method].extend([Fault(**fault)] * times)

    def fault(self, method: str) -> Fault | None:
        waiting = self._faults[method]
        return waiting.popleft() if waiting else None

    def new_id(self) -> str:
        """Return a message id as Zalo writes them: 20 hexadecimal digits, more than 64 bits."""
        return f"f{next(self._numbers):019x}"

    def month(self) -> str:
        return f"{datetime.fromtimestamp(self.clock(), UTC).astimezone(ZONE):%Y-%m}"

    def push(self, bot: Bot, event: str, message: dict[str, Any]) -> str:
        """Put an event into a bot's queue and return the message's id."""
        bot.waiting.append({"event_name": event, "message": message})
        bot.arrived.set()
        return str(message.get("message_id", ""))

    def deliver(self, bot: Bot, chat_id: str, text: str) -> Sent:
        """Put a message of a bot into a chat within the quota. Raises RefusalError 429."""
        if bot.spent[self.month()] >= bot.monthly:
            raise RefusalError(429, "Quota exceeded")
        bot.spent[self.month()] += 1
        sent = Sent(self.new_id(), chat_id, text, self.clock())
        bot.sent.append(sent)
        return sent

    def pop(self, bot: Bot) -> dict[str, Any]:
        """Hand over the oldest update and forget it."""
        update = bot.waiting.popleft()
        bot.popped.append((time.perf_counter(), str(update.get("message", {}).get("message_id", ""))))
        self.progress.set()
        if not bot.waiting:
            bot.arrived.clear()
        return update

    async def until(self, condition: Callable[[], bool], seconds: float = 5) -> None:
        """Wait for something the bot's calls bring about. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.progress.clear()
                await self.progress.wait()


class User:
    """A person, and what they do in their private chat with a bot; every deed returns its message id."""

    def __init__(self, world: World, bot: Bot, number: int, name: str) -> None:
        self.id = f"{number:05x}6ede9a2c4f00d1{number % 256:x}".ljust(20, "b")[:20]
        self.name = name
        self._world = world
        self._bot = bot

    @property
    def inbox(self) -> list[str]:
        """What the bot has written here, oldest first."""
        return [sent.text for sent in self._bot.sent if sent.chat_id == self.id]

    def says(self, text: str, **message: Any) -> str:
        return self._writes("text", text=text, **message)

    def sends_photo(self, caption: str = "", *, real: bool = True) -> str:
        """Send a picture, in the form that is really delivered or the documented one."""
        name = "photo_url" if real else "photo"
        said = {"caption": caption} if caption else {}
        return self._writes("image", **{name: f"https://photo.example/{self._world.new_id()}.jpg"}, **said)

    def sends_sticker(self) -> str:
        return self._writes("sticker", sticker="aefe4a8b", url="https://sticker.example/aefe4a8b.png")

    def sends_voice(self) -> str:
        return self._writes("voice", voice_url="https://voice.example/1.aac")

    def sends_file(self) -> str:
        """Send a file, a card or anything else that Zalo does not carry: no content at all."""
        return self._writes("unsupported")

    def mentions_in_group(self, text: str) -> str:
        chat = {"id": f"zgr-{self.id}", "chat_type": "GROUP"}
        return self._writes("text", text=text, chat=chat)

    def message(self, **content: Any) -> dict[str, Any]:
        return {
            "from": {"id": self.id, "display_name": self.name, "is_bot": False},
            "chat": {"id": self.id, "chat_type": "PRIVATE"},
            "message_id": self._world.new_id(),
            "date": int(self._world.clock() * 1000),
            **content,
        }

    def _writes(self, event: str, **content: Any) -> str:
        if self.id not in self._bot.users and len(self._bot.users) >= self._bot.most_users:
            raise RefusalError(403, "the bot takes no more users")
        self._bot.users.setdefault(self.id, self.name)
        return self._world.push(self._bot, f"message.{event}.received", self.message(**content))
