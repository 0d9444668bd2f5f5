"""What has been told whom, so that nothing is told twice; which messages that makes a day; and how far was planned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, UniqueConstraint, inspect
from sqlalchemy import select as sql_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from models import rules, units
from models.clock import at, local, local_date
from models.database import BigId
from models.obligations import Obligation
from models.outbox import OutboxRow
from models.people import Post

KIND = "reminder"  # of the outbox rows that carry notices, and of their cause
LEFT = ("claimed", "sending", "sent", "uncertain")
_CHUNK = 500  # SQLite allows some thousands of bound values a statement


class Notice(SQLModel, table=True):
    """One step of one rule for one obligation and one person; one outbox row may carry several.

    step: with the day of the meeting where there is one ("day:0@2026-01-08"): a postponed meeting is asked about anew.
    moment: when the step was due. send_at: the hour its message belongs to. late: told after an outage.
    """

    __table_args__ = (UniqueConstraint("rule_id", "obligation_id", "step", "account_id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    rule_id: str
    obligation_id: int = Field(foreign_key="obligation.id", index=True, sa_type=BigId)
    step: str
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    moment: datetime
    send_at: datetime = Field(index=True)
    late: bool = False
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id", index=True, sa_type=BigId)
    created_at: datetime


class Watermark(SQLModel, table=True):
    """Up to where a planner has looked; its row is locked by the tick that moves it."""

    name: str = Field(primary_key=True)
    moment: datetime


_NOTICES: Table = Notice.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_OUTBOX: Table = OutboxRow.__table__  # type: ignore[attr-defined]  # likewise
_OBLIGATIONS: Table = Obligation.__table__  # type: ignore[attr-defined]  # likewise


# The watermark --------------------------------------------------------------------------------------------------


def lock_watermark(session: Session, name: str, now: datetime) -> Watermark:
    """Return a watermark, locked until the transaction ends; a new one begins at `now`."""
    dialect = sqlite if inspect(session.connection()).dialect.name == "sqlite" else postgresql
    new = dialect.insert(Watermark).values(name=name, moment=now)
    session.execute(new.on_conflict_do_nothing(index_elements=["name"]))
    return session.exec(
        select(Watermark).where(Watermark.name == name).with_for_update().execution_options(populate_existing=True)
    ).one()


def watermark(session: Session, name: str) -> datetime | None:
    """Return up to where a planner has looked, or None before its first look."""
    return session.exec(select(Watermark.moment).where(Watermark.name == name)).one_or_none()


# What a person was told -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of a person that holds a message: its row, and whether it has not left yet."""

    account_id: int
    hour: datetime
    outbox_id: int
    waiting: bool


def slots(session: Session, since: date, account_ids: Iterable[int] | None = None) -> list[Slot]:
    """Return the hours, from a local day on, that hold a reminder; cancelled and failed ones never reached anybody."""
    rows = session.execute(
        sql_select(_NOTICES.c.account_id, _NOTICES.c.send_at, _OUTBOX.c.id, _OUTBOX.c.state)
        .join(_OUTBOX, _OUTBOX.c.id == _NOTICES.c.outbox_id)
        .where(_NOTICES.c.send_at >= at(since), _OUTBOX.c.state.in_(("pending", *LEFT)))
        .order_by(_OUTBOX.c.id)
    )
    wanted = None if account_ids is None else set(account_ids)
    found = {
        (row[0], row[2]): Slot(row[0], _hour(row[1]), row[2], waiting=row[3] == "pending")
        for row in rows
        if wanted is None or row[0] in wanted
    }
    return list(found.values())


def _hour(moment: datetime) -> datetime:
    return local(moment).replace(minute=0, second=0, microsecond=0)


def messages_on(session: Session, account_id: int, day: date) -> int:
    """Return how many reminders a person got, or will get, on a local day."""
    return len({slot.outbox_id for slot in slots(session, day, [account_id]) if local_date(slot.hour) == day})


def told(session: Session, obligation_ids: Sequence[int]) -> set[tuple[str, int, str, int]]:
    """Return (rule, obligation, step, account) of every notice about some obligations."""
    columns = (_NOTICES.c[name] for name in ("rule_id", "obligation_id", "step", "account_id"))
    query = sql_select(*columns)
    found: set[tuple[str, int, str, int]] = set()
    for start in range(0, len(obligation_ids), _CHUNK):
        chunk = obligation_ids[start : start + _CHUNK]
        found.update(tuple(row) for row in session.execute(query.where(_NOTICES.c.obligation_id.in_(chunk))))
    return found


def add_all(session: Session, new: Sequence[Notice]) -> None:
    """Store new notices; the objects stay apart from the session."""
    names = [column.key for column in _NOTICES.columns if column.key != "id"]
    if new:
        session.execute(_NOTICES.insert(), [{name: getattr(notice, name) for name in names} for notice in new])


