"""How fast a bot may send: a pure object asked "when?", told what left; it never waits itself."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock

from bot.channels.base import Limits
from models.conversations import Chat

Bot = tuple[str, str]
# Whoever was held up makes up for it, at most so much faster than the limit, and never with more than one message
# above it in any second: within what Telegram takes (about thirty).
_CATCH_UP = 2.0
_IN_A_SECOND = 1.04
_MOST = 10_000  # messages a second: a channel without a limit remembers no more
_MOST_LATE = timedelta(seconds=1)  # a longer gap was no hold-up: there was nothing to send
_SECOND = timedelta(seconds=1)
_FORGET_AT = 10_000  # chats remembered before the idle ones are forgotten


class Limiter:
    """Smooth limits: in all, to one chat, to one group, each a spacing between messages, and deadlines of the channel.

    Asked from the event loop and from the writer's thread, so `reserve` is atomic.
    """

    def __init__(self, limits: Mapping[Bot, Limits]) -> None:
        self._limits = dict(limits)
        self._bots: dict[Bot, datetime] = {}
        self._due: dict[Bot, datetime] = {}  # when the next message would have left, had nothing held it up
        self._last: dict[Bot, deque[datetime]] = {
            bot: deque(maxlen=max(1, int(min(limit.per_second, _MOST) * _IN_A_SECOND))) for bot, limit in limits.items()
        }
        self._chats: dict[Chat, datetime] = {}
        self._held: dict[Chat, datetime] = {}
        self._lock = Lock()

    def earliest(self, chat: Chat, now: datetime) -> datetime:
        """Return the earliest moment a message to the chat may leave: `now` when it may at once."""
        free = max(now, self._bots.get((chat.channel, chat.bot), now), self._chats.get(chat, now))
        return max(free, self._held.get(chat, now))

    def bot_free(self, bot: Bot, now: datetime) -> datetime:
        """Return the earliest moment anything may leave on a bot."""
        return max(now, self._bots.get(bot, now))

    def note(self, chat: Chat, at: datetime) -> None:
        """Record that a message leaves for the chat."""
        bot = (chat.channel, chat.bot)
        limits = self._limits[bot]
        self._bots[bot] = self._next_place(bot, at, limits.per_second)
        self._chats[chat] = _after(at, limits.per_group if _is_group(chat) else limits.per_chat)
        if len(self._chats) > _FORGET_AT:
            self._chats = {known: free for known, free in self._chats.items() if free > at}

    def _next_place(self, bot: Bot, at: datetime, per_second: float) -> datetime:
        """Return when the next message may leave after one that leaves at `at`."""
        due = self._due.get(bot, at)
        self._due[bot] = _after(due if at - due <= _MOST_LATE else at, per_second)
        last = self._last[bot]
        last.append(at)
        full = last[0] + _SECOND if len(last) == last.maxlen else at
        return max(self._due[bot], _after(at, per_second * _CATCH_UP), full)

    def left(self, chat: Chat, at: datetime) -> None:
        """Record that the call for a message has ended: a chat's next one keeps its distance from there.

        Counted from when it was claimed, a slow call would arrive too close to the next quick one.
        """
        limits = self._limits[chat.channel, chat.bot]
        free = _after(at, limits.per_group if _is_group(chat) else limits.per_chat)
        with self._lock:
            self._chats[chat] = max(self._chats.get(chat, free), free)

    def reserve(self, chat: Chat, now: datetime) -> bool:
        """Take the place of a message to the chat if it may leave at once."""
        with self._lock:
            if self.earliest(chat, now) > now:
                return False
            self.note(chat, now)
            return True

    def hold_bot(self, bot: Bot, until: datetime) -> None:
        """Let nothing leave on a bot until a deadline the channel set."""
        with self._lock:
            self._bots[bot] = self._due[bot] = max(self._bots.get(bot, until), until)

    def hold_chat(self, chat: Chat, until: datetime, now: datetime) -> None:
        """Let nothing leave for a chat until a deadline; a second chat held at the same time holds the whole bot."""
        with self._lock:
            self._held = {held: end for held, end in self._held.items() if end > now}
            others = [
                held for held in self._held if held != chat and (held.channel, held.bot) == (chat.channel, chat.bot)
            ]
            self._held[chat] = until
        if others:
            self.hold_bot((chat.channel, chat.bot), until)


def _after(at: datetime, per_second: float) -> datetime:
    return at + timedelta(seconds=1 / per_second)


def _is_group(chat: Chat) -> bool:
    # Telegram gives groups negative ids; the other channels have no groups.
    return chat.native_id.startswith("-")
