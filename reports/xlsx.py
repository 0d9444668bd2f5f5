"""Workbooks: a period's figures with a row a branch, and a month's overview for the chat."""

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter

from models import derived
from models.aggregation import Amount, numeral, percent, percent_words, read_goal
from models.branch_lines import BranchLine
from models.checks import Mismatch
from models.figures import Figure, Figures
from models.forms.amounts import has_two, part_names, two_units
from models.indicators import Indicator, by_code
from models.obligations import DONE
from models.views import BranchRow, Overview
from reports.prose import against_before, goal_as_shown
from reports.sheets import Book, Column, Formula, Sheet, Value
from reports.wording import day_words, period_words, say

SHOWN_MISSING = 30  # names in one line; all of them stand in the table by branch
FIXED = 3  # number, code and name stay in sight


def figures(found: Figures, mismatches: Sequence[Mismatch] = (), before: Figures | None = None) -> bytes:
    """Return the workbook of a period: the figures, a sheet a section by branch with sums that check each other.

    before: the same period last year, None where nothing was reported. The last sheet lists what does not agree.
    """
    book = Book()
    places = _figures_sheet(book.sheet(say("sheet.figures")), found, before)
    _section_sheets(book, found, places)
    _checks_sheet(book.sheet(say("sheet.checks")), found, mismatches)
    return book.to_bytes(found.period.last)


def overview(seen: Overview) -> bytes:
    """Return the workbook of a month's overview: a row a branch, the missing ones marked, sums at the foot."""
    book = Book()
    _overview_sheet(book.sheet(say("sheet.overview")), seen)
    return book.to_bytes(seen.period.last)


# The figures ------------------------------------------------------------------------------------------------------

_FIGURE_NAMES = ("number", "indicator", "value", "of", "unit", "percent", "before", "against", "target", "text")
_FIGURE_WIDTHS = (6, 46, 12, 12, 14, 10, 12, 10, 16, 44)
_FIGURE_STYLES = ("center", "text", "count", "count", "text", "percent", "count", "percent", "text", "text")


def _figures_sheet(sheet: Sheet, found: Figures, before: Figures | None) -> dict[str, int]:
    """Fill the sheet; return the row each indicator stands in."""
    _figures_head(sheet, found)
    named = zip(_FIGURE_NAMES, _FIGURE_WIDTHS, strict=True)
    sheet.header([Column(say(f"column.{name}"), width) for name, width in named], fixed=2)
    places: dict[str, int] = {}
    section = 0
    for figure in sorted(found.indicators, key=lambda figure: figure.indicator.section):
        if figure.indicator.section != section:
            section = figure.indicator.section
            sheet.cells(("", say(f"section.{section}"), *[None] * 8), ["section"] * 10)
        places[figure.indicator.code] = sheet.row
        old = before.figure(figure.indicator.code) if before else None
        sheet.cells(_figure_row(len(places), figure, old), _FIGURE_STYLES)
    return places


def _figures_head(sheet: Sheet, found: Figures) -> None:
    sheet.line(found.name, "title")
    sheet.line(say("head.figures", period=period_words(found.period).upper()), "title")
    sheet.line(say("head.cutoff", day=day_words(found.cutoff), state=say(f"state.{found.state}")))
    names = [line.name for line in found.branches if line.missing]
    for words in _reported(found.reported, found.expected, names):
        sheet.paragraph(words, columns=10, characters=160)
    sheet.line("")


def _reported(reported: int, expected: int, missing: Sequence[str]) -> Iterable[str]:
    if not expected:
        return (say("head.nobody"),)
    told = say("head.reported", reported=reported, expected=expected, share=_share(reported, expected, " ({})"))
    if not missing:
        return (told, say("head.none_missing"))
    names = ", ".join(missing[:SHOWN_MISSING])
    if len(missing) > SHOWN_MISSING:
        names = say("head.more", names=names, count=len(missing) - SHOWN_MISSING)
    return (told, say("head.missing", names=names))


def _share(number: int, of: int, around: str = "{}") -> str:
    share = percent(number, of)
    return "" if share is None else around.format(percent_words(share))


def _figure_row(number: int, figure: Figure, old: Figure | None) -> tuple[Value, ...]:
    amount = figure.amount
    return (
        number,
        figure.indicator.label,
        _whole(figure),
        amount.of if amount else None,
        figure.indicator.unit,
        figure.percent,
        _whole(old) if old else None,
        against_before(figure, old) if old else None,
        _target(figure),
        figure.text,
    )


