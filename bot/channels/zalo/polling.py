"""Long polling: Zalo hands over one update a call and forgets it as it does so.

There is no offset and no confirmation. What has been read is therefore committed before the next call, however often
that takes, and an open call is never cut short: the program waits for its answer before it stops.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from bot.channels.base import Accept, Received
from bot.channels.zalo.api import Api, ZaloError
from bot.channels.zalo.errors import BAD_TOKEN, IDLE, meaning

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 8  # a stop waits for the open call: this leaves room in the ten seconds containers are given
MARGIN_SECONDS: Final = 10.0
FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 60.0

Read = Callable[[Any], Received | None]
Pause = Callable[[float], Awaitable[None]]


class Poller:
    """Polls one bot until cancelled; then takes in what the open call brings, and ends."""

    def __init__(self, api: Api, read: Read, pause: Pause, seconds: int = POLL_SECONDS) -> None:
        if seconds < 1:
            raise ValueError("a poll of no seconds reads and forgets")
        self._api = api
        self._read = read
        self._pause = pause
        self._seconds = seconds
        self._stopping = False
        self._webhook_gone = False

    async def run(self, accept: Accept) -> None:
        """Hand every update to `accept`, and ask for the next one once that has returned."""
        failures = 0
        self._stopping = False
        while True:
            error = await self._uncut(self._turn(accept))
            failures = failures + 1 if error else 0
            if error:
                await self._wait(error, failures)

    async def _uncut(self, turn: Any) -> ZaloError | None:
        """Run a turn to its end, also when told to stop meanwhile; then stop."""
        task: asyncio.Task[ZaloError | None] = asyncio.create_task(turn)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._stopping = True
            while not task.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({task})
            if not task.cancelled() and (failure := task.exception()):
                name = type(failure).__name__  # never its words: they may quote a person
                log.error("an update may be lost: it was read and could not be stored (%s)", name)  # noqa: TRY400
            raise

    async def _turn(self, accept: Accept) -> ZaloError | None:
        began = asyncio.get_running_loop().time()
        try:
            if not self._webhook_gone:
                await self._remove_webhook()
                self._webhook_gone = True
            answer = await self._poll()
        except ZaloError as error:
            return error
        for update in answer:
            await self._keep(accept, update)
        if not answer and asyncio.get_running_loop().time() - began < FIRST_SECONDS and not self._stopping:
            await self._pause(FIRST_SECONDS)  # an idle answer that did not wait would be asked for without end
        return None

    async def _poll(self) -> list[Any]:
        """Return what came, nothing for an idle call. Raises ZaloError."""
        # The documentation wants a string; numbers are taken as well.
        params = {"timeout": str(self._seconds)}
        try:
            result = await self._api.call("getUpdates", params, self._seconds + MARGIN_SECONDS)
        except ZaloError as error:
            if error.code == IDLE:
                return []
            raise
        return result if isinstance(result, list) else [result] if result else []

    async def _keep(self, accept: Accept, update: Any) -> None:
        """Store what was read: Zalo has forgotten it. Tried until it succeeds; once more when told to stop."""
        received = self._read(update)
        failures = 0
        while received is not None:
            last = self._stopping
            try:
                await accept([received])
            except Exception as error:
                if last:
                    raise
                failures += 1
                log.error("an update could not be stored, try %d: %s", failures, type(error).__name__)  # noqa: TRY400
                await self._pause(min(FIRST_SECONDS * failures, MARGIN_SECONDS))
            else:
                return

    async def _remove_webhook(self) -> None:
        info = await self._api.call("getWebhookInfo")
        if isinstance(info, dict) and info.get("url"):
            log.warning("A webhook was set for this bot; it is removed, for config.toml says that this program polls")
            await self._api.call("deleteWebhook")

    async def _wait(self, error: ZaloError, failures: int) -> None:
        seconds = delay(error, failures)
        self._webhook_gone = False  # somebody may have set one meanwhile
        advice = "Zalo does not know this token; see Bot Creator" if error.code == BAD_TOKEN else ""
        level = logging.ERROR if advice else logging.WARNING
        reason = meaning(error)[1]
        log.log(level, "getUpdates failed: %d %s %s; next try in %.1f s", error.code, reason, advice, seconds)
        await self._pause(seconds)


def delay(error: ZaloError, failures: int) -> float:
    """Return the seconds to wait after so many failures in a row, between 1 and 60, spread at random.

    What heals only by hand, or next month, is tried once a minute.
    """
    if error.code in (BAD_TOKEN, 429):
        return LONGEST_SECONDS
    ceiling = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures, 10))
    return random.uniform(FIRST_SECONDS, ceiling)  # noqa: S311  # spreads load, guards nothing
