"""Keeps the right to send: taken when free, renewed at a third of its life, given back at the end."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.desk import Desk
from bot.limiter import Bot
from bot.outcomes import recover
from bot.writer import Writer
from models import inbox, sender_leases
from models import outbox_states as states
from models.outbox_states import Holder

logger = logging.getLogger(__name__)
LEASE_SECONDS = 15


def owner_name() -> str:
    """Return a name for this process that tells, on the same machine, whether it still lives."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid()) or secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Return whether a process surely lives no more; one of another machine, or unknown, may live."""
    host, _, rest = owner.rpartition("/")[0].partition("/")
    started = owner.rpartition("/")[2]
    if host != socket.gethostname() or not rest.isdecimal() or not Path("/proc/self/stat").exists():
        return False
    return _started(int(rest)) != started


def _started(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; "" where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # Zombies are dead to us. The name in brackets may hold spaces.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def bury_dead(session: Session, now: datetime) -> None:
    """End the leases of processes of this machine that are gone, so that a restart need not wait for them."""
    owners = sender_leases.holders(session) | states.owners(session) | inbox.owners(session)
    for owner in filter(is_dead, owners):
        sender_leases.drop(session, owner, now)
        states.end_leases(session, owner, now)
        inbox.end_leases(session, owner, now)


def hold(session: Session, bots: Sequence[Bot], owner: str, now: datetime) -> dict[Bot, tuple[Holder, datetime]]:
    """Take or renew the right to send on each bot, and deal with what dead processes left behind."""
    held = {}
    for channel, bot in bots:
        lease = sender_leases.take(session, f"{channel}/{bot}", owner, now, LEASE_SECONDS)
        if lease:
            held[channel, bot] = (Holder(channel, bot, owner, lease.fencing), lease.until)
    recover(session, owner, now)
    return held


class LeaseKeeper:
    """Renews the rights of one process until it is cancelled; the desk sees them end when a renewal is missed."""

    def __init__(self, desk: Desk, writer: Writer, owner: str, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._writer = writer
        self._owner = owner
        self._clock = clock
        self._ahead = timedelta()

    async def take(self) -> bool:
        """Take or renew once; return whether anything is newly held."""
        before = set(self._desk.holders)
        asked = self._clock()
        held = await self._writer.run(hold, list(self._desk.can), self._owner, asked)
        self._desk.holders = held
        return bool(set(held) - before)

    async def keep(self, nudge: Callable[[], None]) -> None:
        """Renew for ever, at a third of the lease's life."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            if await self.take():
                nudge()

    async def give_back(self) -> None:
        """Let the next process send at once."""
        self._desk.holders = {}
        await self._writer.run(sender_leases.drop, self._owner, self._clock())
