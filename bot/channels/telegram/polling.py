"""Our own poll loop: an update is confirmed only after the core has committed it.

PTB's updater confirms before anything is handled, and its get_updates raises for a whole batch when one
update cannot be parsed: so the raw JSON is asked for and read update by update.
"""

import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from telegram import Bot
from telegram.error import Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.base import Accept, Received
from bot.channels.telegram.errors import meaning
from bot.channels.telegram_request import READ_SECONDS, FloodWaitError

log = logging.getLogger(__name__)

ALLOWED: Final = ["message", "edited_message", "callback_query", "my_chat_member"]
BATCH: Final = 100
FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 60.0
_HELP: Final[dict[type[TelegramError], str]] = {
    Conflict: "another program polls this bot or has set a webhook; stop it",
    InvalidToken: "Telegram does not know this token; check it with @BotFather",
    Forbidden: "Telegram refuses this bot; check it with @BotFather",
}

Json = dict[str, Any]
Read = Callable[[Json], Received | None]
Pause = Callable[[float], Awaitable[None]]


class Poller:
    """Polls one bot until cancelled; `offset` is the first update not yet committed."""

    def __init__(self, api: Bot, read: Read, pause: Pause, poll_seconds: int) -> None:
        self._api = api
        self._read = read
        self._pause = pause
        self._poll_seconds = poll_seconds
        self._webhook_gone = False
        self.offset: int | None = None

    async def run(self, accept: Accept) -> None:
        """Hand every batch to `accept`, confirm it once that has returned, and never end by itself."""
        while True:
            updates = await self._insist()
            batch = [one for one in map(self._read, updates) if one is not None]
            if batch:
                await accept(batch)
            # The next getUpdates confirms what accept has committed, and only that. An empty answer says
            # that this has been done; then the offset is let go, for after a quiet week Telegram begins
            # again with any number, a lower one too.
            self.offset = max(update["update_id"] for update in updates) + 1 if updates else None

    async def _insist(self) -> Sequence[Json]:
        failures = 0
        while True:
            try:
                updates = await self._poll()
            except TelegramError as error:
                failures += 1
                await self._wait(error, failures)
            else:
                if failures:
                    log.info("getUpdates is answered again after %d failures", failures)
                return updates

    async def _poll(self) -> Sequence[Json]:
        if not self._webhook_gone:
            await self._remove_webhook()
            self._webhook_gone = True
        known = {} if self.offset is None else {"offset": self.offset}
        # The odd spelling gives the endpoint getUpdates without PTB's advice to use bot.get_updates.
        answer: Any = await self._api.do_api_request(
            "get_Updates",
            api_kwargs={"limit": BATCH, "timeout": self._poll_seconds, "allowed_updates": ALLOWED, **known},
            read_timeout=self._poll_seconds + READ_SECONDS,
        )
        return _updates(answer)

    async def _remove_webhook(self) -> None:
        if (await self._api.get_webhook_info()).url:
            log.warning("A webhook was set for this bot; it is removed, for this program polls")
            await self._api.delete_webhook(drop_pending_updates=False)

    async def _wait(self, error: TelegramError, failures: int) -> None:
        advice = next((words for cls, words in _HELP.items() if isinstance(error, cls)), "")
        seconds = delay(error, failures)
        if isinstance(error, Conflict):
            self._webhook_gone = False  # the other may have set one meanwhile
        # Only names: the words of an error may quote the address, which holds the token.
        name, reason = type(error).__name__, meaning(error)[1]
        level = logging.ERROR if advice else logging.WARNING
        log.log(level, "getUpdates failed: %s (%s) %s; next try in %.1f s", reason, name, advice, seconds)
        await self._pause(seconds)


def delay(error: TelegramError, failures: int) -> float:
    """Return the seconds to wait after so many failures in a row, between 1 and 60, spread at random.

    A deadline of Telegram is kept; what heals only by hand is tried once a minute.
    """
    if isinstance(error, FloodWaitError):
        return float(error.seconds)
    if isinstance(error, InvalidToken | Forbidden):
        return LONGEST_SECONDS
    ceiling = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures, 10))
    return random.uniform(FIRST_SECONDS, ceiling)  # noqa: S311  # spreads load, guards nothing


def _updates(answer: Any) -> Sequence[Json]:
    if not isinstance(answer, list):
        raise TelegramError("Invalid server response")
    return [one for one in answer if isinstance(one, dict) and isinstance(one.get("update_id"), int)]
