"""Ranks the branches of a list for the items of a query and decides: match, ask, or not in the list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum  # the order of a set must not settle which of two is offered first

from models.vietnamese._branch_forms import Form, is_word
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_reading import Choice, Item

SURE, WORTH_ASKING, MARGIN = 0.8, 0.5, 0.07
_MOST_CONTENDERS = 64
_UNKNOWN_AFTER_NUMBER = 0.25  # "tổ 5 Hoàng Mai": the number already tells which one
_OPTIONAL = 0.15  # how much of its weight a courtesy word that some name also holds counts when unmet
_CLOSEST = 3
_OTHER_MARKS = 2  # so many words, and all of them, typed with other marks are other words
_LEFT_OUT = frozenset(("truong",))  # of a school: "thpt lê quý đôn" is the whole name


@dataclass(frozen=True, slots=True)
class Hit:
    """A form with its score (0 to 1) and what of it was said."""

    place: int
    branch: int
    score: float
    full: bool = False
    coverage: float = 0.0
    accents: int = 0  # words whose marks differ from what was typed with marks
    words: int = 0  # words said of it
    jumbled: bool = False
    lettered: bool = False
    plain: bool = False  # the number without the letter that the others have: 12 beside 12A


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision: branches best first; one and `sure` is a match, none is not in the list."""

    branches: tuple[int, ...]
    sure: bool = False
    known: bool = True
    score: float = 0.0


class Ranking:
    """Scores queries against one index."""

    def __init__(self, index: BranchIndex) -> None:
        """Rank the forms of an index."""
        self._index = index

    def decide(self, items: Sequence[Item]) -> Verdict:
        """Return the decision for the items of a query."""
        verdict = self._decide(items)
        if verdict.sure or not any(map(_may_be_particle, items)):
            return verdict
        other = self._decide([item for item in items if not _may_be_particle(item)])
        return other if other.sure or not verdict.known else verdict

    def _decide(self, items: Sequence[Item]) -> Verdict:
        hits = self._rank(items)
        if not hits or hits[0].score < WORTH_ASKING:
            return Verdict(self._closest(items), known=False)
        return self._verdict(items, hits)

    def _verdict(self, items: Sequence[Item], hits: list[Hit]) -> Verdict:
        top = hits[0].score
        near = [self._detail(items, hit) for hit in hits[:_MOST_CONTENDERS] if hit.score >= top - MARGIN]
        near.sort(key=lambda hit: (-hit.full, -round(hit.score, 3), hit.accents, hit.jumbled, -hit.coverage))
        branches = tuple(dict.fromkeys(hit.branch for hit in near))
        if top < SURE:
            more = tuple(hit.branch for hit in hits[:_MOST_CONTENDERS] if hit.score >= top - 2 * MARGIN)
            return Verdict(tuple(dict.fromkeys(branches + more)), score=top)
        best = _outright(near)
        if near[0].accents >= _OTHER_MARKS and near[0].accents == near[0].words:
            return Verdict(branches, score=top)  # "Hạnh, Phúc" are no "hành", "phục"
        if best is not None:
            return Verdict((best, *(b for b in branches if b != best)), sure=True, score=top)
        return Verdict(branches, sure=len(branches) == 1, score=top)

    def _rank(self, items: Sequence[Item]) -> list[Hit]:
        weight = sum(item.weight * (_OPTIONAL if item.optional else 1.0) for item in items)
        allowed = self._allowed(items)
        if allowed is not None and not allowed:
            return []
        value: dict[int, float] = defaultdict(float)
        said: dict[int, float] = defaultdict(float)
        due: dict[int, float] = defaultdict(float)
        used: dict[int, set[str]] = defaultdict(set)
        for item in sorted(items, key=_exactness, reverse=True):
            for place, (quality, tokens) in self._met(item, allowed).items():
                if quality < 1 and used[place].issuperset(tokens):
                    continue  # "hạ" of "Đông Hòa Hạ" is not "Hòa" once more
                used[place].update(tokens)
                value[place] += item.weight * quality
                said[place] += item.weight
                due[place] += item.weight * (_OPTIONAL if item.optional else 1.0)
        bound = any(item.role == "number" and item.bound for item in items)
        hits = []
        for place, got in value.items():
            form = self._index.forms[place]
            unknown = _UNKNOWN_AFTER_NUMBER if bound and form.wordless else 1.0
            if got > 0:
                hits.append(Hit(place, form.branch, got / (said[place] + (weight - due[place]) * unknown)))
        return sorted(hits, key=lambda hit: (-hit.score, hit.place))

    def _allowed(self, items: Sequence[Item]) -> set[int] | None:
        allowed: set[int] | None = None
        for item in items:
            if not item.hard:
                continue
            holding = set().union(*(self._index.holding(choice.tokens) for choice in item.choices))
            if item.after:  # "phòng giao dịch số 5" is not "phòng giao dịch số 4 ... khu vực 5"
                holding -= self._index.numbered_words.get(item.after, set()) - self._index.holding(
                    (f"{item.after}{item.choices[0].tokens[0]}",)
                )
            allowed = holding if allowed is None else allowed & holding
        return allowed

    def _met(self, item: Item, allowed: set[int] | None) -> dict[int, tuple[float, tuple[str, ...]]]:
        met: dict[int, tuple[float, tuple[str, ...]]] = {}
        if not item.weight:
            return met
        for choice in sorted(item.choices, key=lambda choice: -choice.quality):
            places = self._index.holding(choice.tokens)
            for place in places if allowed is None else places & allowed:
                met.setdefault(place, (choice.quality, choice.tokens))
        return met

    def _closest(self, items: Sequence[Item]) -> tuple[int, ...]:
        hits = self._rank([replace(item, hard=False) for item in items])
        return tuple(dict.fromkeys(hit.branch for hit in hits))[:_CLOSEST]

    def _detail(self, items: Sequence[Item], hit: Hit) -> Hit:
        form = self._index.forms[hit.place]
        pairs = [(item, choice) for item in items if (choice := _choice_in(form, item))]
        said = {token for _, choice in pairs for token in choice.tokens}
        said |= {implied for token in said for implied in self._index.implied(token)}
        if any(item.role == "generic" and Choice(("CB",), 1.0) in item.choices for item in items):
            said.add("CB")
        weights = {token: self._index.weight(token) or 0.1 for token in form.core}
        unsaid = form.core - said - (_LEFT_OUT if form.core & self._index.schools else frozenset())
        lettered = any(token[0] == "@" for token in form.core)
        return replace(
            hit,
            full=not unsaid,
            lettered=lettered,
            plain=_has_number(form) and not lettered and unsaid <= self._index.kinds,
            coverage=fsum(weights[token] for token in form.core & said) / (fsum(weights.values()) or 1.0),
            accents=sum(_accent_differs(form, item, choice) for item, choice in pairs),
            words=sum(is_word(token) for _, choice in pairs for token in choice.tokens),
            jumbled=_jumbled(form, [token for _, choice in pairs for token in choice.tokens]),
        )


