"""Tells words said around a branch name ("bí thư", "đây ạ") from words of the name."""

from collections.abc import Sequence
from itertools import pairwise

from models.vietnamese._branch_forms import is_letter, letter_token
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_phrases import Unit, marked, spelled
from models.vietnamese._branch_spelling import accent_key
from models.vietnamese._branch_words import Words

_LONGEST = 4


class Courtesy:
    """Courtesy words of the table, read against the words of a list."""

    def __init__(self, index: BranchIndex, words: Words) -> None:
        """Words that stand in a name of the index are not courtesy there."""
        self._index, self._words = index, words

    def length(self, units: Sequence[Unit], at: int, *, after_word: bool) -> int:
        """Return how many units from here are courtesy and nothing else, 0 for none.

        `after_word`: a word that may be of a name stands just before, so that "minh" may go on
        with it ("Thanh Bình Minh") rather than be "mình".
        """
        length = self._phrase(units, at)
        if length > 1 and not self._in_a_name(units, at, length):
            return length
        if not length or self._means_more(units[at]):
            return 0
        token = units[at].tokens[0]
        return 0 if after_word and not marked(token.raw) and token.norm in self._words.namelike else 1

    def doubtful(self, units: Sequence[Unit], at: int) -> bool:
        """Tell whether a unit that may name a branch may as well be courtesy."""
        unit = units[at]
        if len(unit.tokens) > 1 or unit.number is not None or self._in_a_name(units, at, 1):
            return False
        accented = self._words.courtesy.get((unit.norm,), ())
        raw = unit.tokens[0].raw
        if marked(raw) and accent_key(raw) not in map(accent_key, accented):
            return False
        return bool(accented) and spelled(unit.tokens[0], *accented) and self._means_more(unit)

    def _phrase(self, units: Sequence[Unit], at: int) -> int:
        """Return how many units from here are a courtesy phrase, longest first."""
        if units[at].kinds or units[at].number is not None:
            return 0
        words = [unit.tokens[0] for unit in units[at : at + _LONGEST] if len(unit.tokens) == 1]
        for length in range(len(words), 0, -1):
            accented = self._words.courtesy.get(tuple(token.norm for token in words[:length]))
            if accented and (length > 1 or spelled(words[0], *accented)):
                return length
        return 0

    def _means_more(self, unit: Unit) -> bool:
        """Tell whether a word or letter stands in a name, with the marks typed."""
        shown = marked(unit.tokens[0].raw)
        if unit.kinds:
            return True
        if is_letter(unit) or (len(unit.norm) == 1 and unit.norm not in self._index.vocabulary):
            return letter_token(unit.norm) in self._index.postings and not shown
        if shown:
            return accent_key(unit.tokens[0].raw) in self._index.spellings.get(unit.norm, ())
        return unit.norm in self._index.vocabulary

    def _in_a_name(self, units: Sequence[Unit], at: int, length: int) -> bool:
        """Tell whether units stand side by side in a name: all of a row, or one with a neighbour."""
        around = 1 if length == 1 else 0
        row = units[max(0, at - around) : at + length + around]
        pairs = list(pairwise(unit.kinds[0] if unit.kinds else unit.norm for unit in row))
        return bool(pairs) and (any if length == 1 else all)(pair in self._index.pairs for pair in pairs)
