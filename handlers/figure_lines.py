"""What an office says of its committee's own figures in one line, clear or not: nothing is taken by similarity. Pure.

A line is clear when it is made of words this module knows alone: who, that it is done, the number, what is counted, and
a description after it. What is understood but not clear is a claim with a doubt, to be asked about.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from handlers import figure_shapes
from handlers.figure_time import When, taken_out
from handlers.figure_words import Claim
from models.vietnamese.folding import clean, fold

_NOT_DONE_WORDS = re.compile(
    r"\?|\b(?:du kien|chuan bi|de nghi|yeu cau|bao nhieu|ngay mai|sang mai|(?:tuan|thang|quy|nam) (?:sau|toi)"
    r"|phan dau|chi tieu|de xuat|muc tieu|truoc ngay)\b"
)
LONGEST = 400  # characters of a line that tells figures; a longer text is no report of them
_PLANNED = re.compile(r"\b(?:ke hoach|kh) (?:da |cua |nam |thang |quy )*(?P<deed>\w.*)")
_GRADE_NOT = re.compile(r"\bkhong (?=hoan thanh|ht)")  # "không hoàn thành" is a grade
_WORDS = Path(__file__).parents[1] / "models" / "data" / "own_figure_words.toml"
_SPELT = (("d/c", "dong chi"), ("kt,gs", "ktgs"), ("kt-gs", "ktgs"), ("kt/gs", "ktgs"))
_ASIDE = re.compile(r"\((?:\d+(?:[.,]\d+)?%|[^)]*%[^)]*)\)")


@dataclass(frozen=True, slots=True)
class Said:
    """The claims of a line and the time it names."""

    claims: tuple[Claim, ...]
    when: When

    @property
    def clear(self) -> bool:
        """Whether every claim may be stored as it is."""
        return bool(self.claims) and not any(claim.doubt for claim in self.claims)


def read(line: str, today: date) -> Said:
    """Return what a line says; no claims where it is no figure of the office's own."""
    text = _plain(line)
    if not text or len(text) > LONGEST or _is_not_done(line, text):
        return Said((), When())
    text, when = taken_out(text, today, figure_shapes.verbs_of_all())
    begins = when.day or (when.period.first if when.period else today)
    return Said((), When()) if begins > today else Said(_claims(text), when)


def _plain(line: str) -> str:
    text = _ASIDE.sub(" ", fold(line)).replace("\n", "; ")
    for typed, meant in _SPELT:
        text = text.replace(typed, meant)
    text = re.sub(r"\s*(?:[:=]|\s[-–]\s)[\s:=-]*", ": ", text)  # one colon, whatever parts a name from its number
    return " ".join(text.split()).strip(" .!,;:")


def _is_not_done(line: str, folded: str) -> bool:
    words = re.findall(r"\w+", clean(line).lower())
    followed = zip(words, [*words[1:], ""], strict=True)
    said = {word for word, after in followed if fold(word) != "khong" or fold(after) not in ("hoan", "ht")}
    if said & _not_done() or _NOT_DONE_WORDS.search(_GRADE_NOT.sub("", folded)):
        return True
    plan = _PLANNED.search(figure_shapes.without_plan_figures(folded))
    return plan is not None and figure_shapes.verbs_of_all().match(plan["deed"]) is not None


@cache
def _not_done() -> frozenset[str]:
    """Return the words of what is not done: with marks the word itself, without them what means nothing else."""
    return frozenset(tomllib.loads(_WORDS.read_text(encoding="utf-8"))["not_done"])


def _claims(text: str) -> tuple[Claim, ...]:
    whole = figure_shapes.read(text)
    if whole and not whole.doubt:
        return (whole,)
    for parts in _split(text):
        found = _each(parts)
        if found:
            return found
    return (whole,) if whole else ()


def _split(text: str) -> Iterator[list[str]]:
    for pattern in (r"\s*;\s*", r"\s*[;,]\s+|\s+va\s+", r"\s*[;,+]\s*|\s+va\s+"):
        parts = [part for part in re.split(pattern, text) if part]
        if len(parts) > 1:
            yield parts


def _each(parts: Sequence[str]) -> tuple[Claim, ...]:
    """Return a clear claim for each part, () where one has none; a verb said once holds for what follows it."""
    found: list[Claim] = []
    verb = ""
    for part in parts:
        claim = figure_shapes.read(part, listed=True)
        if (claim is None or claim.doubt) and verb:
            claim = figure_shapes.read(f"{verb} {part}", listed=True) or claim
        if claim is None or claim.doubt:
            return ()
        verb = claim.verb or verb
        found.append(claim)
    return tuple(found)
