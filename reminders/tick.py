"""One tick: what fell due since the last one goes into the outbox, and how far was planned moves, in one transaction.

Any number of processes may tick: the watermark's row is locked, and the notices' unique key is the last word.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from models import audit, duties, notices, outbox, rules
from models.clock import local, local_date
from models.messages import Message, Say
from models.notices import Watermark
from models.periods import quarter_of
from models.rule_book import RuleBook
from reminders import digest, facts, planner
from reminders.queue import Queue
from reminders.rules import RULES
from reminders.schedule import Schedules, first_of_next_month, hour_of

NAME = "reminders"
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did: messages queued, digests queued, and why it stopped, if it did ("back" or "ahead")."""

    messages: int = 0
    digests: int = 0
    stopped: str = ""


def tick(session: Session, now: datetime) -> Ticked:
    """Queue what fell due since the last tick. Stops, and alerts the administrators once, when the clock jumped."""
    mark = notices.lock_watermark(session, NAME, now)
    book, since = rules.book(session), mark.moment
    stopped = clock_problem(book, since, now)
    if stopped:
        _alert(session, since, now)
        return Ticked(stopped=stopped)
    if now < since:
        return Ticked()  # another process ticked a moment later than this one looked at its clock
    if now == since or hour_of(now) != hour_of(since):
        _keep_ahead(session, now)
    return _plan(session, mark, book, now)


def _plan(session: Session, mark: Watermark, book: RuleBook, now: datetime) -> Ticked:
    queue = Queue(session, RULES, book, now)
    queue.write_anew()
    known = facts.gather(session, RULES, book, mark.moment, now)
    messages = queue.add(planner.due(RULES, known, mark.moment, now)) if known.owed else 0
    queue.hold()
    digests = digest.put(session, book, mark.moment, now)
    mark.moment = now
    session.flush()
    return Ticked(messages, digests)


def _keep_ahead(session: Session, now: datetime) -> None:
    duties.ensure(session, now)
    quarter = quarter_of(local_date(now))
    for one in (quarter_of(quarter.first - _DAY), quarter):
        duties.sync_quarter(session, one, now)


def clock_problem(book: RuleBook, since: datetime, now: datetime) -> str:
    """Return "back" or "ahead" when the clock cannot be trusted, else ""."""
    today = local_date(since)
    if now < since - timedelta(minutes=book.number("clock.tolerance_minutes", today)):
        return "back"
    return "ahead" if now > since + timedelta(days=book.number("clock.max_ahead_days", today)) else ""


def _alert(session: Session, since: datetime, now: datetime) -> None:
    """Tell the administrators once for each moment the planner stands still at; without any, the officers."""
    words = Say("reminders.clock_stopped", {"now": _clock(now), "before": _clock(since)})
    held = max(now, since)  # set back far enough, nobody would hold a post yet
    told = facts.reachable(session, "admin", held) or facts.reachable(session, "officer", held)
    for account_id in told:
        key = f"clock:{since.isoformat()}:{account_id}"
        outbox.put(session, key, Message((words,)), now, account_id=account_id, lane="bulk", kind="alert")


def _clock(moment: datetime) -> str:
    return local(moment).strftime("%H:%M %d/%m/%Y")


def accept_clock(session: Session, now: datetime) -> None:
    """Go on from `now` after a jump of the clock; what fell due in between is not told."""
    mark = notices.lock_watermark(session, NAME, now)
    audit.record(
        session,
        now,
        "operator",
        "clock.accept",
        old={"moment": mark.moment.isoformat()},
        new={"moment": now.isoformat()},
    )
    mark.moment = now
    session.flush()


def next_moment(session: Session, now: datetime) -> datetime | None:
    """Return when a tick has something to do next; not after `now` means at once, None that it stands still."""
    since = notices.watermark(session, NAME)
    if since is None:
        return now
    book = rules.book(session)
    if clock_problem(book, since, now):
        return None
    moments = [first_of_next_month(since), digest.next_moment(book, since)]
    if notices.partly_cancelled(session, now):
        moments.append(now + _MINUTE)
    schedules = Schedules(RULES, book, local_date(now))
    for kind in facts.open_kinds(session, local_date(since)):
        moments.extend(moment.at for moment in schedules.of(kind.sample(since)) if moment.at > since)
    return min(moments)
