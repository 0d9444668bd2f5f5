"""`migrate`, `backup` and `restore`: the database's own commands."""

import sys
from datetime import datetime
from pathlib import Path

from bot import backup as copies
from bot import migrations
from bot.commands.console import failed, note
from bot.config import Settings


def migrate(settings: Settings, now: datetime) -> None:
    """Make the database current; on SQLite a copy is saved first. Raises CommandError for a damaged one."""
    url = settings.database.url
    try:
        if migrations.prepare(url, settings.backup.folder, now):
            note("cli.current")
            return
        migrations.upgrade(url)
    except migrations.DamagedError as error:
        raise failed("cli.damaged", problem=str(error)) from None
    note("cli.migrated")


def back_up(settings: Settings, output: Path | None, now: datetime) -> None:
    """Save a copy, to `output` or among the nightly ones, and name it on stdout. Raises BackupError."""
    url = settings.database.url
    if output is None:
        output = copies.backup(url, settings.backup.folder, keep=settings.backup.keep, now=now)
    else:
        copies.copy_to(url, output)
    sys.stdout.write(f"{output}\n")


def restore(settings: Settings, copy: Path, now: datetime) -> None:
    """Put a copy in the database's place. Raises BackupError while the bot runs or where the file is no copy."""
    aside = copies.restore(settings.database.url, copy, now)
    note("cli.restored", copy=str(copy))
    if aside:
        note("cli.laid_aside", path=str(aside))
