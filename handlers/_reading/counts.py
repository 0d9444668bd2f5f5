# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""How many persons an admission, recognition or transfer concerns."""

import re

from handlers._reading.canvas import Canvas

_NOUN = r"(?:dong chi|dang vien|quan chung|nguoi|ban|em|cong nhan_?|sinh vien|du bi|hoc sinh|can bo|bac|cu|anh|chi|giao vien|quan nhan_?|truong hop|doan vien|chien si|vi|ca)"
_NAMED = re.compile(rf"(?<![\d/.,#])\b(?P<n>\d{{1,3}})(?![\d/]|\s*[/.]\d)\s*(?:\w+\s+)?{_NOUN}\b")
_BARE = re.compile(
    r"\b(?:ket nap|chinh thuc|nhan|tiep nhan|nhan them|nhan den|chuyen di|chuyen den|chuyen|di|den|dang|nap duoc|dang vien moi|them)"
    r"[^\w#]*(?:duoc\s+|them\s+|moi\s+|cho\s+|la\s+|so luong\s+)*(?P<n>\d{1,3})\b(?!\s*[/.]\s*\d|\s*thang)"
)
_SAID = re.compile(r"\b(?:so luong|tong so|tong cong|tong)[^\w#]*(?:la\s+)?(?P<n>\d{1,3})\b(?!\s*/)")


def read_count(canvas: Canvas, cue: tuple[int, int]) -> int | None:
    """Return the number of persons nearest to the cue at [start, end), or None if none is said."""
    for pattern in (_NAMED, _BARE, _SAID):
        found = list(pattern.finditer(canvas.text))
        if found:
            nearest = min(found, key=lambda m: min(abs(m.start("n") - cue[1]), abs(cue[0] - m.end("n"))))
            canvas.cover(nearest.start("n"), nearest.end("n"))
            return int(nearest["n"])
    return None
