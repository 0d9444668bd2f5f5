"""A directive to ten thousand people over a fake Bot API, while others write: the rate, the waits, kills on the way.

The server and the people stand in this process, the program in one of its own. Every call takes `LATENCY` seconds, as
one to Telegram does. CHIBO_BROADCAST gives another number of people than `PEOPLE`; 10,000 take about seven minutes.
Nobody writes in the second in which the directive reaches them: Telegram's one message a second and chat would be
measured, not the program.
"""

import asyncio
import os
import tempfile
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlmodel import func, select

from benchmarks.broadcast_stage import AGAIN, Talkers, Wave, compose, found, is_directive, start, stop
from bot.channels.telegram import LIMITS
from models import obligations
from models.database import make_engine, unit_of_work
from models.directives import Directive, DirectiveRecipient
from models.outbox import OutboxRow
from tests.fakes.telegram_server import TelegramServer

LATENCY = 0.05
IDLE_SECONDS = 40
PEOPLE, KILLED_PEOPLE, KILLS = 2000, 500, 5


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

    @property
    def ratio(self) -> float:
        """How many times longer one in a hundred waits during the broadcast."""
        return p99(self.busy) / p99(self.idle)

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
            f"during the broadcast: p99 {1000 * busy:.0f} ms of {len(self.busy)}, ratio {self.ratio:.2f} (goal 2)",
        ]


def p99(waits: list[float]) -> float:
    """Return the wait that one in a hundred exceeds."""
    return sorted(waits)[min(len(waits) - 1, int(0.99 * len(waits)))] if waits else 0.0


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
    await talkers.one([])  # the first line reads the list of branches
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
    began, done, wave = len(journal), asyncio.Event(), Wave(telegram)
    talking = asyncio.create_task(talkers.talk(figures.busy, done))
    following = asyncio.create_task(_follow(wave, talkers))
    for share in _shares(figures.kills):
        await telegram.world.until(lambda share=share: wave.reached() >= share * figures.people, 3600)
        process.kill()
        await process.wait()
        process = await start(telegram, database)
    await telegram.world.until(lambda: wave.reached() >= figures.people, 3600)
    done.set()
    following.cancel()
    await talking
    times = [entry.at for entry in journal[began:] if entry.method == "sendMessage"]
    last = max(entry.at for entry in journal if is_directive(entry.text))
    inside = [at for at in times if at <= last]
    figures.sent, figures.seconds = len(inside), last - inside[0]
    await asyncio.sleep(12)  # the last edits of the screen, and what is repeated
    return process


async def _follow(wave: Wave, talkers: Talkers) -> None:
    while True:
        talkers.reached = wave.reached()
        await asyncio.sleep(0.5)


def _shares(kills: int) -> Iterator[float]:
    yield from ((place + 1) / (kills + 1) for place in range(kills))


def _count(telegram: TelegramServer, figures: Figures) -> None:
    sent = Counter(entry.chat_id for entry in telegram.world.journal if is_directive(entry.text))
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
    """Return the figures of an undisturbed broadcast, and of one killed on the way."""
    people = int(os.environ.get("CHIBO_BROADCAST", PEOPLE))
    undisturbed = asyncio.run(measure(people)).lines()
    return undisturbed + asyncio.run(measure(min(people, KILLED_PEOPLE), KILLS, idle_seconds=10)).lines()


if __name__ == "__main__":
    print("\n".join(run()))
