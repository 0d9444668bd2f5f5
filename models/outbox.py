"""The durable outbox: everything sent is a row, written in the transaction of the change that caused it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.conversations import Chat, account_key
from models.database import BigId
from models.messages import Message

STATES = ("pending", "claimed", "sending", "sent", "failed", "uncertain", "cancelled")
LANES = ("reply", "bulk")
KINDS = ("reply", "reminder", "directive", "digest", "alert")
FINISHED = ("sent", "failed", "uncertain", "cancelled")


class OutboxRow(SQLModel, table=True):
    """One message to leave.

    `unique_key` prevents doubles; `cause` ({"kind": ..., ...}) is checked again in the transaction that makes the row
    `sending`; `recipient` is the key rows are kept in order by; `to_account`: it goes to wherever the account was
    reached last, and the chat is only filled in while it is on its way; `native_id` is that chat; `message_id` what
    the channel called the message; `repeat_of` an uncertain row this one repeats.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"lane IN {LANES}", name="lane"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("op IN ('send', 'edit')", name="op"),
        Index("ix_outbox_due", "state", "not_before"),
        Index("ix_outbox_recipient", "recipient", "lane", "state"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unique_key: str = Field(unique=True)
    op: str = "send"
    lane: str = "reply"
    kind: str = "reply"
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True, sa_type=BigId)
    recipient: str = ""
    to_account: bool = False
    channel: str = ""
    bot: str = ""
    native_id: str = ""
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    live: str = Field(default="", index=True)
    cause: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    created_at: datetime
    not_before: datetime
    state: str = "pending"
    owner: str = ""
    fencing: int = 0
    lease_until: datetime | None = None
    tries: int = 0
    parts_sent: int = 0
    message_id: str = ""
    repeat_of: int | None = Field(default=None, foreign_key="outbox.id", index=True, sa_type=BigId)
    finished_at: datetime | None = None
    error: str = ""

    @property
    def chat(self) -> Chat:
        """The chat it goes to."""
        return Chat(self.channel, self.bot, self.native_id)


_TABLE: Table = OutboxRow.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_INSERT = _TABLE.insert()


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
    row = draft(unique_key, message, now, chat, account_id, **values)
    session.add(row)
    session.flush()
    return row


def add(session: Session, row: OutboxRow) -> int:
    """Store a drafted row whose key is known to be new; return its id. The object stays apart from the session."""
    values = {column.key: getattr(row, column.key) for column in _TABLE.columns if column.key != "id"}
    row.id = int(session.execute(_INSERT, values).inserted_primary_key[0])  # type: ignore[attr-defined]
    return row.id


def add_all(session: Session, rows: Sequence[OutboxRow]) -> list[int]:
    """Store drafted rows whose keys are known to be new; return their ids in order. The objects stay apart."""
    if not rows:
        return []
    values = [{column.key: getattr(row, column.key) for column in _TABLE.columns if column.key != "id"} for row in rows]
    stored = session.execute(_INSERT.returning(_TABLE.c.id, sort_by_parameter_order=True), values)
    return [int(row_id) for row_id in stored.scalars()]


def draft(
    unique_key: str,
    message: Message,
    now: datetime,
    chat: Chat | None = None,
    account_id: int | None = None,
    **values: Any,
) -> OutboxRow:
    """Return a row that is not stored yet. Raises ValueError when neither a chat nor an account is named."""
    if chat is None and account_id is None:
        raise ValueError(f"outbox row {unique_key} goes to nobody")
    values.setdefault("not_before", now)
    row = OutboxRow(
        unique_key=unique_key,
        op="edit" if message.edits else "send",
        account_id=account_id,
        recipient=account_key(account_id) if account_id else chat.key if chat else "",
        to_account=chat is None,
        payload=message.to_json(),
        live=message.live,
        created_at=now,
        **values,
    )
    if chat:
        row.channel, row.bot, row.native_id = chat.channel, chat.bot, chat.native_id
    return row


