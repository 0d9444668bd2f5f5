"""The table of words that say what kind of body a branch belongs to, and of words that say nothing."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from models.vietnamese.folding import fold
from models.vietnamese.tokens import tokenise

_TABLE = Path(__file__).parents[1] / "data" / "branch_words.toml"
_HARD_FAMILIES = frozenset({"area", "school", "body"})

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body; `short` are the abbreviations that may also stand before initials."""

    id: str
    family: str
    numbered: bool
    needs_number: bool
    same_as: str
    stands_for: tuple[str, ...]
    implies: tuple[str, ...]
    partial: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def hard(self) -> bool:
        """Tell whether a branch of another kind is never meant."""
        return self.family in _HARD_FAMILIES

    @property
    def before_number(self) -> bool:
        """Tell whether a number may be glued to it; "CT1" is a code, not a "công ty"."""
        return self.numbered or self.family == "generic"


@dataclass(frozen=True, slots=True)
class Words:
    """The table, folded: phrases to kinds or long forms, with the accented spelling of each."""

    kinds: dict[str, Kind]
    kind_phrases: dict[Phrase, tuple[tuple[str, str], ...]]
    abbreviations: dict[Phrase, tuple[str, ...]]
    courtesy: dict[Phrase, tuple[str, ...]]
    namelike: frozenset[str]
    report: dict[Phrase, tuple[str, ...]]
    longest: int

    @property
    def spans(self) -> frozenset[tuple[str, str]]:
        """Return the words that stand side by side in a phrase for a kind."""
        return frozenset(pair for phrase in self.kind_phrases for pair in pairwise(phrase))

    def texts(self) -> Iterator[str]:
        """Yield every phrase for a kind, of courtesy and of a report as written."""
        for senses in self.kind_phrases.values():
            yield from (text for _, text in senses)
        for table in (self.courtesy, self.report):
            for spellings in table.values():
                yield from spellings

    @property
    def plain(self) -> frozenset[str]:
        """Return every single word that occurs in a phrase of the table."""
        tables: tuple[Iterable[Phrase], ...] = (self.kind_phrases, self.abbreviations, self.courtesy, self.report)
        return frozenset(word for table in tables for phrase in table for word in phrase)


def phrase_of(text: str) -> Phrase:
    """Return the folded tokens of a phrase."""
    return tuple(token.norm for token in tokenise(text) if token.norm.isalnum())


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(
        id=row["id"],
        family=row["family"],
        numbered=row.get("numbered", False),
        needs_number=row.get("needs_number", False),
        same_as=row.get("same_as", row["id"]),
        stands_for=tuple(row.get("stands_for", ())),
        implies=tuple(row.get("implies", ())),
        partial=tuple(word for text in row.get("partial", ()) for word in phrase_of(text)),
        short=tuple(phrase_of(text)[0] for text in row.get("short", ())),
    )


def _spellings(phrases: Iterable[str]) -> dict[Phrase, tuple[str, ...]]:
    found: dict[Phrase, tuple[str, ...]] = {}
    for text in phrases:
        found[phrase_of(text)] = (*found.get(phrase_of(text), ()), text)
    return found


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Read the table once; raises KeyError for a kind without id or family."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    phrases: dict[Phrase, tuple[tuple[str, str], ...]] = {}
    for row in table["kind"]:
        for text in (*row["forms"], *row.get("short", ())):
            phrase = phrase_of(text)
            phrases[phrase] = (*phrases.get(phrase, ()), (row["id"], text))
    abbreviations = {phrase_of(short): tuple(full) for short, full in table["abbreviations"].items()}
    courtesy = _spellings(table["courtesy"]["phrases"])
    report = _spellings(table["report"]["phrases"])
    return Words(
        kinds={row["id"]: _kind(row) for row in table["kind"]},
        kind_phrases=phrases,
        abbreviations=abbreviations,
        courtesy=courtesy,
        namelike=frozenset(fold(word) for word in table["courtesy"]["namelike"]),
        report=report,
        longest=max(map(len, (*phrases, *abbreviations, *courtesy, *report))),
    )
