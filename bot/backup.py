"""Copies of the SQLite database: made while the bot runs, put back only while it does not."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from models.clock import local
from models.database import is_sqlite

NAME = "chibo-%Y%m%d-%H%M%S.db"


class BackupError(Exception):
    """A copy that cannot be made or put back; `key` is the sentence, in bot/texts, that says why."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(f"{key}: {facts}")
        self.key = key
        self.facts = facts


def backup(url: str, folder: Path, *, keep: int = 14, now: datetime | None = None) -> Path:
    """Copy the database into a folder while others use it, and keep the newest `keep` copies; return the new one.

    Raises BackupError for PostgreSQL (pg_dump is its tool) and for a database that is not there or is damaged.
    """
    copy = folder / local(now or datetime.now(UTC)).strftime(NAME)
    copy_to(url, copy)
    for old in sorted(folder.glob("chibo-*-*.db"))[:-keep]:
        old.unlink()
    return copy


def copy_to(url: str, target: Path) -> None:
    """Write a copy of the database to a file that appears only when it is whole. Raises BackupError."""
    source = database_file(url)
    if not source.exists():
        raise BackupError("cli.no_database_file", path=str(source))
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, target)


def restore(url: str, copy: Path, now: datetime | None = None) -> Path | None:
    """Put a copy in the place of the database; return where the present one was laid aside (None: there was none).

    Raises BackupError while the bot runs, and for a file that is no whole copy of a database of this product.
    """
    database = database_file(url)
    _check(copy)
    with alone(url):
        fresh = database.with_name(database.name + ".restoring")
        _copy(copy, fresh)
        aside = _lay_aside(database, now or datetime.now(UTC))
        fresh.replace(database)
    return aside


def database_file(url: str) -> Path:
    """Return the file of an SQLite database. Raises BackupError for another kind."""
    if not is_sqlite(url):
        raise BackupError("cli.use_pg_dump")
    return Path(make_url(url).database or "")


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Hold the database as used by a running bot; several may (one process a channel), none while it is restored.

    Raises BackupError when a restore is under way.
    """
    if not is_sqlite(url):
        yield
        return
    with _locked(database_file(url), fcntl.LOCK_SH, "cli.restore_under_way"):
        yield


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Hold the database for oneself. Raises BackupError while a bot runs on it."""
    with _locked(database_file(url), fcntl.LOCK_EX, "cli.bot_is_running"):
        yield


@contextmanager
def _locked(database: Path, how: int, key: str) -> Iterator[None]:
    # A lock of the kernel goes with its process, so a killed bot never leaves one behind. The file itself stays:
    # removing it would let two processes lock two different files of the same name.
    database.parent.mkdir(parents=True, exist_ok=True)
    with database.with_name(database.name + ".lock").open("a") as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(key, path=str(database)) from None
        yield


def _copy(source: Path, target: Path) -> None:
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(_open(source)) as old, closing(sqlite3.connect(unfinished)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file: a copy is carried about without its -wal
        _check(unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=15)


def _check(file: Path) -> None:
    if not file.is_file():
        raise BackupError("cli.no_such_file", path=str(file))
    try:
        with closing(_open(file)) as connection:
            sound = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError:
        sound, known = False, (0,)
    if not sound or known == (0,):
        raise BackupError("cli.not_a_copy", path=str(file))


def _lay_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    aside = database.with_name(database.name + local(now).strftime(".before-%Y%m%d-%H%M%S"))
    # What stands only in the write-ahead log belongs to the present file and goes aside with it.
    for ending in ("-wal", "-shm", ""):
        part = database.with_name(database.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside
