"""Files that go with directives, where the committee allows it: kept for the retention period, then emptied."""

from datetime import datetime
from pathlib import PurePath

from sqlalchemy import LargeBinary, Table, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.database import BigId, new_id

MOST_BYTES = 10_000_000
NAME_CHARS = 120
TYPES = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}


class Attachment(SQLModel, table=True):
    """A file as it came in; `content` is emptied when it has been kept long enough."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_by: int = Field(foreign_key="account.id", sa_type=BigId)
    created_at: datetime


_TABLE: Table = Attachment.__table__  # type: ignore[attr-defined]  # set by the table's metaclass


def media_type(name: str) -> str:
    """Return what a file is by its name, "" for a kind that is not sent on."""
    return TYPES.get(PurePath(name.lower()).suffix, "")


def keep(session: Session, name: str, content: bytes, account_id: int, now: datetime) -> int:
    """Store a file and return its id."""
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    kept = Attachment(name=stem[:NAME_CHARS] + suffix, content=content, created_by=account_id, created_at=now)
    session.add(kept)
    session.flush()
    return new_id(kept.id)


def name_of(session: Session, attachment_id: int | None) -> str:
    """Return the name of a file that is still there, "" where there is none."""
    query = select(Attachment.name).where(Attachment.id == attachment_id, col(Attachment.content).is_not(None))
    return session.exec(query).first() or ""


def get(session: Session, attachment_id: int) -> tuple[str, bytes]:
    """Return name and content. Raises LookupError for one that was emptied or never was."""
    found = session.get(Attachment, attachment_id)
    if found is None or found.content is None:
        raise LookupError(f"no attachment {attachment_id}")
    return found.name, found.content


def empty_before(session: Session, moment: datetime) -> None:
    """Empty the files that came in before a moment (retention)."""
    old = (_TABLE.c.created_at < moment, _TABLE.c.content.is_not(None))
    session.execute(update(_TABLE).where(*old).values(content=None))
