"""Finds the kinds ("tổ dân phố", "thcs"), numbers and letters in a row of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.vietnamese._branch_spelling import accent_key, dropped_or_swapped, fits_marks, is_syllable, slip_quality
from models.vietnamese._branch_words import Phrase, Words
from models.vietnamese.numbers import is_number_word, read_number, split_numbers
from models.vietnamese.tokens import Token

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_ROMAN_AFTER_KIND = _ROMAN | {"v": 5, "x": 10}
_BREAKS = frozenset(",.;:()!?\"'+")
_VOWELS = frozenset("aeiouy")
_JOINING = frozenset("./&-_")
LONGEST_NUMBER = 9
# Number words that are others without their marks, in a line that has marks.
_NEED_MARKS = frozenset(("mot", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"))


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens read as one: `kinds` for a phrase of the table, `number` for a number, else a word."""

    tokens: tuple[Token, ...]
    kinds: tuple[str, ...] = ()
    number: int | None = None
    bound: str = ""  # the kind a number belongs to, "" when it stands alone
    breaks: bool = False  # a comma or the like stands before
    sure: bool = True  # a number in words may also be a word
    after: str = ""  # the word a free number stands after

    @property
    def norm(self) -> str:
        """Return the folded first token."""
        return self.tokens[0].norm


def marked(raw: str) -> bool:
    """Tell whether a typed word shows its marks; đ alone is common in abbreviations and says little."""
    return not raw.replace("đ", "d").isascii()


def spelled(token: Token, *accented: str) -> bool:
    """Tell whether a typed word, if it has marks, has those of one of the accented words."""
    return not marked(token.raw) or any(fits_marks(token.raw, word) for word in accented)


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a list says about words: which it holds, which stand side by side, which numbers it has."""

    vocabulary: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    numbers: frozenset[int] = frozenset()
    initials: frozenset[str] = frozenset()

    def beside(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether a token stands beside a neighbour as in some name."""
        return any(pair in self.pairs for pair in pairwise(t.norm for t in tokens[max(0, at - 1) : at + 2]))


def _is_slip(typed: str, meant: str) -> bool:
    """Tell whether a word inside a known phrase is a slip; another good syllable is one less often."""
    if len(typed) == 2 and meant.startswith(typed) and not is_syllable(typed):  # "tổ dân ph"
        return True
    quality = slip_quality(typed, meant) if len(typed) >= 3 else 0.0
    return quality >= 0.55 if not is_syllable(typed) else quality >= 0.8 and dropped_or_swapped(typed, meant)


