"""Numbers that rise when something cached has changed, so that every process notices in its next transaction."""

from sqlmodel import Field, Session, SQLModel


class Revision(SQLModel, table=True):
    """How often the rows behind a cached value have changed."""

    name: str = Field(primary_key=True)
    number: int = 0


def bump(session: Session, name: str) -> None:
    """Tell that what `name` stands for has changed; several changes of one transaction count once."""
    if name in session.info.setdefault("bumped", set()):
        return
    session.info["bumped"].add(name)
    row = session.get(Revision, name) or Revision(name=name)
    row.number += 1
    session.add(row)


def number(session: Session, name: str) -> int:
    """Return how often `name` has changed."""
    row = session.get(Revision, name)
    return row.number if row else 0
