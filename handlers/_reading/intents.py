"""Which events a line tells of, from weighted cues and the guards that bar storing."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[2] / "models" / "data" / "cues.toml"
_AT_WORD = r"\b"
Cue = tuple[int, re.Pattern[str]]

EVENTS = ("meeting_held", "meeting_postponed", "meeting_not_held", "admission", "official_transfer", "transfer")


@dataclass(frozen=True, slots=True)
class Found:
    """The weight of an intent's cues and where its first strong cue stands."""

    weight: int
    start: int
    end: int


@lru_cache(maxsize=1)
def _tables() -> tuple[Mapping[str, Sequence[Cue]], Mapping[str, re.Pattern[str]]]:
    with _DATA.open("rb") as file:
        table = tomllib.load(file)
    parts = sentence_parts()
    cues = {
        intent: tuple((int(weight), re.compile(_filled(pattern, parts))) for weight, pattern in rows)
        for intent, rows in table["intents"].items()
    }
    guards = {name: _any_of([_filled(p, parts) for p in patterns]) for name, patterns in table["guards"].items()}
    return cues, guards


@lru_cache(maxsize=1)
def sentence_parts() -> Mapping[str, str]:
    """Return the patterns that others are built with, such as how a question ends."""
    with _DATA.open("rb") as file:
        parts: dict[str, str] = tomllib.load(file)["parts"]
    return parts


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """Return a pattern with its named parts, written "{tail}", put in."""
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return pattern


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """Return one pattern for all; where each begins at a word, the branches are only tried there."""
    words_only = not any(re.search(r"(?<!\[)\^", pattern) or pattern.startswith(r"\?") for pattern in patterns)
    if not words_only:
        return re.compile("|".join(f"(?:{p})" for p in patterns))
    return re.compile(_AT_WORD + "(?:" + "|".join(f"(?:{p.removeprefix(_AT_WORD)})" for p in patterns) + ")")


def weigh(text: str) -> dict[str, Found]:
    """Return the intents whose cues a normalised text holds, with their summed weight."""
    found: dict[str, Found] = {}
    for intent, rows in _tables()[0].items():
        hits = [(weight, match) for weight, pattern in rows if (match := pattern.search(text))]
        if hits:
            strongest = max(weight for weight, _ in hits)
            first = min((m for w, m in hits if w == strongest), key=lambda m: m.start())
            found[intent] = Found(sum(weight for weight, _ in hits), first.start(), first.end())
    return found


def weight(found: Mapping[str, Found], intent: str) -> int:
    """Return the weight of an intent's cues, 0 where none was found."""
    return found[intent].weight if intent in found else 0


def guards(text: str) -> frozenset[str]:
    """Return the names of the guards a normalised text trips."""
    return frozenset(name for name, pattern in _tables()[1].items() if pattern.search(text))


def trips(text: str, guard: str) -> bool:
    """Tell whether a normalised text trips one guard."""
    return _tables()[1][guard].search(text) is not None


@lru_cache(maxsize=1)
def verb_spellings() -> Mapping[str, str]:
    """Return how the words that end a branch name are spelled, by their folded form."""
    with _DATA.open("rb") as file:
        spelled: dict[str, str] = tomllib.load(file)["verbs"]
    return spelled
