"""Tasks that are started again when they fail, so that one channel's trouble never stops another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.handling import where

logger = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
QUIET = 300.0  # seconds of running well after which an old failure is forgotten
TOLD_AFTER = 3  # failures in a row


async def keep_running(name: str, work: Callable[[], Awaitable[None]], tell: Callable[[str], Awaitable[None]]) -> None:
    """Run `work` until cancelled, again and again with growing pauses; `tell(name)` once it has failed three times."""
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        began = loop.time()
        try:
            await work()
        except Exception as error:  # noqa: BLE001  # the log says what; the next turn may do better
            logger.error("%s stopped: %s", name, where(error))  # noqa: TRY400  # never the error's own words
        failures = 1 if loop.time() - began > QUIET else failures + 1
        if failures == TOLD_AFTER:
            await _told(name, tell)
        await asyncio.sleep(min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT))


async def _told(name: str, tell: Callable[[str], Awaitable[None]]) -> None:
    try:
        await tell(name)
    except Exception as error:  # noqa: BLE001  # the alert is a help; the channel's restart must not depend on it
        logger.error("the alert about %s failed: %s", name, where(error))  # noqa: TRY400
