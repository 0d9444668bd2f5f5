"""Reads a typed mention of a branch as items, each with the tokens it may stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.vietnamese._branch_courtesy import Courtesy
from models.vietnamese._branch_forms import is_letter, letter_token, number_tokens, unit_tokens
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_phrases import PhraseFinder, Unit, marked
from models.vietnamese._branch_spelling import accent_key
from models.vietnamese._branch_words import Words
from models.vietnamese.numbers import is_number_word, read_number
from models.vietnamese.tokens import Token, tokenise

_OTHER_BOUND = 0.72  # "chi bộ 5" for a "tổ dân phố số 5", where branches also have bare numbers
_ABBREVIATION, _SHORTENED, _NEAR_KNOWN = 0.95, 0.85, 0.5
_INITIALS, _INITIALS_OF_ALL = 0.8, 0.15  # initials of a few words, and how much more of all of them
_MOST_RUNS = 200
_SPOKEN = dict(enumerate(("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"), start=1))
KNOWN = 0.8  # the quality of a choice from which a word counts as one of the list
_SHORTEST_SETTLED = 2  # a longer abbreviation of the table is not taken for initials as well
_LABELS = frozenset("bcd")  # a last letter that names even where no name holds it


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


def likely_token(item: Item) -> str:
    """Return what a unit surely is: "họp" is "họp", however near "Hòa" is."""
    sure = item.choices and item.choices[0].quality >= KNOWN
    return item.choices[0].tokens[0] if sure else item.norm


class QueryReader:
    """Turns typed text into items by the table of words and the list."""

    def __init__(self, index: BranchIndex, finder: PhraseFinder, words: Words) -> None:
        """Read against one list of branches."""
        self._index, self._finder, self._words = index, finder, words
        self._courtesy = Courtesy(index, words)

    def items(self, tokens: Sequence[Token]) -> list[Item]:
        """Return the items of the tokens in order, courtesy words included as such."""
        found: list[Item] = []
        units = self._finder.units(tokens)
        accented = any(marked(token.raw) for token in tokens)
        at = 0
        while at < len(units):
            after_word = bool(found) and found[-1].role == "word"
            length = self._courtesy.length(units, at, after_word=after_word)
            if length:
                found.append(self._courtesy_item(units[at : at + length]))
            else:
                following = units[at + 1] if at + 1 < len(units) else None
                item = self._item(units[at], found, following, doubtful=self._courtesy.doubtful(units, at))
                typed = accent_key(units[at].tokens[0].raw) if accented and item.role in ("word", "letter") else ""
                found.append(replace(item, typed=typed))
            at += max(1, length)
        return found

    def _courtesy_item(self, units: Sequence[Unit]) -> Item:
        first, last = units[0].tokens[0], units[-1].tokens[-1]
        norm = " ".join(unit.norm for unit in units)
        return Item(first.start, last.end, (), 0.0, "courtesy", norm=norm, breaks=units[0].breaks)

    def _item(self, unit: Unit, before: list[Item], following: Unit | None, *, doubtful: bool) -> Item:
        role, choices = self._meaning(unit, before, following)
        if role == "courtesy":
            return self._courtesy_item([unit])
        glued = _after_number(unit, before)
        if role == "letter":
            label = following is None and unit.norm in _LABELS and len(before) > 1
            doubtful = not (glued or label or choices[0].tokens[0] in self._index.postings)
        first, final = unit.tokens[0], unit.tokens[-1]
        item = Item(first.start, final.end, choices, 0.0, role, optional=doubtful, norm=unit.norm)
        return replace(
            item,
            breaks=unit.breaks,
            glued=glued,
            bound=unit.bound,
            after=unit.after,
            hard=self._is_hard(item),
            weight=self._weight(item, before),
            accent=accent_key(first.raw) if role == "word" and marked(first.raw) else "",
        )

    def _meaning(self, unit: Unit, before: list[Item], following: Unit | None) -> tuple[str, tuple[Choice, ...]]:
        """Return the role of a unit and what it may stand for."""
        if unit.number is not None:
            return "number", self._number_choices(unit)
        if unit.kinds:
            return self._kind_role(unit), (*self._kind_choices(unit), *self._initials_after(unit, before))
        starts = self._index.shortened(unit.norm, following.norm) if following else []
        shortened = [Choice((word,), _SHORTENED) for word in starts]
        token = letter_token(unit.norm)
        if not is_letter(unit) or (shortened and token not in self._index.postings):
            return "word", (*self._word_choices(unit), *shortened, *_numbered(self._index, unit, before))
        if before and before[-1].role == "courtesy" and unit.norm in "ae":
            return "courtesy", ()
        return "letter", (Choice((token,), 1.0), *shortened)

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
        word = _SPOKEN.get(value, "")
        if (unit.after, word) in self._index.pairs:  # "Tháng Tám" written "tháng 8"
            choices.append(Choice((word,), 1.0))
        return tuple(choices)

    def _kind_choices(self, unit: Unit) -> tuple[Choice, ...]:
        choices = [Choice((kind,), 1.0) for kind in unit.kinds]
        choices += [Choice((other,), 0.95) for kind in unit.kinds for other in self._words.kinds[kind].stands_for]
        if len(unit.tokens) == 1 and not marked(unit.tokens[0].raw):
            if unit.norm in self._index.vocabulary:
                choices.append(Choice((unit.norm,), 1.0))
            choices += self._long_forms(unit.norm)
            if (unit.norm,) not in self._words.kind_phrases:  # a slip, perhaps for another word
                choices += [Choice((word,), quality) for word, quality in self._index.near(unit.norm)]
            if all(self._words.kinds[kind].family in ("firm", "legal") for kind in unit.kinds):
                choices += self._initials(unit.norm)
        return tuple(choices)

    def _word_choices(self, unit: Unit) -> tuple[Choice, ...]:
        word, known = unit.norm, unit.norm in self._index.vocabulary
        choices = [Choice((word,), 1.0)] if known else []
        if not marked(unit.tokens[0].raw):
            long_forms = self._long_forms(word)
            settled = known or (long_forms and len(word) > _SHORTEST_SETTLED)
            choices += long_forms if settled else [*long_forms, *self._initials(word)]
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
            if self._index.holding(tokens):
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
        known = [self._index.weight(t) for c in item.choices for t in c.tokens if t in self._index.postings]
        weight = max(known, default=1.0 if item.role == "word" else 0.3)
        if item.role == "word" and item.norm in self._index.vocabulary:
            weight = self._index.weight(item.norm)
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
