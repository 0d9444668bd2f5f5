"""How many replies of one bot may be on their way at once.

What is on its way when the process is killed is doubtful afterwards and goes out twice, so the window is as narrow as
the channel's speed allows: a server that answers at once needs few calls at a time, a distant one many.
"""

import asyncio
from collections import deque

NARROW, WIDE = 16, 64
_PER_SECOND = 1200  # what the window is meant to let through, with the waits before and after the call
_WEIGHT = 0.1  # of the newest call in the average


class Place:
    """A place in a window, or the lack of one; it is left once, by whoever has it last."""

    def __init__(self, window: "Window", *, taken: bool) -> None:
        self.taken = taken
        self._window = window
        self._holders = 1

    def share(self) -> None:
        """Let one more hold it: it is free again when everyone has left."""
        self._holders += 1

    def leave(self) -> None:
        """Give it back."""
        self._holders -= 1
        if self._holders == 0 and self.taken:
            self._window.leave()


class Window:
    """Places for replies on their way; one is taken before a message is handled, and left when its reply is marked."""

    def __init__(self) -> None:
        self.limit = NARROW
        self.used = 0
        self._left = 0
        self._average = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self, patience: float) -> Place:
        """Take a place, first come first served; one that is not taken when none was given up for some seconds.

        Whoever waits in a busy window is not sent away: what goes round by the outbox would be overtaken by all
        who come later. Only a channel that answers nobody any more is not waited for.
        """
        if self.used < self.limit and not self._waiting:
            self.used += 1
            return Place(self, taken=True)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await self._moving(turn, patience)
        except asyncio.CancelledError:
            if turn.done():
                self.leave()
            raise
        finally:
            turn.cancel()
        return Place(self, taken=not turn.cancelled())

    async def _moving(self, turn: asyncio.Future[None], patience: float) -> None:
        """Wait for one's turn as long as others leave."""
        left = -1
        while not turn.done() and left != self._left:
            left = self._left
            await asyncio.wait({turn}, timeout=patience)

    def leave(self) -> None:
        """Give a place back."""
        self.used -= 1
        self._left += 1
        self._let_in()

    def took(self, seconds: float) -> None:
        """Learn how long a call took."""
        self._average += _WEIGHT * (seconds - self._average)
        self.limit = max(NARROW, min(WIDE, round(self._average * _PER_SECOND)))
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self.used < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self.used += 1
                turn.set_result(None)
