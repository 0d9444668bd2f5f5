"""Recognises which branch of a list a person means, however the name is typed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from models.vietnamese._branch_forms import read_form
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_mentions import MentionFinder, without_figures
from models.vietnamese._branch_phrases import PhraseFinder
from models.vietnamese._branch_ranking import Ranking, Verdict
from models.vietnamese._branch_reading import Item, QueryReader
from models.vietnamese._branch_typing import TypedTokens
from models.vietnamese._branch_words import load_words
from models.vietnamese.folding import clean, fold

MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class BranchName:
    """One row of the list; `aliases` are other names an administrator gave it."""

    id: str
    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BranchMatch:
    """The branch meant, or the candidates to ask about, best first, at most six.

    With "none" the candidates are only the closest names of the list.
    """

    status: Literal["match", "ambiguous", "none"]
    branch_id: str | None
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A branch named inside a longer line, at `text[start:end]` as typed."""

    start: int
    end: int
    match: BranchMatch


class BranchNames:
    """A list of branches, ready to be matched; immutable."""

    def __init__(self, rows: Iterable[BranchName]) -> None:
        """Index the rows; every name and alias counts."""
        self._rows = tuple(rows)
        self._words = load_words()
        finder = PhraseFinder(self._words)
        texts = [text for row in self._rows for text in (row.name, *row.aliases)]
        forms = [
            read_form(place, text, row.kind, finder, self._words)
            for place, row in enumerate(self._rows)
            for name in (row.name, *row.aliases)
            for text in _names_in(name)
        ]
        self._index = BranchIndex(forms, self._words)
        finder = PhraseFinder(self._words, self._index.facts())
        self._typed = TypedTokens(self._index, finder, self._words, texts)
        self._reader = QueryReader(self._index, finder, self._words)
        self._ranking = Ranking(self._index)
        self._mentions = MentionFinder(self._index, self._ranking, self._words)
        self._spelled = _lookup(self._rows, lambda text: clean(text).lower())
        self._folded = _lookup(self._rows, fold)

    def match(self, text: str) -> BranchMatch:
        """Return the branch a text names: a match, candidates to ask about, or none.

        A name or alias typed in full wins outright; numbers and single letters are compared exactly.
        """
        outright = self._outright(text)
        if outright is not None:
            return outright
        items = self._items(text)
        verdict = self._ranking.decide(items)
        if not verdict.sure and len(items) > 1:
            verdict = self._only_mention(text, items) or verdict
        return self._answer(verdict)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions of branches inside a longer line, in order.

        A mention has a head ("chi bộ", "tổ", "công ty", ...) or is a full distinctive name; its span
        is verbatim. A branch that is not in the list is a mention with status "none".
        """
        found = self._mentions.find(text, self._items(text))
        return tuple(Mention(one.start, one.end, self._answer(one.verdict)) for one in found)

    def holding(self, text: str) -> tuple[str, ...]:
        """Return the branches whose names hold every word of a text: "hồng lam" may be more than one."""
        places = sorted(self._index.holding(fold(text).split()))
        return tuple(dict.fromkeys(self._rows[self._index.forms[place].branch].id for place in places))

    def _only_mention(self, text: str, items: list[Item]) -> Verdict | None:
        """Return the decision about the only mention among other words, if it is a sure one."""
        found = self._mentions.find(text, items)
        if len(found) != 1 or not found[0].headed or not found[0].verdict.sure:
            return None
        return found[0].verdict if self._mentions.stands_out(found[0], items) else None

    def _outright(self, text: str) -> BranchMatch | None:
        ids = self._spelled.get(clean(text).lower()) or self._folded.get(fold(text))
        if not ids:
            return None
        if len(ids) == 1:
            return BranchMatch("match", ids[0], ids)
        return BranchMatch("ambiguous", None, ids[:MOST_CANDIDATES])

    def _items(self, text: str) -> list[Item]:
        return self._reader.items(without_figures(text, self._typed.read(text)))

    def _answer(self, verdict: Verdict) -> BranchMatch:
        ids = tuple(self._rows[place].id for place in verdict.branches)[:MOST_CANDIDATES]
        if verdict.sure:
            return BranchMatch("match", ids[0], ids)
        return BranchMatch("ambiguous" if verdict.known and ids else "none", None, ids)


def _names_in(text: str) -> tuple[str, ...]:
    """Return the names one row gives: "Thôn Bãi Đông (thôn 4 cũ)" is called either way."""
    match = _BRACKETED.fullmatch(text.strip())
    if match is None:
        return (text,)
    head, other = match["name"], _FORMER.sub(" ", match["other"]).strip(" :,-")
    generic = re.match(r"\s*(?:chi bộ|đảng bộ)\b", head, re.IGNORECASE)
    if not other:
        return (head,)
    return (head, other, f"{generic.group()} {other}") if generic else (head, other)


_BRACKETED = re.compile(r"(?P<name>[^()]+)\((?P<other>[^()]{2,})\)\s*")
_FORMER = re.compile(
    r"\b(?:cũ|tên cũ|trước là|trước đây là|nay là|tức|hay|còn gọi là|gọi tắt là|viết tắt là)\b", re.IGNORECASE
)


def _lookup(rows: Iterable[BranchName], key: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        for text in (part for name in (row.name, *row.aliases) for part in {name, *_names_in(name)}):
            spelling = key(text)
            if spelling:
                found[spelling] = tuple(dict.fromkeys((*found.get(spelling, ()), row.id)))
    return found
