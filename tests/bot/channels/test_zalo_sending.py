"""What leaves for Zalo, and what is known of it when an answer is late, wrong or missing."""

import logging
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.base import File, Outgoing, SendError
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.links import FileLinks
from bot.splitting import units
from models.messages import Incoming
from tests.bot.channels.zalo_parts import NOW, in_process, over_http
from tests.fakes.zalo_server import TOKEN, ZaloServer

REPORT = File("Báo cáo quý I.docx", b"PK report", "application/msword")


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloServer]:
    async with ZaloServer() as server:
        yield server


@pytest.fixture
async def channel(zalo) -> AsyncIterator[ZaloChannel]:
    channel = over_http(zalo)
    yield channel
    await channel.close()


@pytest.fixture
def lan(zalo):
    user = zalo.user("lan")
    user.says("chào")
    return user


async def failed(channel: ZaloChannel, outgoing: Outgoing) -> SendError:
    with pytest.raises(SendError) as raised:
        await channel.send(outgoing)
    return raised.value


async def test_a_text_arrives_and_its_id_is_kept(zalo, channel, lan):
    message_id = await channel.send(Outgoing(lan.id, "Đã nhận báo cáo 🙂"))
    assert lan.inbox == ["Đã nhận báo cáo 🙂"]
    assert message_id == zalo.bot.sent[-1].message_id


async def test_nothing_but_plain_text_is_sent(zalo, channel, lan):
    await channel.send(Outgoing(lan.id, "*<b>họp</b>*"))
    assert zalo.world.calls[-1] == ("sendMessage", {"chat_id": lan.id, "text": "*<b>họp</b>*"})


async def test_the_longest_text_fits_and_one_more_unit_does_not(zalo, channel, lan):
    await channel.send(Outgoing(lan.id, "🙂" * 1000))
    assert (await failed(channel, Outgoing(lan.id, "🙂" * 1000 + "a"))).reason == "too_large"
    assert len(zalo.bot.sent) == 1


async def test_letters_and_marks_are_joined_before_they_are_counted(zalo, channel, lan):
    apart = unicodedata.normalize("NFD", "ậ" * 1500)
    assert units(apart) > 2000
    await channel.send(Outgoing(lan.id, apart))
    assert lan.inbox == ["ậ" * 1500]


async def test_an_empty_text_never_leaves(zalo, channel, lan):
    assert (await failed(channel, Outgoing(lan.id, " \n"))).kind == "refused"
    assert zalo.world.calls == []


async def test_a_stranger_is_refused_for_good(channel):
    error = await failed(channel, Outgoing("0123456789abcdef0123", "chào"))
    assert (error.kind, error.reason) == ("refused", "no_chat")


async def test_a_spent_month_names_when_to_ask_again(zalo, channel, lan):
    zalo.bot.monthly = 1
    await channel.send(Outgoing(lan.id, "một"))
    error = await failed(channel, Outgoing(lan.id, "hai"))
    assert error.kind == "quota"
    assert error.retry_at.isoformat() == "2022-03-03T14:05:00+00:00"


async def test_a_server_error_is_uncertain(zalo, channel, lan):
    zalo.world.fail_next("sendMessage", code=403, description="Internal server error")
    assert (await failed(channel, Outgoing(lan.id, "một"))).kind == "uncertain"


async def test_a_connection_cut_after_the_call_left_is_uncertain(zalo, channel, lan):
    zalo.world.fail_next("sendMessage", cut="after")
    assert (await failed(channel, Outgoing(lan.id, "một"))).kind == "uncertain"
    assert lan.inbox == ["một"]  # and that is why it is not sent again in silence


async def test_a_call_that_never_left_is_unsent(zalo, lan):
    zalo.world.fail_next("sendMessage", cut="before")
    assert (await failed(in_process(zalo), Outgoing(lan.id, "một"))).kind == "unsent"


async def test_an_answer_that_is_not_zalos_is_uncertain(zalo, channel, lan):
    zalo.world.fail_next("sendMessage", body="<html>Wi-Fi login</html>", status=200)
    assert (await failed(channel, Outgoing(lan.id, "một"))).reason == "unreadable"


