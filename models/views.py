"""Read-only queries that return frozen rows: who has reported what, for one branch and summed over a subtree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from models import duties, submissions, units
from models.forms import FORMS
from models.obligations import DONE, Obligation
from models.periods import Period
from models.submissions import Submission
from models.units import Unit


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One branch in one month: its obligation's status, its regular meeting, how often that was corrected."""

    unit_id: int
    code: str
    name: str
    status: str
    headline: str
    version: int = 1
    present: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A subtree in one month.

    events: people by event id; own_figures: the committee's own; meetings: by outcome; attendance: of the meetings
    that were held.
    """

    period: Period
    unit_id: int
    unit_name: str
    rows: tuple[BranchRow, ...]
    on_time: int
    present: int
    required: int
    meetings: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)
    own_figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def expected(self) -> int:
        """How many branches owe the month's report."""
        return len(self.rows)

    @property
    def missing(self) -> tuple[BranchRow, ...]:
        """The branches whose report is missing."""
        return tuple(row for row in self.rows if row.status not in DONE)

    @property
    def reported(self) -> int:
        """How many of the expected have reported."""
        return self.expected - len(self.missing)


def overview(session: Session, unit_id: int, month: Period) -> Overview:
    """Return a month's state of a unit and everything beneath it."""
    below = units.subtree(session, [unit_id], month.last)
    owed = duties.expected(session, [month], below)
    reports = submissions.in_periods(session, [str(month)], below)
    held = [report for report in reports if is_held(report)]
    return Overview(
        period=month,
        unit_id=unit_id,
        unit_name=units.get(session, unit_id).name,
        rows=_branch_rows(session, owed, reports),
        on_time=sum(1 for row in owed if row.status == "on_time"),
        present=sum(report.answers["present"] for report in held),
        required=sum(report.answers["total"] for report in held),
        meetings=_meetings(reports),
        events=events(reports, "admission", "movement"),
        own_figures=events(reports, "own_figures"),
    )


def is_held(report: Submission) -> bool:
    """Return whether a report tells of a meeting that took place."""
    return report.form_id == "meeting" and report.answers.get("outcome") == "held"


def events(reports: Iterable[Submission], *form_ids: str) -> dict[str, int]:
    """Return what the reports of some forms count, summed by event."""
    summed: dict[str, int] = {}
    for report in reports:
        if report.form_id in form_ids:
            event = report.answers["event"]
            summed[event] = summed.get(event, 0) + int(report.answers["count"])
    return summed


def _meetings(reports: Iterable[Submission]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for report in reports:
        if report.form_id == "meeting":
            outcome = report.answers["outcome"]
            name = report.kind if outcome == "held" else outcome
            summed[name] = summed.get(name, 0) + 1
    return summed


def _branch_rows(session: Session, owed: Iterable[Obligation], reports: Iterable[Submission]) -> tuple[BranchRow, ...]:
    regular = {row.unit_id: row for row in reports if row.form_id == "meeting" and row.kind == "regular"}
    names = {unit.id: unit for unit in units.listed(session)}
    rows = [_branch_row(row, names[row.unit_id], regular.get(row.unit_id)) for row in owed]
    return tuple(sorted(rows, key=lambda row: code_order(row.code)))


def _branch_row(owed: Obligation, unit: Unit, report: Submission | None) -> BranchRow:
    headline = FORMS["meeting"].headline(report.answers) if report else ""
    counted = report.answers if report and is_held(report) else {}
    return BranchRow(
        unit_id=owed.unit_id,
        code=unit.code,
        name=unit.name,
        status=owed.status,
        headline=headline,
        version=report.version if report else 1,
        present=counted.get("present"),
        total=counted.get("total"),
    )


def code_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """Return the order people expect of codes: CB2 before CB10."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for letter in f"{code} ":
        if letter.isdecimal():  # isdigit also holds of "²", which is no number
            digits += letter
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, letter))
    return tuple(parts)


def reports_of(session: Session, unit_id: int, month: Period) -> list[Submission]:
    """Return everything a unit has reported for a month, in order of writing."""
    return submissions.in_periods(session, [str(month)], [unit_id])


def stated_on(report: Submission) -> date:
    """Return the local date a report was sent."""
    return report.reported_on
