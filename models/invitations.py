"""Codes for the people of a post or for everyone who has not joined yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from models import audit
from models.people import Account, Invitation, Post, hash_code, issue_invitation
from models.units import Unit


@dataclass(frozen=True, slots=True)
class Invited:
    """One post of a person with the person's code; a person of several posts has one code for them all."""

    unit_code: str
    role: str
    holder: str
    code: str


def invite_all(session: Session, new_code: Callable[[], str], now: datetime, *, days: int, actor: str) -> list[Invited]:
    """Give a new code, good for some days, to everyone with a post at `now` who has not joined; in order of units.

    A code given earlier and not used ends.
    """
    rows = _posts(session, now, col(Account.joined_at).is_(None))
    codes = {account_id: new_code() for account_id in dict.fromkeys(account_id for _, account_id in rows)}
    _store(session, codes, now, days)
    audit.record(session, now, actor, "invite.all", new={"people": len(codes)})
    return [Invited(*post, codes[account_id]) for post, account_id in rows]


def invite_holders(
    session: Session, unit: Unit, role: str, new_code: Callable[[], str], now: datetime, *, days: int, actor: str
) -> list[Invited]:
    """Give a new code to everyone who holds a role in a unit at `now`, joined or not; using it retires old addresses.

    Empty where nobody holds it.
    """
    rows = _posts(session, now, col(Post.unit_id) == unit.id, col(Post.role) == role)
    invited = [Invited(*post, new_code()) for post, _ in rows]
    for one, (_, account_id) in zip(invited, rows, strict=True):
        issue_invitation(session, account_id, one.code, now, days, (unit.id or 0, role))
        audit.record(session, now, actor, "invite", unit_id=unit.id, subject=role)
    return invited


def _posts(session: Session, now: datetime, *which: ColumnElement[bool]) -> list[tuple[tuple[str, str, str], int]]:
    held = (col(Post.valid_from) <= now, or_(col(Post.valid_to).is_(None), col(Post.valid_to) > now))
    rows = session.exec(
        select(Unit.code, Post.role, Account.label, Account.id)
        .join(Post, col(Post.unit_id) == col(Unit.id))
        .join(Account, col(Post.account_id) == col(Account.id))
        .where(*held, *which, col(Account.removed_at).is_(None))
        .order_by(col(Unit.code_key), col(Post.id))
    )
    return [((code, role, label), account_id or 0) for code, role, label, account_id in rows]


def _store(session: Session, codes: Mapping[int, str], now: datetime, days: int) -> None:
    # All at once: `issue_invitation` looks for the old codes of each of 20,000 people in turn.
    unused = (col(Invitation.used_at).is_(None), col(Invitation.replaced_at).is_(None))
    for old in session.exec(select(Invitation).where(*unused)):
        if old.account_id in codes:
            old.replaced_at = now
    expires = now + timedelta(days=days)
    session.add_all(
        Invitation(account_id=account_id, code_hash=hash_code(code), created_at=now, expires_at=expires)
        for account_id, code in codes.items()
    )
    session.flush()
