"""Which events a line tells of, from weighted cues and the guards that bar storing."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[2] / "models" / "data" / "cues.toml"
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
    cues = {
        intent: tuple((int(weight), re.compile(pattern)) for weight, pattern in rows)
        for intent, rows in table["intents"].items()
    }
    guards = {name: re.compile("|".join(f"(?:{p})" for p in patterns)) for name, patterns in table["guards"].items()}
    return cues, guards


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


def guards(text: str) -> frozenset[str]:
    """Return the names of the guards a normalised text trips."""
    return frozenset(name for name, pattern in _tables()[1].items() if pattern.search(text))


@lru_cache(maxsize=1)
def verb_spellings() -> Mapping[str, str]:
    """Return how the words that end a branch name are spelled, by their folded form."""
    with _DATA.open("rb") as file:
        spelled: dict[str, str] = tomllib.load(file)["verbs"]
    return spelled
