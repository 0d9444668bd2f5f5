"""Finds the kinds ("tổ dân phố", "thcs"), numbers and letters in a row of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.vietnamese._branch_spelling import accent_key, is_syllable, slip_quality
from models.vietnamese._branch_words import Phrase, Words
from models.vietnamese.numbers import is_number_word, split_numbers
from models.vietnamese.tokens import Token

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12}
_ROMAN_AFTER_KIND = _ROMAN | {"v": 5, "x": 10}
_BREAKS = frozenset(",.;:()!?\"'")
LONGEST_NUMBER = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens read as one: `kinds` for a phrase of the table, `number` for a number, else a word."""

    tokens: tuple[Token, ...]
    kinds: tuple[str, ...] = ()
    number: int | None = None
    bound: str = ""  # the kind a number belongs to, "" when it stands alone
    breaks: bool = False  # a comma or the like stands before
    sure: bool = True  # a number in words may also be a word

    @property
    def norm(self) -> str:
        """Return the folded first token."""
        return self.tokens[0].norm


def marked(raw: str) -> bool:
    """Tell whether a typed word shows its marks; đ alone is common in abbreviations and says little."""
    return not raw.replace("đ", "d").isascii()


def spelled(token: Token, accented: str) -> bool:
    """Tell whether a typed word, if it has marks, has those of an accented one."""
    return not marked(token.raw) or accent_key(token.raw) == accent_key(accented)


def phrase_at(tokens: Sequence[Token], at: int, phrase: Phrase, known: frozenset[str]) -> bool:
    """Tell whether a phrase stands at a token; in a longer phrase one word may have a slip."""
    slips = 0
    for offset, word in enumerate(phrase):
        typed = tokens[at + offset].norm
        if typed == word:
            continue
        if typed in known or slips or len(typed) < 3 or is_syllable(typed):
            return False
        if slip_quality(typed, word) < 0.9:
            return False
        slips += 1
    return True


class PhraseFinder:
    """Splits tokens into units by the longest phrases of the table."""

    def __init__(self, words: Words, known: frozenset[str] = frozenset()) -> None:
        """`known` are words of the list of branches, which are never taken for slips."""
        self._words = words
        self._known = known | words.plain
        self._by_length: dict[int, list[Phrase]] = {}
        for phrase in words.kind_phrases:
            self._by_length.setdefault(len(phrase), []).append(phrase)
        self._lengths = sorted(self._by_length, reverse=True)

    def units(self, tokens: Sequence[Token]) -> list[Unit]:
        """Return the units of the tokens in order, signs left out."""
        found: list[Unit] = []
        at, breaks = 0, False
        while at < len(tokens):
            if not tokens[at].norm.isalnum():
                breaks = breaks or tokens[at].norm in _BREAKS
                at += 1
                continue
            unit = self._unit(tokens, at, found, breaks=breaks)
            found.append(unit)
            at += len(unit.tokens)
            breaks = False
        return found

    def _unit(self, tokens: Sequence[Token], at: int, before: list[Unit], *, breaks: bool) -> Unit:
        head = self._open_kind(before, breaks=breaks)
        number = self._number(tokens, at, head)
        if number is not None:
            value, length, sure = number
            bound = "" if head in ("", "SO") else head
            return Unit(tuple(tokens[at : at + length]), (), value, bound, breaks, sure)
        phrase, kinds = self._kinds(tokens, at)
        return Unit(tuple(tokens[at : at + max(1, len(phrase))]), kinds, breaks=breaks)

    def _open_kind(self, before: list[Unit], *, breaks: bool) -> str:
        """Return the kind a number here would belong to, "SO" after a bare "số", or ""."""
        if breaks or not before:
            return ""
        last = before[-1]
        if last.kinds == ("SO",):
            return (self._open_kind(before[:-1], breaks=last.breaks) or "SO") if last.norm == "so" else ""
        return next((kind for kind in last.kinds if self._words.kinds[kind].numbered), "")

    def _number(self, tokens: Sequence[Token], at: int, head: str) -> tuple[int, int, bool] | None:
        token = tokens[at]
        if token.norm.isdecimal():
            phrase, _ = self._kinds(tokens, at)
            if len(phrase) > 1:
                return None
            return (int(token.norm), 1, True) if len(token.norm) <= LONGEST_NUMBER else None
        roman = (_ROMAN_AFTER_KIND if head else _ROMAN).get(token.norm)
        if roman and (head or token.norm != "vi") and (token.spaced or head):
            return roman, 1, True
        return self._spoken(tokens, at, head)

    def _spoken(self, tokens: Sequence[Token], at: int, head: str) -> tuple[int, int, bool] | None:
        end = at
        while end < len(tokens) and is_number_word(tokens[end].raw) and not self._opens_kind(tokens, end):
            end += 1
        if end == at or (not head and end - at < 2):
            return None
        for stop in range(end, at, -1):
            parts = split_numbers([token.raw for token in tokens[at:stop]])
            if parts:
                sure = parts[0][1] > 1 or any(marked(t.raw) for t in tokens[at:stop])
                return (parts[0][0], parts[0][1], sure) if head or parts[0][1] > 1 else None
        return None

    def _opens_kind(self, tokens: Sequence[Token], at: int) -> bool:
        return len(self._kinds(tokens, at)[0]) > 1

    def _kinds(self, tokens: Sequence[Token], at: int) -> tuple[Phrase, tuple[str, ...]]:
        for length in self._lengths:
            if at + length > len(tokens):
                continue
            exact = tuple(token.norm for token in tokens[at : at + length])
            kinds = self._senses(tokens, at, exact)
            if kinds:
                return exact, kinds
            if length > 1 and not set(exact) <= self._known:
                near = self._slipped(tokens, at, length)
                if near:
                    return near
        return (), ()

    def _slipped(self, tokens: Sequence[Token], at: int, length: int) -> tuple[Phrase, tuple[str, ...]] | None:
        for phrase in self._by_length[length]:
            if phrase_at(tokens, at, phrase, self._known):
                kinds = self._senses(tokens, at, phrase)
                if kinds:
                    return phrase, kinds
        return None

    def _senses(self, tokens: Sequence[Token], at: int, phrase: Phrase) -> tuple[str, ...]:
        after = at + len(phrase)
        return tuple(
            self._words.kinds[kind].same_as
            for kind, accented in self._words.kind_phrases.get(phrase, ())
            if (len(phrase) > 1 or spelled(tokens[at], accented))
            and (not self._words.kinds[kind].needs_number or self._number_follows(tokens, after))
            and (self._words.kinds[kind].numbered or len(phrase) > 1 or not _code_follows(tokens, at))
        )

    def _number_follows(self, tokens: Sequence[Token], at: int) -> bool:
        if at < len(tokens) and tokens[at].norm == "so":
            at += 1
        if at >= len(tokens):
            return False
        norm = tokens[at].norm
        return norm.isdecimal() or norm in _ROMAN_AFTER_KIND or is_number_word(tokens[at].raw)


def _code_follows(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a number is glued to a short word: "CT1" is a code, not a "công ty"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return bool(following and following.norm.isdecimal() and not following.spaced and len(tokens[at].norm) <= 2)
