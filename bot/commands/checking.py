"""`check`: says in words what works and what does not, and changes nothing."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import migrations
from bot.channels.telegram import TelegramChannel, quiet_loggers
from bot.clock import machine_time
from bot.commands.console import FAILED, CommandError
from bot.config import Settings
from bot.rendering import Texts
from models.database import is_sqlite
from models.messages import Say

CLOCK_SECONDS = 60  # further apart, "today" may be another day than the sender's


def check(settings: Settings) -> None:
    """Print one line for each thing that was looked at. Raises CommandError, without words, when one does not work."""
    texts, works = Texts.load(), True
    for fine, say in _looked_at(settings, texts):
        works = works and fine
        mark = texts.sentence("check.fine" if fine else "check.wrong")
        sys.stdout.write(f"{mark} {texts.render(say)}\n")
    if not works:
        raise CommandError(FAILED)


def _looked_at(settings: Settings, texts: Texts) -> Iterator[tuple[bool, Say]]:
    yield True, Say("check.configuration")
    yield True, Say("check.texts", {"number": len(texts.keys)})
    yield _database(settings)
    yield from _channels(settings)


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


def _channels(settings: Settings) -> Iterator[tuple[bool, Say]]:
    if settings.web.enabled:
        yield True, Say("check.web", {"host": settings.web.host, "port": str(settings.web.port)})
    else:
        yield True, Say("check.no_web")
    if settings.telegram.bot:
        yield from asyncio.run(_telegram(settings))
    else:
        yield True, Say("check.no_telegram")


async def _telegram(settings: Settings) -> list[tuple[bool, Say]]:
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
