import asyncio
from datetime import datetime, timedelta

from sqlmodel import select

from bot.migrations import upgrade
from bot.scheduler import Nightly, clear, make_scheduler, run_ticks
from bot.ticks import Tick
from bot.writer import SqliteWriter
from models import conversations, outbox
from models import people as accounts
from models.bubbles import Bubble
from models.clock import ZONE
from models.conversations import Conversation
from models.database import unit_of_work
from models.inbox import InboxRow
from models.messages import Message, verbatim
from models.readings import ReadingRow
from tests.bot.test_handling import handle, tell
from tests.fakes.channel import NOW, FakeChannel
from tests.fakes.core import CHAT, echo, make_core, rows


def jobs():
    made = make_scheduler(lambda: None, lambda: None, lambda: None, "02:30")
    return {job.id: job for job in made.get_jobs()} or {job[0].id: job[0] for job in made._pending_jobs}


def test_the_tick_comes_every_minute_and_the_backup_at_night_in_viet_nam():
    now = datetime(2026, 3, 3, 23, 59, 30, tzinfo=ZONE)
    made = jobs()
    assert made["tick"].trigger.get_next_fire_time(None, now) == now + timedelta(seconds=30)
    assert made["backup"].trigger.get_next_fire_time(None, now).isoformat() == "2026-03-04T02:30:00+07:00"


async def test_a_job_that_is_late_still_runs_and_only_once():
    ran = asyncio.Event()
    scheduler = make_scheduler(ran.set, lambda: None, lambda: None, "02:30")
    scheduler.start(paused=True)
    job = scheduler.get_job("tick")
    job.modify(next_run_time=datetime.now(ZONE) - timedelta(hours=3))
    assert (job.misfire_grace_time, job.coalesce) == (None, True)
    scheduler.resume()
    async with asyncio.timeout(5):
        await ran.wait()
    scheduler.shutdown()


async def test_a_tick_that_fails_does_not_keep_the_next_from_running(engine, caplog):
    writer, ran, nudged = SqliteWriter(engine), [], []

    def broken(_session, _now):
        raise ZeroDivisionError("tên người")

    ticks = [Tick("broken", broken), Tick("good", lambda _session, now: ran.append(now))]
    await run_ticks(ticks, writer, lambda: NOW, lambda: nudged.append(1))
    writer.close()
    assert (ran, nudged) == ([NOW], [1])
    assert "tick broken failed: ZeroDivisionError" in caplog.text
    assert "tên người" not in caplog.text


def test_raw_messages_are_emptied_when_their_time_is_over(engine):
    people = FakeChannel()
    core = make_core(engine, echo, holding=False)
    tell(engine, people, people.incoming("5", "cũ"))
    handle(engine, core)
    with unit_of_work(engine) as session:
        session.exec(select(InboxRow)).one().received_at = NOW - timedelta(days=31)
        outbox.put(session, "open", Message((verbatim("còn chờ"),)), NOW - timedelta(days=31), chat=CHAT)
        row = outbox.put(session, "sent", Message((verbatim("đã gửi"),)), NOW - timedelta(days=31), chat=CHAT)
        row.state = "sent"
    tell(engine, people, people.incoming("5", "mới"))
    with unit_of_work(engine) as session:
        clear(session, NOW, 30)
        assert [row.payload is None for row in session.exec(select(InboxRow).order_by(InboxRow.id))] == [True, False]
    emptied = {row.unique_key: row.payload is None for row in rows(engine)}
    assert emptied == {"1:0": False, "open": False, "sent": True}


def test_lines_kept_elsewhere_go_when_their_time_is_over(engine):
    old, new = NOW - timedelta(days=31), NOW - timedelta(days=1)
    with unit_of_work(engine) as session:
        for number, moment in enumerate((old, new)):
            talk = conversations.lock(session, f"account:{number}", moment)
            talk.waiting = {"line": "họp 3/3"}
            account = accounts.account_labelled(session, f"người {number}", moment)
            session.add(
                ReadingRow(
                    account_id=accounts.account_id(account),
                    at=moment,
                    text="họp 3/3",
                    folded="hop 3/3",
                    intent="meeting_held",
                    slots={},
                    outcome="asked",
                )
            )
            session.add(Bubble(address=f"a{number}", text="họp 3/3", at=moment))
    with unit_of_work(engine) as session:
        clear(session, NOW, 30)
    with unit_of_work(engine) as session:
        talks = session.exec(select(Conversation).order_by(Conversation.key)).all()
        assert [talk.waiting is None for talk in talks] == [True, False]
        assert [row.at for row in session.exec(select(ReadingRow))] == [new]
        assert [row.address for row in session.exec(select(Bubble))] == ["a1"]


async def test_the_night_makes_a_copy_of_sqlite(sqlite_url, engine, tmp_path):
    url = f"sqlite:///{tmp_path}/real.db"
    upgrade(url)
    await Nightly(url, tmp_path / "copies", 14, 30).back_up()
    assert len(list((tmp_path / "copies").glob("*.db"))) == 1
    await Nightly("postgresql+psycopg://x/y", tmp_path / "none", 14, 30).back_up()
    assert not (tmp_path / "none").exists()
