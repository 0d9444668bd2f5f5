"""The shapes in which one figure of the office's own is typed, made from the rows of `own_figures.csv`. Pure.

A shape that fits the whole line is clear. One that fits with unknown words around it, a number that is no plain count
("3/2", "khoảng 8", "116%"), or a number that may be of two figures gives a claim with a doubt.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from handlers.figure_grades import graded
from handlers.figure_words import (
    CLASS,
    COUNT,
    DIGITS,
    GRADE,
    JOIN,
    LEAD,
    MID,
    NUMBER,
    PERSON,
    RATIO,
    SAFE,
    SECOND,
    VAGUE,
    WHO,
    WORD,
    Claim,
    amount,
    either,
    value,
)
from models.forms.amounts import has_two
from models.forms.own_figures import OwnFigure, own_figures
from models.vietnamese.folding import fold

_WATCHED = re.compile(
    rf"{LEAD}(?:(?:tien hanh|to chuc|thuc hien) )?(?P<what>kiem tra|giam sat)(?P<both>,? (?:va )?giam sat)? {MID}"
    rf"{COUNT} (?P<whom>chi bo|to chuc dang|to chuc|don vi|{PERSON})(?P<tail>.*)"
)
_BOTH = r"(?:kiem tra,? (?:va )?giam sat|ktgs|kt ?gs)"
_PLAN_FIGURES = re.compile(rf"ke hoach (?:{_BOTH})|theo ke hoach")
_BOTH_COUNTED = re.compile(
    rf"{LEAD}(?:(?:tien hanh|to chuc|thuc hien) )?(?:{_BOTH} {MID}(?P<n>{NUMBER}) cuoc|{COUNT} cuoc {_BOTH}).*"
)
_DONE = re.compile(r"\b(?:da|vua|co|duoc)\b")
_PLACES = ("kiem_tra", "giam_sat", "chi_bo_duoc_giam_sat")


@dataclass(frozen=True, slots=True)
class _Words:
    """A figure's nouns that go with some verbs; needs: whether they mean this figure with such a verb only."""

    figure: OwnFigure
    nouns: str
    verbs: str
    needs: bool


def without_plan_figures(text: str) -> str:
    """Return a folded line without the words that speak of a plan carried out, not of one being made."""
    return _PLAN_FIGURES.sub(" ", text)


def verbs_of_all() -> re.Pattern[str]:
    """Return what matches any verb a figure is said with."""
    return _verbs(_all_words())


@cache
def _verbs(every: tuple[_Words, ...]) -> re.Pattern[str]:
    verbs = {verb for words in every for verb in words.verbs.split("|") if verb}
    return re.compile(rf"(?:(?:{WHO}) ){{0,6}}(?:{either(verbs | {'kiem tra', 'giam sat'})})\b")


def read(text: str, *, listed: bool = False) -> Claim | None:
    """Return the figure a folded clause tells; listed: it stands among others, so that a number and a noun suffice."""
    watched = _watched(text)
    if watched:
        return watched
    claims = [claim for words in _all_words() for claim in _of_words(words, text, listed=listed)]
    claims += [claim for figure in own_figures().values() for claim in graded(figure, text)]
    clear = [claim for claim in claims if not claim.doubt]
    best = max(clear or claims, key=lambda claim: (_RANK.index(claim.doubt), len(claim.typed)), default=None)
    return best or _of_several(text)


_RANK = ("confirm", "count", "which", "both", "")


# Shapes of every figure -----------------------------------------------------------------------------------------------


def _all_words() -> tuple[_Words, ...]:
    return _words_of(tuple(own_figures().values()))


@cache
def _words_of(figures: tuple[OwnFigure, ...]) -> tuple[_Words, ...]:
    return tuple(words for figure in figures for words in _words(figure))


