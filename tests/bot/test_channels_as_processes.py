"""Zalo as the program runs it: processes beside each other on one database, against fakes over real sockets."""

import asyncio
import re
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import select

from bot import migrations
from bot.importing import import_path
from models import outbox, people
from models.database import make_engine, unit_of_work
from models.messages import Message, verbatim
from models.outbox import OutboxRow
from models.submissions import Submission
from tests.fakes import telegram_server, zalo_server
from tests.fakes.process import ended, process
from tests.fakes.telegram_server import TelegramServer
from tests.fakes.zalo_server import SECRET, ZaloServer

ZALO_TOKEN = zalo_server.TOKEN
TELEGRAM_TOKEN = telegram_server.TOKEN
UNITS = "code,name,kind,parent_code,official\nDU,Đảng ủy,dang_bo,,\nCB1,Chi bộ Một,chi_bo,DU,20\n"
POSTS = "unit_code,role,holder\nCB1,secretary,Bí thư\nDU,admin,Quản trị\n"
CODE = "BITHU23456"


class Site:
    """A database with one secretary and one administrator, and the settings of the processes that share it."""

    def __init__(self, folder: Path, zalo: ZaloServer, telegram: TelegramServer) -> None:
        self.folder = folder
        self.zalo = zalo
        self.telegram = telegram
        self.engine = make_engine(f"sqlite:///{folder}/chibo.db")
        self.environment = {
            "CHIBO_ZALO__BOTS__MOT__TOKEN": ZALO_TOKEN,
            "CHIBO_ZALO__BASE_URL": zalo.url,
            "CHIBO_ZALO__POLL_SECONDS": "1",
            "CHIBO_TELEGRAM__TOKEN": TELEGRAM_TOKEN,
            "CHIBO_TELEGRAM__BASE_URL": telegram.url,
        }
        self.running: list = []
        self.logs: list[str] = []
        self._found()

    def _found(self) -> None:
        migrations.upgrade(str(self.engine.url))
        (self.folder / "units.csv").write_text(UNITS, encoding="utf-8")
        (self.folder / "posts.csv").write_text(POSTS, encoding="utf-8")
        now = datetime.now(UTC)
        with unit_of_work(self.engine) as session:
            assert not import_path(session, self.folder, now).errors
            secretary = people.account_id(people.account_labelled(session, "Bí thư", now))
            people.issue_invitation(session, secretary, CODE, now, 14)

    async def start(self, *channels: str, **environment: str) -> None:
        started = await process(self.folder, repr(set(channels)), **{**self.environment, **environment})
        self.running.append(started)

    async def stop(self) -> None:
        for started in self.running:
            code, log = await ended(started)
            self.logs.append(log)
            assert code == 0, log
        self.running.clear()

    def bind(self, label: str, channel: str, bot: str, native_id: str) -> int:
        now = datetime.now(UTC)
        with unit_of_work(self.engine) as session:
            account = people.account_labelled(session, label, now)
            account.joined_at = now
            account_id = people.account_id(account)
            people.bind(session, account_id, (channel, bot, native_id), now)
        return account_id

    def bind_telegram(self, label: str, name: str):
        user = self.telegram.user(name)
        user.chat.closed = ""
        self.bind(label, "telegram", TELEGRAM_TOKEN.partition(":")[0], str(user.id))
        return user

    def bind_zalo(self, label: str, name: str):
        user = self.zalo.user(name)
        self.zalo.bot.users[user.id] = name
        self.account = self.bind(label, "zalo", "mot", user.id)
        return user

    def queue(self, key: str, text: str, kind: str) -> None:
        with unit_of_work(self.engine) as session:
            words = Message((verbatim(text),))
            outbox.put(session, key, words, datetime.now(UTC), account_id=self.account, lane="bulk", kind=kind)

    def row(self, key: str) -> OutboxRow:
        with unit_of_work(self.engine) as session:
            return session.exec(select(OutboxRow).where(OutboxRow.unique_key == key)).one()

    async def until(self, condition: Callable[[], bool], seconds: float = 25) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # rows of a database announce nothing
                assert all(started.returncode is None for started in self.running), "a process has ended"
                await asyncio.sleep(0.05)


