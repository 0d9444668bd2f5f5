"""Everything a committee's report is made of, read from the database at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from models import checks, figures, report_texts, rules, units
from models.checks import Mismatch
from models.figures import Figures
from models.periods import Period
from models.targets import Target

NO_VALUE = "-"  # of a setting that is left to follow from the units' names


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and below the report: who issues it, under whom, where, spelt how; counted_by: a case's date.

    place is "" where it follows from the names, parent where nothing is above; above: all bodies, the nearest first.
    """

    unit: str
    kind: str
    parent: str
    place: str
    spelling: str
    counted_by: str
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report's figures, the same of a year before (None where nothing was reported then), and its own words.

    targets: what was given for the next period, or else for the year, by indicator. made_on: the local date.
    """

    found: Figures
    before: Figures | None
    words: Mapping[str, str]
    head: Head
    mismatches: tuple[Mismatch, ...]
    targets: Mapping[str, str]
    made_on: date


def load(session: Session, unit_id: int, period: Period, today: date) -> Report:
    """Return what a unit's report of a period holds as it stands today. Raises LookupError for an unknown unit."""
    found = figures.figures(session, unit_id, period, today)
    before = figures.figures(session, unit_id, period.year_before(), today)
    return Report(
        found=found,
        before=before if _anything(before) else None,
        words=report_texts.of_report(session, unit_id, period),
        head=head(session, unit_id, found.cutoff),
        mismatches=mismatches(session, found),
        targets=_coming_targets(session, unit_id, period),
        made_on=today,
    )


def head(session: Session, unit_id: int, day: date) -> Head:
    """Return who issues a unit's report and under whom on a day, and the settings it is written by."""
    unit, book = units.get(session, unit_id), rules.book(session)
    above = tuple(units.get(session, one).name for one in units.lineage(session, unit_id, day)[1:])
    parent = book.text("report.parent_body", day)
    place = book.text("report.place", day)
    return Head(
        unit=unit.name,
        kind=unit.kind,
        parent=(above[0] if above else "") if parent == NO_VALUE else parent,
        place="" if place == NO_VALUE else place,
        spelling=book.text("report.spelling", day),
        counted_by=book.text("admission.counted_by", day),
        above=above,
    )


def mismatches(session: Session, found: Figures) -> tuple[Mismatch, ...]:
    """Return the identities of a period's figures that do not hold, by unit."""
    lines = {line.unit_id: line for line in (*found.branches, *found.committees)}
    wrong = checks.members(session, found.period.first, found.cutoff, lines.keys())
    for unit_id, line in lines.items():
        wrong += checks.parts(unit_id, dict(line.amounts))
    order = {unit_id: place for place, unit_id in enumerate(lines)}
    return tuple(sorted(wrong, key=lambda one: (order[one.unit_id], one.day or date.min)))


def _anything(found: Figures) -> bool:
    amounts = [figure.amount for figure in found.indicators if figure.indicator.kind != "stock"]
    return any(amount is not None and (amount.number or any(amount.parts)) for amount in amounts)


def _coming_targets(session: Session, unit_id: int, period: Period) -> dict[str, str]:
    coming = following(period)
    rows = session.exec(select(Target).where(Target.unit_id == unit_id)).all()
    years = {row.indicator: row.target for row in rows if row.period == str(coming.year)}
    return {**years, **{row.indicator: row.target for row in rows if row.period == str(coming)}}


def following(period: Period) -> Period:
    """Return the period after one, of the same length; nine months are followed by the year."""
    if period.length == 9:
        return Period(period.year, 1, 12)
    count = period.year * 12 + period.first_month - 1 + period.length
    return Period(count // 12, count % 12 + 1, period.length)
