"""What reading a line gives."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from models.vietnamese.branch_names import BranchMatch

MeetingFormat = Literal["in_person", "online", "hybrid"]


@dataclass(frozen=True, slots=True)
class Slots:
    """What a line says; None or empty where it says nothing.

    Counts are persons, a signed or contradictory number stays as said; `branch`, `topic` and
    `doc_ref` are verbatim pieces of the line. Of present, total and absent the third is derived when
    the line states two that agree.
    """

    date: dt.date | None = None
    present: int | None = None
    total: int | None = None
    absent: int | None = None
    absent_excused: int | None = None
    count: int | None = None
    person_names: tuple[str, ...] = ()
    format: MeetingFormat | None = None
    topic: str | None = None
    branch: str | None = None
    doc_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Why a line must not be stored without a question: `typed` as written, `options` the readings."""

    code: str
    typed: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One line as understood; `others` are further events of the same line."""

    intent: str
    slots: Slots = field(default_factory=Slots)
    branch: BranchMatch | None = None
    issues: tuple[Issue, ...] = ()
    needs_confirm: bool = False
    others: tuple["Reading", ...] = ()
