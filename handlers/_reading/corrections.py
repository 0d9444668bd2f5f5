# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""In a correction only the new value counts: what was wrong is covered."""

import re
from dataclasses import replace

from handlers._reading.canvas import Canvas
from handlers._reading.result import Slots

_VALUE = r"(?:[^,.;()\n]|\.(?=\d)|,(?=\d)){1,50}?"
_END = r"(?=$|[,.;()\n]|\bma\b|\bmoi\b|\bdung\b|\bla\b \d| -)"
_OLD = (
    re.compile(
        rf"\b(?:chu )?khong phai(?: la)?\s+{_VALUE}(?=$|[,.;()\n]|\bma\b|\bdau\b|\bdau_where\b|\b(?:nhe|nha|a)\W*$)"
    ),
    re.compile(rf"\bchu khong(?: phai)?(?: la)?\s+{_VALUE}(?=$|[,.;()\n])"),
    re.compile(
        r"\b(?:nham|lon|sai)\s+(?:la\s+|thanh\s+|so\s+)?"
        + _VALUE
        + r"(?=[,.;]|\b(?:dung|sua|phai la|thanh|chuyen|xin sua|moi|that ra|thuc ra|chinh xac|ma)\b)"
    ),
    re.compile(
        rf"\b(?:luc nay|hoi nay|hom truoc|lan truoc|bao cao truoc|tin truoc|ban dau|ban nay|vua nay|da)\s+(?:\w+\s+)?(?:bao|ghi|noi|gui|nhan|viet|nhap|go)\s+(?!thieu|sot|nham|sai|lon|lech){_VALUE}(?=$|[,.;]|\b(?:dung|nham|sai|sua|moi|nay|thuc ra|that ra|thuc te|la do|la vi)\b)"
    ),
    re.compile(
        r"\b\d[\d/]*\s+(?:em|toi_?|tui|minh|chi bo|chau|anh|chi|bac)?\s*(?:da |lo )?(?:bao|ghi|gui|nhap|go|noi|viet)\b[^.;\d]{0,20}\b(?:la |bi )?(?:sai|nham|lon)\b"
    ),
    # What was typed by mistake may also stand last: "họp 4/11, lúc trước gõ lộn 14/11".
    re.compile(
        rf"(?<=\d)[^\d].*?(?P<old>\b(?:bao|ghi|go|nhap|viet|danh|gui|noi|bam)\s+(?:\w+\s+)?(?:nham|lon|sai)\s+(?:la\s+|thanh\s+)?{_VALUE})(?=\W*$)"
    ),
    re.compile(rf"\b(?:sua|doi|chinh)\s+(?:lai\s+)?(?:tu\s+)?{_VALUE}(?=\b(?:thanh|sang)\b)"),
    re.compile(rf"\btu\s+{_VALUE}(?=\b(?:thanh|sang|len|xuong)\b)"),
    re.compile(r"\d[\d/]*\s*(?=(?:-|=)\s?>)"),
    re.compile(r"\b\d[\d/]*\s*(?:\w+\s+){0,2}(?:sua|doi|chinh)(?: lai)? thanh\b"),
    re.compile(r"\b\d[\d/]*\s*(?:la\s+)?(?:sai|nham)\b"),
    re.compile(
        r"\b(?:bao cao|tin|so lieu) (?:cua )?(?:hom|toi|sang|chieu) (?:qua|kia|nay)\b"
        r"|\b(?:hoi|luc|hom|toi|sang|chieu|ban) (?:sang|trua|chieu|toi|nay|qua|kia)\b(?= (?:em |toi_? |tui |minh |chau |co_ |anh |chi )?(?:da )?(?:bao|ghi|nhap|go|viet|gui|nhan|bam)\b)"
    ),
    re.compile(rf"\bthay (?:vi|cho)\s+{_VALUE}(?=$|[,.;()\n])"),
)
_WAY = r"(?:truc tuyen|online|zoom|qua mang|truc tiep|tap trung|offline)"
_WRONG_WAY = re.compile(
    rf"\b(?:nham|lon|sai)\W+(?:la\s+|thanh\s+)?(?:(?:hop|hinh thuc|sinh hoat|qua)\s+)*{_WAY}(?=.*\b{_WAY})"
)
# What a single new figure is about, where the word stands apart from it: "ghi nhầm tổng số, xin sửa thành 41".
_ABOUT = (
    ("absent_excused", re.compile(r"\b(?:vang )?(?:co phep|co ly do)\b(?! khong)")),
    ("absent", re.compile(r"\b(?:vang(?: mat)?|nghi|thieu)\b(?! co phep| co ly do)")),
    ("total", re.compile(r"\b(?:tong so|tong|si so|quan so)\b|\bdang so\b")),
    ("present", re.compile(r"\b(?:co mat|hien dien|tham du|du hop|du)\b|\bso nguoi hop\b")),
)
_FIGURE = re.compile(r"(?<![\w/.,#@])\d{1,3}(?![\d/]|\s*[/.]\s*\d)")
_ONE_MORE = re.compile(
    r"\b(?:them|bot|tang|giam|sot|thieu)\s+(?:mot\s+)?\d{1,2}\b|\b(?:vang|du|co mat) (?:them|bot|nua)\b"
)
_TAKEN_BACK = re.compile(
    r"\b\d{1,3}(?:/\d{1,3})?\b(?! a| o)?[^\d,.;]{0,12}[,.;\s]+(?:a|o|u|ay|chet|oi|ui)\s+(?:nham|khong|lon|quen|sai)\b(?: roi| phai)*[\s,:]*(?:la\s+)?(?=\d)"
    r"|(?<=\d )moi dung\b"
)
_INSTEAD = re.compile(
    r"\b(?:thay (?:cho|vi)|le ra|dang le|nhe ra|theo lich|lich(?: hop| cu| ban dau)? (?:la|vao))\W+(?:la |hop )*(?:(?:ngay|hom|mung|mong|thu|lich)\W+)*\d{1,2}(?:/\d{1,2})?(?=\W*[,);.]|\W+(?:hop|ma|nhung|chi bo|sang|doi|lui)\b|$)"
)
_DAY_IN_WORDS = r"\b(?:hom|toi|sang|chieu|trua|dem|bua) (?:qua|nay|kia)\b|\bchu nhat\b"
_ONLY_THEN = re.compile(r"\bmoi (?:la )?dung\b")
_SHIFT = re.compile(
    r"\bdung (?:ra )?(?:la|phai la)\b|\b(?:phai|that ra|thuc ra|chinh xac|thuc te) la\b|\b(?:that ra|thuc ra|thuc te)\b(?= \d)"
)


