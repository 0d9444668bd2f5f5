"""A quarter rolled up from its branches, beside plain SUM ... GROUP BY statements of the database over the same rows.

Two comparisons, because "the same rows" can be read in two ways. The narrow one is a single statement: two numbers of
one form, by branch. The roll-up reads more than that for its 50 indicators, the "x of y" and the missing by name:
meetings and who owed them, events, members, who stood where, and the branches' names. So the wide one is the sum of
one plain statement for each of these tables, over exactly the rows the roll-up reads.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel

from bot.export import to_json
from bot.program import COLLECT
from bot.report_files import ReportFiles
from models import figures, rules, tables
from models.clock import at
from models.database import make_engine
from models.figures import Figures
from models.forms.amounts import part_names
from models.forms.quarterly import asked_of
from models.indicators import load as catalogue
from models.obligations import Obligation
from models.periods import Period, parse_period
from models.submissions import Submission
from models.units import ALWAYS, FOREVER, Membership, Unit, UnitParent
from reports import xlsx

QUARTER = parse_period("2022-Q1")
TODAY = date(2022, 3, 31)
SIZES = (1_000, 10_000)
REPEATS = 7
_CURRENT = "state IN ('submitted', 'locked')"
_MONTHS = "period IN ('2022-01', '2022-02', '2022-03')"
NARROW = f"""
    SELECT unit_id, SUM(json_extract(answers, '$.present')), SUM(json_extract(answers, '$.total'))
    FROM submission WHERE form_id = 'meeting' AND {_CURRENT} AND {_MONTHS} GROUP BY unit_id
"""
WIDE: Mapping[str, str] = {
    "meetings": NARROW,
    "events": f"""
        SELECT unit_id, SUM(json_extract(answers, '$.count'))
        FROM submission WHERE form_id IN ('admission', 'movement') AND {_CURRENT} AND {_MONTHS} GROUP BY unit_id
    """,
    "duties": f"""
        SELECT unit_id, COUNT(*), SUM(status IN ('on_time', 'late'))
        FROM obligation WHERE what = 'meeting' AND {_MONTHS} GROUP BY unit_id
    """,
    "members": """
        SELECT unit_id, SUM(official), SUM(probationary), SUM(exempt)
        FROM membership WHERE "on" <= '2022-03-31' GROUP BY unit_id
    """,
    "places": """
        SELECT parent_id, COUNT(*) FROM unit_parent
        WHERE valid_from <= '2022-03-31' AND valid_to >= '2022-03-31' GROUP BY parent_id
    """,
    "units": "SELECT kind, COUNT(*) FROM unit WHERE valid_to >= '2022-03-31' GROUP BY kind",
}
_SUMS = ", ".join(f"SUM(json_extract(answers, '$.{row.code}'))" for row in asked_of(catalogue()) if row.kind == "flow")
QUARTERLY = f"""
    SELECT unit_id, {_SUMS} FROM submission
    WHERE form_id = 'quarterly' AND {_CURRENT} AND period BETWEEN '2022-' AND '2022-~' GROUP BY unit_id
"""


def run() -> list[str]:
    """Return lines: what the roll-up of a quarter costs beside plain statements, what its files cost, and an export."""
    gc.set_threshold(*COLLECT)  # as the program runs
    return [line for size in SIZES for line in _measured(size)] + [_exported(159)]


def _exported(size: int) -> str:
    with _database(size) as session:
        files, took = _once(lambda: ReportFiles(session, 1, QUARTER, TODAY).all())
    return f"every file of a quarter's report, {size} branches: {took:.2f} s for {', '.join(files)}"


def _measured(size: int) -> Iterator[str]:
    with _database(size) as session:
        yield _compared(session, f"{size:,} branches", WIDE)
        yield _with_lines(session, size)
        _fill_quarterly(session, size)
        yield _compared(session, f"{size:,} branches, each with a quarterly form", {**WIDE, "forms": QUARTERLY})


@dataclass(frozen=True, slots=True)
class _Plain:
    """What the plain statements cost, seconds each, and the sums of the narrow one."""

    seconds: Mapping[str, float]
    present: int
    required: int


def _compared(session: Session, name: str, statements: Mapping[str, str]) -> str:
    plain = _plain(session, statements)
    found, rolled = _least(lambda: _rolled_up(session, QUARTER))
    _, month = _least(lambda: _rolled_up(session, QUARTER.months[0]))
    narrow, wide = plain.seconds["meetings"], sum(plain.seconds.values())
    amount = found.figure("du_sinh_hoat").amount
    agrees = amount is not None and (amount.number, amount.of) == (plain.present, plain.required)
    each = ", ".join(f"{table} {seconds * 1000:.1f}" for table, seconds in plain.seconds.items())
    return (
        f"roll-up of a quarter, {name}: {rolled * 1000:.0f} ms for {len(found.indicators)} totals, {found.reported} of "
        f"{found.expected} reported (a month {month * 1000:.0f} ms); {rolled / narrow:.1f} x the narrow statement "
        f"({narrow * 1000:.1f} ms), {rolled / wide:.1f} x the plain statements over all rows it reads "
        f"({wide * 1000:.1f} ms: {each}); {'the sums agree' if agrees else 'THE SUMS DIFFER'}"
    )


def _with_lines(session: Session, size: int) -> str:
    found = _rolled_up(session, QUARTER)
    lines, made = _once(lambda: (*found.branches, *found.committees))
    _, read = _once(lambda: [dict(line.amounts) for line in lines])
    _, json = _once(lambda: to_json(found))
    _, book = _once(lambda: xlsx.figures(found))
    return (
        f"   the lines of {size:,} branches: {made * 1000:.0f} ms (every amount of them read: {read * 1000:.0f} ms); "
        f"figures.json {json * 1000:.0f} ms; .xlsx {book:.2f} s"
    )


def _rolled_up(session: Session, period: Period) -> Figures:
    session.expunge_all()
    return figures.figures(session, 1, period, TODAY)


def _plain(session: Session, statements: Mapping[str, str]) -> _Plain:
    seconds, found = {}, {}
    for table, statement in statements.items():
        found[table], seconds[table] = _least(lambda query=statement: session.connection().execute(text(query)).all())
    meetings = found["meetings"]
    return _Plain(seconds, sum(row[1] for row in meetings), sum(row[2] for row in meetings))


def _least(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return a result and the least processor time of some runs: what others do on the machine tells least in it."""
    least = float("inf")
    for _ in range(REPEATS):
        began = process_time()
        result = work()
        least = min(least, process_time() - began)
    return result, least


def _once(work: Callable[[], Any]) -> tuple[Any, float]:
    began = perf_counter()
    result = work()
    return result, perf_counter() - began


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


def _fill_quarterly(session: Session, size: int) -> None:
    random = Random(2)
    first = 2 + max(size // 50, 1)
    _insert(session, Submission, [_quarterly(unit_id, random) for unit_id in range(first, first + size)])


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


def _quarterly(unit_id: int, random: Random) -> dict[str, Any]:
    answers: dict[str, Any] = {"quarter": str(QUARTER)}
    for row in asked_of(catalogue()):
        if row.kind == "flow":
            answers[row.code] = random.randint(0, 2)
        elif row.kind == "parts":
            answers[row.code] = [random.randint(0, 9) for _ in part_names(row)]
        else:
            answers[row.code] = [random.randint(0, 1), 1]
    return _report(unit_id, "quarterly", "", QUARTER, answers)


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
