"""Append-only record of who did what: people, the scheduler and imports alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from models.database import BigId


class AuditEntry(SQLModel, table=True):
    """One deed: `actor` is "account:12", "scheduler" or "import"; counts and codes only, never names of members."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(index=True)
    actor: str
    deed: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True, sa_type=BigId)
    subject: str = ""
    old: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    new: dict[str, Any] | None = Field(default=None, sa_type=JSON)


def record(session: Session, at: datetime, actor: str, deed: str, **details: Any) -> None:
    """Append one deed; details are `unit_id`, `subject`, `old` and `new`."""
    session.add(AuditEntry(at=at, actor=actor, deed=deed, **details))


def by_account(account_id: int) -> str:
    """Return how an account is written as an actor."""
    return f"account:{account_id}"
