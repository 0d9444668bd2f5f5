"""Long polling against a server that forgets what it has handed over: nothing read may be lost."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.channels.zalo.api import Api, ZaloError
from bot.channels.zalo.polling import Poller, delay
from tests.bot.channels.zalo_parts import Core, Pauses, in_process, over_http, stopped
from tests.fakes.zalo_server import TOKEN, ZaloServer


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloServer]:
    async with ZaloServer() as server:
        server.world.idle_seconds = 0.1
        yield server


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def polling(zalo, core, pauses) -> AsyncIterator["asyncio.Task[None]"]:
    channel = over_http(zalo, pause=pauses, poll_seconds=1)
    task = asyncio.create_task(channel.receive(core.accept))
    yield task
    await stopped(task)
    await channel.close()


async def test_updates_come_one_by_one_in_order(zalo, core, polling):
    for number in range(5):
        zalo.user("lan").says(f"dòng {number}")
    assert await core.until(5) == [f"dòng {number}" for number in range(5)]


async def test_an_idle_poll_is_no_error(zalo, core, polling, pauses):
    await zalo.world.until(lambda: zalo.bot.polls >= 2)
    zalo.user("lan").says("còn đó")
    assert await core.until(1) == ["còn đó"]
    assert set(pauses.seconds) <= {1.0}  # this fake does not wait as long as it is asked to


async def test_an_idle_answer_that_did_not_wait_does_not_spin(zalo, core, polling, pauses):
    zalo.world.fail_next("getUpdates", times=3, code=408, description="Request timeout")
    zalo.user("lan").says("a")
    await core.until(1)
    assert set(pauses.seconds) <= {1.0}


async def test_a_stop_during_an_open_poll_takes_in_what_zalo_has_popped(zalo, core, polling):
    zalo.world.lag_after_pop = 0.2
    await zalo.world.until(lambda: zalo.bot.polls == 1)
    zalo.user("lan").says("bị lấy ra rồi")
    await zalo.world.until(lambda: bool(zalo.bot.popped))
    polling.cancel()
    polling.cancel()  # an impatient operator
    await asyncio.gather(polling, return_exceptions=True)
    assert await core.until(1) == ["bị lấy ra rồi"]
    assert not zalo.bot.waiting


async def test_a_stop_leaves_what_was_not_read_with_zalo(zalo, core, polling):
    core.held = asyncio.Event()
    zalo.user("lan").says("một")
    zalo.user("lan").says("hai")
    await zalo.world.until(lambda: len(zalo.bot.popped) == 1)
    polling.cancel()
    core.held.set()
    await asyncio.gather(polling, return_exceptions=True)
    assert await core.until(1) == ["một"]
    assert len(zalo.bot.waiting) == 1


async def test_what_could_not_be_stored_is_offered_again_before_the_next_call(zalo, core, polling, pauses):
    core.failures = 3
    zalo.user("lan").says("một")
    zalo.user("lan").says("hai")
    assert await core.until(2) == ["một", "hai"]
    assert core.offered == 5


async def test_a_stop_while_nothing_can_be_stored_ends_and_says_what_may_be_lost(zalo, core, pauses, caplog):
    core.failures = 1_000
    channel = in_process(zalo, pause=pauses, poll_seconds=1)
    task = asyncio.create_task(channel.receive(core.accept))
    zalo.user("lan").says("một câu riêng")
    await pauses.until(2)
    await stopped(task)
    assert "may be lost" in caplog.text
    assert "một câu riêng" not in caplog.text


async def test_no_poll_is_ever_made_without_a_wait(zalo):
    with pytest.raises(ValueError, match="no seconds"):
        Poller(Api(zalo.transport()), lambda _raw: None, asyncio.sleep, 0)


async def test_a_webhook_in_the_way_is_removed(zalo, core, polling):
    zalo.bot.webhook = "https://bot.example.vn/zalo/mot"
    zalo.user("lan").says("chào")
    assert await core.until(1) == ["chào"]
    assert zalo.bot.webhook == ""


async def test_a_bad_token_is_tried_slowly_and_never_logged(zalo, core, pauses, caplog):
    caplog.set_level(logging.DEBUG)
    zalo.world.fail_next("getWebhookInfo", times=3, code=401, description="Unauthorized")
    channel = over_http(zalo, pause=pauses, poll_seconds=1)
    task = asyncio.create_task(channel.receive(core.accept))
    zalo.user("lan").says("đúng rồi")
    await core.until(1)
    await stopped(task)
    await channel.close()
    assert pauses.seconds == [60.0, 60.0, 60.0]
    assert "Bot Creator" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text


async def test_an_unreachable_server_is_tried_again_with_growing_pauses(core, pauses, caplog):
    zalo = ZaloServer()
    async with zalo:
        pass  # its port is closed now
    channel = over_http(zalo, pause=pauses, poll_seconds=1)
    task = asyncio.create_task(channel.receive(core.accept))
    await pauses.until(4)
    await stopped(task)
    await channel.close()
    assert all(1 <= seconds <= 60 for seconds in pauses.seconds)
    assert TOKEN not in caplog.text


def test_a_pause_never_exceeds_a_minute():
    assert delay(ZaloError(429), 1) == 60
    assert delay(ZaloError(401), 1) == 60
    for failures in range(1, 30):
        assert 1 <= delay(ZaloError(502), failures) <= 60


async def test_a_connection_that_breaks_is_polled_again(zalo, core, polling, pauses):
    zalo.world.fail_next("getUpdates", times=2, cut="before")
    zalo.user("lan").says("sau đó")
    assert await core.until(1) == ["sau đó"]
