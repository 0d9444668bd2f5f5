"""Amounts as people type them, by the indicator's kind: one number, two ("12/1608"), or parts ("31/121/7/0").

Answers hold `count` (the number, the numerator, the sum of the parts), `of` (the second number) and `parts`.
"""

import re
from collections.abc import Mapping
from typing import Any

from models.aggregation import Amount, numeral, percent, percent_words
from models.forms.base import Filled, Problem, Read
from models.forms.words import short
from models.indicators import Indicator
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_number

MOST = 1_000_000  # more than any committee has of anything; a larger number is a slip of the finger
MOST_DIGITS = 12
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")


def has_two(indicator: Indicator) -> bool:
    """Return whether an indicator is two numbers: a ratio or a pair."""
    return indicator.kind in ("ratio", "pair")


def two_units(indicator: Indicator) -> tuple[str, str]:
    """Return what the two numbers of a pair or ratio count."""
    first, _, second = indicator.unit.partition("/")
    return (first, second) if second else (first, f"trên tổng số {first}")


def part_names(indicator: Indicator) -> tuple[str, ...]:
    """Return the names of the parts: what stands in brackets in the label, parted by commas."""
    _, _, inside = indicator.label.partition("(")
    return tuple(name.strip() for name in inside.rstrip(") ").split(",") if name.strip())


def read_amount(text: str, indicator: Indicator, least: int = 0) -> Read:
    """Read what was typed for an indicator: as many numbers as its kind has."""
    # More digits than any count has are no number: to turn thousands of them into one would even fail.
    numbers = [int(found.replace(".", "")) for found in _NUMBER.findall(text) if len(found) <= MOST_DIGITS]
    if indicator.kind == "parts":
        return _parts(numbers, text, indicator)
    if not has_two(indicator):
        return _single(text, least)
    if len(numbers) != 2 or max(numbers) > MOST:
        return Problem(f"Bot cần hai số, chưa đọc được trong «{short(text)}». Đồng chí gõ ví dụ: 12/160.")
    if indicator.kind == "ratio" and numbers[1] == 0:
        return Problem("Tổng số phải từ 1 trở lên. Đồng chí gõ lại.")
    if indicator.kind == "ratio" and not indicator.over_time.startswith("sum / last") and numbers[0] > numbers[1]:
        return Problem(
            f"«{short(text)}»: số đầu lớn hơn tổng số. Đồng chí gõ lại."
        )  # only a plan is more than fulfilled
    return Filled({"count": numbers[0], "of": numbers[1]})


def _single(text: str, least: int) -> Read:
    bare = "".join(_NUMBER.findall(text)).replace(".", "") if _NUMBER.fullmatch(text.strip()) else ""
    number = int(bare) if 0 < len(bare) <= MOST_DIGITS else read_number(fold(text))
    if number is None or number > MOST:
        return Problem(f"Bot chưa đọc được số trong «{short(text)}». Đồng chí gõ một con số, ví dụ: 2.")
    return Filled({"count": number}) if number >= least else Problem(f"Số phải từ {least} trở lên.")


def _parts(numbers: list[int], text: str, indicator: Indicator) -> Read:
    names = part_names(indicator)
    numbers = [*numbers, 0] if len(numbers) == len(names) - 1 else numbers  # the last grade is often left out
    if len(numbers) != len(names) or sum(numbers) > MOST:
        asked = ", ".join(names)
        return Problem(f"Bot cần {len(names)} số ({asked}), chưa đọc được trong «{short(text)}». Ví dụ: 3/15/2/0.")
    return Filled({"count": sum(numbers), "parts": numbers})


def amount_of(answers: Mapping[str, Any], indicator: Indicator) -> Amount:
    """Return the amount that answers with `count`, `of` and `parts` hold."""
    if indicator.kind == "parts":
        return Amount(parts=tuple(int(part) for part in answers["parts"]))
    return Amount(int(answers["count"]), int(answers["of"]) if has_two(indicator) else None)


def amount_words(answers: Mapping[str, Any], indicator: Indicator, unit: str = "") -> str:
    """Return an amount as a receipt repeats it."""
    if indicator.kind == "parts" and "parts" in answers:
        names = part_names(indicator)
        counted = (f"{name} {numeral(part)}" for name, part in zip(names, answers["parts"], strict=True))
        return ", ".join(counted)
    number = int(answers["count"])
    if indicator.kind == "pair" and "of" in answers:
        first, second = two_units(indicator)
        return f"{numeral(number)} {first}, {numeral(answers['of'])} {second}"
    if indicator.kind == "ratio" and "of" in answers:
        share = percent(number, answers["of"], indicator.decimals)
        return f"{numeral(number)}/{numeral(answers['of'])}{f' ({percent_words(share)})' if share is not None else ''}"
    return f"{numeral(number)} {unit or indicator.unit}"
