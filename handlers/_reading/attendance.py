# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Who was there: present, total, absent, excused, from the words around each number."""

import re
from dataclasses import dataclass, field, replace

from handlers._reading.canvas import Canvas
from handlers._reading.excuses import find_excused, read_excused
from handlers._reading.result import Issue

NOUN = r"(?:\s*(?:dong chi dang vien|dang vien|dong chi|nguoi|cu|bac|ong ba|anh em|ca nhan_?|thanh vien|vi|anh chi|d/c|ban|ba con|dang|chu|chi|anh|co_|ong|ba_|em|thay co_?|thay|nguoi)\b)"
_LINK = r"(?:[\s:=>]|-\s|\s-(?=\d)|\.(?!\d)|\b(?:la|gom|duoc|dat|co|so luong|so|chi|thi|khoang|hon|gan|tam|chung|tren|duoi|xap xi|uoc|uoc chung|dang vien|dong chi|thanh|len)\b)*"
_N = r"(?P<n>-?\d{1,3})(?![\d/]|\s*[/.]\s?\d)"
_VAGUE = re.compile(r"\b(?:xap xi|uoc|uoc chung|khoang|hon|gan|tam|chung|tren|duoi|tren duoi|may|vai)\b|[~>]")
FRACTION = re.compile(
    rf"(?P<a>(?<![\d/])(?<!\d[.,])\d{{1,4}}){NOUN}?(?:\s*(?:du hop|du|co mat|tham du|tham gia|di hop|den))?\s*"
    rf"(?:/|\btren(?:\s+tong(?: so)?)?\b|\btrong(?:\s+tong(?: so)?|\s+so)?\b|\bso voi(?:\s+tong(?: so)?)?\b|\btong so\b)"
    rf"\s*(?:so\s+)?(?:dang vien\s+)?(?:la\s+)?(?P<b>\d{{1,4}})(?!\d|\s*/\s*\d|[.,]\d){NOUN}?"
)
_ABSENT_BEFORE = re.compile(r"(?<!ai )(?<!khong )\b(?:vang(?: mat)?|thieu|nghi|khuyet)\W*(?:co\s+)?$")
_UNCLEAR = (
    (re.compile(r"(?<![\w/])(?:\d+ ?[oliz]\b ?\d*|[oliz] \d+|\d+[.,]\d+|\?+|\d*\?+)\s*/\s*(?P<b>\d{1,3})\b"), "total"),
    (re.compile(r"(?<![\w/.])(?P<a>\d{1,3})\s*/\s*(?:\d+ ?[oliz]\b ?\d*|[oliz] \d+|\d+[.,]\d+|\?+)"), "present"),
    (re.compile(r"(?<=\s)-\d{1,3}\s*/\s*(?P<b>\d{1,3})\b"), "total"),
    (
        re.compile(
            r"\b(?:(?:may|vai|hang)\s+(?:chuc\s+)?|(?:hon\s+|gan\s+|ca\s+)?chuc\s+)(?:nguoi|dong chi|dang vien|cu|bac)\b"
        ),
        "",
    ),
    (re.compile(r"(?<![\w/.])\d+ [oliz]\b(?: \d+)?(?=" + NOUN + r"|\W|$)"), ""),
    (re.compile(r"(?<![\w/.,])\d+[.,]\d+(?![\d/])(?=" + NOUN + r")"), ""),
)
# "thu đảng phí đủ", "trừ 2 đ/c còn lại đủ": others are complete, not the meeting.
_OF_OTHERS = re.compile(r"\b(?:phi|thu|nop|con lai)\b[^.;]{0,20}$")
_WHOLE_FIRST = re.compile(
    rf"(?:\b(?:trong|tren|chi bo(?: co)?)\s+)?(?<![\d/.,#])\b(?P<b>\d{{1,3}}){NOUN}[\s,:]*(?:dang sinh hoat\s+|hien co\s+)?(?:thi\s+|ma\s+|trong do\s+|nhung\s+)?"
    rf"(?:co mat|co|du hop|du|den hop|den)\s*(?:duoc\s+)?(?P<a>\d{{1,3}})(?![\d/]){NOUN}?(?:\s*(?:du hop|du|co mat|di))?(?!\s*(?:vang|nghi|xin))"
    rf"|(?<![\d/.,#])\b(?P<b2>\d{{1,3}}){NOUN}[\s,:]*(?:thi|ma|chi|nhung)\s+(?:chi\s+)?(?:co\s+)?(?P<a2>\d{{1,3}}){NOUN}?\s*(?:di|den|du|mat|co mat|hop|tham gia|duoc)\b"
)
_NONE_ABSENT = re.compile(
    r"\b(?:khong|chang)\s+(?:co\s+)?(?:ai\s+|dong chi nao\s+|nguoi nao\s+|mot ai\s+|dang vien nao\s+)?(?:vang|nghi|thieu)(?: mat)?(?:\s+(?:ai|dong chi nao|nguoi nao|mot ai))?"
    r"(?!\s*(?:phep|\d))|\bvang(?: mat)?\W*(?:khong(?! phep| ly do| co ly| xin)|0)\b|\bduu\s+(?:ca|het)\b|\bday (?:duu|du)\b|\bdong (?:duu|du)\b|\bduu(?=\W*(?:$|[,.;!]))"
    r"|\bduu mat\b|\b(?:duu|dudayadu)\b(?=\s*\d+\b(?!\s*/))|\b(?:vang|nghi|thieu) (?:mat )?(?:khong co ai|khong ai|khong co)\b"
)
_ABSENT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:so\s+)?(?:vang mat|vang|nghi hop|nghi|thieu|khuyet){_LINK}{_N}{NOUN}?(?!\s*(?:mat|co mat|du)\b(?!\W*(?:la |duoc |hop )*\d)|\s*(?:mot )?nua\b)",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}})(?!\s*/){NOUN}?\s*(?:deu\s+|bi\s+|(?:[a-z_]+\s+){{0,4}}?(?=xin (?:vang|nghi)|nghi (?:phep|om|benh|thai)))?(?:vang mat|vang|xin nghi|nghi|xin phep|xin vang|bao nghi|bao om)\b(?!\s*[:=\-]?\s*\d)",
    )
)
_TOTAL = re.compile(
    rf"\b(?:(?:tren|trong|so voi)\s+)?(?:tong(?: so| cong| quan so)?|quan so|si so|trieu tap|toan chi bo|toan the|dang vien(?=\s*:)|dang vien(?=\W*\d+\W+(?:co )?(?:mat|du)\W*\d)|ca thay|tat ca|phai du"
    rf"|duoc trieu tap|so dang vien(?! co mat| du| tham| vang| hien)(?: cua chi bo)?|chi bo(?: (?:minh|em|toi_?|ta|co tong))? co(?=\s*\d+{NOUN}[^.]*(?:\b(?:co mat|du|vang|tham|hop \d|nghi)|\d+{NOUN})))(?:\s+(?:dang vien|dong chi|chi bo|so|cua chi bo|hien co))*{_LINK}{_N}{NOUN}?"
    rf"|\bchi bo(?: (?:minh|em|toi_?|ta|hien|chi))*(?: co| gom)?\s*(?P<n2>\d{{1,3}}){NOUN}(?=\W*(?:,|hop|sinh hoat|du\b|den\b))"
)
_ALL_CAME = re.compile(
    rf"\b(?:ca thay|tat ca|toan the|du(?:u)? ca|dong du(?:u)?|day du(?:u)?|ca|du(?:u)?){_LINK}{_N}{NOUN}?\s*(?:deu\s+)?(?:co mat|du hop|tham gia|tham du|di hop|den hop|di du|du duu?)\b"
)
_TOTAL_BEFORE = re.compile(
    rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}\s+(?:(?:thi|ma)\b(?=\W*\d)|(?:duoc |phai )?(?:trieu tap|trong danh sach|phai du))"
)
_PRESENT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:so\s+)?(?:dang vien\s+|dong chi\s+)?(?:co mat|hien dien|tham du|tham gia|du hop|du sinh hoat|du buoi hop|di hop|den hop|den du|duu mat)(?: (?:ngay|hom)? ?#+)?{_LINK}{_N}{NOUN}?",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}?\s*(?:co mat|den du|du hop|du|tham du|tham gia|di hop|di du|den hop|hien dien)\b(?!\s*(?:bi|kien|tinh|[:=]\s*\d|\d+\b))",
        rf"\b(?:mat|duu?){_LINK}{_N}{NOUN}?",
        rf"\b(?:co|den|di duoc|di|gom|duoc|con|hop duoc|hop){_LINK}{_N}{NOUN}(?!\s*(?:vang|nghi|xin|ket nap|chuyen|chinh thuc|du bi|moi|sinh hoat tam))",
        rf"\b(?:co|den|di duoc|di|duoc|con){_LINK}{_N}(?=\W*(?:$|[,.;!)]|vang|nghi|tong|thieu|ha\b|a\b|roi|nhe|nha|nghen|thoi))",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}?\s*(?:di|mat)\b(?=\W*(?:$|[,.;]|vang|nghi|\d))",
        rf"(?<![\d/.,])\b(?P<n>\d{{1,3}}){NOUN}(?!\s*(?:vang|nghi|xin|chinh thuc|du bi|moi|sinh hoat tam))",
    )
)
# "có 25 đồng chí, hôm qua họp 22": beside a total the figure after "họp" is who came.
_MET = re.compile(rf"\b(?:hop|sinh hoat){_LINK}{_N}(?=\W*(?:$|[,.;!)]|con\b|vang\b|nghi\b|thieu\b))")
# "vắng 1 ốm 1 đi làm": each figure with its reason.
_REASON = re.compile(r"(?<![\d/.,])\b(?P<n>\d{1,2})\s+(?:nguoi |dong chi )?(?:di|om|ban|benh|cong tac|ve|truc|hoc|cham|nam|xin|phep|co phep|khong|vi|do)\b")
_PARTS = re.compile(
    rf"\b\d{{1,3}}{NOUN}?\s*(?:chinh thuc|du bi|sinh hoat tam|tam thoi_?|moi\b(?! dung)|nu\b|nam\b|quan chung|khach|dai bieu)"
    rf"|\b(?:chinh thuc|du bi|dang vien chinh thuc|dang vien du bi|sinh hoat tam thoi_?|nu)\s*[:=]?\s*\d{{1,3}}{NOUN}?\b(?!/)"
)
_EXEMPT = re.compile(
    rf"\bmien(?: (?:sinh hoat|hop|cong tac|sh))*{_LINK}\d{{1,3}}{NOUN}?|\b\d{{1,3}}{NOUN}?\s*(?:duoc\s+|xin\s+)?mien\b(?: sinh hoat)?|\bmien sinh hoat\b"
)
_WITHOUT_FIGURE = re.compile(
    r"\b(?:(?:hon|qua_?|gan|mot|1|duoc|co|moi|chi) nua|nua (?:so|chi bo)|da so|hau het|phan lon|gan het|gan duu|gan du)\b|\b(?:vang|nghi|thieu|du|co mat)\s+(?:mot so|vai|may|nhieu|it)\b"
    r"|\b\d{1,3}\s+may\b|\b\d{1,2}\s*(?:-|den|hay|hoac)\s*\d{1,2}\s*(?:dong chi|nguoi|dang vien|cu|bac)\b"
)
_LEFT = re.compile(r"(?<![\w#/])-?\d+(?:\s*/\s*\d+)?(?![\w#/])")


