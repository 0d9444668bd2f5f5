"""Sending through the real library to a server that holds Telegram's limits."""

import asyncio
import logging
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import Channel, File, Outgoing, SendError
from bot.channels.telegram import ChatMovedError, TelegramChannel, invite_link, quiet_loggers
from bot.channels.telegram.channel import FILE_BYTES, PRESSES_KEPT
from bot.channels.telegram.polling import ALLOWED
from models.messages import Incoming
from tests.fakes.telegram_people import User
from tests.fakes.telegram_server import TelegramServer

NOW = datetime(2022, 3, 3, 13, 5, tzinfo=UTC)


def png(width: int = 90, height: int = 60, size: int = 100) -> bytes:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)
    return head.ljust(size, b"\0")


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
async def channel(telegram: TelegramServer, pauses: list[float]) -> AsyncIterator[TelegramChannel]:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        now = telegram.world.clock() + seconds
        telegram.world.clock = lambda: now

    channel = TelegramChannel(telegram.token, "main", telegram.url, clock=lambda: NOW, pause=pause, poll_seconds=1)
    yield channel
    await channel.close()


@pytest.fixture
def lan(telegram: TelegramServer) -> User:
    user = telegram.user("lan")
    user.says("/start")
    return user


def to(user: User, text: str = "Chào đồng chí", **more: object) -> Outgoing:
    return Outgoing(str(user.id), text, **more)  # type: ignore[arg-type]


def test_it_is_a_channel() -> None:
    channel: Channel = TelegramChannel("1:x", "main")
    assert (channel.name, channel.bot, channel.capabilities.text_limit) == ("telegram", "main", 4096)
    assert (channel.limits.per_second, channel.limits.per_chat) == (25, 1)


async def test_text_arrives_plain_with_its_buttons_and_without_previews(telegram, channel, lan) -> None:
    buttons = ((("Gửi", "send:1"), ("Sửa", "change:1")), (("Hủy", "cancel:1"),))
    message_id = await channel.send(to(lan, "a <b> *c* https://example.org", buttons=buttons))
    (sent,) = lan.inbox
    assert (str(sent.message_id), sent.text) == (message_id, "a <b> *c* https://example.org")
    assert sent.labels == [["Gửi", "Sửa"], ["Hủy"]]
    assert not sent.has_preview


async def test_longest_text_passes_and_one_unit_more_is_refused(telegram, channel, lan) -> None:
    telegram.world.windows.enabled = False
    await channel.send(to(lan, "🙂" * 2048))
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan, "🙂" * 2048 + "."))
    assert (caught.value.kind, caught.value.reason) == ("refused", "content")


async def test_document_goes_with_its_vietnamese_name_caption_and_buttons(channel, lan) -> None:
    file = File('Báo cáo "quý I".docx', b"bytes" * 1000, "application/msword")
    message_id = await channel.send(to(lan, "Báo cáo đây", file=file, buttons=((("Gửi", "s"),),)))
    (sent,) = lan.inbox
    assert (sent.kind, sent.file_name, sent.text) == ("document", "Báo cáo _quý I_.docx", "Báo cáo đây")
    assert (sent.content, sent.labels, str(sent.message_id)) == (file.content, [["Gửi"]], message_id)


async def test_picture_goes_as_a_photo(channel, lan) -> None:
    await channel.send(to(lan, "Biểu đồ", file=File("a.png", png(), "image/png")))
    assert [(sent.kind, sent.text) for sent in lan.inbox] == [("photo", "Biểu đồ")]


@pytest.mark.parametrize("picture", [png(size=10_000_001), png(9000, 2000), png(3000, 100), b"no picture"])
async def test_picture_telegram_cannot_show_goes_as_a_document(channel, lan, picture) -> None:
    await channel.send(to(lan, "Biểu đồ", file=File("a.png", picture, "image/png")))
    assert [(sent.kind, sent.text) for sent in lan.inbox] == [("document", "Biểu đồ")]


async def test_photo_that_may_have_arrived_is_not_sent_again_as_a_document(telegram, channel, lan) -> None:
    telegram.world.fail_next("sendPhoto", cut="after")
    with pytest.raises(SendError, match="uncertain: network"):
        await channel.send(to(lan, file=File("a.png", png(), "image/png")))
    lan.blocks()
    with pytest.raises(SendError, match="refused: blocked"):
        await channel.send(to(lan, file=File("a.png", png(), "image/png")))
    assert [sent.kind for sent in lan.inbox] == ["photo"]


