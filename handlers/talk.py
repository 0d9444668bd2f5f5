"""Small pieces every handler's answer is made of: a line, a menu, a question with the talk's state."""

from collections.abc import Callable, Mapping, Sequence

from handlers.context import Context
from models.messages import Arg, Button, Message, Rows, Say, button

Replies = list[Message]
LONGEST_NUMBER = 15  # digits; what a database can hold
Verb = Callable[[Context, Sequence[str]], Replies]
Verbs = Mapping[str, Verb]


def say(key: str, **args: Arg) -> Replies:
    """Return one line as the whole answer; the open menu stays."""
    return [Message((Say(key, args),))]


def row(*buttons: Button) -> tuple[Button, ...]:
    """Return one row of buttons."""
    return buttons


def press(key: str, verb: str, *args: str | int) -> Button:
    """Return a button whose label is a text key."""
    return button(Say(key), verb, *args)


def rows_of(buttons: Sequence[Button], width: int = 2) -> Rows:
    """Return buttons in rows of a width."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def as_number(text: str) -> int | None:
    """Return an action's argument as a number, or None when it is none of ours: a forged one may be huge."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None
