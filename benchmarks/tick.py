"""One tick at 1,000 and 10,000 units, and with 1 and 20 quarters of history: what a committee's size and age cost.

The busy tick is the evening on which every branch meets and none has reported: as many messages as branches. The quiet
one is the next hour's, which keeps the obligations ahead and finds nothing due.
"""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel

from bot.program import COLLECT
from models import notices, rules, tables
from models.clock import at
from models.database import make_engine
from models.notices import Notice, Watermark
from models.obligations import Obligation
from models.outbox import OutboxRow
from models.people import Account, Address, Post
from models.periods import Period, parse_period
from models.submissions import Submission
from models.units import ALWAYS, FOREVER, Unit, UnitParent
from reminders.tick import NAME, tick

MONTH = parse_period("2026-10")
EVENING = at(MONTH.day(3), 20)
BEFORE = EVENING - timedelta(minutes=1)
ROUNDS = 5
SIZES = (1_000, 10_000)
AGES = (1, 20)  # quarters of history
OF_AGE = 1_000  # units
SIZE_GOAL, AGE_GOAL = 10.5, 1.2


def run() -> list[str]:
    """Return the least processor seconds of both ticks by size and by age, and their ratios beside the goals."""
    gc.set_threshold(*COLLECT)  # as the program runs
    sizes = [_measured(size, 1) for size in SIZES]
    ages = [_measured(OF_AGE, age) for age in AGES]
    return [
        *(f"{size:,} units: {_said(took)}" for size, took in zip(SIZES, sizes, strict=True)),
        f"ratio {_ratios(sizes)} (goal: at most {SIZE_GOAL})",
        *(f"{OF_AGE:,} units, {age} quarters of history: {_said(took)}" for age, took in zip(AGES, ages, strict=True)),
        f"ratio {_ratios(ages)} (goal: at most {AGE_GOAL})",
    ]


def _said(took: tuple[float, float]) -> str:
    return f"busy {took[0] * 1000:.0f} ms, quiet {took[1] * 1000:.1f} ms"


def _ratios(took: list[tuple[float, float]]) -> str:
    (busy, quiet), (busy_more, quiet_more) = took
    return f"busy {busy_more / busy:.2f}, quiet {quiet_more / quiet:.2f}"


def _measured(size: int, quarters: int) -> tuple[float, float]:
    with _database(size, quarters) as session:
        busy = [_timed(session, EVENING, size) for _ in range(ROUNDS)]
        _set_watermark(session, EVENING)
        quiet = [_timed(session, EVENING + timedelta(hours=1), 0) for _ in range(ROUNDS)]
    return min(busy), min(quiet)


def _timed(session: Session, now: datetime, messages: int) -> float:
    """Tick, undo it, and return its processor seconds, which other work on the machine does not change."""
    session.expunge_all()
    began = process_time()
    ticked = tick(session, now)
    took = process_time() - began
    session.rollback()
    if ticked.messages != messages:
        raise AssertionError(f"{ticked.messages} messages instead of {messages}")
    return took


def _set_watermark(session: Session, moment: datetime) -> None:
    notices.lock_watermark(session, NAME, moment).moment = moment
    session.commit()


@contextmanager
def _database(size: int, quarters: int) -> Iterator[Session]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'tick.db'}")
        tables.declare()
        tables.metadata.create_all(engine)
        with Session(engine) as session:
            rules.seed(session)
            _fill(session, size, quarters)
            session.add(Watermark(name=NAME, moment=BEFORE))
            session.commit()
            tick(session, BEFORE)  # creates what is owed ahead, as an earlier hour did
            session.commit()
            session.execute(text("ANALYZE"))
            session.commit()
            yield session
        engine.dispose()


