"""Admission cases (hồ sơ kết nạp): a serial and dates, no name; the deadlines are obligations of the branch.

The dates follow from reports: the case's own steps and the admission form. Điều lệ Đảng and 01-HD/TW: a certificate
of the awareness class holds 60 months, a dossier 12; ceremony within 30 working days of the decision; probation 12
months from the ceremony, the vote within 30 working days after. All of these are rule values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from models import obligations, rules
from models.database import BigId
from models.forms.case_step import CERTIFIED, DECIDED, DOSSIER, ENDED, FORM_ID, OPENED, RESOLVED
from models.forms.events import dates_for_each
from models.obligations import Obligation
from models.periods import Period
from models.rule_book import RuleBook
from models.submissions import Submission

# What each step sets, in the order of the pipeline; the admission form's events beside the case's own steps.
COLUMNS = {
    OPENED: "opened_on",
    "boi_duong_nhan_thuc": "class_on",
    CERTIFIED: "certified_on",
    DOSSIER: "dossier_on",
    RESOLVED: "resolved_on",
    "de_nghi_ket_nap": "proposed_on",
    DECIDED: "decided_on",
    "ket_nap": "held_on",
    "chinh_thuc": "official_on",
    ENDED: "ended_on",
}
COUNTED_BY = {"resolution": "resolved_on", "proposal": "proposed_on", "decision": "decided_on", "ceremony": "held_on"}
EVENTS = ("boi_duong_nhan_thuc", "de_nghi_ket_nap", "ket_nap", "chinh_thuc")
CEREMONY_COLUMN = COUNTED_BY["ceremony"]
CERTIFICATE, FILE, CEREMONY, PROBATION = "case_certificate", "case_dossier", "case_ceremony", "case_probation"
WHATS = (CERTIFICATE, FILE, CEREMONY, PROBATION)


class AdmissionCase(SQLModel, table=True):
    """One case by its serial ("KN-2026-03"); a date is None until its step is reported."""

    __tablename__ = "admission_case"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    serial: str = Field(unique=True)
    opened_on: date | None = None
    class_on: date | None = None
    certified_on: date | None = None
    dossier_on: date | None = None
    resolved_on: date | None = None
    proposed_on: date | None = None
    decided_on: date | None = None
    held_on: date | None = None
    official_on: date | None = None
    ended_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come."""
        return self.opened_on is not None and self.official_on is None and self.ended_on is None


# Reading --------------------------------------------------------------------------------------------------------


def by_serial(session: Session, serial: str) -> AdmissionCase | None:
    """Return a case by its serial, or None."""
    return session.exec(select(AdmissionCase).where(AdmissionCase.serial == serial)).one_or_none()


def of_units(session: Session, unit_ids: Iterable[int]) -> list[AdmissionCase]:
    """Return the open cases of some units, by serial."""
    rows = session.exec(
        select(AdmissionCase).where(col(AdmissionCase.unit_id).in_(list(unit_ids))).order_by(AdmissionCase.serial)
    )
    return [row for row in rows if row.is_open]


def next_step(case: AdmissionCase) -> str:
    """Return the step a case waits for: the one after the last that was reported, "" when it is over.

    A step left out on the way (a certificate got before the case was opened) is not waited for.
    """
    steps = list(COLUMNS)[:-1]
    last = max((place for place, step in enumerate(steps) if getattr(case, COLUMNS[step])), default=-1)
    return steps[last + 1] if case.is_open and last + 1 < len(steps) else ""


def open_labels(session: Session, unit_id: int, without: int | None = None) -> dict[str, str]:
    """Return by serial what each open case of a unit waits for (an id of `COLUMNS`).

    without: the report that is being corrected; the cases it names wait for its step again.
    """
    waiting = {case.serial: next_step(case) for case in of_units(session, [unit_id])}
    corrected = session.get(Submission, without) if without else None
    if corrected is None or not corrected.answers.get("case"):
        return waiting
    return waiting | dict.fromkeys(str(corrected.answers["case"]).split(), _step(corrected))


def counted_column(session: Session, day: date) -> str:
    """Return the date of a case that counts as its admission by the setting of a day; the ceremony's without one."""
    try:
        return COUNTED_BY[rules.value_on(session, "admission.counted_by", day)]
    except LookupError:
        return CEREMONY_COLUMN


def counted_between(session: Session, column: str, first: date, last: date) -> list[tuple[int, date]]:
    """Return (unit, day) of every case whose date of a column lies between two days."""
    found = col(getattr(AdmissionCase, column))
    rows = session.exec(select(col(AdmissionCase.unit_id), found).where(found.between(first, last)))
    return [(unit_id, day) for unit_id, day in rows]


