"""The committee, the program and the people of the broadcast that is measured (benchmarks.broadcast)."""

import asyncio
import random
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from bot import parts
from bot.schema import create_tables
from models import people, rules, units
from models.database import unit_of_work
from models.people import Account, Address, Post
from models.units import Unit, UnitParent
from tests.fakes.telegram_people import User
from tests.fakes.telegram_server import TOKEN, TelegramServer

ROOT = Path(__file__).parent.parent
TALKS_EVERY = 0.4  # seconds between two people's own messages
AGAIN = "(gửi lại)\n"
OFFICE = "văn phòng"
NEAR = (50, 100)  # branches behind and ahead of the one the directive is just sent to: two and four seconds
_SEED = 20260303
_BOT = TOKEN.partition(":")[0]


# The committee ----------------------------------------------------------------------------------------------------


def found(engine: Engine, telegram: TelegramServer, number: int) -> None:
    """Found a committee of that many branches, each with a secretary who has joined on Telegram."""
    create_tables(engine)
    now = datetime.now(UTC) - timedelta(days=60)
    with unit_of_work(engine) as session:
        root = units.unit_id(units.put(session, "DU", name="Đảng bộ phường", kind="dang_bo"))
        _put(session, [Unit(id=root + n, code=f"C{n:05}", code_key=f"C{n:05}", name=f"Chi bộ Xóm {n}", kind="chi_bo")
                       for n in range(1, number + 1)])  # fmt: skip
        _put(session, [UnitParent(unit_id=root + n, parent_id=root) for n in range(1, number + 1)])
        _put(session, [Account(id=n, label=f"Bí thư {n}", created_at=now, joined_at=now) for n in range(1, number + 1)])
        _put(session, [Post(account_id=n, unit_id=root + n, role="secretary", valid_from=now)
                       for n in range(1, number + 1)])  # fmt: skip
        _put(session, [_address(telegram, n, f"u{n}", now) for n in range(1, number + 1)])
        account = people.account_id(people.account_labelled(session, OFFICE, now))
        people.appoint(session, account, root, "officer", now)
        _put(session, [_address(telegram, account, OFFICE, now)])
    _settle(engine)


def _settle(engine: Engine) -> None:
    """Let the first hour of the program's life lie behind: every duty has its row, and nothing else is to be told."""
    now = datetime.now(UTC)
    with unit_of_work(engine) as session:
        for code in rules.book(session).values:
            if code.startswith("rule."):
                rules.revise(session, code, "no", now.date() - timedelta(days=1), "benchmark", now)
    for tick in parts.TICKS:
        with unit_of_work(engine) as session:
            tick.run(session, now)


def _address(telegram: TelegramServer, account_id: int, name: str, now: datetime) -> Address:
    user = telegram.user(name)
    user.chat.closed = ""
    return Address(
        account_id=account_id, channel="telegram", bot=_BOT, native_id=str(user.id), bound_at=now, used_at=now
    )


def _put(session: Session, rows: list[Any]) -> None:
    session.add_all(rows)
    session.flush()


# The program ------------------------------------------------------------------------------------------------------


async def start(telegram: TelegramServer, database: str, *further: str) -> Process:
    """Start the program, with further options, and wait until it runs."""
    given = ("--base-url", telegram.url, "--token", TOKEN, "--database", database, *further)
    command = ("-m", "benchmarks.broadcast_app", *given)
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE)
    if process.stdout is not None:
        await process.stdout.readline()
    return process


async def stop(process: Process) -> None:
    """End the program as an operator does."""
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.wait(), 30)


# The people -------------------------------------------------------------------------------------------------------


async def hears(user: User, telegram: TelegramServer, words: str, since: int, seconds: float = 60) -> None:
    """Wait until a person is shown a message with these words after the first `since` ones."""
    await telegram.world.until(lambda: any(words in sent.text for sent in user.inbox[since:]), seconds)


async def compose(telegram: TelegramServer) -> None:
    """Let the office compose the directive and send it."""
    office = telegram.user(OFFICE)
    due = date.today() + timedelta(days=10)  # noqa: DTZ011  # the program's own clock is the machine's too
    text = f"Kế hoạch 58-KH/ĐU về việc ra quân tổng vệ sinh, hạn {due.day}/{due.month}, toàn văn tại Văn phòng đảng ủy"
    for said, pressed, answer in (
        (f"/chidao {text}", "", "làm gì"),
        ("", "Thực hiện rồi báo lại", "chi bộ nào"),
        ("tất cả", "", "được phép phổ biến"),
        ("", "Được phép phổ biến", "Đúng thì"),
        ("", "Sửa", "mục nào"),
        ("", "Giờ gửi", "lúc nào"),
        ("", "Khẩn, gửi cả ban đêm", "Đúng thì"),
        ("", "Gửi", "Đang gửi"),
    ):
        since = len(office.inbox)
        office.says(said) if said else office.presses(pressed)
        await hears(office, telegram, answer, since)


class Talkers:
    """People who report their meeting in one line, one after the other; each waits for the answer."""

    def __init__(self, telegram: TelegramServer, number: int) -> None:
        self._telegram = telegram
        self._waiting = list(range(1, number + 1))
        random.Random(_SEED).shuffle(self._waiting)
        self.reached = -NEAR[1]  # how far the directive is

    async def talk(self, waits: list[float], until: asyncio.Event) -> None:
        """Let somebody else write every so often, until told to stop; note how long each waited."""
        waiting: set[asyncio.Task[None]] = set()
        while not until.is_set():
            waiting.add(asyncio.create_task(self.one(waits)))
            await asyncio.sleep(TALKS_EVERY)
        await asyncio.gather(*waiting)

    def _next(self) -> int | None:
        """Return who writes next, None where nobody is left whom the directive does not reach just now."""
        behind, ahead = NEAR
        far = (at for at, n in enumerate(self._waiting) if not self.reached - behind <= n <= self.reached + ahead)
        place = next(far, None)
        return None if place is None else self._waiting.pop(place)

    async def one(self, waits: list[float]) -> None:
        """Let one person write, and note how long the answer took."""
        number = self._next()
        if number is None:
            return
        user = self._telegram.user(f"u{number}")
        day = date.today() - timedelta(days=1)  # noqa: DTZ011
        before = {sent.message_id for sent in user.inbox}
        began = time.monotonic()
        user.says(f"họp {day.day}/{day.month}, có mặt 18/20")

        def answered() -> bool:
            return any(sent.message_id not in before and not is_directive(sent.text) for sent in user.inbox)

        await self._telegram.world.until(answered, 120)
        waits.append(time.monotonic() - began)


def is_directive(text: str) -> bool:
    """Return whether a message is the directive, sent again or not."""
    return text.removeprefix(AGAIN).startswith("Chỉ đạo 58-KH/ĐU")


class Wave:
    """How many people the directive has reached; the journal is read on, not anew."""

    def __init__(self, telegram: TelegramServer) -> None:
        self._journal = telegram.world.journal
        self._read = 0
        self._chats: set[int] = set()

    def reached(self) -> int:
        """Return their number."""
        new = self._journal[self._read :]
        self._read += len(new)
        self._chats.update(entry.chat_id for entry in new if is_directive(entry.text))
        return len(self._chats)
