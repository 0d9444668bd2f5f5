"""A document in the Party's format (399-QĐ/TW, 05-HD/VPTW): page, letters, paragraphs, heads, footnote, bookmarks.

A4 with margins of 20, 20, 30 and 15 mm; Times New Roman; body 14 point justified on lines of exactly 18 point, the
first one 10 mm in; the page number above, centred, from page 2.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reports.packing import without_times
from reports.party_xml import FONT, footnotes_xml, no_cell_margins, table_xml

BODY, SMALL = 14, 12
LINE = 18  # points, exactly
FIRST_LINE = Mm(10)
CENTRE, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_CHARACTER = {"ủy": "uỷ", "Ủy": "Uỷ", "ỦY": "UỶ"}


class PartyDocument:
    """A document that is written from the top down. spelling: "ủy" or "uỷ", of every word in it."""

    def __init__(self, spelling: str = "ủy") -> None:
        self._document = Document()
        self._old_spelling = spelling != "uỷ"
        self._bookmarks = 0
        self._pending: list[int] = []
        self._footnotes: list[str] = []
        self._set_page()
        self._set_letters()
        self._number_pages()

    def spelt(self, words: str) -> str:
        """Return words with the tone mark where the setting puts it."""
        if self._old_spelling:
            return words
        for old, new in _CHARACTER.items():
            words = words.replace(old, new)
        return words

    # The page ---------------------------------------------------------------------------------------------------

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True

    def _set_letters(self) -> None:
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(BODY)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN")
        style.element.get_or_add_rPr().append(language)
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)

    def _number_pages(self) -> None:
        """Put the number above, centred; the first page has a header of its own, empty."""
        paragraph = self._document.sections[0].header.paragraphs[0]
        paragraph.alignment = CENTRE
        run = paragraph.add_run()
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("end", "")):
            run._r.append(_field_part(kind, text))  # noqa: SLF001  # python-docx has no page fields

    # Paragraphs -------------------------------------------------------------------------------------------------

    def body(self, words: str, *, bookmark: str = "") -> Paragraph:
        """Write a paragraph of the body."""
        paragraph = self._document.add_paragraph()
        _as_body(paragraph)
        if bookmark:
            self._open(paragraph, bookmark)
        paragraph.add_run(self.spelt(words))
        if bookmark:
            self._close(paragraph, self._bookmarks)
        return paragraph

    def heading(self, words: str, *, opens: str = "") -> Paragraph:
        """Write a heading; `opens` begins a bookmark that lasts to the next heading."""
        paragraph = self._document.add_paragraph()
        _as_body(paragraph)
        paragraph.paragraph_format.keep_with_next = True
        self._close_section(paragraph)
        paragraph.add_run(self.spelt(words)).bold = True
        if opens:
            self._open(paragraph, opens)
            self._pending.append(self._bookmarks)
        return paragraph

    def centred(self, words: str, size: int = BODY, *, bold: bool = True, before: int = 0, after: int = 0) -> Paragraph:
        """Write a line in the middle."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = CENTRE
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        self._close_section(paragraph)
        _letters(paragraph.add_run(self.spelt(words)), size, bold=bold)
        return paragraph

    def keep_last_with_next(self) -> None:
        """Keep what was written last on the page of what follows, so that a signature never stands on a page alone."""
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True

    def page_break(self) -> None:
        """Go on on a new page."""
        self.centred("", bold=False).paragraph_format.page_break_before = True

    def two_columns(self, left_mm: int, right_mm: int) -> tuple[_Cell, _Cell]:
        """Return two columns side by side, without lines."""
        table = self._document.add_table(rows=1, cols=2)
        table.autofit = False
        cells = table.rows[0].cells
        cells[0].width, cells[1].width = Mm(left_mm), Mm(right_mm)
        for column, width in zip(table.columns, (left_mm, right_mm), strict=True):
            column.width = Mm(width)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        table._tbl.tblPr.append(parse_xml(no_cell_margins()))  # noqa: SLF001  # the long names of bodies need the room
        return cells[0], cells[1]

    def in_cell(self, cell: _Cell, words: str, size: int = BODY, *, first: bool = False) -> Run:
        """Write a centred line in a column; the first one takes the paragraph that is there."""
        paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
        paragraph.alignment = CENTRE
        run: Run = paragraph.add_run(self.spelt(words))
        run.font.size = Pt(size)
        return run

    # Bookmarks and the footnote -----------------------------------------------------------------------------------

    def _open(self, paragraph: Paragraph, name: str) -> None:
        self._bookmarks += 1
        start = OxmlElement("w:bookmarkStart")
        start.set(qn("w:id"), str(self._bookmarks))
        start.set(qn("w:name"), name)
        paragraph._p.append(start)  # noqa: SLF001  # python-docx has no bookmarks

    def _close(self, paragraph: Paragraph, number: int) -> None:
        end = OxmlElement("w:bookmarkEnd")
        end.set(qn("w:id"), str(number))
        paragraph._p.append(end)  # noqa: SLF001

    def _close_section(self, paragraph: Paragraph) -> None:
        """End the bookmark of the section before, at the beginning of the heading or line that follows it."""
        for number in self._pending:
            end = OxmlElement("w:bookmarkEnd")
            end.set(qn("w:id"), str(number))
            paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, end)  # noqa: SLF001
        self._pending.clear()

    def footnote(self, paragraph: Paragraph, words: str) -> None:
        """Put a note at the foot of the page a paragraph stands on."""
        self._footnotes.append(self.spelt(words))
        number = len(self._footnotes)
        paragraph._p.append(  # noqa: SLF001
            parse_xml(
                f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                f'<w:footnoteReference w:id="{number}"/></w:r>'
            )
        )

    # Tables -----------------------------------------------------------------------------------------------------

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], widths_mm: Sequence[int]) -> None:
        """Write a table with lines, its header repeated on every page; all but the second column centred."""
        body = self._document.element.body
        body.insert(
            len(body) - 1, parse_xml(self.spelt(table_xml(header, rows, widths_mm)))
        )  # before the section's properties, which stand last

    # The file ---------------------------------------------------------------------------------------------------

    def to_bytes(self, title: str, keywords: str, placeholder: str, day: date) -> bytes:
        """Return the file, dated `day`; keywords and placeholder tell a program what the file is."""
        if self._footnotes:
            self._add_footnotes()
        about = self._document.core_properties
        about.author = about.last_modified_by = ""
        about.comments = self.spelt(placeholder)
        about.title, about.keywords = self.spelt(title), keywords
        about.created = about.modified = datetime.combine(day, time())
        written = BytesIO()
        self._document.save(written)
        return without_times(written)

    def _add_footnotes(self) -> None:
        main = self._document.part
        part = Part(
            PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, footnotes_xml(self._footnotes), main.package
        )
        main.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _field_part(kind: str, text: str) -> Any:
    if kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = text
    return part


def _as_body(paragraph: Paragraph) -> None:
    paragraph.alignment = JUSTIFY
    shape = paragraph.paragraph_format
    shape.first_line_indent = FIRST_LINE
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    shape.space_after = Pt(6)


def _letters(run: Run, size: int, *, bold: bool = False) -> None:
    run.font.size, run.bold = Pt(size), bold


def ruled(paragraph: Paragraph, indent_mm: float) -> None:
    """Draw a rule below a line, shorter than its column by an indent on each side."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(indent_mm)
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:ind", "w:jc")  # noqa: SLF001