async def test_text_too_long_for_a_caption_goes_ahead_within_the_rate(channel, lan, pauses) -> None:
    text, file = "x" * 1025, File("a.docx", b"x", "application/msword")
    message_id = await channel.send(to(lan, text, file=file, buttons=((("Gửi", "s"),),)))
    said, sent = lan.inbox
    assert (said.text, said.buttons) == (text, [])
    assert (sent.kind, sent.text, sent.labels) == ("document", "", [["Gửi"]])
    assert str(sent.message_id) == message_id
    assert pauses == [1.0]


async def test_caption_of_just_the_limit_stays_with_its_file(channel, lan) -> None:
    await channel.send(to(lan, "x" * 1024, file=File("a.docx", b"x", "application/msword")))
    assert len(lan.inbox) == 1


async def test_text_without_its_file_is_uncertain_so_that_it_is_not_said_twice(telegram, channel, lan) -> None:
    telegram.world.fail_next("sendDocument", status=429, retry_after=3)
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan, "x" * 2000, file=File("a.docx", b"x", "application/msword")))
    assert (caught.value.kind, caught.value.reason) == ("uncertain", "partial")


async def test_file_refused_after_its_text_stays_refused(telegram, channel, lan) -> None:
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan, "x" * 2000, file=File("a.docx", b"", "application/msword")))
    assert caught.value.kind == "refused"


async def test_file_over_fifty_megabytes_never_leaves(telegram, channel, lan) -> None:
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan, file=File("a.zip", bytes(FILE_BYTES + 1), "application/zip")))
    assert (caught.value.kind, caught.value.reason) == ("refused", "too_large")
    assert telegram.world.calls == []


@pytest.mark.parametrize(
    ("fault", "meaning", "arrived"),
    [
        ({"cut": "before"}, "uncertain: network", 0),
        ({"cut": "after"}, "uncertain: network", 1),
        ({"status": 500, "description": "Internal Server Error"}, "uncertain: network", 0),
        ({"status": 502, "body": "<html>"}, "uncertain: network", 0),
        ({"status": 504, "body": "<html>"}, "uncertain: network", 0),
        ({"status": 200, "body": "<html>"}, "uncertain: unreadable", 0),
        ({"status": 413, "body": "<html>"}, "refused: too_large", 0),
        ({"status": 400, "description": "Bad Request: chat not found"}, "refused: no_chat", 0),
        ({"status": 403, "description": "Forbidden: user is deactivated"}, "refused: blocked", 0),
        ({"status": 401, "description": "Unauthorized"}, "unsent: token", 0),
    ],
    ids=str,
)
async def test_what_the_wire_does_is_told_apart(telegram, channel, lan, fault, meaning, arrived) -> None:
    telegram.world.fail_next("sendMessage", **fault)
    with pytest.raises(SendError, match=meaning):
        await channel.send(to(lan))
    assert len(lan.inbox) == arrived
    assert len(telegram.world.calls) == 1, "nothing is repeated below the dispatcher"


async def test_flood_control_is_a_deadline(telegram, channel, lan) -> None:
    telegram.world.fail_next("sendMessage", status=429, retry_after=35)
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan))
    assert (caught.value.kind, caught.value.reason) == ("unsent", "flood")
    assert caught.value.retry_at == NOW + timedelta(seconds=35)


async def test_flood_control_without_a_deadline_waits_a_little(telegram, channel, lan) -> None:
    telegram.world.fail_next("sendMessage", status=429, body="<html>slow down</html>")
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan))
    assert caught.value.retry_at == NOW + timedelta(seconds=5)


async def test_second_message_in_a_second_is_held_off_by_the_server(channel, lan) -> None:
    await channel.send(to(lan))
    with pytest.raises(SendError) as caught:
        await channel.send(to(lan))
    assert (caught.value.kind, len(lan.inbox)) == ("unsent", 1)


async def test_blocked_and_unknown_addresses_are_refused(telegram, channel, lan) -> None:
    lan.blocks()
    with pytest.raises(SendError, match="refused: blocked"):
        await channel.send(to(lan))
    with pytest.raises(SendError, match="refused: no_chat"):
        await channel.send(Outgoing("4711", "x"))
    with pytest.raises(SendError, match="refused: no_chat"):
        await channel.send(to(telegram.user("never wrote")))