def due(
    session: Session, bots: Iterable[tuple[str, str]], now: datetime, limit: int, passed_over: Collection[int] = ()
) -> list[OutboxRow]:
    """Return pending rows for accounts or these bots that may leave now: replies first, each lane in order of writing.

    Within one recipient and lane a row waits while an older one is due, claimed or being sent; one that can only go to
    another chat of the same person holds nothing up, for that channel may be out of service.
    """
    values = {"now": now, "limit": limit, "passed": list(passed_over)}
    return list(session.exec(_due(tuple(bots)), params=values))


def is_free(session: Session, row: OutboxRow, now: datetime) -> bool:
    """Return whether nothing older that a new row for a chat has to wait for is still due, claimed or being sent."""
    chat = {"channel": row.channel, "bot": row.bot, "native_id": row.native_id}
    found = session.exec(_BUSY, params={"now": now, "recipient": row.recipient, "lane": row.lane, **chat})
    return found.first() is None


def first_due(session: Session) -> datetime | None:
    """Return since when the oldest pending row is due, or when the first becomes so; None where nothing waits."""
    return session.exec(_FIRST).first()


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return when the next pending row that waits for its time becomes due (after `now`); None where none does."""
    return session.exec(_NEXT, params={"now": now}).first()


# The statements of the hottest path are built once: building them costs more than running them. -----------------

_NOW: BindParameter[datetime] = bindparam("now")


def _active(row: type[OutboxRow]) -> ColumnElement[bool]:
    return or_(
        col(row.state).in_(("claimed", "sending")),
        and_(col(row.state) == "pending", col(row.not_before) <= _NOW),
    )


@cache
def _due(bots: tuple[tuple[str, str], ...]) -> SelectOfScalar[OutboxRow]:
    here = [and_(col(OutboxRow.channel) == channel, col(OutboxRow.bot) == bot) for channel, bot in bots]
    older = aliased(OutboxRow)
    behind = exists().where(
        col(older.recipient) == col(OutboxRow.recipient),
        col(older.lane) == col(OutboxRow.lane),
        col(older.id) < col(OutboxRow.id),
        _active(older),
        or_(
            col(older.to_account),
            col(OutboxRow.to_account),
            and_(
                col(older.channel) == col(OutboxRow.channel),
                col(older.bot) == col(OutboxRow.bot),
                col(older.native_id) == col(OutboxRow.native_id),
            ),
        ),
    )
    return (
        select(OutboxRow)
        .where(
            OutboxRow.state == "pending",
            col(OutboxRow.not_before) <= _NOW,
            col(OutboxRow.id).not_in(bindparam("passed", expanding=True)),
            or_(col(OutboxRow.to_account), *here),
            ~behind,
        )
        .order_by(col(OutboxRow.lane).desc(), col(OutboxRow.id))
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True, of=OutboxRow)
    )


_BUSY = (
    select(OutboxRow.id)
    .where(
        col(OutboxRow.recipient) == bindparam("recipient"),
        col(OutboxRow.lane) == bindparam("lane"),
        _active(OutboxRow),
        or_(
            col(OutboxRow.to_account),
            and_(
                col(OutboxRow.channel) == bindparam("channel"),
                col(OutboxRow.bot) == bindparam("bot"),
                col(OutboxRow.native_id) == bindparam("native_id"),
            ),
        ),
    )
    .limit(1)
)
_FIRST = select(OutboxRow.not_before).where(OutboxRow.state == "pending").order_by(col(OutboxRow.not_before)).limit(1)
_NEXT = _FIRST.where(col(OutboxRow.not_before) > _NOW)


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


def empty_before(session: Session, moment: datetime) -> int:
    """Empty the bodies of rows finished before a moment (retention); return how many."""
    old = and_(_TABLE.c.state.in_(FINISHED), _TABLE.c.created_at < moment, _TABLE.c.payload.is_not(None))
    return session.execute(update(_TABLE).where(old).values(payload=None)).rowcount  # type: ignore[attr-defined,no-any-return]
