"""Number words of a line turned into digits where the words around them allow it."""

from collections.abc import Sequence

from models.vietnamese.numbers import is_number_word, read_number, split_numbers
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
        "thieu",
        "khuyet",
        "mat",
        "du",
        "tong",
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
        "con",
        "do",
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
        "em",
        "chu",
        "bac",
        "cu",
        "sinh",
        "cong",
        "giao",
        "thay",
        "anh",
        "vi",
        "xin",
        "nghi",
        "ly",
    ]
)
_CLOSED = {"thang": 12, "mung": 31, "mong": 31, "ngay": 31}
_AMBIGUOUS = frozenset(("sau", "nam", "tu", "bay", "ba", "mot"))
# After these "hai sáu" is 26, elsewhere it may be 2 and 6.
_TWO_DIGITS = frozenset(("tren", "trong", "so", "mat", "tong"))
_PAIRED = frozenset(("tren", "trong", "/", "thang"))
# Before "năm" these make it a year: "cuối năm bận quá".
_OF_YEAR = frozenset(("cuoi", "dau", "giua", "hang", "quanh", "moi", "suot"))
_YEAR_WORDS = frozenset(("nay", "ngoai", "truoc", "sau", "toi", "qua"))


def join_numbers(tokens: Sequence[Token], *, marked: bool) -> list[Token]:
    """Return the tokens with each spoken number as one token of digits.

    `marked` tells whether the line is typed with accents: then a bare "sau" or "nam" is no number.
    """
    tokens = _spoken_years(tokens)
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


def _spoken_years(tokens: Sequence[Token]) -> list[Token]:
    """Join "hai nghìn (không trăm) hai mươi bảy" to a year."""
    done: list[Token] = []
    at = 0
    while at < len(tokens):
        length, year = _spoken_year(tokens, at)
        if length:
            last = tokens[at + length - 1]
            done.append(Token(str(year), "", tokens[at].start, last.end, tokens[at].spaced))
        else:
            done.append(tokens[at])
        at += length or 1
    return done


def _spoken_year(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    norms = [token.norm for token in tokens[at : at + 4]]
    if len(norms) < 3 or norms[0] != "hai" or norms[1] not in ("nghin", "ngan"):
        return 0, 0
    start = at + (4 if norms[2:4] == ["khong", "tram"] else 2)
    start += 1 if start < len(tokens) and tokens[start].norm in ("linh", "le") else 0
    stop = min(_run_end(tokens, start), start + 3)
    while stop > start:
        parts = split_numbers([token.raw for token in tokens[start:stop]])
        if parts and len(parts) == 1 and parts[0][0] < 100:
            return stop - at, 2000 + parts[0][0]
        stop -= 1
    return 0, 0


def _run_end(tokens: Sequence[Token], at: int) -> int:
    stop = at
    while stop < len(tokens) and _number_word(tokens, stop):
        stop += 1
    return stop


def _number_word(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a token is a number word and no part of a person's name ("Vi Đình Sáu")."""
    token = tokens[at]
    if not token.norm.isalpha() or not is_number_word(token.raw):
        return False
    beside = at > 0 and tokens[at - 1].capital and tokens[at - 1].norm != "thu"
    return not (token.capital and beside and token.spaced)


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
    if len(words) == 2 and (before in _TWO_DIGITS or after in _PAIRED) and (spoken := read_number(" ".join(words))):
        return _digits(tokens, start, [(spoken, 2)])
    parts = split_numbers(words, 999 if after == "thang" else _CLOSED.get(before, 999))
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
    counts_years = token.norm == "nam" and before.isdigit()  # "96 năm ngày thành lập Đảng"
    if (marked and unsure) or counts_years or (token.norm == "nam" and before == "phep"):
        return [token]
    if token.norm == "nam" and before == "trong" and after not in _AFTER:  # "in the year"
        return [token]
    if token.norm == "nam" and before in _OF_YEAR:
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
