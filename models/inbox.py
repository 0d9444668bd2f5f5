"""The durable inbox: every update is stored before it is confirmed, and handled exactly once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, and_, col, or_, select

from models.database import BigId

STATES = ("new", "done", "parked", "refused")
MAX_TRIES = 3


class InboxRow(SQLModel, table=True):
    """One update. refused: the state-secrets guard kept only the fact; parked: unreadable, or failed three times."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "bot", "update_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_inbox_waiting", "state", "chat_key", "sent_at"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    channel: str
    bot: str
    update_id: str
    chat_key: str
    sent_at: datetime
    received_at: datetime
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    state: str = "new"
    mark: str = ""
    tries: int = 0
    error: str = ""
    handled_at: datetime | None = None
    owner: str = ""
    lease_until: datetime | None = None


def known(session: Session, channel: str, bot: str, update_ids: list[str]) -> set[str]:
    """Return which native update ids are stored already."""
    return set(
        session.exec(
            select(InboxRow.update_id).where(
                InboxRow.channel == channel, InboxRow.bot == bot, col(InboxRow.update_id).in_(update_ids)
            )
        )
    )


def oldest_new(session: Session, chat_key: str, owner: str, now: datetime) -> InboxRow | None:
    """Return the chat's oldest unhandled row, by the channel's time and order of arrival; not one leased elsewhere."""
    row = session.exec(
        select(InboxRow)
        .where(InboxRow.state == "new", InboxRow.chat_key == chat_key)
        .order_by(col(InboxRow.sent_at), col(InboxRow.id))
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row and row.lease_until and row.lease_until > now and row.owner != owner:
        return None
    return row


def waiting_chats(session: Session, owner: str, now: datetime) -> list[str]:
    """Return the chats with unhandled rows that no other living process has leased, oldest first."""
    free = or_(col(InboxRow.lease_until).is_(None), col(InboxRow.lease_until) <= now, InboxRow.owner == owner)
    rows = session.exec(select(InboxRow.chat_key).where(and_(InboxRow.state == "new", free)).order_by(col(InboxRow.id)))
    return list(dict.fromkeys(rows))


def empty_before(session: Session, moment: datetime) -> int:
    """Empty the payloads of rows handled before a moment (retention); return how many."""
    rows = session.exec(
        select(InboxRow).where(
            InboxRow.state != "new", InboxRow.received_at < moment, col(InboxRow.payload).is_not(None)
        )
    ).all()
    for row in rows:
        row.payload = None
    return len(rows)


def lease(row: InboxRow, owner: str, now: datetime, seconds: int = 60) -> None:
    """Mark a row as being worked on by a process, until the lease ends."""
    row.owner, row.lease_until = owner, now + timedelta(seconds=seconds)
