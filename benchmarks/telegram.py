"""Messages a second beside a bare python-telegram-bot echo bot, the waits of 200 people who report at once, memory.

The fake Bot API server and the people stand in this process, each bot in one of its own. The echo of ours stores every
message before it is confirmed and commits every answer; the other keeps nothing. CHIBO_ECHO gives another number.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlmodel import select

from benchmarks.broadcast import p99
from benchmarks.broadcast_stage import ROOT, found, start, stop
from models.database import make_engine, unit_of_work
from models.units import ALWAYS, Membership, Unit, unit_id
from tests.fakes.telegram_people import User
from tests.fakes.telegram_server import TOKEN, TelegramServer

MESSAGES = int(os.environ.get("CHIBO_ECHO", "4000"))
PEOPLE = 200
LATENCIES = (0.0, 0.05)
GOALS = {0.0: 1.0, 0.05: 30.0}
ROUNDS = 3  # of each bot, in turn; the better one of each counts
WARM_UP = 100
THINKING = (10.0, 0.0)  # seconds at most before each answer; none is faster than anybody types
REPORT = (("/hop", ""), ("hôm qua", ""), ("18/20", ""), ("", "Không phép"), ("", "Đã đăng"), ("", "Gửi"))


def run() -> Iterator[str]:
    """Give the figures in words."""
    for latency in LATENCIES:
        yield asyncio.run(_compared(latency))
    for thinking in THINKING:
        yield asyncio.run(_reported(thinking))
    yield asyncio.run(_idle())


# Echo -------------------------------------------------------------------------------------------------------------


async def _compared(latency: float) -> str:
    ours, bare = 0.0, 0.0
    for _ in range(ROUNDS):
        # One by one at 50 ms, the bare bot needs a tenth of the messages to show its speed.
        bare = max(bare, await _echoed("echo_bot", latency, MESSAGES if not latency else MESSAGES // 10))
        ours = max(ours, await _echoed("echo_app", latency, MESSAGES))
    return (
        f"echo at {1000 * latency:.0f} ms: {ours:.0f} messages/s, each committed; a bare bot {bare:.0f}/s; "
        f"{ours / bare:.2f} times (goal {GOALS[latency]:.1f})"
    )


async def _echoed(name: str, latency: float, messages: int) -> float:
    """Return how many messages a second a bot answers."""
    async with _telegram() as telegram, _bot(name, telegram):
        await _burst(telegram, WARM_UP)
        telegram.world.latency = latency
        began = time.monotonic()
        await _burst(telegram, messages)
        return messages / (time.monotonic() - began)


async def _burst(telegram: TelegramServer, messages: int) -> None:
    """Let people write so many messages at once and wait until each is answered."""
    journal = telegram.world.journal
    before = len(journal)
    for number in range(messages):
        telegram.user(f"u{number % PEOPLE}").says(f"tin {number}")
    await telegram.world.until(lambda: len(journal) - before >= messages, 600)
    answered = {entry.text for entry in journal[before:]}
    if len(journal) - before != messages or answered != {f"tin {number}" for number in range(messages)}:
        raise AssertionError("not every message was answered once")


@asynccontextmanager
async def _telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as telegram:
        telegram.world.windows.enabled = False
        yield telegram


@asynccontextmanager
async def _bot(name: str, telegram: TelegramServer) -> AsyncIterator[Process]:
    """Start an echo bot on an empty database and give it once it asks for updates."""
    with tempfile.TemporaryDirectory(prefix="chibo-echo-") as folder:
        command = ["-m", f"benchmarks.{name}", "--base-url", telegram.url, "--token", TOKEN]
        if name == "echo_app":
            command += ["--database", f"sqlite:///{folder}/echo.db"]
        process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=DEVNULL)
        await telegram.world.until(lambda: telegram.world.polls > 0, 60)
        try:
            yield process
        finally:
            await stop(process)


# A guided report --------------------------------------------------------------------------------------------------


async def _reported(thinking: float) -> str:
    """Let everybody report their meeting by the guided form, each thinking up to so many seconds before an answer."""
    async with _telegram() as telegram, _product(telegram):
        telegram.world.latency = LATENCIES[-1]
        answers = Answers(telegram)
        watching = asyncio.create_task(answers.watch())
        await _report(answers, telegram.user(f"u{PEOPLE + 1}"), [], 0)  # the first reads what is kept in memory
        waits: list[float] = []
        began = time.monotonic()
        people = [telegram.user(f"u{number}") for number in range(1, PEOPLE + 1)]
        await asyncio.gather(*(_report(answers, user, waits, thinking) for user in people))
        took = time.monotonic() - began
        watching.cancel()
    manner = f"each thinking up to {thinking:.0f} s" if thinking else "nobody thinking at all"
    goal = " (goal 1)" if thinking else ""
    return (
        f"{PEOPLE} people in a guided report at {1000 * LATENCIES[-1]:.0f} ms, {manner}: {len(waits)} answers in "
        f"{took:.1f} s; p99 {p99(waits):.2f} s{goal}, half of them within {sorted(waits)[len(waits) // 2]:.2f} s"
    )


class Answers:
    """Wakes who has been answered, and nobody else."""

    def __init__(self, telegram: TelegramServer) -> None:
        self._world = telegram.world
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._seen = len(self._world.journal)

    async def watch(self) -> None:
        """Read the journal as it grows, until cancelled."""
        while True:
            self._world.progress.clear()
            for entry in self._world.journal[self._seen :]:
                if (waiting := self._waiting.pop(entry.chat_id, None)) and not waiting.done():
                    waiting.set_result(None)
            self._seen = len(self._world.journal)
            await self._world.progress.wait()

    def next(self, user: User) -> asyncio.Future[None]:
        """Return what is done when the person's next message arrives."""
        self._waiting[user.id] = asyncio.get_running_loop().create_future()
        return self._waiting[user.id]


