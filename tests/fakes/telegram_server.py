"""A fake Bot API server on 127.0.0.1, strict on Telegram's rules.

In a test: `async with TelegramServer() as telegram:` then telegram.url, telegram.user("lan").says("/hop").
As a process: `python -m tests.fakes.telegram_server --port 8081`, driven over POST /control/<deed>
(see `_control`). The rules stand in telegram_methods, the people in telegram_people.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_methods import METHODS, Params, structure
from tests.fakes.telegram_people import User
from tests.fakes.telegram_world import Fault, RefusalError, World

TOKEN = "123456:FAKE-token_of-the-tests"
FIRST_USER = 100_000
POLL_PARAMETERS = {"offset", "limit", "timeout", "allowed_updates"}


class TelegramServer:
    """The server on a free port of this machine (or `port`); its `world` holds what people see and do."""

    def __init__(self, port: int = 0, token: str = TOKEN, clock: Callable[[], float] = time.time) -> None:
        self.world = World(token, "chibo_test_bot", clock)
        self.token = token
        self.port = port
        self._users: dict[str, User] = {}
        app = web.Application(client_max_size=64_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/documents/{file_id}", self._file)
        app.router.add_post("/control/{deed}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def user(self, name: str) -> User:
        """Return the person of that name; the bot cannot write to them before they have written."""
        if name not in self._users:
            self._users[name] = User(self.world, FIRST_USER + len(self._users), name)
        return self._users[name]

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _refused(RefusalError(401, "Unauthorized"))
        params = await _parameters(request)
        self.world.calls.append((method, params))
        self.world.progress.set()
        if self.world.latency and method != "getUpdates":
            await asyncio.sleep(self.world.latency)
        fault = self.world.fault(method)
        if fault is None:
            return await self._answered(method, params)
        return await self._failed(request, method, params, fault)

    async def _answered(self, method: str, params: Params) -> web.Response:
        try:
            return _json({"ok": True, "result": await self._result(method, params)})
        except RefusalError as refusal:
            return _refused(refusal)
        finally:
            self.world.progress.set()

    async def _failed(self, request: web.Request, method: str, params: Params, fault: Fault) -> web.StreamResponse:
        if fault.cut:
            if fault.cut == "after":
                await self._result(method, params)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.body is not None:
            return web.Response(status=fault.status, text=fault.body, content_type="text/html")
        parameters = {"retry_after": fault.retry_after} if fault.retry_after else {}
        return _refused(RefusalError(fault.status, fault.description or "Error", **parameters))

    async def _result(self, method: str, params: Params) -> Any:
        if method == "getUpdates":
            _known(params, POLL_PARAMETERS)
            return await self._updates(params)
        if method not in METHODS:
            raise RefusalError(404, "Not Found")
        run, names = METHODS[method]
        _known(params, names)
        return run(self.world, params)

    async def _updates(self, params: Params) -> Any:
        world = self.world
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        if world.webhook:
            active = "can't use getUpdates method while webhook is active; use deleteWebhook"
            raise RefusalError(409, f"Conflict: {active} to delete the webhook first")
        if not 1 <= limit <= 100:
            raise RefusalError(400, "Bad Request: limit must be between 1 and 100")
        if "allowed_updates" in params:
            world.allowed = set(structure(params, "allowed_updates")) or None
        world.polls += 1
        mine = world.polls
        world.confirm_before(offset)
        await self._until_update(float(params.get("timeout", 0)), mine)
        return list(world.updates)[:limit]

    async def _until_update(self, timeout: float, mine: int) -> None:  # noqa: ASYNC109  # Telegram's word
        world = self.world
        world.arrived.set()  # wakes an earlier poll, which then finds that it is no longer the last
        await asyncio.sleep(0)
        if not world.updates:
            world.arrived.clear()
        try:
            await asyncio.wait_for(world.arrived.wait(), timeout)
        except TimeoutError:
            return
        if world.polls != mine:
            other = "terminated by other getUpdates request"
            raise RefusalError(409, f"Conflict: {other}; make sure that only one bot instance is running")

    async def _file(self, request: web.Request) -> web.Response:
        file_id = request.match_info["file_id"]
        known = self.world.files.get(file_id)
        if known is None or file_id in self.world.expired or request.match_info["token"] != self.token:
            return _refused(RefusalError(404, "Not Found"))
        return web.Response(body=known[1])

    async def _control(self, request: web.Request) -> web.Response:
        """Serve a driver in another process; every deed takes a JSON object.

        says, presses, forwards, blocks ...: {"user", "args": [...]}; inbox: {"user"}; journal: {};
        set: {"latency", "per_second", "per_chat", "limits": bool}; fail_next: {"method", ...}.
        """
        deed, given = request.match_info["deed"], await request.json()
        if deed == "inbox":
            return _json([_visible(asdict(sent)) for sent in self.user(given["user"]).inbox])
        if deed == "journal":
            return _json([asdict(entry) for entry in self.world.journal])
        if deed == "set":
            self._set(**given)
            return _json(None)
        if deed == "fail_next":
            self.world.fail_next(**given)
            return _json(None)
        if deed in ("says", "presses", "forwards", "edits", "blocks", "unblocks", "sends_photo"):
            return _json(getattr(self.user(given["user"]), deed)(*given.get("args", ())))
        return _refused(RefusalError(404, "Not Found"))

    def _set(self, latency: float = 0.0, per_second: int = 30, per_chat: int = 1, limits: bool = True) -> None:
        self.world.latency = latency
        windows = self.world.windows
        windows.per_second, windows.per_chat, windows.enabled = per_second, per_chat, limits


async def _parameters(request: web.Request) -> Params:
    params: Params = dict(request.query)
    if request.content_type == "application/json":
        return {**params, **await request.json()}
    for name, value in (await request.post()).items():
        params[name] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    return params


def _known(params: Params, names: set[str]) -> None:
    unknown = sorted(set(params) - names)
    if unknown:
        raise RefusalError(400, f"Bad Request: unknown parameters {', '.join(unknown)}")


def _visible(sent: dict[str, Any]) -> dict[str, Any]:
    return {**sent, "content": len(sent["content"])}


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, body=json.dumps(value).encode(), content_type="application/json")


def _refused(refusal: RefusalError) -> web.Response:
    answer = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    parameters = {"parameters": refusal.parameters} if refusal.parameters else {}
    return _json({**answer, **parameters}, refusal.status)


async def _serve(port: int, token: str) -> None:
    async with TelegramServer(port, token) as server:
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
