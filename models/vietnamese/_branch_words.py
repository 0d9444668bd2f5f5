"""The table of words that say what kind of body a branch belongs to, and of words that say nothing."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Words:
    """The table, folded: phrases to kinds or long forms, with the accented spelling of each."""

    kinds: dict[str, Kind]
    kind_phrases: dict[Phrase, tuple[tuple[str, str], ...]]
    abbreviations: dict[Phrase, tuple[str, ...]]
    courtesy: dict[Phrase, str]
    report: dict[Phrase, str]
    longest: int

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


def _spellings(phrases: Iterable[str]) -> dict[Phrase, str]:
    return {phrase_of(text): text for text in phrases}


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
        report=report,
        longest=max(map(len, (*phrases, *abbreviations, *courtesy, *report))),
    )
