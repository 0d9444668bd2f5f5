"""What every command shares: the settings, the database, the moment, and how it says what went wrong."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.rendering import Texts
from models.messages import Arg, Say

if TYPE_CHECKING:  # each takes a good part of a second to import, and `parse` needs none of them
    from sqlalchemy import Engine

    from bot.config import Settings

DONE, FAILED, WRONG = 0, 1, 2
CHANNELS = ("telegram", "zalo", "web")


class CommandError(Exception):
    """A command that ends here: the sentences it leaves on stderr, and its exit code."""

    def __init__(self, code: int, *says: Say) -> None:
        super().__init__(*(say.key for say in says))
        self.code = code
        self.says = says


def wrong(key: str, **facts: Arg) -> CommandError:
    """Return the error of an input or a configuration that is wrong."""
    return CommandError(WRONG, Say(key, facts))


def failed(key: str, **facts: Arg) -> CommandError:
    """Return the error of work that failed though nothing asked for was wrong."""
    return CommandError(FAILED, Say(key, facts))


def note(key: str, **facts: Arg) -> None:
    """Write a sentence to stderr."""
    notes([Say(key, facts)])


def notes(says: list[Say] | tuple[Say, ...]) -> None:
    """Write sentences to stderr, one a line."""
    texts = Texts.load()
    for say in says:
        sys.stderr.write(texts.render(say) + "\n")


def moment(typed: str | None) -> datetime:
    """Return the moment of an --at, the machine's time without one. Raises CommandError for one without an offset."""
    if typed is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise wrong("cli.not_a_moment", value=typed) from None
    if found.tzinfo is None:
        raise wrong("cli.not_a_moment", value=typed)
    return found


def known_channels(named: Sequence[str] | None) -> Sequence[str]:
    """Return the channels named on the command line, all of them where none is. Raises CommandError."""
    for channel in named or ():
        if channel not in CHANNELS:
            raise wrong("cli.unknown_channel", value=channel)
    return named or CHANNELS


def settings_of(config: Path | None, database: str | None) -> "Settings":
    """Return the settings, the database replaced where one is named. Raises CommandError."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415  # see above
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    from bot.config import ConfigError, load_settings  # noqa: PLC0415

    try:
        settings = load_settings(config)
    except ConfigError as error:
        raise wrong("cli.bad_config", problem=str(error)) from None
    if database:
        section = settings.database.model_copy(update={"url": database})
        settings = settings.model_copy(update={"database": section})
    try:
        make_url(settings.database.url).get_dialect()
    except (ArgumentError, ImportError):  # ImportError: no driver of that name
        raise wrong("cli.bad_database") from None
    return settings


@contextmanager
def database(settings: "Settings", now: datetime) -> Iterator["Engine"]:
    """Give the engine of the database, current and not being restored; SQLite is made current in passing."""
    from bot import migrations  # noqa: PLC0415
    from bot.backup import in_use  # noqa: PLC0415
    from models.database import make_engine  # noqa: PLC0415

    url = settings.database.url
    with in_use(url):
        if not migrations.prepare(url, settings.backup.folder, now):
            raise wrong("cli.not_migrated")
        engine = make_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()
