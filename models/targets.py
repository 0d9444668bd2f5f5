"""Targets: what a unit has set itself for an indicator in a period, as it was given."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select

from models.database import BigId


class Target(SQLModel, table=True):
    """One target as it was written: `15`, `4-6`, `>=300`, `<=20`, `80%`, or words."""

    __table_args__ = (UniqueConstraint("unit_id", "indicator", "period"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    indicator: str
    period: str
    target: str


def put(session: Session, unit_id: int, indicator: str, period: str, target: str) -> None:
    """Set or change a target."""
    row = find(session, unit_id, indicator, period) or Target(
        unit_id=unit_id, indicator=indicator, period=period, target=target
    )
    row.target = target
    session.add(row)


def find(session: Session, unit_id: int, indicator: str, period: str) -> Target | None:
    """Return a unit's target for an indicator in a period, or None."""
    return session.exec(
        select(Target).where(Target.unit_id == unit_id, Target.indicator == indicator, Target.period == period)
    ).one_or_none()
