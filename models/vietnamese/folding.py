"""Unicode cleaning and accent folding of Vietnamese as people really type it."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 4000
SHORT = 25
_IGNORED = frozenset("\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\u2061\ufe0e\ufe0f\u20e3\ufeff")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\uff0d"), "-")
_QUOTES = {ord(c): '"' for c in "\u201c\u201d\u201e\u00ab\u00bb"} | {ord(c): "'" for c in "\u2018\u2019\u02bc"}
_SLASHES = dict.fromkeys(map(ord, "\u2044\u2215\u29f8"), "/")
_SIGNS = _DASHES | _QUOTES | _SLASHES
# NFKC would make a report of one member in two out of "½".
_SHARES = dict.fromkeys((*range(0xBC, 0xBF), *range(0x2150, 0x215F), 0x2189), " nua ")
_SPACES = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """Return the text in one Unicode form, with its accents, case and line breaks kept.

    NFKC undoes full-width digits, but not keycaps, so what never shows is dropped by hand;
    at most 4,000 characters are kept.
    """
    return _clean_word(text) if len(text) < SHORT else _clean(text)


def _clean(text: str) -> str:
    visible = "".join(c for c in text[:LONGEST] if c not in _IGNORED).translate(_SHARES)
    one_form = unicodedata.normalize("NFKC", visible).translate(_SIGNS)
    return _SPACES.sub(" ", one_form).strip()[:LONGEST]


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """Return one character lower-cased and without its marks; empty for a lone mark."""
    if char in _IGNORED:
        return ""
    decomposed = unicodedata.normalize("NFKD", _SHARES.get(ord(char), char))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in _IGNORED)
    return letters.translate(_SIGNS).lower().replace("đ", "d")


def fold(text: str) -> str:
    """Return the cleaned text in lower case without marks, with đ as d."""
    return _fold_word(text) if len(text) < SHORT else _fold(text)


def _fold(text: str) -> str:
    return _SPACES.sub(" ", "".join(map(fold_char, clean(text)))).strip()


# The same few thousand words are cleaned and folded over and over while a line is read.
_clean_word = lru_cache(maxsize=16384)(_clean)
_fold_word = lru_cache(maxsize=16384)(_fold)


def has_marks(text: str) -> bool:
    """Tell whether a Vietnamese letter of the text carries a mark."""
    return any(c.isalpha() and fold_char(c) != c.lower() for c in unicodedata.normalize("NFC", text))
