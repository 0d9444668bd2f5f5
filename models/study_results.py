"""How a resolution was studied: the reports of one directive, of the units it addressed; directives are never added."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.clock import local_date
from models.directives import STANDING, Directive, period_of
from models.forms.study import STUDY
from models.submissions import CURRENT, Submission


@dataclass(frozen=True, slots=True)
class Study:
    """What one unit did for the directive; nothing yet where its report is missing."""

    held: bool = False
    present: int = 0
    total: int | None = None


def load(session: Session, first: date, cutoff: date, unit_ids: AbstractSet[int]) -> dict[int, Study]:
    """Return by unit addressed the study under the newest such directive sent in the period; empty without one."""
    directive, addressed = _directive(session, first, cutoff, unit_ids)
    found = dict.fromkeys(addressed, Study())
    if directive is None:
        return found
    rows = session.exec(
        select(Submission).where(
            Submission.form_id == STUDY.id,
            Submission.kind == period_of(directive.id or 0),
            col(Submission.state).in_(CURRENT),
        )
    )
    for row in rows:
        if row.unit_id in found:
            held = row.answers.get("held") is True
            found[row.unit_id] = Study(held, int(row.answers.get("present", 0)), row.answers.get("total"))
    return found


def _directive(
    session: Session, first: date, cutoff: date, wanted: AbstractSet[int]
) -> tuple[Directive | None, list[int]]:
    rows = session.exec(
        select(Directive)
        .where(Directive.form_id == STUDY.id, col(Directive.state).in_(STANDING))
        .order_by(col(Directive.id).desc())
    )
    for row in rows:
        addressed = [unit_id for unit_id in row.unit_ids if unit_id in wanted]
        if addressed and first <= local_date(row.send_at) <= cutoff:
            return row, addressed
    return None, []
