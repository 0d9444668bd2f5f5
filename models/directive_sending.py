"""How a directive leaves: obligations, recipients and outbox rows in portions; pause, resume, stop, recall, send again.

A directive to thousands is written down in portions, each a short transaction, so that nobody's own message waits
behind it: the next one is written as soon as the first row of the last one leaves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, update
from sqlmodel import Session, col, or_, select

from models import directive_states, directives, obligations, outbox, people, rules, units
from models.clock import local_date
from models.database import among, new_id
from models.directives import ACK, WHATS, Directive, DirectiveRecipient
from models.messages import Message
from models.obligations import Obligation
from models.outbox import OutboxRow
from models.people import Post
from models.units import Unit

CAUSE = "directive"
PORTION = 25  # branches a transaction
_CHUNK = 500  # values a statement names
_HELD_BACK = timedelta(days=3650)  # what is paused waits for its sender, not for the clock
_OUTBOX: Table = OutboxRow.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_OBLIGATIONS: Table = Obligation.__table__  # type: ignore[attr-defined]  # likewise


@dataclass(frozen=True, slots=True)
class Addressed:
    """One person who receives a directive, and the branches they receive it for."""

    account_id: int
    unit_ids: tuple[int, ...]


def addressed(session: Session, unit_ids: Iterable[int], roles: Sequence[str], now: datetime) -> list[Addressed]:
    """Return who holds one of the roles in the branches at `now`, each person once, in order of the branches."""
    wanted = list(unit_ids)
    held: dict[int, list[int]] = {}
    for unit_id, account_id in _posts(session, wanted, roles, now):
        held.setdefault(account_id, []).append(unit_id)
    place = {unit_id: number for number, unit_id in enumerate(wanted)}
    found = [Addressed(account_id, tuple(dict.fromkeys(own))) for account_id, own in held.items()]
    return sorted(found, key=lambda one: (min(place[unit_id] for unit_id in one.unit_ids), one.account_id))


def _posts(session: Session, unit_ids: Sequence[int], roles: Sequence[str], now: datetime) -> list[tuple[int, int]]:
    rows = session.exec(
        select(Post.unit_id, Post.account_id)
        .where(
            col(Post.role).in_(roles),
            col(Post.valid_from) <= now,
            or_(col(Post.valid_to).is_(None), col(Post.valid_to) > now),
            among(col(Post.unit_id), unit_ids),
        )
        .order_by(col(Post.id))
    )
    wanted = set(unit_ids)
    return [(unit_id, account_id) for unit_id, account_id in rows if unit_id in wanted]


def prepare(session: Session, directive: Directive, message: Message, now: datetime, portion: int = PORTION) -> int:
    """Write what the next branches owe and the rows their people receive; return how many branches are left."""
    unit_ids, there = _next_portion(session, directive, now, portion)
    _owe(session, directive, unit_ids, now)
    directive.prepared += len(unit_ids)
    _address(session, directive, there, message, now)
    session.flush()
    return len(directive.unit_ids) - directive.prepared


def _next_portion(
    session: Session, directive: Directive, now: datetime, portion: int
) -> tuple[list[int], list[Addressed]]:
    """Return the next branches and their people; more of them where few can be reached, or sending would pause."""
    while True:
        unit_ids = directive.unit_ids[directive.prepared : directive.prepared + portion]
        there = addressed(session, unit_ids, directive.roles, now)
        living = people.reachable(session, [one.account_id for one in there])
        if 2 * len(living) >= portion or len(unit_ids) < portion or portion >= _CHUNK:
            return unit_ids, there
        portion *= 2


def _owe(session: Session, directive: Directive, unit_ids: Sequence[int], now: datetime) -> None:
    opens = local_date(max(now, directive.send_at))
    dues = {ACK: ack_due(session, directive, opens)}
    if directive.asks != "acknowledge":
        dues[directives.further(directive)] = directive.deadline
    period, details = directives.period_of(new_id(directive.id)), directives.details(directive)
    # Written as plain rows, as the outbox's are: thousands of objects would hold up everybody's own messages.
    rows = [
        {
            "unit_id": unit_id, "what": what, "period": period, "opens_on": opens, "due_on": due, "on_time_until": due,
            "status": "open", "moved": False, "reason": "", "details": details, "created_at": now,
        }
        for unit_id in unit_ids for what, due in dues.items()
    ]  # fmt: skip
    session.execute(_OBLIGATIONS.insert(), rows)


def ack_due(session: Session, directive: Directive, opens: date) -> date:
    """Return until when it is to be acknowledged: its deadline, or some days after it came where more is asked."""
    if directive.asks == "acknowledge":
        return directive.deadline
    return min(directive.deadline, opens + timedelta(days=rules.number_on(session, "directive.ack_days", opens)))


def _address(
    session: Session, directive: Directive, there: Sequence[Addressed], message: Message, now: datetime
) -> None:
    known = recipients(session, directive, [one.account_id for one in there])
    new: list[DirectiveRecipient] = []
    for one in there:
        earlier = known.get(one.account_id)
        if earlier:
            earlier.unit_ids = list(dict.fromkeys([*earlier.unit_ids, *one.unit_ids]))
            continue
        new.append(
            DirectiveRecipient(
                directive_id=new_id(directive.id), account_id=one.account_id, unit_ids=list(one.unit_ids)
            )
        )
    queue(session, directive, new, message, now)


def recipients(
    session: Session, directive: Directive, account_ids: Sequence[int] | None = None
) -> dict[int, DirectiveRecipient]:
    """Return the recipients of a directive by account, all or some."""
    query = select(DirectiveRecipient).where(DirectiveRecipient.directive_id == directive.id)
    if account_ids is not None:
        query = query.where(col(DirectiveRecipient.account_id).in_(account_ids))
    return {row.account_id: row for row in session.exec(query)}


def queue(
    session: Session,
    directive: Directive,
    to: Sequence[DirectiveRecipient],
    message: Message,
    now: datetime,
    repeats: bool = False,  # noqa: FBT001, FBT002  # named by every caller
) -> None:
    """Write one outbox row for each person; `repeats`: it is headed as sent again where the last one is in doubt."""
    rows = []
    for one in to:
        row = outbox.draft(
            _key(directive, one), message, now, account_id=one.account_id, lane="bulk", kind="directive",
            cause={"kind": CAUSE, "directive": directive.id, "upto": directive.prepared},
            not_before=max(now, directive.send_at), repeat_of=one.outbox_id if repeats else None,
        )  # fmt: skip
        rows.append(row)
    for one, row_id in zip(to, outbox.add_all(session, rows), strict=True):
        one.outbox_id = row_id
    session.add_all(to)
    session.flush()


def _key(directive: Directive, one: DirectiveRecipient) -> str:
    again = f":{one.attempt}" if one.attempt > 1 else ""
    return f"directive:{directive.id}:{directive.revision}:{one.account_id}{again}"


def still_addressed(session: Session, directive_id: int, roles: Sequence[str], account_id: int, now: datetime) -> bool:
    """Return whether a person still holds a post the directive goes to, in a branch that exists and is not paused."""
    own = session.exec(
        select(DirectiveRecipient.unit_ids).where(
            DirectiveRecipient.directive_id == directive_id, DirectiveRecipient.account_id == account_id
        )
    ).one_or_none()
    held = {unit_id for unit_id, held_by in _posts(session, own or (), roles, now) if held_by == account_id}
    today = local_date(now)
    there = session.exec(select(Unit).where(col(Unit.id).in_(held))) if held else ()
    return bool({unit.id for unit in there if units.valid_on(unit, today)} - units.paused_ids(session, today))


# Pause, resume, stop ----------------------------------------------------------------------------------------------


def pause(session: Session, directive: Directive, now: datetime) -> None:
    """Hold back what has not left."""
    directive.state = "paused"
    _change_waiting(session, directive, not_before=now + _HELD_BACK)


def resume(session: Session, directive: Directive, message: Message, now: datetime) -> None:
    """Let the rest leave; what was taken back on its way is queued anew."""
    directive.state = "active"
    _change_waiting(session, directive, not_before=max(now, directive.send_at))
    taken_back = [one for one, state in directive_states.of_each(session, directive) if state == "cancelled"]
    _queue_again(session, directive, taken_back, message, now)


def stop(session: Session, directive: Directive, now: datetime) -> None:
    """Send nothing more; branches that nobody received it for owe nothing."""
    directive.state, directive.ended_at = "stopped", now
    _change_waiting(session, directive, state="cancelled", finished_at=now, error="stopped")
    session.flush()
    reached = {
        unit_id
        for one, state in directive_states.of_each(session, directive)
        if state not in ("cancelled", "waiting")
        for unit_id in one.unit_ids
    }
    owed = obligations.of_period(session, ACK, [directives.period_of(new_id(directive.id))])
    _cancel_owed(session, directive, [row.unit_id for row in owed if row.unit_id not in reached])


def withdraw(session: Session, directive: Directive, state: str, now: datetime) -> list[int]:
    """Recall a directive, or put another in its place: what waits is withdrawn, nothing is owed any more.

    Return the accounts that may have received it.
    """
    received = [
        one.account_id
        for one, found in directive_states.of_each(session, directive)
        if found in ("sent", "uncertain", "acknowledged", "done")
    ]
    directive.state, directive.ended_at = state, now
    _change_waiting(session, directive, state="cancelled", finished_at=now, error=state)
    _cancel_owed(session, directive, None)
    return received


def _change_waiting(session: Session, directive: Directive, **values: Any) -> None:
    session.flush()
    own = select(DirectiveRecipient.outbox_id).where(DirectiveRecipient.directive_id == directive.id)
    waiting = (_OUTBOX.c.state == "pending", or_(_OUTBOX.c.id.in_(own), _OUTBOX.c.repeat_of.in_(own)))
    session.execute(update(_OUTBOX).where(*waiting).values(**values))


def _cancel_owed(session: Session, directive: Directive, unit_ids: Sequence[int] | None) -> None:
    session.flush()
    owed = (
        _OBLIGATIONS.c.what.in_(WHATS),
        _OBLIGATIONS.c.period == directives.period_of(new_id(directive.id)),
    )
    if unit_ids is None:
        session.execute(update(_OBLIGATIONS).where(*owed).values(status="cancelled"))
    for start in range(0, len(unit_ids or ()), _CHUNK):
        some = (unit_ids or ())[start : start + _CHUNK]
        session.execute(update(_OBLIGATIONS).where(*owed, _OBLIGATIONS.c.unit_id.in_(some)).values(status="cancelled"))


# Again ------------------------------------------------------------------------------------------------------------


def send_again(session: Session, directive: Directive, message: Message, now: datetime) -> int:
    """Queue it for those who have not received it, newly appointed people included; return how many."""
    missed, doubtful = [], []
    found = directive_states.of_each(session, directive)
    for one, state in found:
        if state in ("failed", "cancelled"):
            missed.append(one)
        elif state == "uncertain":
            doubtful.append(one)
    _queue_again(session, directive, missed, message, now)
    _queue_again(session, directive, doubtful, message, now, repeats=True)
    known = {one.account_id for one, _ in found}
    covered = directive.unit_ids[: directive.prepared]
    new = [one for one in addressed(session, covered, directive.roles, now) if one.account_id not in known]
    _address(session, directive, new, message, now)
    return len(missed) + len(doubtful) + len(new)


def _queue_again(
    session: Session,
    directive: Directive,
    to: Sequence[DirectiveRecipient],
    message: Message,
    now: datetime,
    repeats: bool = False,  # noqa: FBT001, FBT002
) -> None:
    number, roles = new_id(directive.id), directive.roles
    still = [one for one in to if still_addressed(session, number, roles, one.account_id, now)]
    for one in still:
        one.attempt += 1
    queue(session, directive, still, message, now, repeats)
