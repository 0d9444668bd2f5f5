"""Every writing unit of work of the running program goes through here.

SQLite has one writer whatever one does: a queue in front of one thread gives each its turn (tried: 64 threads with
BEGIN IMMEDIATE gave "database is locked"). Units that wait at the same moment share one commit, each in a savepoint
of its own, so that the disk is not asked once a message. PostgreSQL takes them in parallel.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.faults import point
from models.database import unit_of_work

T = TypeVar("T")
TOGETHER = 64  # units that share a commit at most
WORKERS = 64
ATTEMPTS = 6
_CONFLICTS = ("40001", "40P01")  # serialization failure, deadlock


class Writer(Protocol):
    """Runs functions of a session, each as one unit of work."""

    async def run(self, work: Callable[..., T], /, *args: Any) -> T:
        """Return `work(session, *args)` once it is committed; what it raises undoes it and is raised here."""
        ...

    def close(self) -> None:
        """Finish what was asked for, and end."""
        ...


@dataclass(slots=True)
class _Unit:
    work: Callable[[Session], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class SqliteWriter:
    """One thread, first come first served."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Unit | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[..., T], /, *args: Any) -> T:
        """Return `work(session, *args)` once it is committed; what it raises undoes it and is raised here."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Unit(lambda session: work(session, *args), loop, future))
        return await future

    def close(self) -> None:
        """Finish what was asked for, and end."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        ending = False
        while not ending:
            units, ending = self._waiting()
            if units:
                self._together(units)

    def _waiting(self) -> tuple[list[_Unit], bool]:
        """Return the next unit and those that wait behind it, and whether the thread is to end after them."""
        units: list[_Unit] = []
        unit = self._queue.get()
        with suppress(Empty):
            while unit is not None:
                units.append(unit)
                if len(units) == TOGETHER:
                    return units, False
                unit = self._queue.get_nowait()
            return units, True
        return units, False

    def _together(self, units: list[_Unit]) -> None:
        try:
            with self._engine.begin() as connection:
                for unit in units:
                    _attempt(connection, unit, alone=len(units) == 1)
                point("commit")
        except BaseException as error:  # noqa: BLE001  # every unit's owner is told; none may wait for ever
            for unit in units:
                unit.error = unit.error or error
        point("committed")
        _tell(units)


def _attempt(connection: Connection, unit: _Unit, *, alone: bool) -> None:
    # A lone unit needs no savepoint: what it raises undoes the transaction.
    mode: Any = "rollback_only" if alone else "create_savepoint"
    with Session(connection, expire_on_commit=False, join_transaction_mode=mode) as session:
        try:
            unit.result = unit.work(session)
            session.commit()
        except BaseException as error:
            unit.error = error
            session.rollback()
            if alone:
                raise


def _tell(units: list[_Unit]) -> None:
    """Wake the owners, all of one loop by one call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Unit]] = {}
    for unit in units:
        by_loop.setdefault(unit.loop, []).append(unit)
    for loop, own in by_loop.items():
        with suppress(RuntimeError):  # the loop has closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, own)


def _resolve(units: list[_Unit]) -> None:
    for unit in units:
        if unit.future.done():
            continue
        if unit.error is not None:
            unit.future.set_exception(unit.error)
        else:
            unit.future.set_result(unit.result)


class PostgresWriter:
    """A pool of threads; a unit that lost a conflict with another is run again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(WORKERS, "writer")

    async def run(self, work: Callable[..., T], /, *args: Any) -> T:
        """Return `work(session, *args)` once it is committed; what it raises undoes it and is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._run, work, args)

    def close(self) -> None:
        """Finish what was asked for, and end."""
        self._pool.shutdown()

    def _run(self, work: Callable[..., T], args: tuple[Any, ...]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                with unit_of_work(self._engine) as session:
                    result = work(session, *args)
                    point("commit")
                point("committed")
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _CONFLICTS or attempt == ATTEMPTS - 1:
                    raise
            else:
                return result
        raise AssertionError("unreachable")


def make_writer(engine: Engine) -> Writer:
    """Return the writer that suits a database."""
    return SqliteWriter(engine) if engine.dialect.name == "sqlite" else PostgresWriter(engine)
