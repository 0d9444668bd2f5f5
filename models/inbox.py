"""The durable inbox: every update is stored before it is confirmed, and handled exactly once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Index, UniqueConstraint, bindparam, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, or_, select

from models.database import BigId, new_id

STATES = ("new", "done", "parked", "refused")
MAX_TRIES = 3
LEASE_SECONDS = 60


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
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    state: str = "new"
    mark: str = ""
    tries: int = 0
    error: str = ""
    handled_at: datetime | None = None
    owner: str = ""
    lease_until: datetime | None = None


_TABLE = InboxRow.__table__  # type: ignore[attr-defined]  # set by the table's metaclass


def known(session: Session, channel: str, bot: str, update_ids: list[str]) -> set[str]:
    """Return which native update ids are stored already."""
    return set(
        session.exec(
            select(InboxRow.update_id).where(
                InboxRow.channel == channel, InboxRow.bot == bot, col(InboxRow.update_id).in_(update_ids)
            )
        )
    )


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store rows, each a mapping with equal keys; one whose update is stored already is left as it is."""
    dialect = sqlite if inspect(session.connection()).dialect.name == "sqlite" else postgresql
    if rows:
        session.execute(dialect.insert(_TABLE).on_conflict_do_nothing(), list(rows))


def oldest_new(session: Session, chat_key: str, owner: str, now: datetime) -> InboxRow | None:
    """Return the chat's oldest unhandled row, by the channel's time and order of arrival; not one leased elsewhere."""
    row = session.exec(_OLDEST, params={"key": chat_key}).one_or_none()
    if row and row.lease_until and row.lease_until > now and row.owner != owner:
        return None
    return row


def done(session: Session, row: InboxRow, now: datetime) -> None:
    """Mark a row handled; its lease ends."""
    session.execute(_DONE, {"row": new_id(row.id), "now": now})


# Statements of the hottest path, built once; a plain UPDATE costs a tenth of the unit of work of the ORM.
_OLDEST = (
    select(InboxRow)
    .where(InboxRow.state == "new", col(InboxRow.chat_key) == bindparam("key"))
    .order_by(col(InboxRow.sent_at), col(InboxRow.id))
    .limit(1)
    .with_for_update()
)
_DONE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(state="done", handled_at=bindparam("now"), owner="", lease_until=None)
)


def failed(session: Session, row_id: int, error: str, now: datetime) -> InboxRow | None:
    """Count a failed attempt; after the last one park the row. None where it is no longer waiting."""
    row = session.exec(select(InboxRow).where(InboxRow.id == row_id).with_for_update()).one()
    if row.state != "new":
        return None
    row.tries, row.error = row.tries + 1, error
    if row.tries >= MAX_TRIES:
        row.state, row.handled_at, row.owner, row.lease_until = "parked", now, "", None
    return row


def waiting_chats(session: Session, owner: str, now: datetime) -> list[str]:
    """Return the chats with unhandled rows that no other living process has leased, oldest first."""
    rows = select(InboxRow.chat_key).where(InboxRow.state == "new", _free(owner, now))
    return list(dict.fromkeys(session.exec(rows.order_by(col(InboxRow.id)))))


def _free(owner: str, now: datetime) -> ColumnElement[bool]:
    return or_(col(InboxRow.lease_until).is_(None), col(InboxRow.lease_until) <= now, col(InboxRow.owner) == owner)


def lease_end(now: datetime) -> datetime:
    """Return until when a process that stores or takes a row has it to itself."""
    return now + timedelta(seconds=LEASE_SECONDS)


def owners(session: Session) -> set[str]:
    """Return the processes that have taken rows on themselves."""
    return set(session.exec(select(InboxRow.owner).where(InboxRow.state == "new", InboxRow.owner != "").distinct()))


def end_leases(session: Session, owner: str, now: datetime) -> None:
    """End the leases of a process that is known to be gone."""
    gone = (_TABLE.c.state == "new") & (_TABLE.c.owner == owner) & (_TABLE.c.lease_until > now)
    session.execute(update(_TABLE).where(gone).values(lease_until=now))


def empty_before(session: Session, moment: datetime) -> int:
    """Empty the payloads of rows handled before a moment (retention); return how many."""
    old = (_TABLE.c.state != "new") & (_TABLE.c.received_at < moment) & _TABLE.c.payload.is_not(None)
    return session.execute(update(_TABLE).where(old).values(payload=None)).rowcount  # type: ignore[attr-defined,no-any-return]
