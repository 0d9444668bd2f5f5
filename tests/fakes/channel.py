"""A channel that keeps what it was given and fails as it was told to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf

from bot.channels.base import Accept, Capabilities, Limits, Outgoing, Received, SendError
from models.messages import Incoming

NOW = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)  # 20:05 in Ha Noi


class FakeClock:
    """Time that moves only when a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


@dataclass
class FakeChannel:
    """Implements the whole protocol; `errors` are raised by the next sends, one each (None: it succeeds)."""

    name: str = "fake"
    bot: str = "main"
    capabilities: Capabilities = field(default_factory=Capabilities)
    limits: Limits = field(default_factory=lambda: Limits(inf, inf, inf))
    errors: list[SendError | Exception | None] = field(default_factory=list)
    latency: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    sent: list[Outgoing] = field(default_factory=list)
    edited: list[tuple[str, Outgoing]] = field(default_factory=list)
    answered: list[Incoming] = field(default_factory=list)
    menus: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    closed: bool = False

    def __post_init__(self) -> None:
        self.changed = asyncio.Event()
        self._accept: Accept | None = None
        self._receiving = asyncio.Event()
        self._updates = 0

    def incoming(self, address: str, text: str = "", at: datetime = NOW, **values) -> Incoming:
        self._updates += 1
        return Incoming(self.name, self.bot, str(self._updates), address, at, text=text, **values)

    def received(self, incoming: Incoming) -> Received:
        return Received(self.name, self.bot, incoming.update_id, incoming)

    async def says(self, address: str, text: str = "", **values) -> Incoming:
        """Let a person write, and wait until the program has stored it."""
        incoming = self.incoming(address, text, **values)
        await self.hands_over([self.received(incoming)])
        return incoming

    async def hands_over(self, batch: Sequence[Received]) -> None:
        await self._receiving.wait()
        assert self._accept is not None
        await self._accept(batch)

    async def receive(self, accept: Accept) -> None:
        self._accept = accept
        self._receiving.set()
        await asyncio.Event().wait()

    async def send(self, outgoing: Outgoing) -> str:
        await self._call()
        self.sent.append(outgoing)
        self.changed.set()
        return str(len(self.sent))

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        await self._call()
        self.edited.append((message_id, outgoing))
        self.changed.set()

    async def _call(self) -> None:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.in_flight -= 1
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error

    async def fetch(self, file_id: str) -> bytes:
        if file_id not in self.files:
            raise SendError("refused", "file_gone")
        return self.files[file_id]

    async def answer(self, incoming: Incoming) -> None:
        self.answered.append(incoming)

    async def set_menu(self, address: str, commands: Sequence[tuple[str, str]]) -> None:
        self.menus[address] = list(commands)

    async def leave(self, address: str) -> None:
        self.left.append(address)
        self.changed.set()

    async def close(self) -> None:
        self.closed = True

    async def until_sent(self, count: int, seconds: float = 5) -> list[Outgoing]:
        """Wait until so many messages have left. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.sent) + len(self.edited) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.sent
