"""The only clockwork: a tick every minute, the backup and the clearing at night. No schedule is stored anywhere."""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlmodel import Session

from bot.backup import backup
from bot.handling import where
from bot.ticks import Tick
from bot.writer import Writer
from models import attachments, bubbles, conversations, inbox, outbox, readings
from models.clock import ZONE
from models.database import is_sqlite

logger = logging.getLogger(__name__)

# A job that is late runs late, once: what is due follows from rows, not from how often it was asked.
_JOB = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


async def run_ticks(
    ticks: Sequence[Tick], writer: Writer, clock: Callable[[], datetime], nudge: Callable[[], None]
) -> None:
    """Run every tick once, each in its own transaction; one that fails never keeps the others from running."""
    for tick in ticks:
        try:
            await writer.run(tick.run, clock())
        except Exception as error:  # noqa: BLE001  # the next minute tries again; the log says what
            logger.error("tick %s failed: %s", tick.name, where(error))  # noqa: TRY400  # no words of people in logs
    nudge()


def clear(session: Session, now: datetime, days: int) -> None:
    """Empty what people wrote and files, wherever they are kept, when the retention period is over."""
    before = now - timedelta(days=days)
    inbox.empty_before(session, before)
    outbox.empty_before(session, before)
    attachments.empty_before(session, before)
    readings.forget_before(session, before)
    bubbles.forget(session, before)
    conversations.forget_waiting(session, before)


class Nightly:
    """What is done once a night."""

    def __init__(self, url: str, folder: Path, keep: int, days: int) -> None:
        self._url, self._folder, self._keep, self._days = url, folder, keep, days

    async def back_up(self) -> None:
        """Copy an SQLite database; PostgreSQL has tools of its own."""
        if is_sqlite(self._url):
            await asyncio.to_thread(backup, self._url, self._folder, keep=self._keep)

    async def clear(self, writer: Writer, clock: Callable[[], datetime]) -> None:
        """Empty what has been kept long enough."""
        await writer.run(clear, clock(), self._days)
        gc.collect()  # the whole heap, which is left alone by day (bot.program)


def make_scheduler(
    tick: Callable[[], object],
    back_up: Callable[[], object],
    clear_old: Callable[[], object],
    backup_at: str,
) -> AsyncIOScheduler:
    """Return a scheduler, not started yet, whose times are those of Viet Nam. backup_at: "HH:MM"."""
    hour, minute = (int(part) for part in backup_at.split(":"))
    scheduler = AsyncIOScheduler(timezone=ZONE, job_defaults=_JOB)
    scheduler.add_job(tick, CronTrigger(minute="*", timezone=ZONE), id="tick")
    scheduler.add_job(back_up, CronTrigger(hour=hour, minute=minute, timezone=ZONE), id="backup")
    scheduler.add_job(clear_old, CronTrigger(hour=3, minute=30, timezone=ZONE), id="clear")
    return scheduler