@dataclass(frozen=True, slots=True)
class Attendance:
    """The numbers said, None where nothing is said, and what is doubtful about them."""

    present: int | None = None
    total: int | None = None
    absent: int | None = None
    excused: int | None = None
    exempt: bool = False
    issues: tuple[Issue, ...] = field(default=())

    @property
    def said(self) -> bool:
        """Tell whether any number is known."""
        return any(n is not None for n in (self.present, self.total, self.absent))


def read_attendance(canvas: Canvas) -> Attendance:
    """Read and cover the attendance of a canvas on which dates and foreign figures are covered."""
    found = _unclear(canvas, Attendance())
    found = _whole_first(canvas, _fractions(canvas, found))
    found = _everybody(canvas, found)
    if any(canvas.take(_EXEMPT)):
        found = replace(found, exempt=True)
    found = _absence(canvas, found)
    list(canvas.take(_PARTS))
    if found.total is None:
        found = _number(canvas, found, "total", (_TOTAL, _TOTAL_BEFORE))
    if found.present is None and not any(i.code == "unclear_number" for i in found.issues):
        found = _number(canvas, found, "present", _PRESENT if found.total is None else (_MET, *_PRESENT))
    found = _second_total(canvas, _excused_of_rest(canvas, found))
    return replace(found, issues=(*found.issues, *_left_over(canvas, found), *_shares(canvas, found)))


