"""A quarter rolled up from its branches, beside one plain SUM ... GROUP BY of the database over the same reports."""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel

from bot.export import to_json
from bot.program import COLLECT
from bot.report_files import ReportFiles
from models import figures, rules, tables
from models.clock import at
from models.database import make_engine
from models.obligations import Obligation
from models.periods import Period, parse_period
from models.submissions import Submission
from models.units import ALWAYS, FOREVER, Membership, Unit, UnitParent
from reports import xlsx

QUARTER = parse_period("2022-Q1")
TODAY = date(2022, 3, 31)
SIZES = (1_000, 10_000)
PLAIN_SQL = """
    SELECT unit_id, SUM(json_extract(answers, '$.present')), SUM(json_extract(answers, '$.total'))
    FROM submission
    WHERE form_id = 'meeting' AND state IN ('submitted', 'locked') AND period IN ('2022-01', '2022-02', '2022-03')
    GROUP BY unit_id
"""


def run() -> list[str]:
    """Return a line a size: seconds of the roll-up, of its files and of the plain statement; and of an export."""
    gc.set_threshold(*COLLECT)  # as the program runs
    return [*(_measured(size) for size in SIZES), _exported(159)]


def _exported(size: int) -> str:
    with _database(size) as session:
        took, files = _timed(lambda: ReportFiles(session, 1, QUARTER, TODAY).all())
    return f"every file of a quarter's report, {size} branches: {took:.2f} s for {', '.join(files)}"


def _measured(size: int) -> str:
    with _database(size) as session:
        plain, (present, required) = _timed(lambda: _plain_sum(session))
        session.expunge_all()
        rolled, found = _timed(lambda: figures.figures(session, 1, QUARTER, TODAY))
        month, _ = _timed(lambda: figures.figures(session, 1, QUARTER.months[0], TODAY))
        files, _ = _timed(lambda: (to_json(found), xlsx.figures(found)))
    amount = found.figure("du_sinh_hoat").amount
    agrees = amount is not None and (amount.number, amount.of) == (present, required)
    return (
        f"roll-up of a quarter, {size:,} branches: {rolled:.2f} s for {len(found.indicators)} indicators and a row a "
        f"branch (a month {month:.2f} s; JSON and .xlsx {files:.2f} s); one plain SUM GROUP BY {plain * 1000:.0f} ms; "
        f"{'the sums agree' if agrees else 'THE SUMS DIFFER'}"
    )


def _timed(work: Any) -> tuple[float, Any]:
    began = perf_counter()
    result = work()
    return perf_counter() - began, result


def _plain_sum(session: Session) -> tuple[int, int]:
    rows = session.connection().execute(text(PLAIN_SQL)).all()
    return sum(row[1] for row in rows), sum(row[2] for row in rows)


@contextmanager
def _database(size: int) -> Iterator[Session]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'rollup.db'}")
        tables.declare()
        tables.metadata.create_all(engine)
        with Session(engine) as session:
            rules.seed(session)
            _fill(session, size)
            session.commit()
            yield session
        engine.dispose()


def _fill(session: Session, size: int) -> None:
    random = Random(1)
    groups = max(size // 50, 1)  # a committee, its parts of some 50 branches, and the branches
    bodies = [_unit(1, "DU", "dang_bo"), *(_unit(2 + n, f"DB{n}", "dang_bo_bo_phan") for n in range(groups))]
    branches = range(2 + groups, 2 + groups + size)
    bodies += [_unit(unit_id, f"CB{unit_id}", "chi_bo") for unit_id in branches]
    parents = [_parent(2 + n, 1) for n in range(groups)]
    parents += [_parent(unit_id, 2 + unit_id % groups) for unit_id in branches]
    _insert(session, Unit, bodies)
    _insert(session, UnitParent, parents)
    for month in QUARTER.months:
        _insert(session, Obligation, [_duty(unit_id, month) for unit_id in branches])
        meetings = [_meeting(unit_id, month, random) for unit_id in branches if random.random() < 0.95]
        _insert(session, Submission, meetings)
        _insert(session, Membership, [_stated(row) for row in meetings])
        _insert(session, Submission, [_admission(unit_id, month) for unit_id in branches if random.random() < 0.05])


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    session.connection().execute(insert(table), rows)


def _unit(unit_id: int, code: str, kind: str) -> dict[str, Any]:
    lists: dict[str, Any] = {"short_names": [], "aliases": []}
    life = {"valid_from": ALWAYS, "valid_to": FOREVER}
    return {"id": unit_id, "code": code, "code_key": code, "name": code, "kind": kind, "sector": "", **lists, **life}


def _parent(unit_id: int, parent_id: int) -> dict[str, Any]:
    return {"unit_id": unit_id, "parent_id": parent_id, "valid_from": ALWAYS, "valid_to": FOREVER}


def _duty(unit_id: int, month: Period) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "what": "meeting",
        "period": str(month),
        "opens_on": month.first,
        "planned_on": month.day(3),
        "due_on": month.day(5),
        "on_time_until": month.day(5),
        "status": "on_time",
        "reason": "",
        "details": {},
        "created_at": at(month.first),
        "moved": False,
    }


def _meeting(unit_id: int, month: Period, random: Random) -> dict[str, Any]:
    total = random.randint(8, 40)
    answers: dict[str, Any] = {"outcome": "held", "kind": "regular", "format": "in_person"}
    answers |= {"held_on": month.day(3).isoformat(), "present": random.randint(total // 2, total), "total": total}
    return _report(unit_id, "meeting", "regular", month, answers)


def _admission(unit_id: int, month: Period) -> dict[str, Any]:
    answers = {"event": "ket_nap", "count": 1, "dates": [month.day(19).isoformat()]}
    return _report(unit_id, "admission", "ket_nap", month, answers)


def _report(unit_id: int, form_id: str, kind: str, month: Period, answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "form_id": form_id,
        "form_version": 1,
        "period": str(month),
        "kind": kind,
        "serial": 1,
        "version": 1,
        "reason": "",
        "answers": answers,
        "state": "submitted",
        "submitted_at": at(month.day(20)),
        "reported_on": month.day(20),
    }


def _stated(meeting: dict[str, Any]) -> dict[str, Any]:
    answers = meeting["answers"]
    return {
        "unit_id": meeting["unit_id"],
        "on": date.fromisoformat(answers["held_on"]),
        "official": answers["total"],
        "probationary": 0,
        "exempt": 0,
    }


if __name__ == "__main__":
    print("\n".join(run()))