def cover_old_values(canvas: Canvas) -> None:
    """Cover the old values of a correction, leaving the words that say which number is meant."""
    right = _ONLY_THEN.search(canvas.text)
    if right:
        for match in list(_OLD[0].finditer(canvas.text)):
            _cover_old(canvas, match)
        _keep_clause(canvas, right)
        return
    for pattern in _OLD:
        for match in list(pattern.finditer(canvas.text)):
            _cover_old(canvas, match)
    for match in list(_WRONG_WAY.finditer(canvas.text)):
        canvas.cover(match.start(), match.end(), " ")
    shift = _SHIFT.search(canvas.text)
    if shift and re.search(r"\d", canvas.text[shift.end() :]):
        _cover_figures(canvas, 0, shift.start())
        canvas.cover(shift.start(), shift.end(), " ")


def _keep_clause(canvas: Canvas, right: re.Match[str]) -> None:
    text = canvas.text
    start = max((m.end() for m in re.finditer(r"[,;]|\.(?!\d)|\bma\b", text[: right.start()])), default=0)
    if re.search(r"\d", text[start : right.start()]):
        _cover_figures(canvas, 0, start)
        _cover_figures(canvas, right.end(), len(text))


def _cover_old(canvas: Canvas, match: re.Match[str]) -> None:
    """Cover the figures of an old value and the words before them; a value in words is covered whole."""
    start = match.start("old") if "old" in match.re.groupindex else match.start()
    figures = list(re.finditer(r"\d[\d/]*", match.group()))
    if figures and re.fullmatch(
        r"(?:\s*(?:co|khong|phep|ly do|nguoi|dong chi)\b)+\s*", match.group()[figures[-1].end() :]
    ):
        canvas.cover(match.start(), match.end(), " ")
    elif figures:
        canvas.cover(start, match.start() + figures[-1].end(), " ")
    elif re.match(r"khong phai|chu khong|bao cao |tin |so lieu |hoi |luc |hom |toi |sang |chieu |ban ", match.group()):
        canvas.cover(match.start(), match.end(), " ")


def lone_value(before: str, after: str, slots: Slots) -> Slots | None:
    """Return the slots with the one new figure of a correction put where its word, apart from it, tells; or None.

    `before` is the line as typed, `after` the same without old values and dates.
    """
    figures = {int(match.group()) for match in _FIGURE.finditer(after)}
    about = [name for name, pattern in _ABOUT if pattern.search(before)]
    if len(figures) != 1 or len(about) != 1 or re.search(r"\d\s*(?:/|\btren\b)\s*\d", after):
        return None
    said: dict[str, int] = {about[0]: figures.pop()}
    return replace(
        slots,
        present=said.get("present"),
        total=said.get("total"),
        absent=said.get("absent"),
        absent_excused=said.get("absent_excused"),
    )


def is_step(text: str) -> bool:
    """Tell whether a correction adds to a figure instead of giving it: "vắng thêm 1"."""
    return _ONE_MORE.search(text) is not None


def cover_slips(canvas: Canvas) -> None:
    """Cover what the writer takes back in the same breath, "43/46, à nhầm 44/46", and the day a meeting replaced."""
    for pattern in (_TAKEN_BACK, _INSTEAD):
        for match in list(pattern.finditer(canvas.text)):
            canvas.cover(match.start(), match.end(), " ")


def _cover_figures(canvas: Canvas, start: int, end: int) -> None:
    for match in re.finditer(rf"\d+|{_DAY_IN_WORDS}", canvas.text[start:end]):
        canvas.cover(start + match.start(), start + match.end())
