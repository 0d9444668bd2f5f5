"""The poll loop against a real server: nothing is confirmed before it is committed, nothing ends it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from telegram.error import Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.base import Received
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.polling import delay
from bot.channels.telegram_request import FloodWaitError
from tests.fakes.telegram_server import TelegramServer


class Core:
    """Stands for the inbox: keeps what was committed and lets a test wait for it."""

    def __init__(self) -> None:
        self.committed: list[Received] = []
        self.batches: list[int] = []
        self._changed = asyncio.Event()

    async def accept(self, batch: Sequence[Received]) -> None:
        self.committed += batch
        self.batches.append(len(batch))
        self._changed.set()

    async def until(self, count: int) -> list[Received]:
        while len(self.committed) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 5)
        return self.committed


class Pauses:
    """Waits no time and keeps what was asked for."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._changed = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._changed.set()
        await asyncio.sleep(0)

    async def until(self, count: int) -> None:
        while len(self.seconds) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 5)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def channel(telegram: TelegramServer, pauses: Pauses) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(telegram.token, "main", telegram.url, pause=pauses, poll_seconds=1)
    yield channel
    await channel.close()


@pytest.fixture
async def start(channel: TelegramChannel) -> AsyncIterator[Callable[..., "asyncio.Task[None]"]]:
    tasks: list[asyncio.Task[None]] = []

    def begin(accept: Callable[[Sequence[Received]], Awaitable[None]]) -> "asyncio.Task[None]":
        tasks.append(asyncio.create_task(channel.receive(accept)))
        return tasks[-1]

    yield begin
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def confirmed(telegram: TelegramServer, count: int) -> list[int]:
    """Wait until so many updates were confirmed; the next poll confirms them."""
    await telegram.world.until(lambda: len(telegram.world.confirmed) >= count)
    return telegram.world.confirmed


async def test_update_is_confirmed_only_after_it_is_committed(telegram, start) -> None:
    entered, committed = asyncio.Event(), asyncio.Event()

    async def slow(batch: Sequence[Received]) -> None:
        entered.set()
        await committed.wait()

    telegram.user("lan").says("18/20")
    start(slow)
    await asyncio.wait_for(entered.wait(), 5)
    assert telegram.world.polls == 1
    assert telegram.world.confirmed == []
    committed.set()
    assert await confirmed(telegram, 1)


