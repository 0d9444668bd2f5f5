"""Who was there: present, total, absent, excused, from the words around each number."""

import re
from dataclasses import dataclass, field, replace

from handlers._reading.attendance_doubts import left_over, share_doubts
from handlers._reading.attendance_words import (
    ABSENT,
    ABSENT_BEFORE,
    ALL_CAME,
    BY_KIND,
    DASHED,
    DOUBTFUL,
    EXEMPT,
    FRACTION,
    LEFT,
    MET,
    NEGATIVE_ABSENCE,
    NONE_ABSENT,
    NONE_WITHOUT_LEAVE,
    NOUN,
    OF_OTHERS,
    PARTS,
    PRESENT,
    TOTAL,
    TOTAL_BEFORE,
    UNCLEAR,
    UNPAUSED,
    VAGUE,
    WHOLE_FIRST,
)
from handlers._reading.canvas import Canvas
from handlers._reading.caution import leave_issues, missed_issues, range_issues
from handlers._reading.excuses import add_reasons, find_excused, leave_first, read_excused, reason_doubts
from handlers._reading.result import Issue


@dataclass(frozen=True, slots=True)
class Attendance:
    """The numbers said, None where nothing is said, and what is doubtful about them."""

    present: int | None = None
    total: int | None = None
    absent: int | None = None
    excused: int | None = None
    exempt: bool = False
    freed: int | None = None
    issues: tuple[Issue, ...] = field(default=())

    @property
    def said(self) -> bool:
        """Tell whether any number is known."""
        return any(n is not None for n in (self.present, self.total, self.absent))


# "4 đ/c vắng thì 3 có phép": the figure behind is a part of the one before.
_THEN_OF_THEM = re.compile(rf"\b\d{{1,2}}{NOUN}?\s*(?:vang mat|vang|nghi) (?:thi|ma|trong do) \d")


def read_attendance(canvas: Canvas) -> Attendance:
    """Read and cover the attendance of a canvas on which dates and foreign figures are covered."""
    told = canvas.text
    for match in list(DASHED.finditer(told)):
        canvas.cover(match.start("dash"), match.end("dash"), ",")
    for match in list(UNPAUSED.finditer(told)):
        canvas.pause(max(match.start("pause"), match.start("pause2")))
    list(canvas.take(NONE_WITHOUT_LEAVE))
    guesses = tuple(range_issues(told))
    for guess in guesses:
        canvas.cover(told.index(guess.typed), told.index(guess.typed) + len(guess.typed))
    found = _negative_absence(canvas, _unclear(canvas, _freed(canvas)))
    found = _whole_first(canvas, _fractions(canvas, found))
    found = _everybody(canvas, found)
    found = _absence(canvas, found)
    found = _by_kind(canvas, found)
    list(canvas.take(PARTS))
    if found.total is None:
        found = _number(canvas, found, "total", (TOTAL, TOTAL_BEFORE))
    if found.present is None and not any(i.code == "unclear_number" for i in found.issues):
        found = _number(canvas, found, "present", PRESENT if found.total is None else (MET, *PRESENT))
    found = _second_total(canvas, _excused_of_rest(canvas, found))
    if found.excused is None:
        found = replace(found, excused=leave_first(told))
    found = _whole_left(canvas, _by_reasons(found, told))
    known = sum(number is not None for number in (found.present, found.total, found.absent))
    missing = found.total - found.present if found.total is not None and found.present is not None else found.absent
    doubts = (
        *left_over(canvas.text, known, found.present if found.total is None else None),
        *share_doubts(canvas.text, present=found.present is not None),
        *leave_issues(told, found.absent),
        *reason_doubts(told, missing, (found.present, found.total)),
        *guesses,
    )
    if found.absent == 0 and found.present == found.total:
        doubts = (*doubts, *missed_issues(canvas.text))
    return replace(found, issues=(*found.issues, *doubts))


def _freed(canvas: Canvas) -> Attendance:
    """Read and cover those who need not come, with their number where it is said."""
    told = list(canvas.take(EXEMPT))
    figures = [int(match["a"] or match["b"]) for match in told if match["a"] or match["b"]]
    return Attendance(exempt=bool(told), freed=figures[0] if figures else None)


def _whole_left(canvas: Canvas, found: Attendance) -> Attendance:
    """Take the one figure left for the total where present and absent add up to it: "15 có mặt, 1 vắng, 16 đv"."""
    left = [match for match in LEFT.finditer(canvas.text) if match.group().isdigit()]
    if found.total is not None or found.present is None or len(left) != 1:
        return found
    known, whole = found.present + (found.absent or 0), int(left[0].group())
    if whole != known if found.absent is not None and not found.exempt else not (found.exempt and whole > known):
        return found
    canvas.cover(left[0].start(), left[0].end())
    return replace(found, total=whole)


def _by_reasons(found: Attendance, text: str) -> Attendance:
    """Add up the absent told each with a reason, where that and nothing else agrees: "18/20, 1 ốm, 1 đi xa"."""
    if found.present is None or found.total is None or found.absent is None:
        return found
    missing = found.total - found.present
    if missing <= 0 or found.absent == missing:
        return found
    absent, excused = add_reasons(text)
    return replace(found, absent=missing, excused=excused) if absent == missing else found


def _excused_of_rest(canvas: Canvas, found: Attendance) -> Attendance:
    if found.excused is not None or found.absent is not None or found.present is None or found.total is None:
        return found
    excused, spans = find_excused(canvas.text, found.total - found.present)
    for start, end in spans:
        canvas.cover(start, end)
    return replace(found, excused=excused)


