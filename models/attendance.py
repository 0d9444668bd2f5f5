"""Attendance month by month, for the picture beside a report: sums of the subtree, never averaged."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models import rules
from models.aggregation import read_goal
from models.figure_sources import sources
from models.goals import Goals
from models.meeting_months import Month
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
    known = sources(session, unit_id, months, today)
    begun = {month.name: month for month in known.months} if known else {}
    return [_month(month, begun.get(str(month))) for month in months]


def _month(month: Period, known: Month | None) -> MonthOfAttendance:
    if known is None:
        return MonthOfAttendance(month, 0, 0, 0, 0)
    present, required = (sum(row[place] for row in known.attended) for place in (1, 2))
    return MonthOfAttendance(month, present, required, len(known.expected & known.regular), len(known.expected))
