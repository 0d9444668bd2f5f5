"""Tells the words of a report ("họp", "có mặt") from the words of a branch name."""

import re
from collections.abc import Sequence
from itertools import pairwise

from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_reading import Item, likely_token
from models.vietnamese._branch_runs import is_code
from models.vietnamese._branch_spelling import accent_key
from models.vietnamese._branch_words import Words

_LONGEST = 3
# Without its mark and a figure behind it, such a word may be another: "benh vien mat".
_WANT_FIGURE = frozenset(("mat",))
_FIGURE = re.compile(r"[\s:=]*\d")


class ReportWords:
    """Words of a report of the table, read against the words of a list."""

    def __init__(self, index: BranchIndex, words: Words) -> None:
        """Words that stand side by side in a name of the index are no report there."""
        self._index, self._words = index, words

    def length(self, text: str, items: Sequence[Item], at: int) -> int:
        """Return the length of the words of a report here that no name holds side by side, or 0."""
        if items[at].role in ("number", "letter", "generic") or is_code(items, at) or _goes_on(text, items, at):
            return 0
        for length in range(_LONGEST, 0, -1):
            row = items[at : at + length]
            phrase = tuple(item.norm for item in row)
            accented = self._words.report.get(phrase) if len(row) == length else None
            if accented and length > 1:
                return 0 if all(pair in self._index.pairs for pair in pairwise(phrase)) else length
            if accented and row[0].accent in ("", *map(accent_key, accented)):
                return int(row[0].role != "kind" and not self._beside(items, at) and _meant(text, row[0]))
        return 0

    def _beside(self, items: Sequence[Item], at: int) -> bool:
        row = [likely_token(item) for item in items[max(0, at - 1) : at + 2]]
        return any(pair in self._index.pairs for pair in pairwise(row))


def _goes_on(text: str, items: Sequence[Item], at: int) -> bool:
    """Tell whether a capital goes on with a name of capitals: "mầm non Hoa Mai" says nothing of tomorrow."""
    typed = text[items[at].start : items[at].end]
    row = at > 0 and not items[at].breaks and items[at - 1].role == "word" and text[items[at - 1].start].isupper()
    return row and typed[:1].isupper() and typed[1:].islower() and not text.isupper()


def _meant(text: str, item: Item) -> bool:
    return item.norm not in _WANT_FIGURE or bool(item.accent) or _FIGURE.match(text, item.end) is not None
