"""`import`, `template` and `export`: the data's way in and out."""

import sys
from datetime import datetime
from pathlib import Path

from bot.commands.console import WRONG, CommandError, database, note, wrong
from bot.config import Settings
from bot.export import ExportError, export
from bot.importing import import_path
from bot.rendering import Texts
from bot.template import build
from models.database import unit_of_work
from models.importing import ImportResult
from models.messages import Say

SHOWN = 20


def import_tables(settings: Settings, path: Path, now: datetime) -> None:
    """Import a workbook or a folder and say what it did. Raises CommandError, nothing imported."""
    with database(settings, now) as engine, unit_of_work(engine) as session:
        result = import_path(session, path, now)
        if result.errors:
            raise CommandError(WRONG, *_problems(result))
    if not result.counts:
        note("import.nothing_new")
    for deed, number in result.counts.items():
        note("import.done", what=Say(f"import.{deed}"), number=number)


def _problems(result: ImportResult) -> list[Say]:
    says = [error.say for error in result.errors[:SHOWN]]
    if len(result.errors) > SHOWN:
        says.append(Say("import.more", {"number": len(result.errors) - SHOWN}))
    return [*says, Say("import.nothing_done")] if result.errors[0].row else says


def write_template(output: Path | None) -> None:
    """Write the workbook to be filled in to a file, or to stdout where that is no screen. Raises CommandError."""
    content = build(Texts.load())
    if output is not None:
        save(output, content)
    elif sys.stdout.isatty():
        raise wrong("cli.output_needed")
    else:
        sys.stdout.buffer.write(content)


def export_figures(settings: Settings, period: str, unit: str, output: Path, now: datetime) -> None:
    """Write the figures of a period and name the files on stdout. Raises CommandError."""
    with database(settings, now) as engine, unit_of_work(engine) as session:
        try:
            files = export(session, period, unit, output, now)
        except ExportError as error:
            raise wrong(error.key, **error.facts) from None
        except OSError as error:
            raise wrong("cli.cannot_write", path=str(output), reason=error.strerror or "") from None
    for file in files:
        sys.stdout.write(f"{file}\n")


def save(path: Path, content: bytes) -> None:
    """Write a file. Raises CommandError naming it."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise wrong("cli.cannot_write", path=str(path), reason=error.strerror or "") from None
