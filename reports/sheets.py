"""Sheets of a workbook, filled from the top down: numbers are numbers, A4 to print, equal bytes for equal data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from math import ceil
from textwrap import wrap
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from models.aggregation import plain_number
from reports.packing import without_times
from reports.wording import say

FONT = "Times New Roman"
LINE_POINTS = 16.5  # of 12 point letters
WRAPPED = ("text", "alarm", "header")
COUNT_FORMAT = "#,##0"
# Below 100 one decimal, from what rounds to 100 up none.
PERCENT_FORMAT = "[>=99.95]#,##0;0.0"
_THIN = Side(style="thin", color="999999")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, "=SUM(D7:D11)"; plain text that begins with "=" is never one."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its header, its width in characters and the style of its cells."""

    header: str
    width: float
    style: str = "count"


class Sheet:
    """A sheet that is filled row by row; `row` is the next free one."""

    def __init__(self, sheet: Worksheet, styles: Mapping[str, StyleArray]) -> None:
        self._sheet, self._styles = sheet, styles
        self._widths: list[float] = []
        self.row = 1

    def line(self, words: str, style: str = "plain") -> None:
        """Write a line of words above or below a table."""
        self._put(self.row, 1, words, style)
        self.row += 1

    def paragraph(self, words: str, columns: int, characters: int) -> None:
        """Write words that may need several lines, over columns that hold some characters together."""
        self._put(self.row, 1, words, "paragraph")
        self._sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=columns)
        self._sheet.row_dimensions[self.row].height = LINE_POINTS * max(1, ceil(len(words) / characters))
        self.row += 1

    def header(self, columns: Sequence[Column], *, fixed: int) -> None:
        """Write a table's header, repeated on every page; it and the first `fixed` columns stay while scrolling."""
        for place, column in enumerate(columns, start=1):
            self._put(self.row, place, column.header, "header")
            self._sheet.column_dimensions[get_column_letter(place)].width = column.width
        self._widths = [column.width for column in columns]
        self._make_room([column.header for column in columns])
        self._sheet.print_title_rows = f"{self.row}:{self.row}"
        self._sheet.print_title_cols = f"A:{get_column_letter(fixed)}"
        self.row += 1
        self._sheet.freeze_panes = f"{get_column_letter(fixed + 1)}{self.row}"

    def cells(self, values: Iterable[Value | Formula], styles: Iterable[str]) -> None:
        """Write a row of a table."""
        written: list[Value | Formula] = []
        for place, (value, style) in enumerate(zip(values, styles, strict=True), start=1):
            self._put(self.row, place, value, style)
            written.append(value if style in WRAPPED else None)
        self._make_room(written)
        self.row += 1

    def _make_room(self, values: Iterable[Value | Formula]) -> None:
        """Make the row as high as its longest cell needs: not every program does so by itself."""
        lines = [
            len(wrap(value, int(width)))
            for value, width in zip(values, self._widths, strict=True)
            if isinstance(value, str) and len(value) > width
        ]
        if lines:
            self._sheet.row_dimensions[self.row].height = LINE_POINTS * max(lines)

    def _put(self, row: int, column: int, value: Value | Formula, style: str) -> None:
        cell = self._sheet.cell(row, column)
        if isinstance(cell, Cell):
            # By its name, openpyxl would look a style up in a list for each of a million cells, and copy it.
            cell._style = self._styles[style]  # type: ignore[attr-defined]  # noqa: SLF001
            if value is not None:
                _fill(cell, value)


def _fill(cell: Cell, value: str | int | Decimal | Formula) -> None:
    if isinstance(value, Formula):
        cell.value = value.text
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # a name typed as "=1+1" stays a name
    else:
        cell.value = plain_number(value)


class Book:
    """A workbook being made."""

    def __init__(self) -> None:
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])
        styles = _styles()
        for style in styles:
            self._book.add_named_style(style)
        self._styles = {style.name: style.as_tuple() for style in styles}
        # What stands in no styled cell (row and column heads) follows the normal font.
        self._book._fonts[0] = Font(name=FONT, size=12)  # type: ignore[attr-defined]  # noqa: SLF001

    def sheet(self, title: str, *, pages_wide: int = 1) -> Sheet:
        """Add a sheet, printed on A4 across, as many pages wide as given and as long as needed."""
        sheet = self._book.create_sheet(title)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.oddFooter.center.text = say("page.number")
        return Sheet(sheet, self._styles)

    def to_bytes(self, day: date) -> bytes:
        """Return the file, dated `day`: equal sheets give equal bytes, whenever they are written."""
        self._book.properties.creator = ""
        self._book.properties.created = self._book.properties.modified = datetime.combine(day, time())
        written = BytesIO()
        ExcelWriter(self._book, ZipFile(written, "w")).save()
        return without_times(written)


def _styles() -> list[NamedStyle]:
    wrapped, middle = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="center", vertical="top")
    head = Alignment(wrap_text=True, horizontal="center", vertical="center")
    grey = PatternFill("solid", fgColor="E7E6E6")
    return [
        _style("plain"),
        _style("title", bold=True, size=14),
        _style("paragraph", alignment=wrapped),
        _style("header", bold=True, alignment=head, border=_GRID, fill=grey),
        _style("text", alignment=wrapped, border=_GRID),
        _style("alarm", alignment=wrapped, border=_GRID, color="C00000"),
        _style("section", bold=True, border=_GRID),
        _style("center", alignment=middle, border=_GRID),
        _style("count", alignment=Alignment(vertical="top"), border=_GRID, number_format=COUNT_FORMAT),
        _style("percent", alignment=Alignment(vertical="top"), border=_GRID, number_format=PERCENT_FORMAT),
        _style("sum", bold=True, border=_GRID, fill=grey, number_format=COUNT_FORMAT),
        _style("sum_percent", bold=True, border=_GRID, fill=grey, number_format=PERCENT_FORMAT),
    ]


def _style(name: str, *, bold: bool = False, size: int = 12, color: str | None = None, **more: Any) -> NamedStyle:
    return NamedStyle(name=name, font=Font(name=FONT, size=size, bold=bold, color=color), **more)