def _fill(session: Session, size: int, quarters: int) -> None:
    branches = range(2, 2 + size)
    _insert(session, Unit, [_unit(1, "dang_bo"), *(_unit(number, "chi_bo") for number in branches)])
    _insert(session, UnitParent, [_life(unit_id=number, parent_id=1) for number in branches])
    _insert(session, Account, [{"id": number, "label": f"S{number}", "created_at": _born()} for number in branches])
    _insert(session, Address, [_address(number) for number in branches])
    _insert(session, Post, [_post(number) for number in branches])
    months = [_months_before(count) for count in range(3 * quarters, 0, -1)]
    for place, month in enumerate(months):
        _history(session, branches, month, place * size)


def _history(session: Session, branches: range, month: Period, known: int) -> None:
    """Fill a month in which every branch was reminded once, then reported."""
    ids = range(known + 1, known + 1 + len(branches))
    owed = list(zip(ids, branches, strict=True))
    _insert(session, Submission, [_report(number, unit_id, month) for number, unit_id in owed])
    _insert(session, Obligation, [_done(number, unit_id, month) for number, unit_id in owed])
    _insert(session, OutboxRow, [_sent(number, unit_id, month) for number, unit_id in owed])
    _insert(session, Notice, [_told(number, unit_id, month) for number, unit_id in owed])


def _months_before(count: int) -> Period:
    ordinal = MONTH.year * 12 + MONTH.first_month - 1 - count
    return Period(ordinal // 12, ordinal % 12 + 1, 1)


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    session.connection().execute(insert(table), rows)


def _born() -> datetime:
    return at(_months_before(70).first)


def _life(**values: Any) -> dict[str, Any]:
    return {**values, "valid_from": ALWAYS, "valid_to": FOREVER}


def _unit(unit_id: int, kind: str) -> dict[str, Any]:
    code = f"CB{unit_id}"
    lists: dict[str, Any] = {"short_names": [], "aliases": []}
    return _life(id=unit_id, code=code, code_key=code, name=code, kind=kind, sector="", **lists)


def _address(number: int) -> dict[str, Any]:
    return {
        "account_id": number, "channel": "script", "bot": "main", "native_id": f"u{number}", "bound_at": _born(),
        "used_at": _born(),
    }  # fmt: skip


def _post(number: int) -> dict[str, Any]:
    return {"account_id": number, "unit_id": number, "role": "secretary", "valid_from": _born(), "valid_to": None}


def _report(number: int, unit_id: int, month: Period) -> dict[str, Any]:
    return {
        "id": number, "unit_id": unit_id, "form_id": "meeting", "form_version": 1, "period": str(month),
        "kind": "regular", "serial": 1, "version": 1, "reason": "", "answers": {"outcome": "held"},
        "state": "submitted", "submitted_at": at(month.day(4)), "reported_on": month.day(4),
    }  # fmt: skip


def _done(number: int, unit_id: int, month: Period) -> dict[str, Any]:
    missing = unit_id % 20 == 0  # some never report
    return {
        "id": number, "unit_id": unit_id, "what": "meeting", "period": str(month), "opens_on": month.first,
        "planned_on": month.day(3), "due_on": month.day(5), "on_time_until": month.day(5),
        "status": "open" if missing else "on_time", "submission_id": None if missing else number,
        "done_at": None if missing else at(month.day(4)), "reason": "", "details": {},
        "created_at": at(month.first), "moved": False,
    }  # fmt: skip


def _sent(number: int, unit_id: int, month: Period) -> dict[str, Any]:
    evening = at(month.day(3), 20)
    return {
        "id": number, "unique_key": f"reminder:{number}", "lane": "bulk", "kind": "reminder", "account_id": unit_id,
        "recipient": f"account:{unit_id}", "to_account": True, "state": "sent", "created_at": evening,
        "not_before": evening, "finished_at": evening,
    }  # fmt: skip


def _told(number: int, unit_id: int, month: Period) -> dict[str, Any]:
    evening = at(month.day(3), 20)
    return {
        "rule_id": "meeting", "obligation_id": number, "step": "day:0", "account_id": unit_id, "moment": evening,
        "send_at": evening, "late": False, "outbox_id": number, "created_at": evening,
    }  # fmt: skip


if __name__ == "__main__":
    print("\n".join(run()))
