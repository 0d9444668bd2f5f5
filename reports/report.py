"""The committee's report as a .docx: head, outline I to III with sentences made from the figures, signature, annex.

Every section is a bookmark, and so is every paragraph made from figures, so that what the office writes beside them
in the file can be read back (models/report_file.py).
"""

from models.aggregation import numeral, percent_words
from models.branch_lines import BranchLine
from models.committee_report import Report, following
from models.figures import Figure
from models.report_file import GENERATED, keywords, section_bookmark
from reports import prose
from reports.party_document import BODY, SMALL, PartyDocument, ruled
from reports.wording import period_words, say

SECTIONS = range(1, 8)
COUNTED = "ket_nap"  # the figure whose date is a setting, told in a footnote
MOST_BRANCHES = 300  # in the annex; more of them are for the workbook


def docx(report: Report) -> bytes:
    """Return the report as a file; equal reports give equal bytes."""
    document = PartyDocument(report.head.spelling)
    _head(document, report)
    _title(document, report)
    _Outline(document, report).write()
    _signature(document, report)
    _annex(document, report)
    about = keywords(report.found.unit, str(report.found.period))
    return document.to_bytes(prose.title_words(report), about, _to_be_written(report), report.made_on)


def _to_be_written(report: Report) -> str:
    return say("report.to_be_written_branch" if prose.is_branch(report) else "report.to_be_written")


def body_name(name: str) -> str:
    """Return a unit's name as the body that signs: an organisation (đảng bộ) acts by its committee (đảng ủy)."""
    return name.replace("Đảng bộ", "Đảng ủy", 1) if name.startswith("Đảng bộ") else name


def place_of(report: Report) -> str:
    """Return the place the report is issued at: the setting, or the nearest one its bodies' names tell."""
    own = () if prose.is_branch(report) else (report.head.unit,)  # "Chi bộ khu phố 1" names no place
    named = filter(None, map(_place_in, (*own, *report.head.above)))
    return report.head.place or next(named, "…")


def _place_in(name: str) -> str:
    """Return what a body's name says after the kind of its place: "Bình Minh" of "Đảng bộ phường Bình Minh"."""
    words = name.split()
    kinds = [n for n, word in enumerate(words) if word.lower() in say("report.place_kinds").split("|")]
    named = words[kinds[-1] + 1 :] if kinds else []
    return " ".join(named[1:] if named and named[0].lower() == say("report.place_second") else named)


# Head and title -----------------------------------------------------------------------------------------------------


def _head(document: PartyDocument, report: Report) -> None:
    left, right = document.two_columns(82, 83)
    parent = body_name(report.head.parent).upper()
    if parent:
        document.in_cell(left, parent, first=True)
    document.in_cell(left, body_name(report.head.unit).upper(), first=not parent).bold = True
    document.in_cell(left, "*")
    symbol = say("report.symbol_branch" if prose.is_branch(report) else "report.symbol")
    document.in_cell(left, say("report.number", symbol=symbol))
    document.in_cell(right, say("report.party"), 15, first=True).bold = True
    ruled(right.paragraphs[0], 3.5)
    run = document.in_cell(right, _place_and_date(report))
    run.italic = True
    right.paragraphs[-1].paragraph_format.space_before = 50800  # 4 points


def _place_and_date(report: Report) -> str:
    day, month = report.made_on.day, report.made_on.month
    return say(
        "report.place_and_date", place=place_of(report), day=f"{day:02d}",
        month=f"{month:02d}" if month < 3 else str(month), year=report.made_on.year,
    )  # fmt: skip


def _title(document: PartyDocument, report: Report) -> None:
    document.centred(say("report.title"), 16, before=18)
    document.centred(prose.title_words(report), BODY)
    document.centred("-----", BODY, bold=False, after=10)


# I to III -----------------------------------------------------------------------------------------------------------


class _Outline:
    """The body of the report."""

    def __init__(self, document: PartyDocument, report: Report) -> None:
        self._document, self._report = document, report
        self._made = 0

    def write(self) -> None:
        """Write the opening and the three parts."""
        for words in prose.opening(self._report):
            self._document.body(words)
        self._document.heading(say("report.results"))
        for number in SECTIONS:
            heading = say("report.section", number=number, name=say(f"section.{number}"))
            self._section(str(number), heading, prose.section(self._report, number))
        self._section("II", say("report.shortcomings"), prose.shortcomings(self._report))
        coming = period_words(following(self._report.found.period)).upper()
        self._section("III", say("report.directions", period=coming), prose.directions(self._report))

    def _section(self, section: str, heading: str, paragraphs: list[str]) -> None:
        self._document.heading(heading, opens=section_bookmark(section))
        letters = say("report.letters")
        for place, words in enumerate(paragraphs):
            many = len(paragraphs) > 1 and section.isdecimal()
            lettered = f"{letters[place]}) {words}" if many else words
            self._made += 1
            written = self._document.body(lettered, bookmark=f"{GENERATED}{self._made}")
            if self._tells_admissions(section, words):
                note = say("report.footnote", date=say(f"counted_by.{self._report.head.counted_by}"))
                self._document.footnote(written, note)
        own = self._report.words.get(section, "")
        for line in own.split("\n") if own else ():
            self._document.body(line)
        if not own and not paragraphs:
            self._document.body(_to_be_written(self._report))

    def _tells_admissions(self, section: str, words: str) -> bool:
        figure = self._report.found.figure(COUNTED)
        told = prose.line_words(figure, alone=prose.is_branch(self._report))
        return section == str(figure.indicator.section) and told in words


