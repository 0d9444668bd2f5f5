"""Errors that are nobody's bug, in one line: a database that is away, a copy that is none, a full disk."""

from sqlalchemy.exc import SQLAlchemyError

from bot.backup import BackupError
from bot.commands.console import CommandError, failed, wrong
from bot.config import ConfigError

_NOT_NOW = ("cli.bot_is_running", "cli.restore_under_way")


def explained(error: Exception) -> CommandError | None:
    """Return what to tell the person who gave the command; None for what is a bug and needs its traceback."""
    if isinstance(error, BackupError):
        return (failed if error.key in _NOT_NOW else wrong)(error.key, **error.facts)
    if isinstance(error, ConfigError):
        return wrong("cli.bad_config", problem=str(error))
    if isinstance(error, SQLAlchemyError):
        # The driver's own first line; never the statement, which may hold what people wrote.
        cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
        return failed("cli.database_fails", reason=cause[0] if cause else type(error).__name__)
    if isinstance(error, OSError):
        return failed("cli.system_fails", reason=": ".join(filter(None, (error.filename, error.strerror))))
    return None
