"""`invite`: codes for the people of the posts, as rows of a table; nothing is asked of any network."""

import csv
import sys
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path

from bot.channels.telegram import invite_link
from bot.codes import code_maker
from bot.commands.console import database, note, wrong
from bot.commands.tables import save
from bot.config import Settings
from models import units
from models.database import unit_of_work
from models.invitations import Invited, invite_all, invite_holders
from models.people import ROLES

HEADER = ("unit_code", "role", "holder", "channel", "bot", "code", "link")
ACTOR = "invite"


def invite_everyone(settings: Settings, output: Path, now: datetime) -> None:
    """Write a code for everyone who has not joined to a file. Raises CommandError; then no code has changed."""
    with database(settings, now) as engine, unit_of_work(engine) as session:
        invited = invite_all(session, code_maker(), now, days=settings.invitations.days, actor=ACTOR)
        # Before the commit: codes that cannot be handed out must not replace those that were.
        save(output, _table(settings, invited).encode())
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
    sys.stdout.write(_table(settings, invited))


def _table(settings: Settings, invited: Iterable[Invited]) -> str:
    username = settings.telegram.username
    channel, bot = ("telegram", username) if username else ("web", "page") if settings.web.enabled else ("", "")
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    for one in invited:
        link = invite_link(username, one.code) if username else ""
        rows.writerow((one.unit_code, one.role, one.holder, channel, bot, one.code, link))
    return text.getvalue()
