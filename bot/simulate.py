"""Months in seconds: a script of events through the same inbox, handlers, planner and outbox, on a virtual clock."""

import json
import logging
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from sqlalchemy import Engine
from sqlalchemy import event as sqlalchemy_event

from bot import migrations, parts
from bot.channels.base import File
from bot.channels.script import BOT, NAME, Line, ScriptChannel
from bot.codes import code_maker
from bot.desk import Desk
from bot.documents import Documents
from bot.handling import Core
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.schema import create_tables
from bot.script_events import read_events
from bot.virtual_world import World
from handlers import router
from handlers.context import HandlerSettings
from models.clock import local
from models.database import is_sqlite, make_engine, make_reader

logger = logging.getLogger(__name__)

_ROOM = 64
_FOREVER = datetime.max.replace(tzinfo=UTC)
_LEASE_SECONDS = 10**9


class Printer:
    """Writes each line of the screens as JSON, and its file into a folder."""

    def __init__(self, out: TextIO, files: Path | None) -> None:
        self._out = out
        self._files = files
        self._names: set[str] = set()

    def __call__(self, line: Line, now: datetime, kind: str) -> None:
        """Write one line."""
        outgoing = line.outgoing
        row = {
            "at": local(now).isoformat(),
            "to": outgoing.address,
            "kind": kind,
            "text": outgoing.text,
            "buttons": [[label for label, _ in labels] for labels in outgoing.buttons],
            "file": self._save(outgoing.file) if outgoing.file else None,
            "edits": line.edits,
        }
        self._out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _save(self, file: File) -> str:
        name, number = Path(file.name), 1
        while name.name in self._names:
            number += 1
            name = Path(f"{Path(file.name).stem} ({number}){name.suffix}")
        self._names.add(name.name)
        if self._files:
            self._files.mkdir(parents=True, exist_ok=True)
            (self._files / name.name).write_bytes(file.content)
        return name.name


def simulate(
    url: str | None,
    lines: Iterable[str],
    out: TextIO,
    *,
    files: Path | None = None,
    folders: Sequence[Path] = (Path(),),
    seed: int = 0,
    settings: HandlerSettings | None = None,
) -> None:
    """Play a script of events against a database (None: a fresh temporary one) and print what people were sent.

    files: where the files that are sent go. folders: where the files that people send are looked for. Raises
    InputError at the first line that cannot be played; what came before it has happened.
    """
    new_code = code_maker(random.Random(seed))  # noqa: S311  # the codes of a script must be the same every time
    settings = replace(settings, new_code=new_code) if settings else HandlerSettings(new_code)
    with _database(url) as engine, _reading(engine) as documents:
        channel = ScriptChannel(Printer(out, files))
        limiter = Limiter({(NAME, BOT): channel.limits})
        desk = Desk(Texts.load(), {(NAME, BOT): channel.capabilities}, limiter, parts.RECHECKS)
        core = Core(router.answer, settings, desk, "simulate")
        world = World(engine, core, channel, parts.TICKS, documents.make, folders)
        for event in read_events(lines):
            world.play(event)
        world.finish()


@contextmanager
def _database(url: str | None) -> Iterator[Engine]:
    """Give the engine of a current database; a temporary one is quicker, since it need not survive a power cut."""
    if url:
        if is_sqlite(url):
            migrations.upgrade(url)
        yield from _engine(make_engine(url), "NORMAL")
        return
    with TemporaryDirectory(prefix="chibo-simulate-") as folder:
        engine = make_engine(f"sqlite:///{folder}/simulate.db")
        yield from _engine(engine, "OFF", create_tables)


def _engine(engine: Engine, synchronous: str, prepare: Callable[[Engine], None] = lambda _: None) -> Iterator[Engine]:
    if engine.dialect.name == "sqlite":
        # A script that a power cut ends is simply played again.
        pragma = f"PRAGMA synchronous={synchronous}"
        sqlalchemy_event.listen(engine, "connect", lambda connection, _: connection.execute(pragma))
    try:
        prepare(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _reading(engine: Engine) -> Iterator[Documents]:
    reader = make_reader(engine.url.render_as_string(hide_password=False))
    documents = Documents(reader, parts.DOCUMENTS)
    try:
        yield documents
    finally:
        documents.close()
        reader.dispose()
