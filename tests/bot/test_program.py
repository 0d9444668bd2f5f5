"""The asynchronous shell as a whole: a fake channel, a real database, the real parts in between."""

import asyncio
import contextlib
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from bot import parts
from bot.channels.base import Capabilities, File, Limits, Received, SendError
from bot.clock import MovableClock
from bot.config import Database, Settings
from bot.intake import store
from bot.lease_keeper import owner_name
from bot.program import App
from bot.ticks import Tick
from models import outbox
from models.conversations import Chat
from models.database import unit_of_work
from models.inbox import InboxRow
from models.messages import Document, Message, Say, button, verbatim
from models.outbox_states import Holder, born_sending
from models.sender_leases import SenderLease, take
from tests.fakes.channel import FakeChannel
from tests.fakes.core import BOT, CHAT, echo, person, rows


@asynccontextmanager
async def running(url, channel, answer=echo, *, clock=None, ticks=(), others=()):
    app = App(Settings(database=Database(url=url)), clock=clock, ticks=ticks, answer=answer)
    for one in (channel, *others):
        app.add(one)
    started = asyncio.Event()
    task = asyncio.create_task(app.run(started.set))
    await asyncio.wait([task, asyncio.create_task(started.wait())], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield app
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition, seconds=5):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # rows of a database announce nothing
            await asyncio.sleep(0.005)


@pytest.fixture
def channel():
    return FakeChannel()


