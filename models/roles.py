"""The roles' words: how a role is written on an account's label, and how people type it."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.vietnamese.folding import fold

_SOURCE = Path(__file__).parent / "data" / "roles.csv"


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role's id, its label in Vietnamese, and its folded typed forms."""

    role: str
    label: str
    typed: tuple[str, ...]


@cache
def role_words() -> dict[str, RoleWords]:
    """Return the words of every role by its id."""
    with _SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = [RoleWords(row["role"], row["label"], tuple(row["typed"].split(";"))) for row in csv.DictReader(lines)]
    return {row.role: row for row in rows}


def typed_role(text: str) -> str | None:
    """Return the role someone typed, by its id or its Vietnamese words, or None."""
    folded = " ".join(fold(text).split())
    return next((words.role for words in role_words().values() if folded == words.role or folded in words.typed), None)
