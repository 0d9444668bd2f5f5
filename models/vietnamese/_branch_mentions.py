"""Finds where a longer line names a branch, without swallowing its dates and figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.vietnamese._branch_forms import is_word
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_ranking import SURE, Ranking, Verdict
from models.vietnamese._branch_reading import Item
from models.vietnamese._branch_words import Words
from models.vietnamese.tokens import Token

# Dates, fractions, times, money, phones and document numbers are never a part of a branch name.
_PROTECTED = re.compile(
    r"https?://\S+|\d+\s*[/]\s*\d+(?:\s*[/]\s*\d+)?|\b\d{1,2}\s*(?:h|g|giờ|gio|:)\s*(?:\d{2})?(?!\w)|\d{8,}"
    r"|\d+\s*%|\d{1,2}[-.]\d{1,2}[-.]\d{2,4}|\d+\s*-\s*(?:CT|NQ|KH|HD|QĐ|BC|TB|CV|TTr)\b[-/\w]*",
    re.IGNORECASE,
)
_LONGEST = 14
_MOST_UNKNOWN = 4
_TITLES = frozenset("dc ong ba anh chi bac co chu d em chau dv".split())
_ABSENCE = frozenset("vang v cp p phep kp".split())
_LETTERS_IN_LINE = frozenset("ab")


@dataclass(frozen=True, slots=True)
class Found:
    """A mention with its offsets and the decision about it."""

    start: int
    end: int
    verdict: Verdict


def without_figures(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with each date, fraction, time and the like replaced by a comma."""
    spans = [match.span() for match in _PROTECTED.finditer(text)]
    found: list[Token] = []
    for token in tokens:
        if any(start <= token.start < end for start, end in spans):
            token = Token(",", ",", token.start, token.end, token.spaced)
        found.append(token)
    return found


