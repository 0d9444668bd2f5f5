"""Updates of the channels: stored, then handled, in order within a chat and many chats at a time."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.channels.base import Channel, Received, SendError
from bot.dispatcher import Dispatcher
from bot.faults import point
from bot.handling import Core, Handled, HandlingError, handle_oldest, note_failure, where
from bot.intake import chat_from_key, store
from bot.limiter import Bot
from bot.writer import Writer
from models import inbox
from models.conversations import Chat
from models.messages import Incoming

logger = logging.getLogger(__name__)

AT_A_TIME = 64
SWEEP_SECONDS = 15.0  # for what another process has left, and what a retry waits for
_MANY = 1_000_000  # rows: until there is none
PATIENCE = 0.5  # seconds until a person is shown that the answer is being written


class Inbound:
    """Takes batches in and sees that every row is handled; `accept` is what a channel's `receive` is given."""

    def __init__(
        self,
        core: Core,
        writer: Writer,
        channels: Mapping[Bot, Channel],
        dispatcher: Dispatcher,
        clock: Callable[[], datetime],
    ) -> None:
        self._core = core
        self._writer = writer
        self._channels = channels
        self._dispatcher = dispatcher
        self._clock = clock
        self._rows: dict[Chat, int] = defaultdict(int)
        self._working: set[Chat] = set()
        self._room = asyncio.Semaphore(AT_A_TIME)
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, batch: Sequence[Received]) -> None:
        """Store a batch and return once it is committed; handling follows on its own."""
        point("received")
        keys = await self._writer.run(store, batch, self._core.owner, self._clock())
        point("stored")
        for update in batch:
            if update.incoming and update.incoming.kind == "press":
                self._start(self._acknowledge(update.incoming))
        for key in keys:
            self._wake(key)
        self._dispatcher.nudge()

    async def run(self) -> None:
        """Take up what was left unhandled, now and every so often, until cancelled."""
        while True:
            for key in await self._writer.run(inbox.waiting_chats, self._core.owner, self._clock()):
                if chat_from_key(key) not in self._working:
                    self._wake(key, until_empty=True)
            await asyncio.sleep(SWEEP_SECONDS)

    async def finish(self) -> None:
        """Wait until what has been stored is handled."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _wake(self, key: str, *, until_empty: bool = False) -> None:
        chat = chat_from_key(key)
        if (chat.channel, chat.bot) not in self._channels:
            return
        self._rows[chat] += _MANY if until_empty else 1
        if chat not in self._working:
            self._working.add(chat)
            self._start(self._work(chat))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("handling stopped, the next sweep takes it up: %s", where(error))

    async def _work(self, chat: Chat) -> None:
        """Handle the rows of one chat, oldest first, until there is none."""
        try:
            while self._rows[chat] > 0:
                self._rows[chat] -= 1
                async with self._room:
                    if not await self._one(chat):
                        self._rows[chat] = 0
        finally:
            self._working.discard(chat)
            self._rows.pop(chat, None)

    async def _one(self, chat: Chat) -> bool:
        """Handle the oldest row of a chat; return whether there was one."""
        typing = asyncio.get_running_loop().call_later(PATIENCE, self._show_patience, chat)
        place = await self._dispatcher.place(chat)
        try:
            handled = await self._handled(chat, immediate=place.taken)
            point("handled")
            sends = self._dispatcher.send_at_once(handled.deliveries if handled else (), place)
        finally:
            place.leave()
            typing.cancel()
        if handled is None:
            return False
        self._dispatcher.nudge()
        if sends and self._rows[chat] > 0:
            # The next answer may leave at once when this one has arrived; sooner it would have to queue behind it.
            await asyncio.wait(sends, timeout=PATIENCE)
        if handled.incoming.kind == "group":
            self._start(self._channels[chat.channel, chat.bot].leave(chat.native_id))
        return True

    async def _handled(self, chat: Chat, *, immediate: bool) -> Handled | None:
        files: dict[int, bytes | None] = {}
        work = partial(handle_oldest, immediate=immediate)
        while True:
            point("handling")
            try:
                handled = await self._writer.run(work, self._core, chat, self._clock(), files)
            except HandlingError as failure:
                if not await self._gave_up(failure):
                    continue
                return Handled(failure.inbox_id, _nothing(chat, self._clock()))
            if handled is None or not handled.file_wanted:
                return handled
            files[handled.inbox_id] = await self._fetch(handled.incoming)

    async def _gave_up(self, failure: HandlingError) -> bool:
        logger.error("row %d failed: %s", failure.inbox_id, where(failure.__cause__ or failure))
        return await self._writer.run(note_failure, failure, self._clock())

    async def _fetch(self, incoming: Incoming) -> bytes | None:
        try:
            return await self._channels[incoming.channel, incoming.bot].fetch(incoming.file_id)
        except SendError as error:
            logger.warning("a file could not be fetched: %s", error)
            return None

    def _show_patience(self, chat: Chat) -> None:
        self._start(self._acknowledge(_nothing(chat, self._clock())))

    async def _acknowledge(self, incoming: Incoming) -> None:
        await self._channels[incoming.channel, incoming.bot].answer(incoming)


def _nothing(chat: Chat, now: datetime) -> Incoming:
    return Incoming(chat.channel, chat.bot, "", chat.native_id, now)
