"""The machine's time, and the demonstration's, which is ahead of it by as much as was asked for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def machine_time() -> datetime:
    """Return the machine's time, aware."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that can be set ahead; a plain one while `ahead` is nothing."""

    def __init__(self, ahead: timedelta = timedelta(), machine: Clock = machine_time) -> None:
        self.ahead = ahead
        self._machine = machine

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self._machine() + self.ahead

    def move(self, to: datetime) -> None:
        """Show `to` now. Raises ValueError for a moment that has passed."""
        if to < self():
            raise ValueError("a clock does not go back")
        self.ahead += to - self()
