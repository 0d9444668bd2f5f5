"""What the running program and `simulate` are built from alike: a tick, a recheck or a document is one line here."""

from collections.abc import Callable, Mapping

from sqlmodel import Session

from bot import directive_parts
from bot.channels.base import File
from bot.desk import Recheck
from bot.reports_registry import MAKERS
from bot.ticks import Tick
from models import notices
from reminders import tick

MakeFile = Callable[[Session, Mapping[str, str | int]], File]

# By the kind of a message's cause: is it still to be sent?
RECHECKS: dict[str, Recheck] = {notices.KIND: notices.still_wanted, **directive_parts.RECHECKS}

# By the kind of a Document: its bytes, read from the database.
DOCUMENTS: dict[str, MakeFile] = {**MAKERS, **directive_parts.DOCUMENTS}


# What is done as time passes, in this order.
TICKS: tuple[Tick, ...] = (Tick("reminders", tick.tick, tick.next_moment), directive_parts.TICK)