@pytest.fixture
def site(tmp_path):
    @asynccontextmanager
    async def opened():
        async with ZaloServer() as zalo, TelegramServer() as telegram:
            here = Site(tmp_path, zalo, telegram)
            try:
                yield here
            finally:
                for started in here.running:
                    with suppress(ProcessLookupError):
                        started.kill()
                here.engine.dispose()

    return opened


async def test_a_secretary_joins_and_reports_on_zalo(site):
    async with site() as here:
        await here.start("zalo")
        person = here.zalo.user("lan")
        person.says(f"/start {CODE}")
        await here.until(lambda: len(person.inbox) >= 1)
        person.says("họp hôm qua, có mặt 18/20")
        await here.until(lambda: len(person.inbox) >= 2)
        await here.stop()
        with unit_of_work(here.engine) as session:
            (report,) = session.exec(select(Submission)).all()
            assert (report.form_id, report.answers["present"]) == ("meeting", 18)
    (log,) = here.logs
    assert ZALO_TOKEN not in log
    assert ZALO_TOKEN.partition(":")[2] not in log
    assert "18/20" not in log


async def test_a_webhook_is_announced_and_its_updates_are_answered(site):
    async with site() as here:
        await here.start(
            "zalo",
            CHIBO_ZALO__MODE="webhook",
            CHIBO_ZALO__PUBLIC_URL="https://bot.example.vn",
            CHIBO_ZALO__PORT="8471",
            CHIBO_ZALO__BOTS__MOT__SECRET=SECRET,
        )
        await here.zalo.world.until(lambda: bool(here.zalo.bot.webhook), 20)
        assert here.zalo.bot.webhook == "https://bot.example.vn/zalo/mot"
        person = here.bind_zalo("Bí thư", "lan")
        for number, form in enumerate(("flat", "wrapped"), start=1):
            person.says("/trogiup")
            assert await here.zalo.post_updates("http://127.0.0.1:8471/zalo/mot", form=form) == [200]
            await here.until(lambda number=number: len(person.inbox) == number)
        await here.stop()
    assert SECRET not in here.logs[0]


async def test_two_processes_share_one_sqlite_database(site):
    """Both write at the same time: nobody is left without an answer, and no write finds the database locked."""
    async with site() as here:
        await here.start("zalo")
        await here.start("telegram")
        on_zalo = [here.zalo.user(f"z{n}") for n in range(15)]
        on_telegram = [here.telegram.user(f"t{n}") for n in range(15)]
        for person in [*on_zalo, *on_telegram]:
            person.says("xin chào")
        await here.until(lambda: all(person.inbox for person in [*on_zalo, *on_telegram]))
        await here.stop()
        with unit_of_work(here.engine) as session:
            assert {row.state for row in session.exec(select(OutboxRow))} == {"sent"}
    assert not any("locked" in log or "failed" in log for log in here.logs), here.logs


@pytest.mark.parametrize(
    "trouble",
    [
        {"CHIBO_ZALO__BASE_URL": "http://127.0.0.1:1"},
        {"CHIBO_ZALO__BOTS__MOT__TOKEN": "4123456789:a-token-that-was-reset"},
        {"monthly": "0"},
    ],
    ids=["unreachable", "bad token", "quota"],
)
async def test_zalo_in_trouble_never_stops_telegram_or_the_page(site, trouble):
    async with site() as here:
        if "monthly" in trouble:
            here.zalo.bot.monthly = 0
        await here.start("zalo", "telegram", "web", **trouble)
        url = (await here.running[0].stdout.readline()).decode().strip()
        here.zalo.user("lan").says("xin chào")
        person = here.bind_telegram("Bí thư", "minh")
        for number in range(3):
            person.says("/trogiup")
            await here.until(lambda number=number: len(person.inbox) == number + 1)
        async with aiohttp.ClientSession() as client, client.get(url) as page:
            assert page.status == 200
        await here.stop()
    assert here.zalo.user("lan").inbox == []
    assert not re.search("4123456789:[a-zA-Z]", here.logs[0])


