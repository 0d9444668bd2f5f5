"""A reminder at once, asked for by the office: whom it tells, when it may leave, and its rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models import notices, outbox, people, rules
from models.clock import local_date
from models.database import new_id
from models.messages import Message
from models.notices import KIND, Notice
from models.obligations import Obligation
from models.rule_book import RuleBook

STEP = "now"  # the name of the step in a notice's key, followed by the moment
Word = Callable[[Sequence[Obligation]], Message]


@dataclass(frozen=True, slots=True)
class Nudged:
    """What came of it: units and people told, how many of these only later, and the units where nobody has joined."""

    units: int
    people: int
    later: int
    unreached: tuple[int, ...]


def nudge(session: Session, owed: Iterable[Obligation], word: Word, now: datetime) -> Nudged:
    """Remind now of open obligations: one message a person, counted in the cap, never in quiet hours or on Tết.

    The secretary is told, and the deputy too once it is late. `word` makes the message of one person's obligations.
    """
    book = rules.book(session)
    groups, unreached = _groups(session, [row for row in owed if row.status == "open"], now)
    moments = {account_id: _moment(session, book, account_id, now) for account_id in groups}
    for account_id, rows in groups.items():
        _write(session, account_id, rows, word(rows), (now, moments[account_id]))
    return Nudged(
        units=len({row.unit_id for rows in groups.values() for row in rows}),
        people=len(groups),
        later=sum(moment > now for moment in moments.values()),
        unreached=tuple(unreached),
    )


def _groups(
    session: Session, owed: Iterable[Obligation], now: datetime
) -> tuple[dict[int, list[Obligation]], list[int]]:
    today = local_date(now)
    groups: dict[int, list[Obligation]] = {}
    unreached: list[int] = []
    for row in owed:
        roles = ("secretary", "deputy") if row.due_on < today else ("secretary",)
        told = [one for one in people.holders(session, row.unit_id, roles, now) if people.addresses(session, one)]
        if not told:
            unreached.append(row.unit_id)
        for account_id in told:
            groups.setdefault(account_id, []).append(row)
    return groups, unreached


def _moment(session: Session, book: RuleBook, account_id: int, now: datetime) -> datetime:
    """Return when the message may leave: now, else after quiet hours, and on a day whose cap is not reached."""
    today = local_date(now)
    hours, cap = book.sending_hours(today), book.number("remind.cap_a_day", today)
    moment = hours.next_allowed(now)
    while notices.messages_on(session, account_id, local_date(moment)) >= cap:
        moment = hours.next_allowed(moment + timedelta(days=1))
    return moment


def _write(
    session: Session, account_id: int, rows: Sequence[Obligation], message: Message, when: tuple[datetime, datetime]
) -> None:
    now, send_at = when
    step = f"{STEP}:{now.isoformat()}"
    terms: Mapping[int, tuple[date | None, date]] = {new_id(row.id): (row.planned_on, row.due_on) for row in rows}
    row = outbox.put(
        session, f"{KIND}:{step}:{account_id}", message, now, account_id=account_id, lane="bulk", kind=KIND,
        cause=notices.cause_of(account_id, terms), not_before=send_at,
    )  # fmt: skip
    if row is None:
        return
    for owed in rows:
        session.add(
            Notice(
                rule_id=owed.what, obligation_id=new_id(owed.id), step=step, account_id=account_id, moment=now,
                send_at=send_at, outbox_id=row.id, created_at=now,
            )
        )  # fmt: skip
    session.flush()


def open_of(session: Session, what: str, period: str, unit_ids: Iterable[int]) -> list[Obligation]:
    """Return the open obligations of a duty and period in some units, the earliest due first."""
    wanted = set(unit_ids)
    rows = session.exec(
        select(Obligation)
        .where(Obligation.what == what, Obligation.period == period, Obligation.status == "open")
        .order_by(col(Obligation.due_on), col(Obligation.unit_id))
    )
    return [row for row in rows if row.unit_id in wanted]