async def test_kill_before_the_commit_loses_nothing(telegram, start) -> None:
    entered = asyncio.Event()

    async def never(batch: Sequence[Received]) -> None:
        entered.set()
        await asyncio.Event().wait()

    telegram.user("lan").says("18/20")
    task = start(never)
    await asyncio.wait_for(entered.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    core = Core()
    start(core.accept)
    (again,) = await core.until(1)
    assert again.incoming.text == "18/20"


async def test_restart_between_commit_and_confirmation_delivers_once_more(telegram, channel) -> None:
    core = Core()
    telegram.user("lan").says("18/20")

    async def commit_then_die(batch: Sequence[Received]) -> None:
        await core.accept(batch)
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await channel.receive(commit_then_die)
    with pytest.raises(ConnectionAbortedError):
        await channel.receive(commit_then_die)
    assert len({one.update_id for one in core.committed}) == 1, "the inbox knows it by its id"
    assert telegram.world.confirmed == []


async def test_unparsable_update_is_parked_and_the_rest_delivered(telegram, start) -> None:
    lan, core = telegram.user("lan"), Core()
    lan.says("trước")
    telegram.world.push_raw({"update_id": 2000, "message": {"text": "hỏng"}})
    lan.says("sau")
    start(core.accept)
    first, parked, last = await core.until(3)
    assert (first.incoming.text, parked.incoming, last.incoming.text) == ("trước", None, "sau")
    assert "hỏng" in parked.raw
    assert len(await confirmed(telegram, 3)) == 3


async def test_update_that_says_nothing_is_confirmed_without_a_batch(telegram, start) -> None:
    lan, core = telegram.user("lan"), Core()
    lan.unblocks()
    start(core.accept)
    await confirmed(telegram, 1)
    assert core.batches == []


async def test_three_thousand_waiting_updates_arrive_in_order_and_once(telegram, start) -> None:
    core = Core()
    for number in range(3000):
        telegram.user("lan").says(str(number))
    start(core.accept)
    received = await core.until(3000)
    assert [one.incoming.text for one in received] == [str(number) for number in range(3000)]
    assert max(core.batches) == 100


async def test_numbers_that_begin_again_lower_are_still_heard(telegram, channel, start) -> None:
    core = Core()
    channel._poller._poll_seconds = 0
    telegram.user("lan").says("tuần trước")
    start(core.accept)
    await core.until(1)
    # The poll after an empty answer carries no offset.
    await telegram.world.until(lambda: "offset" not in telegram.world.calls[-1][1] and telegram.world.polls > 2)
    chat = telegram.user("lan").chat.as_json()
    message = {"message_id": 9, "date": 1, "chat": chat, "text": "tuần này"}
    telegram.world.push_raw({"update_id": 5, "message": message})
    await core.until(2)
    assert core.committed[-1].update_id == "5"


async def test_webhook_is_removed_before_polling_and_nothing_is_dropped(telegram, start) -> None:
    telegram.user("lan").says("18/20")
    telegram.world.webhook = "https://example.org/hook"
    core = Core()
    start(core.accept)
    await core.until(1)
    assert telegram.world.webhook == ""


async def test_only_the_four_kinds_are_asked_for(telegram, start) -> None:
    core = Core()
    start(core.accept)
    telegram.user("lan").says("x")
    await core.until(1)
    assert telegram.world.allowed == {"message", "edited_message", "callback_query", "my_chat_member"}


@pytest.mark.parametrize(
    "fault",
    [
        {"cut": "before"},
        {"cut": "after"},
        {"status": 500, "description": "Internal Server Error"},
        {"status": 502, "body": "<html>bad gateway</html>"},
        {"status": 200, "body": "<html>log in to this network</html>"},
        {"status": 200, "body": '{"ok": true, "result": {"not": "a list"}}'},
        {"status": 302, "body": ""},
    ],
    ids=str,
)
async def test_failing_network_never_ends_the_loop(telegram, start, pauses, caplog, fault) -> None:
    core = Core()
    telegram.world.fail_next("getUpdates", 3, **fault)
    telegram.user("lan").says("18/20")
    start(core.accept)
    await core.until(1)
    assert len(pauses.seconds) == 3
    assert all(1 <= seconds <= 60 for seconds in pauses.seconds)
    assert [record.levelno for record in caplog.records if "failed" in record.msg] == [logging.WARNING] * 3
    assert telegram.token not in caplog.text


async def test_server_that_is_down_is_waited_for(pauses) -> None:
    async with TelegramServer() as gone:
        port = gone.port
    core = Core()
    channel = TelegramChannel(gone.token, "main", gone.url, pause=pauses, poll_seconds=1)
    task = asyncio.create_task(channel.receive(core.accept))
    await pauses.until(3)
    async with TelegramServer(port) as back:
        back.user("lan").says("18/20")
        await core.until(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.close()


async def test_second_poller_is_named_in_the_log(telegram, start, pauses, caplog) -> None:
    core = Core()
    telegram.world.fail_next("getUpdates", status=409, description="Conflict: terminated by other")
    telegram.user("lan").says("x")
    start(core.accept)
    await core.until(1)
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "another program polls this bot" in record.getMessage()


async def test_webhook_set_while_polling_is_removed(telegram, start, pauses) -> None:
    core = Core()
    telegram.user("lan").says("1")
    start(core.accept)
    await core.until(1)
    telegram.world.webhook = "https://example.org/hook"
    telegram.user("lan").says("2")
    await core.until(2)
    assert telegram.world.webhook == ""


async def test_wrong_token_is_retried_once_a_minute_and_never_logged(telegram, pauses, caplog) -> None:
    channel = TelegramChannel("999:SECRET-of-mine", "main", telegram.url, pause=pauses)
    task = asyncio.create_task(channel.receive(Core().accept))
    await pauses.until(2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await channel.close()
    assert pauses.seconds[0] == 60
    assert "@BotFather" in caplog.text
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize("failures", [1, 2, 3, 6, 7, 10_000])
def test_delay_grows_to_a_minute(failures: int) -> None:
    for _ in range(50):
        assert 1 <= delay(NetworkError("x"), failures) <= min(60, 2.0 ** min(failures, 10))


@pytest.mark.parametrize(("error", "seconds"), [(FloodWaitError(17), 17), (InvalidToken(), 60), (Forbidden("x"), 60)])
def test_delay_that_is_given(error: TelegramError, seconds: float) -> None:
    assert delay(error, 1) == seconds
