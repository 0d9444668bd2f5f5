"""The states of an outbox row: every change is conditional on who holds it, so that a late process changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, update
from sqlmodel import Session, col, select

from models.conversations import Chat
from models.database import new_id
from models.outbox import OutboxRow
from models.sender_leases import SenderLease

REPEATED = ("reply", "directive")  # what goes out once more when nobody knows whether it arrived
LEASE_SECONDS = 120  # longer than any call of an adapter may last
_ON_THE_WAY = ("claimed", "sending")
_TABLE: Table = OutboxRow.__table__  # type: ignore[attr-defined]  # set by the table's metaclass


@dataclass(frozen=True, slots=True)
class Holder:
    """The right to send on one bot: who holds it, and the fencing number it came with."""

    channel: str
    bot: str
    owner: str
    fencing: int


def claim(session: Session, row: OutboxRow, chat: Chat, holder: Holder, now: datetime, *, edits: bool) -> bool:
    """Take a pending row for sending to a chat; False when it, or the right to send, is no longer there.

    edits: an earlier message is changed in place; otherwise the row is a new message from now on.
    """
    moved = row.parts_sent > 0 and row.chat != chat  # the new address has seen no part of a long text
    held = exists().where(
        col(SenderLease.key) == f"{holder.channel}/{holder.bot}",
        col(SenderLease.owner) == holder.owner,
        col(SenderLease.fencing) == holder.fencing,
    )
    return _change(
        session,
        and_(_TABLE.c.id == row.id, _TABLE.c.state == "pending", held),
        state="claimed",
        owner=holder.owner,
        fencing=holder.fencing,
        lease_until=now + timedelta(seconds=LEASE_SECONDS),
        op="edit" if edits else "send",
        channel=chat.channel,
        bot=chat.bot,
        native_id=chat.native_id,
        parts_sent=0 if moved else row.parts_sent,
    )


def begin(session: Session, row_id: int, holder: Holder, now: datetime) -> bool:
    """Make a claimed row `sending`, just before the call; False when the claim was lost."""
    until = now + timedelta(seconds=LEASE_SECONDS)
    return _change(session, _held(row_id, "claimed", holder), state="sending", lease_until=until)


def finish(
    session: Session, row_id: int, holder: Holder, state: str, now: datetime, was: str = "sending", **values: Any
) -> bool:
    """End a row as sent, failed, uncertain or cancelled; False when it is no longer this holder's."""
    ended = {"owner": "", "lease_until": None, "finished_at": now, **values}
    return _change(session, _held(row_id, was, holder), state=state, **ended)


def sent(session: Session, row_id: int, holder: Holder, message_id: str, now: datetime) -> bool:
    """End a row as sent under the channel's name for the message; False when it is no longer this holder's."""
    values = {"row": row_id, "holder": holder.owner, "number": holder.fencing, "message": message_id, "now": now}
    return session.execute(_SENT, values).rowcount == 1  # type: ignore[attr-defined,no-any-return]


# The commonest change, built once: building a statement costs more than running it.
_SENT = (
    update(_TABLE)
    .where(
        _TABLE.c.id == bindparam("row"),
        _TABLE.c.state == "sending",
        _TABLE.c.owner == bindparam("holder"),
        _TABLE.c.fencing == bindparam("number"),
    )
    .values(
        state="sent",
        owner="",
        lease_until=None,
        finished_at=bindparam("now"),
        message_id=bindparam("message"),
        error="",
    )
)


def release(
    session: Session, row_id: int, holder: Holder, not_before: datetime, was: str = "sending", **values: Any
) -> bool:
    """Give a row back, to be tried from a moment on; False when it is no longer this holder's."""
    given = {"owner": "", "lease_until": None, "not_before": not_before, **values}
    return _change(session, _held(row_id, was, holder), state="pending", **given)


def end(session: Session, row: OutboxRow, state: str, now: datetime, error: str = "") -> None:
    """End a pending row that nobody has claimed."""
    _change(
        session, and_(_TABLE.c.id == row.id, _TABLE.c.state == "pending"), state=state, finished_at=now, error=error
    )


