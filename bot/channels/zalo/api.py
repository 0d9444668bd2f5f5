"""Calls of the Zalo Bot API: JSON over HTTPS, an answer that may be an error, and errors that never name the token.

No error raised here carries the text of an aiohttp error or has one as its context: those texts hold the address, and
the address holds the token.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import aiohttp

from bot.channels.telegram_request import environment_proxy

OFFICIAL: Final = "https://bot-api.zaloplatforms.com"
CALL_SECONDS: Final = 20.0
CONNECT_SECONDS: Final = 10.0
# Below the idle limit of the servers in front: a send over a connection that is just being closed ends uncertain.
IDLE_SECONDS: Final = 15.0

# Beside Zalo's own codes (400, 401, 403, 404, 408, 429, 5xx):
NOT_SENT: Final = -1  # the request never left this machine
NO_ANSWER: Final = -2  # it left, and no answer came
UNREADABLE: Final = -3  # something answered that is not Zalo

# What aiohttp raises before the first byte of a request has left.
_BEFORE_SENDING: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class ZaloError(Exception):
    """A call without a result: Zalo's error code or one of ours, and Zalo's words ("" where it had none)."""

    def __init__(self, code: int, description: str = "") -> None:
        super().__init__(f"Zalo error {code}")  # the words may quote what was sent
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP; `date` is the Date header, "" where there was none."""

    status: int
    body: bytes
    date: str = ""


# (method, parameters, seconds) -> answer; raises ZaloError where there is none.
Post: TypeAlias = Callable[[str, Mapping[str, Any], float], Awaitable[Answer]]


class Api:
    """The methods of one bot over a transport; `date` is the Date header of the last answer."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self.date = ""

    async def call(self, method: str, params: Mapping[str, Any] | None = None, seconds: float = CALL_SECONDS) -> Any:
        """Return the result of a method. Raises ZaloError."""
        answer = await self._post(method, params or {}, seconds)
        self.date = answer.date or self.date
        return _result(answer)


def _result(answer: Answer) -> Any:
    try:
        content = json.loads(answer.body)
    except ValueError:
        content = None
    if not isinstance(content, dict) or "ok" not in content:
        raise ZaloError(answer.status if answer.status >= 400 else UNREADABLE)
    if content["ok"] is True:
        return content.get("result")
    raise ZaloError(_code(content.get("error_code"), answer.status), str(content.get("description", "")))


def _code(given: Any, status: int) -> int:
    """Return Zalo's code, that of HTTP where it names none: some errors come with status 200."""
    text = str(given)
    if text.isdecimal():
        return int(text)
    return status if status >= 400 else UNREADABLE


class AiohttpPost:
    """One pooled session to one server; opened at the first call.

    `proxy` is the address of an HTTP proxy, "" for none; None takes the one of the environment.
    """

    def __init__(self, token: str, base_url: str = "", proxy: str | None = None) -> None:
        self._address = f"{(base_url or OFFICIAL).rstrip('/')}/bot{token}/"
        self._proxy = environment_proxy(self._address) if proxy is None else proxy
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, method: str, params: Mapping[str, Any], seconds: float) -> Answer:
        """Return the answer to a call. Raises ZaloError, outside the `except`, so that it has no telling context."""
        answer = await self._exchange(method, params, seconds)
        if isinstance(answer, ZaloError):
            raise answer
        return answer

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _exchange(self, method: str, params: Mapping[str, Any], seconds: float) -> Answer | ZaloError:
        limits = aiohttp.ClientTimeout(total=seconds + CONNECT_SECONDS, connect=CONNECT_SECONDS, sock_read=seconds)
        try:
            async with self._opened().post(
                self._address + method,
                json=dict(params),
                timeout=limits,
                proxy=self._proxy or None,
                allow_redirects=False,  # following one could send a message twice
            ) as response:
                return Answer(response.status, await response.read(), response.headers.get("Date", ""))
        except _BEFORE_SENDING:
            return ZaloError(NOT_SENT)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return ZaloError(NO_ANSWER)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session
