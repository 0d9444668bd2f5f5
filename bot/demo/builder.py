"""Fills an empty database with the demonstration, by the very functions that take real reports."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from bot.demo.history import DATA, Report, months, plan
from models import duties, people, reporting, submissions, units
from models.clock import at, local_date
from models.forms import FORMS
from models.forms.base import Facts
from models.import_rows import COLUMNS
from models.importing import import_sheets
from models.people import Account
from models.periods import month_of, quarter_of
from models.submissions import Submission
from models.units import Unit
from models.workbook import from_texts

ACTOR = "demo"
CHANNEL, BOT = "web", "page"


def is_filled(session: Session) -> bool:
    """Return whether anything was filled in already."""
    return session.exec(select(Unit.id).limit(1)).first() is not None


def fill(session: Session, now: datetime) -> None:
    """Write units, people and their year of reports up to the month before `now`. Raises ValueError for a bad plan."""
    today = local_date(now)
    begin = at(months(today)[0].first - timedelta(days=1), 8)
    _import(session, today.year, begin)
    _join_everyone(session, begin)
    waiting = plan(today)
    for month in [*months(today), month_of(today)]:
        duties.ensure(session, at(month.first, 7))
        while waiting and local_date(waiting[0].at) <= month.last:
            _report(session, waiting.pop(0))
        duties.sync_quarter(session, quarter_of(month.first), at(month.last, 20))
    session.flush()


def _import(session: Session, year: int, begin: datetime) -> None:
    years = {"{year}": str(year), "{last_year}": str(year - 1)}
    found = {name: DATA / f"{name}.csv" for name in COLUMNS}
    texts = {name: file.read_text(encoding="utf-8") for name, file in found.items() if file.is_file()}
    for mark, number in years.items():
        texts["targets"] = texts["targets"].replace(mark, number)
    sheets = from_texts({name: text.encode() for name, text in texts.items()})
    result = import_sheets(session, sheets, begin, ACTOR)
    if result.errors:
        raise ValueError(f"the demonstration's tables are wrong: {result.errors[0]}")


def _join_everyone(session: Session, begin: datetime) -> None:
    for account in session.exec(select(Account).order_by(Account.label)):
        account_id = people.account_id(account)
        account.joined_at = begin
        people.bind(session, account_id, (CHANNEL, BOT, address_of(account_id)), begin)


def address_of(account_id: int) -> str:
    """Return the address of a person's phone on the page."""
    return f"demo-{account_id}"


def _report(session: Session, planned: Report) -> None:
    unit = units.by_code(session, planned.unit_code)
    if unit is None:
        raise ValueError(f"no unit {planned.unit_code} in the demonstration")
    unit_id, form, day = units.unit_id(unit), FORMS[planned.form_id], local_date(planned.at)
    (sender, *_) = people.holders(session, unit_id, [planned.role], planned.at)
    old = _postponement(session, unit_id, planned)
    facts = reporting.facts_for(session, unit, planned.form_id, day, old.id if old else None)
    answers = form.complete({**form.defaults, **_answers(planned, facts)}, facts)
    problem = form.check(answers, facts)
    if problem:
        raise ValueError(f"{planned.unit_code} {planned.at:%Y-%m-%d}: {problem.words}")
    by = reporting.Sender(sender, planned.at, day)
    reporting.submit(session, unit_id, planned.form_id, answers, by, replaces=old)


def _answers(planned: Report, facts: Facts) -> Mapping[str, Any]:
    stock = facts.stock
    if planned.absent is not None and stock:
        return {**planned.answers, "total": stock.required, "present": stock.required - planned.absent}
    if planned.form_id == "quarterly" and stock:
        return {**planned.answers, **_quarter(planned.answers["quarter"], stock.required)}
    return planned.answers


def _quarter(quarter: str, members: int) -> dict[str, Any]:
    """Return a branch's quarterly figures: the same modest ones everywhere, graded at the end of the year."""
    figures: dict[str, Any] = {
        "any": False, "huy_hieu_de_nghi": 0, "dan_van_kheo_tap_the": 0, "dan_van_kheo_ca_nhan": 0,
        "dan_van_kheo_noi_dung": 0, "ke_hoach_ktgs": [1, 1], "ke_hoach_tu_duong": [members, members],
    }  # fmt: skip
    if quarter.endswith("Q4"):
        excellent = members // 6
        figures["xep_loai_dang_vien"] = [excellent, members - excellent - 1, 1, 0]
    return figures


def _postponement(session: Session, unit_id: int, planned: Report) -> Submission | None:
    """Return the postponement that a regular meeting makes good, or None."""
    if planned.form_id != "meeting" or (planned.answers["outcome"], planned.answers["kind"]) != ("held", "regular"):
        return None
    period = str(planned.answers["held_on"])[:7]
    return next(iter(submissions.current(session, unit_id, "meeting", period, "regular")), None)
