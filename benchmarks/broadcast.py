"""A directive to ten thousand people over a fake Bot API, while others write: the rate, the waits, kills on the way.

The server and the people stand in this process, the program in one of its own. Every call takes `LATENCY` seconds, as
one to Telegram does. CHIBO_BROADCAST gives another number of people.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from bot import parts
from bot.channels.telegram import LIMITS
from bot.schema import create_tables
from models import obligations, people, rules, units
from models.database import make_engine, unit_of_work
from models.directives import Directive, DirectiveRecipient
from models.outbox import OutboxRow
from models.people import Account, Address, Post
from models.units import Unit, UnitParent
from tests.fakes.telegram_people import User
from tests.fakes.telegram_server import TOKEN, TelegramServer

ROOT = Path(__file__).parent.parent
LATENCY = 0.05
TALKS_EVERY = 0.4  # seconds between two people's own messages
IDLE_SECONDS = 40
AGAIN = "(gửi lại)\n"
OFFICE = "văn phòng"
_SEED = 20260303
_BOT = TOKEN.partition(":")[0]


@dataclass
class Figures:
    """What was measured. waits: seconds from a person's message to its answer, idle and during the broadcast."""

    people: int
    seconds: float = 0.0
    sent: int = 0
    edits: int = 0
    refused: int = 0
    repeated: int = 0
    doubled: int = 0
    missing: int = 0
    kills: int = 0
    in_doubt: int = 0
    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Messages of all kinds a second while the broadcast ran."""
        return self.sent / self.seconds

    @property
    def share(self) -> float:
        """The rate in hundredths of the configured one."""
        return 100 * self.rate / LIMITS.per_second

    def lines(self) -> list[str]:
        """Return the figures in words."""
        idle, busy = p99(self.idle), p99(self.busy)
        killed = f", killed {self.kills} times" if self.kills else ""
        speed = f"{self.rate:.2f}/s = {self.share:.1f} % of {LIMITS.per_second:.0f}/s (goal 98)"
        return [
            f"directive to {self.people} people{killed}: {self.sent} messages in {self.seconds:.1f} s, {speed}",
            f"{self.edits} edits of the office's screen; refused for speed {self.refused} times (goal at most 1)",
            f"nobody left out: {self.missing} missing; {self.repeated} sent again, each headed so",
            f"doubled in silence: {self.doubled}; in doubt: {self.in_doubt}",
            f"own messages answered, idle: p99 {1000 * idle:.0f} ms of {len(self.idle)}",
            f"during the broadcast: p99 {1000 * busy:.0f} ms of {len(self.busy)}, ratio {busy / idle:.2f} (goal 2)",
        ]


def p99(waits: list[float]) -> float:
    """Return the wait that one in a hundred exceeds."""
    return sorted(waits)[min(len(waits) - 1, int(0.99 * len(waits)))] if waits else 0.0


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
        order = list(range(1, number + 1))
        random.Random(_SEED).shuffle(order)
        self._order = iter(order)

    async def talk(self, waits: list[float], until: asyncio.Event) -> None:
        """Let somebody else write every so often, until told to stop; note how long each waited."""
        waiting: set[asyncio.Task[None]] = set()
        while not until.is_set():
            waiting.add(asyncio.create_task(self._one(waits)))
            await asyncio.sleep(TALKS_EVERY)
        await asyncio.gather(*waiting)

    async def _one(self, waits: list[float]) -> None:
        user = self._telegram.user(f"u{next(self._order)}")
        day = date.today() - timedelta(days=1)  # noqa: DTZ011
        before = {sent.message_id for sent in user.inbox}
        began = time.monotonic()
        user.says(f"họp {day.day}/{day.month}, có mặt 18/20")

        def answered() -> bool:
            return any(sent.message_id not in before and not _is_directive(sent.text) for sent in user.inbox)

        await self._telegram.world.until(answered, 120)
        waits.append(time.monotonic() - began)


def _is_directive(text: str) -> bool:
    return text.removeprefix(AGAIN).startswith("Chỉ đạo 58-KH/ĐU")


# The measurement --------------------------------------------------------------------------------------------------


async def measure(number: int, kills: int = 0, idle_seconds: float = IDLE_SECONDS) -> Figures:
    """Broadcast to that many people, killing the program so often on the way; return what was measured."""
    figures = Figures(number, kills=kills)
    with tempfile.TemporaryDirectory(prefix="chibo-broadcast-") as folder:
        database = f"sqlite:///{folder}/chibo.db"
        engine = make_engine(database)
        async with TelegramServer() as telegram:
            telegram.world.latency = LATENCY
            found(engine, telegram, number)
            process = await start(telegram, database)
            talkers = Talkers(telegram, number)
            await _idle(talkers, figures, idle_seconds)
            process = await _broadcast(telegram, (process, database), talkers, figures)
            _count(telegram, figures)
            await stop(process)
        _read(engine, figures)
        engine.dispose()
    return figures


async def _idle(talkers: Talkers, figures: Figures, seconds: float) -> None:
    warm, rest = asyncio.Event(), asyncio.Event()
    warm.set()
    await asyncio.gather(talkers.talk([], warm), _after(5, warm))
    await talkers._one([])  # noqa: SLF001  # the first line reads the list of branches
    await asyncio.gather(talkers.talk(figures.idle, rest), _after(seconds, rest))


async def _after(seconds: float, event: asyncio.Event) -> None:
    await asyncio.sleep(seconds)
    event.set()


async def _broadcast(
    telegram: TelegramServer, running: tuple[Process, str], talkers: Talkers, figures: Figures
) -> Process:
    process, database = running
    journal = telegram.world.journal
    await compose(telegram)
    began, done = len(journal), asyncio.Event()
    talking = asyncio.create_task(talkers.talk(figures.busy, done))
    for share in _shares(figures.kills):
        await telegram.world.until(lambda share=share: _reached(telegram) >= share * figures.people, 3600)
        process.kill()
        await process.wait()
        process = await start(telegram, database)
    await telegram.world.until(lambda: _reached(telegram) >= figures.people, 3600)
    done.set()
    await talking
    times = [entry.at for entry in journal[began:] if entry.method == "sendMessage"]
    last = max(entry.at for entry in journal if _is_directive(entry.text))
    inside = [at for at in times if at <= last]
    figures.sent, figures.seconds = len(inside), last - inside[0]
    await asyncio.sleep(12)  # the last edits of the screen, and what is repeated
    return process


def _shares(kills: int) -> Iterator[float]:
    yield from ((place + 1) / (kills + 1) for place in range(kills))


def _reached(telegram: TelegramServer) -> int:
    return len({entry.chat_id for entry in telegram.world.journal if _is_directive(entry.text)})


def _count(telegram: TelegramServer, figures: Figures) -> None:
    sent = Counter(entry.chat_id for entry in telegram.world.journal if _is_directive(entry.text))
    again = Counter(entry.chat_id for entry in telegram.world.journal if entry.text.startswith(AGAIN))
    figures.missing = figures.people - len(sent)
    figures.repeated = sum(again.values())
    figures.doubled = sum(count - 1 - again[chat] for chat, count in sent.items() if count > 1 + again[chat])
    figures.edits = sum(1 for method, _ in telegram.world.calls if method == "editMessageText")
    figures.refused = telegram.world.windows.refused


def _read(engine: Engine, figures: Figures) -> None:
    with unit_of_work(engine) as session:
        directive = session.exec(select(Directive)).one()
        rows = session.exec(select(func.count()).select_from(DirectiveRecipient)).one()
        owed = len(obligations.of_period(session, "directive_ack", [f"D{directive.id}"]))
        if (rows, owed) != (figures.people, figures.people):
            raise AssertionError(f"{rows} recipients and {owed} obligations for {figures.people} people")
        states = Counter(session.exec(select(OutboxRow.state).where(OutboxRow.kind == "directive")))
        figures.in_doubt = states["uncertain"]
        if set(states) - {"sent", "uncertain"}:
            raise AssertionError(f"not everything has left: {states}")


def run() -> list[str]:
    """Return the figures of an undisturbed broadcast."""
    return asyncio.run(measure(int(os.environ.get("CHIBO_BROADCAST", "10000")))).lines()


if __name__ == "__main__":
    print("\n".join(run()))