def _shares(canvas: Canvas, found: Attendance) -> list[Issue]:
    """Ask where only a share is told: "dự 95%", "đủ 2/3 số đảng viên" name no number."""
    told = re.search(r"\b(?:co mat|tham du|du|duu|dat)\W{0,3}#", canvas.text) if found.present is None else None
    vague = _WITHOUT_FIGURE.search(canvas.text) or told
    return [Issue("vague_number", vague.group())] if vague else []


def _excused_of_rest(canvas: Canvas, found: Attendance) -> Attendance:
    if found.excused is not None or found.absent is not None or found.present is None or found.total is None:
        return found
    excused, spans = find_excused(canvas.text, found.total - found.present)
    for start, end in spans:
        canvas.cover(start, end)
    return replace(found, excused=excused)


def _second_total(canvas: Canvas, found: Attendance) -> Attendance:
    """Cover a total said again; a different one is a contradiction."""
    again = _number(canvas, replace(found, total=None), "total", (_TOTAL,))
    if found.exempt:
        return found
    if again.total is not None and found.total is not None and again.total != found.total:
        clash = Issue("sum_mismatch", str(again.total), (str(found.total), str(again.total)))
        return replace(found, issues=(*found.issues, clash))
    return found


def _unclear(canvas: Canvas, found: Attendance) -> Attendance:
    for pattern, keeps in _UNCLEAR:
        for match in canvas.take(pattern):
            issue = Issue("unclear_number", match.group().strip())
            groups = match.groupdict()
            found = replace(found, issues=(*found.issues, issue))
            if keeps == "total":
                found = replace(found, total=int(groups["b"]))
            elif keeps == "present":
                found = replace(found, present=int(groups["a"]))
    return found