def _target(figure: Figure) -> Value:
    """Return a target that is a number as one, any other in words."""
    goal = read_goal(figure.target or "")
    return goal.low if goal.kind == "exact" else goal_as_shown(figure.target or "")


def _whole(figure: Figure) -> int | None:
    return (figure.amount.number or sum(figure.amount.parts)) if figure.amount else None


# By branch, a sheet a section ------------------------------------------------------------------------------------


def _section_sheets(book: Book, found: Figures, places: dict[str, int]) -> None:
    for section in sorted({figure.indicator.section for figure in found.indicators}):
        rows = [figure.indicator for figure in found.indicators if figure.indicator.section == section]
        shown = [row for row in rows if row.code not in derived.CODES]
        lines = [line for line in (*found.branches, *found.committees) if line.expected or _counts(line, shown)]
        if shown:
            sheet = book.sheet(say("sheet.section", number=section, name=say(f"section.{section}")), pages_wide=2)
            _section_sheet(sheet, found, (section, lines, shown), places)


def _counts(line: BranchLine, shown: Iterable[Indicator]) -> bool:
    return any(value for row in shown for value in _numbers(row, line.amounts[row.code]))


def _section_sheet(
    sheet: Sheet, found: Figures, shown: tuple[int, list[BranchLine], list[Indicator]], places: dict[str, int]
) -> None:
    section, lines, indicators = shown
    columns = [*_who_columns(), *(column for indicator in indicators for column in _columns(indicator))]
    styles = [column.style for column in columns]
    sheet.line(found.name, "title")
    name = say(f"section.{section}").upper()
    sheet.line(say("head.section", section=name, period=period_words(found.period).upper()), "title")
    sheet.line(say("head.cutoff", day=day_words(found.cutoff), state=say(f"state.{found.state}")))
    sheet.header(columns, fixed=FIXED)
    first = sheet.row
    for number, line in enumerate(lines, start=1):
        sheet.cells(_branch_row(number, line, indicators), styles)
    if lines:
        _foot(sheet, first, indicators, places)


def _who_columns() -> list[Column]:
    return [
        Column(say("column.number"), 6, "center"),
        Column(say("column.code"), 12, "text"),
        Column(say("column.branch"), 30, "text"),
        Column(say("column.owed"), 11),
        Column(say("column.done"), 11),
        Column(say("column.missing"), 16, "alarm"),
    ]


def _columns(indicator: Indicator) -> list[Column]:
    if indicator.kind == "parts":
        label = indicator.label.split(" (")[0]
        return [Column(say("column.grade", label=label, name=name), 13) for name in part_names(indicator)]
    if indicator.kind == "pair":
        label = indicator.label.partition(say("column.pair_joint"))[0]
        return [Column(say("column.of_pair", label=label, name=name), 13) for name in two_units(indicator)]
    column = Column(indicator.label, 13)
    return [column, Column(say("column.part_of", label=indicator.label), 13)] if has_two(indicator) else [column]


def _branch_row(number: int, line: BranchLine, indicators: Iterable[Indicator]) -> list[Value]:
    owed, done = len(line.expected), len(line.expected) - len(line.missing)
    months = ", ".join(f"{int(month[5:])}/{month[:4]}" for month in line.missing)
    row: list[Value] = [number, line.code, line.name, owed, done, months]
    for indicator in indicators:
        row.extend(_numbers(indicator, line.amounts[indicator.code]))
    return row


def _numbers(indicator: Indicator, amount: Amount | None) -> list[int | None]:
    if indicator.kind == "parts":
        return list(amount.parts) if amount else [None] * len(part_names(indicator))
    if not has_two(indicator):
        return [amount.number if amount else None]
    return [amount.number, amount.of] if amount else [None, None]


def _foot(sheet: Sheet, first: int, indicators: Sequence[Indicator], places: dict[str, int]) -> None:
    """Write the sums, the same numbers from the sheet of figures, and whether the two agree."""
    last, row = sheet.row - 1, sheet.row
    columns = [place for indicator in indicators for place in _places(indicator, places)]
    sums: list[Formula | None] = [_sum(number, first, last) for number in range(4, 6)]
    blank: list[Formula | None] = [None, None]
    by_column = [_sum(number, first, last) for number in range(7, 7 + len(columns))]
    given = [Formula(f"='{say('sheet.figures')}'!{place}") if place else None for place in columns]
    checks = [_check(number, row) if place else None for number, place in enumerate(columns, start=7)]
    for words, left, right in (("sum", sums, by_column), ("given", blank, given), ("check", blank, checks)):
        cells: list[Value | Formula] = [None, None, say(f"foot.{words}"), *left, None, *right]
        sheet.cells(cells, ["sum"] * len(cells))


