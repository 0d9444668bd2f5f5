"""Attendance month by month, for the picture beside a report: sums of the subtree, never averaged."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models import figure_sources, rules
from models.aggregation import read_goal
from models.goals import Goals
from models.periods import Period, month_of, previous_month

SHOWN_MONTHS = 12
INDICATOR = "du_sinh_hoat"


@dataclass(frozen=True, slots=True)
class MonthOfAttendance:
    """One month: present of required at the meetings held, regular meetings held of those owed."""

    month: Period
    present: int
    required: int
    held: int
    owed: int


def wanted(session: Session, unit_id: int, period: Period, day: date) -> Decimal:
    """Return the attendance a unit is to reach, in per cent: its own target, else the rule of the day."""
    own = read_goal(Goals(session, unit_id, period).given(INDICATOR) or "")
    if own.kind == "share" and own.low is not None:
        return own.low
    return Decimal(rules.number_on(session, "meeting.attendance_goal", day))


def by_month(session: Session, unit_id: int, period: Period, today: date) -> list[MonthOfAttendance]:
    """Return the twelve months that end with a period, or with today, oldest first; those of another year too."""
    months = [month_of(min(period.last, today))]
    while len(months) < SHOWN_MONTHS:
        months.insert(0, previous_month(months[0]))
    found: list[MonthOfAttendance] = []
    for year in sorted({month.year for month in months}):
        found += _of_year(session, unit_id, [month for month in months if month.year == year], today)
    return found


def _of_year(session: Session, unit_id: int, months: list[Period], today: date) -> list[MonthOfAttendance]:
    facts = figure_sources.load(session, unit_id, months, today).values()
    meetings = [meeting for one in facts for meeting in one.meetings if meeting.here]
    regular = [(id(one), meeting.month) for one in facts for meeting in one.meetings if meeting.kind == "regular"]
    owed = [(id(one), duty.month) for one in facts for duty in one.duties if duty.here]
    return [
        MonthOfAttendance(
            month,
            sum(meeting.present for meeting in meetings if meeting.month == str(month)),
            sum(meeting.required for meeting in meetings if meeting.month == str(month)),
            len({one for one in regular if one[1] == str(month)} & set(owed)),
            sum(1 for _, of in owed if of == str(month)),
        )
        for month in months
    ]
