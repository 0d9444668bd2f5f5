"""What a handler is given: the session, the moment, who speaks from where, and the state of the talk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from handlers.known_words import WordsCache
from models import units
from models.conversations import Chat, Conversation
from models.messages import Say
from models.people import Actor
from models.rule_book import Upcoming

Preview = Callable[[Session, Mapping[str, str], date, datetime], Sequence[Upcoming]]


@dataclass(frozen=True, slots=True)
class HandlerSettings:
    """Settings the answers depend on, passed in by the composition root.

    `new_code` returns a fresh invitation code; `link` turns (channel, bot, code) into a deep link or "". label: a
    button's label as people read it. addition_hours: how long a line without a day may add to the report sent last.
    pause_hours: after how long a half-filled form is no longer taken for what the next line answers.
    words caches the branches and abbreviations that lines are read with. preview: the next moments of reminding if rule
    values were changed from a day on; which follow is the reminders' knowledge.
    """

    new_code: Callable[[], str]
    link: Callable[[str, str, str], str] = lambda _channel, _bot, _code: ""
    label: Callable[[Say], str] = lambda say: say.key
    invitation_days: int = 14
    wrong_codes: int = 5
    lockout_minutes: int = 30
    live_hours: int = 24
    addition_hours: int = 24
    pause_hours: int = 4
    demo: bool = False
    words: WordsCache = field(default_factory=WordsCache)
    preview: Preview = lambda _session, _changes, _since, _now: ()


@dataclass(slots=True)
class Context:
    """One message being answered.

    now: the processing time, for writes. today: the local date of the channel's sending time, capped at receipt,
    by which dates are read and lateness is judged. can_edit: whether the channel replaces messages in place.
    file: the bytes that came with the message, where they were fetched.
    """

    session: Session
    settings: HandlerSettings
    now: datetime
    today: date
    chat: Chat
    conversation: Conversation
    actor: Actor | None
    inbox_id: int
    can_edit: bool = True
    has_buttons: bool = True
    file: bytes | None = None
    message_id: str = ""

    @property
    def who(self) -> Actor:
        """Who speaks. Raises LookupError for a stranger."""
        if self.actor is None:
            raise LookupError("nobody has joined from this chat")
        return self.actor

    def reports_for(self, *roles: str) -> tuple[int, ...]:
        """Return the ids of the units one reports for in these roles: a committee's own secretary leads no branch."""
        own = self.who.units(*roles)
        return tuple(unit_id for unit_id in own if units.get(self.session, unit_id).kind not in units.COMMITTEES)
