"""What polling Zalo may lose: the time from Zalo forgetting a message to its commit, and messages lost at a kill -9.

Zalo hands over one message a call and forgets it as it does so. The program asks for the next one only when the last is
committed, so the window is at most the time between the two as the server sees it, and a kill loses at most the one
message that lies in it. The kills here come at the worst moment, just when a message was handed over. CHIBO_KILLS gives
another number of them.
"""

import asyncio
import os
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session, select

from models.database import make_reader
from models.inbox import InboxRow
from tests.fakes.process import process
from tests.fakes.zalo_server import TOKEN, ZaloServer
from tests.fakes.zalo_world import Bot

MESSAGES = 300
KILLS = int(os.environ.get("CHIBO_KILLS", "10"))
_SEED = 7


class Watched(ZaloServer):
    """A server that notes when it is asked for the next message."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    async def _updates(self, bot: Bot, params: Any) -> Any:
        self.asked.append(time.perf_counter())
        return await super()._updates(bot, params)

    def windows(self) -> list[float]:
        """Return for each message the milliseconds until the next one was asked for."""
        asked = iter(self.asked)
        found = []
        for popped, _ in self.bot.popped:
            following = next((moment for moment in asked if moment > popped), None)
            if following is not None:
                found.append(1000 * (following - popped))
        return sorted(found)


async def measure() -> list[str]:
    """Return the figures."""
    with TemporaryDirectory(prefix="chibo-loss-") as folder:
        async with Watched() as zalo:
            environment = {
                "CHIBO_ZALO__BOTS__MOT__TOKEN": TOKEN,
                "CHIBO_ZALO__BASE_URL": zalo.url,
                "CHIBO_LOG_LEVEL": "ERROR",
            }
            windows = await _undisturbed(zalo, Path(folder), environment)
            popped, lost = await _killed(zalo, Path(folder), environment)
    median, p99 = windows[len(windows) // 2], windows[int(0.99 * len(windows))]
    return [
        f"from a message forgotten by Zalo to its commit, at most: median {median:.1f} ms, p99 {p99:.1f} ms",
        f"killed {KILLS} times, each just when a message was handed over: {lost} lost of {popped} (goal one a kill)",
    ]


async def _undisturbed(zalo: Watched, folder: Path, environment: dict[str, str]) -> list[float]:
    started = await process(folder, "{'zalo'}", **environment)
    person = zalo.user("lan")
    for number in range(MESSAGES):
        person.says(f"tin {number}")
    await zalo.world.until(lambda: len(zalo.bot.popped) == MESSAGES and zalo.asked[-1] > zalo.bot.popped[-1][0], 120)
    started.terminate()
    await started.communicate()
    return zalo.windows()


async def _killed(zalo: Watched, folder: Path, environment: dict[str, str]) -> tuple[int, int]:
    chance = random.Random(_SEED)
    person = zalo.user("minh")
    before = len(zalo.bot.popped)
    for number in range(KILLS * 40):
        person.says(f"tin {number}")
    for _ in range(KILLS):
        begun = len(zalo.bot.popped)
        wanted = begun + chance.randrange(5, 35)
        started = await process(folder, "{'zalo'}", **environment)
        await zalo.world.until(lambda wanted=wanted: len(zalo.bot.popped) >= wanted, 60)
        started.kill()
        await started.communicate()
    popped = [message_id for _, message_id in zalo.bot.popped[before:]]
    engine = make_reader(f"sqlite:///{folder}/chibo.db")
    with Session(engine) as session:
        stored = set(session.exec(select(InboxRow.update_id)))
    engine.dispose()
    lost = len(set(popped) - stored)
    if lost > KILLS:
        raise AssertionError(f"{lost} lost at {KILLS} kills")
    return len(popped), lost


def run() -> list[str]:
    """Return the figures."""
    return asyncio.run(measure())


if __name__ == "__main__":
    print("\n".join(run()))
