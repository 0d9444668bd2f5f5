"""Another way to a person when the one last used cannot deliver.

What is sent to an account goes to its last used address, once. When that bot is out of service (its month is spent, its
token is refused, Zalo or Telegram cannot be reached) and the person has joined elsewhere too, an urgent message takes
the other address; one that only the quota keeps back does so as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlmodel import Session

from bot.channels.base import SendError
from bot.metering import URGENT, is_spent
from models import outbox_states as states
from models import people
from models.conversations import Chat
from models.database import new_id
from models.outbox import OutboxRow

if TYPE_CHECKING:
    from bot.desk import Delivery, Desk

PATIENCE = timedelta(minutes=10)  # what a channel may be away before urgent messages stop waiting for it
TRIES = 4  # of a send that never leaves, some fifteen seconds

State = Literal["open", "away", "closed"]


@dataclass(frozen=True, slots=True)
class Way:
    """One address of an account: open (this process may send there), away (another may), closed (nobody can now)."""

    chat: Chat
    state: State


def choose(ways: Sequence[Way], *, urgent: bool, waited: timedelta) -> Way | None:
    """Return the way to take instead of the first one, the last used; None where the message waits for that.

    A closed way is left for any other, an open one before one away. A way that is merely away, its process perhaps
    being restarted, is left by an urgent message that has waited long, and only for an open one.
    """
    if not ways or ways[0].state == "open":
        return None
    others = [way for way in ways[1:] if way.state == "open"]
    if ways[0].state == "closed":
        others += [way for way in ways[1:] if way.state == "away"]
    elif not urgent or waited < PATIENCE:
        others = []
    return others[0] if others else None


def detour(session: Session, desk: "Desk", row: OutboxRow, chat: Chat, now: datetime) -> Chat:
    """Return where a row for an account goes now: `chat`, its last used address, or another way to the person."""
    if not row.to_account or _state(session, desk, row, chat, now) == "open":
        return chat
    ways = [Way(one, _state(session, desk, row, one, now)) for one in _chats(session, row)]
    way = choose(ways, urgent=row.kind in URGENT, waited=now - row.not_before)
    return way.chat if way else chat


def after_error(session: Session, desk: "Desk", delivery: "Delivery", error: SendError, now: datetime) -> bool:
    """Send a row that waits for a failing bot on its other way at once; return whether there was one."""
    row = session.get_one(OutboxRow, delivery.row_id, populate_existing=True)
    if row.state != "pending" or not row.to_account or not _gives_up(row, error):
        return False
    others = [chat for chat in _chats(session, row) if chat != delivery.chat]
    ways = [Way(delivery.chat, "closed"), *(Way(one, _state(session, desk, row, one, now)) for one in others)]
    way = choose(ways, urgent=row.kind in URGENT, waited=timedelta())
    return way is not None and states.pin(session, row, way.chat, now)


def _gives_up(row: OutboxRow, error: SendError) -> bool:
    if error.kind == "quota":
        return True
    return row.kind in URGENT and error.kind == "unsent" and (error.reason == "token" or row.tries >= TRIES)


def _chats(session: Session, row: OutboxRow) -> list[Chat]:
    return [Chat(one.channel, one.bot, one.native_id) for one in people.addresses(session, new_id(row.account_id))]


def _state(session: Session, desk: "Desk", row: OutboxRow, chat: Chat, now: datetime) -> State:
    bot = (chat.channel, chat.bot)
    if desk.limiter.bot_free(bot, now) > now + PATIENCE:
        return "closed"
    if row.kind not in URGENT and is_spent(session, desk.can, chat, now):
        return "closed"
    return "open" if desk.holder(bot, now) else "away"
