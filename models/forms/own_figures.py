"""The committee's own figures, typed by its office: documents issued, organisations founded, classification.

The kinds are the indicators the committee itself reports; how else they are called and typed are rows of
`models/data/own_figures.csv`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.forms.amounts import amount_words, has_two, part_names, read_amount, two_units
from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read
from models.forms.events import count_choices, date_choices, day_words, in_one_sentence, month_of, not_single
from models.forms.words import capitalised, event_example, one_of, past_date
from models.indicators import Indicator
from models.indicators import load as catalogue
from models.vietnamese.folding import fold

_SOURCE = Path(__file__).parent.parent / "data" / "own_figures.csv"


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """One kind: the indicator's code, its label, the unit counted, and the folded phrases it is typed as.

    typed: nouns, some bound to verbs ("cap|phat>the"). verbs: with which it is said to be done, as alternatives.
    second: how what the second number counts is called.
    """

    indicator: Indicator
    code: str
    label: str
    unit: str
    typed: tuple[str, ...]
    verbs: str = ""
    second: tuple[str, ...] = ()


@cache
def _spellings() -> dict[str, dict[str, str]]:
    with _SOURCE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


def own_figures() -> dict[str, OwnFigure]:
    """Return the kinds by code: those with spellings of their own first, in that order, as the most used."""
    found = {row.code: _own_figure(row) for row in catalogue() if row.reported_by == "dang_uy"}
    first = {code: found[code] for code in _spellings() if code in found}
    return {**first, **found}


def _own_figure(indicator: Indicator) -> OwnFigure:
    known = _spellings().get(indicator.code, {})
    label = known.get("label") or indicator.label.split(" (")[0]
    typed = tuple(known["typed"].split(";")) if known else ()
    own = tuple(dict.fromkeys((*typed, fold(label), fold(indicator.label))))
    second = tuple(filter(None, known.get("second", "").split("|"))) or _second_unit(indicator)
    unit = known.get("unit") or indicator.unit
    return OwnFigure(indicator, indicator.code, label, unit, own, known.get("verbs", ""), second)


def _second_unit(indicator: Indicator) -> tuple[str, ...]:
    return (fold(two_units(indicator)[1]),) if has_two(indicator) else ()


def _asked(answers: Answers) -> OwnFigure | None:
    return own_figures().get(answers.get("event", ""))


def _choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return tuple(Choice(figure.label, {"event": figure.code}) for figure in own_figures().values())


def _read_event(text: str, answers: Answers, facts: Facts) -> Read:
    folded = fold(text).strip(" .")
    found = next((figure.code for figure in own_figures().values() if folded in figure.typed), None)
    return Filled({"event": found}) if found else one_of("event", _choices(answers, facts))


def _ask_count(answers: Answers, _facts: Facts) -> str:
    figure = own_figures()[answers["event"]]
    if figure.indicator.kind == "parts":
        return f"{figure.label}: gõ lần lượt số {', '.join(part_names(figure.indicator))}. Ví dụ: 31/121/7/0."
    if figure.indicator.kind == "ratio":
        return f"{figure.label}: bao nhiêu trên tổng số bao nhiêu {figure.unit}? Ví dụ: 5/6."
    if has_two(figure.indicator):
        first, second = two_units(figure.indicator)
        return f"{figure.label}: bao nhiêu {first}, bao nhiêu {second}? Ví dụ: 12/160."
    return f"{figure.label}: bao nhiêu?"


def _read_count(text: str, answers: Answers, _facts: Facts) -> Read:
    return read_amount(text, own_figures()[answers["event"]].indicator)


def _count_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    figure = _asked(answers)
    plain = figure is not None and figure.indicator.kind == "flow"
    return count_choices(answers, facts) if plain else ()


def _read_day(text: str, _answers: Answers, facts: Facts) -> Read:
    """Read the one day the whole number belongs to."""
    read = past_date("date", text, facts)
    return read if isinstance(read, Problem) else Filled({"dates": [read.answers["date"]]})


def _check(answers: Answers, _facts: Facts) -> Problem | None:
    """Find a number that stands without the second one its kind needs, as an edited line may leave it."""
    figure = _asked(answers)
    if figure is None or "count" not in answers:
        return None
    whole = "of" in answers if has_two(figure.indicator) else figure.indicator.kind != "parts" or "parts" in answers
    return None if whole else Problem(_ask_count(answers, _facts), "count")


def _lines(answers: Answers) -> tuple[str, ...]:
    figure = _asked(answers)
    if figure is None:
        return ()
    counted = f": {amount_words(answers, figure.indicator, figure.unit)}" if "count" in answers else ""
    return tuple(line for line in (f"{figure.label}{counted}", capitalised(day_words(answers))) if line)


OWN_FIGURES = Form(
    id="own_figures",
    version=2,
    title="Số liệu của đảng ủy",
    reporters=("officer",),
    fields=(
        Field("event", "Việc", lambda _a, _f: "Số liệu về việc gì?", _read_event, _choices,
              clears=("count", "of", "parts")),
        Field("count", "Số lượng", _ask_count, _read_count, _count_choices, clears=("of", "parts"), numeric=True),
        Field("dates", "Ngày", lambda _a, facts: event_example(facts), _read_day, date_choices, numeric=True),
    ),
    check=_check,
    period=month_of,
    kind=lambda answers: str(answers.get("event", "")),
    single=not_single,
    lines=_lines,
    headline=lambda answers: in_one_sentence(_lines(answers)),
)  # fmt: skip
