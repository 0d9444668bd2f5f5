"""Files to be imported: a workbook, or a folder of comma-separated tables."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from models.import_rows import COLUMNS, Problem, Sheet
from models.importing import ImportResult, import_sheets
from models.workbook import UnreadableError, from_texts, from_workbook

ACTOR = "import"


def import_path(session: Session, path: Path, now: datetime) -> ImportResult:
    """Import a workbook or a folder with a .csv for each table (units, posts, ...); every fault is in the result."""
    try:
        sheets = read_path(path)
    except UnreadableError as error:
        return ImportResult(errors=(Problem("", 0, "", error.key, error.facts),))
    return import_sheets(session, sheets, now, ACTOR)


def read_path(path: Path) -> list[Sheet]:
    """Return the sheets of a workbook or folder. Raises UnreadableError."""
    if path.is_dir():
        return from_texts({name: file.read_bytes() for name in COLUMNS if (file := path / f"{name}.csv").is_file()})
    try:
        return from_workbook(path.read_bytes())
    except FileNotFoundError:
        raise UnreadableError("import.no_such_file", path=str(path)) from None
