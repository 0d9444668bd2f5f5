"""How a resolution was studied: the reports of one directive, of the units it addressed; directives are never added."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session

from models.clock import local_date
from models.database import plain_rows
from models.directives import STANDING, Directive, period_of
from models.forms.study import STUDY
from models.submissions import CURRENT, Submission

_DIRECTIVES: Table = Directive.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_REPORTS: Table = Submission.__table__  # type: ignore[attr-defined]  # likewise
_OF_STUDY = (
    select(_DIRECTIVES.c.id, _DIRECTIVES.c.unit_ids, _DIRECTIVES.c.send_at)
    .where(_DIRECTIVES.c.form_id == STUDY.id, _DIRECTIVES.c.state.in_(STANDING))
    .order_by(_DIRECTIVES.c.id.desc())
)
_HELD = select(_REPORTS.c.unit_id, _REPORTS.c.answers).where(
    _REPORTS.c.form_id == STUDY.id, _REPORTS.c.kind == bindparam("directive"), _REPORTS.c.state.in_(CURRENT)
)


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
    for unit_id, answers in plain_rows(session, _HELD, directive=period_of(directive)):
        if unit_id in found:
            held = answers.get("held") is True
            found[unit_id] = Study(held, int(answers.get("present", 0)), answers.get("total"))
    return found


def _directive(session: Session, first: date, cutoff: date, wanted: AbstractSet[int]) -> tuple[int | None, list[int]]:
    for directive_id, unit_ids, send_at in plain_rows(session, _OF_STUDY):
        addressed = [unit_id for unit_id in unit_ids if unit_id in wanted]
        if addressed and first <= local_date(send_at) <= cutoff:
            return directive_id, addressed
    return None, []
