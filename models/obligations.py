"""What every unit owes, as rows created ahead: done on time, done late, or still open."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models import audit
from models.database import BigId, among

STATUSES = ("open", "on_time", "late", "excused", "locked", "cancelled")
DONE = ("on_time", "late")


class Obligation(SQLModel, table=True):
    """One thing a unit owes for a period: `what` is a rule's id ("meeting"). Dates are local, both ends included.

    planned_on: the day the thing itself is due to happen (the meeting). due_on: the last day to report it without
    being late as planned; on_time_until follows the actual day. excused: the office lets it go, for a reason.
    locked: never reported, and its period is closed. cancelled: the unit no longer owes it (dissolved, paused).
    moved: its secretary postponed it, so that the rules no longer say when.
    """

    __table_args__ = (
        UniqueConstraint("unit_id", "what", "period"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        Index("ix_obligation_what_period", "what", "period"),
        Index("ix_obligation_status_due", "status", "due_on"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    what: str
    period: str
    opens_on: date
    planned_on: date | None = None
    due_on: date
    on_time_until: date
    locks_on: date | None = None
    status: str = "open"
    moved: bool = False
    submission_id: int | None = Field(default=None, foreign_key="submission.id", sa_type=BigId)
    done_at: datetime | None = None
    reason: str = ""
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime


def find(session: Session, unit_id: int, what: str, period: str) -> Obligation | None:
    """Return what a unit owes of one kind for a period, or None."""
    return session.exec(
        select(Obligation).where(Obligation.unit_id == unit_id, Obligation.what == what, Obligation.period == period)
    ).one_or_none()


def of_period(
    session: Session, what: str, periods: Iterable[str], unit_ids: Iterable[int] | None = None
) -> list[Obligation]:
    """Return the obligations of one kind in the periods, cancelled ones left out, by unit."""
    wanted = None if unit_ids is None else set(unit_ids)
    rows = session.exec(
        select(Obligation)
        .where(
            Obligation.what == what,
            col(Obligation.period).in_(list(periods)),
            Obligation.status != "cancelled",
            among(col(Obligation.unit_id), wanted),
        )
        .order_by(col(Obligation.unit_id), col(Obligation.period))
    )
    return [row for row in rows if wanted is None or row.unit_id in wanted]


def of_unit(session: Session, unit_id: int, since: date) -> list[Obligation]:
    """Return what a unit owes, due since a day, in order of the due date."""
    return list(
        session.exec(
            select(Obligation)
            .where(Obligation.unit_id == unit_id, Obligation.due_on >= since, Obligation.status != "cancelled")
            .order_by(col(Obligation.due_on), col(Obligation.id))
        )
    )


def due_between(session: Session, first: date, last: date, statuses: Iterable[str] = ("open",)) -> list[Obligation]:
    """Return the obligations of some statuses that are due between two days, both included, by due date."""
    return list(
        session.exec(
            select(Obligation)
            .where(
                col(Obligation.status).in_(list(statuses)),
                col(Obligation.due_on).between(first, last),
            )
            .order_by(col(Obligation.due_on), col(Obligation.id))
        )
    )


def fulfil(obligation: Obligation, submission_id: int | None, reported_on: date, now: datetime) -> None:
    """Mark an obligation done, on time or late by the local date of the report."""
    obligation.submission_id, obligation.done_at = submission_id, now
    obligation.status = "on_time" if reported_on <= obligation.on_time_until else "late"


def reopen(obligation: Obligation) -> None:
    """Make an obligation owed again, after its report was withdrawn."""
    obligation.submission_id, obligation.done_at, obligation.status = None, None, "open"


def excuse(session: Session, obligation: Obligation, reason: str, actor: str, now: datetime) -> None:
    """Let an open obligation go for a reason; it stays in the count, and nobody is reminded of it any more.

    Raises ValueError without a reason, or when it is not open.
    """
    if not reason.strip():
        raise ValueError("an obligation is excused only for a reason")
    if obligation.status != "open":
        raise ValueError(f"obligation {obligation.id} is {obligation.status}, not open")
    obligation.status, obligation.reason = "excused", reason.strip()
    audit.record(
        session, now, actor, "obligation.excuse", unit_id=obligation.unit_id,
        subject=f"obligation:{obligation.id}", new={"reason": obligation.reason},
    )  # fmt: skip


def report_by(meeting_on: date, days: int, latest: date) -> date:
    """Return the last day a meeting's report is on time: `days` after it, never after `latest` (the month's 25th)."""
    return min(meeting_on + timedelta(days=days), latest)
