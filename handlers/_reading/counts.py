# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""How many persons an admission, recognition or transfer concerns."""

import re
from collections.abc import Iterator

from handlers._reading.canvas import Canvas
from handlers._reading.result import Issue

_NOUN = r"(?:dong chi|dang vien|quan chung|nguoi|ban|em|cong nhan_?|sinh vien|du bi|hoc sinh|can bo|bac|cu|anh|chi|giao vien|quan nhan_?|truong hop|doan vien|chien si|tan binh|bo doi_?|bac si|hoc vien|can su|y si|dieu duong|ky su|nong dan|thanh nien|dan quan|huu tri|nu|vi|ca|chau|co_?)"
_NAMED = re.compile(rf"(?<![\d/.,#])(?<!\s-)\b(?P<n>\d{{1,3}})(?![\d/]|\s*[/.]\d)\s*(?:\w+\s+)?{_NOUN}\b")
_BARE = re.compile(
    r"\b(?:ket nap|chinh thuc|nhan|tiep nhan|nhan them|nhan den|chuyen di|chuyen den|chuyen|di|den|dang|nap duoc|dang vien moi|them)"
    r"[^\w#]*(?:duoc\s+|them\s+|moi\s+|cho\s+|la\s+|so luong\s+)*(?<!\s-)(?P<n>\d{1,3})\b(?!\s*[/.]\s*\d|\s*thang)"
)
_SAID = re.compile(r"\b(?:so luong|tong so|tong cong|tong)[^\w#]*(?:la\s+)?(?P<n>\d{1,3})\b(?!\s*/)")
_PERSONS = r"(?:dong chi|nguoi|dang vien|quan chung)\b"
_UNCOUNTED = re.compile(rf"\b(?:vai|may|mot so|nhieu|it)\s+{_PERSONS}")
_SPLIT = re.compile(rf"(?<!\d)\d{{1,2}}[.,]\d{{1,2}}\s*{_PERSONS}")
_GUESSED = re.compile(rf"\b(?:khoang|chung|gan|hon|chac|hinh nhu|tam)\s+(?:la |duoc |co )?\d{{1,2}}\s*{_PERSONS}")
_NEGATIVE = re.compile(rf"(?<=\s)-\d{{1,2}}\s*{_PERSONS}")


def read_count(canvas: Canvas, cue: tuple[int, int]) -> int | None:
    """Return the number of persons nearest to the cue at [start, end), or None if none is said."""
    for pattern in (_NAMED, _BARE, _SAID):
        found = list(pattern.finditer(canvas.text))
        if found:
            nearest = min(found, key=lambda m: min(abs(m.start("n") - cue[1]), abs(cue[0] - m.end("n"))))
            canvas.cover(nearest.start("n"), nearest.end("n"))
            return int(nearest["n"])
    return None


def split_person(text: str) -> bool:
    """Tell whether a fraction of a person is told: "1,5 đồng chí" counts nobody."""
    return _SPLIT.search(text) is not None


def count_doubts(text: str, left: str, *, known: bool) -> Iterator[Issue]:
    """Yield what is doubtful about a count: guessed, negative, a fraction, or told in no figure where none is `known`.

    `text` is what was told, `left` what of it is still to be read.
    """
    doubts = (("vague_number", _GUESSED), ("unclear_number", _SPLIT), ("negative_number", _NEGATIVE))
    for code, pattern in doubts:
        if told := pattern.search(text):
            yield Issue(code, told.group())
    if not known and (told := _UNCOUNTED.search(left)):
        yield Issue("vague_number", told.group())
