# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""With leave or without: how many of the absent are excused."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from handlers._reading.attendance_words import ABSENT
from handlers._reading.result import Issue

_WITH = r"(?:co xin phep|xin phep|co phep|duoc phep|co ly do|xin nghi|nghi phep|phep|(?<!ro )ly do(?=\W*(?:$|[,.;)])|\s*:?\s*\d{1,2}\b(?!\s+(?:om|di|ban|benh|cong tac|ve|truc|hoc|vi|do))))"
_WITHOUT = r"(?:khong (?:co )?(?:xin )?(?:phep|ly do)|vo ly do|khong xin|khong(?=\s*(?:[,.;)]|$)))"
_NOUN = r"(?:\s*(?:dang vien|dong chi|nguoi|cu|bac|ban|vi)\b)?(?:\s*(?:deu|la|thi|vang|nghi))*"
_KEYWORD = re.compile(rf"{_WITHOUT}|{_WITH}")
_END = re.compile(
    r"\n|\.(?!\d)(?!\s*(?:trong do )?(?:co phep|khong phep|co ly do|khong ly do|phep))|\b(?:co mat|tham du|tong|du|quan so|si so|hop|ket nap|chuyen de)\b"
)
# "đều xin phép trừ 1 đồng chí"
_ALL_BUT = re.compile(rf"\b{_WITH}\W*(?:het\W*)?(?:ngoai )?tru (?P<n>\d{{1,2}})\b")
_APART = re.compile(
    rf"\b(?:vang(?: mat)?|nghi)\s+(?P<first>{_WITHOUT}|{_WITH})\s*[:=\-]?\s*(?P<a>\d{{1,2}})\b{_NOUN}"
    rf"(?:\W*(?:va\s+)?(?:vang(?: mat)?\s+|nghi\s+)?(?P<second>{_WITHOUT}|{_WITH})\s*[:=\-]?\s*(?P<b>\d{{1,2}})\b{_NOUN})?"
)

_APART_AHEAD = re.compile(
    rf"\b(?P<first>{_WITHOUT}|{_WITH})\s+(?:vang(?: mat)?|nghi)\s*[:=\-]?\s*(?P<a>\d{{1,2}})\b{_NOUN}"
    rf"\W*(?:va\s+)?(?P<second>{_WITHOUT}|{_WITH})(?:\s+(?:vang(?: mat)?|nghi))?\s*[:=\-]?\s*(?P<b>\d{{1,2}})\b{_NOUN}"
)
# Why somebody did not come, right after the name.
REASON = re.compile(
    r"(?:(?:thi|dang|con|phai|do|vi|bi|\(|,|-|:)\s*)*(?:om|dau|benh|binh_?|met|yeu|ban|mac|ket|di(?! du| hop)|ve que|ve|nam vien|nhap vien|cong tac|truc|hoc|trong|cham|nuoi|de|sinh|thai san|co viec|viec|nghi|vang|xin|khong (?:den|di|du))\b"
)
Span = tuple[int, int]
Result = tuple[int | None, int | None, list[Span]]
_ALL_OF_THEM = re.compile(r"\b(?:ca|tat ca|deu)\b")


@dataclass(frozen=True, slots=True)
class Leave:
    """The absent and the excused a short line tells, None where it does not, and the spans that told it."""

    absent: int | None
    excused: int | None
    spans: tuple[Span, ...]


@dataclass(slots=True)
class _Told:
    """The figures beside words of leave, and for each word without one whether it grants leave."""

    excused: int | None = None
    without: int | None = None
    bare: list[bool] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def read_excused(text: str, start: int, end: int, absent: int | None) -> Result:
    """Return (absent, excused, spans read) for an absence said at [start, end) of a line.

    "vắng có phép 2, không phép 1" states the absent only by their parts; a bare "có phép" is all of
    them, a bare "không phép" none.
    """
    if absent is None:
        return _by_parts(text)
    stop = _END.search(text, end)
    tail = text[end : stop.start() if stop else len(text)]
    head = re.sub(r"\d", "#", text[start:end])
    region = head + tail
    matches = list(_KEYWORD.finditer(region))
    if not matches:
        return absent, None, []
    but = _ALL_BUT.search(region)
    if but:
        return absent, max(absent - int(but["n"]), 0), [(start + but.start("n"), start + but.end("n"))]
    told = _figures(region, matches, len(head))
    return absent, _settled(told, absent), [(start + a, start + b) for a, b in told.spans]


def read_leave(text: str, missing: int) -> Leave | None:
    """Return what a short line says of the absent of a meeting where `missing` did not come.

    Whoever is not told to be without leave had it; None where the figures do not add up.
    """
    away = next((match for pattern in ABSENT if (match := pattern.search(text))), None)
    absent = int(away["n"]) if away else None
    keywords = [match for match in _KEYWORD.finditer(text) if match.group() != "khong"]
    told = _figures(text, keywords, 0)
    whole = missing if absent is None else absent
    if told.excused is not None and told.without is not None and told.excused + told.without != whole:
        return None
    excused = _settled(told, whole) if keywords else None
    if excused is None and told.without is not None:
        excused = max(missing - told.without, 0)
    if absent is None and told.excused is not None and _ALL_OF_THEM.search(text):
        absent = told.excused
    spans = [*told.spans, *(match.span() for match in keywords), *([away.span()] if away else ())]
    return Leave(absent, excused, tuple(spans))


