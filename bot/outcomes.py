"""What became of a delivery, written down: sent, refused, uncertain, or to be tried again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot import failover, metering
from bot.alerts import alert
from bot.channels.base import SendError
from bot.desk import Delivery, Desk
from models import outbox, people
from models import outbox_states as states
from models.clock import local_date
from models.conversations import Chat
from models.messages import Arg, Message, Say
from models.outbox import OutboxRow
from models.people import Account, Address

MAX_TRIES = 8
LONGEST_WAIT = timedelta(minutes=5)
# Refusals that say nothing about the person: the words or the file cannot be carried.
ABOUT_THE_MESSAGE = ("content", "too_large", "rights", "partial", "not_editable", "message_gone", "file_gone")
QUOTA_WAIT = timedelta(minutes=1)  # where the channel names no deadline


def sent(session: Session, delivery: Delivery, message_id: str, now: datetime, *, more: bool = False) -> bool:
    """Record that a piece left under a native id; with `more` pieces the row goes back and waits for its turn."""
    if more:
        parts = delivery.parts_sent + 1
        return states.release(session, delivery.row_id, delivery.holder, now, parts_sent=parts, message_id=message_id)
    return states.sent(session, delivery.row_id, delivery.holder, message_id, now)


def missed(session: Session, desk: Desk, delivery: Delivery, error: SendError, now: datetime) -> None:
    """Record that a piece did not (surely) arrive, and do what follows from it."""
    moved_to: str = getattr(error, "new_address", "")
    if moved_to:
        states.release(session, delivery.row_id, delivery.holder, now, error=error.reason)
        move_chat(session, delivery.chat, moved_to)
        return
    kind = error.kind
    if kind == "uncertain" and delivery.edits:
        kind = "unsent"  # the same edit twice changes nothing
    if kind != "uncertain":
        metering.take_back(session, desk.can, delivery.chat, now)
    _tell_operator(session, delivery.chat, error, now)
    _FOLLOWING[kind](session, desk, delivery, error, now)
    failover.after_error(session, desk, delivery, error, now)


def _tell_operator(session: Session, chat: Chat, error: SendError, now: datetime) -> None:
    """Tell the administrator, once a day and bot, of what only a person can mend."""
    if error.reason in ("token", "quota"):
        key = f"send.{error.reason}:{chat.channel}/{chat.bot}:{local_date(now)}"
        facts: dict[str, Arg] = {"channel": Say(f"channel.{chat.channel}"), "bot": chat.bot}
        alert(session, key, Say(f"system.{error.reason}_refused", facts), now)


def _quota(session: Session, desk: Desk, delivery: Delivery, error: SendError, now: datetime) -> None:
    until = error.retry_at or now + QUOTA_WAIT
    desk.limiter.hold_bot((delivery.chat.channel, delivery.chat.bot), until)
    states.release(session, delivery.row_id, delivery.holder, until, error=error.reason)


def _unsent(session: Session, desk: Desk, delivery: Delivery, error: SendError, now: datetime) -> None:
    if error.retry_at and error.retry_at > now:
        desk.limiter.hold_chat(delivery.chat, error.retry_at, now)
        states.release(session, delivery.row_id, delivery.holder, error.retry_at, error=error.reason)
        return
    tries = session.exec(select(OutboxRow.tries).where(OutboxRow.id == delivery.row_id)).one() + 1
    if tries >= MAX_TRIES:
        states.finish(session, delivery.row_id, delivery.holder, "failed", now, tries=tries, error=error.reason)
        return
    wait = min(timedelta(seconds=2 ** (tries - 1)), LONGEST_WAIT)
    states.release(session, delivery.row_id, delivery.holder, now + wait, tries=tries, error=error.reason)


def _uncertain(session: Session, _desk: Desk, delivery: Delivery, error: SendError, now: datetime) -> None:
    if states.finish(session, delivery.row_id, delivery.holder, "uncertain", now, error=error.reason):
        states.repeat(session, session.get_one(OutboxRow, delivery.row_id, populate_existing=True), now)


def _refused(session: Session, _desk: Desk, delivery: Delivery, error: SendError, now: datetime) -> None:
    row = session.get_one(OutboxRow, delivery.row_id, populate_existing=True)
    if delivery.edits:
        _edit_refused(session, row, delivery, error, now)
        return
    if error.reason in ABOUT_THE_MESSAGE:
        states.finish(session, delivery.row_id, delivery.holder, "failed", now, error=error.reason)
        _say_so(session, row, now)
        return
    retire(session, delivery.chat, now, "refused")
    if row.to_account and row.account_id and people.addresses(session, row.account_id):
        states.release(session, delivery.row_id, delivery.holder, now, parts_sent=0, error=error.reason)
        return
    states.finish(session, delivery.row_id, delivery.holder, "failed", now, error=error.reason)


def unmakeable(session: Session, delivery: Delivery, error: str, now: datetime, was: str = "claimed") -> None:
    """Record that a message could not be rendered or its file not be made; the administrator is told."""
    if states.finish(session, delivery.row_id, delivery.holder, "failed", now, was=was, error=error):
        _say_so(session, session.get_one(OutboxRow, delivery.row_id, populate_existing=True), now)
        alert(session, f"unmakeable:{delivery.row_id}", Say("system.unmakeable", {"number": delivery.row_id}), now)


def _say_so(session: Session, row: OutboxRow, now: datetime) -> None:
    """Tell a person whose answer the channel will not carry, so that they do not wait for it."""
    if row.kind == "reply" and not row.unique_key.startswith("unsendable:"):
        words = Message((Say("system.unsendable"),))
        outbox.put(session, f"unsendable:{row.id}", words, now, chat=row.chat, account_id=row.account_id)


def _edit_refused(session: Session, row: OutboxRow, delivery: Delivery, error: SendError, now: datetime) -> None:
    """Send the words anew: a message that cannot be changed any more says nothing about the person."""
    if row.live:
        states.finish(session, delivery.row_id, delivery.holder, "failed", now, error=error.reason)
    else:
        states.release(session, delivery.row_id, delivery.holder, now, op="send", error=error.reason)


Following = Callable[[Session, Desk, Delivery, SendError, datetime], None]
_FOLLOWING: dict[str, Following] = {
    "quota": _quota,
    "unsent": _unsent,
    "uncertain": _uncertain,
    "refused": _refused,
}


def retire(session: Session, chat: Chat, now: datetime, reason: str) -> None:
    """Retire the address of a chat that cannot be reached any more, and tell the office once."""
    address = people.address_of(session, chat.channel, chat.bot, chat.native_id)
    if address is None:
        return
    address.retired_at, address.retired_reason = now, reason
    session.flush()
    who = session.get_one(Account, address.account_id).label
    alert(
        session, f"{reason}:{address.id}:{now.isoformat()}", Say("system.address_refused", {"who": who}), now, _OFFICE
    )


_OFFICE = ("officer",)
UNREACHED = ("refused", "blocked")


def bound_at(session: Session, chat: Chat, now: datetime) -> Address | None:
    """Return the address bound at a chat; it is given back to a person who blocked the bot and writes again.

    None where nobody is bound, or where the account is reached elsewhere by now.
    """
    where = {"channel": chat.channel, "bot": chat.bot, "native_id": chat.native_id}
    row = session.exec(_AT_CHAT, params=where).one_or_none()
    if row is None or row.retired_at is None:
        return row
    if row.retired_reason not in UNREACHED or _bound_later(session, row):
        return None
    if session.get_one(Account, row.account_id).removed_at:
        return None
    row.retired_at, row.retired_reason, row.used_at = None, "", now
    return row


_AT_CHAT = select(Address).where(
    col(Address.channel) == bindparam("channel"),
    col(Address.bot) == bindparam("bot"),
    col(Address.native_id) == bindparam("native_id"),
)


def _bound_later(session: Session, row: Address) -> bool:
    later = select(Address.id).where(
        Address.account_id == row.account_id, Address.id != row.id, Address.bound_at >= row.bound_at
    )
    return session.exec(later.limit(1)).first() is not None


def move_chat(session: Session, chat: Chat, native_id: str) -> None:
    """Follow a chat to its new native id: the bound address, and what waits to be sent there."""
    if not native_id or people.address_of(session, chat.channel, chat.bot, native_id):
        return
    address = people.address_of(session, chat.channel, chat.bot, chat.native_id)
    if address:
        address.native_id = native_id
    states.move(session, chat, native_id)


def recover(session: Session, owner: str, now: datetime) -> int:
    """Give back rows another, dead process had claimed; what it was sending is uncertain. Return how many."""
    rows = states.stale(session, owner, now)
    for row in rows:
        if row.state == "claimed" or row.op == "edit":
            states.release(session, row.id or 0, states.holder_of(row), now, was=row.state)
        elif states.finish(session, row.id or 0, states.holder_of(row), "uncertain", now, error="process_ended"):
            states.repeat(session, row, now)
    return len(rows)
