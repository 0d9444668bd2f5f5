"""What figures are made of: duties, meetings, events and members of a subtree, read in bulk and parted by unit.

A month of a unit belongs to whom it stood under on the month's last day (on the cut-off in the month that runs), so
that the figures of neighbouring committees add up to those of the committee above them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from models import cases, frozen_duties, stated_figures, stock, study_results, units
from models.duties import MEETING
from models.forms.base import Stock
from models.forms.events import dates_for_each
from models.frozen_duties import Frozen
from models.obligations import DONE, Obligation
from models.periods import Period, month_of, parse_period, quarter_of
from models.stated_figures import ByIndicator
from models.stock import narrowed
from models.study_results import Study
from models.submissions import CURRENT, Submission
from models.units import Unit, UnitParent, UnitPause

PEOPLE = ("admission", "movement")  # the forms that count people, each with a date
ADMITTED, CEREMONY = "ket_nap", "held_on"
NOT_OWED = ("cancelled", "excused")


@dataclass(frozen=True, slots=True)
class Duty:
    """A monthly meeting that was owed; `span` is the quarter (in a month's figures: the month) it falls in.

    here: whether the unit stood in the subtree that month. A unit that moved has months that are not.
    """

    month: str
    span: str
    done: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that took place, as it was last reported."""

    month: str
    span: str
    kind: str
    format: str
    present: int
    required: int
    here: bool


@dataclass(slots=True)
class UnitFacts:
    """What is known of one unit in a period: events are people by event id, stock the members at the cut-off.

    children: the bodies directly beneath it, known for the root of the subtree only. stated: its quarterly figures,
    and a committee's own. study: of the unit addressed by the period's directive. cased: the events of its cases.
    gone: it was dissolved before the cut-off.
    """

    duties: list[Duty] = field(default_factory=list)
    meetings: list[Held] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    cased: Counter[str] = field(default_factory=Counter)
    stock: Stock | None = None
    children: int | None = None
    gone: bool = False
    stated: ByIndicator = field(default_factory=dict)
    study: Study | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Which months are looked at, up to which day, which units stood in the subtree in each, and its quarter.

    frozen: for the months of approved periods, who owes nothing though it stands there: it was not expected then.
    """

    months: tuple[Period, ...]
    cutoff: date
    places: Mapping[str, set[int]]
    spans: Mapping[str, str]
    frozen: Mapping[str, Frozen] = field(default_factory=dict)

    @property
    def everyone(self) -> set[int]:
        """All units that stood in the subtree in any of the months."""
        return set().union(*self.places.values())


def load(session: Session, root: int, months: Sequence[Period], today: date) -> dict[int, UnitFacts]:
    """Return by unit what is known of a subtree in the months that have begun, up to today, whichever is earlier."""
    frame = _frame(session, root, months, today)
    facts: dict[int, UnitFacts] = defaultdict(UnitFacts)
    if frame is None:
        return facts
    _add_duties(session, frame, facts)
    _add_reports(session, frame, facts)
    _add_statements(session, frame, facts)
    _add_cases(session, frame, facts)
    for unit_id, members in _members(session, root, frame.cutoff).items():
        facts[unit_id].stock = members
    facts[root].children = _children(session, root, frame.cutoff)
    return facts


def _frame(session: Session, root: int, months: Sequence[Period], today: date) -> Frame | None:
    begun = [month for month in months if month.first <= today]
    if not begun:
        return None
    cutoff = min(months[-1].last, today)
    days = [min(month.last, cutoff) for month in begun]
    stood = _stood_on(session, root, days)
    places = {str(month): stood[day] for month, day in zip(begun, days, strict=True)}
    # A quarter of which one month has begun is a quarter still; a month by itself stands for itself.
    spans = {str(month): str(month if len(months) == 1 else quarter_of(month.first)) for month in begun}
    return Frame(tuple(months), cutoff, places, spans, frozen_duties.load(session, root, begun))


def _stood_on(session: Session, root: int, days: Sequence[date]) -> dict[date, set[int]]:
    turns = _turns(session, days[0], days[-1])
    found: dict[date, set[int]] = {}
    before = date.min
    for day in days:
        same = before in found and not any(before < turn <= day for turn in turns)
        found[day] = found[before] if same else units.subtree(session, [root], day)
        before = day
    return found


def _turns(session: Session, first: date, last: date) -> set[date]:
    rows = session.exec(
        select(col(UnitParent.valid_from), col(UnitParent.valid_to)).where(
            or_(col(UnitParent.valid_from).between(first, last), col(UnitParent.valid_to).between(first, last))
        )
    )
    return {turn for begins, ends in rows for turn in (begins, min(ends, last) + timedelta(days=1))}


# Duties -----------------------------------------------------------------------------------------------------------


def _add_duties(session: Session, frame: Frame, facts: dict[int, UnitFacts]) -> None:
    rows = session.exec(
        select(Obligation.unit_id, Obligation.period, Obligation.status, col(Obligation.planned_on)).where(
            Obligation.what == MEETING,
            col(Obligation.period).in_(list(frame.places)),
            narrowed(Obligation.unit_id, frame.everyone),
        )
    )
    everyone, gone = frame.everyone, _Absences(session, frame)
    for unit_id, month, status, planned_on in rows:
        if unit_id not in everyone:
            continue
        done = status in DONE
        frozen = frame.frozen[month].owes(unit_id) if month in frame.frozen else None
        absent = not done and gone.on(unit_id, planned_on or parse_period(month).first)
        if frozen or (frozen is None and status not in NOT_OWED and not absent):
            facts[unit_id].duties.append(Duty(month, frame.spans[month], done, unit_id in frame.places[month]))


class _Absences:
    """Which units do not exist, or are paused, on a day: a row created ahead of that is not owed."""

    def __init__(self, session: Session, frame: Frame) -> None:
        first, last = frame.months[0].first, frame.months[-1].last
        lives = select(col(Unit.id), col(Unit.valid_from), col(Unit.valid_to)).where(
            or_(Unit.valid_from > first, Unit.valid_to < last)
        )
        self._lives = {row_id: (begins, ends) for row_id, begins, ends in session.exec(lives)}
        self._pauses: dict[int, list[tuple[date, date]]] = defaultdict(list)
        pauses = select(UnitPause).where(UnitPause.paused_from <= last, UnitPause.paused_to >= first)
        for pause in session.exec(pauses):
            self._pauses[pause.unit_id].append((pause.paused_from, pause.paused_to))

    def on(self, unit_id: int, day: date) -> bool:
        """Return whether a unit is absent on a day."""
        begins, ends = self._lives.get(unit_id, (day, day))
        return not begins <= day <= ends or any(since <= day <= until for since, until in self._pauses[unit_id])


# Reports ----------------------------------------------------------------------------------------------------------


def _add_reports(session: Session, frame: Frame, facts: dict[int, UnitFacts]) -> None:
    rows = session.exec(
        select(Submission.unit_id, Submission.period, Submission.form_id, col(Submission.answers)).where(
            col(Submission.period).in_(list(frame.places)),
            col(Submission.state).in_(CURRENT),
            narrowed(Submission.unit_id, frame.everyone),
        )
    )
    everyone = frame.everyone
    for unit_id, month, form_id, answers in rows:
        if unit_id not in everyone:
            continue
        here = unit_id in frame.places[month]
        if form_id == MEETING and _took_place(answers, frame.cutoff):
            facts[unit_id].meetings.append(_held(month, frame.spans[month], answers, here=here))
        elif form_id in PEOPLE:
            counted = _people(answers, frame, unit_id)
            facts[unit_id].events.update(counted)
            if answers.get("case"):
                facts[unit_id].cased.update(counted)


def _took_place(answers: Mapping[str, Any], cutoff: date) -> bool:
    return answers.get("outcome") == "held" and date.fromisoformat(answers["held_on"]) <= cutoff


def _held(month: str, span: str, answers: Mapping[str, Any], *, here: bool) -> Held:
    return Held(
        month=month,
        span=span,
        kind=answers.get("kind", "regular"),
        format=answers.get("format", "in_person"),
        present=int(answers["present"]),
        required=int(answers["total"]),
        here=here,
    )


def _people(answers: Mapping[str, Any], frame: Frame, unit_id: int) -> dict[str, int]:
    days = [date.fromisoformat(text) for text in dates_for_each(answers)]
    counted = sum(1 for day in days if day <= frame.cutoff and unit_id in frame.places.get(str(month_of(day)), ()))
    return {answers["event"]: counted}


def _add_statements(session: Session, frame: Frame, facts: dict[int, UnitFacts]) -> None:
    """Add what was stated as figures; a unit speaks for the committee it stood under last."""
    last_begun = frame.places[max(frame.places)]
    first, last = frame.months[0].first, frame.months[-1].last
    for unit_id, stated in stated_figures.load(session, first, frame.cutoff, last, last_begun).items():
        facts[unit_id].stated = stated
    gone = set(session.exec(select(col(Unit.id)).where(Unit.valid_to < frame.cutoff)))
    for unit_id in [known for known in facts if known in gone]:
        facts[unit_id].gone = True
    for unit_id, study in study_results.load(session, first, frame.cutoff, last_begun).items():
        facts[unit_id].study = study


def _add_cases(session: Session, frame: Frame, facts: dict[int, UnitFacts]) -> None:
    """Count the admissions of cases by the date that the setting names, where that is not the ceremony."""
    column = cases.counted_column(session, frame.cutoff)
    if column == CEREMONY:
        return
    for known in facts.values():
        known.events[ADMITTED] -= known.cased[ADMITTED]
    for unit_id, day in cases.counted_between(session, column, frame.months[0].first, frame.cutoff):
        if unit_id in frame.places.get(str(month_of(day)), ()):
            facts[unit_id].events[ADMITTED] += 1


# Members and bodies at the cut-off --------------------------------------------------------------------------------


def _members(session: Session, root: int, cutoff: date) -> dict[int, Stock]:
    below = units.subtree(session, [root], cutoff)
    branches = select(col(Unit.id)).where(
        Unit.kind == "chi_bo", Unit.valid_from <= cutoff, Unit.valid_to >= cutoff, narrowed(Unit.id, below)
    )
    valid: Collection[int] = {unit_id for unit_id in session.exec(branches) if unit_id in below and unit_id is not None}
    return stock.stocks_on(session, cutoff, valid)


def _children(session: Session, root: int, cutoff: date) -> int:
    rows = session.exec(
        select(col(Unit.id))
        .join(UnitParent, col(UnitParent.unit_id) == col(Unit.id))
        .where(UnitParent.parent_id == root, UnitParent.valid_from <= cutoff, UnitParent.valid_to >= cutoff)
        .where(Unit.valid_from <= cutoff, Unit.valid_to >= cutoff)
    )
    return len(set(rows))
