"""HTTP for python-telegram-bot over aiohttp, which tells "never left" from "left, no answer came".

PTB's own HTTPXRequest sends in parallel more slowly than one by one. No error raised here carries the
text of an aiohttp error or has one as its context: those texts hold the address, and the address the token.
"""

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 20.0
WRITE_SECONDS: Final = 20.0
UPLOAD_SECONDS: Final = 120.0
FLOOD_SECONDS: Final = 5  # where a 429 names no deadline
CONNECTIONS: Final = 256
# Below the idle limit of the servers in front: a send over a connection the other side is just
# closing ends uncertain.
IDLE_SECONDS: Final = 15.0
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BaseRequest.USER_AGENT}
_PLAIN: Final = {"User-Agent": BaseRequest.USER_AGENT}
# What aiohttp raises before the first byte of a request has left.
_BEFORE_SENDING: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class NotSentError(NetworkError):
    """The request never left this machine: no name, no connection, no certificate, no free connection."""


class FloodWaitError(TelegramError):
    """Telegram asks to wait `seconds` (PTB's RetryAfter warns of its own deprecation when it is raised)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Flood control: wait {seconds} s")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """PTB's transport over one pooled aiohttp session, opened at the first request.

    `proxy` is the address of an HTTP proxy, "" for none; None takes the one of the environment.
    `date` is the Date header of the last answer, "" before one.
    """

    def __init__(self, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self.date = ""

    @property
    def read_timeout(self) -> float:
        """The seconds an answer may take unless a call says otherwise."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; opening twice is no error."""
        self._opened()

    async def shutdown(self) -> None:
        """Close the session; the next request opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917  # the signature is PTB's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002  # part of aiohttp's connect timeout
    ) -> tuple[int, bytes]:
        """Return the status and the body of the answer.

        Raises NotSentError where nothing left, TimedOut or NetworkError where no answer came, FloodWaitError for
        a 429, BadRequest for a 413, TelegramError for a success that does not carry a result.
        """
        upload = request_data is not None and request_data.contains_files
        limits = _timeout(read_timeout, write_timeout, connect_timeout, upload=upload)
        answer = await self._exchange(url, method, request_data, limits)
        if isinstance(answer, TelegramError):
            raise answer
        return _checked(method, *answer)

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes] | TelegramError:
        """Return the answer, or what to raise: raised outside the `except`, it has no telling context."""
        body, headers = _body(request_data)
        try:
            async with self._opened().request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=limits,
                proxy=self._proxy_for(url),
                allow_redirects=False,  # following one could send a message twice
            ) as response:
                self.date = response.headers.get("Date", "")
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return _translated(error)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _proxy_for(self, url: str) -> str | None:
        # Looked up once: aiohttp's trust_env reads environment and netrc at every request.
        if self._proxy is None:
            self._proxy = environment_proxy(url)
        return self._proxy or None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the JSON object of an answer; unlike PTB's, write nothing of it to a log.

        Raises TelegramError for anything else.
        """
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def environment_proxy(url: str) -> str:
    """Return the HTTP proxy the environment names for this address, "" for none; this machine needs none."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return ""
    return getproxies().get(parts.scheme, "")


def _translated(error: Exception) -> NetworkError:
    name = type(error).__name__
    if isinstance(error, _BEFORE_SENDING):
        return NotSentError(f"Not sent ({name})")
    if isinstance(error, asyncio.TimeoutError):
        return TimedOut(f"No answer in time ({name})")
    return NetworkError(f"Connection lost ({name})")


def _checked(method: str, status: int, payload: bytes) -> tuple[int, bytes]:
    if status == 429:
        raise FloodWaitError(_flood_seconds(payload))
    if status == 413:
        raise BadRequest("Request Entity Too Large")
    if status < 300:
        if method == "POST" and b'"result"' not in payload:  # a captive portal answers 200 as well
            raise TelegramError("Invalid server response")
        return status, payload
    # PTB quotes a body it cannot read, and a proxy's error page quotes the address.
    return status, payload if payload.startswith(b"{") else b"{}"


def _flood_seconds(payload: bytes) -> int:
    try:
        return int(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, LookupError, TypeError):
        return FLOOD_SECONDS


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str]]:
    if request_data is None:
        return None, _PLAIN
    if not request_data.contains_files:
        return request_data.url_encoded_parameters().encode(), _FORM
    # Names of files go as they are: percent-encoded, people would see them so. A stream, for aiohttp
    # writes bytes in one piece and warns of it.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=_header_safe(file_name), content_type=media_type)
    return form, _PLAIN


def _header_safe(file_name: str) -> str:
    """Return the name without what would end the quoted string it stands in."""
    return "".join("_" if char in '"\\' or ord(char) < 32 else char for char in file_name)


def _timeout(read: Any, write: Any, connect: Any, *, upload: bool) -> aiohttp.ClientTimeout:
    reading = _seconds(read, READ_SECONDS)
    writing = _seconds(write, UPLOAD_SECONDS if upload else WRITE_SECONDS)
    connecting = _seconds(connect, CONNECT_SECONDS)
    # aiohttp starts sock_read only after the body is out; `total` ends a write that is stuck.
    total = None if None in (reading, writing, connecting) else reading + writing + connecting  # type: ignore[operator]
    return aiohttp.ClientTimeout(total=total, connect=connecting, sock_read=reading)


def _seconds(given: Any, default: float) -> float | None:
    """Return what the call gave; PTB's marker of "not given" means the default, None no limit."""
    return given if given is None or isinstance(given, int | float) else default
