"""What a branch name says: its kinds, numbers, letters and words, and the initials people build of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from models.vietnamese._branch_phrases import PhraseFinder, Unit, marked
from models.vietnamese._branch_spelling import accent_key
from models.vietnamese._branch_words import Words
from models.vietnamese.tokens import tokenise

_LONGEST_RUN = 8


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a branch, its name or an alias.

    `core` must all be said to name it in full; `extra` may be said besides; `order` are its words
    in order; `runs` are initials with the tokens they stand for and the share of the words covered.
    """

    branch: int
    core: frozenset[str]
    extra: frozenset[str]
    accents: dict[str, str]
    order: tuple[str, ...]
    runs: tuple[tuple[str, tuple[str, ...], float], ...]

    @property
    def wordless(self) -> bool:
        """Tell whether only kinds, numbers and letters name it: "Tổ dân phố số 5"."""
        return not any(map(is_word, self.core))


def number_tokens(value: int, bound: str) -> tuple[str, str]:
    """Return the tokens of a number: as such, and as bound to a kind or to none ("?")."""
    return f"#{value}", f"{bound or '?'}#{value}"


def letter_token(letter: str) -> str:
    """Return the token of a single letter such as the A of "Kim Sơn A"."""
    return f"@{letter}"


def is_letter(unit: Unit) -> bool:
    """Tell whether a unit is a single letter that sets apart ("A"); "y" and "ô" are words."""
    token = unit.tokens[0]
    return len(unit.norm) == 1 and unit.norm not in "oy" and not marked(token.raw)


def is_word(token: str) -> bool:
    """Tell whether a token is a folded word, not a kind, number or letter."""
    return token[0].islower() and "#" not in token


def unit_tokens(unit: Unit) -> tuple[str, ...]:
    """Return the core tokens of one unit of a name, none for words such as "số"."""
    if unit.number is not None:
        return number_tokens(unit.number, unit.bound)[:1]
    if unit.kinds:
        return () if unit.kinds[0] in ("SO", "CB") else unit.kinds[:1]
    return (letter_token(unit.norm),) if is_letter(unit) else (unit.norm,)


def read_form(branch: int, text: str, kind: str, finder: PhraseFinder, words: Words) -> Form:
    """Return what a name or alias says; `kind` is the kind of the branch in the list, or ""."""
    units = _numbers_after([_as_written(unit, text) for unit in finder.units(tokenise(text))])
    core = [token for unit in units for token in unit_tokens(unit)]
    says_branch = any(unit.kinds[:1] == ("CB",) for unit in units)
    if says_branch and not any(is_word(token) or token in words.kinds for token in core):
        core.append("CB")
    extra = {*_extras(units, words), *_by_kind(units, finder.units(tokenise(kind.replace("_", " "))))}
    if says_branch:
        extra.add("CB")
    return Form(
        branch=branch,
        core=frozenset(core),
        extra=frozenset(extra - set(core)),
        accents={u.norm: accent_key(u.tokens[0].raw) for u in units if not u.kinds and u.number is None},
        order=tuple(core),
        runs=tuple(_runs(units, words)),
    )


def _as_written(unit: Unit, text: str) -> Unit:
    """Return a unit of a name, where "Ca" in "Sơn Ca" is a word and only "CA" a "công an"."""
    token = unit.tokens[0]
    typed = text[token.start : token.end]
    plain = len(unit.tokens) == 1 and len(typed) <= 3 and typed.istitle() and typed.isascii() and len(typed) > 1
    return replace(unit, kinds=()) if plain and unit.kinds else unit


def _numbers_after(units: list[Unit]) -> list[Unit]:
    """Return the units with each free number told which word it stands after: "Sơn Ca 2", where "Ca" is no kind."""
    before = [None, *units]
    return [
        replace(unit, after=last.norm)
        if last and unit.number is not None and not (unit.bound or unit.after or unit.breaks or last.kinds)
        else unit
        for last, unit in zip(before, units, strict=False)
    ]


def _extras(units: list[Unit], words: Words) -> Iterator[str]:
    for unit in units:
        if unit.number is not None:
            yield number_tokens(unit.number, unit.bound)[1]
            if unit.after:
                yield f"{unit.after}#{unit.number}"
        for kind in () if unit.kinds[:1] == ("SO",) else unit.kinds[:1]:
            yield from words.kinds[kind].implies
            yield from words.kinds[kind].partial
            if words.kinds[kind].family == "school":
                yield "truong"
            if len(unit.tokens) == 1 and len(unit.norm) > 1:
                yield unit.norm


def _by_kind(units: list[Unit], kinds: list[Unit]) -> Iterator[str]:
    """Yield the tokens that the column `kind` adds: a "Chi bộ 5" may be a "tổ dân phố 5"."""
    for kind in (kind for unit in kinds for kind in unit.kinds[:1]):
        yield kind
        for unit in units:
            if unit.number is not None and unit.bound in ("", "CB"):
                yield number_tokens(unit.number, kind)[1]


def _initials(unit: Unit, words: Words) -> tuple[str, ...]:
    if unit.kinds == ("SO",):
        return ("",)
    if unit.number is not None or unit.kinds[:1] == ("CB",):
        return ()
    letters = "".join(token.norm[0] for token in unit.tokens)
    if not unit.kinds:
        return (letters,)
    return tuple(dict.fromkeys((*words.kinds[unit.kinds[0]].short, letters)))


def _runs(units: list[Unit], words: Words) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Yield the initials of every row of two or more neighbouring units of a name."""
    told = sum(not unit.kinds and unit.number is None for unit in units) or 1
    options = [_initials(unit, words) for unit in units]
    for start in range(len(units)):
        heads: list[str] = [""]
        tokens: tuple[str, ...] = ()
        for end in range(start, min(len(units), start + _LONGEST_RUN)):
            if not options[end]:
                break
            heads = [head + option for head in heads for option in options[end]][:6]
            tokens = (*tokens, *unit_tokens(units[end]))
            if end > start or (len(units[end].tokens) > 1 and units[end].kinds):
                share = sum(map(is_word, tokens)) / told
                yield from ((head, tokens, share) for head in heads)