class MentionFinder:
    """Finds mentions among the items of a line."""

    def __init__(self, index: BranchIndex, ranking: Ranking, words: Words) -> None:
        """Look for the branches of one index."""
        self._index, self._ranking, self._words = index, ranking, words
        self._names = {frozenset(t for t in form.core if is_word(t)) for form in index.forms}

    def find(self, text: str, items: Sequence[Item]) -> Iterator[Found]:
        """Yield the mentions in order; they never overlap."""
        at = 0
        while at < len(items):
            found, used = self._at(text, items, at)
            if found:
                yield found
            at += max(1, used)

    def _at(self, text: str, items: Sequence[Item], at: int) -> tuple[Found | None, int]:
        if self._is_head(items, at):
            run = self._run(items, at)
            found = self._headed(text, run)
            return found, len(run) if found else 0
        run = self._bare_run(text, items, at)
        verdict = self._ranking.decide(run) if run else None
        if run and verdict and verdict.known and verdict.score >= SURE:
            return Found(run[0].start, run[-1].end, verdict), len(run)
        return None, 0

    def _is_head(self, items: Sequence[Item], at: int) -> bool:
        item = items[at]
        if item.role == "generic":
            return item.norm != "so" and item.norm != "va"
        if item.norm == "kp" and any(before.norm in _ABSENCE for before in items[max(0, at - 3) : at]):
            return False
        if item.role == "kind":
            families = {self._words.kinds[t].family for c in item.choices for t in c.tokens if t in self._words.kinds}
            return not families <= {"place", "legal"} and not self._reports(items, at)
        return item.norm == "truong" and bool(item.choices)

    def _reports(self, items: Sequence[Item], at: int) -> bool:
        """Tell whether a word of a report stands here, that no name holds beside its neighbour."""
        if items[at].role in ("number", "letter", "generic"):
            return False
        for length in (3, 2, 1):
            phrase = tuple(item.norm for item in items[at : at + length])
            if len(phrase) == length and phrase in self._words.report:
                return length > 1 or not (items[at].role == "kind" or self._beside(items, at))
        return False

    def _beside(self, items: Sequence[Item], at: int) -> bool:
        here = items[at].norm
        before = items[at - 1].norm if at else ""
        after = items[at + 1].norm if at + 1 < len(items) else ""
        return (before, here) in self._index.pairs or (here, after) in self._index.pairs

    def _run(self, items: Sequence[Item], at: int) -> list[Item]:
        """Return the items from a head up to where the name must have ended."""
        run = [items[at]]
        numbered, unknown = False, 0
        for place in range(at + 1, min(len(items), at + _LONGEST)):
            item = items[place]
            if item.breaks or item.role == "courtesy" or self._reports(items, place):
                break
            if item.role == "number" and numbered and run[-1].role != "kind":
                break
            if item.role == "letter" and (item.optional or item.norm not in _LETTERS_IN_LINE):
                break
            if item.role == "word" and not _known(item):
                unknown += 1
                if numbered or unknown > _MOST_UNKNOWN:
                    break
            if item.role == "generic" and item.norm != "so":
                break
            numbered = numbered or item.role == "number"
            run.append(item)
        while len(run) > 1 and run[-1].norm == "so":
            run.pop()
        return run

    def _headed(self, text: str, run: list[Item]) -> Found | None:
        said = [item for item in run if item.role in ("word", "number", "letter") and item.norm != "truong"]
        verdict = self._ranking.decide(run)
        if not said:
            spelled_out = any(item.role == "kind" and item.end - item.start > 3 for item in run)
            headed = run[0].role == "generic" and len(run) > 1
            if not (verdict.sure and (spelled_out or headed or len(run) > 1)):
                return None
        elif run[0].role == "generic" and not any(_known(item) for item in run[1:]):
            first = text[said[0].start]
            if not (first.isupper() and not text.isupper()):
                return None
        best, shown = self._best_prefix(run, verdict)
        return Found(run[0].start, shown[-1].end, best)

    def _best_prefix(self, run: list[Item], verdict: Verdict) -> tuple[Verdict, list[Item]]:
        """Return the decision and the part of a run to show.

        After a number the name has ended unless more of it fits; unknown words keep the doubt they
        raise ("Thanh Bình Minh" is not "Thanh Bình"), but are not shown.
        """
        if verdict.sure and verdict.score > SURE + 0.1:
            return verdict, run
        for end in range(len(run) - 1, 1, -1):
            head, rest = run[:end], run[end:]
            if not any(item.role == "number" for item in head):
                continue
            shorter = self._ranking.decide(head)
            if shorter.known and shorter.score > verdict.score + 0.05 and not any(i.role == "kind" for i in rest):
                return shorter, head
        return verdict, run

    def _bare_run(self, text: str, items: Sequence[Item], at: int) -> list[Item]:
        """Return the items of a full distinctive name that begins here without a head."""
        first = items[at]
        if first.role != "word" or not first.choices or self._reports(items, at) or self._in_person_name(text, items, at):
            return []
        if self._is_initials(first):
            return [first]
        run = [first]
        for item in items[at + 1 : at + _LONGEST]:
            if item.breaks or item.role != "word" or (run[-1].norm, item.norm) not in self._index.pairs:
                break
            run.append(item)
        while len(run) > 1 and frozenset(item.norm for item in run) not in self._names:
            run.pop()
        following = items[at + len(run)] if at + len(run) < len(items) else None
        if len(run) > 1 and following and following.role == "letter" and following.norm in _LETTERS_IN_LINE:
            run.append(following)
        return run if len(run) > 1 else []

    def _is_initials(self, item: Item) -> bool:
        if len(item.norm) < 4 or item.norm in self._index.vocabulary:
            return False
        return any(len(choice.tokens) >= 3 and choice.quality >= 0.9 for choice in item.choices)

    def _in_person_name(self, text: str, items: Sequence[Item], at: int) -> bool:
        if not at or items[at].breaks:
            return False
        before = items[at - 1]
        last = before.norm.split()[-1] if before.norm else ""
        if last in _TITLES or before.norm in ("dong chi", "d c"):
            return True
        capital = text[before.start].isupper() and text[items[at].start].isupper() and not text.isupper()
        return capital and before.role == "word" and not before.choices


def _known(item: Item) -> bool:
    return item.role != "word" or any(choice.quality >= 0.8 for choice in item.choices)
