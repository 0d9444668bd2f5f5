"""What the office wrote in a report's .docx, read back by its bookmarks; nothing else of the file is kept.

A section lies between the start and the end of the bookmark "muc_…"; paragraphs made from figures carry a bookmark
"so_lieu_…" of their own and are left out: figures follow from reports only. A branch may not read a stranger's file as
its own, so the file's keywords name its unit and period.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from models.report_texts import LONGEST, SECTIONS

SECTION, GENERATED = "muc_", "so_lieu_"
MARK = "bao-cao-chi-bo"
LARGEST_PART = 20_000_000  # bytes unpacked; a report of a thousand branches has about two million
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KEYWORDS = re.compile(rf"{MARK} unit=(?P<unit>.+) period=(?P<period>\S+)")


class NotAReportError(ValueError):
    """The file is not a report this program made, or cannot be read."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What stood in a file: whose report of which period, and the office's own words by section ("" for none)."""

    unit: str
    period: str
    words: dict[str, str]


def section_bookmark(section: str) -> str:
    """Return the bookmark's name of a section."""
    return f"{SECTION}{section}"


def keywords(unit: str, period: str) -> str:
    """Return what the file's properties say of it."""
    return f"{MARK} unit={unit} period={period}"


def read(content: bytes) -> ReadReport:
    """Return what the office wrote in a report's file; the placeholder that the file itself names counts as nothing.

    Raises NotAReportError.
    """
    document, properties = _parts(content)
    found = next(filter(None, (_KEYWORDS.fullmatch((one.text or "").strip()) for one in properties)), None)
    if found is None:
        raise NotAReportError("no report of this program")
    ignored = {" ".join((one.text or "").split()) for one in properties if one.tag.endswith("}description")}
    words: dict[str, list[str]] = {}
    for section, text in _paragraphs(document):
        lines = words.setdefault(section, [])
        if text and " ".join(text.split()) not in ignored:
            lines.append(text)
    return ReadReport(
        found["unit"], found["period"], {name: "\n".join(lines)[:LONGEST] for name, lines in words.items()}
    )


def _parts(content: bytes) -> tuple[ET.Element, ET.Element]:
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = ("word/document.xml", "docProps/core.xml")
            if any(packed.getinfo(name).file_size > LARGEST_PART for name in names):
                raise NotAReportError("a part is too large")
            # The parser of Python 3.11 refuses entities that blow up; nothing outside the file is ever loaded.
            parts = [ET.fromstring(packed.read(name)) for name in names]  # noqa: S314
    except (BadZipFile, KeyError, ET.ParseError) as error:
        raise NotAReportError("not a .docx") from error
    return parts[0], parts[1]


def _paragraphs(document: ET.Element) -> Iterator[tuple[str, str]]:
    """Give (section, text) of what the office wrote; a section with nothing is given once, with "" ."""
    section, ends = "", ""
    for paragraph in document.iter(f"{_W}p"):
        if section and any(mark.get(f"{_W}id") == ends for mark in paragraph.iter(f"{_W}bookmarkEnd")):
            section = ""
        names = {mark.get(f"{_W}name", ""): mark.get(f"{_W}id", "") for mark in paragraph.iter(f"{_W}bookmarkStart")}
        if section and not any(name.startswith(GENERATED) for name in names):
            yield section, _text(paragraph)
        opened = next((name for name in names if name.removeprefix(SECTION) in SECTIONS), "")
        if opened:
            section, ends = opened.removeprefix(SECTION), names[opened]
            yield section, ""


def _text(paragraph: ET.Element) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br"):
            parts.append(" ")
    return "".join(parts).strip()
