"""What the imported rows must agree with: one another and what is stored already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models import indicators
from models.import_rows import COLUMNS, Problem, Row, Tables
from models.people import Account, Post
from models.units import FOREVER, Membership, Unit, UnitParent, code_key


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored before an import.

    units: by code key. parents: the last parent row of each unit, by its id. stated: the members each unit was last
    imported with, by its id. accounts: ids by label. posts: still held, with their accounts' ids.
    """

    units: Mapping[str, Unit]
    parents: Mapping[int, UnitParent]
    stated: Mapping[int, tuple[int, int, int]]
    accounts: Mapping[str, int]
    posts: tuple[Post, ...]


def stored(session: Session, on: date) -> Stored:
    """Read what is stored in a handful of queries, however many rows are imported."""
    imported = select(Membership).where(col(Membership.submission_id).is_(None), Membership.on <= on)
    people = session.exec(select(Account.label, Account.id).where(col(Account.removed_at).is_(None)))
    return Stored(
        units={unit.code_key: unit for unit in session.exec(select(Unit))},
        parents={row.unit_id: row for row in session.exec(select(UnitParent).order_by(col(UnitParent.valid_from)))},
        stated={
            row.unit_id: (row.official, row.probationary, row.exempt)
            for row in session.exec(imported.order_by(col(Membership.on), col(Membership.id)))
        },
        accounts={label: account_id for label, account_id in people if account_id is not None},
        posts=tuple(session.exec(select(Post).where(col(Post.valid_to).is_(None)))),
    )


def check(tables: Tables, known: Stored, now: datetime, on: date) -> list[Problem]:
    """Return every problem of the tables, by sheet and row as the tables stand in the template."""
    codes = {*known.units, *(code_key(row["code"]) for row in tables.units if row["code"])}
    problems = [*tables.problems]
    for row in tables.units:
        problems += [*_unknown(row, "parent_code", codes), *_unknown(row, "successor", codes)]
        problems += [*_unit(row, known), *_moved_later(row, known, on)]
    problems += _cycles(tables.units, known)
    for row in (*tables.posts, *tables.targets):
        problems += _unknown(row, "unit_code", codes)
    problems += _later_secretaries(tables.posts, known, now)
    problems += _indicators(tables.targets)
    return in_order(problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems, each once, as the tables and rows stand in the template."""
    order = list(COLUMNS)
    return sorted(set(problems), key=lambda problem: (order.index(problem.sheet), problem))


def counts(row: Row, known: Stored) -> tuple[int, int, int] | None:
    """Return the members a row states (official, probationary, exempt); None where it states nothing.

    What it leaves open is what the unit was imported with before, else none.
    """
    columns = ("official", "probationary", "exempt")
    if all(row[column] is None for column in columns):
        return None
    unit = known.units.get(code_key(row["code"] or ""))
    before = known.stated.get(unit.id or 0, (0, 0, 0)) if unit else (0, 0, 0)
    official, probationary, exempt = (
        old if row[column] is None else row[column] for column, old in zip(columns, before, strict=True)
    )
    return official, probationary, exempt


def _unknown(row: Row, column: str, codes: set[str]) -> Iterable[Problem]:
    if row[column] and code_key(row[column]) not in codes:
        yield row.problem(column, "import.unknown_unit", value=row[column])


def _unit(row: Row, known: Stored) -> Iterable[Problem]:
    unit = known.units.get(code_key(row["code"] or ""))
    if unit is None:
        yield from (row.problem(column, "import.empty") for column in ("name", "kind") if column_empty(row, column))
    elif _ends_early(row, unit):
        yield row.problem("valid_to", "import.ends_before_it_begins")
    stated = counts(row, known)
    if stated and stated[2] > stated[0] + stated[1]:
        yield row.problem("exempt", "import.exempt_exceeds", exempt=stated[2], members=stated[0] + stated[1])


def column_empty(row: Row, column: str) -> bool:
    """Return whether a row says nothing in a column that could be read."""
    return row[column] is None and column not in row.unreadable


def _ends_early(row: Row, unit: Unit) -> bool:
    return (row["valid_to"] or unit.valid_to) < (row["valid_from"] or unit.valid_from)


def _moved_later(row: Row, known: Stored, on: date) -> Iterable[Problem]:
    unit, parent = (known.units.get(code_key(row[column] or "")) for column in ("code", "parent_code"))
    last = known.parents.get(unit.id or 0) if unit else None
    moves = row["parent_code"] is not None and last is not None and (parent is None or parent.id != last.parent_id)
    if moves and last and last.valid_from > on:
        yield row.problem("parent_code", "import.moved_later", day=last.valid_from.isoformat())


def _cycles(rows: Iterable[Row], known: Stored) -> Iterable[Problem]:
    keys = {unit.id: key for key, unit in known.units.items()}
    parents = {keys[row.unit_id]: keys[row.parent_id] for row in known.parents.values() if row.valid_to == FOREVER}
    moved = [row for row in rows if row["code"] and row["parent_code"]]
    parents |= {code_key(row["code"]): code_key(row["parent_code"]) for row in moved}
    return [row.problem("parent_code", "import.cycle") for row in moved if _returns(code_key(row["code"]), parents)]


def _returns(start: str, parents: Mapping[str, str]) -> bool:
    seen, at = {start}, parents.get(start)
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at == start


def _later_secretaries(rows: Iterable[Row], known: Stored, now: datetime) -> Iterable[Problem]:
    later = {post.unit_id: post for post in known.posts if post.role == "secretary" and post.valid_from > now}
    for row in rows:
        unit = known.units.get(code_key(row["unit_code"] or ""))
        post = later.get(unit.id or 0) if unit else None
        if post and row["role"] == "secretary" and known.accounts.get(row["holder"] or "") != post.account_id:
            yield row.problem("holder", "import.later_secretary")


def _indicators(rows: Iterable[Row]) -> Iterable[Problem]:
    codes = {indicator.code for indicator in indicators.load()}
    for row in rows:
        if row["indicator"] and row["indicator"] not in codes:
            yield row.problem("indicator", "import.unknown_indicator", value=row["indicator"])