@asynccontextmanager
async def _product(telegram: TelegramServer) -> AsyncIterator[Process]:
    """Start the whole program, its limits taken away, with a committee of secretaries who have joined."""
    with tempfile.TemporaryDirectory(prefix="chibo-report-") as folder:
        database = f"sqlite:///{folder}/chibo.db"
        engine = make_engine(database)
        found(engine, telegram, PEOPLE + 1)
        with unit_of_work(engine) as session:
            for branch in session.exec(select(Unit).where(Unit.kind == "chi_bo")).all():
                session.add(Membership(unit_id=unit_id(branch), on=ALWAYS, official=20, probationary=0, exempt=0))
        engine.dispose()
        process = await start(telegram, database, "--unlimited")
        try:
            yield process
        finally:
            await stop(process)


async def _report(answers: Answers, user: User, waits: list[float], thinking: float) -> None:
    chance = random.Random(user.id)
    for text, label in REPORT:
        await asyncio.sleep(chance.uniform(0, thinking))
        answered = answers.next(user)
        began = time.monotonic()
        user.says(text) if text else user.presses(label)
        await asyncio.wait_for(answered, 60)
        waits.append(time.monotonic() - began)
    if not user.inbox[-1].text.startswith("Đã nhận báo cáo"):
        raise AssertionError(f"no receipt, but: {user.inbox[-1].text}")


# Memory -----------------------------------------------------------------------------------------------------------


async def _idle() -> str:
    """Return what each holds in memory when nothing happens."""
    async with _telegram() as telegram, _bot("echo_bot", telegram) as process:
        bare = await _memory(process)
    async with _telegram() as telegram, _product(telegram) as process:
        whole = await _memory(process)
    return f"idle memory: {whole:.0f} MB, the whole program for {PEOPLE + 1} branches; a bare bot {bare:.0f} MB"


async def _memory(process: Process) -> float:
    await asyncio.sleep(5)
    status = await asyncio.to_thread(Path(f"/proc/{process.pid}/status").read_text)
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    print("\n".join(run()))
