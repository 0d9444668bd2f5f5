"""The page over HTTP: its files, its wording, the uploads and downloads, and one WebSocket a tab."""

import json
import tomllib
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.channels.web.conversation import talk
from bot.channels.web.frames import FILE_LIMIT, FrameError, Written, client_id, file_name, moment
from bot.channels.web.guard import SameOrigin
from models import bubbles

if TYPE_CHECKING:
    from bot.channels.web.channel import WebChannel

_HERE = Path(__file__).parent
_WORDING = _HERE.parents[1] / "texts" / "page.toml"
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")  # an SVG may carry a script


def application(channel: "WebChannel") -> Starlette:
    """Return the page of a channel."""
    site = _Site(channel)
    routes = [
        Route("/", site.index),
        Route("/start.json", site.start),
        Route("/upload", site.upload, methods=["POST"]),
        Route("/files/{address}/{bubble:int}", site.file),
        WebSocketRoute("/talk", site.talk),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(SameOrigin)])
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    return app


def wording() -> dict[str, Any]:
    """Return every word of the page, by key."""
    words: dict[str, Any] = tomllib.loads(_WORDING.read_text(encoding="utf-8"))["page"]
    return words


class _Site:
    def __init__(self, channel: "WebChannel") -> None:
        self._channel = channel
        self._words = wording()
        filled = {key: escape(text) for key, text in self._words.items() if isinstance(text, str)}
        template = Template((_HERE / "static" / "index.html").read_text(encoding="utf-8"))
        self._index = template.substitute(filled)

    async def index(self, _request: Request) -> Response:
        return HTMLResponse(self._index)

    async def start(self, _request: Request) -> Response:
        """Answer what a tab needs before it talks: wording, people, the moment."""
        page = self._channel.page
        people = [
            {"address": person.address, "name": person.name, "role": person.role, "group": person.group}
            for person in await page.people()
        ]
        now = moment(await page.now())
        return JSONResponse({"demo": page.demo, "words": self._words, "people": people, "now": now})

    async def upload(self, request: Request) -> Response:
        """Take a file (raw body; address, id and name in the query) as a message."""
        query = request.query_params
        address = query.get("address", "")
        if not await self._channel.admits(address):
            return _refused("unknown", 404)
        try:
            content = await _body(request)
            named = client_id(query.get("id"))
        except FrameError as bad:
            return _refused(bad.reason, 413 if bad.reason == "file_too_big" else 400)
        media_type = request.headers.get("content-type") or "application/octet-stream"
        name = file_name(query.get("name", ""))
        await self._channel.take(address, Written(named, file_name=name, content=content, media_type=media_type))
        return JSONResponse({"type": "ack", "id": named})

    async def file(self, request: Request) -> Response:
        """Give the file of a bubble to the address it stands at."""
        address, bubble = request.path_params["address"], request.path_params["bubble"]
        stored = await self._channel.run(lambda session: bubbles.file(session, bubble, address))
        if stored is None:
            return PlainTextResponse("not found", status_code=404)
        picture = stored.media_type in _PICTURES
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        if not picture:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
        media_type = stored.media_type if picture else "application/octet-stream"
        return Response(stored.content, media_type=media_type, headers=headers)

    async def talk(self, socket: WebSocket) -> None:
        """Hold one tab's conversation until either side leaves."""
        await socket.accept()
        try:
            await talk(self._channel, socket)
        except (WebSocketDisconnect, json.JSONDecodeError):
            return


async def _body(request: Request) -> bytes:
    if int(request.headers.get("content-length", "0") or 0) > FILE_LIMIT:
        raise FrameError("file_too_big")
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > FILE_LIMIT:
                raise FrameError("file_too_big")
    except ClientDisconnect:  # the tab sends it again when it is back
        raise FrameError("unreadable") from None
    if not content:
        raise FrameError("file_empty")
    return bytes(content)


def _refused(reason: str, status: int) -> Response:
    return JSONResponse({"type": "refused", "reason": reason}, status_code=status)
