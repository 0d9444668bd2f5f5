"""Grades of the office's own figures as they are typed: "31/121/7" in order, or numbers beside their names. Pure."""

import re
from collections.abc import Iterator

from handlers.figure_words import LEAD, NUMBER, Claim, either, value
from models.forms.amounts import part_names, read_amount
from models.forms.base import Problem
from models.forms.own_figures import OwnFigure
from models.vietnamese.folding import fold

_GRADES = (
    ("khong hoan thanh", r"khong (?:hoan thanh|ht)(?: nhiem vu)?|kht(?:nv)?"),
    ("xuat sac", r"(?:hoan thanh )?xuat sac(?: nhiem vu)?|htxs(?:nv)?|xs"),
    ("tot", r"(?:hoan thanh )?tot(?: nhiem vu)?|htt(?:nv)?"),
    ("hoan thanh", r"hoan thanh(?: nhiem vu)?|ht(?:nv)?"),
)


def graded(figure: OwnFigure, text: str) -> Iterator[Claim]:
    """Read "31/121/7" in the order of the grades, or numbers beside their names in any order."""
    if figure.indicator.kind != "parts":
        return
    found = re.fullmatch(rf"{LEAD}(?:{either(figure.typed)})(?: nam)?(?: la)?:? (?P<rest>.*)", text)
    if not found:
        return
    rest, names = found["rest"], part_names(figure.indicator)
    if re.fullmatch(r"\d[\d./;, -]*", rest):
        amounts = read_amount(rest, figure.indicator)
        missed = isinstance(amounts, Problem)
        answers = {} if isinstance(amounts, Problem) else dict(amounts.answers)
        yield Claim(figure.code, answers, doubt="count" if missed else "", typed=rest)
        return
    named = _named_parts(rest, names)
    if named is None:
        yield Claim(figure.code, doubt="count", typed=rest)
        return
    parts = [named.get(fold(name), 0) for name in names]
    missing = [name for name in names[:-1] if fold(name) not in named]
    summed = {"count": sum(parts), "parts": parts}
    yield Claim(figure.code, summed, doubt="confirm" if missing else "", typed=rest)


def _named_parts(rest: str, names: tuple[str, ...]) -> dict[str, int] | None:
    """Return the numbers by the folded name beside them, None unless every word and number is accounted for."""
    known = [(name, pattern) for name, pattern in _GRADES if name in map(fold, names)]
    known += [(fold(name), re.escape(fold(name))) for name in names if fold(name) not in dict(known)]
    one = "|".join(rf"(?P<g{place}>{pattern})" for place, (_, pattern) in enumerate(known))
    number, unit = rf"(?P<n>{NUMBER})", r"(?: (?:to chuc dang|to chuc|chi bo|dang vien|dong chi|don vi))?"
    first = rf"(?:{one})\b:? {number}{unit}" if not rest[0].isdigit() else rf"{number}{unit} (?:{one})\b"
    found: dict[str, int] = {}
    at = 0
    for match in re.finditer(rf"(?:{first})(?:[ ,;.+]+(?:va )?|$)", rest):
        name = next(known[place][0] for place in range(len(known)) if match[f"g{place}"])
        number_read = value(match["n"])
        if match.start() != at or number_read is None or name in found:
            return None
        found[name], at = number_read, match.end()
    return found if found and at == len(rest) else None
