"""From the tables to what the planner knows: only obligations of which something is due, whatever the history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, or_, select, true
from sqlmodel import Session

from models import notices, units
from models.clock import local_date
from models.obligations import Obligation
from models.people import Account, Address, Post
from models.rule_book import RuleBook
from models.units import Unit
from reminders.planner import Facts
from reminders.rule import Owed, Rule
from reminders.schedule import HOUR, People, Schedules, hour_of

_OBLIGATIONS: Table = Obligation.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_POSTS: Table = Post.__table__  # type: ignore[attr-defined]  # likewise
_ADDRESSES: Table = Address.__table__  # type: ignore[attr-defined]  # likewise
_ACCOUNTS: Table = Account.__table__  # type: ignore[attr-defined]  # likewise
_UNITS: Table = Unit.__table__  # type: ignore[attr-defined]  # likewise

REPORTING = ("secretary", "deputy")
# No step lies so long after its obligation's due day; what is open for longer is history and must cost nothing.
LOOK_BACK = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Kind:
    """The days that obligations of one sort share: thousands of rows have a few dozen kinds."""

    what: str
    opens_on: date
    planned_on: date | None
    due_on: date

    def sample(self, since: datetime) -> Owed:
        """Return an obligation of the kind, to compute its moments by."""
        return Owed(0, 0, self.what, "", self.opens_on, self.planned_on, self.due_on, since)


def open_kinds(session: Session, today: date) -> list[Kind]:
    """Return the kinds of open obligations that may still have steps, by due date."""
    columns = [_OBLIGATIONS.c[name] for name in ("what", "opens_on", "planned_on", "due_on")]
    rows = session.execute(
        select(*columns)
        .where(_OBLIGATIONS.c.status == "open", _OBLIGATIONS.c.due_on >= today - LOOK_BACK)
        .group_by(*columns)
        .order_by(_OBLIGATIONS.c.due_on)
    )
    return [Kind(*row) for row in rows]


def gather(session: Session, rules: Iterable[Rule], book: RuleBook, since: datetime, until: datetime) -> Facts:
    """Return the facts of the obligations that have a step due after `since` up to the end of `until`'s hour."""
    today = local_date(until)
    schedules = Schedules(rules, book, today)
    hour_end = hour_of(until) + HOUR
    kinds = [
        kind
        for kind in open_kinds(session, local_date(since))
        if any(since < moment.at < hour_end for moment in schedules.of(kind.sample(since)))
    ]
    if not kinds:
        return Facts((), {}, book)
    silent = silent_units(session, today)
    owed = tuple(one for kind in kinds for one in _of_kind(session, kind, silent))
    return Facts(
        owed,
        people(session, until, {one.unit_id for one in owed}),
        book,
        notices.told(session, [one.id for one in owed]),
        taken(session, today),
    )


def taken(session: Session, since: date) -> dict[int, dict[datetime, bool]]:
    """Return by account the hours, from a day on, that hold a reminder, and whether it has not left yet."""
    found: dict[int, dict[datetime, bool]] = {}
    for slot in notices.slots(session, since):
        found.setdefault(slot.account_id, {})[slot.hour] = slot.waiting
    return found


def silent_units(session: Session, today: date) -> set[int]:
    """Return the units that hear nothing today: paused, not founded yet, or dissolved."""
    gone = select(_UNITS.c.id).where(or_(_UNITS.c.valid_from > today, _UNITS.c.valid_to < today))
    return units.paused_ids(session, today) | set(session.scalars(gone))


def _of_kind(session: Session, kind: Kind, silent: set[int]) -> Iterator[Owed]:
    columns = (_OBLIGATIONS.c[name] for name in ("id", "unit_id", "period", "created_at"))
    rows = session.execute(
        select(*columns)
        .where(
            _OBLIGATIONS.c.status == "open",
            _OBLIGATIONS.c.what == kind.what,
            _OBLIGATIONS.c.due_on == kind.due_on,
            _OBLIGATIONS.c.opens_on == kind.opens_on,
            _OBLIGATIONS.c.planned_on.is_(None)
            if kind.planned_on is None
            else _OBLIGATIONS.c.planned_on == kind.planned_on,
        )
        .order_by(_OBLIGATIONS.c.id)
    )
    for number, unit_id, period, created_at in rows:
        days = (kind.opens_on, kind.planned_on, kind.due_on)
        yield Owed(number, unit_id, kind.what, period, *days, created_at, silent=unit_id in silent)


def people(session: Session, now: datetime, unit_ids: set[int], *, everyone: bool = False) -> People:
    """Return who can be reached in some units, by role; the assigned member also from the nearest unit above.

    everyone: also who has not joined.
    """
    by_unit: dict[int, dict[str, tuple[int, ...]]] = {}
    for unit_id, role, account_id in _posts(session, now, everyone=everyone):
        roles = by_unit.setdefault(unit_id, {})
        roles[role] = (*roles.get(role, ()), account_id)
    above = units.parents_on(session, local_date(now))
    found = {unit_id: dict(by_unit.get(unit_id, {})) for unit_id in unit_ids}
    for unit_id, roles in found.items():
        if "assigned" not in roles:
            roles["assigned"] = _assigned_above(unit_id, by_unit, above)
    return found


def _assigned_above(
    unit_id: int, by_unit: dict[int, dict[str, tuple[int, ...]]], above: dict[int, int]
) -> tuple[int, ...]:
    seen = {unit_id}
    while (parent := above.get(unit_id)) is not None and parent not in seen:
        seen.add(parent)
        if "assigned" in by_unit.get(parent, {}):
            return by_unit[parent]["assigned"]
        unit_id = parent
    return ()


def _posts(session: Session, now: datetime, *, everyone: bool = False) -> Iterator[Any]:
    """Give (unit, role, account) of every post held now by somebody who can be reached, in order of appointment."""
    reachable = select(_ADDRESSES.c.account_id).where(_ADDRESSES.c.retired_at.is_(None))
    yield from session.execute(
        select(_POSTS.c.unit_id, _POSTS.c.role, _POSTS.c.account_id)
        .join(_ACCOUNTS, _ACCOUNTS.c.id == _POSTS.c.account_id)
        .where(
            _POSTS.c.valid_from <= now,
            or_(_POSTS.c.valid_to.is_(None), _POSTS.c.valid_to > now),
            _ACCOUNTS.c.removed_at.is_(None),
            true() if everyone else _POSTS.c.account_id.in_(reachable),
        )
        .order_by(_POSTS.c.id)
    )


def reachable(session: Session, role: str, now: datetime) -> dict[int, list[int]]:
    """Return by account the units where it holds a role and can be reached."""
    found: dict[int, list[int]] = {}
    for unit_id, held, account_id in _posts(session, now):
        if held == role:
            found.setdefault(account_id, []).append(unit_id)
    return found


def reporters(session: Session, now: datetime) -> set[tuple[int, int]]:
    """Return (account, unit) of those who report for a unit and can be reached."""
    return {(account_id, unit_id) for unit_id, role, account_id in _posts(session, now) if role in REPORTING}


def reachable_accounts(session: Session, account_ids: set[int]) -> set[int]:
    """Return those of some accounts that can be reached."""
    if not account_ids:
        return set()
    living = select(_ADDRESSES.c.account_id).where(_ADDRESSES.c.retired_at.is_(None))
    return account_ids & set(session.scalars(living))