async def test_a_message_is_answered(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        await channel.says("5", "chào")
        (answer,) = await channel.until_sent(1)
        assert (answer.address, answer.text) == ("5", "chào")
        await until(lambda: rows(engine)[0].state == "sent")
    assert rows(engine)[0].message_id == "1"
    assert channel.closed


async def test_many_chats_are_answered_each_in_order(engine, sqlite_url, channel):
    channel.latency = 0.01
    updates = [channel.incoming(str(chat), f"{chat}-{number}") for number in range(8) for chat in range(50)]
    async with running(sqlite_url, channel):
        await channel.hands_over([channel.received(update) for update in updates])
        await channel.until_sent(400, seconds=20)
    for chat in range(50):
        texts = [sent.text for sent in channel.sent if sent.address == str(chat)]
        assert texts == [f"{chat}-{number}" for number in range(8)]
    assert channel.most_in_flight <= 64
    assert {row.state for row in rows(engine)} == {"sent"}


async def test_a_press_is_acknowledged_at_once_and_a_quick_answer_shows_no_typing(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        await channel.says("5", kind="press", action="do:1")
        await channel.says("5", "chào")
        await channel.until_sent(2)
    assert [incoming.kind for incoming in channel.answered] == ["press"]


async def test_an_update_that_comes_twice_is_answered_once(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        update = channel.received(channel.incoming("5", "chào"))
        await channel.hands_over([update])
        await channel.hands_over([update, channel.received(channel.incoming("6", "sau"))])
        await until(lambda: len(channel.sent) == 2)
    assert [sent.text for sent in channel.sent] == ["chào", "sau"]


async def test_a_secret_is_answered_with_the_reason(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        await channel.says("5", "công văn tuyệt mật số 1")
        (answer,) = await channel.until_sent(1)
    assert "TUYỆT MẬT" in answer.text


async def test_a_message_left_by_a_dead_process_is_taken_up_at_start(engine, sqlite_url, channel):
    host, pid, _ = owner_name().rsplit("/", 2)
    dead = f"{host}/{pid}/1"
    with unit_of_work(engine) as session:
        store(session, [channel.received(channel.incoming("5", "chào"))], dead, channel.incoming("5").sent_at)
        session.exec(select(InboxRow)).one().lease_until = MovableClock()() + timedelta(minutes=1)
    async with running(sqlite_url, channel):
        assert (await channel.until_sent(1))[0].text == "chào"


async def test_what_a_dead_process_was_sending_goes_out_once_more_and_says_so(engine, sqlite_url, channel):
    host, pid, _ = owner_name().rsplit("/", 2)
    dead, now = f"{host}/{pid}/1", MovableClock()()
    with unit_of_work(engine) as session:
        lease = take(session, "fake/main", dead, now, 15)
        row = outbox.draft("1", Message((verbatim("đã nhận"),)), now, chat=CHAT)
        born_sending(row, Holder(*BOT, dead, lease.fencing), now, edits=False)
        session.add(row)
    async with running(sqlite_url, channel):
        assert (await channel.until_sent(1))[0].text == "(gửi lại)\nđã nhận"
    assert [row.state for row in rows(engine)] == ["uncertain", "sent"]


async def test_a_living_process_keeps_the_right_to_send(engine, sqlite_url, channel):
    alive, now = owner_name(), MovableClock()()
    with unit_of_work(engine) as session:
        take(session, "fake/main", alive.replace("/", "-", 1) + "/1/2", now, 3600)
    async with running(sqlite_url, channel):
        await channel.says("5", "chào")
        await until(lambda: len(rows(engine)) == 1)
        assert channel.sent == []
    assert rows(engine)[0].state == "pending"


async def test_stopping_lets_the_next_process_send_at_once(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        await channel.says("5", "chào")
        await channel.until_sent(1)
    with unit_of_work(engine) as session:
        assert session.exec(select(SenderLease)).one().until <= MovableClock()()


async def test_stopping_waits_for_what_is_on_its_way(engine, sqlite_url, channel):
    channel.latency = 0.2
    async with running(sqlite_url, channel):
        await channel.says("5", "chào")
        await until(lambda: channel.in_flight == 1)
    assert [row.state for row in rows(engine)] == ["sent"]


async def test_an_error_that_passes_is_tried_again(engine, sqlite_url, channel):
    channel.errors = [SendError("unsent", "network")]
    async with running(sqlite_url, channel):
        await channel.says("5", "chào")
        await channel.until_sent(1)
        await until(lambda: rows(engine)[0].state == "sent")
    assert rows(engine)[0].tries == 1


async def test_an_adapter_that_breaks_leaves_a_doubtful_row_and_one_repeat(engine, sqlite_url, channel):
    channel.errors = [ZeroDivisionError()]
    async with running(sqlite_url, channel):
        await channel.says("5", "chào")
        assert (await channel.until_sent(1))[0].text == "(gửi lại)\nchào"


async def test_the_limits_are_kept_by_the_real_clock(engine, sqlite_url):
    channel = FakeChannel(limits=Limits(per_second=20, per_chat=10, per_group=1))
    moments = []
    send = channel.send

    async def timed(outgoing):
        moments.append(asyncio.get_running_loop().time())
        return await send(outgoing)

    channel.send = timed
    async with running(sqlite_url, channel):
        await channel.hands_over([channel.received(channel.incoming(str(n), "a")) for n in range(12)])
        await channel.until_sent(12)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert sum(gaps) > 10 * 0.05  # the first may leave late, the commit before it takes a moment


async def test_a_long_answer_leaves_in_pieces_in_order(engine, sqlite_url):
    channel = FakeChannel(capabilities=Capabilities(text_limit=60))
    text = " ".join(f"câu số {number}." for number in range(30))
    question = Message((verbatim(text),), ((button(verbatim("Gửi"), "send"),),))
    async with running(sqlite_url, channel, lambda _c, _i: [question]):
        await channel.says("5", "a")
        await until(lambda: bool(rows(engine)) and rows(engine)[0].state == "sent")
    assert " ".join(sent.text for sent in channel.sent) == text
    assert [bool(sent.buttons) for sent in channel.sent] == [False] * (len(channel.sent) - 1) + [True]


async def test_a_file_is_made_and_sent_and_one_that_cannot_be_is_told(engine, sqlite_url, channel, monkeypatch):
    made = {
        "good": lambda _session, args: File("x", str(args["n"]).encode(), "text/plain"),
        "bad": lambda _s, a: a["?"],
    }
    monkeypatch.setattr(parts, "DOCUMENTS", made)

    def answer(_context, incoming):
        return [Message((verbatim("Đây"),), document=Document(incoming.text, {"n": 5}, "a.txt"))]

    person(engine, "Quản trị", "9", "admin")
    async with running(sqlite_url, channel, answer):
        await channel.says("5", "good")
        await channel.says("6", "bad")
        await channel.until_sent(3)
    by_address = {sent.address: sent for sent in channel.sent}
    assert by_address["5"].file == File("a.txt", b"5", "text/plain")
    assert by_address["6"].text.startswith("Xin lỗi")
    assert "máy chủ" in by_address["9"].text


async def test_a_new_command_menu_is_shown_after_its_message(engine, sqlite_url, channel):
    menu = Message((verbatim("Chào"),), commands=(("/hop", verbatim("Báo cáo họp")),))
    async with running(sqlite_url, channel, lambda _c, _i: [menu]):
        await channel.says("5", "a")
        await channel.until_sent(1)
        await until(lambda: channel.menus)
    assert channel.menus == {"5": [("/hop", "Báo cáo họp")]}


async def test_a_sentence_that_cannot_be_said_fails_alone(engine, sqlite_url, channel):
    def answer(_context, incoming):
        return [Message((Say("no.such") if incoming.text == "a" else verbatim("được"),))]

    async with running(sqlite_url, channel, answer):
        await channel.says("5", "a")
        await channel.says("6", "b")
        await channel.until_sent(2)
    assert sorted(row.state for row in rows(engine)) == ["failed", "sent", "sent"]


async def test_a_group_is_left_without_a_word(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        await channel.says("-5", kind="group")
        await until(lambda: channel.left == ["-5"])
    assert channel.sent == []


async def test_a_channel_that_fails_is_started_again_and_the_others_go_on(engine, sqlite_url, channel, monkeypatch):
    monkeypatch.setattr("bot.supervision.FIRST_WAIT", 0.01)
    attempts = []

    class Broken(FakeChannel):
        async def receive(self, accept):
            attempts.append(accept)
            raise OSError("token in here")

    person(engine, "Quản trị", "9", "admin")
    async with running(sqlite_url, channel, others=[Broken(name="broken")]):
        await until(lambda: len(attempts) >= 4)
        await channel.says("5", "chào")
        await channel.until_sent(2)
    assert {sent.address for sent in channel.sent} == {"5", "9"}
    assert any("Kênh broken" in sent.text for sent in channel.sent)


async def test_a_tick_writes_and_what_it_wrote_leaves(engine, sqlite_url, channel):
    account_id = person(engine, "Bí thư CB05", "5")

    def run(session, now):
        outbox.put(session, "r", Message((verbatim("nhắc"),)), now, account_id=account_id, lane="bulk", kind="reminder")

    def broken(_session, _now):
        raise ZeroDivisionError

    ticks = [Tick("broken", broken), Tick("reminders", run)]
    async with running(sqlite_url, channel, ticks=ticks) as app:
        await app.tick()
        assert (await channel.until_sent(1))[0].text == "nhắc"


async def test_time_passes_for_the_demonstration_with_everything_on_the_way(engine, sqlite_url, channel):
    moments = []

    def run(_session, now):
        moments.append(now)

    tick = Tick("days", run, lambda _session, now: now + timedelta(days=1))
    clock = MovableClock()
    async with running(sqlite_url, channel, clock=clock, ticks=[tick]) as app:
        start = clock()
        await app.pass_time(start + timedelta(days=10, hours=1))
        assert 10 <= len(moments) <= 11
        assert clock() - start >= timedelta(days=10)
        with pytest.raises(ValueError, match="back"):
            await app.pass_time(start)
        await channel.says("5", "vẫn trả lời")
        await channel.until_sent(1)


async def test_what_falls_due_on_the_way_leaves_at_its_own_hour(engine, sqlite_url, channel):
    account_id = person(engine, "Bí thư CB05", "5")

    def run(session, now):
        key = f"day:{now:%Y-%m-%d}"
        outbox.put(session, key, Message((verbatim("nhắc"),)), now, account_id=account_id, lane="bulk", kind="reminder")

    tick = Tick("days", run, lambda _session, now: now + timedelta(days=1))
    clock = MovableClock()
    async with running(sqlite_url, channel, clock=clock, ticks=[tick]) as app:
        await app.pass_time(clock() + timedelta(days=3, hours=1))
        await channel.until_sent(3)
    with unit_of_work(engine) as session:
        rows = session.exec(select(outbox.OutboxRow).where(outbox.OutboxRow.state == "sent")).all()
    assert len(rows) >= 3
    assert all(row.finished_at - row.created_at < timedelta(minutes=30) for row in rows[:3])


async def test_what_cannot_be_read_stops_nothing(engine, sqlite_url, channel):
    async with running(sqlite_url, channel):
        await channel.hands_over(
            [Received("fake", "main", "x1", None, "{"), channel.received(channel.incoming("5", "a"))]
        )
        await channel.until_sent(1)


async def test_two_processes_on_one_database_send_each_message_once(postgres_engine, postgres_url):
    first, second = FakeChannel(), FakeChannel()
    async with running(postgres_url, first), running(postgres_url, second):
        for number in range(40):
            update = second.received(second.incoming(str(number % 10), str(number)))
            await (first if number % 2 else second).hands_over([update])
        await until(lambda: len(first.sent) + len(second.sent) == 40, 20)
        await until(lambda: {row.state for row in rows(postgres_engine)} == {"sent"})
    assert len(rows(postgres_engine, lambda row: row.chat == Chat(*BOT, "3"))) == 4
