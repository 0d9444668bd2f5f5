"""Number words and attendance fractions as people say them, 0 to 999."""

import re
from collections.abc import Iterator, Sequence

from models.vietnamese.folding import clean, fold

_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
# Forms that only close a larger number: "hai tư", "mười lăm", "hai mốt".
_CLOSING = _DIGITS | {"tu": 4, "lam": 5, "nham": 5}
_SHORT_CLOSING = {"tu": 4, "lam": 5, "nham": 5, "mốt": 1}
_WORDS = frozenset(_CLOSING) | {"muoi", "tram", "chuc", "linh", "le", "lẻ"}
# Accented spellings that are number words; any other accented word of the same letters is not
# ("nhầm" folds to "nham", "từ" to "tu").
_ACCENTED = frozenset(
    [
        "một",
        "mốt",
        "hai",
        "ba",
        "bốn",
        "bón",
        "tư",
        "năm",
        "lăm",
        "nhăm",
        "sáu",
        "bảy",
        "bẩy",
        "tám",
        "chín",
        "mười",
        "mươi",
        "trăm",
        "chục",
        "linh",
        "lẻ",
    ]
)
_COUNTED = re.compile(r"\s*(?:dong chi|dang vien|d/c|dc|dv|nguoi|ban)\s*$")
_FRACTION = re.compile(r"^(.+?)\s*(?:/|\btren(?: tong so)?\b|\btrong(?: tong so| so)?\b|\btong so\b)\s*(.+)$")

Candidate = tuple[int, int]


def is_number_word(word: str) -> bool:
    """Tell whether one word, with or without marks, can be part of a number."""
    folded = fold(word)
    return folded in _WORDS and (word.isascii() or word.lower() in _ACCENTED)


def _is_tens(word: str) -> bool:
    return fold(word) == "muoi" and word != "mười"


def _small(words: Sequence[str], at: int) -> Iterator[Candidate]:
    """Yield the readings below 100 that begin at a word, longest first."""
    first = fold(words[at])
    second = words[at + 1] if at + 1 < len(words) else ""
    third = words[at + 2] if at + 2 < len(words) else ""
    digit = _DIGITS.get(first)
    if digit:
        if _is_tens(second) or fold(second) == "chuc":
            if fold(third) in _CLOSING:
                yield digit * 10 + _CLOSING[fold(third)], 3
            yield digit * 10, 2
        elif digit > 1 and (second in _SHORT_CLOSING or fold(second) in ("tu", "lam", "nham")):
            yield digit * 10 + (1 if second == "mốt" else _CLOSING[fold(second)]), 2
        if words[at] != "mốt":
            yield digit, 1
    elif first == "muoi" and words[at] != "mươi":
        if fold(second) in _CLOSING:
            yield 10 + _CLOSING[fold(second)], 2
        yield 10, 1


def _hundreds(words: Sequence[str], at: int) -> Iterator[Candidate]:
    head = _DIGITS.get(fold(words[at]))
    if not head or at + 1 >= len(words) or fold(words[at + 1]) != "tram":
        return
    rest = at + 2
    if rest < len(words) and fold(words[rest]) in ("linh", "le"):
        if rest + 1 < len(words) and fold(words[rest + 1]) in _CLOSING:
            yield head * 100 + _CLOSING[fold(words[rest + 1])], 4
    elif rest < len(words):
        yield from ((head * 100 + value, 2 + length) for value, length in _small(words, rest) if value >= 10)
    yield head * 100, 2


def split_numbers(words: Sequence[str], highest: int = 999) -> list[Candidate] | None:
    """Return the (value, words used) of a run of number words, or None if it is no clean run.

    `highest` limits the first number only: what follows "tháng" is at most 12, so "tháng hai
    mười tám" is 2 and 18, whatever marks are missing. A tens word binds to the digit before it.
    """
    for cautious in (True, False):
        found = _split(words, 0, highest, cautious=cautious)
        if found is not None:
            return found
    return None


def _split(words: Sequence[str], at: int, highest: int, *, cautious: bool) -> list[Candidate] | None:
    if at >= len(words):
        return []
    for value, length in (*_hundreds(words, at), *_small(words, at)):
        after = words[at + length] if at + length < len(words) else ""
        cuts_tens = bool(after) and _is_tens(after) and fold(words[at + length - 1]) in _DIGITS
        if value > highest or (cuts_tens and cautious):
            continue
        rest = _split(words, at + length, 999, cautious=cautious)
        if rest is not None:
            return [(value, length), *rest]
    return None


def read_number(text: str) -> int | None:
    """Return the whole text as a number from 0 to 999, or None.

    Digits, number words with or without marks, and a counted noun at the end ("18 đồng chí").
    """
    body = _COUNTED.sub("", fold(text)).strip()
    if re.fullmatch(r"\d{1,3}", body):
        return int(body)
    if body in ("khong", "ko", "k"):
        return 0
    words = clean(text).lower().split()[: len(body.split())]
    if not words or not all(map(is_number_word, words)):
        return None
    if len(words) == 2 and set(map(fold, words)) <= set(_DIGITS) and fold(words[0]) != "mot":
        return _DIGITS[fold(words[0])] * 10 + _DIGITS[fold(words[1])]
    if words in (["tư"], ["tu"]):
        return 4
    found = split_numbers(words)
    return found[0][0] if found and len(found) == 1 else None


def read_fraction(text: str) -> tuple[int, int] | None:
    """Return (part, whole) of "18/20", "mười tám trên hai mươi", "18 trong 20", or None."""
    match = _FRACTION.match(fold(text))
    if not match:
        return None
    words = clean(text).lower()
    part, whole = words[: match.end(1)], words[match.start(2) :]
    first, second = read_number(part), read_number(whole)
    return None if first is None or second is None else (first, second)
