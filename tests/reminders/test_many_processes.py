"""Any number of processes may tick at once, on either database: nobody is told twice, and nothing is left out."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlmodel import select

from models.database import unit_of_work
from models.notices import Notice
from models.outbox import OutboxRow
from reminders.tick import tick
from tests.reminders.world import World, moment

PROCESSES = 6
BRANCHES = 12
EVENING = "2026-03-03 20:00"


def tick_together(engine: Engine) -> list[int]:
    """Tick from several connections at one moment; how many messages each of them queued."""
    together = Barrier(PROCESSES)

    def one(_number: int) -> int:
        together.wait()
        with unit_of_work(engine) as session:
            return tick(session, moment(EVENING)).messages

    with ThreadPoolExecutor(PROCESSES) as threads:
        return list(threads.map(one, range(PROCESSES)))


def test_many_at_once_tell_everybody_once(any_engine):
    world = World(BRANCHES, "2026-03-03 19:59", any_engine, meeting_day=3)
    world.tick()
    assert sum(tick_together(any_engine)) == BRANCHES
    with world.session() as session:
        told = Counter(session.exec(select(Notice.account_id)))
        rows = session.exec(select(OutboxRow.account_id).where(OutboxRow.kind == "reminder")).all()
    assert len(told) == BRANCHES
    assert set(told.values()) == {1}
    assert sorted(rows) == sorted(told)


def test_the_first_tick_of_all_creates_what_is_owed_once(any_engine):
    world = World(BRANCHES, "2026-03-03 19:59", any_engine, meeting_day=3)
    assert sum(tick_together(any_engine)) == 0  # the watermark begins here
    assert all(world.owed(unit_id).status == "open" for unit_id in world.branches)