def _second_total(canvas: Canvas, found: Attendance) -> Attendance:
    """Cover a total said again; a different one is a contradiction."""
    again = _number(canvas, replace(found, total=None), "total", (TOTAL,))
    if found.exempt:
        return found
    if again.total is not None and found.total is not None and again.total != found.total:
        clash = Issue("sum_mismatch", str(again.total), (str(found.total), str(again.total)))
        return replace(found, issues=(*found.issues, clash))
    return found


def _unclear(canvas: Canvas, found: Attendance) -> Attendance:
    for pattern, keeps in UNCLEAR:
        for match in canvas.take(pattern):
            issue = Issue("unclear_number", match.group().strip())
            groups = match.groupdict()
            found = replace(found, issues=(*found.issues, issue))
            if keeps == "total":
                found = replace(found, total=int(groups["b"]))
            elif keeps == "present":
                found = replace(found, present=int(groups["a"]))
    return found


def _negative_absence(canvas: Canvas, found: Attendance) -> Attendance:
    """Ask about "vắng âm 2"; who was present is told all the same."""
    issues = (Issue("negative_number", match.group()) for match in canvas.take(NEGATIVE_ABSENCE))
    return replace(found, issues=(*found.issues, *issues))


def _fractions(canvas: Canvas, found: Attendance) -> Attendance:
    for match in list(FRACTION.finditer(canvas.text)):
        first, second = int(match["a"]), int(match["b"])
        before = canvas.text[: match.start()]
        if ABSENT_BEFORE.search(before):
            if found.absent is None and found.total is None:
                found = replace(found, absent=first, total=second)
                found = _excused(canvas, found, match.start(), match.end())
                canvas.cover(match.start(), match.end())
        elif found.present is None and found.total is None:
            found = replace(found, present=first, total=second)
            if DOUBTFUL.search(before):
                found = replace(found, issues=(*found.issues, Issue("vague_number", match.group().strip())))
            canvas.cover(match.start(), match.end())
        elif (found.present, found.total) == (first, second):
            canvas.cover(match.start(), match.end())
    return found


def _whole_first(canvas: Canvas, found: Attendance) -> Attendance:
    """Read "20 đảng viên có mặt 18": the larger number first is the whole."""
    match = WHOLE_FIRST.search(canvas.text)
    if match is None or found.present is not None or found.total is not None:
        return found
    part, whole = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    if part > whole:
        return found
    canvas.cover(match.start(), match.end())
    return replace(found, present=part, total=whole)


def _everybody(canvas: Canvas, found: Attendance) -> Attendance:
    """Read "tất cả 20 đồng chí đều có mặt" as 20 of 20."""
    match = ALL_CAME.search(canvas.text) if found.present is None and found.total is None else None
    if match is None:
        return found
    canvas.cover(match.start(), match.end())
    return replace(found, present=int(match["n"]), total=int(match["n"]), absent=0)


def _by_kind(canvas: Canvas, found: Attendance) -> Attendance:
    match = BY_KIND.search(canvas.text) if found.present is None else None
    if match is None:
        return found
    canvas.cover(match.start(), match.end())
    return replace(found, present=int(match["a"]) + int(match["b"]))


def _absence(canvas: Canvas, found: Attendance) -> Attendance:
    if found.absent is None:
        found = _excused(canvas, found, 0, 0)
    if found.absent is not None:
        return found
    for match in list(NONE_ABSENT.finditer(canvas.text)):
        if (
            found.absent is None
            and not _told_apart(canvas, found, match)
            and not OF_OTHERS.search(canvas.text[: match.start()])
        ):
            found = replace(found, absent=0)
            if re.search(r"\b0\b", match.group()):
                canvas.cover(match.start(), match.end())
    if found.absent == 0 and not ABSENT[0].search(canvas.text):
        return found
    for pattern in ABSENT if not _THEN_OF_THEM.search(canvas.text) else ABSENT[::-1]:
        told = pattern.search(canvas.text)
        if told and not found.absent:
            found = _two_parts(canvas, replace(found, absent=int(told["n"])), told)
            found = _excused(canvas, found, told.start(), told.end())
            canvas.cover(told.start(), told.end())
            return _with_doubts(found, told)
    return found


def _told_apart(canvas: Canvas, found: Attendance, match: re.Match[str]) -> bool:
    """Tell whether "đầy đủ" is only a manner of speaking: "họp đầy đủ, 27/30, ba đồng chí xin nghỉ"."""
    told = ABSENT[1].search(canvas.text)
    if told is None or found.present is None or found.total is None or re.search(r"\b(?:khong|chang)\b", match.group()):
        return False
    return int(told["n"]) == found.total - found.present > 0


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
            doubtful = DOUBTFUL.search(canvas.text[: match.start()]) and slot == "present"
            canvas.cover(match.start(), match.end())
            number = int(_figure(match))
            told = replace(found, total=number) if slot == "total" else replace(found, present=number)
            told = _with_doubts(told, match)
            issue = (Issue("vague_number", match.group().strip()),) if doubtful else ()
            return replace(told, issues=(*told.issues, *issue))
    return found


def _figure(match: re.Match[str]) -> str:
    return next(figure for name, figure in match.groupdict().items() if name[0] == "n" and figure)


def _with_doubts(found: Attendance, match: re.Match[str]) -> Attendance:
    typed = match.group().strip()
    issues = list(found.issues)
    if int(_figure(match)) < 0:
        issues.append(Issue("negative_number", typed))
    if VAGUE.search(match.group().partition(_figure(match))[0]):
        issues.append(Issue("vague_number", typed))
    return replace(found, issues=tuple(issues))
