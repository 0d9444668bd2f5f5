"""Receiving a directive and carrying it out, said by a branch: the obligations it fulfils, and the figures it gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models import audit, directives, obligations, stock, submissions
from models.directives import ACK, FURTHER, REPORT, Directive, DirectiveRecipient
from models.forms.base import Stock
from models.obligations import DONE as FULFILLED
from models.obligations import Obligation
from models.periods import Period
from models.submissions import CURRENT, Submission

STUDY = "study"


@dataclass(frozen=True, slots=True)
class By:
    """Who says so, at which moment, and the local date lateness is judged by."""

    account_id: int
    now: datetime
    on: date


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """Study of a resolution: branches that held it of those addressed, members who attended of those who should."""

    held: int
    addressed: int
    attended: int
    members: int


def acknowledge(session: Session, directive: Directive, unit_ids: Iterable[int], by: By) -> list[int]:
    """Record that branches received a directive; return those that had not said so."""
    changed = _fulfil(session, directive, ACK, unit_ids, by)
    _note(session, directive, by, "acknowledged_at")
    if changed:
        _audit(session, directive, by, "directive.acknowledge", changed)
    return changed


def carry_out(session: Session, directive: Directive, unit_ids: Iterable[int], by: By) -> list[int]:
    """Record that branches did what was asked, and so received it too; return those that had not said so."""
    wanted = list(unit_ids)
    _fulfil(session, directive, ACK, wanted, by)
    changed = _fulfil(session, directive, directives.further(directive), wanted, by)
    _note(session, directive, by, "acknowledged_at")
    _note(session, directive, by, "done_at")
    if changed:
        _audit(session, directive, by, "directive.done", changed)
    return changed


def take_back(session: Session, directive: Directive, unit_ids: Iterable[int], by: By) -> list[int]:
    """Record that branches have not done it after all; what was reported stays reported."""
    changed: list[int] = []
    for row in owed(session, directive, directives.further(directive), unit_ids):
        if row.status in FULFILLED and row.submission_id is None:
            obligations.reopen(row)
            changed.append(row.unit_id)
    recipient = _recipient(session, directive, by.account_id)
    if recipient and changed:
        recipient.done_at = None
        _audit(session, directive, by, "directive.not_done", changed)
    return changed


def owed(session: Session, directive: Directive, what: str, unit_ids: Iterable[int]) -> list[Obligation]:
    """Return what branches owe of one kind under a directive, whatever its status."""
    return obligations.of_period(session, what, [directives.period_of(directive.id or 0)], unit_ids)


def _fulfil(session: Session, directive: Directive, what: str, unit_ids: Iterable[int], by: By) -> list[int]:
    changed = [row for row in owed(session, directive, what, unit_ids) if row.status == "open"]
    for row in changed:
        obligations.fulfil(row, None, by.on, by.now)
    return [row.unit_id for row in changed]


def _recipient(session: Session, directive: Directive, account_id: int) -> DirectiveRecipient | None:
    return session.exec(
        select(DirectiveRecipient).where(
            DirectiveRecipient.directive_id == directive.id, DirectiveRecipient.account_id == account_id
        )
    ).one_or_none()


def _note(session: Session, directive: Directive, by: By, name: str) -> None:
    recipient = _recipient(session, directive, by.account_id)
    if recipient and getattr(recipient, name) is None:
        setattr(recipient, name, by.now)


def _audit(session: Session, directive: Directive, by: By, deed: str, unit_ids: Iterable[int]) -> None:
    for unit_id in unit_ids:
        actor, subject = audit.by_account(by.account_id), f"directive:{directive.id}"
        audit.record(session, by.now, actor, deed, unit_id=unit_id, subject=subject)


# Figures reported under a directive -------------------------------------------------------------------------------


def reported(session: Session, report: Submission, by: By) -> None:
    """Let a report under a directive fulfil what its branch owes; "not held yet" only says that it was received."""
    directive = directives.get(session, report.answers.get("directive"))
    if directive is None or directive.state not in directives.STANDING:
        return
    acknowledge(session, directive, [report.unit_id], by)
    if report.answers.get("held") is False:
        return
    first = submissions.versions(session, report)[-1]
    for row in owed(session, directive, directives.further(directive), [report.unit_id]):
        if row.status == "open":
            obligations.fulfil(row, report.id, first.reported_on, by.now)
    _note(session, directive, by, "done_at")


def unreported(session: Session, report: Submission) -> None:
    """Let what a withdrawn or replaced report fulfilled be owed again."""
    rows = session.exec(
        select(Obligation).where(col(Obligation.what).in_(FURTHER), Obligation.submission_id == report.id)
    ).all()
    for row in rows:
        obligations.reopen(row)


def studies(session: Session, unit_ids: Iterable[int], period: Period) -> list[Directive]:
    """Return the standing directives of some committees that asked for a study and were due in a period."""
    found = session.exec(select(Directive).where(Directive.form_id == STUDY).order_by(col(Directive.id)))
    wanted = set(unit_ids)
    return [
        row for row in found if row.unit_id in wanted and row.state in directives.STANDING and row.deadline in period
    ]


def study_figures(
    session: Session, directive_id: int, unit_ids: Iterable[int] | None = None, today: date | None = None
) -> StudyFigures:
    """Return a directive's own study figures, for all branches addressed or for some; never added across directives.

    Members are those who had to attend as each branch reported them; of a branch that has not reported, those it has
    on the deadline (or today, if given and earlier). Raises LookupError for an unknown directive.
    """
    directive = session.get_one(Directive, directive_id)
    wanted = None if unit_ids is None else set(unit_ids)
    addressed = [
        row.unit_id for row in obligations.of_period(session, REPORT, [directives.period_of(directive_id)], wanted)
    ]
    reports = _reports(session, directive_id)
    held = {unit_id: answers for unit_id, answers in reports.items() if unit_id in set(addressed) and answers["held"]}
    day = min(directive.deadline, today or directive.deadline)
    expected = stock.stocks_on(session, day, [unit_id for unit_id in addressed if unit_id not in held])
    return StudyFigures(
        held=len(held),
        addressed=len(addressed),
        attended=sum(answers["present"] for answers in held.values()),
        members=sum(answers["total"] for answers in held.values()) + _required(expected),
    )


def _reports(session: Session, directive_id: int) -> dict[int, Mapping[str, Any]]:
    rows = session.exec(
        select(Submission).where(
            Submission.form_id == STUDY,
            Submission.kind == directives.period_of(directive_id),
            col(Submission.state).in_(CURRENT),
        )
    )
    return {row.unit_id: row.answers for row in rows}


def _required(expected: Mapping[int, Stock]) -> int:
    return sum(found.required for found in expected.values())
