"""The durable outbox: everything sent is a row, written in the transaction of the change that caused it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, Session, SQLModel, col, select

from models.conversations import Chat
from models.database import BigId
from models.messages import Message

STATES = ("pending", "claimed", "sending", "sent", "failed", "uncertain", "cancelled")
LANES = ("reply", "bulk")
KINDS = ("reply", "reminder", "directive", "digest", "alert")
FINISHED = ("sent", "failed", "uncertain", "cancelled")


class OutboxRow(SQLModel, table=True):
    """One message to leave.

    `unique_key` prevents doubles; `cause` is checked again in the transaction that makes the row `sending`;
    `native_id` is what the channel called the message; `repeat_of` an uncertain row this one repeats.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"lane IN {LANES}", name="lane"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("op IN ('send', 'edit')", name="op"),
        Index("ix_outbox_due", "state", "channel", "bot", "not_before"),
        Index("ix_outbox_recipient", "channel", "bot", "native_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unique_key: str = Field(unique=True)
    op: str = "send"
    lane: str = "reply"
    kind: str = "reply"
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True, sa_type=BigId)
    channel: str = ""
    bot: str = ""
    native_id: str = ""
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    live: str = Field(default="", index=True)
    cause: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_at: datetime
    not_before: datetime
    state: str = "pending"
    owner: str = ""
    fencing: int = 0
    lease_until: datetime | None = None
    tries: int = 0
    parts_sent: int = 0
    message_id: str = ""
    repeat_of: int | None = Field(default=None, foreign_key="outbox.id", sa_type=BigId)
    finished_at: datetime | None = None
    error: str = ""

    @property
    def chat(self) -> Chat:
        """The chat it goes to."""
        return Chat(self.channel, self.bot, self.native_id)


class SenderLease(SQLModel, table=True):
    """Which process sends on a bot; `fencing` rises with every new holder, so that a late one changes nothing."""

    __tablename__ = "sender_lease"
    key: str = Field(primary_key=True)
    owner: str
    fencing: int
    until: datetime


def put(
    session: Session,
    unique_key: str,
    message: Message,
    now: datetime,
    chat: Chat | None = None,
    account_id: int | None = None,
    **values: Any,
) -> OutboxRow | None:
    """Add a row to be sent to a chat, or to wherever an account is reached when it leaves; None if the key exists."""
    if session.exec(select(OutboxRow.id).where(OutboxRow.unique_key == unique_key)).first() is not None:
        return None
    values.setdefault("not_before", now)
    row = OutboxRow(
        unique_key=unique_key,
        op="edit" if message.edits else "send",
        account_id=account_id,
        payload=message.to_json(),
        live=message.live,
        created_at=now,
        **values,
    )
    if chat:
        row.channel, row.bot, row.native_id = chat.channel, chat.bot, chat.native_id
    session.add(row)
    session.flush()
    return row


def due(session: Session, channels: Sequence[tuple[str, str]], now: datetime, limit: int) -> list[OutboxRow]:
    """Return pending rows that may leave now, replies before bulk, each lane in order of writing."""
    rows = session.exec(
        select(OutboxRow)
        .where(OutboxRow.state == "pending", OutboxRow.not_before <= now)
        .order_by(col(OutboxRow.lane).desc(), col(OutboxRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [row for row in rows if not row.channel or (row.channel, row.bot) in channels]


def busy_recipients(session: Session) -> set[tuple[str, str, str, str]]:
    """Return the (channel, bot, native id, lane) that have a row claimed or being sent."""
    rows = session.exec(select(OutboxRow).where(col(OutboxRow.state).in_(("claimed", "sending"))))
    return {(row.channel, row.bot, row.native_id, row.lane) for row in rows}


def finish(row: OutboxRow, state: str, now: datetime, error: str = "") -> None:
    """End a row as sent, failed, uncertain or cancelled."""
    row.state, row.finished_at, row.error = state, now, error
    row.owner, row.lease_until = "", None


def release(row: OutboxRow, not_before: datetime) -> None:
    """Give a claimed row back, to be tried from a moment on."""
    row.state, row.owner, row.lease_until, row.not_before = "pending", "", None, not_before


def live_rows(session: Session, live: str, since: datetime) -> list[OutboxRow]:
    """Return the sent messages that show something kept up to date, written since a moment."""
    return list(
        session.exec(
            select(OutboxRow).where(
                OutboxRow.live == live,
                OutboxRow.op == "send",
                OutboxRow.state == "sent",
                OutboxRow.created_at >= since,
            )
        )
    )


def take_lease(session: Session, key: str, owner: str, now: datetime, seconds: int) -> SenderLease | None:
    """Take or renew the right to send on a bot; None while another process holds it."""
    row = session.exec(select(SenderLease).where(SenderLease.key == key).with_for_update()).one_or_none()
    if row is None:
        row = SenderLease(key=key, owner=owner, fencing=1, until=now)
        session.add(row)
    elif row.owner != owner:
        if row.until > now:
            return None
        row.owner, row.fencing = owner, row.fencing + 1
    row.until = now + timedelta(seconds=seconds)
    session.flush()
    return row


def stale(session: Session, now: datetime) -> list[OutboxRow]:
    """Return rows claimed or being sent by a process whose lease has ended."""
    return list(
        session.exec(
            select(OutboxRow)
            .where(col(OutboxRow.state).in_(("claimed", "sending")), OutboxRow.lease_until <= now)  # type: ignore[operator]  # SQL NULL compares to nothing
            .with_for_update(skip_locked=True)
        )
    )


def empty_before(session: Session, moment: datetime) -> int:
    """Empty the bodies of rows finished before a moment (retention); return how many."""
    rows = session.exec(
        select(OutboxRow).where(
            col(OutboxRow.state).in_(FINISHED),
            OutboxRow.created_at < moment,
            col(OutboxRow.payload).is_not(None),
        )
    ).all()
    for row in rows:
        row.payload = None
    return len(rows)
