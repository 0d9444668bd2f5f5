"""What is done as time passes: each tick is a function of a session and `now`, and can say when it is next needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session


def _never(_session: Session, _now: datetime) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True)
class Tick:
    """Work done every minute: `run(session, now)` in a transaction of its own, doing nothing when nothing is due.

    `next_moment(session, now)` returns the next moment at which `run` would do something (None: not in sight);
    a moment not after `now` means: at once. `simulate` stops its clock there instead of running every minute.
    """

    name: str
    run: Callable[[Session, datetime], object]
    next_moment: Callable[[Session, datetime], datetime | None] = _never