def _words(figure: OwnFigure) -> Iterator[_Words]:
    own = [phrase for phrase in figure.typed if ">" not in phrase]
    yield _Words(figure, either(own), figure.verbs, needs=False)
    bound: dict[str, list[str]] = {}
    for phrase in figure.typed:
        verbs, _, noun = phrase.rpartition(">")
        if verbs:
            bound.setdefault(verbs, []).append(noun)
    for verbs, nouns in bound.items():
        yield _Words(figure, either(nouns), verbs, needs=True)


@cache
def _shapes(words: _Words) -> tuple[re.Pattern[str], ...]:
    noun = rf"(?P<noun>{words.nouns})\b"
    verbs = words.verbs or "(?!)"
    verb = rf"(?P<verb>{verbs}) {MID}"
    said = verb if words.needs else f"(?:{verb})?"
    after = rf"(?::? (?:da|duoc|vua|moi|la|co|tong so|thanh lap moi|nam|{verbs})\b){{0,4}}:? "
    tail = "(?P<tail>.*)"
    if words.figure.indicator.kind == "parts":
        return ()
    if has_two(words.figure.indicator):
        second = either(words.figure.second) or "(?!)"
        plain = (
            rf"(?:{either([fold(words.figure.indicator.unit.partition('/')[0]), 'to chuc', 'cuoc', 'nguoi', 'ca'])})"
        )
        counted_second = rf"{SECOND} (?P<other>{second})\b"
        shapes = [
            rf"{said}{noun}{after}{RATIO}(?: {plain})?{tail}",
            rf"{said}{RATIO} {CLASS}(?:cua )?{noun}{tail}",
            rf"{said}{COUNT} {CLASS}{noun}{JOIN}{counted_second}{tail}",
            rf"{said}{noun}{after}{COUNT} {plain}{JOIN}{counted_second}{tail}",
            rf"{said}{counted_second}{JOIN}{COUNT} {CLASS}(?P<noun>{words.nouns}|{plain})\b{tail}",
        ]
    else:
        persons = ("dang vien", "nguoi") if "dong chi" in fold(words.figure.unit) else ()
        unit = f"(?:{either([fold(words.figure.unit), *persons])})"
        shapes = [
            rf"{said}{COUNT} {CLASS}{noun}{GRADE}{tail}",
            rf"{said}{noun}{GRADE}(?: moi| lai)?{after}{COUNT}(?P<unit> {unit}\b)?{tail}",
            rf"{verb}{noun}{GRADE}(?: moi| lai)?(?: cho)? {COUNT} {PERSON}\b{tail}",
            rf"{COUNT} {PERSON} (?:da |vua )?(?:duoc nhan|duoc|nhan) (?:{verb})?{noun}{GRADE}{tail}",
        ]
    return tuple(re.compile(LEAD + shape) for shape in shapes)


@cache
def _clear_tail(verbs: str) -> re.Pattern[str]:
    done = rf"(?:[ ,]+(?:(?:da|duoc|vua|moi|lai) ){{0,3}}(?:{verbs or '(?!)'}|moi|lai))?"
    return re.compile(rf"{done}(?:[ ,]+(?:{SAFE})\b[^\d]*)?")


def _of_words(words: _Words, text: str, *, listed: bool) -> Iterator[Claim]:
    for shape in _shapes(words):
        found = shape.fullmatch(text)
        if found:
            yield from _claim(words, found, listed=listed)
    yield from _unsure(words, text)


def _claim(words: _Words, found: re.Match[str], *, listed: bool) -> Iterator[Claim]:
    named = found.groupdict()
    figure, verb, noun = words.figure, named.get("verb") or "", named["noun"]
    numbers = (named["count"], named["second"]) if "second" in named else (named["count"],)
    answers = amount(figure, *numbers)
    if answers is None:
        return
    claim = Claim(figure.code, answers, verb, typed=noun)
    tail, lead = named["tail"], found.string[: found.start(min(("count", "second", "noun"), key=_at(found)))]
    described = bool(_clear_tail(words.verbs).fullmatch(tail)) and _ends(tail)
    said = bool(verb) or listed or "second" in named or found.start("noun") < found.start("count")
    said = said or " duoc " in noun or bool(_DONE.search(f"{lead} {_done_of(words, tail)}"))
    # "Kiểm tra 3" may be of anything: what is counted, or a colon, says that it is inspections.
    of_what = noun not in ("kiem tra", "giam sat") or listed or bool(re.search(r"\bcuoc\b|:", found.string))
    if described and said and of_what:
        yield claim
    elif described or said:
        yield replace(claim, doubt="confirm", typed=found.string)


