"""Directives (văn bản chỉ đạo) of a committee: what they say, to whom they went, what was asked about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.database import BigId
from models.directive_text import Reference, reference

STATES = ("approval", "refused", "active", "paused", "stopped", "recalled", "corrected")
STANDING = ("active", "paused", "stopped")  # it asks something of the branches it reached
RUNNING = ("active", "paused")
LABEL_CHARS = 60
ASKS = ("acknowledge", "do", "figures")
ACK, DO, REPORT = "directive_ack", "directive_do", "directive_report"  # what a branch owes, of period "D<id>"
FURTHER = (DO, REPORT)
WHATS = (ACK, DO, REPORT)


class Directive(SQLModel, table=True):
    """One directive as it was sent; a correction is a new row that names the one it replaces.

    unit_ids: the branches addressed, fixed when it was confirmed; `prepared` of them have their rows by now.
    roles: whose post receives it. answers: as composed. carries_body: the text itself is sent too. form_id and
    counted: the report asked for. send_at: the earliest moment it leaves. refresh_at: when the screens that show it
    are next brought up to date. state approval: it waits for a second person; stopped: nothing more leaves, what
    arrived counts.
    """

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"asks IN {ASKS}", name="asks"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    number: str = ""
    title: str
    body: str = ""
    carries_body: bool = False
    deadline: date
    read_at: str = ""
    asks: str
    form_id: str = ""
    counted: str = ""
    audience: str
    roles: list[str] = Field(sa_type=JSON)
    unit_ids: list[int] = Field(sa_type=JSON)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    prepared: int = 0
    send_at: datetime
    state: str = Field(index=True)
    revision: int = 1
    corrects_id: int | None = Field(default=None, foreign_key="directive.id", sa_type=BigId)
    created_by: int = Field(foreign_key="account.id", sa_type=BigId)
    approved_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BigId)
    created_at: datetime
    ended_at: datetime | None = None
    refresh_at: datetime | None = None


class DirectiveRecipient(SQLModel, table=True):
    """One person a directive goes to, for one or more branches; `outbox_id` is the row it leaves (or left) as.

    Whether it is waiting, sent, failed or uncertain stands in that row; acknowledging and doing are the branches'
    obligations, the moments here are this person's own.
    """

    __tablename__ = "directive_recipient"
    __table_args__ = (UniqueConstraint("directive_id", "account_id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    directive_id: int = Field(foreign_key="directive.id", sa_type=BigId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    unit_ids: list[int] = Field(sa_type=JSON)
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id", index=True, sa_type=BigId)
    attempt: int = 1
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None


class DirectiveQuestion(SQLModel, table=True):
    """A question about a directive and its answer; the questions of one person and directive are a thread."""

    __tablename__ = "directive_question"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    directive_id: int = Field(foreign_key="directive.id", index=True, sa_type=BigId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    text: str
    asked_at: datetime
    answer: str = ""
    answered_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BigId)
    answered_at: datetime | None = None


def further(directive: Directive) -> str:
    """Return what a branch owes beyond acknowledging: to carry it out, or to report."""
    return REPORT if directive.asks == "figures" else DO


def period_of(directive_id: int) -> str:
    """Return the period its obligations are kept under, which is also the kind of the reports it asks for."""
    return f"D{directive_id}"


def id_of(period: str) -> int | None:
    """Return the directive whose obligations are kept under a period, None for a period of time."""
    number = period.removeprefix("D")
    return int(number) if period.startswith("D") and number.isdecimal() else None


def details(directive: Directive) -> dict[str, Any]:
    """Return what an obligation keeps of its directive, so that a reminder can name it."""
    return {"directive": directive.id, "label": label(directive), "title": directive.title}


def label(directive: Directive) -> str:
    """Return what people call it: its number and symbol, else its title."""
    if directive.number:
        return directive.number
    title = directive.title
    return f"«{title}»" if len(title) <= LABEL_CHARS else f"«{title[:LABEL_CHARS].rsplit(' ', 1)[0]}…»"


def latest(session: Session, unit_ids: set[int], limit: int = 200) -> list[Directive]:
    """Return the directives of some committees, the newest first."""
    rows = session.exec(select(Directive).order_by(col(Directive.id).desc()).limit(limit))
    return [row for row in rows if row.unit_id in unit_ids]


def named(found: list[Directive], text: str) -> list[Directive]:
    """Return those of the directives that a few words name ("58", "kh 58", part of the symbol or title)."""
    said: Reference | None = reference(text)
    if said is None:
        return []
    return [directive for directive in found if directive.number and said.names(directive.number)]


def get(session: Session, directive_id: int | None) -> Directive | None:
    """Return a directive by id, or None."""
    return session.get(Directive, directive_id) if directive_id else None


def has_reached(directive: Directive, now: datetime) -> bool:
    """Return whether a directive asks something of its branches by now."""
    return directive.state in STANDING and directive.send_at <= now


def corrected_by(session: Session, directive: Directive) -> Directive | None:
    """Return the version that stands in a directive's place now, or None."""
    query = select(Directive).where(Directive.corrects_id == directive.id).order_by(col(Directive.id).desc())
    newer = next((row for row in session.exec(query) if row.state not in ("approval", "refused")), None)
    if newer is None or newer.state in STANDING:
        return newer
    return corrected_by(session, newer) if newer.state == "corrected" else None
