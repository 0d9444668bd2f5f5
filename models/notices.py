"""What the planner has told whom, so that nothing is told twice; and how far it has planned."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select

from models.database import BigId


class Notice(SQLModel, table=True):
    """One step of one rule for one obligation and one person; one outbox row may carry several."""

    __table_args__ = (UniqueConstraint("rule_id", "obligation_id", "step", "account_id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    rule_id: str
    obligation_id: int = Field(foreign_key="obligation.id", index=True, sa_type=BigId)
    step: str
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    moment: datetime
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id", index=True, sa_type=BigId)
    created_at: datetime


class Watermark(SQLModel, table=True):
    """Up to where a planner has looked; its row is locked by the tick that moves it."""

    name: str = Field(primary_key=True)
    moment: datetime


def lock_watermark(session: Session, name: str, now: datetime) -> Watermark:
    """Return a watermark, locked until the transaction ends; a new one begins at `now`."""
    row = session.exec(select(Watermark).where(Watermark.name == name).with_for_update()).one_or_none()
    if row is None:
        row = Watermark(name=name, moment=now)
        session.add(row)
        session.flush()
    return row
