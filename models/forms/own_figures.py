"""The committee's own figures, typed by its office: documents issued, articles, organisations founded, and the like.

The kinds and how they are typed are rows of `models/data/own_figures.csv`, by the code of their indicator.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Read
from models.forms.events import (
    accept,
    count_choices,
    date_choices,
    day_words,
    in_one_sentence,
    month_of,
    not_single,
    read_count,
    read_dates,
)
from models.forms.words import capitalised, one_of
from models.vietnamese.folding import fold

_SOURCE = Path(__file__).parent.parent / "data" / "own_figures.csv"


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """One kind: the indicator's code, its label, the unit counted, and the folded phrases it is typed as."""

    code: str
    label: str
    unit: str
    typed: tuple[str, ...]


@cache
def own_figures() -> dict[str, OwnFigure]:
    """Return the kinds by code."""
    with _SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = [
            OwnFigure(r["code"], r["label"], r["unit"], tuple(r["typed"].split(";"))) for r in csv.DictReader(lines)
        ]
    return {row.code: row for row in rows}


def _choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return tuple(Choice(figure.label, {"event": figure.code}) for figure in own_figures().values())


def _read_event(text: str, answers: Answers, facts: Facts) -> Read:
    folded = fold(text).strip(" .")
    found = next((figure.code for figure in own_figures().values() if folded in figure.typed), None)
    return Filled({"event": found}) if found else one_of("event", _choices(answers, facts))


def _ask_count(answers: Answers, _facts: Facts) -> str:
    return f"{own_figures()[answers['event']].label}: bao nhiêu?"


def _lines(answers: Answers) -> tuple[str, ...]:
    figure = own_figures().get(answers.get("event", ""))
    if figure is None:
        return ()
    counted = f": {answers['count']} {figure.unit}" if answers.get("count") else ""
    return tuple(line for line in (f"{figure.label}{counted}", capitalised(day_words(answers))) if line)


def _headline(answers: Answers) -> str:
    return in_one_sentence(_lines(answers))


OWN_FIGURES = Form(
    id="own_figures",
    version=1,
    title="Số liệu của đảng ủy",
    reporters=("officer",),
    fields=(
        Field("event", "Việc", lambda _a, _f: "Số liệu về việc gì?", _read_event, _choices),
        Field("count", "Số lượng", _ask_count, read_count, count_choices, clears=("dates",), numeric=True),
        Field("dates", "Ngày", lambda _a, _f: "Vào ngày nào? Ví dụ: 19/5.", read_dates, date_choices, numeric=True),
    ),
    check=accept,
    period=month_of,
    kind=lambda answers: str(answers.get("event", "")),
    single=not_single,
    lines=_lines,
    headline=_headline,
)
