"""What of an attendance names no number, or is a number that nothing explains."""

import re

from handlers._reading.attendance_words import LEFT, WITHOUT_FIGURE
from handlers._reading.result import Issue

_SHARE_BEHIND = re.compile(r"\b(?:co mat|tham du|du|duu|dat)\W{0,3}#")
_SHARE_AHEAD = re.compile(r"\b(?:gan|hon|tren|duoc|khoang)\W*#+\W*(?:dang vien|dong chi|quan so|$)")
_HALF_PAIR = re.compile(r"(?<![\w#/.,])\d{1,2} \d{1,2}(?![\w/.,])")


def share_doubts(text: str, *, present: bool) -> list[Issue]:
    """Ask where only a share is told: "dự 95%", "đủ 2/3 số đảng viên" name no number; `present` one is known."""
    shares = (WITHOUT_FIGURE,) if present else (WITHOUT_FIGURE, _SHARE_BEHIND, _SHARE_AHEAD)
    vague = next((told for pattern in shares if (told := pattern.search(text))), None)
    return [Issue("vague_number", vague.group())] if vague else []


def left_over(text: str, known: int) -> list[Issue]:
    """Return the numbers nothing explains, as far as they may be the ones still missing of the three `known`."""
    left = [match.group() for match in LEFT.finditer(text)]
    if known > 1:
        left = [figure for figure in left if re.search(r"\d\s*/\s*\d", figure)]
        left += _HALF_PAIR.findall(text)
    return [Issue("unclear_number", figure) for figure in left]
