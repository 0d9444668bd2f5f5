"""The phone page with a small core behind it: a real server, a real database file, a scripted answer."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, SQLModel

from bot.channels.base import Outgoing, Received
from bot.channels.web.channel import WebChannel
from bot.channels.web.page import Person
from models.bubbles import Bubble, PageMenu
from models.database import make_engine, unit_of_work
from models.messages import Incoming

T = TypeVar("T")
NOW = datetime(2026, 3, 24, 13, 5, tzinfo=UTC)  # 20:05 in Ha Noi
OWN = "0123456789abcdef0123456789abcdef"
PEOPLE = (
    Person("vp", "Văn phòng đảng ủy", "Văn phòng", "Đảng ủy khối"),
    Person("pt", "Cấp ủy viên phụ trách", "Theo dõi 3 chi bộ", "Đảng ủy khối"),
    Person("bt05", "Bí thư CB05", "Bí thư chi bộ", "Chi bộ Trường THCS Kim Đồng"),
    Person("pbt05", "Phó bí thư CB05", "Phó bí thư chi bộ", "Chi bộ Trường THCS Kim Đồng"),
    Person("bt06", "Bí thư CB06", "Bí thư chi bộ", "Chi bộ Công ty cổ phần Dệt may Hòa Bình"),
    Person("bt07", "Bí thư CB07", "Bí thư chi bộ", "Chi bộ Điện lực"),
)


class Demo:
    """A demonstration whose clock only moves when told, or real data."""

    def __init__(self, *, demo: bool = True) -> None:
        self.demo = demo
        self.moment = NOW

    async def people(self) -> Sequence[Person]:
        return PEOPLE if self.demo else ()

    async def now(self) -> datetime:
        return self.moment

    async def advance(self, to: datetime) -> None:
        if to < self.moment:
            raise ValueError("backwards")
        self.moment = to

    def clock(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


class Writer:
    """One writing thread on a SQLite file, as the program has."""

    def __init__(self, path: Path) -> None:
        self.engine = make_engine(f"sqlite:///{path}")
        SQLModel.metadata.create_all(self.engine, [table.__table__ for table in (Bubble, PageMenu)])
        self._thread = ThreadPoolExecutor(1)

    async def run(self, work: Callable[[Session], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[Session], T]) -> T:
        with unit_of_work(self.engine) as session:
            return work(session)

    def close(self) -> None:
        self._thread.shutdown()
        self.engine.dispose()


Reply = Callable[["Core", Incoming], Awaitable[None]]


@dataclass
class Core:
    """Takes each update once, as the inbox does, and answers it with `reply`."""

    channel: WebChannel
    reply: Reply | None = None
    got: list[Incoming] = field(default_factory=list)
    offered: int = 0

    async def accept(self, batch: Sequence[Received]) -> None:
        for received in batch:
            self.offered += 1
            incoming = received.incoming
            assert incoming is not None
            if incoming.update_id in {earlier.update_id for earlier in self.got}:
                continue
            self.got.append(incoming)
            if self.reply:
                await self.reply(self, incoming)

    async def say(self, address: str, text: str, *rows: Sequence[tuple[str, str]]) -> str:
        return await self.channel.send(Outgoing(address, text, tuple(tuple(row) for row in rows)))


@asynccontextmanager
async def serving(channel: WebChannel, core: Core):
    """Serve a page for the length of a block."""
    url = channel.url
    task = asyncio.create_task(channel.receive(core.accept))
    try:
        yield url.rstrip("/")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Server:
    """A page served from a thread of its own, for a browser driven from the test's thread."""

    def __init__(self, folder: Path, *, demo: bool = True, port: int = 0, reply: Reply | None = None) -> None:
        self.page = Demo(demo=demo)
        self.writer = Writer(folder / "page.db")
        self.channel = WebChannel(self.writer.run, port, self.page, self.page.clock)
        self.core = Core(self.channel, reply)
        self.url = self.channel.url
        self.port = int(self.url.rstrip("/").rsplit(":", 1)[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self._task = self._loop.create_task(self.channel.receive(self.core.accept))
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.run_until_complete(self.channel.close())  # where it was stopped before it began

    def do(self, work: Coroutine[None, None, T]) -> T:
        """Run something on the server's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def stop(self) -> None:
        """End the server and give everything back; a second call does nothing."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)
        self._loop.close()
        self.writer.close()
