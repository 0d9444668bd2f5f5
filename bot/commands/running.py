"""`run`: the bot itself, on real data or on the demonstration's."""

from collections.abc import Sequence

from bot import app
from bot.commands.console import known_channels
from bot.config import Settings


def run(settings: Settings, channels: Sequence[str] | None, *, demo: bool, accept_clock: bool, named: bool) -> None:
    """Run until told to stop. `named`: the database was named on the command line. Raises CommandError."""
    known_channels(channels)
    if demo:
        from bot.demo import play  # noqa: PLC0415  # the program proper runs without its demonstration

        play.run(settings, named=named)
    else:
        app.run(settings, channels=channels or None, accept_clock=accept_clock)