async def test_telegram_in_trouble_never_stops_zalo(site):
    async with site() as here:
        await here.start("zalo", "telegram", CHIBO_TELEGRAM__BASE_URL="http://127.0.0.1:1")
        person = here.bind_zalo("Bí thư", "lan")
        for number in range(3):
            person.says("/trogiup")
            await here.until(lambda number=number: len(person.inbox) == number + 1)
        await here.stop()


@pytest.mark.parametrize("apart", [False, True], ids=["one process", "two processes"])
@pytest.mark.parametrize("trouble", ["quota", "bad token"])
async def test_an_urgent_message_zalo_cannot_deliver_goes_to_telegram(site, trouble, apart):
    async with site() as here:
        on_telegram = here.bind_telegram("Bí thư", "lan")
        here.bind_zalo("Bí thư", "lan")
        environment = {"CHIBO_ZALO__BOTS__MOT__TOKEN": "4123456789:reset"} if trouble == "bad token" else {}
        here.zalo.bot.monthly = 0
        if apart:
            await here.start("zalo", **environment)
            await here.start("telegram")
        else:
            await here.start("zalo", "telegram", **environment)
        here.queue("d1", "Chỉ đạo khẩn", "directive")
        await here.until(lambda: here.row("d1").state == "sent")
        await here.stop()
    assert [sent.text for sent in on_telegram.inbox] == ["Chỉ đạo khẩn"]
    assert here.row("d1").channel == "telegram"


async def test_a_reminder_of_a_spent_month_goes_to_the_other_channel_of_another_process(site):
    async with site() as here:
        on_telegram = here.bind_telegram("Bí thư", "lan")
        on_zalo = here.bind_zalo("Bí thư", "lan")
        await here.start("zalo", CHIBO_ZALO__BOTS__MOT__MONTHLY="1")
        await here.start("telegram")
        here.queue("r1", "Nhắc một", "reminder")
        await here.until(lambda: here.row("r1").state == "sent")
        here.queue("r2", "Nhắc hai", "reminder")
        await here.until(lambda: here.row("r2").state == "sent")
        await here.stop()
    assert on_zalo.inbox == ["Nhắc một"]
    assert [sent.text for sent in on_telegram.inbox] == ["Nhắc hai"]


async def test_a_person_of_zalo_joins_telegram_by_a_one_time_code(site):
    async with site() as here:
        on_zalo = here.bind_zalo("Bí thư", "lan")
        on_telegram = here.telegram.user("lan")
        await here.start("zalo")
        await here.start("telegram")
        on_zalo.says("/lienket")
        await here.until(lambda: len(on_zalo.inbox) == 1)
        code = re.search(r": ([A-Z0-9]+)\n", on_zalo.inbox[0]).group(1)
        on_telegram.says(code)
        await here.until(lambda: len(on_telegram.inbox) >= 2 and len(on_zalo.inbox) == 2)
        assert "đã liên kết" in on_telegram.inbox[0].text.lower()
        assert "vừa được liên kết với Telegram" in on_zalo.inbox[1]
        here.telegram.user("other").says(code)
        await here.until(lambda: bool(here.telegram.user("other").inbox))
        assert "đã hết hạn hoặc đã dùng" in here.telegram.user("other").inbox[0].text
        await here.stop()
        with unit_of_work(here.engine) as session:
            channels = {address.channel for address in people.addresses(session, here.account)}
    assert channels == {"zalo", "telegram"}