def _at(found: re.Match[str]) -> Callable[[str], int]:
    return lambda name: found.start(name) if found.groupdict().get(name) else len(found.string)


def _done_of(words: _Words, tail: str) -> str:
    """Return "da" where what follows the number says that it is done: "8 văn bản được ban hành"."""
    return "da" if words.verbs and re.match(rf"[ ,]+(?:(?:da|duoc|vua) ){{0,3}}(?:{words.verbs})\b", tail) else ""


def _ends(tail: str) -> bool:
    """Return whether what follows describes, and tells of nothing else that was counted."""
    return not re.search(rf"(?:[,;]|\bva) (?:{WORD})\b", tail)


def _unsure(words: _Words, text: str) -> Iterator[Claim]:
    """Give what a line may mean by a verb and a noun of this figure, where no shape fits it whole."""
    figure, noun = words.figure, rf"(?P<noun>{words.nouns})\b"
    verb = rf"(?P<verb>{words.verbs or '(?!)'}|trien khai)"
    number = rf"(?P<number>(?:{VAGUE} )?(?:{RATIO}|(?:{DIGITS}) ?- ?(?:{DIGITS})|(?:{DIGITS})%?|{NUMBER})|{VAGUE})"
    share = rf"{noun}(?: \w+){{0,3}} (?P<number>\d+(?:,\d+)?%)"
    for shape in (rf"\b{verb} {MID}{number} {CLASS}{noun}", rf"\b{noun} {MID}{number}(?: |$)", share):
        found = re.search(shape, text)
        if not found or (words.needs and not found.groupdict().get("verb")):
            continue
        verbal = figure.code in (*_PLACES, "hoa_tang")
        if not found.groupdict().get("verb") and not verbal and not has_two(figure.indicator):
            continue
        number_typed = found["number"]
        plain = re.fullmatch(NUMBER, number_typed)
        answers = amount(figure, number_typed) if plain and not has_two(figure.indicator) else None
        if answers:
            yield Claim(figure.code, answers, doubt="confirm", typed=text)
        elif figure.indicator.kind != "parts":
            yield Claim(figure.code, doubt="count", typed=number_typed)


# Inspections: whom they were of, and two kinds in one number ----------------------------------------------------------


def _watched(text: str) -> Claim | None:
    both = _BOTH_COUNTED.fullmatch(text)
    if both and "ke hoach" not in text:
        return Claim("kiem_tra", doubt="both", typed=both["n"] or both["count"])
    found = _WATCHED.fullmatch(text)
    if not found or value(found["count"]) is None:
        return None
    answers = {"count": value(found["count"])}
    held = () if found["both"] else ("kiem_tra" if found["what"] == "kiem tra" else "giam_sat",)
    codes = ("chi_bo_duoc_giam_sat", *held) if found["whom"] == "chi bo" else held
    choices = tuple((code, {"event": code, **answers}) for code in codes if code in own_figures())
    return Claim(choices[0][0], doubt="which", typed=text, choices=choices) if choices else None


def _of_several(text: str) -> Claim | None:
    """Return what a noun and a number say where the noun belongs to two figures: "thẻ đảng viên: 5"."""
    found = []
    for words in _all_words():
        said = re.fullmatch(rf"{LEAD}(?:{words.nouns}):? {COUNT}(?: \w+)?", text) if words.needs else None
        answers = amount(words.figure, said["count"]) if said and not has_two(words.figure.indicator) else None
        if answers:
            found.append((words.figure.code, {"event": words.figure.code, **answers}))
    codes = {code for code, _ in found}
    return Claim(found[0][0], doubt="which", typed=text, choices=tuple(found)) if len(codes) > 1 else None