def of_rows(session: Session, outbox_ids: Sequence[int]) -> dict[int, list[Notice]]:
    """Return the notices each outbox row carries, in order of writing."""
    found: dict[int, list[Notice]] = {row_id: [] for row_id in outbox_ids}
    for start in range(0, len(outbox_ids), _CHUNK):
        chunk = outbox_ids[start : start + _CHUNK]
        for notice in session.exec(select(Notice).where(col(Notice.outbox_id).in_(chunk)).order_by(col(Notice.id))):
            found[notice.outbox_id or 0].append(notice)
    return found


# The cause of a message, checked again before it leaves ---------------------------------------------------------


def cause_of(account_id: int, owed: Mapping[int, tuple[date | None, date]]) -> dict[str, Any]:
    """Return the cause of a reminder: whom it tells, and of which obligations, with the days it was planned by."""
    terms = {str(number): [str(planned), str(due)] for number, (planned, due) in sorted(owed.items())}
    return {"kind": KIND, "account": account_id, "obligations": sorted(owed), "terms": terms}


def cause_holds(session: Session, cause: Mapping[str, Any]) -> bool:
    """Return whether every obligation of a reminder is still open and due when it was planned.

    One that is done, excused, locked, cancelled or postponed since makes the message wrong as a whole; the tick writes
    what is left of it anew.
    """
    wanted = set(cause["obligations"])
    rows = session.execute(
        sql_select(*(_OBLIGATIONS.c[name] for name in ("id", "status", "planned_on", "due_on"))).where(
            _OBLIGATIONS.c.id.in_(wanted)
        )
    ).all()
    return len(rows) == len(wanted) and all(
        row[1] == "open" and cause["terms"][str(row[0])] == [str(row[2]), str(row[3])] for row in rows
    )


def still_wanted(session: Session, row: OutboxRow, now: datetime) -> bool:
    """Return whether a reminder may leave: not at night, its cause holds, no unit is silent, its reader has a post.

    After an outage a message may still wait whose time was in the evening; the tick writes it anew for the morning.
    """
    cause = row.cause or {}
    return (
        cause_holds(session, cause)
        and rules.book(session).sending_hours(local_date(now)).allows(now)
        and not unheard(session, cause["obligations"], cause["account"], now)
    )


def unheard(session: Session, obligation_ids: Sequence[int], account_id: int, now: datetime) -> set[int]:
    """Return which of the obligations a person is not to hear of now: a silent unit, or no post in it or above it."""
    today = local_date(now)
    paused = units.paused_ids(session, today)
    held = _posts_of(session, account_id, now)
    wrong: set[int] = set()
    for number in obligation_ids:
        unit = units.get(session, session.get_one(Obligation, number).unit_id)
        unit_id = units.unit_id(unit)
        silent = unit_id in paused or not units.valid_on(unit, today)
        if silent or not (unit_id in held or held & set(units.lineage(session, unit_id, today))):
            wrong.add(number)
    return wrong


def _posts_of(session: Session, account_id: int, now: datetime) -> set[int]:
    rows = session.exec(select(Post).where(Post.account_id == account_id, Post.valid_from <= now))
    return {post.unit_id for post in rows if post.valid_to is None or post.valid_to > now}


# A revised rule withdraws what waits under the old one ----------------------------------------------------------


def withdraw(session: Session, rule_ids: Iterable[str], now: datetime) -> int:
    """Cancel the messages not sent yet that carry notices of some rules, and forget these notices; return how many.

    The steps are planned anew by the rule's new values, where these still lie ahead. What else a cancelled message
    said is written anew by the next tick.
    """
    waiting = session.exec(
        select(Notice, OutboxRow)
        .join(OutboxRow, col(OutboxRow.id) == col(Notice.outbox_id))
        .where(OutboxRow.state == "pending", col(Notice.rule_id).in_(list(rule_ids)))
        .with_for_update(of=OutboxRow)
    ).all()
    rows = {row.id: row for _, row in waiting}
    for row in rows.values():
        row.state, row.finished_at, row.error = "cancelled", now, "rule_revised"
    session.flush()
    for notice, _ in waiting:
        session.delete(notice)
    session.flush()
    return len(rows)


def partly_cancelled(session: Session, now: datetime) -> list[Notice]:
    """Return the notices of the last day whose message was cancelled before it left."""
    return list(
        session.exec(
            select(Notice)
            .join(OutboxRow, col(OutboxRow.id) == col(Notice.outbox_id))
            .where(Notice.send_at > now - timedelta(days=1), OutboxRow.state == "cancelled")
            .order_by(col(Notice.id))
        )
    )
