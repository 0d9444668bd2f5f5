"""The channel `script`: what people would see on their screens, kept so that a script can press what is shown."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.base import Capabilities, ErrorKind, Limits, Outgoing, SendError

NAME, BOT = "script", "script"


@dataclass(slots=True)
class Shown:
    """One message on a screen: the number of the line that wrote it, and its buttons as (label, action)."""

    number: int
    buttons: list[tuple[str, str]]


@dataclass(slots=True)
class Screen:
    """One person's chat: the messages it shows, and every button it has ever shown."""

    messages: list[Shown] = field(default_factory=list)
    pressed_before: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One message as it appeared: `number` counts from 1, `edits` is the number of the line it replaces."""

    number: int
    outgoing: Outgoing
    edits: int | None


class ScriptChannel:
    """Screens without a network: `deliver` shows a message at once, or fails as a script said it should.

    `show` is told of every line, with the moment and the kind ("reply", "reminder" ...) it left as.
    """

    name = NAME
    bot = BOT
    capabilities = Capabilities()
    limits = Limits(per_second=25, per_chat=1, per_group=20 / 60)

    def __init__(self, show: Callable[[Line, datetime, str], None]) -> None:
        self._show = show
        self._screens: dict[str, Screen] = defaultdict(Screen)
        self._faults: dict[str, list[ErrorKind]] = defaultdict(list)
        self._lines = 0
        self._earlier = 0

    def begin_after(self, number: int) -> None:
        """Give native ids that no earlier run on the same database has given."""
        self._earlier = number

    def fail_next(self, address: str, error: ErrorKind) -> None:
        """Let the next send to an address end in an error."""
        self._faults[address].append(error)

    def deliver(self, outgoing: Outgoing, now: datetime, kind: str, edits: str = "") -> str:
        """Show a message, or change line `edits`; return its native id. Raises SendError."""
        if self._faults[outgoing.address]:
            raise SendError(self._faults[outgoing.address].pop(0), "scripted")
        self._lines += 1
        native = int(edits) if edits else self._earlier + self._lines
        self._put(outgoing, native)
        edited = int(edits) - self._earlier if edits else 0
        self._show(Line(self._lines, outgoing, edited if edited > 0 else None), now, kind)
        return str(native)

    def _put(self, outgoing: Outgoing, number: int) -> None:
        screen = self._screens[outgoing.address]
        buttons = [button for row in outgoing.buttons for button in row]
        screen.pressed_before |= {label: (action, number) for label, action in buttons}
        for shown in screen.messages:
            if shown.number == number:
                shown.buttons = buttons
                return
        screen.messages.append(Shown(number, buttons))

    def button(self, address: str, label: str) -> tuple[str, str] | None:
        """Return (action, message id) of the newest button of a label a chat shows.

        Where none is shown any more, the last one there was: a finger may be slower than the screen. None for a
        label that was never shown.
        """
        screen = self._screens[address]
        for shown in reversed(screen.messages):
            for text, action in shown.buttons:
                if text == label:
                    return action, str(shown.number)
        action, number = screen.pressed_before.get(label, ("", 0))
        return (action, str(number)) if action else None