async def test_an_error_inside_a_good_status_is_seen(zalo, channel, lan):
    zalo.world.fail_next("sendMessage", code=429, description="Quota exceeded", status=200)
    assert (await failed(channel, Outgoing(lan.id, "một"))).kind == "quota"


async def test_the_token_stands_in_no_log_and_no_error(zalo, channel, lan, caplog):
    caplog.set_level(logging.DEBUG)
    for fault in ({"cut": "after"}, {"code": 401}, {"code": 500}, {"body": f"/bot{TOKEN}/", "status": 502}):
        zalo.world.fail_next("sendMessage", **fault)
        error = await failed(channel, Outgoing(lan.id, "một"))
        assert TOKEN not in repr(error)
        assert error.__cause__ is None
        assert error.__suppress_context__
    await channel.send(Outgoing(lan.id, "hai"))
    assert TOKEN not in caplog.text


async def test_an_edit_is_refused_without_a_call(zalo, channel, lan):
    with pytest.raises(SendError) as raised:
        await channel.edit(Outgoing(lan.id, "mới"), "1")
    assert (raised.value.kind, raised.value.reason) == ("refused", "not_editable")
    assert zalo.world.calls == []


async def test_typing_is_shown_for_words_and_never_for_a_group(zalo, channel, lan):
    await channel.answer(Incoming("zalo", "mot", "1", lan.id, NOW))
    await channel.answer(Incoming("zalo", "mot", "2", "zgr-1", NOW, kind="group"))
    assert zalo.bot.typing == [lan.id]


async def test_a_failing_courtesy_never_raises(zalo, channel, lan):
    zalo.world.fail_next("sendChatAction", code=500)
    await channel.answer(Incoming("zalo", "mot", "1", lan.id, NOW))
    await channel.set_menu(lan.id, [("hop", "Báo cáo")])
    await channel.leave("zgr-1")


async def test_files_are_no_capability_unless_links_are_allowed(zalo, channel):
    assert not channel.capabilities.files
    assert in_process(zalo, links=FileLinks("https://b.example.vn", 30, lambda: NOW)).capabilities.files


async def test_an_allowed_file_leaves_as_a_link_under_its_text(zalo, lan):
    links = FileLinks("https://b.example.vn/", 30, lambda: NOW)
    channel = in_process(zalo, links=links, link_line=lambda name, url: f"Tệp {name}: {url}")
    await channel.send(Outgoing(lan.id, "Bản thảo báo cáo.", file=REPORT))
    text, line = lan.inbox[-1].split("\n")
    assert text == "Bản thảo báo cáo."
    key = line.rpartition("/")[2]
    assert line == f"Tệp Báo cáo quý I.docx: https://b.example.vn/tep/{key}"
    assert len(key) == 32
    assert links.take(key) == REPORT


def test_a_link_is_good_once_and_for_a_short_time():
    clock = [NOW]
    links = FileLinks("https://b.example.vn", 30, lambda: clock[0])
    once, late = (links.offer(REPORT).rpartition("/")[2] for _ in range(2))
    assert links.look(once) == REPORT
    assert links.look(once) == REPORT
    assert links.take(once) == REPORT
    assert links.take(once) is None
    clock[0] += timedelta(minutes=30)
    assert links.take(late) is None


def test_the_oldest_files_make_room():
    links = FileLinks("https://b.example.vn", 30, lambda: NOW)
    keys = [links.offer(File("a", b"x" * 40_000_000, "a/b")).rpartition("/")[2] for _ in range(3)]
    assert [links.look(key) is not None for key in keys] == [False, False, True]


async def test_the_check_says_what_zalo_says(zalo, channel):
    facts = await channel.check()
    assert (facts.ok, facts.title, facts.plan, facts.webhook, facts.reason) == (True, "Bot Chi bộ", "BASIC", "", "")
    assert facts.clock_difference < -100_000_000  # the test's clock stands in 2022


async def test_the_check_of_a_bad_token_says_so(zalo, channel):
    zalo.world.fail_next("getMe", code=401)
    facts = await channel.check()
    assert (facts.ok, facts.reason) == (False, "token")
