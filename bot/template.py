"""The workbook that `import` reads: headers, one example row a table, choices to pick from, and a sheet of help."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.rendering import Texts
from models.import_rows import COLUMNS, COMMENT
from models.messages import Say
from models.people import ROLES
from models.rule_book import PAUSE, delivered
from models.rule_units import DAY_KINDS
from models.units import KINDS

ROWS = 20_000  # so far down the cells are text and offer their choices
CHOICES = {("units", "kind"): KINDS, ("posts", "role"): ROLES, ("calendar", "kind"): DAY_KINDS}
NUMBERS = ("meeting_day", "official", "probationary", "exempt")

# Codes and figures only: what is words stands in bot/texts.
EXAMPLES: dict[str, dict[str, str | int]] = {
    "units": {
        "code": f"{COMMENT}CB05", "kind": "chi_bo", "parent_code": "DU01", "valid_from": "2025-07-01", "meeting_day": 3,
        "official": 18, "probationary": 2, "exempt": 1,
    },
    "posts": {"unit_code": f"{COMMENT}CB05", "role": "secretary"},
    "targets": {"unit_code": f"{COMMENT}DU01", "indicator": "ket_nap", "period": "2026", "target": "15"},
    "rules": {"code": f"{COMMENT}meeting.remind_before", "value": "7 2", "valid_from": "2026-04-01"},
    "calendar": {"day": f"{COMMENT}2027-01-02", "kind": "off"},
}  # fmt: skip
WORDED = {
    ("units", "name"): "template.example_name",
    ("units", "short_names"): "template.example_short_names",
    ("units", "aliases"): "template.example_aliases",
    ("units", "sector"): "template.example_sector",
    ("posts", "holder"): "template.example_holder",
}


def build(texts: Texts) -> bytes:
    """Return the workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in COLUMNS:
        _table(book.create_sheet(name), name, texts)
    _help(book.create_sheet(texts.sentence("template.help_sheet")), texts)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _table(sheet: Worksheet, name: str, texts: Texts) -> None:
    columns = list(COLUMNS[name])
    sheet.append(columns)
    sheet.append([_example(name, column, texts) for column in columns])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 30 if column in ("name", "holder") else 16
        if column not in NUMBERS:
            # Text: a spreadsheet would drop the zeros of a code and make a date of "4-6".
            sheet.column_dimensions[letter].number_format = "@"
        _style(sheet, letter)
        if (name, column) in CHOICES:
            sheet.add_data_validation(_choices(letter, CHOICES[name, column]))


def _example(name: str, column: str, texts: Texts) -> str | int | None:
    key = WORDED.get((name, column))
    return texts.sentence(key) if key else EXAMPLES[name].get(column)


def _style(sheet: Worksheet, letter: str) -> None:
    header, example = sheet[f"{letter}1"], sheet[f"{letter}2"]
    header.font, header.fill = Font(bold=True), PatternFill("solid", fgColor="FDE9D9")
    example.font = Font(italic=True, color="808080")
    if not isinstance(example.value, int):
        example.number_format = "@"


def _choices(letter: str, choices: tuple[str, ...]) -> DataValidation:
    listed = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True)
    listed.add(f"{letter}2:{letter}{ROWS}")
    return listed


def _help(sheet: Worksheet, texts: Texts) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 20
    sheet.column_dimensions["C"].width = 90
    _line(sheet, texts.sentence("template.title"), bold=True)
    for line in texts.sentence("template.intro").splitlines():
        _line(sheet, line)
    for name, columns in COLUMNS.items():
        sheet.append([])
        _line(sheet, name, texts.sentence(f"template.table_{name}"), bold=True)
        for column in columns:
            sheet.append([None, column, texts.sentence(f"template.{name}_{column}")])
            sheet.cell(sheet.max_row, 3).alignment = Alignment(wrap_text=True, vertical="top")
    _codes(sheet, texts)


def _codes(sheet: Worksheet, texts: Texts) -> None:
    """List the codes that the table of rules may hold, with what they are called in the chat."""
    sheet.append([])
    _line(sheet, texts.sentence("template.codes"), bold=True)
    for code, _ in delivered():
        rule = code.removeprefix(PAUSE)
        words = Say("template.code_rule", {"rule": Say(f"rule_values.rule.{rule}")})
        sheet.append([None, code, texts.render(words if rule != code else Say(f"rule_values.name.{code}"))])


def _line(sheet: Worksheet, *words: Any, bold: bool = False) -> None:
    sheet.append(list(words))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=bold)
