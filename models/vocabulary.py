"""Words a committee has approved: further names of its units, and abbreviations; each one row, effective at once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models import revisions
from models.database import BigId
from models.units import Unit
from models.vietnamese.branch_names import BranchName
from models.vietnamese.folding import fold

NAMES = "names"


class ApprovedWord(SQLModel, table=True):
    """A typed form and what it stands for: a unit (alias) or words (abbreviation)."""

    __tablename__ = "approved_word"
    __table_args__ = (
        UniqueConstraint("typed"),
        CheckConstraint("(unit_id IS NULL) <> (means = '')", name="one_meaning"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    typed: str
    means: str = ""
    unit_id: int | None = Field(default=None, foreign_key="unit.id", sa_type=BigId)
    approved_by: int = Field(foreign_key="account.id", sa_type=BigId)
    approved_at: datetime


def approve_alias(session: Session, typed: str, unit_id: int, by: int, now: datetime) -> None:
    """Let a typed form name a unit."""
    _put(session, ApprovedWord(typed=_key(typed), unit_id=unit_id, approved_by=by, approved_at=now))


def approve_abbreviation(session: Session, typed: str, means: str, by: int, now: datetime) -> None:
    """Let a typed form stand for words."""
    _put(session, ApprovedWord(typed=_key(typed), means=means.strip(), approved_by=by, approved_at=now))


def _put(session: Session, word: ApprovedWord) -> None:
    for old in session.exec(select(ApprovedWord).where(ApprovedWord.typed == word.typed)):
        session.delete(old)
    session.flush()
    session.add(word)
    revisions.bump(session, NAMES)


def _key(typed: str) -> str:
    return " ".join(fold(typed).split())


def abbreviations(session: Session) -> list[tuple[str, str]]:
    """Return the approved abbreviations as (short, meaning)."""
    rows = session.exec(select(ApprovedWord).where(col(ApprovedWord.unit_id).is_(None)).order_by(col(ApprovedWord.id)))
    return [(row.typed, row.means) for row in rows]


def branch_rows(session: Session) -> list[BranchName]:
    """Return every unit as a name to be matched, its short names, aliases and approved aliases included."""
    approved: dict[int, list[str]] = {}
    for row in session.exec(select(ApprovedWord).where(col(ApprovedWord.unit_id).is_not(None))):
        approved.setdefault(row.unit_id or 0, []).append(row.typed)
    return [
        BranchName(
            str(unit.id), unit.name, unit.kind,
            (unit.code, *unit.short_names, *unit.aliases, *approved.get(unit.id or 0, ())),
        )
        for unit in session.exec(select(Unit).where(Unit.kind != "dang_bo").order_by(Unit.code_key))
    ]  # fmt: skip
