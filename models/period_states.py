"""The state of a committee's period: open, approved (who was expected is frozen), locked (nothing changes any more).

A branch's month is as closed as the most closed period that contains it, of any unit above it. A month's reports lock
when its quarter is approved: what was not reported by then is not waited for any more; corrections go on until the
period is locked. Re-opening, with a reason, lets all of it count again and freezes anew at the next approval.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models import audit, units
from models.database import BigId
from models.obligations import DONE, Obligation
from models.periods import Period, parse_period, quarter_of
from models.submissions import Submission
from models.terms import WHATS

STATES = ("open", "approved", "locked")
MONTH, QUARTER = 1, 3
_LOCKED_BY = "locked_by"


class PeriodState(SQLModel, table=True):
    """One period of one unit with everything beneath it.

    expected: by duty and period the ids of the branches that were expected at approval, the denominators of every
    figure of the period. reason: why it was last re-opened.
    """

    __tablename__ = "period_state"
    __table_args__ = (
        UniqueConstraint("unit_id", "period"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    period: str
    state: str = "open"
    expected: dict[str, dict[str, list[int]]] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    changed_at: datetime


# Every report and every roll-up asks for it: built once.
_CLOSED = select(PeriodState).where(
    col(PeriodState.unit_id).in_(bindparam("units", expanding=True)), PeriodState.state != "open"
)


class NotNowError(ValueError):
    """The period is not in the state the deed needs; the text is that state."""


# Reading --------------------------------------------------------------------------------------------------------


def own_state(session: Session, unit_id: int, period: str) -> str:
    """Return the state a unit's own period was put into."""
    row = _row(session, unit_id, period)
    return row.state if row else "open"


def state_of(session: Session, unit_id: int, period: str) -> str:
    """Return how closed a unit's period is: the most closed state among the periods and units that contain it."""
    row = closing(session, unit_id, period)
    return row.state if row else "open"


def closing(session: Session, unit_id: int, period: str) -> PeriodState | None:
    """Return what closes a unit's period most, the shortest such period; None while it is open."""
    rows = _containing(session, unit_id, period)
    return max(rows, key=lambda row: (STATES.index(row.state), -parse_period(row.period).length), default=None)


def takes_first_report(session: Session, unit_id: int, period: str) -> bool:
    """Return whether a report not given yet is still taken: not once its quarter is approved or it is locked."""
    return not any(_locks(row, parse_period(period)) for row in _containing(session, unit_id, period))


def frozen_expected(session: Session, unit_id: int, period: str) -> dict[str, dict[str, list[int]]] | None:
    """Return who was expected, by duty and period, as frozen at the period's approval; None while it is open."""
    row = _row(session, unit_id, period)
    return row.expected if row and row.state != "open" else None


def _row(session: Session, unit_id: int, period: str) -> PeriodState | None:
    return session.exec(
        select(PeriodState).where(PeriodState.unit_id == unit_id, PeriodState.period == period)
    ).one_or_none()


def _containing(session: Session, unit_id: int, period: str) -> Iterator[PeriodState]:
    inner = parse_period(period)
    lineage = units.lineage(session, unit_id, inner.last)
    for row in session.exec(_CLOSED, params={"units": lineage}):
        if contains(parse_period(row.period), inner):
            yield row


def contains(outer: Period, inner: Period) -> bool:
    """Return whether a period lies within another, or is the same."""
    return outer.first <= inner.first and inner.last <= outer.last


def _locks(row: PeriodState, inner: Period) -> bool:
    """Return whether a state of a period locks what was not reported in an inner one."""
    if row.state == "locked":
        return True
    return row.state == "approved" and parse_period(row.period).length >= max(QUARTER, inner.length)


# Changing -------------------------------------------------------------------------------------------------------


def approve(session: Session, unit_id: int, period: str, account_id: int, now: datetime) -> PeriodState:
    """Approve an open period and freeze who was expected in it. Raises NotNowError."""
    row = _change(session, unit_id, period, ("open", "approved"), (account_id, now))
    row.expected = _expected(session, unit_id, parse_period(period))
    _lock_what_is_missing(session, row)
    return row


def lock(session: Session, unit_id: int, period: str, account_id: int, now: datetime) -> PeriodState:
    """Lock an approved period: its reports can be corrected no more. Raises NotNowError."""
    row = _change(session, unit_id, period, ("approved", "locked"), (account_id, now))
    _lock_what_is_missing(session, row)
    for report in _reports(session, row, "submitted"):
        report.state = "locked"
    session.flush()
    return row