def postpone(session: Session, row: OutboxRow, until: datetime) -> None:
    """Let a pending row that nobody has claimed wait."""
    _change(session, and_(_TABLE.c.id == row.id, _TABLE.c.state == "pending"), not_before=until)


def pin(session: Session, row: OutboxRow, chat: Chat, now: datetime) -> bool:
    """Let a pending row that goes to an account go to this chat of it instead, at once; the chat has seen no part."""
    there = {"to_account": False, "channel": chat.channel, "bot": chat.bot, "native_id": chat.native_id}
    waiting = and_(_TABLE.c.id == row.id, _TABLE.c.state == "pending")
    return _change(session, waiting, **there, not_before=now, parts_sent=0)


def born_sending(row: OutboxRow, holder: Holder, now: datetime, *, edits: bool) -> None:
    """Make a row that is not stored yet `sending` from birth: it leaves as soon as its transaction is committed."""
    row.op = "edit" if edits else "send"
    row.state, row.owner, row.fencing = "sending", holder.owner, holder.fencing
    row.lease_until = now + timedelta(seconds=LEASE_SECONDS)


def holder_of(row: OutboxRow) -> Holder:
    """Return who claimed a row."""
    return Holder(row.channel, row.bot, row.owner, row.fencing)


def _held(row_id: int, state: str, holder: Holder) -> ColumnElement[bool]:
    return and_(
        _TABLE.c.id == row_id,
        _TABLE.c.state == state,
        _TABLE.c.owner == holder.owner,
        _TABLE.c.fencing == holder.fencing,
    )


def _change(session: Session, which: ColumnElement[bool], **values: Any) -> bool:
    return session.execute(update(_TABLE).where(which).values(**values)).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def move(session: Session, chat: Chat, native_id: str) -> None:
    """Send what waits for a chat to its new native id."""
    there = and_(
        _TABLE.c.channel == chat.channel,
        _TABLE.c.bot == chat.bot,
        _TABLE.c.native_id == chat.native_id,
        _TABLE.c.state == "pending",
    )
    session.execute(update(_TABLE).where(there).values(native_id=native_id))


def stale(session: Session, owner: str, now: datetime) -> list[OutboxRow]:
    """Return rows claimed or being sent by a process other than `owner` whose lease on them has ended."""
    ended = col(OutboxRow.lease_until) <= now
    rows = select(OutboxRow).where(col(OutboxRow.state).in_(_ON_THE_WAY), ended, OutboxRow.owner != owner)
    return list(session.exec(rows.order_by(col(OutboxRow.id)).with_for_update(skip_locked=True)))


def repeat(session: Session, row: OutboxRow, now: datetime) -> OutboxRow | None:
    """Write the row that sends an uncertain one once more; None where it is left alone.

    A repeat is not repeated, and reminders are left to their next step.
    """
    if row.kind not in REPEATED or row.repeat_of or row.payload is None:
        return None
    again = OutboxRow(
        **{name: getattr(row, name) for name in _COPIED},
        unique_key=f"again:{row.id}",
        created_at=now,
        not_before=now,
        repeat_of=new_id(row.id),
    )
    session.add(again)
    session.flush()
    return again


_COPIED = (
    *("lane", "kind", "account_id", "recipient", "to_account", "channel", "bot", "native_id"),
    *("payload", "live", "cause", "parts_sent"),
)


def owners(session: Session) -> set[str]:
    """Return the processes that have rows claimed or are sending."""
    return set(session.exec(select(OutboxRow.owner).where(col(OutboxRow.state).in_(_ON_THE_WAY)).distinct()))


def end_leases(session: Session, owner: str, now: datetime) -> None:
    """End the leases of a process that is known to be gone."""
    gone = and_(_TABLE.c.state.in_(_ON_THE_WAY), _TABLE.c.owner == owner, _TABLE.c.lease_until > now)
    session.execute(update(_TABLE).where(gone).values(lease_until=now))
