"""The office's morning message: how many have reported, who is due today, who is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models import directives, outbox, units
from models.clock import at, local_date
from models.messages import Arg, Message, Say, button
from models.obligations import DONE, Obligation
from models.periods import month_of
from models.rule_book import RuleBook
from models.terms import WHATS
from models.units import Unit
from reminders.facts import reachable
from reminders.rules.period_words import period_words
from reminders.wording import day_month

NAMES = 12  # names in one line; the rest is counted, and listed by /chuabaocao
LATE_FOR = timedelta(days=31)  # what is late for longer is no morning news
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class State:
    """One duty in one period within an officer's units."""

    what: str
    period: str
    done: int
    expected: int
    due_today: tuple[str, ...]
    late: tuple[str, ...]
    excused: tuple[str, ...] = ()
    title: str = ""  # what it is called where its period is no period of time (a directive)


def put(session: Session, book: RuleBook, since: datetime, now: datetime) -> int:
    """Queue the digest of today for every officer, if its hour came since the last tick; return how many."""
    today = local_date(now)
    if not since < _moment(book, today) <= now or not book.sending_hours(today).allows(now):
        return 0
    rows = _rows(session, today)
    names = {unit.id or 0: unit.name for unit in session.exec(select(Unit))} if rows else {}
    return sum(
        _put_one(session, account_id, tuple(held), (rows, names), (book, now))
        for account_id, held in reachable(session, "officer", now).items()
    )


def next_moment(book: RuleBook, after: datetime) -> datetime:
    """Return the next hour of the digest after a moment."""
    today = local_date(after)
    first = _moment(book, today)
    return first if first > after else _moment(book, today + _DAY)


def _moment(book: RuleBook, day: date) -> datetime:
    clock = book.time("digest.hour", day)
    return at(day, clock.hour, clock.minute)


def _rows(session: Session, today: date) -> list[Obligation]:
    """Return what is due today or late, and with it all of the same duty and period, for the count."""
    open_kinds = session.exec(
        select(Obligation.what, Obligation.period)
        .where(
            Obligation.status == "open",
            col(Obligation.what).in_((*WHATS, *directives.WHATS)),
            col(Obligation.due_on).between(today - LATE_FOR, today),
        )
        .distinct()
    ).all()
    return [
        row
        for what, period in sorted(open_kinds)
        for row in session.exec(
            select(Obligation).where(
                Obligation.what == what, Obligation.period == period, Obligation.status != "cancelled"
            )
        )
    ]


def _put_one(
    session: Session,
    account_id: int,
    held: Sequence[int],
    known: tuple[list[Obligation], dict[int, str]],
    when: tuple[RuleBook, datetime],
) -> int:
    rows, names = known
    book, now = when
    today = local_date(now)
    below = units.subtree(session, held, today)
    found = states([row for row in rows if row.unit_id in below], names, today)
    if not found:
        return 0
    message = _message(found, names[held[0]], today, cut_off=is_cut_off(book, today))
    row = outbox.put(
        session, f"digest:{account_id}:{today}", message, now, account_id=account_id, lane="bulk", kind="digest"
    )
    return int(row is not None)


def is_cut_off(book: RuleBook, today: date) -> bool:
    """Return whether the month's reports are closed today, when all that are missing are named."""
    month = month_of(today)
    return today == month.day(book.number("meeting.report_latest_day", month.first))


def states(rows: Iterable[Obligation], names: dict[int, str], today: date) -> list[State]:
    """Return the duties of which something is due today or late, the oldest period first."""
    groups: dict[tuple[str, str], list[Obligation]] = {}
    for row in rows:
        groups.setdefault((row.what, row.period), []).append(row)
    found = [_state(key, group, names, today) for key, group in sorted(groups.items(), key=lambda one: one[0][::-1])]
    return [state for state in found if state.due_today or state.late]


def _state(key: tuple[str, str], group: list[Obligation], names: dict[int, str], today: date) -> State:
    waiting = [row for row in group if row.status == "open"]
    return State(
        what=key[0],
        period=key[1],
        done=sum(row.status in DONE for row in group),
        expected=len(group),
        due_today=tuple(names[row.unit_id] for row in waiting if row.due_on == today),
        late=tuple(names[row.unit_id] for row in waiting if today - LATE_FOR <= row.due_on < today),
        excused=tuple(names[row.unit_id] for row in group if row.status == "excused"),
        title=str(group[0].details.get("label", "")),
    )


def _message(found: Sequence[State], unit_name: str, today: date, *, cut_off: bool) -> Message:
    head = Say("reminders.digest.head", {"day": day_month(today), "unit": unit_name})
    lines = [line for state in found for line in _lines(state, cut_off=cut_off)]
    months = sorted({state.period for state in found if state.what == "meeting"})
    buttons = tuple((button(Say("reminders.button.chase"), "chase", period),) for period in months[-1:])
    return Message((head, *lines), buttons)


def _lines(state: State, *, cut_off: bool) -> list[Say]:
    what = Say(f"reminders.what.{state.what}", {"period": state.title or period_words(state.period)})
    counted = {"directive_ack": "acknowledged", "directive_do": "carried_out"}.get(state.what, "count")
    lines = [Say(f"reminders.digest.{counted}", {"what": what, "done": state.done, "expected": state.expected})]
    excused = [_named("excused", state.excused, NAMES)] if state.excused else []
    if cut_off and state.what == "meeting":
        missing = (*state.late, *state.due_today)
        return [*lines, _named("missing", missing, len(missing)), *excused]
    if state.due_today:
        lines.append(_named("due", state.due_today, NAMES))
    if state.late:
        lines.append(_named("late", state.late, NAMES))
    return [*lines, *excused]


def _named(key: str, names: Sequence[str], shown: int) -> Say:
    listed: Arg = ", ".join(names[:shown])
    if len(names) > shown:
        listed = Say("reminders.digest.more", {"names": listed, "count": len(names) - shown})
    return Say(f"reminders.digest.{key}", {"count": len(names), "names": listed})
