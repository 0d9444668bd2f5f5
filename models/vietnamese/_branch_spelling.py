"""How likely one folded word is a slip of the fingers for another."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

# Folded Vietnamese syllables: an onset, then a rime. A word outside this shape is a slip, while a
# word inside it may be another name.
_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|th|tr|qu(?!u)|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x)?"
_RIME = (
    "(?:a(?:ch|nh|ng|[cimnoptuy])?|e(?:ch|nh|ng|[cmnoptu])?|i(?:ch|nh|e(?:ng|[cmnptu])|[amnptu])?"
    "|o(?:ong|ng|a(?:ch|nh|ng|[cimnoty])?|e[mnot]?|[cimnpt])?"
    "|u(?:ng|a(?:ng|[nty])?|e(?:ch|nh)?|o(?:ng|[cimnptu])?|y(?:ch|nh|[aptnu]|en|et)?|[cimnptu])?"
    "|y(?:en|et|eu|em|nh)?)"
)
_SYLLABLE = re.compile(_ONSET + _RIME)
_VOWELS = frozenset("aeiouy")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACE = {key: (row, column + row / 2) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Tell whether a folded word has the shape of a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


def _neighbours(a: str, b: str) -> bool:
    if a not in _PLACE or b not in _PLACE:
        return False
    (row_a, column_a), (row_b, column_b) = _PLACE[a], _PLACE[b]
    return abs(row_a - row_b) <= 1 and abs(column_a - column_b) <= 1.1


def dropped_or_swapped(typed: str, meant: str) -> bool:
    """Tell whether a word lacks a letter of another or has two of them swapped."""
    return sorted(typed) == sorted(meant) or len(typed) < len(meant)


def _finger_slip(typed: str, meant: str) -> bool:
    """Tell whether one slip leads from a word to the other: swapped, missing, doubled or next key."""
    if dropped_or_swapped(typed, meant):
        return True
    differing = [(a, b) for a, b in zip(typed, meant, strict=False) if a != b]
    if len(typed) > len(meant):
        return any(a == b for a, b in pairwise(typed))
    return len(differing) == 1 and _neighbours(*differing[0])


@lru_cache(maxsize=65536)
def slip_quality(typed: str, meant: str) -> float:
    """Return how well a typed word may stand for a meant one, 0 to 1; digits never do."""
    distance = OSA.distance(typed, meant, score_cutoff=2)
    if distance == 0:
        return 1.0
    if not typed.isalpha() or not meant.isalpha():
        return 0.0
    if distance == 1:
        return _one_slip(typed, meant)
    return 0.6 if distance == 2 and len(meant) >= 5 and not is_syllable(typed) else 0.0


def _one_slip(typed: str, meant: str) -> float:
    if len(meant) < 3:
        return 0.55 if len(typed) == 3 and not is_syllable(typed) else 0.0
    if len(typed) < 3:
        return 0.55 if len(typed) == 2 else 0.0
    if is_syllable(typed):
        return 0.8 if _finger_slip(typed, meant) else 0.55
    # "tht" lacks a vowel as abbreviations do; only a dropped one ("bnh") is a slip.
    return 0.9 if _VOWELS & set(typed) or dropped_or_swapped(typed, meant) else 0.55


@lru_cache(maxsize=65536)
def fits_marks(typed: str, accented: str) -> bool:
    """Tell whether the marks of a typed word are some of those of an accented one ("phuờng")."""
    return Counter(accent_key(typed)) <= Counter(accent_key(accented))


@lru_cache(maxsize=65536)
def accent_key(word: str) -> str:
    """Return a key of an accented word in which "hòa" equals "hoà" and differs from "hoa"."""
    marks = unicodedata.normalize("NFD", word.lower().replace("đ", "d\u0335"))
    return "".join(sorted(marks))
