"""The catalogue of indicators: what is counted, how it adds up over time and over units, how it is printed."""

import csv
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).parent / "data" / "indicators.csv"
KINDS = ("flow", "stock", "ratio", "pair", "parts", "text")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the catalogue, in the words of its columns.

    kind: flow, stock, ratio, pair, parts or text. decimals: of a percentage below 100. reported_by: chi_bo, dang_uy
    or derived. section: of the committee's report, 1 to 7. has_target: whether committees set one.
    """

    code: str
    label: str
    kind: str
    numerator: str
    denominator: str
    over_time: str
    over_units: str
    decimals: int
    unit: str
    reported_by: str
    form: str
    section: int
    has_target: bool


@cache
def load() -> tuple[Indicator, ...]:
    """Return the catalogue in its order. Raises ValueError for an unknown kind or a code given twice."""
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        rows = tuple(_indicator(row) for row in csv.DictReader(lines))
    if len({row.code for row in rows}) < len(rows):
        raise ValueError("an indicator stands twice in the catalogue")
    return rows


def by_code(code: str) -> Indicator:
    """Return one indicator. Raises LookupError naming the code."""
    for indicator in load():
        if indicator.code == code:
            return indicator
    raise LookupError(f"no indicator {code!r}")


def _indicator(row: dict[str, str]) -> Indicator:
    if row["kind"] not in KINDS:
        raise ValueError(f"indicator {row['code']}: unknown kind {row['kind']!r}")
    texts = {field.name: row[field.name] for field in fields(Indicator) if field.type is str}
    return Indicator(
        **texts, decimals=int(row["decimals"]), section=int(row["section"]), has_target=row["target"] == "yes"
    )
