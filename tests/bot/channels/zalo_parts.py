"""What the tests of the Zalo channel share: a stand-in for the inbox, and pauses that take no time."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.channels.base import Received
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.api import AiohttpPost, Api
from tests.fakes.zalo_server import ZaloServer

NOW = datetime(2022, 3, 3, 13, 5, tzinfo=UTC)


class Core:
    """Stands for the inbox: keeps what was committed once, fails when told to, and lets a test wait."""

    def __init__(self) -> None:
        self.committed: list[Received] = []
        self.offered = 0
        self.failures = 0
        self.held: asyncio.Event | None = None
        self._changed = asyncio.Event()

    async def accept(self, batch: Sequence[Received]) -> None:
        self.offered += len(batch)
        self._changed.set()
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        if self.held:
            await self.held.wait()
        known = {one.update_id for one in self.committed}
        self.committed += [one for one in batch if one.update_id not in known]
        self._changed.set()

    async def until(self, count: int) -> list[str]:
        """Wait for so many updates and return their texts."""
        while len(self.committed) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 5)
        return [one.incoming.text if one.incoming else one.raw for one in self.committed]

    async def until_offered(self, count: int) -> None:
        """Wait until so many updates were offered, committed or not."""
        while self.offered < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 5)


class Pauses:
    """Waits no time and keeps what was asked for."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._changed = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._changed.set()
        await asyncio.sleep(0)

    async def until(self, count: int) -> None:
        while len(self.seconds) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 5)


def over_http(zalo: ZaloServer, **options) -> ZaloChannel:
    """Return a channel that talks to the fake over a socket."""
    post = AiohttpPost(zalo.token, zalo.url)
    return ZaloChannel(Api(post), "mot", lambda: NOW, close=post.close, **options)


def in_process(zalo: ZaloServer, **options) -> ZaloChannel:
    """Return a channel that talks to the fake without sockets."""
    return ZaloChannel(Api(zalo.transport()), "mot", lambda: NOW, **options)


async def stopped(task: "asyncio.Task[None]") -> None:
    """Stop a task as the program does, and wait for its end."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
