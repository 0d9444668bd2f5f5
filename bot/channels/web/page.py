"""What the page asks of the program around it: who may be chosen, and whether time can be moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whose phone can be picked up in the demonstration: address, name, role line, heading of the list."""

    address: str
    name: str
    role: str
    group: str


class Page(Protocol):
    """The demonstration (people to choose from, a clock to move) or real data (neither)."""

    demo: bool

    async def people(self) -> Sequence[Person]:
        """Return everyone who may be chosen, in the order of the list; empty on real data."""
        ...

    async def now(self) -> datetime:
        """Return the moment shown on the page (aware)."""
        ...

    async def advance(self, to: datetime) -> None:
        """Move the demonstration's clock forward, doing on the way what falls due. Raises ValueError backwards."""
        ...


class RealData:
    """The page on real data: nobody to choose from, and the time is what it is."""

    demo = False

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def people(self) -> Sequence[Person]:
        """Return nobody: who one is follows from the invitation code."""
        return ()

    async def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    async def advance(self, to: datetime) -> None:
        """Refuse: raises ValueError."""
        raise ValueError(f"real time is not moved to {to}")
