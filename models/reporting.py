"""Taking a report: the submission, the members it states, the obligation it fulfils and the audit, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from models import audit, cases, directive_acks, duties, obligations, stock, submissions, terms, units
from models.forms import FORMS
from models.forms.base import Facts, Stock
from models.forms.case_step import FORM_ID as CASE_STEP
from models.forms.quarterly import FORM_ID as QUARTERLY
from models.obligations import Obligation
from models.periods import Period, month_of, parse_period, previous_month, quarter_of
from models.submissions import Submission

MEETING = "meeting"
_LATE_DAYS = 45  # how long after a quarter's end its missing form is what is asked for first


@dataclass(frozen=True, slots=True)
class Sender:
    """Who reports, at which moment, and the local date lateness is judged by."""

    account_id: int | None
    now: datetime
    reported_on: date


def submit(
    session: Session,
    unit_id: int,
    form_id: str,
    answers: Mapping[str, Any],
    sender: Sender,
    *,
    replaces: Submission | None = None,
    reason: str = "",
) -> Submission:
    """Store a report or, with `replaces`, its corrected version; the obligation and the members follow.

    Raises IntegrityError when a report of the same unit, form, period and kind was stored meanwhile.
    """
    new = _new_submission(session, unit_id, form_id, answers, sender)
    new.reason = reason
    if replaces is None:
        submissions.add(session, new)
    else:
        _undo(session, replaces)
        submissions.replace(session, replaces, new)
    _apply(session, new, sender)
    old = dict(replaces.answers) if replaces else None
    actor = audit.by_account(sender.account_id) if sender.account_id else "import"
    deed = "report.correct" if replaces else "report.submit"
    audit.record(
        session, sender.now, actor, deed, unit_id=unit_id, subject=f"submission:{new.id}", old=old, new=dict(answers)
    )
    return new


def withdraw(session: Session, submission: Submission, sender: Sender, reason: str = "") -> None:
    """Take a report back; what it fulfilled is owed again."""
    _undo(session, submission)
    submissions.withdraw(session, submission)
    actor = audit.by_account(sender.account_id) if sender.account_id else "import"
    audit.record(
        session, sender.now, actor, "report.withdraw", unit_id=submission.unit_id,
        subject=f"submission:{submission.id}", old=dict(submission.answers), new={"reason": reason},
    )  # fmt: skip


def _new_submission(
    session: Session, unit_id: int, form_id: str, answers: Mapping[str, Any], sender: Sender
) -> Submission:
    form = FORMS[form_id]
    period, kind = form.period(answers), form.kind(answers)
    serial = 1 if form.single(answers) else submissions.next_serial(session, unit_id, form_id, period, kind)
    return Submission(
        unit_id=unit_id,
        form_id=form_id,
        form_version=form.version,
        period=period,
        kind=kind,
        serial=serial,
        answers=dict(answers),
        account_id=sender.account_id,
        submitted_at=sender.now,
        reported_on=sender.reported_on,
    )


def _apply(session: Session, submission: Submission, sender: Sender) -> None:
    if "directive" in submission.answers and sender.account_id is not None:
        by = directive_acks.By(sender.account_id, sender.now, sender.reported_on)
        directive_acks.reported(session, submission, by)
    if submission.form_id == QUARTERLY:
        _confirm_quarter(session, submission, sender)
    if _is_of_a_case(submission):
        cases.note(session, submission, sender.now)
    if submission.form_id != MEETING:
        return
    answers = submission.answers
    if answers["outcome"] == "held" and "official" in answers:
        counts = (answers["official"], answers["probationary"], answers["exempt"])
        units.state_membership(
            session, submission.unit_id, date.fromisoformat(answers["held_on"]), counts, submission.id
        )
    if submission.kind == "regular":
        _apply_to_obligation(session, submission, sender)


def _apply_to_obligation(session: Session, submission: Submission, sender: Sender) -> None:
    month = parse_period(submission.period)
    obligation = meeting_obligation(session, submission)
    if obligation is None:
        # A month reported before anything created its rows: they are owed all the same.
        duties.ensure_meetings(session, month, sender.now)
        obligation = meeting_obligation(session, submission)
    answers = submission.answers
    if obligation is None or submission.id is None:
        return
    if answers["outcome"] == "postponed":
        new_on = answers.get("new_on")
        duties.meeting_postponed(session, obligation, month, date.fromisoformat(new_on) if new_on else None)
        return
    if answers["outcome"] == "held":
        duties.meeting_happened(session, obligation, month, date.fromisoformat(answers["held_on"]))
    first = submissions.versions(session, submission)[-1]
    # A correction of a report that came in time does not make it late.
    in_time = first.reported_on if first.answers.get("outcome") != "postponed" else submission.reported_on
    obligations.fulfil(obligation, submission.id, in_time, sender.now)


def meeting_obligation(session: Session, submission: Submission) -> Obligation | None:
    """Return the obligation a meeting report belongs to, or None."""
    return obligations.find(session, submission.unit_id, duties.MEETING, submission.period)


def _is_of_a_case(submission: Submission) -> bool:
    return submission.form_id == CASE_STEP or bool(submission.answers.get("case"))


def _confirm_quarter(session: Session, submission: Submission, sender: Sender) -> None:
    """Let the quarterly form fulfil what the branch owes for the figures due in that quarter."""
    obligation = _figures_obligation(session, submission)
    if obligation is not None and submission.id is not None and obligation.status == "open":
        first = submissions.versions(session, submission)[-1]
        obligations.fulfil(obligation, submission.id, first.reported_on, sender.now)


def _figures_obligation(session: Session, submission: Submission) -> Obligation | None:
    period = terms.figures_period(parse_period(submission.period))
    return obligations.find(session, submission.unit_id, duties.FIGURES, str(period))


def _undo(session: Session, submission: Submission) -> None:
    if submission.form_id == QUARTERLY:
        owed = _figures_obligation(session, submission)
        if owed is not None and owed.submission_id == submission.id:
            obligations.reopen(owed)
    if _is_of_a_case(submission):
        cases.forget(session, submission, submission.submitted_at)
    for row in session.exec(select(units.Membership).where(units.Membership.submission_id == submission.id)):
        session.delete(row)
    session.flush()
    if "directive" in submission.answers:
        directive_acks.unreported(session, submission)
    if submission.form_id != MEETING or submission.kind != "regular":
        return
    obligation = meeting_obligation(session, submission)
    if obligation and obligation.status in obligations.DONE:
        obligations.reopen(obligation)


# What is known before a question is asked -----------------------------------------------------------------------


def facts_for(session: Session, unit: units.Unit, form_id: str, today: date, without: int | None = None) -> Facts:
    """Return what is known of a unit for a form on a day; `without` leaves out the submission being corrected."""
    unit_id = units.unit_id(unit)
    month = month_of(today)
    owed = obligations.of_period(session, duties.MEETING, [str(previous_month(month)), str(month)], [unit_id])
    planned = next((row.planned_on for row in owed if row.status == "open" and row.period == str(month)), None)
    return Facts(
        today=today,
        unit_name=unit.name,
        stock=stock_on(session, unit_id, today, without),
        planned_on=planned,
        open_months=tuple(row.period for row in owed if row.status == "open"),
        existing=_existing(session, unit_id, form_id, today, without),
        quarter=str(_quarter_due(session, unit_id, today)) if form_id == QUARTERLY else "",
        known=_known_of_the_year(session, unit_id, today) if form_id == QUARTERLY else {},
        cases=cases.open_labels(session, unit_id, without) if form_id in ("admission", CASE_STEP) else {},
    )


def _quarter_due(session: Session, unit_id: int, today: date) -> Period:
    """Return the quarter whose figures are asked for: the last one while its form is missing, some weeks long."""
    now = quarter_of(today)
    before = quarter_of(now.first - timedelta(days=1))
    owed = obligations.find(session, unit_id, duties.FIGURES, str(terms.figures_period(before)))
    late = owed is not None and owed.status == "open" and (today - before.last).days <= _LATE_DAYS
    return before if late else now


def _known_of_the_year(session: Session, unit_id: int, today: date) -> dict[str, Any]:
    """Return what the branch's quarterly forms of the year said last, by indicator."""
    now = _quarter_due(session, unit_id, today)
    quarters = [str(Period(now.year, month, 3)) for month in range(1, now.first_month + 1, 3)]
    rows = submissions.in_periods(session, quarters, [unit_id], QUARTERLY)
    known: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: row.period):
        known |= row.answers
    return known


def _existing(
    session: Session, unit_id: int, form_id: str, today: date, without: int | None
) -> dict[tuple[str, str], Mapping[str, Any]]:
    month = month_of(today)
    periods = [str(month), str(previous_month(month)), str(previous_month(previous_month(month)))]
    rows = submissions.in_periods(session, periods, [unit_id], form_id)
    return {
        (row.period, row.kind): row.answers
        for row in rows
        if row.id != without and row.answers.get("outcome") != "postponed"
    }


def stock_on(session: Session, unit_id: int, day: date, without: int | None = None) -> Stock | None:
    """Return the members a unit is expected to have on a day: what it last stated plus what happened since."""
    return stock.stocks_on(session, day, [unit_id], without).get(unit_id)
