"""What rules make of units and calendar: obligation rows created ahead, one a unit, duty and period."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, inspect, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from models import obligations, rules, submissions, terms
from models.clock import local_date
from models.obligations import DONE, Obligation
from models.periods import Period, quarter_after
from models.rule_book import RuleBook
from models.submissions import Submission
from models.terms import BADGES, FIGURES, MEETING, THEMATIC, WHATS, Term
from models.units import Unit, UnitPause

__all__ = ["FIGURES", "MEETING", "THEMATIC", "WHATS"]

_TABLE: Table = Obligation.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_REPORTS: Table = Submission.__table__  # type: ignore[attr-defined]  # likewise
_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # likewise
QUARTERLY = "quarterly"  # the form a branch reports its figures by, one a quarter
_CHUNK = 500  # SQLite allows some thousands of bound values a statement
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Branch:
    """A branch with what decides whether it owes anything."""

    id: int
    exists: Days
    meeting_day: int | None
    paused: tuple[Days, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An obligation row as it stands."""

    id: int
    status: str
    planned_on: date | None
    due_on: date
    moved: bool


def ensure(session: Session, now: datetime) -> None:
    """Bring the obligations of this and the next month and quarter in line with units, pauses and rule values.

    Missing ones are created, those nobody owes any more are cancelled, and open ones follow a changed rule unless
    their secretary moved them. What was due before today is not created, but for this month's meeting.
    """
    book, branches = rules.book(session), _branches(session)
    today = local_date(now)
    for what, period in terms.around(today):
        if what == MEETING or terms.term(book, what, period).due_on >= today:
            _align(session, book, branches, (what, period), now)


def ensure_meetings(session: Session, month: Period, now: datetime) -> None:
    """Bring the month's meeting obligations in line with units, pauses and rule values.

    A branch is expected where it exists, and is not paused, on its planned meeting day. Raises LookupError.
    """
    _align(session, rules.book(session), _branches(session), (MEETING, month), now)


def _branches(session: Session) -> list[_Branch]:
    paused: dict[int, list[Days]] = {}
    for pause in session.exec(select(UnitPause)):
        paused.setdefault(pause.unit_id, []).append((pause.paused_from, pause.paused_to))
    columns = (_UNITS.c[name] for name in ("id", "valid_from", "valid_to", "meeting_day"))
    rows = session.execute(sql_select(*columns).where(_UNITS.c.kind == "chi_bo").order_by(_UNITS.c.code_key))
    return [_Branch(row[0], (row[1], row[2]), row[3], tuple(paused.get(row[0], ()))) for row in rows]


def _align(
    session: Session, book: RuleBook, branches: Iterable[_Branch], duty: tuple[str, Period], now: datetime
) -> None:
    what, period = duty
    found: dict[int | None, Term] = {}
    new: list[dict[str, Any]] = []
    kept = _kept(session, what, str(period))
    for branch in branches:
        if branch.meeting_day not in found:
            found[branch.meeting_day] = terms.term(book, what, period, branch.meeting_day)
        term = found[branch.meeting_day]
        row = kept.get(branch.id)
        if row is not None and row.moved and row.planned_on:
            term = replace(term, counted_on=(row.planned_on,))
        owed = terms.owes(term, branch.exists, branch.paused)
        if row is None and owed:
            new.append({"unit_id": branch.id, "what": what, "period": str(period), "created_at": now, **_dates(term)})
        elif row is not None:
            _align_row(session, row, term, owed=owed)
    _insert(session, new)


def _kept(session: Session, what: str, period: str) -> dict[int, _Kept]:
    columns = (_TABLE.c[name] for name in ("unit_id", "id", "status", "planned_on", "due_on", "moved"))
    rows = session.execute(sql_select(*columns).where(_TABLE.c.what == what, _TABLE.c.period == period))
    return {row[0]: _Kept(*row[1:]) for row in rows}


def _dates(term: Term) -> dict[str, Any]:
    return {
        "opens_on": term.opens_on,
        "planned_on": term.planned_on,
        "due_on": term.due_on,
        "on_time_until": term.due_on,
    }


def _align_row(session: Session, row: _Kept, term: Term, *, owed: bool) -> None:
    if row.status not in ("open", "cancelled"):
        return
    changes: dict[str, Any] = {}
    if (row.status == "open") != owed:
        changes["status"] = "open" if owed else "cancelled"
    if owed and not row.moved and (row.planned_on, row.due_on) != (term.planned_on, term.due_on):
        changes |= _dates(term)
    if changes:
        session.execute(update(_TABLE).where(_TABLE.c.id == row.id).values(**changes))
        _forget(session, row.id)


