"""What became of a directive at each recipient, and in all: read from the outbox rows it left as."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models import directives
from models.directives import ACK, DO, WHATS, Directive, DirectiveRecipient
from models.obligations import DONE as FULFILLED
from models.obligations import Obligation
from models.outbox import OutboxRow
from models.people import Account
from models.units import Unit
from models.views import code_order

_GONE = ("blocked", "no_chat", "refused", "scripted")
WAITING = ("pending", "claimed", "sending")
DELIVERED = ("sent", "acknowledged", "done")
MISSED = ("failed", "uncertain", "cancelled")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people a directive is on its way to, reached, missed or may have reached. sending: leaving just now."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    cancelled: int = 0
    sending: int = 0

    @property
    def all(self) -> int:
        """Everybody it goes to."""
        return self.waiting + self.sent + self.failed + self.uncertain + self.cancelled


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch addressed: whether it acknowledged and did what was asked, "" where that is not asked."""

    unit_id: int
    code: str
    name: str
    acknowledged: str
    done: str


@dataclass(frozen=True, slots=True)
class Answered:
    """How many branches owe an answer, have acknowledged, and have done what was asked."""

    all: int
    acknowledged: int
    done: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person: the state (waiting, sent, failed, uncertain, cancelled, acknowledged, done) and why it failed."""

    label: str
    unit_ids: tuple[int, ...]
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """How a directive stands; branches in order of their codes, those that owe nothing any more left out."""

    directive: Directive
    counts: Counts
    branches: tuple[Branch, ...]
    failures: tuple[Recipient, ...]

    @property
    def not_acknowledged(self) -> tuple[Branch, ...]:
        """The branches that still have to say that they received it."""
        return tuple(branch for branch in self.branches if branch.acknowledged not in FULFILLED)

    @property
    def not_done(self) -> tuple[Branch, ...]:
        """The branches that still have to do what is asked; all done where nothing is."""
        return tuple(branch for branch in self.branches if branch.done and branch.done not in FULFILLED)


_again = aliased(OutboxRow)


def state_of(row_state: str | None, again_state: str | None) -> str:
    """Return a delivery state from the state of a row and of the row that repeated it."""
    if row_state is None or row_state in WAITING:
        return "waiting"
    if row_state == "uncertain" and again_state == "sent":
        return "sent"
    return row_state


def counts(session: Session, directive: Directive) -> Counts:
    """Return how many people are in which state; branches not written down yet count as one person each."""
    rows = session.exec(
        select(OutboxRow.state, _again.state, func.count())
        .select_from(DirectiveRecipient)
        .join(OutboxRow, col(OutboxRow.id) == col(DirectiveRecipient.outbox_id), isouter=True)
        .join(_again, col(_again.repeat_of) == col(OutboxRow.id), isouter=True)
        .where(DirectiveRecipient.directive_id == directive.id)
        .group_by(col(OutboxRow.state), col(_again.state))
    )
    found: Counter[str] = Counter()
    for state, again, number in rows:
        found[state_of(state, again)] += number
        found["sending"] += number if "sending" in (state, again) or "claimed" in (state, again) else 0
    left = len(directive.unit_ids) - directive.prepared
    found["waiting" if directive.state in directives.RUNNING else "cancelled"] += left
    return Counts(**found)


def of_each(session: Session, directive: Directive) -> list[tuple[DirectiveRecipient, str]]:
    """Return every recipient with their state."""
    return [(row, _own_state(row, *states)) for row, *states in _rows(session, directive)]


def _rows(session: Session, directive: Directive) -> list[tuple[DirectiveRecipient, str | None, str | None]]:
    rows = session.exec(
        select(DirectiveRecipient, OutboxRow.state, _again.state)
        .join(OutboxRow, col(OutboxRow.id) == col(DirectiveRecipient.outbox_id), isouter=True)
        .join(_again, col(_again.repeat_of) == col(OutboxRow.id), isouter=True)
        .where(DirectiveRecipient.directive_id == directive.id)
        .order_by(col(DirectiveRecipient.id))
    )
    return list(rows)


def _own_state(row: DirectiveRecipient, state: str | None, again: str | None) -> str:
    if row.done_at:
        return "done"
    return "acknowledged" if row.acknowledged_at else state_of(state, again)


def status(session: Session, directive: Directive, *, brief: bool = False) -> Status:
    """Return how a directive stands, for the office; `brief`: what the branches say is left out while it is sent."""
    found = counts(session, directive)
    sending = found.waiting > 0 and directive.state in directives.RUNNING
    said = () if brief and sending else branches(session, directive)
    return Status(directive, found, said, failures(session, directive))


def branches(session: Session, directive: Directive) -> tuple[Branch, ...]:
    """Return what each addressed branch has said."""
    received = case((col(Obligation.what) == ACK, Obligation.status), else_="")
    done = case((col(Obligation.what) != ACK, Obligation.status), else_="")
    rows = session.execute(
        sql_select(Unit.id, Unit.code, Unit.name, func.max(received), func.max(done))  # type: ignore[call-overload]  # columns of tables, as SQLAlchemy has them
        .join(Obligation, col(Obligation.unit_id) == col(Unit.id))
        .where(*_owed(directive))
        .group_by(col(Unit.id), col(Unit.code), col(Unit.name))
    )
    return tuple(sorted((Branch(*row) for row in rows), key=lambda branch: code_order(branch.code)))


def _owed(directive: Directive) -> tuple[ColumnElement[bool], ...]:
    period = directives.period_of(directive.id or 0)
    return (
        col(Obligation.what).in_(WHATS),
        col(Obligation.period) == period,
        col(Obligation.status) != "cancelled",
    )


def answered(session: Session, directive: Directive) -> Answered:
    """Return how many branches owe an answer, acknowledged, and did what was asked."""
    rows = session.exec(
        select(Obligation.what, Obligation.status, func.count())
        .where(*_owed(directive))
        .group_by(col(Obligation.what), col(Obligation.status))
    )
    found: Counter[str] = Counter()
    for what, state, number in rows:
        found["all"] += number if what == ACK else 0
        found[_kind(what)] += number if state in FULFILLED else 0
    return Answered(found["all"], found[ACK], found[DO])


def _kind(what: str) -> str:
    """Return ACK, or DO for whatever is asked beyond it."""
    return ACK if what == ACK else DO


def failures(session: Session, directive: Directive) -> tuple[Recipient, ...]:
    """Return who has not received it, and why."""
    found = _people(session, directive, col(OutboxRow.state).in_(MISSED))
    return tuple(one for one in found if one.state in MISSED)


def everyone(session: Session, directive: Directive) -> list[Recipient]:
    """Return every recipient by name, in order of writing."""
    return _people(session, directive)


def _people(session: Session, directive: Directive, *which: ColumnElement[bool]) -> list[Recipient]:
    rows = session.execute(
        sql_select(DirectiveRecipient, Account.label, OutboxRow.state, _again.state, OutboxRow.error)  # type: ignore[call-overload]  # columns of tables, as SQLAlchemy has them
        .join(Account, col(Account.id) == col(DirectiveRecipient.account_id))
        .join(OutboxRow, col(OutboxRow.id) == col(DirectiveRecipient.outbox_id), isouter=True)
        .join(_again, col(_again.repeat_of) == col(OutboxRow.id), isouter=True)
        .where(DirectiveRecipient.directive_id == directive.id, *which)
        .order_by(col(DirectiveRecipient.id))
    )
    return [
        Recipient(label, tuple(row.unit_ids), _own_state(row, state, again), error or "")
        for row, label, state, again, error in rows
    ]


def reason(one: Recipient) -> str:
    """Return why a person did not receive it: uncertain, no_address, blocked or other; "" where they did."""
    if one.state == "uncertain":
        return "uncertain"
    if one.state != "failed":
        return ""
    return "no_address" if one.reason == "no_address" else "blocked" if one.reason in _GONE else "other"


def owed_by(session: Session, unit_ids: tuple[int, ...]) -> Mapping[int, dict[int, dict[str, str]]]:
    """Return by directive and branch what some branches owe or have done (ACK, and DO for what is asked further)."""
    rows = session.exec(
        select(Obligation.period, Obligation.unit_id, Obligation.what, Obligation.status)
        .where(
            col(Obligation.unit_id).in_(unit_ids),
            col(Obligation.what).in_(WHATS),
            Obligation.status != "cancelled",
        )
        .order_by(col(Obligation.id).desc())
    )
    found: dict[int, dict[int, dict[str, str]]] = {}
    for period, unit_id, what, state in rows:
        found.setdefault(directives.id_of(period) or 0, {}).setdefault(unit_id, {})[_kind(what)] = state
    return found