def _places(indicator: Indicator, places: dict[str, int]) -> list[str]:
    """Return where the sheet of figures holds each number of an indicator; "" for grades, which it has in words."""
    row = places[indicator.code]
    if indicator.kind == "parts":
        return [""] * len(part_names(indicator))
    return [f"C{row}", f"D{row}"] if has_two(indicator) else [f"C{row}"]


def _sum(column: int, first: int, last: int) -> Formula:
    letter = get_column_letter(column)
    return Formula(f"=SUM({letter}{first}:{letter}{last})")


def _check(column: int, row: int) -> Formula:
    letter = get_column_letter(column)
    return Formula(f'=IF({letter}{row}={letter}{row + 1},"{say("foot.same")}","{say("foot.different")}")')


# What does not agree ----------------------------------------------------------------------------------------------


def _checks_sheet(sheet: Sheet, found: Figures, mismatches: Sequence[Mismatch]) -> None:
    names = {line.unit_id: line for line in (*found.branches, *found.committees)}
    sheet.line(say("head.checks", period=period_words(found.period).upper()), "title")
    if not mismatches:
        sheet.line(say("check.none"))
        return
    columns = (("number", 6, "center"), ("code", 12, "text"), ("branch", 32, "text"), ("check", 90, "text"))
    sheet.header([Column(say(f"column.{name}"), width) for name, width, _ in columns], fixed=FIXED)
    for number, one in enumerate(mismatches, start=1):
        line = names.get(one.unit_id)
        who = (line.code, line.name) if line else ("", "")
        sheet.cells((number, *who, mismatch_words(one)), [style for _, _, style in columns])


def mismatch_words(one: Mismatch) -> str:
    """Return what does not agree, in words."""
    key = "check.members" if one.day else "check.parts"
    label = by_code(one.code).label.split(" (")[0]
    day = day_words(one.day) if one.day else ""
    return say(key, label=label, stated=one.stated, expected=one.expected, day=day)


# The month's overview ---------------------------------------------------------------------------------------------

_OVERVIEW_COLUMNS = (
    ("number", 6, "center"),
    ("code", 12, "text"),
    ("branch", 32, "text"),
    ("status", 14, "text"),
    ("present", 12, "count"),
    ("required", 12, "count"),
    ("percent", 10, "percent"),
    ("content", 60, "text"),
    ("version", 8, "count"),
)


def _overview_sheet(sheet: Sheet, seen: Overview) -> None:
    _overview_head(sheet, seen)
    sheet.header([Column(say(f"column.{name}"), width) for name, width, _ in _OVERVIEW_COLUMNS], fixed=FIXED)
    first = sheet.row
    for number, row in enumerate(seen.rows, start=1):
        sheet.cells(_overview_row(number, row), _overview_styles(row))
    if seen.rows:
        present, required = (_sum(column, first, sheet.row - 1) for column in (5, 6))
        share = Formula(f'=IF(F{sheet.row}=0,"",100*E{sheet.row}/F{sheet.row})')
        foot = (None, None, say("foot.sum"), None, present, required, share, None, None)
        sheet.cells(foot, ["sum"] * 6 + ["sum_percent", "sum", "sum"])


def _overview_head(sheet: Sheet, seen: Overview) -> None:
    sheet.line(seen.unit_name, "title")
    sheet.line(say("head.overview", period=period_words(seen.period).upper()), "title")
    for words in _reported(seen.reported, seen.expected, [row.name for row in seen.missing]):
        sheet.paragraph(words, columns=9, characters=140)
    if seen.required:
        attended = {"present": numeral(seen.present), "required": numeral(seen.required)}
        share = _share(seen.present, seen.required)
        sheet.line(say("head.attendance", **attended, share=share, on_time=seen.on_time, expected=seen.expected))
    sheet.line("")


def _overview_row(number: int, row: BranchRow) -> tuple[Value, ...]:
    share = None if row.present is None or row.total is None else percent(row.present, row.total)
    version = row.version if row.headline else None
    return (
        number, row.code, row.name, say(f"status.{row.status}"), row.present, row.total, share, row.headline, version,
    )  # fmt: skip


def _overview_styles(row: BranchRow) -> list[str]:
    return ["alarm" if name == "status" and row.status not in DONE else style for name, _, style in _OVERVIEW_COLUMNS]
