"""Who may talk to the page: only the page itself.

Any website can post to 127.0.0.1, and a name can be made to point there (DNS rebinding), so Host and Origin are
checked on every request and WebSocket.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The name is checked, not the port: the port differs behind a tunnel, and rebinding needs a name of its own.
_LOCAL = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SameOrigin:
    """Refuse (403) what does not come from the page itself, and send the safety headers with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif not own(scope):
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send, Headers(scope=scope)["host"]))


def own(scope: Scope) -> bool:
    """Return whether a request names this machine as its host and, where it can change something, as its origin."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if not _LOCAL.fullmatch(host):
        return False
    if origin is None:
        return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return origin == f"http://{host}"


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before accepting: the handshake fails with 403
    else:
        await PlainTextResponse("forbidden", status_code=403)(scope, receive, send)


def _with_headers(send: Send, host: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value.replace("{host}", host))
        await send(message)

    return sending