def reopen(session: Session, unit_id: int, period: str, reason: str, account_id: int, now: datetime) -> PeriodState:
    """Open an approved or locked period again. Raises NotNowError where it is open, ValueError without a reason."""
    if not reason.strip():
        raise ValueError("a period is re-opened only for a reason")
    found = _row(session, unit_id, period)
    was = found.state if found and found.state != "open" else "approved"
    row = _change(session, unit_id, period, (was, "open"), (account_id, now), reason.strip())
    _unlock(session, row)
    return row


def _change(
    session: Session,
    unit_id: int,
    period: str,
    states: tuple[str, str],
    by: tuple[int, datetime],
    reason: str = "",
) -> PeriodState:
    row = _row(session, unit_id, period) or PeriodState(unit_id=unit_id, period=period, changed_at=by[1])
    if row.state != states[0]:
        raise NotNowError(row.state)
    row.state, row.changed_at, row.reason = states[1], by[1], reason
    session.add(row)
    session.flush()
    audit.record(
        session, by[1], audit.by_account(by[0]), f"period.{states[1]}", unit_id=unit_id, subject=f"period:{period}",
        old={"state": states[0]}, new={"state": states[1], "reason": reason},
    )  # fmt: skip
    return row


def _expected(session: Session, unit_id: int, period: Period) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    lives = {units.unit_id(unit): unit for unit in units.listed(session)}
    for row in _obligations(session, unit_id, period):
        # A row created ahead of a branch's end is not owed, as the open period's figures have it.
        gone = row.status not in DONE and not units.valid_on(lives[row.unit_id], row.planned_on or row.opens_on)
        if row.status != "cancelled" and not gone:
            found.setdefault(row.what, {}).setdefault(row.period, []).append(row.unit_id)
    return found


def _obligations(session: Session, unit_id: int, period: Period) -> list[Obligation]:
    """Return what was owed within a period beneath a unit, where each branch stood at the period's end.

    A branch dissolved within the period counts with the parent it had on its last day.
    """
    rows = session.exec(
        select(Obligation)
        .where(col(Obligation.what).in_(WHATS), col(Obligation.opens_on).between(period.first, period.last))
        .order_by(col(Obligation.period), col(Obligation.unit_id))
    ).all()
    below = beneath(session, unit_id, period)
    return [row for row in rows if row.unit_id in below and contains(period, parse_period(row.period))]


def beneath(session: Session, unit_id: int, period: Period) -> set[int]:
    """Return the units beneath one at the period's end, and those that ended within it while beneath it."""
    below = units.subtree(session, [unit_id], period.last)
    for other in units.listed(session):
        other_id = units.unit_id(other)
        if other.valid_to in period and unit_id in units.lineage(session, other_id, other.valid_to):
            below.add(other_id)
    return below


def _lock_what_is_missing(session: Session, state: PeriodState) -> None:
    for row in _obligations(session, state.unit_id, parse_period(state.period)):
        if row.status == "open" and _locks(state, parse_period(row.period)):
            row.status, row.details = "locked", {**row.details, _LOCKED_BY: state.id}
    session.flush()


def _unlock(session: Session, state: PeriodState) -> None:
    period = parse_period(state.period)
    for row in _obligations(session, state.unit_id, period):
        if row.status == "locked" and takes_first_report(session, row.unit_id, row.period):
            row.status = "open"
            row.details = {key: value for key, value in row.details.items() if key != _LOCKED_BY}
    for report in _reports(session, state, "locked"):
        if state_of(session, report.unit_id, report.period) != "locked":
            report.state = "submitted"
    session.flush()


def _reports(session: Session, state: PeriodState, was: str) -> Iterable[Submission]:
    period = parse_period(state.period)
    below = beneath(session, state.unit_id, period)
    rows = session.exec(select(Submission).where(col(Submission.period).in_(_within(period)), Submission.state == was))
    return [row for row in rows if row.unit_id in below]


def changed_since(session: Session, state: PeriodState) -> int:
    """Return how many reports of a closed period were sent or corrected after it was closed."""
    period = parse_period(state.period)
    below = beneath(session, state.unit_id, period)
    rows = session.exec(
        select(Submission.unit_id).where(
            col(Submission.period).in_(_within(period)), Submission.submitted_at > state.changed_at
        )
    )
    return sum(unit_id in below for unit_id in rows)


def _within(period: Period) -> list[str]:
    """Return what reports within a period are of: its months, its quarters, itself."""
    quarters = {quarter_of(month.first) for month in period.months}
    return [str(period), *map(str, period.months), *(str(one) for one in quarters if contains(period, one))]
