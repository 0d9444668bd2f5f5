"""What rules make of units and calendar: the monthly meeting's obligation rows, created ahead, one a unit and month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models import obligations, rules, units
from models.obligations import Obligation
from models.periods import Period

MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """The rule values of a month's meeting: default day, days to report, and the latest day of the month."""

    day: int
    report_days: int
    latest_day: int


def meeting_rule(session: Session, month: Period) -> MeetingRule:
    """Return the values in force on the month's first day. Raises LookupError."""
    codes = ("meeting.day", "meeting.report_days", "meeting.report_latest_day")
    return MeetingRule(*(rules.number_on(session, code, month.first) for code in codes))


def ensure_meetings(session: Session, month: Period, now: datetime) -> None:
    """Create the month's meeting obligations that are missing.

    A branch is expected where it exists, and is not paused, on its planned meeting day.
    """
    rule = meeting_rule(session, month)
    have = {row.unit_id for row in obligations.of_period(session, MEETING, [str(month)])}
    paused: dict[date, set[int]] = {}
    for unit in units.listed(session, kinds=("chi_bo",)):
        planned = month.day(unit.meeting_day or rule.day)
        if planned not in paused:
            paused[planned] = units.paused_ids(session, planned)
        if unit.id in have or unit.id in paused[planned] or not units.valid_on(unit, planned):
            continue
        session.add(_meeting_obligation(units.unit_id(unit), month, planned, rule, now))
    session.flush()


def _meeting_obligation(unit_id: int, month: Period, planned: date, rule: MeetingRule, now: datetime) -> Obligation:
    due = obligations.report_by(planned, rule.report_days, month.day(rule.latest_day))
    return Obligation(
        unit_id=unit_id,
        what=MEETING,
        period=str(month),
        opens_on=month.first,
        planned_on=planned,
        due_on=due,
        on_time_until=due,
        created_at=now,
    )


def meeting_happened(session: Session, obligation: Obligation, month: Period, held_on: date) -> None:
    """Let the time for reporting follow the actual day of the meeting."""
    rule = meeting_rule(session, month)
    obligation.on_time_until = obligations.report_by(held_on, rule.report_days, month.day(rule.latest_day))


def meeting_postponed(session: Session, obligation: Obligation, month: Period, new_on: date | None) -> None:
    """Move a meeting to its new day, and with it the day it is due and its reminders; without a day nothing moves."""
    if new_on is None:
        return
    rule = meeting_rule(session, month)
    due = obligations.report_by(new_on, rule.report_days, month.day(rule.latest_day))
    obligation.planned_on, obligation.due_on, obligation.on_time_until = new_on, due, due


def expected(session: Session, months: Iterable[Period], unit_ids: Iterable[int] | None) -> list[Obligation]:
    """Return the meeting obligations of the months, for all units or for some."""
    return obligations.of_period(session, MEETING, [str(month) for month in months], unit_ids)
