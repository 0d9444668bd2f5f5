"""Reports as rows: nothing is overwritten or deleted, a correction is a new version naming the one it replaces."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.database import BigId, among

STATES = ("submitted", "withdrawn", "replaced", "locked")
CURRENT = ("submitted", "locked")
_IS_CURRENT = text("state IN ('submitted', 'locked')")


class Submission(SQLModel, table=True):
    """One version of one report. `kind` is regular, thematic or extraordinary for a meeting, else "".

    `serial` tells reports of the same unit, form, period and kind apart where there may be several (admissions).
    `reported_on` is the local date of the channel's sending time: lateness is judged by it.
    """

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(
            "uq_submission_current",
            "unit_id", "form_id", "period", "kind", "serial",
            unique=True, sqlite_where=_IS_CURRENT, postgresql_where=_IS_CURRENT,
        ),
        Index("ix_submission_period", "form_id", "period", "state"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    form_id: str
    form_version: int
    period: str
    kind: str = ""
    serial: int = 1
    version: int = 1
    replaces_id: int | None = Field(default=None, foreign_key="submission.id", sa_type=BigId)
    reason: str = ""
    answers: dict[str, Any] = Field(sa_type=JSON)
    state: str = "submitted"
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigId)
    submitted_at: datetime
    reported_on: date


def current(session: Session, unit_id: int, form_id: str, period: str, kind: str = "") -> list[Submission]:
    """Return the current versions of a unit's reports of a form, period and kind, in order of serial."""
    return list(
        session.exec(
            select(Submission)
            .where(
                Submission.unit_id == unit_id,
                Submission.form_id == form_id,
                Submission.period == period,
                Submission.kind == kind,
                col(Submission.state).in_(CURRENT),
            )
            .order_by(col(Submission.serial))
        )
    )


def in_periods(
    session: Session, periods: Iterable[str], unit_ids: Iterable[int] | None = None, form_id: str | None = None
) -> list[Submission]:
    """Return the current submissions of the periods, for all units or for some, in order of writing."""
    wanted = None if unit_ids is None else set(unit_ids)
    query = select(Submission).where(
        col(Submission.period).in_(list(periods)),
        col(Submission.state).in_(CURRENT),
        among(col(Submission.unit_id), wanted),
    )
    if form_id is not None:
        query = query.where(Submission.form_id == form_id)
    rows = session.exec(query.order_by(col(Submission.id)))
    return [row for row in rows if wanted is None or row.unit_id in wanted]


def latest_of(session: Session, account_id: int, form_id: str | None = None) -> Submission | None:
    """Return the current submission an account sent last, of one form if it is named, or None."""
    of_form = (Submission.form_id == form_id,) if form_id else ()
    return _latest(session, Submission.account_id == account_id, *of_form)


def latest_of_unit(session: Session, unit_id: int, form_id: str | None = None) -> Submission | None:
    """Return the current submission sent last for a unit, of one form if it is named, or None."""
    of_form = (Submission.form_id == form_id,) if form_id else ()
    return _latest(session, Submission.unit_id == unit_id, *of_form)


def latest_in(
    session: Session, unit_ids: Sequence[int], since: datetime, form_id: str | None = None
) -> Submission | None:
    """Return the current submission sent last for any of some units since a moment, or None."""
    of_form = (Submission.form_id == form_id,) if form_id else ()
    return _latest(session, col(Submission.unit_id).in_(unit_ids), Submission.submitted_at >= since, *of_form)


def _latest(session: Session, *conditions: Any) -> Submission | None:
    return session.exec(
        select(Submission)
        .where(*conditions, col(Submission.state).in_(CURRENT))
        .order_by(col(Submission.submitted_at).desc(), col(Submission.id).desc())
        .limit(1)
    ).one_or_none()


def next_serial(session: Session, unit_id: int, form_id: str, period: str, kind: str) -> int:
    """Return the serial for one more report of the same unit, form, period and kind."""
    last = session.exec(
        select(func.max(Submission.serial)).where(
            Submission.unit_id == unit_id,
            Submission.form_id == form_id,
            Submission.period == period,
            Submission.kind == kind,
        )
    ).one()
    return (last or 0) + 1


def add(session: Session, submission: Submission) -> Submission:
    """Store a first version. Raises IntegrityError when another process stored the same report first."""
    session.add(submission)
    session.flush()
    return submission


def replace(session: Session, old: Submission, new: Submission) -> Submission:
    """Store a corrected version; the old one stays, marked as replaced."""
    old.state = "replaced"
    session.flush()
    new.replaces_id, new.version = old.id, old.version + 1
    if (new.period, new.kind) == (old.period, old.kind):
        new.serial = old.serial  # elsewhere its number may be another's: it keeps the free one it was given
    return add(session, new)


def withdraw(session: Session, submission: Submission) -> None:
    """Take a report back; its row stays."""
    submission.state = "withdrawn"
    session.flush()


def versions(session: Session, submission: Submission) -> list[Submission]:
    """Return a report's versions, the newest first."""
    chain = [submission]
    while chain[-1].replaces_id is not None:
        older = session.get(Submission, chain[-1].replaces_id)
        if older is None:
            break
        chain.append(older)
    return chain
