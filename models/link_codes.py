"""One-time codes by which a person who has joined on one channel joins on another as the same account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from models.database import BigId
from models.people import hash_code

MINUTES = 15


class LinkCode(SQLModel, table=True):
    """One code, of which only the hash is stored; a new one ends those before it."""

    __tablename__ = "link_code"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    code_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed code turned out to be: whose it is, and whether it still counts."""

    account_id: int
    alive: bool


def issue(session: Session, account_id: int, code: str, now: datetime) -> None:
    """Store a new code for an account; earlier ones that were not used end."""
    unused = select(LinkCode).where(LinkCode.account_id == account_id, col(LinkCode.used_at).is_(None))
    for old in session.exec(unused):
        old.expires_at = min(old.expires_at, now)
    session.add(
        LinkCode(
            account_id=account_id,
            code_hash=hash_code(code.upper()),
            created_at=now,
            expires_at=now + timedelta(minutes=MINUTES),
        )
    )
    session.flush()


def find(session: Session, code: str, now: datetime) -> Found | None:
    """Return what a code as typed is, or None where it is no such code."""
    row = _row(session, code)
    return Found(row.account_id, row.used_at is None and row.expires_at > now) if row else None


def use(session: Session, code: str, now: datetime) -> None:
    """End a code that was used. Raises LookupError where there is none."""
    row = _row(session, code)
    if row is None:
        raise LookupError("no such code")
    row.used_at = now


def _row(session: Session, code: str) -> LinkCode | None:
    return session.exec(select(LinkCode).where(LinkCode.code_hash == hash_code(code.upper()))).one_or_none()