# Changing -------------------------------------------------------------------------------------------------------


def note(session: Session, submission: Submission, now: datetime) -> None:
    """Set the dates of the cases a report names; opening one gives it its serial, kept in the report's answers."""
    answers = submission.answers
    if submission.form_id == FORM_ID and answers["step"] == OPENED and not answers.get("case"):
        answers = {**answers, "case": _new_serial(session, date.fromisoformat(answers["dates"][0]).year)}
        submission.answers = answers
    for case, day in _named(session, submission):
        setattr(case, COLUMNS[_step(submission)], day)
        session.add(case)
        session.flush()
        _sync(session, case, now)


def forget(session: Session, submission: Submission, now: datetime) -> None:
    """Take the dates back that a withdrawn or replaced report had set."""
    for case, day in _named(session, submission):
        if getattr(case, COLUMNS[_step(submission)]) == day:
            setattr(case, COLUMNS[_step(submission)], None)
            session.flush()
            _sync(session, case, now)


def _step(submission: Submission) -> str:
    return str(submission.answers["step" if submission.form_id == FORM_ID else "event"])


def _named(session: Session, submission: Submission) -> list[tuple[AdmissionCase, date]]:
    serials = str(submission.answers.get("case", "")).split()
    if not serials:
        return []
    dates = list(submission.answers["dates"])
    days = dates if submission.form_id == FORM_ID else dates_for_each(submission.answers)
    named = []
    for serial, day in zip(serials, days, strict=False):
        case = by_serial(session, serial) or AdmissionCase(unit_id=submission.unit_id, serial=serial)
        if case.unit_id == submission.unit_id:
            named.append((case, date.fromisoformat(day)))
    return named


def _new_serial(session: Session, year: int) -> str:
    taken = session.exec(
        select(func.count(col(AdmissionCase.id))).where(col(AdmissionCase.serial).startswith(f"KN-{year}-"))
    ).one()
    return f"KN-{year}-{taken + 1:02d}"


# Deadlines ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline of a case: counted from `opens_on`, planned where something happens before it, over at `met_on`."""

    what: str
    opens_on: date
    planned_on: date | None
    due_on: date
    met_on: date | None


def deadlines(case: AdmissionCase, book: RuleBook) -> list[Deadline]:
    """Return the deadlines that run for a case by the rule values in force when each began."""
    found = []
    if case.certified_on:
        due = months_after(case.certified_on, book.number("case.certificate_months", case.certified_on))
        found.append(Deadline(CERTIFICATE, case.certified_on, None, due, case.decided_on or case.held_on))
    if case.dossier_on:
        due = months_after(case.dossier_on, book.number("case.dossier_months", case.dossier_on))
        found.append(Deadline(FILE, case.dossier_on, None, due, case.decided_on or case.held_on))
    if case.decided_on:
        due = _working_days(book, case.decided_on, book.number("case.ceremony_days", case.decided_on))
        found.append(Deadline(CEREMONY, case.decided_on, None, due, case.held_on))
    if case.held_on:
        over = months_after(case.held_on, book.number("case.probation_months", case.held_on))
        due = _working_days(book, over, book.number("case.official_days", case.held_on))
        found.append(Deadline(PROBATION, case.held_on, over, due, case.official_on))
    return found


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, clamped to its month's last day."""
    count = day.year * 12 + day.month - 1 + months
    return Period(count // 12, count % 12 + 1, 1).day(day.day)


def _working_days(book: RuleBook, day: date, number: int) -> date:
    return book.calendar().add_working_days(day, number)


def _sync(session: Session, case: AdmissionCase, now: datetime) -> None:
    """Bring the obligations of a case in line with its dates."""
    wanted = {one.what: one for one in deadlines(case, rules.book(session))}
    for what in WHATS:
        row = obligations.find(session, case.unit_id, what, case.serial)
        one = wanted.get(what)
        if one is not None:
            row = row or Obligation(
                unit_id=case.unit_id, what=what, period=case.serial, opens_on=one.opens_on, due_on=one.due_on,
                on_time_until=one.due_on, details={"label": case.serial}, created_at=now,
            )  # fmt: skip
            row.opens_on, row.planned_on = one.opens_on, one.planned_on
            row.due_on = row.on_time_until = one.due_on
            session.add(row)
        if row is not None:
            _settle(row, one, case, now)
    session.flush()


def _settle(row: Obligation, one: Deadline | None, case: AdmissionCase, now: datetime) -> None:
    if one is None or (case.ended_on and not one.met_on):
        row.status = "cancelled"
    elif one.met_on:
        obligations.fulfil(row, None, one.met_on, now)
    else:
        obligations.reopen(row)
