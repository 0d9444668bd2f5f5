"""The running program: its parts started in order, and stopped in the opposite one."""

import asyncio
import gc
import logging
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot import parts
from bot.alerts import alert
from bot.channels.base import Channel
from bot.channels.telegram import invite_link
from bot.channels.zalo import declare_plans
from bot.clock import MovableClock, machine_time
from bot.codes import code_maker
from bot.config import Settings
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.documents import Documents
from bot.handling import Answer, Core
from bot.inbound import Inbound
from bot.lease_keeper import LeaseKeeper, bury_dead, owner_name
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.scheduler import Nightly, make_scheduler, run_ticks
from bot.supervision import keep_running
from bot.ticks import Tick
from bot.writer import make_writer
from handlers import router
from handlers.context import HandlerSettings
from models.database import make_engine, make_reader
from models.messages import Say
from reminders.preview import preview

logger = logging.getLogger(__name__)
# The collector's thresholds: of the whole heap (the words of 10,000 branches) it takes half a second, in which nobody
# is answered, so that is left to the night (bot.scheduler).
COLLECT = (10_000, 20, 1_000_000)
STOP_SECONDS = 20.0  # for what is on its way, before the process ends all the same


class App:
    """One running program. `add` channels, then `run` until cancelled; `pass_time` is the demonstration's."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: MovableClock | None = None,
        ticks: Sequence[Tick] = (),
        demo: bool = False,
        answer: Answer = router.answer,
    ) -> None:
        self.settings = settings
        self.clock = clock or MovableClock()
        self.engine = make_engine(settings.database.url)
        self.reader = make_reader(settings.database.url)
        self.writer = make_writer(self.engine)
        self.texts = Texts.load()
        self._ticks = ticks
        self._channels: dict[tuple[str, str], Channel] = {}
        self._core = Core(
            answer, handler_settings(settings, self.texts, demo=demo), Desk(self.texts, {}, Limiter({})), owner_name()
        )
        self._documents = Documents(self.reader, parts.DOCUMENTS)
        self.dispatcher: Dispatcher
        self._inbound: Inbound
        self._keeper: LeaseKeeper

    def add(self, channel: Channel) -> None:
        """Take a channel in, before `run`."""
        self._channels[channel.name, channel.bot] = channel

    async def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Run until cancelled, then stop in order: no more in, what came in is answered, what leaves has left."""
        gc.set_threshold(*COLLECT)
        self._build()
        await self.writer.run(declare_plans, self.settings.zalo)
        await self.writer.run(bury_dead, machine_time())
        await self._keeper.take()
        scheduler = self._scheduler()
        tasks = self._start()
        scheduler.start()
        started()
        try:
            await asyncio.gather(*tasks)
        finally:
            scheduler.shutdown(wait=False)
            await self._stop(tasks)

    def _build(self) -> None:
        desk = Desk(
            self.texts,
            {bot: channel.capabilities for bot, channel in self._channels.items()},
            Limiter({bot: channel.limits for bot, channel in self._channels.items()}),
            parts.RECHECKS,
        )
        self._core = Core(self._core.answer, self._core.settings, desk, self._core.owner)
        self.dispatcher = Dispatcher(desk, self.writer, self._channels, self._documents.file, self.clock)
        self._keeper = LeaseKeeper(desk, self.writer, self._core.owner, self.clock)
        self._inbound = Inbound(self._core, self.writer, self._channels, self.dispatcher, self.clock)

    def _start(self) -> list[asyncio.Task[None]]:
        # What was left unhandled comes first; a channel's backlog follows; the clock ticks only after both.
        work: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "inbox": self._inbound.run,
            "dispatcher": self.dispatcher.run,
            "leases": partial(self._keeper.keep, self.dispatcher.nudge),
        }
        for name, channel in _by_name(self._channels.values()):
            work[name] = partial(channel.receive, self._inbound.accept)
        return [asyncio.create_task(keep_running(name, run, self._tell), name=name) for name, run in work.items()]

    def _scheduler(self) -> Any:
        backup = self.settings.backup
        nightly = Nightly(self.settings.database.url, backup.folder, backup.keep, self.settings.retention_days)
        return make_scheduler(self.tick, nightly.back_up, partial(nightly.clear, self.writer, self.clock), backup.at)

    async def tick(self) -> None:
        """Do what has fallen due."""
        await run_ticks(self._ticks, self.writer, self.clock, self.dispatcher.nudge)

    async def pass_time(self, to: datetime) -> None:
        """Move the clock forward, stopping wherever something falls due. Raises ValueError backwards."""
        if to < self.clock():
            raise ValueError("a clock does not go back")
        while (moment := await self.writer.run(self._next_moment)) and moment <= to:
            await self._move_clock(moment)
            await self.dispatcher.let_leave()  # at its own hour, before the clock shows a later one
        await self._move_clock(to)

    async def _move_clock(self, to: datetime) -> None:
        self.clock.move(max(to, self.clock()))
        await self._keeper.take()  # by the clock that has jumped, the right to send has run out
        await self.tick()

    def _next_moment(self, session: Session) -> datetime | None:
        now = self.clock()
        moments = [tick.next_moment(session, now) for tick in self._ticks]
        return min((moment for moment in moments if moment and moment > now), default=None)

    async def _tell(self, name: str) -> None:
        now = self.clock()
        say = Say("system.channel_down", {"channel": name})
        await self.writer.run(alert, f"down:{name}:{now:%Y%m%d%H}", say, now)
        self.dispatcher.nudge()

    async def _stop(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._inbound.finish()
                await self.dispatcher.finish()
        await self._keeper.give_back()
        for channel in self._channels.values():
            await channel.close()
        await asyncio.to_thread(self.writer.close)
        self._documents.close()
        self.engine.dispose()
        self.reader.dispose()


def _by_name(channels: Collection[Channel]) -> Iterator[tuple[str, Channel]]:
    """Give the channels by names of their own: several bots of one channel are told apart."""
    several = Counter(channel.name for channel in channels)
    for channel in channels:
        yield f"{channel.name} {channel.bot}" if several[channel.name] > 1 else channel.name, channel


def handler_settings(settings: Settings, texts: Texts, *, demo: bool = False) -> HandlerSettings:
    """Return what the answers depend on."""
    return HandlerSettings(
        new_code=code_maker(),
        link=partial(_link, settings),
        label=texts.render,
        invitation_days=settings.invitations.days,
        wrong_codes=settings.invitations.wrong_codes,
        lockout_minutes=settings.invitations.lockout_minutes,
        live_hours=settings.live_hours,
        addition_hours=settings.addition_hours,
        pause_hours=settings.pause_hours,
        demo=demo,
        preview=preview,
    )


def _link(settings: Settings, channel: str, bot: str, code: str) -> str:
    username = settings.telegram.username
    if channel == "zalo" and bot in settings.zalo.bots:
        return settings.zalo.bots[bot].link
    return invite_link(username, code) if channel == "telegram" and username else ""
