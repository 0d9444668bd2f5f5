"""The words by which persons' names are told from other words: models/data/names.toml."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.vietnamese.folding import fold, has_marks
from models.vietnamese.tokens import Token

_DATA = Path(__file__).parents[2] / "models" / "data" / "names.toml"


@dataclass(frozen=True, slots=True)
class Spelled:
    """Words by their spelling: with marks they must be these, without marks any will do."""

    accented: frozenset[str]
    folded: frozenset[str]

    def holds(self, token: Token, *, marked: bool = False) -> bool:
        """Tell whether a token is one of the words; in a line `marked` throughout none stands for a mark."""
        if token.norm.rstrip("_") not in self.folded:
            return False
        return token.raw in self.accented or not (marked or has_marks(token.raw))


@dataclass(frozen=True, slots=True)
class NameTables:
    """Family names and the words before and inside names."""

    family: frozenset[str]
    marked: frozenset[str]
    leads: frozenset[str]
    middle: Spelled
    named_after: Spelled
    titles: Spelled
    bodies: Spelled
    stops: Spelled
    homonyms: frozenset[str]
    given: frozenset[str]
    called: frozenset[str]
    places: frozenset[str]
    senders: re.Pattern[str]
    others: re.Pattern[str]
    others_act: re.Pattern[str]


@lru_cache(maxsize=1)
def name_tables() -> NameTables:
    """Return the tables of models/data/names.toml."""
    with _DATA.open("rb") as file:
        table = tomllib.load(file)

    def words(key: str) -> frozenset[str]:
        return frozenset(table[key].split())

    return NameTables(
        family=words("family"),
        marked=words("marked"),
        leads=words("leads"),
        middle=_spelled(table["middle"].split()),
        named_after=_spelled(table["named_after"].split()),
        titles=_spelled(table["titles"].split()),
        bodies=_spelled(table["bodies"].split()),
        stops=_spelled(table["stops"].split()),
        homonyms=words("homonyms"),
        given=words("given"),
        called=words("called"),
        places=frozenset(map(fold, table["places"])),
        senders=re.compile(table["senders"]),
        others=re.compile(table["others"]),
        others_act=re.compile(table["others_act"]),
    )


def _spelled(words: Sequence[str]) -> Spelled:
    return Spelled(frozenset(words), frozenset(map(fold, words)))
