"""The workbook of lines that were not understood or had to be corrected, for the administrator."""

from collections.abc import Sequence
from datetime import date

from models.readings import Misread
from reports.sheets import Book, Column
from reports.wording import say

_COLUMNS = (
    ("number", 6, "center"),
    ("times", 10, "count"),
    ("typed", 80, "text"),
    ("intent", 20, "text"),
    ("outcome", 18, "text"),
)


def misread(lines: Sequence[Misread], day: date) -> bytes:
    """Return the workbook, a row a line, most frequent first."""
    book = Book()
    sheet = book.sheet(say("sheet.misread"))
    sheet.header([Column(say(f"column.{name}"), width) for name, width, _ in _COLUMNS], fixed=1)
    styles = [style for _, _, style in _COLUMNS]
    for number, line in enumerate(lines, start=1):
        outcome = say("misread.corrected" if line.corrected else "misread.unknown")
        sheet.cells((str(number), line.times, line.text, line.intent, outcome), styles)
    return book.to_bytes(day)
