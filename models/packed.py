"""Whole columns of a table as one value: tens of thousands of numbers reach Python in one step, not row by row.

SQLite and PostgreSQL both join the texts of many rows to one; taken apart again that costs a third of as many rows.
"""

from sqlalchemy import ColumnElement, String, cast, func
from sqlalchemy.sql.functions import FunctionElement


def packed(*columns: ColumnElement[int]) -> FunctionElement[str]:
    """Return the aggregate that holds the numbers of all rows, those of a row side by side; none is NULL."""
    text: ColumnElement[str] = cast(columns[0], String)
    for column in columns[1:]:
        text = text.concat(" ").concat(cast(column, String))
    return func.aggregate_strings(text, " ")


def unpacked(value: str | None, width: int = 1) -> list[list[int]]:
    """Return the columns that were packed, as many as `width`; empty ones of no row at all."""
    numbers = list(map(int, value.split())) if value else []
    return [numbers[place::width] for place in range(width)]
