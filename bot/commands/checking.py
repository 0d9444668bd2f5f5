"""`check`: says in words what works and what does not, and changes nothing."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import migrations
from bot.channels.telegram import TelegramChannel, quiet_loggers
from bot.channels.zalo import Facts, findings, zalo_channels
from bot.clock import machine_time
from bot.commands.console import CHANNELS, FAILED, CommandError, known_channels
from bot.config import Settings
from bot.rendering import Texts
from models import quota
from models.database import is_sqlite, make_reader
from models.messages import Say
from models.quota import BotUse

Check: TypeAlias = Callable[..., Iterator[tuple[bool, Say]]]
CLOCK_SECONDS = 60  # further apart, "today" may be another day than the sender's


def check(settings: Settings, channels: Sequence[str] | None) -> None:
    """Print one line for each thing that was looked at. Raises CommandError, without words, when one does not work.

    channels: only these; one that is named must be in use.
    """
    known_channels(channels)
    texts, works = Texts.load(), True
    for fine, say in _looked_at(settings, texts, channels):
        works = works and fine
        mark = texts.sentence("check.fine" if fine else "check.wrong")
        sys.stdout.write(f"{mark} {texts.render(say)}\n")
    if not works:
        raise CommandError(FAILED)


def _looked_at(settings: Settings, texts: Texts, named: Sequence[str] | None) -> Iterator[tuple[bool, Say]]:
    yield True, Say("check.configuration")
    yield True, Say("check.texts", {"number": len(texts.keys)})
    yield _database(settings)
    for channel in named or CHANNELS:
        yield from _CHECKS[channel](settings, needed=bool(named))


def _database(settings: Settings) -> tuple[bool, Say]:
    url = settings.database.url
    if is_sqlite(url) and not Path(make_url(url).database or "").exists():
        return True, Say("check.no_database_yet", {"path": make_url(url).database or ""})
    try:
        current = migrations.is_current(url)
    except SQLAlchemyError as error:
        return False, Say("check.no_database", {"reason": type(error).__name__})
    if not current:
        return is_sqlite(url), Say("check.old_sqlite" if is_sqlite(url) else "check.old_database")
    return True, Say("check.database")


def _web(settings: Settings, *, needed: bool) -> Iterator[tuple[bool, Say]]:
    if settings.web.enabled:
        yield True, Say("check.web", {"host": settings.web.host, "port": str(settings.web.port)})
    else:
        yield not needed, Say("check.no_web")


def _telegram(settings: Settings, *, needed: bool) -> Iterator[tuple[bool, Say]]:
    if settings.telegram.bot:
        yield from asyncio.run(_ask_telegram(settings))
    else:
        yield not needed, Say("check.no_telegram")


def _zalo(settings: Settings, *, needed: bool) -> Iterator[tuple[bool, Say]]:
    if not settings.zalo.started:
        yield not needed, Say("check.no_zalo")
        return
    used = {one.bot: one for one in _used(settings)}
    for facts in asyncio.run(_ask_zalo(settings)):
        bot, use = settings.zalo.bots[facts.bot], used.get(facts.bot)
        sent, users = (use.sent, use.users) if use else (0, 0)
        yield from findings(facts, sent, bot.monthly, users, bot.users)


_CHECKS: dict[str, Check] = {"web": _web, "telegram": _telegram, "zalo": _zalo}


def _used(settings: Settings) -> list[BotUse]:
    """Return what the database knows of the bots; nothing where there is none yet."""
    url = settings.database.url
    if is_sqlite(url) and not Path(make_url(url).database or "").exists():
        return []
    engine = make_reader(url)
    try:
        with Session(engine) as session:
            return quota.uses(session, machine_time())
    except SQLAlchemyError:  # said already of the database
        return []
    finally:
        engine.dispose()


async def _ask_zalo(settings: Settings) -> list[Facts]:
    channels = zalo_channels(settings.zalo, machine_time, Texts.load())
    try:
        return [await channel.check() for channel in channels]
    finally:
        for channel in channels:
            await channel.close()


async def _ask_telegram(settings: Settings) -> list[tuple[bool, Say]]:
    quiet_loggers()
    telegram = settings.telegram
    channel = TelegramChannel(
        telegram.token.get_secret_value(),
        telegram.bot,
        telegram.base_url or None,
        telegram.limits.limits(),
        clock=machine_time,
        proxy=telegram.proxy or None,
    )
    try:
        facts = await channel.check()
    finally:
        await channel.close()
    if not facts.ok:
        return [(False, Say("check.telegram_fails", {"reason": facts.reason}))]
    found = [(True, Say("check.telegram", {"username": facts.username}))]
    if telegram.username and telegram.username != facts.username:
        found.append((False, Say("check.other_name", {"set": telegram.username, "username": facts.username})))
    if facts.webhook_set:
        found.append((False, Say("check.webhook")))
    if facts.clock_difference is not None and abs(facts.clock_difference) > CLOCK_SECONDS:
        found.append((False, Say("check.clock", {"seconds": round(abs(facts.clock_difference))})))
    return found