class PhraseFinder:
    """Splits tokens into units by the longest phrases of the table."""

    def __init__(self, words: Words, facts: NameFacts | None = None) -> None:
        """`facts` keep words of the list of branches from being taken for slips or numbers."""
        self._words = words
        self._facts = facts or NameFacts()
        self._plain = words.plain
        self._known = self._facts.vocabulary | self._plain
        self._lengths = sorted({len(phrase) for phrase in words.kind_phrases}, reverse=True)
        self._all_but_one: dict[tuple[int, Phrase], list[Phrase]] = {}
        for phrase in words.kind_phrases if facts else ():  # names themselves are taken as written
            for place in range(len(phrase)):
                rest = (*phrase[:place], *phrase[place + 1 :])
                self._all_but_one.setdefault((place, rest), []).append(phrase)

    def units(self, tokens: Sequence[Token]) -> list[Unit]:
        """Return the units of the tokens in order, signs left out."""
        tokens = _joined(tokens)
        found: list[Unit] = []
        at, breaks = 0, False
        while at < len(tokens):
            if not tokens[at].norm.isalnum():
                silent = _labels_number(tokens, at, found) or _shortens(tokens, at)
                breaks = breaks or (tokens[at].norm in _BREAKS and not silent)
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
            after = "" if bound or breaks else _word_before(before)
            return Unit(tuple(tokens[at : at + length]), (), value, bound, breaks, sure, after)
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
        lost = _NEED_MARKS if any(marked(token.raw) for token in tokens) else frozenset[str]()
        while end < len(tokens) and is_number_word(tokens[end].raw) and not self._opens_kind(tokens, end):
            if tokens[end].raw in lost:  # "khu đô thị Nam Hồng" is not the fifth
                break
            end += 1
        if end == at or (not head and end - at < 2):
            return None
        if not head and self._facts.beside(tokens, at):
            return None
        whole = read_number(" ".join(token.raw for token in tokens[at:end]))
        if whole is not None and end - at > 1 and (not head or whole in self._facts.numbers):
            return (whole, end - at, True) if head or whole in self._facts.numbers else None
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
            near = self._slipped(tokens, at, exact)
            if near:
                return near, self._senses(tokens, at, near, slipped=True)
        return (), ()

    def _slipped(self, tokens: Sequence[Token], at: int, typed: Phrase) -> Phrase | None:
        """Return the phrase that was typed with a slip in one of its words."""
        if len(typed) == 1 and not self._may_be_slip(typed[0]):
            return None
        for place, word in enumerate(typed):
            near = self._all_but_one.get((place, (*typed[:place], *typed[place + 1 :])), ())
            if not near or self._is_plain(tokens[at + place]) or self._facts.beside(tokens, at + place):
                continue
            for phrase in near:
                short = min(map(len, phrase)) < (4 if len(phrase) == 1 else 2)
                most = len(phrase) > 2 and len(word) > 1 and slip_quality(word, phrase[place]) > 0  # "tổ dân pố"
                if (
                    not short
                    and (most or _is_slip(word, phrase[place]))
                    and self._senses(tokens, at, phrase, slipped=True)
                ):
                    return phrase
        return None

    def _spelled(self, tokens: Sequence[Token], at: int, phrase: Phrase, accented: str) -> bool:
        """Tell whether a phrase may be meant by its marks; "tô" of "ô tô" is no "tổ" in a name."""
        if len(phrase) > 1:
            return _spelled_phrase(tokens, at, phrase, accented)
        if self._facts.beside(tokens, at):
            return False
        typed = tokens[at].raw
        if self._bare_word(tokens, at, phrase):
            return False
        if not self._facts.vocabulary and marked(typed):
            return accent_key(typed) == accent_key(accented)
        return spelled(tokens[at], accented)

    def _bare_word(self, tokens: Sequence[Token], at: int, phrase: Phrase) -> bool:
        """Tell whether "cho" without its mark is "for", not "chợ": the line has marks elsewhere."""
        also = (*self._words.report.get(phrase, ()), *self._words.courtesy.get(phrase, ()))
        if not tokens[at].raw.isascii() or len(phrase[0]) < 3 or not self._facts.vocabulary:
            return False
        return tokens[at].raw in also and any(marked(token.raw) for token in tokens)

    def _may_be_slip(self, word: str) -> bool:
        """Tell whether a lone word is no word that the list or the language knows."""
        known = word in self._known or word in self._facts.initials
        return word.isalpha() and len(word) > 2 and not known and not is_syllable(word)

    def _is_plain(self, token: Token) -> bool:
        return token.norm in self._plain and not marked(token.raw)

    def _senses(self, tokens: Sequence[Token], at: int, phrase: Phrase, *, slipped: bool = False) -> tuple[str, ...]:
        after = at + len(phrase)
        return tuple(
            self._words.kinds[kind].same_as
            for kind, accented in self._words.kind_phrases.get(phrase, ())
            if (slipped or self._spelled(tokens, at, phrase, accented))
            and (not self._words.kinds[kind].needs_number or self._number_follows(tokens, after))
            and (self._words.kinds[kind].before_number or len(phrase) > 1 or not _code_follows(tokens, at))
        )

    def _number_follows(self, tokens: Sequence[Token], at: int) -> bool:
        if at < len(tokens) and tokens[at].norm == "so":
            at += 1
        if at >= len(tokens):
            return False
        norm = tokens[at].norm
        return norm.isdecimal() or norm in _ROMAN_AFTER_KIND or is_number_word(tokens[at].raw)


def _spelled_phrase(tokens: Sequence[Token], at: int, phrase: Phrase, accented: str) -> bool:
    """Tell whether marks agree where a phrase is so short that other words look like it."""
    last = tokens[at + len(phrase) - 1]
    return min(map(len, phrase)) > 1 or spelled(last, accented.rsplit(maxsplit=1)[-1])


def _labels_number(tokens: Sequence[Token], at: int, before: list[Unit]) -> bool:
    """Tell whether a colon only stands between a kind and its number: "CB: 5"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return tokens[at].norm == ":" and bool(before and before[-1].kinds and following and following.norm.isdecimal())


def _shortens(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a full stop only closes a short form: "p. tư pháp", "tt. y tế"."""
    if tokens[at].norm != "." or tokens[at].spaced or not 0 < at < len(tokens) - 1:
        return False
    short = tokens[at - 1].norm
    return short.isalpha() and len(short) <= 2 and not (set(short) & _VOWELS) and tokens[at + 1].norm.isalpha()


def _word_before(units: Sequence[Unit]) -> str:
    """Return the word that a number after these units stands after, "số" aside, or ""."""
    plain = [unit for unit in units[-2:] if unit.kinds != ("SO",)]
    return plain[-1].norm if plain and not plain[-1].kinds and plain[-1].number is None else ""


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens without the signs inside an abbreviation: "c.bộ", "t/p", "kh&cn"."""
    found = []
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        inside = at > 0 and not token.spaced and following is not None and not following.spaced
        if not (inside and token.norm in _JOINING):
            found.append(token)
    return found


def _code_follows(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a number is glued to a short word: "CT1" is a code, not a "công ty"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return bool(following and following.norm.isdecimal() and not following.spaced and len(tokens[at].norm) <= 2)
