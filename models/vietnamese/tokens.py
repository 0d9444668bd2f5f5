"""Tokens of one typed line, each with its place in the text as it was typed."""

import re
from dataclasses import dataclass

from models.vietnamese.folding import LONGEST, clean, fold_char

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: `norm` is what the grammar reads, `raw` the accented lower-case word.

    `start` and `end` are offsets in the line as typed; `spaced` tells whether a space stands before.
    """

    norm: str
    raw: str
    start: int
    end: int
    spaced: bool
    capital: bool = False


def folded_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the offset in the text as typed."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text[:LONGEST]):
        for letter in fold_char(char):
            letters.append(letter)
            offsets.append(offset)
    return "".join(letters), offsets


def chunks(text: str) -> list[list[Token]]:
    """Return the tokens of each run without spaces: "tdp5" is one chunk of "tdp" and "5"."""
    folded, offsets = folded_with_offsets(text)
    ends = [*offsets[1:], min(len(text), LONGEST)]
    found = []
    for chunk in _CHUNK.finditer(folded):
        parts = list(_TOKEN.finditer(folded, chunk.start(), chunk.end()))
        tokens = [_token(text, match, offsets, ends, spaced=at == 0) for at, match in enumerate(parts)]
        if tokens:
            found.append(tokens)
    return found


def _token(text: str, match: re.Match[str], offsets: list[int], ends: list[int], *, spaced: bool) -> Token:
    start, end = offsets[match.start()], ends[match.end() - 1]
    if end <= start:  # one typed character that folds to several, such as a ligature
        end = start + 1
    typed = text[start:end]
    stop = start + len(typed.rstrip())
    return Token(
        match.group(),
        clean(typed).lower(),
        start,
        stop,
        spaced=spaced,
        capital=typed[:1].isupper() and not typed.isupper(),
    )


def tokenise(text: str) -> list[Token]:
    """Return all tokens of a line in order."""
    return [token for chunk in chunks(text) for token in chunk]
