"""The reading log: what was typed (names masked), how it was read, and what came of it; emptied after 30 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.database import BigId
from models.vietnamese.folding import fold

OUTCOMES = ("stored", "asked", "answered", "unknown")
CORRECTED_WITHIN = timedelta(hours=24)


class ReadingRow(SQLModel, table=True):
    """One typed line. corrected: the report stored from it was changed or withdrawn soon after."""

    __tablename__ = "reading"
    __table_args__ = (CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(index=True)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    text: str
    folded: str = Field(index=True)
    intent: str
    slots: dict[str, Any] = Field(sa_type=JSON)
    issues: list[str] = Field(default_factory=list, sa_type=JSON)
    outcome: str
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True, sa_type=BigId)
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Misread:
    """A line that was not understood or was corrected afterwards, and how often."""

    text: str
    times: int
    intent: str
    corrected: bool


def record(session: Session, row: ReadingRow) -> None:
    """Append one line to the log."""
    row.folded = " ".join(fold(row.text).split())[:200]
    session.add(row)


def mark_corrected(session: Session, submission_id: int, now: datetime) -> None:
    """Tell that a report stored from a typed line was corrected or withdrawn."""
    rows = session.exec(select(ReadingRow).where(ReadingRow.submission_id == submission_id))
    for row in rows:
        row.corrected = row.corrected or now - row.at <= CORRECTED_WITHIN


def misread(session: Session, since: datetime) -> list[Misread]:
    """Return the lines not understood or corrected since a moment, most frequent first."""
    rows = session.exec(select(ReadingRow).where(ReadingRow.at >= since).order_by(col(ReadingRow.id)))
    grouped: dict[str, list[ReadingRow]] = {}
    for row in rows:
        if row.outcome == "unknown" or row.corrected:
            grouped.setdefault(row.folded, []).append(row)
    found = [
        Misread(group[-1].text, len(group), group[-1].intent, any(row.corrected for row in group))
        for group in grouped.values()
    ]
    return sorted(found, key=lambda line: -line.times)


def forget_before(session: Session, moment: datetime) -> None:
    """Delete lines older than a moment (retention)."""
    session.execute(delete(ReadingRow).where(col(ReadingRow.at) < moment))
