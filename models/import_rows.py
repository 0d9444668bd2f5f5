"""The imported tables read row by row: what each column may hold, and what is wrong where; pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models import import_cells as cells
from models.messages import Arg, Say
from models.people import ROLES
from models.rule_units import DAY_KINDS
from models.units import KINDS, code_key

Reader = Callable[[object], Any]

# Column -> how its cells are read and what is said of one that cannot be. The order is that of the template.
COLUMNS: Mapping[str, Mapping[str, tuple[Reader, str]]] = {
    "units": {
        "code": (cells.code, "import.long_code"),
        "name": (cells.text, ""),
        "kind": (cells.one_of(KINDS), "import.unknown_kind"),
        "parent_code": (cells.code, "import.long_code"),
        "short_names": (cells.name_list, ""),
        "aliases": (cells.name_list, ""),
        "sector": (cells.text, ""),
        "valid_from": (cells.day, "import.not_a_day"),
        "valid_to": (cells.day, "import.not_a_day"),
        "successor": (cells.code, "import.long_code"),
        "paused_from": (cells.day, "import.not_a_day"),
        "paused_to": (cells.day, "import.not_a_day"),
        "meeting_day": (cells.day_of_month, "import.not_a_day_of_month"),
        "official": (cells.count, "import.not_a_count"),
        "probationary": (cells.count, "import.not_a_count"),
        "exempt": (cells.count, "import.not_a_count"),
    },
    "posts": {
        "unit_code": (cells.code, "import.long_code"),
        "role": (cells.one_of(ROLES), "import.unknown_role"),
        "holder": (cells.text, ""),
    },
    "targets": {
        "unit_code": (cells.code, "import.long_code"),
        "indicator": (cells.text, ""),
        "period": (cells.period, "import.not_a_period"),
        "target": (cells.target, "import.not_a_target"),
    },
    "rules": {
        "code": (cells.text, ""),
        "value": (cells.rule_value, ""),
        "valid_from": (cells.day, "import.not_a_day"),
    },
    "calendar": {
        "day": (cells.day, "import.not_a_day"),
        "kind": (cells.one_of(DAY_KINDS), "import.unknown_day_kind"),
    },
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "units": ("code",),
    "posts": ("unit_code", "role", "holder"),
    "targets": ("unit_code", "indicator", "period", "target"),
    "rules": ("code", "value"),
    "calendar": ("day", "kind"),
}
COMMENT = "#"  # a row whose first cell begins with it is not imported: the template's example


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was found: its name, its header, and its rows with their numbers as people count them."""

    name: str
    header: tuple[object, ...]
    rows: tuple[tuple[int, tuple[object, ...]], ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong where; `key` is the sentence, filled with `facts`. Row 1 is the header, row 0 the whole file."""

    sheet: str
    row: int
    column: str
    key: str
    facts: Mapping[str, Arg] = field(default_factory=dict, compare=False)

    @property
    def say(self) -> Say:
        """The problem in words."""
        words = Say(self.key, self.facts)
        if not self.row:
            return words
        return Say("import.problem", {"sheet": self.sheet, "row": self.row, "column": self.column, "words": words})


@dataclass(frozen=True, slots=True)
class Row:
    """One row read: its values by column, None where the cell is empty, unreadable or the column missing."""

    sheet: str
    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def problem(self, column: str, key: str, **facts: Arg) -> Problem:
        """Return what is wrong in a column of this row."""
        return Problem(self.sheet, self.number, column, key, facts)


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of the tables, and every problem found in them alone."""

    units: tuple[Row, ...]
    posts: tuple[Row, ...]
    targets: tuple[Row, ...]
    rules: tuple[Row, ...]
    calendar: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read(sheets: Iterable[Sheet]) -> Tables:
    """Read the sheets, in any order; one that is missing has no rows."""
    found = {sheet.name: _read_sheet(sheet) for sheet in sheets}
    rows = {name: found.get(name, ((), ()))[0] for name in COLUMNS}
    problems = [problem for _, sheet_problems in found.values() for problem in sheet_problems]
    problems += [problem for row in rows["units"] for problem in _check_unit(row)]
    problems += _doubles(rows["units"], "code", lambda row: _key(row, "code"))
    problems += _two_secretaries(rows["posts"])
    problems += _doubles(
        rows["targets"], "target", lambda row: (_key(row, "unit_code"), row["indicator"], row["period"])
    )
    problems += _doubles(rows["rules"], "code", lambda row: (row["code"], row["valid_from"]))
    problems += _doubles(rows["calendar"], "day", lambda row: row["day"])
    return Tables(**rows, problems=tuple(problems))


def _read_sheet(sheet: Sheet) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    header = [(cells.text(name) or "").lower() for name in sheet.header]
    problems = _header_problems(sheet.name, header)
    rows = []
    for number, values in sheet.rows:
        if _is_data(values):
            rows.append(_read_row(sheet.name, number, header, values, problems))
    return tuple(rows), tuple(problems)


def _header_problems(name: str, header: Sequence[str]) -> list[Problem]:
    if not any(header):
        return []  # an empty sheet is as good as a missing one
    missing = [column for column in REQUIRED[name] if column not in header]
    twice = [column for column in COLUMNS[name] if header.count(column) > 1]
    return [Problem(name, 1, column, "import.no_column") for column in missing] + [
        Problem(name, 1, column, "import.column_twice") for column in twice
    ]


def _is_data(values: Sequence[object]) -> bool:
    words = [cells.text(value) for value in values]
    return any(words) and not (words[0] or "").startswith(COMMENT)


def _read_row(sheet: str, number: int, header: Sequence[str], values: Sequence[object], problems: list[Problem]) -> Row:
    raw = dict(zip(header, [*values, *[None] * len(header)], strict=False))
    row = Row(sheet, number)
    unread = [*_unread(row, raw)]
    problems += unread + [row.problem(column, "import.empty") for column in REQUIRED[sheet] if _blank(raw, column)]
    if any(cells.text(value) for value in values[len(header) :]):
        problems.append(row.problem(header[-1] if header else "", "import.too_many_cells"))
    unreadable = frozenset(problem.column for problem in unread)
    readable = [column for column in COLUMNS[sheet] if column in raw and column not in unreadable]
    return Row(sheet, number, {column: COLUMNS[sheet][column][0](raw[column]) for column in readable}, unreadable)


def _unread(row: Row, raw: Mapping[str, object]) -> Iterable[Problem]:
    for column, (reader, key) in COLUMNS[row.sheet].items():
        try:
            reader(raw.get(column))
        except ValueError:
            yield row.problem(column, key, value=cells.text(raw[column]) or "")


def _blank(raw: Mapping[str, object], column: str) -> bool:
    return column in raw and cells.text(raw[column]) is None


def _check_unit(row: Row) -> Iterable[Problem]:
    if _after(row["valid_from"], row["valid_to"]):
        yield row.problem("valid_to", "import.ends_before_it_begins")
    if _after(row["paused_from"], row["paused_to"]):
        yield row.problem("paused_to", "import.ends_before_it_begins")
    if row["paused_to"] and not row["paused_from"]:
        yield row.problem("paused_from", "import.empty")
    if row["successor"] and _key(row, "successor") == _key(row, "code"):
        yield row.problem("successor", "import.own_successor")


def _after(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and first > last


def _key(row: Row, column: str) -> str:
    return code_key(row[column] or "")


def _doubles(rows: Sequence[Row], column: str, key: Callable[[Row], Any]) -> Iterable[Problem]:
    first: dict[Any, int] = {}
    for row in rows:
        if row[column] and first.setdefault(key(row), row.number) != row.number:
            yield row.problem(column, "import.twice", first=first[key(row)])


def _two_secretaries(rows: Sequence[Row]) -> Iterable[Problem]:
    first: dict[str, Row] = {}
    for row in rows:
        if row["role"] == "secretary" and row["unit_code"] and row["holder"]:
            other = first.setdefault(_key(row, "unit_code"), row)
            if other["holder"] != row["holder"]:
                yield row.problem("holder", "import.two_secretaries", first=other.number)
