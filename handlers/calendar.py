"""/lich: the coming dates of whoever asks: meetings, deadlines, and days off."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from handlers.context import Context
from handlers.period_names import period_say
from handlers.permissions import roots
from handlers.talk import Replies, say
from models import duties, obligations, rules, terms, units
from models.forms.words import day_month
from models.messages import Message, Say
from models.obligations import Obligation
from models.rule_book import RuleBook
from models.working_days import Calendar

AHEAD = timedelta(days=45)
_DAY = timedelta(days=1)
Event = tuple[date, str, str]  # the day, the key of what happens, and the period


def command(context: Context, _words: str) -> Replies:
    """Answer /lich for one's own branches, and summed for the units one oversees."""
    seen = roots(context.who)
    if not seen:
        return say("calendar.nothing")
    duties.ensure(context.session, context.now)
    messages = [_of_unit(context, unit_id) for unit_id in seen]
    off = _days_off(rules.book(context.session).calendar(), context.today)
    if off:
        messages[-1] = Message((*messages[-1].parts, off))
    return messages


def _of_unit(context: Context, unit_id: int) -> Message:
    unit = units.get(context.session, unit_id)
    below = units.subtree(context.session, [unit_id], context.today)
    until = context.today + AHEAD
    # A meeting of the window may be due after it, and what is due in it may have been planned before.
    rows = obligations.due_between(context.session, context.today, until + timedelta(days=31))
    events = _events((row for row in rows if row.unit_id in below and row.what in terms.KEPT), context.today, until)
    head = Say("calendar.head", {"unit": unit.name})
    alone = unit.kind == "chi_bo" and len(below) == 1
    awards = _awards(rules.book(context.session), context.today, until)
    said = [(event[0], _line(event, count, alone=alone)) for event, count in sorted(events.items())]
    lines = [line for _, line in sorted([*said, *awards], key=lambda one: one[0])]
    return Message((head, *(lines or [Say("calendar.none")])))


def _events(rows: Iterable[Obligation], today: date, until: date) -> dict[Event, int]:
    events: dict[Event, int] = {}
    for row in rows:
        found = [(row.due_on, f"due_{row.what}", row.period)]
        if row.planned_on is not None and row.what != terms.BADGES:
            found.append((row.planned_on, row.what, row.period))
        for event in found:
            if today <= event[0] <= until:
                events[event] = events.get(event, 0) + 1
    return events


def _awards(book: RuleBook, today: date, until: date) -> list[tuple[date, Say]]:
    """Return the days on which badges are awarded: the same for everybody, whoever has proposed any."""
    days = {
        date(year, month, day)
        for year in (today.year, until.year)
        for day, month in book.days_of_quarters("badges.award_days", today)
    }
    return [
        (day, Say("calendar.line", {"day": day_month(day), "what": Say("calendar.what.badges")}))
        for day in sorted(days)
        if today <= day <= until
    ]


def _line(event: Event, count: int, *, alone: bool) -> Say:
    day, what, period = event
    said = Say(f"calendar.what.{what}", {"period": period_say(period)})
    if alone:
        return Say("calendar.line", {"day": day_month(day), "what": said})
    return Say("calendar.line_counted", {"day": day_month(day), "what": said, "count": count})


def _days_off(calendar: Calendar, today: date) -> Say | None:
    days = [today + n * _DAY for n in range(AHEAD.days + 1)]
    off = _runs([day for day in days if day.weekday() < 5 and not calendar.is_working(day)])
    worked = _runs([day for day in days if day.weekday() >= 5 and calendar.is_working(day)])
    if not off:
        return None
    return Say("calendar.off_and_worked" if worked else "calendar.off", {"days": off, "worked": worked})


def _runs(days: Sequence[date]) -> str:
    """Return days as "30/4–1/5, 2/9"."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(days: Sequence[date]) -> str:
    return day_month(days[0]) if len(days) == 1 else f"{day_month(days[0])}–{day_month(days[-1])}"


COMMANDS = {"lich": command}
