"""What of an attendance names no number, or is a number that nothing explains."""

import re

from handlers._reading.attendance_words import LEFT, WITHOUT_FIGURE
from handlers._reading.result import Issue

_SHARE_BEHIND = re.compile(r"\b(?:co mat|tham du|du|duu|dat)\W{0,3}#")
_SHARE_AHEAD = re.compile(r"\b(?:gan|hon|tren|duoc|khoang)\W*#+\W*(?:dang vien|dong chi|quan so|$)")
_HALF_PAIR = re.compile(r"(?<![\w#/.,])\d{1,2} \d{1,2}(?![\w/.,])")
_LARGEST = 150


def share_doubts(text: str, *, present: bool) -> list[Issue]:
    """Ask where only a share is told: "dự 95%", "đủ 2/3 số đảng viên" name no number; `present` one is known."""
    shares = (WITHOUT_FIGURE,) if present else (WITHOUT_FIGURE, _SHARE_BEHIND, _SHARE_AHEAD)
    vague = next((told for pattern in shares if (told := pattern.search(text))), None)
    return [Issue("vague_number", vague.group())] if vague else []


def left_over(text: str, known: int, least: int | None) -> list[Issue]:
    """Return the numbers nothing explains, as far as they may be the ones still missing of the three `known`.

    `least` is how many came where the whole is not told: from there on a number may be the whole.
    """
    figures = [match.group() for match in LEFT.finditer(text)]
    left = figures
    if known > 1:
        left = [figure for figure in figures if re.search(r"\d\s*/\s*\d", figure)]
        left += _HALF_PAIR.findall(text)
        if least is not None:
            left += [figure for figure in figures if figure.isdigit() and least <= int(figure) <= _LARGEST]
    return [Issue("unclear_number", figure) for figure in left]
