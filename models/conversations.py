"""The state of a talk: the open menu and the half-filled report, one row a person (before joining, a chat)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, bindparam, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from models.database import BigId


class Conversation(SQLModel, table=True):
    """One talk.

    menu: the [label, action] open when the next message is read; `lettered` where a number is also an answer.
    draft: a form being filled.
    waiting: a question outside a form that the next line answers. sent: the last report sent from here and the
    messages it came from, so that an edited message can be offered as a correction.
    `serial` counts the drafts begun here, so that a button of an earlier draft is known to be old.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(unique=True)
    menu: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    draft: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    waiting: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    sent: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    lettered: bool = False
    serial: int = 0
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of a channel: where a message came from and a reply goes to."""

    channel: str
    bot: str
    native_id: str

    @property
    def key(self) -> str:
        """How the chat is written in a key."""
        return f"{self.channel}/{self.bot}/{self.native_id}"


def lock(session: Session, key: str, now: datetime) -> Conversation:
    """Return the conversation of a key, created where there is none, locked until the transaction ends.

    On SQLite the transaction itself holds the only write lock; PostgreSQL needs the row lock.
    """
    found = session.exec(_LOCKED, params={"wanted": key}).one_or_none()
    if found is None:
        insert = sqlite.insert if inspect(session.connection()).dialect.name == "sqlite" else postgresql.insert
        new = insert(Conversation).values(key=key, menu=[], serial=0, updated_at=now)
        session.execute(new.on_conflict_do_nothing(index_elements=["key"]))
        found = session.exec(_LOCKED, params={"wanted": key}).one()
    return found


_LOCKED = select(Conversation).where(col(Conversation.key) == bindparam("wanted")).with_for_update()


def forget_waiting(session: Session, before: datetime) -> None:
    """Empty what talks silent since a moment still hold of a line that waited for an answer (retention)."""
    stale = (col(Conversation.updated_at) < before, col(Conversation.waiting).is_not(None))
    for talk in session.exec(select(Conversation).where(*stale)):
        if "at" not in (talk.waiting or {}):  # a question about a directive holds its number only, and ends by itself
            talk.waiting = None


def account_key(account_id: int) -> str:
    """Return the key of a person's conversation."""
    return f"account:{account_id}"
