"""`run --demo`: the real program on an invented committee; its data is made once and kept."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot import app, migrations
from bot.backup import in_use
from bot.clock import machine_time
from bot.config import Settings
from bot.demo.builder import fill, is_filled
from bot.demo.page import DemoPage
from models import notices
from models.database import make_engine, unit_of_work
from reminders.tick import NAME as REMINDERS

URL = "sqlite:///var/demo.db"


def run(settings: Settings, *, named: bool) -> None:
    """Run the demonstration on the page alone, in a database of its own unless one was named."""
    if not named:
        settings = settings.model_copy(update={"database": settings.database.model_copy(update={"url": URL})})
    settings = settings.model_copy(update={"web": settings.web.model_copy(update={"enabled": True})})
    ahead = prepare(settings.database.url, settings.backup.folder, machine_time())
    app.run(settings, demo=True, channels=["web"], accept_clock=True, make_page=DemoPage, ahead=ahead)


def prepare(url: str, backups: Path, now: datetime) -> timedelta:
    """Make the database current and fill it if it is empty; return how far its clock is ahead of `now`.

    Whoever moved time forward finds it there again: going back, the reminders would stand still.
    """
    with in_use(url):
        migrations.prepare(url, backups, now)
        engine = make_engine(url)
        try:
            with unit_of_work(engine) as session:
                if not is_filled(session):
                    fill(session, now)
                return _ahead(session, now)
        finally:
            engine.dispose()


def _ahead(session: Session, now: datetime) -> timedelta:
    reached = notices.watermark(session, REMINDERS)
    return max(reached - now, timedelta()) if reached else timedelta()
