"""Reads a typed mention of a branch as items, each with the tokens it may stand for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from models.vietnamese._branch_forms import is_letter, letter_token, number_tokens, unit_tokens
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_phrases import PhraseFinder, Unit, marked, spelled
from models.vietnamese._branch_spelling import accent_key, is_syllable
from models.vietnamese._branch_words import Phrase, Words
from models.vietnamese.folding import fold
from models.vietnamese.keystrokes import keystroke_table, split_tone
from models.vietnamese.numbers import is_number_word, read_number
from models.vietnamese.tokens import Token, chunks, tokenise

_OTHER_BOUND = 0.72  # "chi bộ 5" for a "tổ dân phố số 5", where branches also have bare numbers
_ABBREVIATION, _NEAR_KNOWN = 0.95, 0.5
_INITIALS, _INITIALS_OF_ALL = 0.8, 0.15  # initials of a few words, and how much more of all of them
_MOST_RUNS = 200
_VIQR_SIGNS = frozenset("^`'~+(")


@dataclass(frozen=True, slots=True)
class Choice:
    """Tokens an item may stand for, all together, and how well (0 to 1)."""

    tokens: tuple[str, ...]
    quality: float


@dataclass(frozen=True, slots=True)
class Item:
    """One unit of a query. A `hard` item must be met; an `optional` one counts only when met."""

    start: int
    end: int
    choices: tuple[Choice, ...]
    weight: float
    role: str  # kind, number, letter, word, generic, courtesy
    hard: bool = False
    optional: bool = False
    accent: str = ""
    norm: str = ""
    breaks: bool = False
    bound: str = ""
    after: str = ""
    typed: str = ""  # the marks typed, also none, in a line that has marks
    glued: bool = False  # typed without a space after what stands before


class QueryReader:
    """Turns typed text into items by the table of words and the list."""

    def __init__(self, index: BranchIndex, finder: PhraseFinder, words: Words, names: Iterable[str]) -> None:
        """Read against one list of branches; `names` are its names and aliases as written."""
        self._index, self._finder, self._words = index, finder, words
        self._plain = words.plain | {"bi", "thu"}
        self._gluable = frozenset(w for p in words.kind_phrases for w in p if len(w) > 1)
        self._keystrokes = keystroke_table(sorted(self._plain_spellings(names)))

    def _plain_spellings(self, names: Iterable[str]) -> set[str]:
        """Return the accented words of the names and of the table, whose raw keystrokes are undone."""
        texts = list(names)
        texts += [text for table in (self._words.courtesy, self._words.report) for row in table.values() for text in row]
        texts += [text for senses in self._words.kind_phrases.values() for _, text in senses]
        return {token.raw for text in texts for token in tokenise(text) if token.norm.isalpha() and len(token.norm) > 1}

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a line, raw keystrokes undone and glued words taken apart; offsets as typed."""
        found: list[Token] = []
        line = chunks(text)
        dots = any(_VIQR_SIGNS & {token.norm for token in chunk} for chunk in line)
        for chunk in line:
            converted = self._converted(chunk, found, dots=dots)
            for token in converted or chunk:
                found.extend([token] if converted else self._unglued(token))
        return found

    def _converted(self, chunk: Sequence[Token], before: list[Token], *, dots: bool) -> list[Token] | None:
        """Return a chunk of raw keystrokes ("bo65", "ho.p", "ddoong") as its word, or None.

        `dots` says that the line has signs only VIQR uses, so that "phuc." may be "phục".
        """
        signs = {token.norm for token in chunk[1:]}
        if self._known(chunk[0].norm) and not any(map(str.isalnum, signs)) and not (dots or signs & _VIQR_SIGNS):
            return None
        if split_tone(chunk[0].raw)[1]:
            return None
        for end in range(len(chunk), 0, -1):
            word = self._keystrokes.get("".join(token.norm for token in chunk[:end]))
            if word and not self._names_number(chunk[:end], before):
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
        if not word.isalpha() or len(word) < 4 or self._known(word):
            return [token]
        lettered = self._index.split_letter(word)
        if lettered:
            return _cut(token, lettered)
        if any(quality >= 0.8 for _, quality in self._index.near(word)) or word in self._index.runs:
            return [token]
        parts = None if is_syllable(word) else self._index.split_glued(word, self._gluable)
        good = parts and (max(map(len, parts)) > 2 or parts[-1] == "so")
        return _cut(token, parts) if parts and good else [token]

    def items(self, tokens: Sequence[Token]) -> list[Item]:
        """Return the items of the tokens in order, courtesy words included as such."""
        found: list[Item] = []
        units = self._finder.units(tokens)
        accented = any(marked(token.raw) for token in tokens)
        at = 0
        while at < len(units):
            length = 0 if units[at].kinds or units[at].number is not None else self._courtesy(units, at)
            if length > 1 and self._in_a_name(units, at, length):
                length = 1
            if length > 1 or (length and not self._means_more(units[at])):
                found.append(self._courtesy_item(units[at : at + length]))
            else:
                length = 1
                polite = self._polite(units[at]) and not self._in_a_name(units, at, 1)
                item = self._item(units[at], found, optional=polite)
                typed = accent_key(units[at].tokens[0].raw) if accented and item.role in ("word", "letter") else ""
                found.append(replace(item, typed=typed))
            at += length
        return found

    def _courtesy(self, units: Sequence[Unit], at: int) -> int:
        """Return how many units from here are a courtesy phrase, longest first."""
        words = [unit.tokens[0] for unit in units[at : at + 4] if len(unit.tokens) == 1]
        for length in range(len(words), 0, -1):
            phrase: Phrase = tuple(token.norm for token in words[:length])
            accented = self._words.courtesy.get(phrase)
            if accented and (length > 1 or spelled(words[0], *accented)):
                return length
        return 0

    def _polite(self, unit: Unit) -> bool:
        """Tell whether a unit that may name a branch may as well be a courtesy word."""
        if len(unit.tokens) > 1 or unit.number is not None:
            return False
        accented = self._words.courtesy.get((unit.norm,))
        return bool(accented) and spelled(unit.tokens[0], *(accented or ()))

    def _means_more(self, unit: Unit) -> bool:
        if is_letter(unit) or (len(unit.norm) == 1 and unit.norm not in self._index.vocabulary):
            return letter_token(unit.norm) in self._index.postings and not marked(unit.tokens[0].raw)
        if marked(unit.tokens[0].raw) and self._index.spellings:
            return accent_key(unit.tokens[0].raw) in self._index.spellings.get(unit.norm, ())
        return unit.norm in self._index.vocabulary

    def _in_a_name(self, units: Sequence[Unit], at: int, length: int) -> bool:
        """Tell whether the words here stand side by side in a name, with each other or a neighbour."""
        around = [unit.kinds[0] if unit.kinds else unit.norm for unit in units[max(0, at - (length == 1)) : at + length + (length == 1)]]
        pairs = list(pairwise(around))
        return bool(pairs) and (any if length == 1 else all)(pair in self._index.pairs for pair in pairs)

    def _courtesy_item(self, units: Sequence[Unit]) -> Item:
        first, last = units[0].tokens[0], units[-1].tokens[-1]
        norm = " ".join(unit.norm for unit in units)
        return Item(first.start, last.end, (), 0.0, "courtesy", norm=norm, breaks=units[0].breaks)

    def _item(self, unit: Unit, before: list[Item], *, optional: bool) -> Item:
        if unit.number is not None:
            role, choices = "number", self._number_choices(unit)
        elif unit.kinds:
            role, choices = self._kind_role(unit), (*self._kind_choices(unit), *self._initials_after(unit, before))
        elif is_letter(unit) and before and before[-1].role == "courtesy" and unit.norm in "ae":
            return self._courtesy_item([unit])
        elif is_letter(unit):
            role, choices = "letter", (Choice((letter_token(unit.norm),), 1.0),)
            optional = letter_token(unit.norm) not in self._index.postings and not _after_number(unit, before)
        else:
            role, choices = "word", (*self._word_choices(unit), *_numbered(self._index, unit, before))
        first, last = unit.tokens[0], unit.tokens[-1]
        item = Item(first.start, last.end, choices, 0.0, role, optional=optional, norm=unit.norm)
        item = replace(
            item, breaks=unit.breaks, glued=_after_number(unit, before), bound=unit.bound, after=unit.after, hard=self._is_hard(item), weight=self._weight(item, before)
        )
        accent = accent_key(first.raw) if role == "word" and marked(first.raw) else ""
        return replace(item, accent=accent)

    def _kind_role(self, unit: Unit) -> str:
        return "generic" if unit.kinds[0] in ("CB", "SO") else "kind"

    def _number_choices(self, unit: Unit) -> tuple[Choice, ...]:
        value = unit.number or 0
        plain, bound = number_tokens(value, unit.bound)
        free = number_tokens(value, "")[1]
        if not unit.bound:
            choices = [Choice((plain,), 1.0)]
        elif unit.bound == "CB":
            quality = _OTHER_BOUND if self._index.numbered_branches else 1.0
            choices = [Choice((bound,), 1.0), Choice((plain,), quality)]
        else:
            kind = self._words.kinds[unit.bound]
            others = [Choice((f"{other}#{value}", plain), 0.95) for other in kind.stands_for]
            choices = [Choice((bound, plain), 1.0), Choice((free, plain), 0.95), *others]
        if not unit.sure and unit.norm in self._index.vocabulary:
            choices.append(Choice((unit.norm,), 1.0))
        return tuple(choices)

    def _kind_choices(self, unit: Unit) -> tuple[Choice, ...]:
        choices = [Choice((kind,), 1.0) for kind in unit.kinds]
        choices += [Choice((other,), 0.95) for kind in unit.kinds for other in self._words.kinds[kind].stands_for]
        if len(unit.tokens) == 1 and not marked(unit.tokens[0].raw):
            if unit.norm in self._index.vocabulary:
                choices.append(Choice((unit.norm,), 1.0))
            choices += self._long_forms(unit.norm)
            if all(self._words.kinds[kind].family in ("firm", "legal") for kind in unit.kinds):
                choices += self._initials(unit.norm)
        return tuple(choices)

    def _word_choices(self, unit: Unit) -> tuple[Choice, ...]:
        word, known = unit.norm, unit.norm in self._index.vocabulary
        choices = [Choice((word,), 1.0)] if known else []
        if not marked(unit.tokens[0].raw):
            choices += self._long_forms(word)
            choices += [] if known else self._initials(word)
        near = self._index.near(word)
        choices += [Choice((v,), min(quality, _NEAR_KNOWN) if known else quality) for v, quality in near]
        return tuple(choices)

    def _initials(self, short: str) -> list[Choice]:
        runs = sorted(self._index.runs.get(short, {}).items(), key=lambda run: -run[1])[:_MOST_RUNS]
        return [Choice(tokens, _INITIALS + _INITIALS_OF_ALL * share) for tokens, share in runs]

    def _initials_after(self, unit: Unit, before: list[Item]) -> list[Choice]:
        """Return the initials that a short kind may as well be: "thpt chuyên nh" of Nguyễn Huệ."""
        if len(unit.tokens) > 1 or not before or not before[-1].choices:
            return []
        last = before[-1].choices[0].tokens[-1]
        return [choice for choice in self._initials(unit.norm) if (last, choice.tokens[0]) in self._index.pairs]

    def _long_forms(self, short: str) -> list[Choice]:
        found = []
        for text in self._words.abbreviations.get((short,), ()):
            units = self._finder.units(tokenise(text))
            tokens = tuple(token for part in units for token in unit_tokens(part))
            if all(token in self._index.postings for token in tokens):
                found.append(Choice(tokens, _ABBREVIATION))
        return found

    def _is_hard(self, item: Item) -> bool:
        if item.optional or item.role not in ("number", "letter", "kind"):
            return False
        kinds = [self._words.kinds[t] for choice in item.choices for t in choice.tokens if t in self._words.kinds]
        return item.role != "kind" or (len(kinds) >= len(item.choices) and all(kind.hard for kind in kinds))

    def _weight(self, item: Item, before: list[Item]) -> float:
        if item.role == "generic":
            return 0.0
        if item.role == "number":
            return 1.0
        if item.role == "word" and item.norm in self._index.vocabulary:
            return self._index.weight(item.norm)
        known = [self._index.weight(t) for c in item.choices for t in c.tokens if t in self._index.postings]
        weight = max(known, default=1.0 if item.role == "word" else 0.3)
        aside = _after_place(before) and (not item.choices or any(one.bound for one in before))
        return weight * (0.15 if aside else 1.0)


def _numbered(index: BranchIndex, unit: Unit, before: list[Item]) -> list[Choice]:
    """Return the number a word may be: "đoài hai" where a name holds "Đoài 2"."""
    value = read_number(unit.tokens[0].raw) if is_number_word(unit.tokens[0].raw) else None
    token = f"{before[-1].norm}#{value}" if before and value is not None else ""
    return [Choice((token, f"#{value}"), 1.0)] if token in index.postings else []


def _after_number(unit: Unit, before: list[Item]) -> bool:
    """Tell whether a letter is a part of the number before it, as in "12c"."""
    return bool(before) and before[-1].role == "number" and not unit.tokens[0].spaced


def _after_place(before: list[Item]) -> bool:
    """Tell whether the words just before name a ward or the like, so that a place name follows."""
    for item in reversed(before[-3:]):
        if item.role == "kind":
            return any(choice.tokens[0] in ("PHUONG", "XA", "THITRAN", "QUAN", "HUYEN") for choice in item.choices)
    return False


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
