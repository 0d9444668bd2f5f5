"""The webhooks of all Zalo bots, and the one-time links, on one port of this machine behind the operator's proxy.

An update is committed before it is answered with 200. Zalo does not say whether it repeats what was not.
"""

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.zalo.links import FileLinks

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
MOST_BYTES: Final = 64 * 1024  # a message has 2,000 characters
THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")

Take = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PageWords:
    """What the page of a one-time link says."""

    title: str
    button: str
    gone: str


class WebhookServer:
    """One server for several bots: it runs while at least one channel has it open."""

    def __init__(self, host: str, port: int, links: FileLinks | None, words: PageWords) -> None:
        if host not in THIS_MACHINE:
            raise ValueError(f"the webhook only listens on this machine, not on {host}")
        self._host = host
        self.port = port
        self._links = links
        self._words = words
        self._bots: dict[str, tuple[bytes, Take]] = {}
        self._open = 0
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    def application(self) -> Starlette:
        """Return the routes."""
        return Starlette(
            routes=[
                Route("/zalo/{bot}", self._probed, methods=["GET"]),
                Route("/zalo/{bot}", self._update, methods=["POST"]),
                Route("/tep/{key}", self._show, methods=["GET"]),
                Route("/tep/{key}", self._give, methods=["POST"]),
            ]
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Task[None]]:
        """Serve while the block runs; gives the task that serves, which ends only by failing. Raises OSError."""
        if self._serving is None or self._serving.done():
            self._begin()
        serving = self._serving
        if serving is None:
            raise RuntimeError("the server did not begin")
        self._open += 1
        try:
            yield serving
        finally:
            self._open -= 1
            if not self._open:
                await self._end()

    @contextmanager
    def taking(self, bot: str, secret: str, take: Take) -> Iterator[None]:
        """Hand a bot's updates to `take` while the block runs."""
        self._bots[bot] = (secret.encode(), take)
        try:
            yield
        finally:
            del self._bots[bot]

    def _begin(self) -> None:
        listening = socket.create_server((self._host, self.port), backlog=128)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.application(),
            http="h11",
            lifespan="off",
            log_config=None,
            access_log=False,  # keys of links stand in paths
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def _end(self) -> None:
        server, serving, self._server, self._serving = self._server, self._serving, None, None
        if server and serving:
            server.should_exit = True
            await asyncio.wait({serving})

    async def _probed(self, _request: Request) -> Response:
        """Answer somebody who only looks whether there is a server."""
        return PlainTextResponse("ok")

    async def _update(self, request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        if body is None:
            return PlainTextResponse("", 413)
        if not body.strip():  # a probe, seen without a secret
            return PlainTextResponse("ok")
        known = self._bots.get(request.path_params["bot"])
        if known is None:
            return PlainTextResponse("", 503)
        secret, take = known
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret):
            log.warning("An update without the right secret was refused")
            return PlainTextResponse("", 401)
        return await _stored(take, body)

    async def _show(self, request: Request) -> Response:
        file = self._links.look(request.path_params["key"]) if self._links else None
        if file is None:
            return self._page(f"<p>{escape(self._words.gone)}</p>", 404)
        return self._page(
            f"<p>{escape(file.name)}</p><form method=post><button>{escape(self._words.button)}</button></form>"
        )

    async def _give(self, request: Request) -> Response:
        file = self._links.take(request.path_params["key"]) if self._links else None
        if file is None:
            return self._page(f"<p>{escape(self._words.gone)}</p>", 404)
        headers = {**_PRIVATE, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return Response(file.content, media_type=file.media_type, headers=headers)

    def _page(self, body: str, status: int = 200) -> Response:
        title = escape(self._words.title)
        head = f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        page = f'<!doctype html><html lang="vi"><meta charset="utf-8">{head}<h1>{title}</h1>{body}</html>'
        policy = {"Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'"}
        return HTMLResponse(page, status, {**_PRIVATE, **policy})


_PRIVATE: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program, which stops its parts in order."""
        yield


async def _stored(take: Take, body: bytes) -> Response:
    try:
        update = json.loads(body)
    except ValueError:
        update = body.decode("utf-8", "replace")  # parked by whoever reads it
    try:
        await take(update)
    except Exception as error:  # noqa: BLE001  # whatever went wrong, Zalo is told that it was not taken
        log.error("An update could not be stored: %s", type(error).__name__)  # noqa: TRY400
        return PlainTextResponse("", 500)
    return PlainTextResponse("ok")


async def _body(request: Request) -> bytes | None:
    """Return the body, None for one too long to be an update."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
