"""Telling the office or the administrator, unasked, that something is wrong."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from models import outbox
from models.messages import Message, Say
from models.people import Address, Post


def alert(session: Session, unique_key: str, say: Say, now: datetime, roles: Sequence[str] = ("admin",)) -> None:
    """Queue a sentence once (`unique_key`) for everyone who holds one of the roles and can be reached.

    Where nobody does, the officers are told in the administrators' place and the other way round.
    """
    accounts = _reachable(session, roles, now) or _reachable(session, ("admin", "officer"), now)
    for account_id in accounts:
        outbox.put(
            session,
            f"{unique_key}:{account_id}",
            Message((say,)),
            now,
            account_id=account_id,
            lane="bulk",
            kind="alert",
        )


def _reachable(session: Session, roles: Sequence[str], now: datetime) -> list[int]:
    found = session.exec(
        select(Post.account_id)
        .join(Address, col(Address.account_id) == col(Post.account_id))
        .where(
            col(Post.role).in_(roles),
            col(Post.valid_from) <= now,
            or_(col(Post.valid_to).is_(None), col(Post.valid_to) > now),
            col(Address.retired_at).is_(None),
        )
        .order_by(col(Post.account_id))
    )
    return list(dict.fromkeys(found))
