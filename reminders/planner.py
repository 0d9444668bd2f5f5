"""Which reminders fall due between two moments: pure, so that every rule of it can be tested without a database.

How the domain's rules of reminding are read here; where they leave a choice, the choice is named.

Moments. A step is counted from its obligation's day at its hour, by the rule values in force on the day of planning. A
moment in quiet hours, or on a day of Tết, moves to the next allowed end of the quiet hours; it is dropped if the next
step of the same rule, whoever that one tells, was counted for that moment or earlier. Nothing else is moved: reminders
go out on weekends and holidays.

Which. A step is planned once its moment lies after `since` and not after `until`, and after its obligation was created.
Settled obligations (done, excused, locked, cancelled), silent units (paused, not yet or no longer there) and paused
rules have none. A step told once is never told to the same person again; a postponed meeting has a new day, and the
steps counted for that day are told anew, as its secretary expects to be asked on the evening it is really held.

Whom. Up to and on the due day the secretary, one day later secretary and deputy, two days later the assigned member,
from the third day nobody: the office reads the digest. The rung is the step's declared offset from the due day, so that
a step on the meeting's own day asks the secretary even where a postponed meeting lies behind its due day. Who holds a
post is judged when the step is planned; the assigned member is that of the branch, else of the nearest unit above.

One message an hour. What is due to one person in one clock hour is one message, sent at the first of these moments; a
step later in that hour is told early with it. If the hour's message has left, the step waits for the next hour.

Cap. A person gets so many messages a local day, merged ones counted once; messages that were moved to a day keep their
place before the day's own. What is over moves by a day, again out of quiet hours and Tết, and is dropped if a later
step about the same obligation to the same person is due by then.

Late. A moment more than `remind.late_minutes` before `until` (the bot was down) is told at `until`, moved out of quiet
hours, and marked late; of one obligation only the last step meant for a person is, and none if a later step of it to
that person is due by then.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from models.clock import local_date
from models.rule_book import RuleBook
from models.sending_hours import SendingHours
from reminders.rule import Owed, Rule
from reminders.schedule import HOUR, Moment, People, Schedules, audience, hour_of

Told = AbstractSet[tuple[str, int, str, int]]
Slots = Mapping[int, Mapping[datetime, bool]]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the planner knows.

    people: accounts by unit and role. told: (rule, obligation, step, account) of every notice there is. slots: by
    account the hours that hold a message already, and whether that one has not left yet.
    """

    owed: tuple[Owed, ...]
    people: People
    book: RuleBook
    told: Told = frozenset()
    slots: Slots = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """One step of one rule for one obligation and one person. moment: when it was due; send_at: when it goes out."""

    rule_id: str
    obligation_id: int
    step_id: str
    account_id: int
    moment: datetime
    send_at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    due: Due
    later: tuple[datetime, ...]  # moments of later steps of the obligation that tell the same person


def due(rules: Iterable[Rule], facts: Facts, since: datetime, until: datetime) -> list[Due]:
    """Return the reminders due after `since` up to `until`, in order of sending (see the module's text)."""
    schedules = Schedules(rules, facts.book, local_date(until))
    found = [one for one in _candidates(schedules, facts, since, until) if not _overtaken(one)]
    found.sort(key=lambda one: (one.due.send_at, one.due.account_id, one.due.obligation_id, one.due.step_id))
    return _fit(found, facts, schedules.hours, until)


def _candidates(schedules: Schedules, facts: Facts, since: datetime, until: datetime) -> Iterator[_Candidate]:
    day = local_date(until)
    hour_end = hour_of(until) + HOUR
    for owed in facts.owed:
        if owed.settled or owed.silent:
            continue
        moments = schedules.of(owed)
        for moment in moments:
            if max(since, owed.created_at) < moment.at and (moment.at <= until or moment.at < hour_end):
                yield from _told_by(moment, moments, owed, facts, (day, until, schedules.hours))


def _told_by(
    moment: Moment,
    moments: tuple[Moment, ...],
    owed: Owed,
    facts: Facts,
    when: tuple[date, datetime, SendingHours],
) -> Iterator[_Candidate]:
    day, until, hours = when
    late = until - moment.at > timedelta(minutes=facts.book.number("remind.late_minutes", day))
    step_id = f"{moment.step_id}@{owed.planned_on}" if owed.planned_on else moment.step_id
    send_at = hours.next_allowed(until) if late or moment.at < hour_of(until) else moment.at
    for account in audience(moment, owed.unit_id, facts.people, facts.book, day):
        if (moment.rule_id, owed.id, step_id, account) in facts.told:
            continue
        later = tuple(
            other.at
            for other in moments
            if other.at > moment.at and account in audience(other, owed.unit_id, facts.people, facts.book, day)
        )
        yield _Candidate(Due(moment.rule_id, owed.id, step_id, account, moment.at, send_at, late), later)


def _overtaken(one: _Candidate) -> bool:
    return one.due.late and _superseded(one, one.due.send_at)


def _fit(found: list[_Candidate], facts: Facts, hours: SendingHours, until: datetime) -> list[Due]:
    """Give every message its hour and day: one an hour, so many a day."""
    cap = facts.book.number("remind.cap_a_day", local_date(until))
    slots = {account: dict(taken) for account, taken in facts.slots.items()}
    fitted: list[Due] = []
    for group in _messages(found):
        first = group[0].due
        if first.send_at > until and first.moment > until:
            continue  # nothing of this hour is due yet
        taken = slots.setdefault(first.account_id, {})
        send_at = _place(taken, first.send_at, cap, hours)
        kept = [one.due for one in group if send_at == first.send_at or not _superseded(one, send_at)]
        if kept:
            taken[hour_of(send_at)] = True
        fitted.extend(replace(one, send_at=send_at) for one in kept)
    return fitted


def _messages(found: list[_Candidate]) -> list[list[_Candidate]]:
    groups: dict[tuple[int, datetime], list[_Candidate]] = {}
    for one in found:
        groups.setdefault((one.due.account_id, hour_of(one.due.send_at)), []).append(one)
    return list(groups.values())


def _place(taken: Mapping[datetime, bool], send_at: datetime, cap: int, hours: SendingHours) -> datetime:
    while True:
        hour = hour_of(send_at)
        if taken.get(hour):
            return send_at
        if hour in taken:
            send_at = hours.next_allowed(hour + HOUR)
        elif sum(1 for other in taken if local_date(other) == local_date(hour)) >= cap:
            send_at = hours.next_allowed(send_at + _DAY)
        else:
            return send_at


def _superseded(one: _Candidate, send_at: datetime) -> bool:
    return any(at <= send_at for at in one.later)
