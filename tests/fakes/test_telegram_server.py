"""The fake holds Telegram's rules, so that what passes here passes there."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram_people import User
from tests.fakes.telegram_server import TelegramServer


class Api:
    """Calls methods over HTTP as a bot does and returns (status, answer)."""

    def __init__(self, server: TelegramServer, session: aiohttp.ClientSession) -> None:
        self._server = server
        self._session = session

    async def __call__(self, method: str, **params: Any) -> tuple[int, Any]:
        url = f"{self._server.url}/bot{self._server.token}/{method}"
        async with self._session.post(url, json=params) as response:
            answer = await response.json()
            return response.status, answer.get("result", answer)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(telegram: TelegramServer, session: aiohttp.ClientSession) -> Api:
    return Api(telegram, session)


@pytest.fixture
def lan(telegram: TelegramServer) -> User:
    user = telegram.user("lan")
    user.says("/start")
    return user


async def test_updates_stay_until_a_later_offset_confirms_them(telegram, api, lan) -> None:
    lan.says("2")
    _, first = await api("getUpdates")
    _, again = await api("getUpdates", offset=first[0]["update_id"])
    assert [one["message"]["text"] for one in again] == ["/start", "2"]
    _, rest = await api("getUpdates", offset=first[0]["update_id"] + 1)
    assert [one["message"]["text"] for one in rest] == ["2"]
    assert telegram.world.confirmed == [first[0]["update_id"]]


async def test_at_most_a_hundred_updates_a_time(api, lan) -> None:
    for number in range(150):
        lan.says(str(number))
    _, updates = await api("getUpdates")
    assert len(updates) == 100
    assert (await api("getUpdates", limit=101))[0] == 400


async def test_long_poll_ends_with_the_first_update(telegram, api) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=5))
    await telegram.world.until(lambda: telegram.world.polls == 1)
    telegram.user("lan").says("x")
    _, updates = await asyncio.wait_for(poll, 2)
    assert len(updates) == 1


async def test_second_poll_ends_the_first_with_a_conflict(telegram, api) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=5))
    await telegram.world.until(lambda: telegram.world.polls == 1)
    status, updates = await api("getUpdates", timeout=0)
    assert (status, updates) == (200, [])
    status, answer = await asyncio.wait_for(first, 2)
    assert (status, answer["error_code"]) == (409, 409)


async def test_polling_conflicts_with_a_webhook(telegram, api) -> None:
    await api("setWebhook", url="https://example.org/hook")
    assert (await api("getUpdates"))[0] == 409
    assert (await api("getWebhookInfo"))[1]["url"] == "https://example.org/hook"
    await api("deleteWebhook")
    assert (await api("getUpdates"))[0] == 200


async def test_kinds_that_were_not_allowed_are_dropped(api, lan) -> None:
    await api("getUpdates", allowed_updates=["message"])
    lan.blocks()
    _, updates = await api("getUpdates")
    assert ["message" in one for one in updates] == [True]


@pytest.mark.parametrize("text", ["", "  ", "x" * 4097, "🙂" * 2049])
async def test_text_has_one_to_4096_units(api, lan, text) -> None:
    assert (await api("sendMessage", chat_id=lan.id, text=text))[0] == 400
    assert lan.inbox == []


@pytest.mark.parametrize("data", ["", "x" * 65, "ế" * 22])
async def test_callback_data_has_one_to_64_bytes(api, lan, data) -> None:
    markup = {"inline_keyboard": [[{"text": "Gửi", "callback_data": data}]]}
    assert (await api("sendMessage", chat_id=lan.id, text="x", reply_markup=markup))[0] == 400


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": []},
        {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]},
        {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]},
        "{not json",
    ],
)
async def test_other_keyboards_are_refused(api, lan, markup) -> None:
    assert (await api("sendMessage", chat_id=lan.id, text="x", reply_markup=markup))[0] == 400


async def test_unknown_parameter_method_and_token_are_refused(telegram, api, session, lan) -> None:
    assert (await api("sendMessage", chat_id=lan.id, text="x", parse_mode="HTML"))[0] == 400
    assert (await api("sendAnything"))[0] == 404
    async with session.post(f"{telegram.url}/bot1:wrong/getMe") as response:
        assert response.status == 401


async def test_one_message_a_second_to_a_chat(telegram, api, lan) -> None:
    now = 1000.0
    telegram.world.clock = lambda: now
    assert (await api("sendMessage", chat_id=lan.id, text="1"))[0] == 200
    status, answer = await api("sendMessage", chat_id=lan.id, text="2")
    assert (status, answer["parameters"]) == (429, {"retry_after": 1})
    now += 1
    assert (await api("sendMessage", chat_id=lan.id, text="2"))[0] == 200
    assert telegram.world.busiest(1.0, lan.id) == 1


async def test_slack_forgives_unequal_ways(telegram, api, lan) -> None:
    now = 1000.0
    telegram.world.clock = lambda: now
    telegram.world.windows.slack = 0.05
    await api("sendMessage", chat_id=lan.id, text="1")
    now += 0.96
    assert (await api("sendMessage", chat_id=lan.id, text="2"))[0] == 200


async def test_thirty_messages_a_second_in_all(telegram, api) -> None:
    now = 1000.0
    telegram.world.clock = lambda: now
    statuses = []
    for number in range(31):
        user = telegram.user(f"u{number}")
        user.says("x")
        statuses.append((await api("sendMessage", chat_id=user.id, text="x"))[0])
    assert statuses == [200] * 30 + [429]
    assert telegram.world.busiest() == 30
    telegram.world.windows.enabled = False
    assert (await api("sendMessage", chat_id=user.id, text="x"))[0] == 200


async def test_who_may_not_be_written_to(telegram, api, lan) -> None:
    async def status(chat_id: int) -> int:
        return (await api("sendMessage", chat_id=chat_id, text="x"))[0]

    assert await status(4711) == 400
    assert await status(telegram.user("never wrote").id) == 403
    lan.blocks()
    assert await status(lan.id) == 403
    lan.unblocks()
    lan.vanishes()
    assert await status(lan.id) == 403
    group = lan.adds_to_group()
    group.removes_bot()
    assert await status(group.chat.chat_id) == 403


async def test_migrated_group_names_the_new_one(api, lan) -> None:
    group = lan.adds_to_group()
    new = group.migrates()
    status, answer = await api("sendMessage", chat_id=group.chat.chat_id, text="x")
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": new})
    assert (await api("sendMessage", chat_id=new, text="x"))[0] == 200


async def test_edit_keeps_the_earlier_text(api, lan) -> None:
    _, sent = await api("sendMessage", chat_id=lan.id, text="cũ")
    place = {"chat_id": lan.id, "message_id": sent["message_id"]}
    assert (await api("editMessageText", **place, text="mới"))[0] == 200
    status, answer = await api("editMessageText", **place, text="mới")
    assert (status, "not modified" in answer["description"]) == (400, True)
    assert lan.inbox[0].edits == ["cũ"]


async def test_fault_is_used_up(telegram, api, lan) -> None:
    telegram.world.fail_next("sendMessage", times=2, status=500, description="Internal Server Error")
    statuses = [(await api("sendMessage", chat_id=lan.id, text="x"))[0] for _ in range(3)]
    assert statuses == [500, 500, 200]


@pytest.mark.parametrize(("cut", "arrived"), [("before", 0), ("after", 1)])
async def test_connection_is_cut_before_or_after_the_message_went_out(telegram, api, lan, cut, arrived) -> None:
    telegram.world.fail_next("sendMessage", cut=cut)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=lan.id, text="x")
    assert len(lan.inbox) == len(telegram.world.journal) == arrived


async def test_file_is_given_back_to_those_with_the_token(telegram, api, session, lan) -> None:
    _, file = await api("getFile", file_id=lan.sends_document("a.xlsx", b"bytes"))
    async with session.get(f"{telegram.url}/file/bot{telegram.token}/{file['file_path']}") as response:
        assert await response.read() == b"bytes"
    async with session.get(f"{telegram.url}/file/bot1:wrong/{file['file_path']}") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("command", "words", "status"),
    [("hop", "Họp", 200), ("Hop", "Họp", 400), ("/hop", "Họp", 400), ("hop", "", 400), ("h" * 33, "x", 400)],
)
async def test_commands_have_telegrams_form(api, lan, command, words, status) -> None:
    commands = [{"command": command, "description": words}]
    scope = {"type": "chat", "chat_id": lan.id}
    assert (await api("setMyCommands", commands=commands, scope=scope))[0] == status


async def test_commands_for_everyone_are_not_known_here(api) -> None:
    assert (await api("setMyCommands", commands=[]))[0] == 400


async def test_private_chat_cannot_be_left(api, lan) -> None:
    assert (await api("leaveChat", chat_id=lan.id))[0] == 400


async def test_unknown_query_cannot_be_answered(api, lan) -> None:
    assert (await api("answerCallbackQuery", callback_query_id="x"))[0] == 400
    assert (await api("answerCallbackQuery", callback_query_id=lan.presses_on(1, "x")))[0] == 200


async def test_latency_is_waited_by_every_call_on_its_own(telegram, api) -> None:
    telegram.world.latency = 0.1
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(api("getMe") for _ in range(20)))
    assert 0.1 <= asyncio.get_running_loop().time() - began < 1


async def test_pressing_a_button_that_is_not_there_is_the_tests_own_mistake(lan) -> None:
    with pytest.raises(AssertionError, match="no button"):
        lan.presses("Gửi")


async def test_driver_in_another_process(session: aiohttp.ClientSession) -> None:
    command = [sys.executable, "-m", "tests.fakes.telegram_server"]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()

        async def control(deed: str, **given: Any) -> Any:
            async with session.post(f"{url}/control/{deed}", data=json.dumps(given)) as response:
                return await response.json()

        await control("says", user="lan", args=["/start"])
        await control("set", latency=0, limits=False)
        await control("fail_next", method="getMe", status=500)
        assert await control("inbox", user="lan") == []
        assert await control("journal") == []
        assert (await control("explode"))["error_code"] == 404
    finally:
        process.terminate()
        await process.wait()
