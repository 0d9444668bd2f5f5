"""The invented year of the demonstration: who reports what and when, relative to the present month; pure.

The tables in `data` hold counts by unit and month; nothing in them is of a real place or person.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from models.clock import at
from models.periods import Period, month_of, previous_month, quarter_of

DATA = Path(__file__).parent / "data"
MONTHS = 12
_TOKEN = re.compile(r"(?P<absent>\d+)(?:/(?P<unexcused>\d+))?(?:\+(?P<late>\d+))?")
_THEMATIC_DAY, _QUARTERLY_DAY = 20, 11


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the plan: by whom for which unit, when, and the answers as far as they need no looking up.

    absent: how many were missing at a meeting; who had to attend follows from the members of that day.
    """

    unit_code: str
    role: str
    form_id: str
    at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    absent: int | None = None


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one table."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plan(today: date) -> list[Report]:
    """Return the reports of the twelve months before the present one, in order of time."""
    reports = [*_meetings(today), *_thematic(today), *_events(today), *_quarterly(today)]
    return sorted(reports, key=lambda report: (report.at, report.unit_code, report.form_id))


def months(today: date) -> list[Period]:
    """Return the months of the history, the oldest first."""
    found = [previous_month(month_of(today))]
    while len(found) < MONTHS:
        found.append(previous_month(found[-1]))
    return found[::-1]


def _ago(today: date, months_ago: str) -> Period:
    return months(today)[MONTHS - int(months_ago)]


def _evening(day: date, days_later: int = 0) -> datetime:
    return at(day + timedelta(days=days_later), 19, 40)


def _meetings(today: date) -> Iterator[Report]:
    days = {row["code"]: int(row["meeting_day"]) for row in rows("units") if row["meeting_day"]}
    moved = {(row["unit_code"], _ago(today, row["months_ago"])): row for row in rows("postponed")}
    for row in rows("attendance"):
        for month, token in zip(months(today), row["months"].split(), strict=True):
            code = row["unit_code"]
            planned, postponed = month.day(days[code]), moved.get((code, month))
            if postponed:
                held_on = month.day(int(postponed["new_day"]))
                yield _postponed(code, month, planned, held_on, postponed["reason"])
                yield from _held(code, held_on, token, kind="regular")
            else:
                yield from _held(code, planned, token, kind="regular")


def _held(code: str, day: date, token: str, **answers: Any) -> Iterator[Report]:
    found = _TOKEN.fullmatch(token)
    if found is None:
        return
    absent, unexcused = int(found["absent"]), int(found["unexcused"] or 0)
    told = {"outcome": "held", "format": "in_person", "held_on": day.isoformat(), "absent_excused": absent - unexcused}
    told["posted"] = absent != 3
    yield Report(code, "secretary", "meeting", _evening(day, int(found["late"] or 0)), {**told, **answers}, absent)


def _postponed(code: str, month: Period, planned: date, new_on: date, reason: str) -> Report:
    answers = {"outcome": "postponed", "kind": "regular", "month": str(month), "reason": reason}
    return Report(code, "secretary", "meeting", at(planned, 9), {**answers, "new_on": new_on.isoformat()})


def _thematic(today: date) -> Iterator[Report]:
    # Once a quarter, in its middle month.
    quarters = [month for month in months(today) if month.first_month % 3 == 2]
    for month, topic in zip(quarters, rows("thematic"), strict=False):
        for row in rows("attendance"):
            if row["unit_code"] not in topic["missed_by"].split():
                day = month.day(_THEMATIC_DAY)
                yield from _held(row["unit_code"], day, "1", kind="thematic", topic=topic["topic"])


def _events(today: date) -> Iterator[Report]:
    for row in rows("events"):
        day = _ago(today, row["months_ago"]).day(int(row["day"]))
        answers: dict[str, Any] = {"event": row["event"], "count": int(row["count"]), "dates": [day.isoformat()]}
        if row["probationary"]:
            answers["probationary"] = int(row["probationary"])
        role = "officer" if row["form"] == "own_figures" else "secretary"
        yield Report(row["unit_code"], role, row["form"], _evening(day), answers)


def _quarterly(today: date) -> Iterator[Report]:
    for month in months(today):
        if month.first_month % 3 == 0:
            answers = {"quarter": str(quarter_of(month.first))}
            for row in rows("attendance"):
                yield Report(row["unit_code"], "secretary", "quarterly", _evening(month.day(_QUARTERLY_DAY)), answers)
