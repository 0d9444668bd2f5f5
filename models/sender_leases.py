"""Which process sends on a bot: one at a time, and a late one changes nothing."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select


class SenderLease(SQLModel, table=True):
    """The right to send on a bot ("telegram/main"); `fencing` rises with every new holder."""

    __tablename__ = "sender_lease"
    key: str = Field(primary_key=True)
    owner: str
    fencing: int
    until: datetime


def take(session: Session, key: str, owner: str, now: datetime, seconds: int) -> SenderLease | None:
    """Take or renew the right to send on a bot; None while another process holds it."""
    row = session.exec(select(SenderLease).where(SenderLease.key == key).with_for_update()).one_or_none()
    if row is None:
        row = SenderLease(key=key, owner=owner, fencing=1, until=now)
        session.add(row)
    elif row.owner != owner:
        if row.until > now:
            return None
        row.owner, row.fencing = owner, row.fencing + 1
    row.until = now + timedelta(seconds=seconds)
    session.flush()
    return row


def drop(session: Session, owner: str, now: datetime) -> None:
    """Give back every right a process holds, so that the next one need not wait."""
    for row in session.exec(select(SenderLease).where(SenderLease.owner == owner)):
        row.until = min(row.until, now)


def holders(session: Session) -> set[str]:
    """Return who holds a right to send, or held it last."""
    return set(session.exec(select(col(SenderLease.owner))))
