"""The tables that turn typed tokens into the words of the grammar."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.vietnamese.folding import clean, fold
from models.vietnamese.keystrokes import keystroke_table
from models.vietnamese.tokens import tokenise

_DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form, what it means, and the patterns its neighbours must or must not match."""

    short: tuple[str, ...]
    means: str
    glued: bool = True
    left: re.Pattern[str] | None = None
    right: re.Pattern[str] | None = None
    not_left: re.Pattern[str] | None = None
    not_right: re.Pattern[str] | None = None
    accented: str = ""
    exact: bool = False

    def fits(self, before: str, after: str) -> bool:
        """Tell whether the folded words before and after allow this reading."""
        wanted = ((self.left, before), (self.right, after))
        barred = ((self.not_left, before), (self.not_right, after))
        return all(p is None or p.search(text) for p, text in wanted) and not any(
            p is not None and p.search(text) for p, text in barred
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables of the reader as one value; `with_abbreviations` adds an administrator's rows."""

    abbreviations: Mapping[str, tuple[Abbreviation, ...]]
    keystrokes: Mapping[str, str]
    homographs: Mapping[str, str]
    known: frozenset[str]
    glued: frozenset[str]
    keywords: tuple[str, ...]

    def with_abbreviations(self, rows: Iterable[tuple[str, str]]) -> "Lexicon":
        """Return a lexicon in which these (short, meaning) rows come before all others."""
        added = [_abbreviation(short, {"means": means}) for short, means in rows]
        merged = {first: list(entries) for first, entries in self.abbreviations.items()}
        for entry in reversed([one for one in added if one.short]):
            merged.setdefault(entry.short[0], []).insert(0, entry)
        return replace(self, abbreviations=_longest_first(merged))


def _abbreviation(short: str, entry: Mapping[str, Any]) -> Abbreviation:
    patterns = {key: re.compile(entry[key]) for key in ("left", "right", "not_left", "not_right") if key in entry}
    tokens = tuple(token.norm for token in tokenise(short))
    accented = clean(short).lower() if not short.isascii() else ""
    exact = bool(entry.get("exact"))
    return Abbreviation(tokens, entry["means"], " " not in short, accented=accented, exact=exact, **patterns)


def _longest_first(table: Mapping[str, Iterable[Abbreviation]]) -> dict[str, tuple[Abbreviation, ...]]:
    return {first: tuple(sorted(entries, key=lambda e: -len(e.short))) for first, entries in table.items()}


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the lexicon of the data files; raises an error of tomllib or re for a broken table."""
    abbreviations: dict[str, list[Abbreviation]] = {}
    for entry in _table("abbreviations.toml")["entry"]:
        for short in entry["short"]:
            made = _abbreviation(short, entry)
            abbreviations.setdefault(made.short[0], []).append(made)
    table = _table("keystrokes.toml")
    words = table["words"].split()
    known = frozenset(map(fold, words)) | frozenset(table["keywords"].split())
    return Lexicon(
        abbreviations=_longest_first(abbreviations),
        keystrokes=keystroke_table(words) | table["initials"],
        homographs=table["homographs"],
        known=known,
        glued=frozenset(table["glued"].split()),
        keywords=tuple(table["keywords"].split()),
    )


def _table(name: str) -> dict[str, Any]:
    with (_DATA / name).open("rb") as file:
        return tomllib.load(file)
