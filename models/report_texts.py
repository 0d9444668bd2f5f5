"""The office's own words in a committee's report: one row a unit, period and section, kept when it is made again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models import audit
from models.database import BigId
from models.periods import Period

# I.1 to I.7 by number; II (hạn chế, nguyên nhân) and III (phương hướng) by theirs.
SECTIONS = ("1", "2", "3", "4", "5", "6", "7", "II", "III")
LONGEST = 20_000  # characters of one section; a report's section is a page or two


class ReportText(SQLModel, table=True):
    """What the office wrote itself for one section; a line break parts paragraphs."""

    __tablename__ = "report_text"
    __table_args__ = (
        UniqueConstraint("unit_id", "period", "section"),
        CheckConstraint(f"section IN {SECTIONS}", name="section"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    period: str
    section: str
    text: str
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigId)
    written_at: datetime


def of_report(session: Session, unit_id: int, period: Period) -> dict[str, str]:
    """Return the words of a unit's report by section."""
    rows = session.exec(
        select(ReportText).where(ReportText.unit_id == unit_id, ReportText.period == str(period), ReportText.text != "")
    )
    return {row.section: row.text for row in rows}


def put(
    session: Session, unit_id: int, period: Period, words: Mapping[str, str], account_id: int | None, now: datetime
) -> tuple[str, ...]:
    """Set the words of some sections, "" to empty one; return the sections that changed, in the report's order.

    Raises ValueError for an unknown section or a text longer than `LONGEST`.
    """
    for section, text in words.items():
        if section not in SECTIONS or len(text) > LONGEST:
            raise ValueError(f"section {section!r} with {len(text)} characters")
    before = of_report(session, unit_id, period)
    changed = tuple(name for name in SECTIONS if name in words and words[name].strip() != before.get(name, ""))
    for section in changed:
        _store(session, (unit_id, str(period), section), words[section].strip(), account_id, now)
        audit.record(
            session, now, audit.by_account(account_id) if account_id else "import", "report_text.put", unit_id=unit_id,
            subject=f"report:{period}:{section}", old={"text": before.get(section, "")},
            new={"text": words[section].strip()},
        )  # fmt: skip
    session.flush()
    return changed


def _store(session: Session, place: tuple[int, str, str], text: str, account_id: int | None, now: datetime) -> None:
    unit_id, period, section = place
    row = session.exec(
        select(ReportText).where(
            ReportText.unit_id == unit_id, ReportText.period == period, col(ReportText.section) == section
        )
    ).one_or_none()
    row = row or ReportText(unit_id=unit_id, period=period, section=section, text="", written_at=now)
    row.text, row.account_id, row.written_at = text, account_id, now
    session.add(row)