def _fractions(canvas: Canvas, found: Attendance) -> Attendance:
    for match in list(FRACTION.finditer(canvas.text)):
        first, second = int(match["a"]), int(match["b"])
        before = canvas.text[: match.start()]
        if _ABSENT_BEFORE.search(before):
            if found.absent is None and found.total is None:
                found = replace(found, absent=first, total=second)
                found = _excused(canvas, found, match.start(), match.end())
                canvas.cover(match.start(), match.end())
        elif found.present is None and found.total is None:
            found = replace(found, present=first, total=second)
            if re.search(r"\b(?:khoang|hon|gan|tam|chung|tren|duoi)\s*$|[~>]\s*$", before):
                found = replace(found, issues=(*found.issues, Issue("vague_number", match.group().strip())))
            canvas.cover(match.start(), match.end())
        elif (found.present, found.total) == (first, second):
            canvas.cover(match.start(), match.end())
    return found


def _whole_first(canvas: Canvas, found: Attendance) -> Attendance:
    """Read "20 đảng viên có mặt 18": the larger number first is the whole."""
    match = _WHOLE_FIRST.search(canvas.text)
    if match is None or found.present is not None or found.total is not None:
        return found
    part, whole = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    if part > whole:
        return found
    canvas.cover(match.start(), match.end())
    return replace(found, present=part, total=whole)


