"""Sends what the outbox holds: up to 64 messages on their way, their outcomes written down together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot import desk as sending
from bot import outcomes
from bot.channels.base import Channel, File, Outgoing, SendError
from bot.desk import Delivery, Desk
from bot.envelope import envelope
from bot.faults import point
from bot.handling import where
from bot.limiter import Bot
from bot.window import Place, Window
from bot.writer import Writer
from models.conversations import Chat
from models.messages import Document

logger = logging.getLogger(__name__)

IN_FLIGHT = 64
LOOK_AGAIN = 2.0  # seconds: another process may have written something
PATIENCE = 2.0  # seconds without any reply arriving, after which a message is handled before it has a place
SEND_SECONDS = 90  # an adapter has its own, shorter limits; this one only keeps a hung call from holding its place

Outcome = Callable[[Session], object]


class Dispatcher:
    """Runs until cancelled; `nudge` tells it that there is something new to send."""

    def __init__(
        self,
        desk: Desk,
        writer: Writer,
        channels: Mapping[Bot, Channel],
        make: Callable[[Document], Awaitable[File]],
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._writer = writer
        self._channels = channels
        self._make = make
        self._clock = clock
        self._nudged = asyncio.Event()
        self._windows = {bot: Window() for bot in channels}
        self._sends: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._outcomes: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """Look at the outbox now."""
        self._nudged.set()

    async def place(self, chat: Chat) -> Place:
        """Wait for a place for a reply to a chat; where no reply arrives any more, it waits its turn in the outbox."""
        return await self._windows[chat.channel, chat.bot].enter(PATIENCE)

    def send_at_once(self, deliveries: Sequence[Delivery], place: Place) -> list[asyncio.Task[None]]:
        """Send replies that were born `sending`; they hold their place until what became of them is written down."""
        return [self._start_at(place, delivery) for delivery in deliveries]

    def _start_at(self, place: Place, delivery: Delivery) -> asyncio.Task[None]:
        place.share()
        task = self._start(self._deliver(delivery))
        task.add_done_callback(lambda _: place.leave())
        return task

    async def run(self) -> None:
        """Claim and send until cancelled."""
        while True:
            pause = await self._round()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), pause)
            self._nudged.clear()

    async def let_leave(self) -> None:
        """Send what may leave now, and wait until it has left."""
        while True:
            await self._round()
            if not (self._sends or self._writing):
                return
            await self.finish()

    async def finish(self) -> None:
        """Wait for what is on its way and for what is to be written down about it."""
        while self._sends or self._writing:
            waiting = [*self._sends, *([self._writing] if self._writing else [])]
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _round(self) -> float:
        """Start what may leave now; return how many seconds to wait for more."""
        room = min(IN_FLIGHT, sum(window.limit for window in self._windows.values())) - len(self._sends)
        if room <= 0:
            return LOOK_AGAIN
        now = self._clock()
        taken = await self._writer.run(sending.take, self._desk, now, room)
        for delivery in taken.ready:
            self._start(self._deliver(delivery))
        for delivery in taken.to_make:
            self._start(self._make_and_deliver(delivery))
        if taken.look_at is None:
            return LOOK_AGAIN
        return min(LOOK_AGAIN, max(0.0, (taken.look_at - self._clock()).total_seconds()))

    def _start(self, send: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(send)
        self._sends.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sends.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a send could not be written down: %s", where(error))
        self.nudge()

    async def _make_and_deliver(self, delivery: Delivery) -> None:
        if delivery.message.document is None:
            raise ValueError("a delivery without a document")
        try:
            file = await self._make(delivery.message.document)
        except Exception as error:  # noqa: BLE001  # whatever went wrong, the row must not be left behind
            # Never the error's own words: they may quote a person, or an address with the token in it.
            logger.error("document %s: %s", delivery.message.document.kind, where(error))  # noqa: TRY400
            await self._record(partial(outcomes.unmakeable, delivery=delivery, error=where(error), now=self._clock()))
            return
        if await self._writer.run(sending.still_wanted, self._desk, delivery, self._clock()):
            await self._deliver(delivery, file)

    async def _deliver(self, delivery: Delivery, file: File | None = None) -> None:
        outcome = await self._outcome(delivery, file)
        point("sent")
        await self._record(outcome)
        point("marked")

    async def _outcome(self, delivery: Delivery, file: File | None) -> Outcome:
        """Make the call and return what is to be written down about it."""
        channel = self._channels[delivery.chat.channel, delivery.chat.bot]
        try:
            outgoing, more = envelope(self._desk, delivery, file)
            async with self._room:
                point("sending")
                message_id = await self._timed(channel, outgoing, delivery)
        except SendError as error:
            return self._missed(delivery, error)
        except TimeoutError:
            return self._missed(delivery, SendError("uncertain", "timeout"))
        except LookupError as error:  # a text that cannot be said: the row is at fault, not the channel
            logger.error("row %d cannot be rendered: %s", delivery.row_id, error)  # noqa: TRY400  # names the key only
            return partial(outcomes.unmakeable, delivery=delivery, error=where(error), now=self._clock(), was="sending")
        except Exception as error:  # noqa: BLE001  # an adapter's fault: nobody knows whether it left
            logger.error("channel %s broke while sending: %s", channel.name, where(error))  # noqa: TRY400
            return self._missed(delivery, SendError("uncertain", type(error).__name__))
        if delivery.message.commands and not more:
            await self._show_commands(channel, delivery)
        return partial(outcomes.sent, delivery=delivery, message_id=message_id, now=self._clock(), more=more)

    async def _timed(self, channel: Channel, outgoing: Outgoing, delivery: Delivery) -> str:
        loop = asyncio.get_running_loop()
        began = loop.time()
        message_id = await asyncio.wait_for(_call(channel, outgoing, delivery.edits), SEND_SECONDS)
        self._windows[channel.name, channel.bot].took(loop.time() - began)
        self._desk.limiter.left(delivery.chat, self._clock())
        return message_id

    def _missed(self, delivery: Delivery, error: SendError) -> Outcome:
        logger.warning("row %d to %s: %s", delivery.row_id, delivery.chat.channel, error)
        return partial(outcomes.missed, desk=self._desk, delivery=delivery, error=error, now=self._clock())

    async def _show_commands(self, channel: Channel, delivery: Delivery) -> None:
        texts = self._desk.texts
        commands = [(name, texts.render(say)) for name, say in delivery.message.commands]
        await channel.set_menu(delivery.chat.native_id, commands)

    async def _record(self, outcome: Outcome) -> None:
        """Write an outcome down together with those that come while the last ones are being written."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._outcomes.append((outcome, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        try:
            while self._outcomes:
                batch, self._outcomes = self._outcomes, []
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[tuple[Outcome, asyncio.Future[None]]]) -> None:
        try:
            await self._writer.run(_all, [outcome for outcome, _ in batch])
        except Exception as error:  # noqa: BLE001  # each send is told, and logs it
            for _, written in batch:
                if not written.done():
                    written.set_exception(error)
            return
        for _, written in batch:
            if not written.done():
                written.set_result(None)


def _all(session: Session, deeds: Sequence[Outcome]) -> None:
    for deed in deeds:
        deed(session)


async def _call(channel: Channel, outgoing: Outgoing, edits: str) -> str:
    if not edits:
        return await channel.send(outgoing)
    await channel.edit(outgoing, edits)
    return edits