async def test_migrated_group_gives_its_new_address(channel, lan) -> None:
    group = lan.adds_to_group()
    new = group.migrates()
    with pytest.raises(ChatMovedError) as caught:
        await channel.send(Outgoing(str(group.chat.chat_id), "x"))
    assert (caught.value.kind, caught.value.new_address) == ("unsent", str(new))


async def test_server_that_is_not_there_means_unsent() -> None:
    async with TelegramServer() as gone:
        pass
    channel = TelegramChannel(gone.token, "main", gone.url)
    with pytest.raises(SendError) as caught:
        await channel.send(Outgoing("1", "x"))
    await channel.close()
    assert (caught.value.kind, caught.value.reason) == ("unsent", "network")


async def test_edit_replaces_text_and_buttons(channel, lan) -> None:
    message_id = await channel.send(to(lan, "cũ", buttons=((("Gửi", "s"),),)))
    await channel.edit(to(lan, "mới"), message_id)
    (sent,) = lan.inbox
    assert (sent.text, sent.buttons, sent.edits) == ("mới", [], ["cũ"])


async def test_equal_edit_is_no_error(channel, lan) -> None:
    message_id = await channel.send(to(lan, "như cũ"))
    await channel.edit(to(lan, "như cũ"), message_id)
    assert lan.inbox[0].edits == []


async def test_what_cannot_be_edited_is_refused_by_that_name(telegram, channel, lan) -> None:
    theirs = lan.says("của tôi")
    document = await channel.send(to(lan, file=File("a.docx", b"x", "application/msword")))
    for message_id in ("99999", str(theirs), document, "not a number"):
        with pytest.raises(SendError, match="refused: not_editable"):
            await channel.edit(to(lan, "mới"), message_id)
    with pytest.raises(SendError, match="refused: not_editable"):
        await channel.edit(to(lan, file=File("a.docx", b"x", "application/msword")), document)


async def test_file_that_came_in_is_fetched(telegram, channel, lan) -> None:
    content = bytes(range(256)) * 4000
    assert await channel.fetch(lan.sends_document("a.xlsx", content)) == content


async def test_fetch_names_what_went_wrong(telegram, channel, lan) -> None:
    with pytest.raises(SendError, match="refused: content"):
        await channel.fetch("unknown")
    with pytest.raises(SendError, match="refused: too_large"):
        await channel.fetch(lan.sends_document("a.xlsx", bytes(20_000_001)))
    file_id = lan.sends_document("a.xlsx", b"x")
    telegram.world.fail_next("getFile", cut="before")
    with pytest.raises(SendError, match="unsent: network"):
        await channel.fetch(file_id)
    telegram.world.expired.add(file_id)
    with pytest.raises(SendError, match="refused: no_file"):
        await channel.fetch(file_id)


def arrived(user: User, kind: str = "text", update_id: str = "1") -> Incoming:
    return Incoming("telegram", "main", update_id, str(user.id), NOW, kind=kind)  # type: ignore[arg-type]


async def test_press_is_answered_once(telegram, channel, lan) -> None:
    received: asyncio.Queue[Incoming] = asyncio.Queue()

    async def accept(batch) -> None:
        for one in batch:
            await received.put(one.incoming)

    query = lan.presses_on(1, "x")
    polling = asyncio.create_task(channel.receive(accept))
    while (incoming := await asyncio.wait_for(received.get(), 5)).kind != "press":
        pass
    await channel.answer(incoming)
    await channel.answer(incoming)
    assert telegram.world.answered == [query]
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_only_the_latest_presses_are_kept(channel) -> None:
    for number in range(PRESSES_KEPT + 10):
        channel._read({"update_id": number, "callback_query": {"id": str(number)}})
    assert len(channel._presses) == PRESSES_KEPT
    assert str(PRESSES_KEPT + 9) in channel._presses


async def test_typing_is_shown_for_words_and_not_for_a_group(telegram, channel, lan) -> None:
    for kind in ("text", "file", "group", "blocked", "migrated"):
        await channel.answer(arrived(lan, kind))
    assert telegram.world.typing == [lan.id, lan.id]


async def test_menu_is_shown_and_taken_back(telegram, channel, lan) -> None:
    await channel.set_menu(str(lan.id), [("/hop", "Báo cáo họp"), ("viec", "Việc cần làm")])
    assert telegram.world.menus[lan.id] == [("hop", "Báo cáo họp"), ("viec", "Việc cần làm")]
    await channel.set_menu(str(lan.id), [])
    assert lan.id not in telegram.world.menus


