"""Workbooks and text tables as bytes, turned into sheets of cells; nothing is judged here."""

import csv
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from models.import_rows import COLUMNS, Sheet

UNPACKED_BYTES = 200_000_000  # a workbook is a zip: a small one may unpack to more than the machine holds


class UnreadableError(Exception):
    """The bytes are no table at all; `key` is the sentence that says what they should have been."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def from_workbook(content: bytes) -> list[Sheet]:
    """Return the sheets of a workbook that bear a table's name. Raises UnreadableError."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES:
                raise UnreadableError("import.too_large")
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=True)
    # SyntaxError: what the XML parser raises; KeyError: a zip that holds no workbook.
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableError("import.not_a_workbook") from error
    try:
        named = {sheet.title.strip().lower(): sheet for sheet in workbook.worksheets}
        return _none_missing([_sheet(name, _cells(named[name])) for name in COLUMNS if name in named])
    finally:
        workbook.close()


def from_texts(contents: Mapping[str, bytes]) -> list[Sheet]:
    """Return the sheets of comma-separated texts by table name. Raises UnreadableError for other than UTF-8."""
    return _none_missing([_sheet(name, _lines(name, contents[name])) for name in COLUMNS if name in contents])


def _none_missing(sheets: list[Sheet]) -> list[Sheet]:
    if not sheets:
        raise UnreadableError("import.no_table")
    return sheets


def _sheet(name: str, rows: Iterable[tuple[object, ...]]) -> Sheet:
    header, *rest = [*rows] or [()]
    return Sheet(name, tuple(header), tuple(enumerate(rest, start=2)))


def _cells(sheet: Any) -> Iterable[tuple[object, ...]]:
    # Some programs write a wrong size into the file, and rows beyond it would be left out without a word.
    sheet.reset_dimensions()
    return [_trimmed(tuple(_value(cell) for cell in row)) for row in sheet.iter_rows()]


def _value(cell: Any) -> object:
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # 80% is stored as 0.8 with a format: what people see is what they mean.
    return f"{round(value * 100, 6):g}%" if is_number and "%" in (cell.number_format or "") else value


def _trimmed(row: tuple[object, ...]) -> tuple[object, ...]:
    while row and row[-1] is None:
        row = row[:-1]
    return row


def _lines(name: str, content: bytes) -> Iterable[tuple[object, ...]]:
    try:
        text = content.decode("utf-8-sig")
        header = text.partition("\n")[0]
        # A spreadsheet set to Vietnamese separates cells by semicolons and then quotes those inside a list.
        separator = ";" if ";" in header and "," not in header else ","
        lines = StringIO(text, newline="")
        return [_trimmed(tuple(cell or None for cell in row)) for row in csv.reader(lines, delimiter=separator)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError("import.not_utf8", file=f"{name}.csv") from error
