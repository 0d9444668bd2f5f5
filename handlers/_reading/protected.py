# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Figures that are neither dates nor people: phones, times, money, places, document numbers."""

import re
from dataclasses import dataclass

from handlers._reading.canvas import Canvas
from handlers._reading.people import in_order
from models.vietnamese.lines import Line

_DATE = r"(?:\d{1,2}\s*[/.\-]\s*\d{1,2}(?:\s*[/.\-]\s*\d{2,4})?|\d{1,2} thang \d{1,2}(?: nam \d{4})?)"
_KIND = (
    r"(?:(?<!dong )chi thi|nghi_? quyet|ke hoach|huong dan|thong bao|to trinh|cong van|quyet dinh_?|quy dinh_?|ket luan"
    r"|van ban|giay moii?|giay gioi thieu|bao cao|thong tri|dieu le|chuong trinh|ct|nq|kh|hd|tb|bc|ttr|gm|cv|qd|vb|kl|qdi)"
)
_NUMBER = r"\d+\s*(?:[\-/]\s*(?:[a-z_]+(?: uy| bo)?|\d{4})(?:\s*[\-/&]\s*[a-z_]+(?: uy| bo)?)*)"
_DATED = rf"(?:\s*\(?\s*(?:ban hanh |ra |ky |de )?(?:ngay|cua [a-z ]{{2,30}} ngay)\s*{_DATE}\)?|\s*,\s*ngay\s*{_DATE}(?=\s*[,.;)]))?"
DOCUMENT = re.compile(
    rf"\b{_KIND}\s*(?:so\s*)?[:.]?\s*{_NUMBER}{_DATED}"
    rf"|\b\d+\s*[\-/]\s*(?:\d{{4}}\s*[\-/]\s*)?(?:ct|nq|kh|hd|tb|bc|ttr|gm|cv|qd|kl|qdi)\b(?:\s*[\-/&]\s*[a-z_]+(?: uy| bo)?)*{_DATED}"
    rf"|\b(?:(?<!dong )chi thi|nghi_? quyet|ke hoach|huong dan|to trinh|cong van|quyet dinh_?|quy dinh_?|ket luan"
    rf"|thong bao so|van ban so|van ban|ct|nq|kh|hd|cv|qd|kl|ttr|tb so)\s*(?:so\s*)?[:.]?\s*\d{{1,4}}\b(?!\s*/\s*\d){_DATED}"
    rf"|\b{_KIND}\s+(?:so\s*)?[:.]?\s*\d{{1,4}}\s+ngay\s+{_DATE}"
)
_UNDATED_DOCUMENT = re.compile(
    rf"(?<!trao )(?<!bo )\b(?:(?<!dong )chi thi|nghi_? quyet|ke hoach|cong van|quyet dinh_?|van ban|huong dan)\s+ngay\s+{_DATE}"
)
_FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"<[^<>]{0,80}>",
        r"https?://\S+|www\.\S+|\b[\w.]+@[\w.]+",
        r"(?<!\d)(?!\d{1,2}[./\-]\d{1,2}[./\-](?:20)?\d\d\b|0[1-9](?:0[1-9]|1[0-2])20\d\d(?!\d))(?:\+?\s?84|0)(?:[\s.\-]?\d){8,10}(?!\d)|(?<!\d)(?!(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20\d\d(?!\d))\d{8,}(?!\d)|(?<!\d)\d{4}[ .]\d{3}[ .]\d{3}(?!\d)",
        r"(?<=\bluc )\d{1,2}[.,][0-5]\d\b(?![/.\d])",
        r"(?<![/\d])\b\d{1,2}:\d{2}\b(?!\s*/)(?:\s*-\s*\d{1,2}:\d{2}\b)?",
        (
            r"\b\d{1,2}\s*(?:h|g|gio)\b(?:\s*\d{1,2}\b(?!\s*[/\-.]\s*\d)(?!\s+thang)\s*(?:phut|p\b)?|\s*ruoi|\s*kem\s*\d+)?"
            r"(?:\s*(?:-|den)\s*\d{1,2}\s*(?:h|g|gio)\b(?:\s*\d{2}\b)?)?"
        ),
        r"\b\d+\s*(?:phut|tieng)\b(?! anh)",
        r"\b\d{1,3}(?:[.,]\d{3})+(?!\d)\s*(?:d\b|dong\b(?! chi)|vnd|k\b)?",
        r"\b\d{2,}\s*(?:k|d|vnd|dong)\b(?! chi)",
        r"\b\d[\d.,]*\s*(?:trieu(?! tap)|tr|nghin|ngan|ty)\b",
        r"\b\d+(?:[.,]\d+)?\s*(?:%|phan tram\b)",
        r"\b(?:khong|chua|chang)\s+(?:duu?|duoc|dat|qua|co|toi|den)\s+(?:so luong\s+|ty le\s+|ti le\s+)?[1-3]/[2-4]\b(?!/)",
        r"\b(?:tren|qua_?|it nhat|duoi|hon|vuot(?: muc| qua_?)?)\s+[1-3]/[2-4]\b(?!/)",
        r"[,.;]\s*(?:(?:trong khi|so voi|con)\s+)?(?:thang|ky|lan|quy|nam) (?:truoc|roi|ngoai)\s+(?:(?:la|co|duoc|dat|du)\s+)*\d{1,3}\s*/\s*\d{1,3}\b|\b(?:trong khi|so voi)\s+(?:thang|ky|lan) truoc[^.;\n]*",
        r"[,.;]\s*(?:thang|tuan|lan|ky|buoi) (?:sau|toi|ke tiep)\s+(?:se\s+)?(?:hop|sinh hoat)\b[^.;\n]*",
        r"(?<!ngay )(?<!hom )(?<!mung )(?<!hop )(?<!sinh hoat )\b[1-3]/[2-4]\s+(?:so\s+)?(?:dang vien|y kien|thanh vien|tong so|quan so|so luong|so dang vien)\b(?!\W*(?:la\s+)?\d)",
        (
            r"\b(?:so nha|ngo|ngach|hem|kiet|phong(?! hop)|tang|duong so|can ho|quoc lo|nha so"
            r"|dia chi|tai so|(?<!\d )duong|ngo so|lo)\s*\d+[a-z]?(?:\s*/\s*\d+)*\b"
        ),
        r"\b(?:hoi truong|phong hop)(?: so)?\s*\d+[a-z]?\b(?!\s*/)",
        r"\bso\s*\d+[a-z]?(?:\s*/\s*\d+)*\s+(?:duong|pho|ngo|ngach|hem|kiet)\b",
        (
            r"\b(?:bao_|(?:con|do|vi|tranh|chong|phong|anh huong|sau) bao|lan|lan thu|dot|khoa|quy|ky hop thu|buoi thu|vong|muc|cap|bai|phan|chuong|dieu|khoan)"
            r"\s+(?:so\s+)?(?:\d{1,2}|[ivx]+)\b(?!\s*[/.]\s*\d)"
        ),
        r"\bnhiem ky\s+\d{4}\s*-\s*\d{4}\b|\b20\d\d\s*-\s*20\d\d\b",
        r"\b(?:huy hieu|the)\s+\d+\s*(?:nam|tuoi)(?: tuoi dang)?\b|\b\d+\s+nam\s+(?:tuoi|ngay|thanh lap|cong tac)",
        r"\b\d+\s+tuoi\b|(?<![\d/])\b\d+\s+(?:diem cau|diem|lan|buoi|noi_? dung|van de|y kien|cau hoii?|tap the)\b",
        r"\b(?:tam thoi_?|thoi_? (?:han|gian)|trong)\s+\d{1,2}\s+thang\b|\b\d{1,2}\s+thang\s+(?:du bi|tap su|thu thach)",
        r"\b(?:ky niem|chao mung|dip|nhan_(?=\s+(?:\d|dip|ngay|le))|mit tinh_?|le ky niem)\s+(?:ngay\s+|le\s+)?(?:\w+\s+){0,3}\d{1,2}/\d{1,2}\b",
        r"\b\d{1,2}/\d{1,2}\s+(?:nghi le|le|quoc khanh|tet|duoc nghi)\b|\b(?:nghi le|dip le|nghi)\s+\d{1,2}/\d{1,2}(?=\s+(?:nen|cho nen|vi vay|thanh ra))",
        r"\b(?:p|phong)\s?\d{3}\b",
        r"\b(?:bieu quyet|bo phieu|nhat tri|tan thanh|dong y|so phieu)[^\d\n.;,#]{0,12}\d{1,3}\s*/\s*\d{1,3}\b|\b\d{1,3}\s*/\s*\d{1,3}\s*(?:phieu|y kien|nhat tri|dong y|tan thanh|bieu quyet|xep loai)",
        r"\b(?:phien|lan|ky|buoi|khoa|diem) thu \d{1,2}\b",
    )
)