async def test_group_is_left(channel, lan) -> None:
    group = lan.adds_to_group()
    await channel.leave(str(group.chat.chat_id))
    assert group.chat.closed


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_courtesy_calls_never_raise(telegram, channel, lan, cut) -> None:
    for method in ("sendChatAction", "setMyCommands", "leaveChat", "answerCallbackQuery"):
        telegram.world.fail_next(method, cut=cut)
    group = lan.adds_to_group()
    channel._presses["9"] = lan.presses_on(1, "x")
    await channel.answer(arrived(lan))
    await channel.answer(arrived(lan, "press", "9"))
    await channel.set_menu(str(lan.id), [("hop", "Họp")])
    await channel.leave(str(group.chat.chat_id))
    await channel.leave("4711")


async def test_check_tells_name_webhook_and_clock(telegram, channel) -> None:
    telegram.world.webhook = "https://example.org/hook"
    channel._clock = lambda: datetime.now(UTC) + timedelta(minutes=5)
    facts = await channel.check()
    assert (facts.ok, facts.username, facts.webhook_set) == (True, "chibo_test_bot", True)
    assert facts.clock_difference == pytest.approx(300, abs=2)


async def test_check_of_a_wrong_token_says_so(telegram) -> None:
    channel = TelegramChannel("1:wrong", "main", telegram.url)
    facts = await channel.check()
    await channel.close()
    assert (facts.ok, facts.reason) == (False, "token")


async def test_check_without_a_network_knows_no_clock() -> None:
    async with TelegramServer() as gone:
        pass
    channel = TelegramChannel(gone.token, "main", gone.url)
    facts = await channel.check()
    await channel.close()
    assert (facts.ok, facts.reason, facts.clock_difference) == (False, "network", None)


def test_invite_link_opens_the_bot_with_the_code() -> None:
    assert invite_link("chibo_bot", "Ab3_-x") == "https://t.me/chibo_bot?start=Ab3_-x"


async def test_token_stands_in_no_log_and_no_error(telegram, lan, caplog) -> None:
    quiet_loggers()
    logging.getLogger().setLevel(logging.DEBUG)
    channel = TelegramChannel(
        telegram.token, "main", telegram.url, poll_seconds=1, pause=lambda seconds: asyncio.sleep(0)
    )
    faults = [{"cut": "before"}, {"status": 502, "body": f"/bot{telegram.token}/x"}, {"status": 401}]
    for fault in faults:
        telegram.world.fail_next("sendMessage", **fault)
        try:
            await channel.send(to(lan))
        except SendError:
            logging.getLogger("core").exception("as a careless caller would log it")
    telegram.world.fail_next("sendMessage", status=200, body=f"/bot{telegram.token}/x")
    with pytest.raises(SendError):
        await channel.send(to(lan))
    await channel.fetch(lan.sends_document("a", b"x"))
    for fault in faults:
        telegram.world.fail_next("getUpdates", **fault)
    polling = asyncio.create_task(channel.receive(lambda batch: asyncio.sleep(0)))
    await telegram.world.until(lambda: bool(telegram.world.confirmed))
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    await channel.close()
    assert caplog.text.count("getUpdates failed") == len(faults)
    assert "as a careless caller" in caplog.text
    assert telegram.token not in caplog.text
    assert telegram.token.split(":")[1] not in caplog.text


@pytest.fixture(autouse=True)
def levels_restored() -> "AsyncIterator[None]":
    names = ["", "httpx", "httpcore", "aiohttp", "telegram", "telegram.request"]
    before = {name: logging.getLogger(name).level for name in names}
    yield  # type: ignore[misc]
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


async def test_parallel_sends_share_no_queue(telegram, channel) -> None:
    telegram.world.windows.enabled = False
    telegram.world.latency = 0.05
    users = [telegram.user(f"u{number}") for number in range(64)]
    for user in users:
        user.says("/start")
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(channel.send(to(user)) for user in users))
    assert asyncio.get_running_loop().time() - began < 1.0, "one by one it would be 3.2 s"


def test_what_is_asked_for_is_what_is_understood() -> None:
    assert set(ALLOWED) == {"message", "edited_message", "callback_query", "my_chat_member"}