def _exactness(item: Item) -> float:
    return max((choice.quality for choice in item.choices), default=0.0)


def _may_be_particle(item: Item) -> bool:
    """Tell whether a letter may be "ạ", "em" or "không" in short, typed without its mark."""
    return item.role == "letter" and item.hard and item.norm in "aek" and not item.glued and not item.typed


def _outright(near: Sequence[Hit]) -> int | None:
    """Return the branch that is told apart from the other contenders, if one is.

    A name said in full wins over names it is a part of; between equals, the marks and the order
    of the words decide.
    """
    full = [hit for hit in near if hit.full] or _plainest(near)
    rivals = full or list(near)
    for key in ("accents", "jumbled"):
        least = min(getattr(hit, key) for hit in rivals)
        rivals = [hit for hit in rivals if getattr(hit, key) == least]
    branches = {hit.branch for hit in rivals}
    return next(iter(branches)) if len(branches) == 1 and (full or len(near) > 1) else None


def _plainest(near: Sequence[Hit]) -> list[Hit]:
    plain = [hit for hit in near if hit.plain]
    return plain if all(hit.plain or hit.lettered for hit in near) else []


def _has_number(form: Form) -> bool:
    return any(token[0] == "#" for token in form.core)


def _choice_in(form: Form, item: Item) -> Choice | None:
    held = form.core | form.extra
    fitting = [choice for choice in item.choices if held.issuperset(choice.tokens)]
    return max(fitting, key=lambda choice: choice.quality, default=None)


def _accent_differs(form: Form, item: Item, choice: Choice) -> bool:
    if not item.typed or len(choice.tokens) > 1 or choice.quality < 1:
        return False
    return form.accents.get(choice.tokens[0], item.typed) != item.typed


def _jumbled(form: Form, said: Sequence[str]) -> bool:
    """Tell whether the words of a name were said in another order than they stand in it."""
    words = [token for token in said if is_word(token) and token in form.order]
    order = iter(form.order)  # a name may hold a word twice: "Khoa Nội - Bệnh viện Đa khoa"
    return not all(word in order for word in words)