_LISTED = re.compile(r"^\s*(?P<n>\d{1,2})\s*[.)]\s+(?=\D)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents a line names: the first one as typed, without its date."""

    first: str | None
    text: str


def protect(line: Line, canvas: Canvas) -> Documents:
    """Cover every figure that is no count of persons and no date, and return the documents named."""
    first: str | None = None
    marked = canvas.text
    for match in list(DOCUMENT.finditer(canvas.text)):
        canvas.cover(match.start(), match.end())
        marked = marked[: match.start()] + _sign(match) + marked[match.end() :]
        first = first or _without_date(line, match)
    for item in _LISTED.finditer(line.typed):
        canvas.cover(*line.place(item.start("n"), item.end("n")))
    for item in in_order(line.typed):
        canvas.cover(*line.place(item.start("n"), item.end("n")))
    for pattern in (_UNDATED_DOCUMENT, *_FIGURES):
        for match in canvas.take(pattern):
            marked = marked[: match.start()] + "#" * len(match.group()) + marked[match.end() :]
    return Documents(first, marked)


def _sign(match: re.Match[str]) -> str:
    """Return "@doc" padded to the length of the match, so that cues can name a document."""
    return "@doc"[: len(match.group())].ljust(len(match.group()), "#")


def _without_date(line: Line, match: re.Match[str]) -> str:
    dated = re.search(r"\s*[,(]?\s*(?:ban hanh |ra |ky )?(?:cua [a-z ]+)?\bngay\b", match.group())
    end = match.start() + dated.start() if dated else match.end()
    return line.verbatim(match.start(), end).strip(" ,(")
