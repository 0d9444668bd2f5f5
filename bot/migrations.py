"""Brings a database to the schema of this version; SQLite at every start, PostgreSQL only by `migrate`.

A new revision, after the tables have changed:

    python -c "from bot.migrations import revise; revise('what changed')"

Read the file it writes in models/migrations/versions, then run tests/bot/test_migrations.py. To write the initial
revision anew (before the first release only), delete the files in that folder first and give 'initial' as the message.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

from bot.backup import backup
from models import rules
from models.database import is_sqlite, make_engine

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells at every start what it assumes

FOLDER = Path(__file__).parent.parent / "models" / "migrations"


class DamagedError(Exception):
    """The migrated database holds rows that point nowhere; nothing was changed."""


def upgrade(url: str) -> None:
    """Run every revision the database lacks and add new rule values, in one transaction.

    Raises DamagedError or SQLAlchemyError.
    """
    with connected(url) as connection, connection.begin():
        command.upgrade(_config(connection), "head")
        with Session(connection, join_transaction_mode="rollback_only") as session:
            rules.seed(session)
            session.flush()
        if connection.dialect.name == "sqlite":
            _check_references(connection)


def is_current(url: str) -> bool:
    """Return whether the database has every revision; an empty one has none."""
    with connected(url) as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_config()).get_heads())


def prepare(url: str, folder: Path, now: datetime) -> bool:
    """Make an SQLite database current at start, after a backup into `folder`; return whether it is current now.

    PostgreSQL is never migrated in passing: False there means that `migrate` must be run.
    """
    if not is_sqlite(url):
        return is_current(url)
    if _exists(url):
        if is_current(url):
            return True
        backup(url, folder, now=now)
    upgrade(url)
    return True


def revise(message: str) -> Path:
    """Write the revision that leads from the last one to the tables as they are declared; return its file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        if ScriptDirectory.from_config(_config()).get_heads():
            upgrade(url)
        with connected(url) as connection:
            script = command.revision(_config(connection), message, autogenerate=True, rev_id=_next_number())
    return Path(script.path)  # type: ignore[union-attr]  # one message gives one script


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Give a connection for changing the schema and close everything behind it."""
    if is_sqlite(url):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url)
    _forget_references(engine)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _forget_references(engine: Engine) -> None:
    # SQLite changes a table by writing it anew; with foreign keys on, dropping the old one empties its children.
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise DamagedError(f"{broken[0]} row {broken[1]} points to no {broken[2]}")


def _exists(url: str) -> bool:
    return Path(make_url(url).database or "").exists()


def _config(connection: Connection | None = None) -> Config:
    attributes: dict[str, Any] = {"connection": connection}
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _next_number() -> str:
    return f"{len(list(FOLDER.glob('versions/[0-9]*.py'))) + 1:04d}"