# "có phép 3, vắng 2": those with leave are told first.
_LEAVE_FIRST = re.compile(
    r"(?<!khong )\b(?:co|xin) phep\s*[:=]?\s*(?P<n>\d{1,2})\s*[,;]\s*vang(?: mat)?\s*[:=]?\s*(?P<m>\d{1,2})\b(?!/)"
)


def leave_first(text: str) -> int | None:
    """Return how many had leave where that is told before the absent: "có phép 3, vắng 2"."""
    told = _LEAVE_FIRST.search(text)
    return int(told["n"]) if told else None


def find_excused(text: str, absent: int) -> tuple[int | None, list[Span]]:
    """Return how many of the absent are excused where no word says they are absent: "18/20 (2 phép)"."""
    keyword = _KEYWORD.search(text)
    if keyword is None:
        return None, []
    start = max(0, keyword.start() - 14)
    _, excused, spans = read_excused(text, start, start, absent)
    return excused, spans


def _by_parts(text: str) -> Result:
    match = _APART.search(text) or _APART_AHEAD.search(text)
    if not match:
        return None, None, []
    parts = [(match["first"], int(match["a"]))]
    if match["second"]:
        parts.append((match["second"], int(match["b"])))
    excused = sum(n for word, n in parts if not re.fullmatch(_WITHOUT, word))
    return sum(n for _, n in parts), excused, [match.span()]


def _figures(region: str, matches: Sequence[re.Match[str]], head: int) -> _Told:
    """Return the figures beside the words of leave; they stand before or after their words throughout."""
    before = bool(matches) and bool(re.search(r"\d", region[head : max(head, matches[0].start())]))
    told = _Told()
    for match in matches:
        leave = not re.fullmatch(_WITHOUT, match.group())
        figure = _figure(region, match, before=before) or _figure(region, match, before=not before)
        if figure is None:
            told.bare.append(leave)
            continue
        told.spans.append(figure.span())
        if leave:
            told.excused = (told.excused or 0) + int(figure["n"])
        else:
            told.without = (told.without or 0) + int(figure["n"])
    return told


def _figure(region: str, match: re.Match[str], *, before: bool) -> re.Match[str] | None:
    if before:
        return re.search(rf"(?P<n>\d{{1,2}}){_NOUN}\s*\W?$", region[: match.start()])
    return re.compile(
        r"\s*[:=\-(]?\s*(?:(?:toi|den|co|la|chi|moi|so|nhung)\s+)?(?P<n>\d{1,2})\b(?!/)(?!\s+(?:dong chi |nguoi )?(?:om|dau|di|ban|benh|cong tac|ve|truc|hoc|vi|do|nghi|cham|nam)\b)"
    ).match(region, match.end())


def _settled(told: _Told, absent: int) -> int | None:
    """Return how many of the absent had leave, None where the words leave it open."""
    if told.excused is not None:
        return told.excused
    bare = told.bare
    if told.without is not None:
        rest = absent - told.without
        return rest if rest == 0 or any(bare) else None
    if all(bare):
        return absent if len(bare) == 1 or len(bare) == absent else None
    if not any(bare):
        return 0
    return sum(bare) if len(bare) == absent else None


_REASONED = re.compile(
    r"(?<![\d/.,#])\b(?P<n>\d{1,2})\s+(?:dong chi |nguoi |dang vien |cu |bac )?"
    r"(?P<why>(?:vang|nghi|xin|om|ban|benh|truc|cong tac|di|ve|hoc|cham|nam|co phep|phep|khong phep|khong ly do|khong xin|vi|do)\b[^,.;\d]*)"
)


def add_reasons(text: str) -> tuple[int, int | None]:
    """Return (absent, excused) of figures each told with a reason: "1 ốm xin nghỉ, 1 vắng không lý do"."""
    absent, excused = 0, None
    for match in _REASONED.finditer(text):
        absent += int(match["n"])
        if re.search(_WITHOUT, match["why"]):
            excused = excused or 0
        elif re.search(r"\b(?:xin|phep|co ly do)\b", match["why"]):
            excused = (excused or 0) + int(match["n"])
    return absent, excused


_FIGURE_BEHIND = re.compile(r"(?:vang|nghi|xin)(?: mat)? *\d")  # "3. Vắng 1"


def reason_doubts(text: str, absent: int | None, others: Collection[int | None]) -> Iterator[Issue]:
    """Yield the doubt about more persons with a reason than were absent: "18/20, 3 đồng chí bận".

    `others` are the figures of those present and of the whole, which may stand before "vắng" too.
    """
    told = [int(match["n"]) for match in _REASONED.finditer(text) if not _FIGURE_BEHIND.match(text, match.start("why"))]
    told = [number for number in told if number not in others]
    if told and told[0] == absent:  # "vắng 2 đồng chí xin phép: 1 ốm, 1 bận"
        told = told[1:]
    if told and absent is not None and sum(told) > absent >= 0:
        yield Issue("sum_mismatch", str(sum(told)), (str(absent), str(sum(told))))


def excused_alone(text: str) -> int | None:
    """Return the excused a correction names without the absent: "có phép 2"."""
    match = re.search(rf"(?<!khong )\b{_WITH}\W*(?:la\s+)?(?P<n>\d{{1,2}})\b(?!/)", text)
    return int(match["n"]) if match else None
