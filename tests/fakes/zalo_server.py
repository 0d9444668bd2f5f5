"""A fake Zalo Bot server, strict on Zalo's rules: in process (`transport`) or over HTTP on 127.0.0.1.

In a test: `async with ZaloServer() as zalo:` then zalo.url, zalo.user("lan").says("/hop"). As a process:
`python -m tests.fakes.zalo_server --port 8099`, driven over POST /control/<deed> (see `_control`).
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.channels.zalo.api import NO_ANSWER, NOT_SENT, Answer, ZaloError
from tests.fakes.zalo_methods import METHODS, Params
from tests.fakes.zalo_world import Bot, Fault, RefusalError, User, World

TOKEN = "4123456789:fake-Token_of-the-tests"
SECRET = "a-secret-of-the-tests"
HEADER = "X-Bot-Api-Secret-Token"


class ZaloServer:
    """The server with one bot to begin with; its `world` holds what people see and do."""

    def __init__(self, port: int = 0, token: str = TOKEN, clock: Callable[[], float] = time.time) -> None:
        self.world = World(clock)
        self.bot = self.world.add_bot(token, "Bot Chi bộ")
        self.token = token
        self.port = port
        self._users: dict[tuple[str, str], User] = {}
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def user(self, name: str, bot: Bot | None = None) -> User:
        """Return the person of that name; the bot cannot write to them before they have written."""
        bot = bot or self.bot
        known = self._users.get((bot.token, name))
        if known is None:
            known = self._users[bot.token, name] = User(self.world, bot, len(self._users) + 1, name)
        return known

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._http)
        app.router.add_post("/control/{deed}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    # The core -----------------------------------------------------------------------------------------------------

    async def call(self, token: str, method: str, params: Params) -> tuple[int, dict[str, Any]]:
        """Answer one call as Zalo does: (HTTP status, JSON)."""
        self.world.calls.append((method, params))
        try:
            return 200, {"ok": True, "result": await self._result(token, method, params)}
        except RefusalError as refusal:
            answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            return refusal.code, answer
        finally:
            self.world.progress.set()

    async def _result(self, token: str, method: str, params: Params) -> Any:
        bot = self.world.bots.get(token)
        if bot is None:
            raise RefusalError(401, "Unauthorized")
        if self.world.latency and method != "getUpdates":
            await asyncio.sleep(self.world.latency)
        if method == "getUpdates":
            _known(params, {"timeout"})
            return await self._updates(bot, params)
        if method not in METHODS:
            raise RefusalError(404, "Not Found")
        run, names = METHODS[method]
        _known(params, names)
        return run(self.world, bot, params)

    async def _updates(self, bot: Bot, params: Params) -> Any:
        if bot.webhook:
            raise RefusalError(400, "getUpdates is not available while a webhook is set")
        seconds = float(params.get("timeout", 30))
        assert seconds > 0, "a poll without a wait reads and forgets"
        bot.polls += 1
        self.world.progress.set()
        try:
            await asyncio.wait_for(bot.arrived.wait(), self.world.idle_seconds or seconds)
        except TimeoutError:
            raise RefusalError(408, "Request timeout") from None
        update = self.world.pop(bot)
        if self.world.lag_after_pop:
            await asyncio.sleep(self.world.lag_after_pop)
        return update

    # In process ---------------------------------------------------------------------------------------------------

    def transport(self, token: str = "") -> "Transport":
        """Return what an Api posts through, without sockets."""
        return Transport(self, token or self.token)

    # Over HTTP ----------------------------------------------------------------------------------------------------

    async def _http(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], await request.json()
        fault = self.world.fault(method)
        if fault is None:
            return _json(*await self.call(request.match_info["token"], method, params))
        if fault.cut:
            if fault.cut == "after":
                await self.call(request.match_info["token"], method, params)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        self.world.calls.append((method, params))
        self.world.progress.set()
        return _json(*_failed(fault))

    async def post_updates(self, url: str, *, form: str = "flat", secret: str | None = None) -> list[int]:
        """Deliver what waits to a webhook as Zalo does, flat or wrapped; return the statuses."""
        statuses = []
        async with aiohttp.ClientSession() as client:
            while self.bot.waiting:
                update = self.world.pop(self.bot)
                body = update if form == "flat" else {"ok": True, "result": update}
                headers = {HEADER: self.bot.secret if secret is None else secret}
                async with client.post(url, json=body, headers=headers) as response:
                    statuses.append(response.status)
        return statuses

    async def _control(self, request: web.Request) -> web.Response:
        """Serve a driver in another process: says, sends_photo, ... {"user", "args"}; inbox {"user"}; set {...}."""
        deed, given = request.match_info["deed"], await request.json()
        if deed == "inbox":
            return _json(200, self.user(given["user"]).inbox)
        if deed == "journal":
            return _json(200, [asdict(sent) for sent in self.bot.sent])
        if deed == "set":
            self.world.latency = float(given.get("latency", 0))
            self.bot.monthly = int(given.get("monthly", self.bot.monthly))
            return _json(200, None)
        if deed == "fail_next":
            self.world.fail_next(**given)
            return _json(200, None)
        if deed in ("says", "sends_photo", "sends_sticker", "sends_voice", "sends_file"):
            return _json(200, getattr(self.user(given["user"]), deed)(*given.get("args", ())))
        return _json(404, None)


class Transport:
    """The server without sockets, with its faults."""

    def __init__(self, server: ZaloServer, token: str) -> None:
        self._server = server
        self._token = token

    async def __call__(self, method: str, params: Mapping[str, Any], seconds: float) -> Answer:
        fault = self._server.world.fault(method)
        if fault is None:
            status, content = await self._server.call(self._token, method, _over_the_wire(params))
            return Answer(status, json.dumps(content).encode(), "Thu, 03 Mar 2022 13:05:00 GMT")
        if fault.cut == "before":
            raise ZaloError(NOT_SENT)
        if fault.cut:
            await self._server.call(self._token, method, _over_the_wire(params))
            raise ZaloError(NO_ANSWER)
        status, content = _failed(fault)
        body = content if isinstance(content, str) else json.dumps(content)
        return Answer(status, body.encode())


def _over_the_wire(params: Mapping[str, Any]) -> Params:
    content: Params = json.loads(json.dumps(params))
    return content


def _failed(fault: Fault) -> tuple[int, Any]:
    if fault.body is not None:
        return fault.status or 200, fault.body
    answer = {"ok": False, "error_code": fault.code, "description": fault.description}
    return fault.status or fault.code, answer


def _known(params: Params, names: set[str]) -> None:
    unknown = sorted(set(params) - names)
    if unknown:
        raise RefusalError(400, f"unknown parameters {', '.join(unknown)}")


def _json(status: int, value: Any) -> web.Response:
    body = value if isinstance(value, str) else json.dumps(value)
    return web.Response(status=status, body=body.encode(), content_type="application/json")


async def _serve(port: int, token: str) -> None:
    async with ZaloServer(port, token) as server:
        print(server.url, flush=True)  # noqa: T201  # whoever started this process reads the address
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted; the first line of stdout is the address."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--token", default=TOKEN)
    given = options.parse_args()
    asyncio.run(_serve(given.port, given.token))


if __name__ == "__main__":
    main()
