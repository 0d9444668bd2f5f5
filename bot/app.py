"""The composition root: which channels, which clock, which database; everything else receives what it needs."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta

from bot import migrations, parts
from bot.backup import in_use
from bot.channels.telegram import TelegramChannel, quiet_loggers
from bot.channels.web.channel import WebChannel
from bot.channels.web.page import Page, RealData
from bot.channels.zalo import zalo_channels
from bot.clock import MovableClock, machine_time
from bot.config import ConfigError, Settings
from bot.program import App
from models.database import unit_of_work
from models.vietnamese.secrets_guard import mark_in
from reminders import tick

MakePage = Callable[[App], Page]


def run(
    settings: Settings,
    *,
    demo: bool = False,
    channels: Collection[str] | None = None,
    accept_clock: bool = False,
    make_page: MakePage | None = None,
    ahead: timedelta = timedelta(),
) -> None:
    """Run the program until it is told to stop.

    channels: only these ("telegram", "zalo", "web"); None: every one that is configured. make_page: the
    demonstration's page; ahead: how far its clock is ahead. Raises ConfigError when the configuration does not allow
    it to start.
    """
    _log(settings)
    url = settings.database.url
    _check_database(settings)
    with in_use(url):
        if not migrations.prepare(url, settings.backup.folder, machine_time()):
            raise ConfigError("the database is not current: run `python -m bot migrate`")
        app = App(settings, clock=MovableClock(ahead), ticks=parts.TICKS, demo=demo)
        if accept_clock:
            with unit_of_work(app.engine) as session:
                tick.accept_clock(session, app.clock())
        asyncio.run(_until_told(app, channels, make_page))


def _check_database(settings: Settings) -> None:
    if settings.database.url in ("sqlite://", "sqlite:///:memory:", "sqlite:///"):
        raise ConfigError("database.url: a database in memory would lose everything; name a file")


def _log(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("apscheduler", "sqlalchemy", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    quiet_loggers()


async def _until_told(app: App, only: Collection[str] | None, make_page: MakePage | None) -> None:
    web = _add_channels(app, only, make_page)
    running = asyncio.create_task(app.run(lambda: _say_where(web)))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


def _add_channels(app: App, only: Collection[str] | None, make_page: MakePage | None) -> WebChannel | None:
    settings, web = app.settings, None
    if settings.telegram.bot and (only is None or "telegram" in only):
        app.add(_telegram(app))
    if only is None or "zalo" in only:
        for bot in zalo_channels(settings.zalo, machine_time, app.texts):
            app.add(bot)
    if settings.web.enabled and (only is None or "web" in only):
        page = make_page(app) if make_page else RealData(app.clock)
        marked = lambda text: mark_in(text) is not None  # noqa: E731
        web = WebChannel(app.writer.run, settings.web.port, page, app.clock, host=settings.web.host, marked=marked)
        app.add(web)
    return web


def _telegram(app: App) -> TelegramChannel:
    telegram = app.settings.telegram
    return TelegramChannel(
        telegram.token.get_secret_value(),
        telegram.bot,
        telegram.base_url or None,
        telegram.limits.limits(),
        clock=machine_time,
        proxy=telegram.proxy or None,
    )


def _say_where(web: WebChannel | None) -> None:
    if web:
        sys.stdout.write(f"{web.url}\n")
        sys.stdout.flush()