def _forget(session: Session, obligation_id: int) -> None:
    known = session.identity_map.get(session.identity_key(Obligation, obligation_id))
    if known is not None:
        session.expire(known)


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    """Add rows; one that another process added meanwhile stays as it is."""
    dialect = sqlite if inspect(session.connection()).dialect.name == "sqlite" else postgresql
    defaults = {"status": "open", "moved": False, "reason": "", "details": {}}
    for start in range(0, len(rows), _CHUNK):
        chunk = [{**defaults, **row} for row in rows[start : start + _CHUNK]]
        session.execute(dialect.insert(_TABLE).values(chunk).on_conflict_do_nothing())
    session.flush()


# The meeting ----------------------------------------------------------------------------------------------------


def meeting_happened(session: Session, obligation: Obligation, month: Period, held_on: date) -> None:
    """Let the time for reporting follow the actual day of the meeting."""
    obligation.on_time_until = terms.meeting_due(rules.book(session), month, held_on)


def meeting_postponed(session: Session, obligation: Obligation, month: Period, new_on: date | None) -> None:
    """Move a meeting to its new day, and with it the day it is due and its reminders; without a day nothing moves."""
    if new_on is None:
        return
    due = terms.meeting_due(rules.book(session), month, new_on)
    obligation.planned_on, obligation.due_on, obligation.on_time_until = new_on, due, due
    obligation.moved = True


def expected(session: Session, months: Iterable[Period], unit_ids: Iterable[int] | None) -> list[Obligation]:
    """Return the meeting obligations of the months, for all units or for some."""
    return obligations.of_period(session, MEETING, [str(month) for month in months], unit_ids)


# The thematic meeting, the figures and the badges ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Followed:
    """Obligations that follow reports of a form wherever these come from: which, and reported in which periods."""

    what: str
    period: str
    form_id: str
    kind: str
    reported_in: tuple[str, ...]


def sync_quarter(session: Session, quarter: Period, now: datetime, unit_ids: Iterable[int] | None = None) -> None:
    """Let a quarter's obligations follow the thematic meetings and figures that were reported, or withdrawn.

    Who reported a quarter's figures has said in them how many badges, awarded in the next one, are proposed.
    """
    months = tuple(str(month) for month in quarter.months)
    figures = str(terms.figures_period(quarter))
    wanted = None if unit_ids is None else set(unit_ids)
    _follow(session, _Followed(THEMATIC, str(quarter), MEETING, THEMATIC, months), now, wanted)
    _follow(session, _Followed(FIGURES, figures, QUARTERLY, "", (str(quarter),)), now, wanted)
    proposed = str(quarter_after(quarter))
    _follow(session, _Followed(BADGES, proposed, QUARTERLY, "", (str(quarter),)), now, wanted)
    session.flush()


def _follow(session: Session, followed: _Followed, now: datetime, wanted: set[int] | None) -> None:
    reports = _reports(session, followed)
    columns = (_TABLE.c[name] for name in ("id", "unit_id", "status", "submission_id"))
    of_period = (_TABLE.c.what == followed.what, _TABLE.c.period == followed.period)
    for number, unit_id, status, submission_id in session.execute(sql_select(*columns).where(*of_period)).all():
        report = reports.get(unit_id)
        unchanged = status not in ("open", *DONE) or (report[0] if report else None) == submission_id
        if unchanged or (wanted is not None and unit_id not in wanted):
            continue
        row = session.get_one(Obligation, number)
        if report is None:
            obligations.reopen(row)
        else:
            obligations.fulfil(row, report[0], report[1], now)


def _reports(session: Session, followed: _Followed) -> dict[int, tuple[int, date]]:
    """Return for each unit its first report that counts, and the day its first version was sent."""
    columns = (_REPORTS.c[name] for name in ("unit_id", "id", "reported_on", "answers", "replaces_id"))
    rows = session.execute(
        sql_select(*columns)
        .where(
            _REPORTS.c.form_id == followed.form_id,
            _REPORTS.c.kind == followed.kind,
            _REPORTS.c.period.in_(followed.reported_in),
            _REPORTS.c.state.in_(submissions.CURRENT),
        )
        .order_by(_REPORTS.c.id.desc())
    ).all()
    return {
        unit_id: (number, _first_sent(session, number) if replaces else reported_on)
        for unit_id, number, reported_on, answers, replaces in rows
        if answers.get("outcome", "held") == "held"
    }


def _first_sent(session: Session, submission_id: int) -> date:
    # A correction of a report that came in time does not make it late.
    return submissions.versions(session, session.get_one(Submission, submission_id))[-1].reported_on