# Signature ----------------------------------------------------------------------------------------------------------


def _signature(document: PartyDocument, report: Report) -> None:
    document.keep_last_with_next()
    document.centred("", SMALL, bold=False)
    document.keep_last_with_next()
    left, right = document.two_columns(82, 83)
    first = document.in_cell(left, say("report.recipients"), BODY, first=True)
    first.underline = True
    for words in _recipients(report):
        document.in_cell(left, words, SMALL)
    for paragraph in left.paragraphs:
        paragraph.alignment = 0
    signs = say("report.signs_branch") if prose.is_branch(report) else say("report.signs")
    document.in_cell(right, signs, BODY, first=True).bold = True
    document.in_cell(right, say("report.signer"), BODY).bold = True


def _recipients(report: Report) -> list[str]:
    parent = [say("report.recipient_parent", parent=body_name(report.head.parent))] if report.head.parent else []
    if prose.is_branch(report):
        return [*parent, say("report.recipient_members"), say("report.recipient_file_branch")]
    return [
        *parent, say("report.recipient_committee"), say("report.recipient_branches"), say("report.recipient_file"),
    ]  # fmt: skip


# Annex --------------------------------------------------------------------------------------------------------------


def _annex(document: PartyDocument, report: Report) -> None:
    document.page_break()
    period = period_words(report.found.period)
    document.centred(say("report.annex"), BODY)
    document.centred(say("report.annex_figures", period=period), BODY, after=6)
    header = [say(f"annex.{name}") for name in ("content", "figure", "before", "against", "target", "percent")]
    told = [figure for figure in report.found.indicators if _is_told(figure) and _is_of(report, figure)]
    rows = [_figure_row(report, number, figure) for number, figure in enumerate(told, start=1)]
    document.table([say("column.number"), *header], rows, (12, 54, 27, 20, 18, 18, 16))
    if not prose.is_branch(report):
        _branches(document, report, period)


def _is_told(figure: Figure) -> bool:
    return figure.amount is not None and (figure.indicator.kind != "ratio" or bool(figure.amount.of))


def _is_of(report: Report, figure: Figure) -> bool:
    """Return whether a figure is one a unit of this kind has: a branch issues no documents of a committee."""
    counted = figure.amount is not None and bool(figure.amount.number)
    return counted or not prose.is_branch(report) or figure.indicator.reported_by == "chi_bo"


def _figure_row(report: Report, number: int, figure: Figure) -> list[str]:
    old = report.before.figure(figure.indicator.code) if report.before else None
    label = figure.indicator.label.split(" (")[0]
    share = "" if figure.percent is None else percent_words(figure.percent)
    return [
        str(number),
        label,
        _value(figure),
        _value(old),
        _against(figure, old),
        prose.goal_as_shown(figure.target or ""),
        share,
    ]


def _value(figure: Figure | None) -> str:
    if figure is None or figure.amount is None:
        return ""
    amount = figure.amount
    if amount.parts:
        return "; ".join(numeral(part) for part in amount.parts)
    return numeral(amount.number) if amount.of is None else f"{numeral(amount.number)}/{numeral(amount.of)}"


def _against(figure: Figure, old: Figure | None) -> str:
    share = prose.against_before(figure, old) if old else None
    return "" if share is None else percent_words(share)


_BY_BRANCH = ("sinh_hoat_dung_ky", "du_sinh_hoat", "tong_dang_vien", "de_nghi_ket_nap", "ket_nap", "chinh_thuc")


def _branches(document: PartyDocument, report: Report, period: str) -> None:
    document.centred(say("report.annex_branches", period=period), BODY, before=14, after=6)
    lines = report.found.branches
    if len(lines) > MOST_BRANCHES:
        document.body(say("report.annex_many", count=len(lines)))
        return
    header = [say("column.number"), say("column.branch"), *(say(f"annex_branch.{code}") for code in _BY_BRANCH)]
    rows = [_branch_row(number, line) for number, line in enumerate(lines, start=1)]
    document.table(header, rows, (12, 42, 18, 24, 17, 20, 15, 17))


def _branch_row(number: int, line: BranchLine) -> list[str]:
    return [str(number), line.name, *(_amount(line, code) for code in _BY_BRANCH)]


def _amount(line: BranchLine, code: str) -> str:
    amount = line.amounts[code]
    if amount is None:
        return ""
    return numeral(amount.number) if amount.of is None else f"{numeral(amount.number)}/{numeral(amount.of)}"
