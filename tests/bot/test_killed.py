"""Killed anywhere and started again, the program has lost nothing, done nothing twice, and says what is doubtful."""

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from bot.program import STOP_SECONDS
from models import outbox
from models.audit import AuditEntry
from models.database import unit_of_work
from models.inbox import InboxRow
from tests.fakes.core import rows
from tests.fakes.telegram_server import TOKEN, TelegramServer
from tests.soak import sized

ROOT = Path(__file__).parent.parent.parent
PEOPLE, EACH = 20, 3
AGAIN = "(gửi lại)\n"
MOST_REPEATED = 16


async def start(url: str, telegram: TelegramServer, kill_at: str = "", per_second: float = 1e6):
    environment = {**os.environ, "CHIBO_KILL_AT": kill_at}
    command = ("-W", "ignore", "-m", "tests.fakes.killable", url, telegram.url, TOKEN, str(per_second))
    return await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )


def shown(telegram: TelegramServer) -> list[str]:
    return [entry.text for entry in telegram.world.journal if entry.method == "sendMessage"]


async def answered(telegram: TelegramServer, texts: set[str], seconds: float = 30) -> None:
    def all_there() -> bool:
        return texts <= {text.removeprefix(AGAIN) for text in shown(telegram)}

    await telegram.world.until(all_there, seconds)


async def settled(engine, seconds: float = 10) -> None:
    """Wait until nothing is left to be sent: a repeat may follow what has arrived already."""
    async with asyncio.timeout(seconds):
        while any(row.state not in outbox.FINISHED for row in rows(engine)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def stop(process) -> None:
    """Ask a process to end, once it runs: a signal among the imports is swallowed by Python itself."""
    await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(STOP_SECONDS):
        await process.wait()


def check(engine, telegram: TelegramServer, texts: set[str]) -> None:
    with unit_of_work(engine) as session:
        handled = Counter(session.exec(select(AuditEntry.subject)).all())
        assert handled == dict.fromkeys(texts, 1)
        assert {row.state for row in session.exec(select(InboxRow))} == {"done"}
    repeated = [text for text in shown(telegram) if text.startswith(AGAIN)]
    first = Counter(text for text in shown(telegram) if not text.startswith(AGAIN))
    assert set(first.values()) <= {1}
    assert len(repeated) == len(set(repeated)) <= MOST_REPEATED
    states = Counter(row.state for row in rows(engine))
    assert set(states) <= {"sent", "uncertain"}
    assert states["uncertain"] == len(repeated)


QUICK = ("stored", "committed", "sending", "sent")
POINTS = (*QUICK, "received", "commit", "handling", "handled", "marked")


async def storm(engine, url: str, kill_at: str, per_second: float) -> None:
    async with TelegramServer() as telegram:
        telegram.world.windows.enabled = False
        texts = {f"{who}/{number}" for who in range(PEOPLE) for number in range(EACH)}
        for number in range(EACH):
            for who in range(PEOPLE):
                telegram.user(f"u{who}").says(f"{who}/{number}")
        killed = await start(url, telegram, kill_at, per_second)
        dying, done = asyncio.ensure_future(killed.wait()), asyncio.ensure_future(answered(telegram, texts))
        await asyncio.wait({dying, done}, return_when=asyncio.FIRST_COMPLETED)
        if not dying.done():  # everything was answered before the point was reached so often
            await stop(killed)
        done.cancel()
        await asyncio.gather(done, return_exceptions=True)
        assert await dying in (-signal.SIGKILL, 0)
        again = await start(url, telegram, per_second=per_second)
        await answered(telegram, texts)
        await settled(engine)
        await stop(again)
        check(engine, telegram, texts)


@pytest.mark.parametrize("where", QUICK)
async def test_killed_in_a_storm_nothing_is_lost_or_done_twice(engine, sqlite_url, where):
    await storm(engine, sqlite_url, f"{where}:2", 200)


@pytest.mark.soak
@pytest.mark.parametrize("per_second", sized([25, 200, 1e6], [200]))
@pytest.mark.parametrize("when", sized([1, 3, 9, 27], [3]))
@pytest.mark.parametrize("where", POINTS)
async def test_killed_anywhere_nothing_is_lost_or_done_twice(engine, sqlite_url, where, when, per_second):
    await storm(engine, sqlite_url, f"{where}:{when}", per_second)
