"""The parts of a .docx that python-docx has no words for, as XML: tables at speed and notes at the foot of a page."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

FONT = "Times New Roman"
_NAMES = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def footnotes_xml(notes: Sequence[str]) -> bytes:
    """Return the part that holds the notes, numbered from 1."""
    written = "".join(_note(number, words) for number, words in enumerate(notes, start=1))
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:footnotes {nsdecls('w')}>{_SEPARATORS}{written}</w:footnotes>".encode()


_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
)


def _note(number: int, words: str) -> str:
    mark = f'<w:r><w:rPr>{_NAMES}<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    return f'<w:footnote w:id="{number}"><w:p>{mark}{_run(f" {words}", 24, _NAMES)}</w:p></w:footnote>'


def _run(words: str, half_points: int, more: str = "") -> str:
    return (
        f'<w:r><w:rPr>{more}<w:sz w:val="{half_points}"/></w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    )


def no_cell_margins() -> str:
    """Return the property of a table whose cells begin and end at their columns' edges."""
    sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    return f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"


def table_xml(header: Sequence[str], rows: Sequence[Sequence[str]], widths_mm: Sequence[int]) -> str:
    """Return a table with lines, its header repeated on every page; all but the second column centred."""
    lines = [_row(header, widths_mm, header=True), *(_row(row, widths_mm) for row in rows)]
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths_mm)
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in _SIDES)
    shape = (
        f'<w:tblPr><w:tblW w:w="{_twips(sum(widths_mm))}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    return f"<w:tbl {nsdecls('w')}>{shape}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def _row(cells: Sequence[str], widths_mm: Sequence[int], *, header: bool = False) -> str:
    start = "<w:tr><w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if header else "") + "</w:trPr>"
    inner = "".join(
        _cell(words, width, header=header, side="left" if place == 1 and not header else "center")
        for place, (words, width) in enumerate(zip(cells, widths_mm, strict=True))
    )
    return f"{start}{inner}</w:tr>"


def _cell(words: str, width: int, *, header: bool, side: str) -> str:
    bold = "<w:b/>" if header else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{side}"/></w:pPr>{_run(words, 22, bold)}</w:p></w:tc>'
    )
