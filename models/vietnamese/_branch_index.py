"""The list of branches as an index: which names hold a token, how rare it is, what a slip may mean."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from models.vietnamese._branch_forms import Form, is_word
from models.vietnamese._branch_phrases import NameFacts
from models.vietnamese._branch_spelling import slip_quality
from models.vietnamese._branch_words import Words

_NEAR_WORDS = 12
_LONGEST_GLUED = 40
_FLAT_WEIGHTS = {"generic": 0.0, "place": 0.12, "legal": 0.6, "firm": 0.25}
_KIND_WEIGHT = 0.6
_LEAST_WEIGHT = 0.12
_LONGEST_START = 3
_VOWELS = frozenset("aeiouy")


class BranchIndex:
    """Postings, weights and the vocabulary of a list of names; built once a list."""

    def __init__(self, forms: Sequence[Form], words: Words) -> None:
        """Index the forms; `words` tells the weight of a kind."""
        self.forms = forms
        self._families = {kind.id: kind.family for kind in words.kinds.values()}
        self._words = words
        self.kinds = frozenset(words.kinds)
        self.schools = frozenset(kind.id for kind in words.kinds.values() if kind.family == "school")
        self.postings: dict[str, set[int]] = defaultdict(set)
        self.runs: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        self.numbered_words: dict[str, set[int]] = defaultdict(set)
        for place, form in enumerate(forms):
            for token in form.core | form.extra:
                self.postings[token].add(place)
            for head, tokens, share in form.runs:
                self.runs[head][tokens] = max(share, self.runs[head].get(tokens, 0.0))
            for token in form.extra:
                if token[0].islower() and "#" in token:
                    self.numbered_words[token.split("#")[0]].add(place)
        partial = {w for form in forms for t in form.core if t in words.kinds for w in words.kinds[t].partial}
        self.vocabulary = frozenset(t for form in forms for t in form.core if is_word(t) and t.isalpha()) | partial
        self.pairs = frozenset(pair for form in forms for pair in pairwise(form.order))
        self._before: dict[str, list[str]] = defaultdict(list)
        for word, following in sorted(self.pairs):
            self._before[following].append(word)
        self._side_by_side = self.pairs | words.spans
        self.openings = frozenset(self._opening(form) for form in forms)
        self.firsts = frozenset(opening[0] for opening in self.openings if opening)
        self.names = {frozenset(t for t in form.core if is_word(t)) - {"truong"} for form in forms}
        self.spellings: dict[str, set[str]] = defaultdict(set)
        for form in forms:
            for word, accent in form.accents.items():
                self.spellings[word].add(accent)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self.vocabulary):
            self._by_length[len(word)].append(word)
        self._log = math.log(len(forms) + 1) or 1.0
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}
        self.numbered_branches = any(form.core >= {"CB"} for form in forms)

    def _opening(self, form: Form) -> tuple[str, ...]:
        """Return the first two tokens of a name, without those that people leave out."""
        telling = [t for t in form.order if t != "truong" and self._families.get(t) not in ("firm", "legal")]
        return tuple(telling[:2])

    def facts(self) -> NameFacts:
        """Return what the phrase finder needs to know of the list."""
        numbers = {int(token[1:]) for token in self.postings if token[0] == "#"}
        return NameFacts(self.vocabulary, self.pairs, frozenset(numbers), frozenset(self.runs))

    def weight(self, token: str) -> float:
        """Return how much a token tells, 0 (generic) to 1 (one name only, or none)."""
        kind = self._words.kinds.get(token)
        if kind and kind.family in _FLAT_WEIGHTS:
            return _FLAT_WEIGHTS[kind.family]
        frequency = len(self.postings.get(token, ())) or 1
        rarity = max(_LEAST_WEIGHT, math.log((len(self.forms) + 1) / frequency) / self._log)
        return rarity * _KIND_WEIGHT if kind else rarity

    def implied(self, token: str) -> tuple[str, ...]:
        """Return the kinds that a kind says along: "cổ phần" a company."""
        kind = self._words.kinds.get(token)
        return kind.implies if kind else ()

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return list words that a typed word may be a slip for, with their qualities, best first."""
        known = self._near.get(word)
        if known is None:
            known = self._near[word] = self._find_near(word)
        return known

    def _find_near(self, word: str) -> tuple[tuple[str, float], ...]:
        if len(word) < 2 or not word.isalpha():
            return ()
        reach = 2 if len(word) >= 5 else 1
        pool = [v for n in range(len(word) - reach, len(word) + reach + 1) for v in self._by_length.get(n, ())]
        hits = process.extract(word, pool, scorer=OSA.distance, score_cutoff=reach, limit=_NEAR_WORDS)
        rated = [(hit[0], slip_quality(word, hit[0])) for hit in hits if hit[0] != word]
        return tuple(sorted((pair for pair in rated if pair[1] > 0), key=lambda pair: -pair[1]))

    def split_glued(self, word: str, also: frozenset[str]) -> tuple[str, ...] | None:
        """Return the words of a run typed without spaces ("thanhbinh"), fewest first, or None."""
        if not 4 <= len(word) <= _LONGEST_GLUED:
            return None
        best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
        for end in range(2, len(word) + 1):
            for start in range(end - 1):
                piece = word[start:end]
                if start not in best or not (piece in self.vocabulary or piece in also):
                    continue
                cost, head = best[start]
                cost += 1 - (0.4 if head and (head[-1], piece) in self._side_by_side else 0)
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, (*head, piece))
        parts = best.get(len(word), (0.0, ()))[1]
        return parts if len(parts) > 1 else None

    def shortened(self, start: str, following: str) -> list[str]:
        """Return the words before another in some name that begin so: "ng" before "trai" is "nguyen"."""
        if len(start) > _LONGEST_START or set(start) & _VOWELS:
            return []
        return [word for word in self._before.get(following, ()) if word.startswith(start) and word != start]

    def stand_together(self, parts: Sequence[str]) -> bool:
        """Tell whether words stand side by side in some name or kind."""
        return all(pair in self._side_by_side for pair in pairwise(parts))

    def split_letter(self, word: str) -> tuple[str, str] | None:
        """Return a word and the single letter glued to it, as some name has them: "phuca"."""
        heads = [word[:-1], *(kind for kind, _ in self._words.kind_phrases.get((word[:-1],), ()))]
        return (word[:-1], word[-1]) if any((head, f"@{word[-1]}") in self.pairs for head in heads) else None

    def holding(self, tokens: Iterable[str]) -> set[int]:
        """Return the forms that hold all tokens."""
        found: set[int] | None = None
        for token in tokens:
            postings = self.postings.get(token)
            if not postings:
                return set()
            found = set(postings) if found is None else found & postings
        return found or set()
