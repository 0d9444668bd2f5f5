"""Number words of a line turned into digits where the words around them allow it."""

from collections.abc import Sequence

from models.vietnamese.numbers import is_number_word, split_numbers
from models.vietnamese.tokens import Token

# Words that are numbers only beside something counted: năm (year), sáu / sau (after), tư / từ ...
_BEFORE = frozenset(
    [
        "mung",
        "mong",
        "ngay",
        "thu",
        "thang",
        "so",
        "vang",
        "mat",
        "du",
        "tong",
        "du",
        "bo",
        "to",
        "tren",
        "trong",
        "la",
        "co",
        "dong",
        "chi",
        "nap",
        "nhan",
        "them",
        "chuyen",
        "den",
        "di",
        "nghi",
        "phep",
        "khong",
        "quan",
        "si",
        "ts",
        "cm",
        "v",
        "khu",
        "pho",
        "khoi",
        "thon",
        "xom",
        "ap",
        "cong",
        "tong",
        "con",
    ]
)
_AFTER = frozenset(
    [
        "dong",
        "dc",
        "d",
        "dv",
        "dang",
        "nguoi",
        "hom",
        "ngay",
        "bua",
        "tren",
        "trong",
        "vang",
        "co",
        "khong",
        "phep",
        "quan",
        "ban",
        "tuan",
        "gio",
        "mat",
        "/",
        "nhan",
        "vien",
        "thang",
    ]
)
_CLOSED = {"thang": 12, "mung": 31, "mong": 31, "ngay": 31}
_AMBIGUOUS = frozenset(("sau", "nam", "tu", "bay", "ba", "mot"))
_YEAR_WORDS = frozenset(("nay", "ngoai", "truoc", "sau", "toi", "qua"))


def join_numbers(tokens: Sequence[Token], *, marked: bool) -> list[Token]:
    """Return the tokens with each spoken number as one token of digits.

    `marked` tells whether the line is typed with accents: then a bare "sau" or "nam" is no number.
    """
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        stop = _run_end(tokens, at)
        if stop == at:
            joined.append(tokens[at])
            at += 1
        else:
            joined.extend(_read_run(tokens, at, stop, marked=marked))
            at = stop
    return joined


def _run_end(tokens: Sequence[Token], at: int) -> int:
    stop = at
    while stop < len(tokens) and tokens[stop].norm.isalpha() and is_number_word(tokens[stop].raw):
        stop += 1
    return stop


def _read_run(tokens: Sequence[Token], start: int, stop: int, *, marked: bool) -> list[Token]:
    """Read a run of number words; "năm" before a year and a lone word out of context stay words."""
    before = tokens[start - 1].norm if start else ""
    after = tokens[stop].norm if stop < len(tokens) else ""
    if before == "thu":
        return [*_weekday(tokens[start]), *_rest(tokens, start + 1, stop, marked=marked)]
    if tokens[stop - 1].norm == "nam" and _begins_year(after):
        head = _read_run(tokens, start, stop - 1, marked=marked) if stop - 1 > start else []
        return [*head, tokens[stop - 1]]
    if stop - start == 1:
        return _lone(tokens[start], before, after, marked=marked)
    words = [token.raw for token in tokens[start:stop]]
    parts = split_numbers(words, _CLOSED.get(before, 999))
    if parts is None:
        return _broken(tokens, start, stop, marked=marked)
    return _digits(tokens, start, parts)


def _begins_year(after: str) -> bool:
    return after in _YEAR_WORDS or (after.isdigit() and len(after) == 4)


def _rest(tokens: Sequence[Token], start: int, stop: int, *, marked: bool) -> list[Token]:
    return _read_run(tokens, start, stop, marked=marked) if start < stop else []


def _weekday(token: Token) -> list[Token]:
    days = {"hai": "2", "ba": "3", "tu": "4", "nam": "5", "sau": "6", "bay": "7"}
    return [_with_norm(token, days.get(token.norm, token.norm))]


def _broken(tokens: Sequence[Token], start: int, stop: int, *, marked: bool) -> list[Token]:
    """Read what can be read of a run such as "sau nam muoi", leaving its first word as it is."""
    for cut in range(start + 1, stop):
        words = [token.raw for token in tokens[cut:stop]]
        parts = split_numbers(words)
        if parts is not None and cut < stop:
            head = [t for i in range(start, cut) for t in _lone(tokens[i], "", "", marked=marked)]
            return [*head, *_read_run(tokens, cut, stop, marked=marked)]
    return list(tokens[start:stop])


def _lone(token: Token, before: str, after: str, *, marked: bool) -> list[Token]:
    unsure = token.norm in _AMBIGUOUS and (token.raw.isascii() and token.norm != "ba")
    if marked and unsure:
        return [token]
    if token.norm == "sau" and unsure and before in ("thang", "tuan", "nam", "ngay", "hom"):
        return [token]
    if before not in _BEFORE and after not in _AFTER:
        return [token]
    parts = split_numbers([token.raw])
    if parts is None and token.norm == "tu" and before == "thang":
        parts = [(4, 1)]
    return _digits([token], 0, parts) if parts else [token]


def _digits(tokens: Sequence[Token], start: int, parts: Sequence[tuple[int, int]]) -> list[Token]:
    found = []
    for value, length in parts:
        first, last = tokens[start], tokens[start + length - 1]
        raw = " ".join(token.raw for token in tokens[start : start + length])
        found.append(Token(str(value), raw, first.start, last.end, first.spaced))
        start += length
    return found


def _with_norm(token: Token, norm: str) -> Token:
    return Token(norm, token.raw, token.start, token.end, token.spaced)
