"""The program as `run` starts it: a process, a page, a clean end."""

import asyncio

import aiohttp
import pytest

from bot.app import run
from bot.config import ConfigError, Database, Settings
from bot.migrations import upgrade
from models.database import is_sqlite
from tests.fakes.process import ended, process
from tests.fakes.telegram_server import TOKEN, TelegramServer


async def test_it_prints_where_the_page_is_serves_it_and_ends_when_told(tmp_path):
    started = await process(tmp_path)
    async with asyncio.timeout(20):
        url = (await started.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as client, client.get(url) as page:
        assert page.status == 200
    code, log = await ended(started)
    assert code == 0, log
    assert (tmp_path / "chibo.db").exists()


async def test_telegram_is_answered_and_the_token_stands_in_no_log(tmp_path):
    async with TelegramServer() as telegram:
        person = telegram.user("lan")
        person.says("xin chào")
        environment = {"CHIBO_TELEGRAM__TOKEN": TOKEN, "CHIBO_TELEGRAM__BASE_URL": telegram.url}
        started = await process(tmp_path, "{'telegram'}", **environment)
        await telegram.world.until(lambda: bool(person.inbox), 20)
        code, log = await ended(started)
    assert code == 0, log
    assert TOKEN not in log
    assert TOKEN.partition(":")[2] not in log
    assert "xin chào" not in log


def test_a_database_in_memory_is_refused():
    with pytest.raises(ConfigError, match="memory"):
        run(Settings(database=Database(url="sqlite://")))


def test_postgres_is_never_migrated_in_passing(postgres_url):
    assert not is_sqlite(postgres_url)
    with pytest.raises(ConfigError, match="migrate"):
        run(Settings(database=Database(url=postgres_url)))


def test_a_database_that_is_current_needs_no_migration(sqlite_url):
    upgrade(sqlite_url)
    upgrade(sqlite_url)