def _everybody(canvas: Canvas, found: Attendance) -> Attendance:
    """Read "tất cả 20 đồng chí đều có mặt" as 20 of 20."""
    match = _ALL_CAME.search(canvas.text) if found.present is None and found.total is None else None
    if match is None:
        return found
    canvas.cover(match.start(), match.end())
    return replace(found, present=int(match["n"]), total=int(match["n"]), absent=0)


def _absence(canvas: Canvas, found: Attendance) -> Attendance:
    if found.absent is None:
        found = _excused(canvas, found, 0, 0)
    if found.absent is not None:
        return found
    for match in list(_NONE_ABSENT.finditer(canvas.text)):
        if found.absent is None and not _OF_OTHERS.search(canvas.text[: match.start()]):
            found = replace(found, absent=0)
            if re.search(r"\b0\b", match.group()):
                canvas.cover(match.start(), match.end())
    if found.absent == 0 and not _ABSENT[0].search(canvas.text):
        return found
    for pattern in _ABSENT:
        told = pattern.search(canvas.text)
        if told and not found.absent:
            found = _two_parts(canvas, replace(found, absent=int(told["n"])), told)
            found = _excused(canvas, found, told.start(), told.end())
            canvas.cover(told.start(), told.end())
            return _with_doubts(found, told)
    return found


def _two_parts(canvas: Canvas, found: Attendance, match: re.Match[str]) -> Attendance:
    """Read "vắng 1 có phép 1 không" as two absent where present and total say two."""
    parts = re.compile(r"\s*(?:co )?phep\W*(?:va\s+)?(?P<b>\d{1,2})\s*(?:nguoi |dong chi )?khong\b").match(
        canvas.text, match.end()
    )
    if found.present is None or found.total is None:
        return found
    missing = found.total - found.present
    if parts and (found.absent or 0) + int(parts["b"]) == missing:
        canvas.cover(parts.start(), parts.end())
        return replace(found, absent=missing, excused=found.absent)
    clause = re.compile(r"[^.;/]*").match(canvas.text, match.end())
    reasons = list(_REASON.finditer(clause.group())) if clause else []
    if found.absent != missing and (found.absent or 0) + sum(int(r["n"]) for r in reasons) == missing:
        return replace(found, absent=missing)
    return found


def _excused(canvas: Canvas, found: Attendance, start: int, end: int) -> Attendance:
    if found.excused is not None:
        return found
    absent, excused, spans = read_excused(canvas.text, start, end, found.absent)
    for first, last in spans:
        canvas.cover(first, last)
    return replace(found, absent=absent, excused=excused)


def _number(canvas: Canvas, found: Attendance, slot: str, patterns: tuple[re.Pattern[str], ...]) -> Attendance:
    for pattern in patterns:
        match = pattern.search(canvas.text)
        if match:
            canvas.cover(match.start(), match.end())
            number = int(_figure(match))
            told = replace(found, total=number) if slot == "total" else replace(found, present=number)
            return _with_doubts(told, match)
    return found


def _figure(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("n") or groups["n2"]


def _with_doubts(found: Attendance, match: re.Match[str]) -> Attendance:
    typed = match.group().strip()
    issues = list(found.issues)
    if int(_figure(match)) < 0:
        issues.append(Issue("negative_number", typed))
    if _VAGUE.search(match.group().partition(_figure(match))[0]):
        issues.append(Issue("vague_number", typed))
    return replace(found, issues=tuple(issues))


def _left_over(canvas: Canvas, found: Attendance) -> list[Issue]:
    """Return the numbers nothing explains, as far as they may be the ones still missing."""
    left = [match.group() for match in _LEFT.finditer(canvas.text)]
    known = sum(number is not None for number in (found.present, found.total, found.absent))
    if known > 1:
        left = [figure for figure in left if re.search(r"\d\s*/\s*\d", figure)]
        left += re.findall(r"(?<![\w#/.,])\d{1,2} \d{1,2}(?![\w/.,])", canvas.text)
    return [Issue("unclear_number", figure) for figure in left]
