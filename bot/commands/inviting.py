"""`invite`: codes for the people of the posts, as rows of a table; nothing is asked of any network."""

import csv
import sys
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path

from sqlmodel import Session

from bot.channels.telegram import invite_link
from bot.channels.zalo import NAME, declare_plans
from bot.codes import code_maker
from bot.commands.console import database, note, wrong
from bot.commands.tables import save
from bot.config import Settings
from models import quota, units
from models.database import unit_of_work
from models.invitations import Invited, invite_all, invite_holders
from models.people import ROLES
from models.quota import BotUse
from reminders.estimate import OFFICE

HEADER = ("unit_code", "role", "holder", "channel", "bot", "code", "link")
ACTOR = "invite"


def invite_everyone(settings: Settings, output: Path, now: datetime) -> None:
    """Write a code for everyone who has not joined to a file. Raises CommandError; then no code has changed."""
    with database(settings, now) as engine, unit_of_work(engine) as session:
        invited = invite_all(session, code_maker(), now, days=settings.invitations.days, actor=ACTOR)
        # Before the commit: codes that cannot be handed out must not replace those that were.
        save(output, _table(session, settings, invited, now).encode())
    note("cli.invited", number=len({one.code for one in invited}), path=str(output))


def invite_to_post(settings: Settings, code: str, role: str, now: datetime) -> None:
    """Print a code for whoever holds a post. Raises CommandError for an unknown unit or role and an empty post."""
    if role not in ROLES:
        raise wrong("import.unknown_role", value=role)
    with database(settings, now) as engine, unit_of_work(engine) as session:
        unit = units.by_code(session, code)
        if unit is None:
            raise wrong("import.unknown_unit", value=code)
        invited = invite_holders(session, unit, role, code_maker(), now, days=settings.invitations.days, actor=ACTOR)
        if not invited:
            raise wrong("cli.nobody_holds", role=role, unit=code)
        table = _table(session, settings, invited, now)
    sys.stdout.write(table)


def _table(session: Session, settings: Settings, invited: Iterable[Invited], now: datetime) -> str:
    declare_plans(session, settings.zalo)
    text, places = StringIO(), _Places(session, settings, now)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    for one in invited:
        channel, bot, link = places.of(one)
        rows.writerow((one.unit_code, one.role, one.holder, channel, bot, one.code, link))
    if places.without:
        note("cli.zalo_full", number=places.without)
    return text.getvalue()


class _Places:
    """Where each person is sent: the office to the page's computer or Telegram, all others to a Zalo bot with room."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self._settings = settings
        self._zalo = quota.Places(session, NAME, now)
        self._given: dict[str, BotUse | None] = {}
        self.without = 0

    def of(self, one: Invited) -> tuple[str, str, str]:
        """Return (channel, bot, link) of a person; several posts of one person have one code and one bot."""
        if self._settings.zalo.bots and one.role not in OFFICE:
            use = self._place(one.code)
            if use:
                return NAME, use.title or use.bot, use.link
        return self._elsewhere(one.code)

    def _place(self, code: str) -> BotUse | None:
        if code not in self._given:
            self._given[code] = self._zalo.take()
            self.without += self._given[code] is None
        return self._given[code]

    def _elsewhere(self, code: str) -> tuple[str, str, str]:
        username = self._settings.telegram.username
        if username:
            return "telegram", username, invite_link(username, code)
        return ("web", "page", "") if self._settings.web.enabled else ("", "", "")
