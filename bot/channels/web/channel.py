"""The channel `web`: its own small chat server, so that the core treats the page as it treats Telegram."""

import asyncio
import logging
import re
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.channels.base import Accept, Capabilities, Limits, Outgoing, Received, SendError
from bot.channels.web.binding import bind
from bot.channels.web.frames import TEXT_LIMIT, Written, bubble_frame
from bot.channels.web.page import Page
from bot.channels.web.server import application
from bot.channels.web.tabs import Tabs
from models import bubbles
from models.bubbles import Bubble, Shown
from models.messages import Incoming

T = TypeVar("T")
logger = logging.getLogger(__name__)
_OWN_ADDRESS = re.compile(r"[0-9a-f]{32}")  # 128 random bits made by the browser: who knows it, may use it


class EngineRun(Protocol):
    """Runs `work(session)` in one unit of work and returns what it returned."""

    def __call__(self, work: Callable[[Session], T], /) -> Awaitable[T]:
        """Run the work; it is committed when the awaitable is done."""
        ...


class WebChannel:
    """The phone page.

    `marked` is the state-secrets guard: what it marks is passed to the core, which refuses it, and never stored here.
    `clock` gives the moment a message is sent or received (aware). `host` must be this machine.
    """

    name = "web"
    bot = "page"
    capabilities = Capabilities(text_limit=TEXT_LIMIT)
    limits = Limits(per_second=500, per_chat=50, per_group=50)

    def __init__(
        self,
        engine_run: EngineRun,
        port: int,
        page: Page,
        clock: Callable[[], datetime],
        *,
        host: str = "127.0.0.1",
        marked: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        self.page = page
        self.tabs = Tabs()
        self.run = engine_run
        self._clock = clock
        self._marked = marked
        self._accept: Accept | None = None
        self._host, self._port = host, port
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Return where the page is; the first call takes the port. Raises ValueError for a host not of this machine."""
        host, port = self._listening().getsockname()[:2]
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    async def receive(self, accept: Accept) -> None:
        """Serve the page until cancelled; first hand over again what a crash left between page and core."""
        self._accept = accept
        await self._hand_over_again(accept)
        server = _server(self)
        serving = asyncio.create_task(server.serve(sockets=[self._listening()]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving
            self._socket = None

    async def send(self, outgoing: Outgoing) -> str:
        """Store a bubble and show it in the open tabs; return its id. Raises SendError."""
        bubble = self._outgoing(outgoing)
        with _database_errors():
            shown = await self.run(lambda session: bubbles.add(session, bubble))
        self._show(outgoing.address, shown)
        if self.page.demo:
            self.tabs.push_all({"type": "news", "address": outgoing.address})
        return str(shown.id)

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Change a bubble in place, in the open tabs too. Raises SendError (refused where it is gone)."""
        change = self._outgoing(outgoing)
        change.id = int(message_id) if message_id.isdecimal() else 0  # no bubble has it
        with _database_errors():
            shown = await self.run(lambda session: bubbles.edit(session, outgoing.address, change))
        if shown is None:
            raise SendError("refused", "message_gone")
        self._show(outgoing.address, shown)

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes of a file that came in. Raises SendError."""
        with _database_errors():
            stored = await self.run(lambda session: bubbles.file(session, int(file_id)))
        if stored is None:
            raise SendError("refused", "file_gone")
        return stored.content

    async def answer(self, incoming: Incoming) -> None:
        """Show "typing" in the open tabs until the next bubble."""
        self.tabs.push(incoming.address, {"type": "typing"})

    async def set_menu(self, address: str, commands: Sequence[tuple[str, str]]) -> None:
        """Show these commands in the person's menu, in the open tabs and after a restart."""
        rows = [[name, description] for name, description in commands]
        try:
            await self.run(lambda session: bubbles.set_menu(session, address, rows))
        except SQLAlchemyError:
            logger.warning("the command menu could not be stored")
        self.tabs.push(address, {"type": "menu", "commands": rows})

    async def leave(self, address: str) -> None:
        """Do nothing: the page has no groups."""

    async def close(self) -> None:
        """Give the port back."""
        if self._socket:
            self._socket.close()
            self._socket = None

    async def admits(self, address: str) -> bool:
        """Return whether a tab may use an address: one of the demonstration's, or one a browser made."""
        if self.page.demo:
            return any(person.address == address for person in await self.page.people())
        return _OWN_ADDRESS.fullmatch(address) is not None

    async def take(self, address: str, written: Written) -> None:
        """Store what a person did, show it, and hand it to the core; return when the core has it.

        The bubble is stored before the core has it, so that it stands above its answer and a file can be fetched.
        """
        if self._accept is None:
            raise RuntimeError("the page received before `receive` was called")
        marked = self._marked(f"{written.text}\n{written.file_name}")
        incoming, shown = await self.run(lambda session: self._store(session, address, written, marked=marked))
        self._show(address, shown)
        await self._hand_over(self._accept, incoming)

    def _store(self, session: Session, address: str, written: Written, *, marked: bool) -> tuple[Incoming, Shown]:
        kept = Written(written.client_id, action=written.action) if marked else written
        bubble = _mine(address, kept, self._clock())
        shown = bubbles.add(session, bubble)
        incoming = _incoming(address, written, shown)
        if not marked and bubble.id == shown.id:
            bubble.waiting = incoming.to_json()
        return incoming, shown

    async def _hand_over_again(self, accept: Accept) -> None:
        for stored in await self.run(bubbles.waiting):
            await self._hand_over(accept, Incoming.from_json(stored))

    async def _hand_over(self, accept: Accept, incoming: Incoming) -> None:
        await accept([Received(self.name, self.bot, incoming.update_id, incoming)])
        await self.run(lambda session: bubbles.accepted(session, incoming.address, incoming.update_id))

    def _show(self, address: str, shown: Shown) -> None:
        self.tabs.push(address, bubble_frame(address, shown))

    def _outgoing(self, outgoing: Outgoing) -> Bubble:
        file = outgoing.file
        return Bubble(
            address=outgoing.address,
            text=outgoing.text,
            buttons=[[[label, action] for label, action in row] for row in outgoing.buttons],
            file_name=file.name if file else "",
            file_bytes=file.content if file else None,
            media_type=file.media_type if file else "",
            at=self._clock(),
        )

    def _listening(self) -> socket.socket:
        if self._socket is None:
            self._socket = bind(self._host, self._port)
        return self._socket


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program, which stops its parts in order."""
        yield


def _server(channel: WebChannel) -> _Server:
    config = uvicorn.Config(
        application(channel),
        http="h11",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses stand in paths
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return _Server(config)


def _mine(address: str, written: Written, now: datetime) -> Bubble:
    return Bubble(
        address=address,
        mine=True,
        press=bool(written.action),
        text=written.text,
        file_name=written.file_name,
        file_bytes=written.content,
        media_type=written.media_type,
        at=now,
        client_id=written.client_id,
    )


def _incoming(address: str, written: Written, shown: Shown) -> Incoming:
    has_file = written.content is not None
    return Incoming(
        channel=WebChannel.name,
        bot=WebChannel.bot,
        update_id=written.client_id,
        address=address,
        sent_at=shown.at,
        kind="press" if written.action else "file" if has_file else "text",
        text="" if written.action else written.text,
        action=written.action,
        message_id=written.pressed or str(shown.id),
        file_name=written.file_name,
        file_id=str(shown.id) if has_file else "",
    )


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise SendError("unsent", "database") from error
