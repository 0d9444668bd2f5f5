"""How an office types the committee's own figures: read as `own_figure_lines.txt` has it, or asked about."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from handlers.figure_lines import Said, read
from handlers.figure_words import Claim
from models.forms.own_figures import own_figures

TODAY = date(2022, 3, 16)
TABLE = Path(__file__).parent / "own_figure_lines.txt"
LINES = [
    tuple(part.strip() for part in row.split("=> ", 1))
    for row in TABLE.read_text(encoding="utf-8").splitlines()
    if "=>" in row and not row.startswith("#")
]
PHRASINGS = 5


def numbers(answers) -> str:
    if "parts" in answers:
        return "/".join(map(str, answers["parts"]))
    return f"{answers['count']}/{answers['of']}" if "of" in answers else str(answers.get("count", ""))


def told(claim: Claim, said: Said) -> str:
    if claim.doubt == "both":
        return "? both"
    if claim.doubt == "which":
        return "? " + " | ".join(f"{code} {numbers(answers)}" for code, answers in claim.choices)
    words = f"{claim.code} {numbers(claim.answers)}".strip()
    if claim.doubt:
        return f"? {words}"
    when = said.when.day or said.when.period
    return f"{words} @{when}" if when else words


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line for line, _ in LINES])
def test_a_line_is_read_as_the_table_says(line, expected):
    said = read(line, TODAY)

    assert ("; ".join(told(claim, said) for claim in said.claims) or "-") == expected


@pytest.mark.parametrize("code", own_figures())
def test_every_figure_is_typed_in_several_ways(code):
    clear = Counter(part.split()[0] for _, expected in LINES for part in expected.split("; "))

    assert clear[code] >= PHRASINGS


@pytest.mark.parametrize(("line", "expected"), [one for one in LINES if one[1].startswith(("van_ban", "kiem_tra"))])
def test_without_marks_or_in_capitals_it_is_the_same_figure(line, expected):
    said, plain = read(line.upper(), TODAY), read(line, TODAY)

    assert said.claims == plain.claims
    assert expected.startswith(said.claims[0].code)


@pytest.mark.parametrize("part", ["da ", "duoc : ", "va ", "12/", "kiem tra ", "1 chi doan, ", "mot hai ba "])
def test_a_line_of_the_same_words_over_and_over_is_read_in_no_time(part):
    said = read(f"ban hanh {part * 40} van ban", TODAY)

    assert not said.clear
