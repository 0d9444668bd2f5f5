"""When each duty of a branch opens, happens and is due, by rule values and calendar. Pure.

Monthly meeting: Điều lệ 24.2, its report 42-HD/BTCTW; a thematic meeting once a quarter (42-HD/BTCTW); the branch's
figures for the first quarter, six months, nine months and the year by the committee's day of the last month. Badges
are awarded on one day of every quarter; a branch proposes them by the committee's day in the quarter's report before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models.periods import Period, month_of, next_month, quarter_after, quarter_before, quarter_of
from models.rule_book import RuleBook

MEETING, THEMATIC, FIGURES, BADGES = "meeting", "thematic", "figures", "badges"
WHATS = (MEETING, THEMATIC, FIGURES)  # each has a report of its own, which is counted, chased and missed
KEPT = (*WHATS, BADGES)  # of badges a branch is reminded only: most have none to propose


@dataclass(frozen=True, slots=True)
class Term:
    """The days of one duty; a unit owes it if it exists and is not paused on every day of `counted_on`."""

    opens_on: date
    planned_on: date | None
    due_on: date
    counted_on: tuple[date, ...]


def term(book: RuleBook, what: str, period: Period, meeting_day: int | None = None) -> Term:
    """Return the days of a duty in a period by the values in force on its first day. Raises LookupError, KeyError."""
    return {MEETING: _meeting, THEMATIC: _thematic, FIGURES: _figures, BADGES: _badges}[what](book, period, meeting_day)


def _meeting(book: RuleBook, month: Period, own_day: int | None) -> Term:
    planned = meeting_on(book, month, own_day)
    return Term(month.first, planned, meeting_due(book, month, planned), (planned,))


def meeting_on(book: RuleBook, month: Period, own_day: int | None) -> date:
    """Return the day of a month's meeting: the branch's own day or the committee's, clamped to the month.

    Where the committee says so it moves to the next working day, or back where that would leave the month.
    """
    planned = month.day(own_day or book.number("meeting.day", month.first))
    if not book.yes("meeting.move_to_working_day", month.first):
        return planned
    calendar = book.calendar()
    moved = calendar.next_working_day(planned)
    return moved if moved in month else calendar.previous_working_day(planned)


def meeting_due(book: RuleBook, month: Period, held_or_planned: date) -> date:
    """Return the last day a meeting's report is on time."""
    days = book.number("meeting.report_days", month.first)
    return min(held_or_planned + timedelta(days=days), month.day(book.number("meeting.report_latest_day", month.first)))


def _thematic(_book: RuleBook, quarter: Period, _own_day: int | None) -> Term:
    # A branch that begins or ends within the quarter's last month, when it is reminded, owes no thematic meeting.
    return Term(quarter.first, None, quarter.last, (quarter.months[-1].first, quarter.last))


def _figures(book: RuleBook, period: Period, _own_day: int | None) -> Term:
    last_month = month_of(period.last)
    due = last_month.day(book.number("figures.due_day", period.first))
    if book.yes("figures.move_to_working_day", period.first):
        due = book.calendar().next_working_day(due)
    return Term(period.first, None, due, (due,))


def _badges(book: RuleBook, quarter: Period, _own_day: int | None) -> Term:
    day, month = book.days_of_quarters("badges.award_days", quarter.first)[quarter.first_month // 3]
    awarded = date(quarter.year, month, day)
    due = awarded - timedelta(days=book.number("badges.propose_before", quarter.first))
    return Term(quarter_before(quarter).first, awarded, due, (due,))


def figures_period(quarter: Period) -> Period:
    """Return the period whose figures are due in a quarter: the first quarter, six months, nine months, the year."""
    months = quarter.first_month + 2
    return Period(quarter.year, 1, months)


def around(today: date) -> tuple[tuple[str, Period], ...]:
    """Return the duties that are kept as rows on a day: of this month and quarter, and of the next."""
    month, quarter = month_of(today), quarter_of(today)
    later = quarter_after(quarter)
    return (
        *((MEETING, one) for one in (month, next_month(month))),
        *((THEMATIC, one) for one in (quarter, later)),
        *((FIGURES, figures_period(one)) for one in (quarter, later)),
        *((BADGES, one) for one in (quarter, later)),
    )


def owes(found: Term, exists: tuple[date, date], paused: Iterable[tuple[date, date]]) -> bool:
    """Return whether a unit that exists and is paused between the days given, both included, owes a duty."""
    here = all(exists[0] <= day <= exists[1] for day in found.counted_on)
    return here and not any(first <= day <= last for first, last in paused for day in found.counted_on)
