"""Tokens of typed text with what the keyboard did to them undone: raw keystrokes, missing spaces."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_phrases import PhraseFinder
from models.vietnamese._branch_spelling import is_syllable
from models.vietnamese._branch_words import Words
from models.vietnamese.folding import fold
from models.vietnamese.keystrokes import keystroke_table, split_tone
from models.vietnamese.tokens import Token, chunks, tokenise

_VNI_INSIDE = re.compile(r"[a-z]+\d+[a-z]+\d*")
_VIQR_SIGNS = frozenset("^`'~+(")
_LEAST_GLUED = 4
_CLEAR_SLIP = 0.8
_SPELLED_OUT = {"bê": "b", "xê": "c", "đê": "d", "dê": "d"}


class TypedTokens:
    """Reads text against one list of branches."""

    def __init__(self, index: BranchIndex, finder: PhraseFinder, words: Words, names: Iterable[str]) -> None:
        """`names` are the names and aliases of the list as written."""
        self._index, self._finder, self._words = index, finder, words
        self._plain = words.plain
        self._gluable = frozenset(w for p in words.kind_phrases for w in p if len(w) > 1)
        self._keystrokes = keystroke_table(sorted(self._plain_spellings(names)))

    def _plain_spellings(self, names: Iterable[str]) -> set[str]:
        """Return the accented words of the names and of the table, whose raw keystrokes are undone."""
        texts = [*names, *self._words.texts()]
        tokens = {token for text in texts for token in tokenise(text)}
        return {token.raw for token in tokens if token.norm.isalpha() and len(token.norm) > 1}

    def read(self, text: str) -> list[Token]:
        """Return the tokens of a line, glued words taken apart; offsets as typed."""
        found: list[Token] = []
        line = chunks(text)
        vni = any(_VNI_INSIDE.fullmatch("".join(token.norm for token in chunk)) for chunk in line)
        dots = any(_VIQR_SIGNS & {token.norm for token in chunk} for chunk in line)
        for chunk in line:
            converted = self._converted(chunk, found, dots=dots, vni=vni)
            for token in converted or map(self._lettered, chunk):
                found.extend([token] if converted else self._unglued(token))
        return found

    def _lettered(self, token: Token) -> Token:
        """Return a letter spelled out, "bê" for B, as the letter; unless the list has the word."""
        letter = _SPELLED_OUT.get(token.raw)
        return replace(token, norm=letter, raw=letter) if letter and token.norm not in self._index.vocabulary else token

    def _converted(self, chunk: Sequence[Token], before: list[Token], *, dots: bool, vni: bool) -> list[Token] | None:
        """Return a chunk of raw keystrokes ("bo65", "ho.p", "ddoong") as its word, or None.

        `vni` says that a digit inside a word is a mark, so that "khom1" is "khóm", no number. `dots` says
        that the line has signs only VIQR uses, so that "phuc." may be "phục".
        """
        signs = {token.norm for token in chunk[1:]}
        if self._known(chunk[0].norm) and not any(map(str.isalnum, signs)) and not (dots or signs & _VIQR_SIGNS):
            return None
        if split_tone(chunk[0].raw)[1]:
            return None
        for end in range(len(chunk), 0, -1):
            word = self._keystrokes.get("".join(token.norm for token in chunk[:end]))
            if word and (vni or not self._names_number(chunk[:end], before)):
                first, last = chunk[0], chunk[end - 1]
                return [Token(fold(word), word, first.start, last.end, first.spaced), *chunk[end:]]
            if chunk[end - 1].norm.isalnum():
                return None
        return None

    def _names_number(self, chunk: Sequence[Token], before: list[Token]) -> bool:
        """Tell whether a chunk such as "to5" is a kind and a number of the list, not a VNI word."""
        if len(chunk) != 2 or not chunk[1].norm.isdecimal():
            return False
        unit = self._finder.units([*before[-4:], *chunk])[-1]
        owner = unit.bound or unit.after
        return bool(owner) and f"{owner}#{unit.number}" in self._index.postings

    def _known(self, word: str) -> bool:
        return word in self._index.vocabulary or word in self._plain

    def _unglued(self, token: Token) -> list[Token]:
        word = token.norm
        if not word.isalpha() or len(word) < _LEAST_GLUED or self._known(word):
            return [token]
        lettered = self._index.split_letter(word)
        if lettered:
            return _cut(token, lettered)
        parts = None if is_syllable(word) else self._index.split_glued(word, self._gluable)
        if parts and self._index.stand_together(parts):
            return _cut(token, parts)
        shorts = self._short_parts(word)
        if shorts:
            return _cut(token, shorts)
        if any(quality >= _CLEAR_SLIP for _, quality in self._index.near(word)) or word in self._index.runs:
            return [token]
        good = parts and (max(map(len, parts)) > 2 or parts[-1] == "so")
        return _cut(token, parts) if parts and good else [token]

    def _short_parts(self, word: str) -> tuple[str, str] | None:
        """Return the two abbreviations that a word glues together, where one name holds both: "tthcc"."""
        if is_syllable(word) or word in self._index.runs:
            return None
        for cut in range(2, len(word) - 1):
            first, second = word[:cut], word[cut:]
            long = (self._words.abbreviations.get((first,), ()), self._words.abbreviations.get((second,), ()))
            spelled = ((*fold(a).split(), *fold(b).split()) for a in long[0] for b in long[1])
            if any(self._index.holding(words) for words in spelled):
                return first, second
        return None


def _cut(token: Token, parts: Sequence[str]) -> list[Token]:
    """Return a token cut into glued words; each shares the whole span when letters do not line up."""
    aligned = len(token.raw) == len(token.norm) == token.end - token.start
    found, at = [], 0
    for part in parts:
        start, end = at, at + len(part)
        span = (token.start + start, token.start + end) if aligned else (token.start, token.end)
        raw = token.raw[start:end] if len(token.raw) == len(token.norm) else part
        found.append(Token(part, raw, span[0], span[1], spaced=True))
        at = end
    return found
