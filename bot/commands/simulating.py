"""`simulate`: a script of events from stdin, what people were sent to stdout."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.console import wrong
from bot.config import Settings
from bot.program import handler_settings
from bot.rendering import Texts
from bot.script_events import InputError
from bot.simulate import simulate


def play(settings: Settings, url: str | None, seed: int, files: Path | None) -> None:
    """Play the events of stdin. Raises CommandError naming the line that cannot be played."""
    try:
        simulate(
            url,
            sys.stdin,
            sys.stdout,
            files=files,
            folders=_folders(),
            seed=seed,
            settings=handler_settings(settings, Texts.load()),
        )
    except InputError as error:
        raise wrong("cli.bad_event", line=error.line, problem=error.problem) from None


def _folders() -> Sequence[Path]:
    """Where the files that people send are looked for: beside the events, if these come from a file, and here."""
    events = Path(f"/proc/self/fd/{sys.stdin.fileno()}")
    beside = [events.readlink().parent] if events.is_symlink() and os.path.isfile(events) else []  # noqa: PTH113  # through the link
    return [*beside, Path()]
