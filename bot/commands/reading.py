"""`parse` and `match-branch`: lines in, readings out, against a file of branches or the database's units."""

import sys
from dataclasses import replace
from pathlib import Path

from bot.commands.console import settings_of, wrong
from bot.language import match_lines, parse_lines, read_branches
from models.vietnamese.branch_names import BranchNames


def parse(branches: Path | None, config: Path | None, database: str | None) -> None:
    """Answer the lines of stdin with their readings. Raises CommandError for branches that cannot be read."""
    parse_lines(sys.stdin, sys.stdout, _names(branches, config, database))


def match(branches: Path | None, config: Path | None, database: str | None) -> None:
    """Answer the lines of stdin with the branches they name. Raises CommandError."""
    match_lines(sys.stdin, sys.stdout, _names(branches, config, database))


def _names(branches: Path | None, config: Path | None, database: str | None) -> BranchNames:
    if branches is None:
        return _stored_names(config, database)
    try:
        return read_branches(branches)
    except OSError as error:
        raise wrong("cli.cannot_read", path=str(branches), reason=error.strerror or "") from None
    except ValueError:
        raise wrong("cli.bad_branches", path=str(branches)) from None


def _stored_names(config: Path | None, database: str | None) -> BranchNames:
    # Only here: a file of branches needs neither settings nor a database, and starts in half the time.
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415
    from sqlmodel import Session  # noqa: PLC0415

    from models import units, vocabulary  # noqa: PLC0415
    from models.database import is_sqlite, make_reader  # noqa: PLC0415

    url = settings_of(config, database).database.url
    if is_sqlite(url) and not Path(make_url(url).database or "").exists():
        raise wrong("cli.no_units")  # opening it would create it
    engine = make_reader(url)
    try:
        with Session(engine) as session:
            codes = {str(unit.id): unit.code for unit in units.listed(session)}
            return BranchNames(replace(row, id=codes[row.id]) for row in vocabulary.branch_rows(session))
    except SQLAlchemyError:
        raise wrong("cli.no_units") from None
    finally:
        engine.dispose()
