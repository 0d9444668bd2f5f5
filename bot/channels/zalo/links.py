"""Files behind one-time links: Zalo's bots cannot send files, so a person may be given an address instead.

Off unless the setting allows it. The address is random, good for one download and a short time, and kept in memory
only: a restart ends every link. Opening it shows a button; only pressing that takes the file, because chat programs
open every address themselves to draw a preview.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.channels.base import File

MOST_BYTES: Final = 64_000_000  # of all waiting files; the oldest go first
KEY_BYTES: Final = 24


class FileLinks:
    """The files that wait to be fetched, each under a random key."""

    def __init__(self, public_url: str, minutes: int, clock: Callable[[], datetime]) -> None:
        self._public_url = public_url.rstrip("/")
        self.minutes = minutes
        self._clock = clock
        self._files: OrderedDict[str, tuple[datetime, File]] = OrderedDict()

    def offer(self, file: File) -> str:
        """Keep a file and return its address."""
        key = secrets.token_urlsafe(KEY_BYTES)
        self._files[key] = (self._clock() + timedelta(minutes=self.minutes), file)
        self._forget()
        return f"{self._public_url}/tep/{key}"

    def look(self, key: str) -> File | None:
        """Return the file that waits under a key without taking it; None where it has gone."""
        self._forget()
        waiting = self._files.get(key)
        return waiting[1] if waiting else None

    def take(self, key: str) -> File | None:
        """Return the file that waits under a key; the key is worth nothing from then on."""
        self._forget()
        waiting = self._files.pop(key, None)
        return waiting[1] if waiting else None

    def _forget(self) -> None:
        now = self._clock()
        for key in [key for key, (until, _) in self._files.items() if until <= now]:
            del self._files[key]
        while len(self._files) > 1 and sum(len(file.content) for _, file in self._files.values()) > MOST_BYTES:
            self._files.popitem(last=False)
