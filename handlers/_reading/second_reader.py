"""A second reader, who knows no grammar, only which words labelled lines of each intent hold.

Where it is sure of another intent than the grammar found, the line is asked about, never stored (docs/adr/0010). Its
weights are models/data/second_reader.csv, made from tests/language by `python -m tests.language.teach`.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp
from pathlib import Path

TABLE = Path(__file__).parents[2] / "models" / "data" / "second_reader.csv"
BIAS = ""  # the feature that every line has
_WORD = re.compile(r"(@b)~?#*|(@doc)#*|(#)#*|([a-z_]+|[/?:!>%-])|\d+")
_FIGURE = "0"
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Opinion:
    """The likeliest intent of a line, and how likely it is among all (0 to 1)."""

    intent: str
    share: float


def features(told: str) -> frozenset[str]:
    """Return the words of a line, its neighbours and those with one word between; of names and figures only the kind.

    `told` is the line as the grammar decides on it: normalised, branches as "@b", documents as "@doc", the rest "#".
    """
    words = ["^", *(match[match.lastindex] if match.lastindex else _FIGURE for match in _WORD.finditer(told)), "$"]
    pairs = (f"{a} {b}" for a, b in pairwise(words))
    apart = (f"{a} * {b}" for a, b in zip(words, words[2:], strict=False))
    return frozenset((BIAS, *words, *pairs, *apart))


def opinion(told: str) -> Opinion:
    """Return what the second reader takes a line for."""
    weights = _weights()
    sums: dict[str, int] = {}
    for feature in features(told):
        for intent, weight in weights.get(feature, {}).items():
            sums[intent] = sums.get(intent, 0) + weight
    shares = {intent: 1 / (1 + exp(-weight / _WHOLE)) for intent, weight in sums.items()}
    best = max(shares, key=lambda intent: shares[intent])
    return Opinion(best, shares[best] / sum(shares.values()))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, Mapping[str, int]]:
    """Return the weights in hundredths: whole numbers add up to the same in any order."""
    table: dict[str, dict[str, int]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["feature"], {})[row["intent"]] = round(_WHOLE * float(row["weight"]))
    return table
