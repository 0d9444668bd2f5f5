"""The bubbles of the phone page: what a chat server elsewhere would keep, kept here because the page has none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, Row, UniqueConstraint
from sqlalchemy import Text as LongText
from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.database import BigId, new_id


class Bubble(SQLModel, table=True):
    """One bubble of one address; `mine` when the person wrote it.

    buttons: rows of [label, action]. `press` marks the bubble of a pressed button. `revision` counts the edits,
    so that a tab never shows an older state over a newer one. `waiting` holds the update handed to the core
    until the core has it, so that a crash in between loses nothing.
    """

    # Ids are never given twice (AUTOINCREMENT): an outbox row may name a bubble that retention has removed.
    __table_args__ = (UniqueConstraint("address", "client_id"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    address: str = Field(index=True)
    mine: bool = False
    press: bool = False
    text: str = Field(default="", sa_type=LongText)
    buttons: list[list[list[str]]] = Field(default_factory=list, sa_type=JSON)
    file_name: str = ""
    file_bytes: bytes | None = Field(default=None, sa_type=LargeBinary)
    file_size: int = 0
    media_type: str = ""
    at: datetime
    edited_at: datetime | None = None
    revision: int = 0
    client_id: str | None = None
    waiting: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))


class PageMenu(SQLModel, table=True):
    """The command menu of one address: a list of [command, description]."""

    __tablename__ = "page_menu"
    address: str = Field(primary_key=True)
    commands: list[list[str]] = Field(default_factory=list, sa_type=JSON)


@dataclass(frozen=True, slots=True)
class Shown:
    """A bubble as a tab shows it: everything but the bytes of its file."""

    id: int
    mine: bool
    press: bool
    text: str
    buttons: list[list[list[str]]]
    file_name: str
    file_size: int
    media_type: str
    at: datetime
    edited_at: datetime | None
    revision: int
    client_id: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it came in or went out."""

    name: str
    content: bytes
    media_type: str


_COLUMNS = tuple(getattr(Bubble, name) for name in Shown.__slots__)


def add(session: Session, bubble: Bubble) -> Shown:
    """Store a bubble and return it; one whose client id is known at the address already is returned as it stands."""
    known = _by_client_id(session, bubble)
    if known:
        return known
    bubble.file_size = len(bubble.file_bytes or b"")
    session.add(bubble)
    session.flush()
    return _shown(bubble)


def edit(session: Session, address: str, change: Bubble) -> Shown | None:
    """Give the address's bubble of `change.id` its text, buttons and, where there is one, file.

    Returns None where there is no such bubble any more; an equal change is no edit and leaves the revision.
    """
    bubble = session.get(Bubble, change.id)
    if bubble is None or bubble.address != address:
        return None
    same = (bubble.text, bubble.buttons) == (change.text, change.buttons) and change.file_bytes is None
    if not same:
        _overwrite(bubble, change)
    return _shown(bubble)


def history(session: Session, address: str, limit: int, before: int | None = None) -> list[Shown]:
    """Return the address's last bubbles, oldest first; with `before`, the last ones older than that id."""
    query = select(*_COLUMNS).where(Bubble.address == address)
    if before is not None:
        query = query.where(col(Bubble.id) < before)
    rows = session.exec(query.order_by(col(Bubble.id).desc()).limit(limit)).all()
    return [_seen(row) for row in reversed(rows)]


def file(session: Session, bubble_id: int, address: str | None = None) -> Stored | None:
    """Return the file of a bubble; with `address`, only where the bubble stands at that address."""
    bubble = session.get(Bubble, bubble_id)
    if bubble is None or bubble.file_bytes is None or address not in (None, bubble.address):
        return None
    return Stored(bubble.file_name, bubble.file_bytes, bubble.media_type)


def waiting(session: Session) -> list[dict[str, Any]]:
    """Return the updates handed to the core of which it is not known that the core has them, oldest first."""
    query = select(Bubble.waiting).where(col(Bubble.waiting).is_not(None)).order_by(col(Bubble.id))
    return [dict(update) for update in session.exec(query) if update]


def accepted(session: Session, address: str, client_id: str) -> None:
    """Note that the core has the update of this client id."""
    here = (Bubble.address == address, Bubble.client_id == client_id)
    for bubble in session.exec(select(Bubble).where(*here)):
        bubble.waiting = None


def forget(session: Session, before: datetime) -> int:
    """Delete the bubbles older than a moment (retention); return how many."""
    return _deleted(session, col(Bubble.at) < before)


def erase(session: Session, address: str) -> int:
    """Delete everything an address holds (a person erased their account); return how many bubbles."""
    menu = session.get(PageMenu, address)
    if menu:
        session.delete(menu)
    return _deleted(session, col(Bubble.address) == address)


def set_menu(session: Session, address: str, commands: list[list[str]]) -> None:
    """Replace the command menu of an address."""
    session.merge(PageMenu(address=address, commands=commands))


def menu(session: Session, address: str) -> list[list[str]]:
    """Return the command menu of an address; empty where none was set."""
    found = session.get(PageMenu, address)
    return found.commands if found else []


def _by_client_id(session: Session, bubble: Bubble) -> Shown | None:
    if bubble.client_id is None:
        return None
    here = (Bubble.address == bubble.address, Bubble.client_id == bubble.client_id)
    row = session.exec(select(*_COLUMNS).where(*here)).one_or_none()
    return _seen(row) if row else None


def _overwrite(bubble: Bubble, change: Bubble) -> None:
    bubble.text, bubble.buttons, bubble.edited_at = change.text, change.buttons, change.at
    bubble.revision += 1
    if change.file_bytes is not None:
        bubble.file_name, bubble.file_bytes = change.file_name, change.file_bytes
        bubble.file_size, bubble.media_type = len(change.file_bytes), change.media_type


def _shown(bubble: Bubble) -> Shown:
    values: dict[str, Any] = {name: getattr(bubble, name) for name in Shown.__slots__}
    values["id"] = new_id(bubble.id)
    return Shown(**values)


def _seen(row: Row[Any]) -> Shown:
    return Shown(**row._asdict())


def _deleted(session: Session, which: Any) -> int:
    return int(session.execute(delete(Bubble).where(which)).rowcount)  # type: ignore[attr-defined]
