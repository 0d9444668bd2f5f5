"""The branch's quarterly form: the indicators a branch reports that nothing else feeds, one field a row.

Its fields are made from the catalogue; what stands from an earlier quarter of the year is filled in beforehand.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from models.forms.amounts import amount_words, has_two, read_amount
from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read, on_request
from models.forms.words import capitalised, one_of
from models.indicators import Indicator
from models.indicators import load as catalogue
from models.periods import Period, parse_period, quarter_of
from models.vietnamese.folding import fold

FORM_ID = "quarterly"
FED = ("meeting", "membership", "admission", "movement", "directive result")  # the forms that feed the other rows
_ROMAN = ("I", "II", "III", "IV")
_YES = ("co", "da", "roi", "da to chuc", "da xay dung", "da lam", "xong", "x")
_NO = ("khong", "chua", "khong co", "chua co", "ko", "k", "chua to chuc", "chua xay dung")
_LATER = ("chua den ky", "khong den ky", "chua den")


def asked_of(rows: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return the indicators of a catalogue that branches report by this form."""
    return tuple(row for row in rows if row.reported_by == "chi_bo" and row.form not in FED)


def is_yes_or_no(indicator: Indicator) -> bool:
    """Return whether the branch itself is what is counted, so that it answers yes or no."""
    return indicator.kind == "ratio" and indicator.numerator.startswith("units")


def of_everybody(indicator: Indicator) -> bool:
    """Return whether every branch that is owed a report counts in the denominator, its report missing or not."""
    return is_yes_or_no(indicator) and indicator.denominator.startswith("units expected")


def adds_up(indicator: Indicator) -> bool:
    """Return whether quarters are added (a flow), or the year's last word counts."""
    return indicator.over_time.startswith("sum")


def settled(value: Any) -> bool:
    """Return whether an earlier quarter's answer needs no asking any more: something was due and all of it is done."""
    return isinstance(value, list) and len(value) == 2 and value[0] == value[1] > 0


def stored_answers(value: Any, indicator: Indicator) -> dict[str, Any]:
    """Return a stored value as `count`, `of` and `parts`."""
    if indicator.kind == "parts":
        return {"count": sum(value), "parts": value}
    return {"count": value[0], "of": value[1]} if has_two(indicator) else {"count": value}


def quarter_words(period: str) -> str:
    """Return "quý I/2022"."""
    quarter = parse_period(period)
    return f"quý {_ROMAN[quarter.first_month // 3]}/{quarter.year}"


# Which quarter --------------------------------------------------------------------------------------------------


def _quarter(answers: Answers, facts: Facts) -> str:
    return str(answers.get("quarter") or facts.quarter or quarter_of(facts.today))


def _quarter_choices(_answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    now = quarter_of(facts.today)
    before = quarter_of(Period(now.year - (now.first_month == 1), (now.first_month - 4) % 12 + 1, 3).first)
    return tuple(Choice(capitalised(quarter_words(str(one))), {"quarter": str(one)}) for one in (now, before))


def _read_quarter(text: str, answers: Answers, facts: Facts) -> Read:
    typed = fold(text).replace("quy", " ").strip()
    for choice in _quarter_choices(answers, facts):
        period = str(choice.fills["quarter"])
        number, year = period[-1], period[:4]
        roman = _ROMAN[int(number) - 1].lower()
        if typed.replace("/", " ").split() in ([number], [roman], [number, year], [roman, year]):
            return Filled(choice.fills)
    return one_of("quarter", _quarter_choices(answers, facts))


# One question for all that is usually nothing --------------------------------------------------------------------


def _any_field(flows: tuple[Indicator, ...]) -> Field:
    nothing = {"any": False, **{row.code: 0 for row in flows}}
    choices = (Choice("Không có", nothing), Choice("Có", {"any": True}))
    named = "; ".join(row.label[:1].lower() + row.label[1:] for row in flows)

    def question(answers: Answers, facts: Facts) -> str:
        quarter = capitalised(quarter_words(_quarter(answers, facts)))
        return f"{facts.unit_name} – {quarter}: có việc nào sau đây không: {named}?"

    def read(text: str, _answers: Answers, _facts: Facts) -> Read:
        words = fold(text).strip(" .!")
        if words in _NO:
            return Filled(nothing)
        return Filled({"any": True}) if words in _YES else one_of("any", choices)

    clears = tuple(row.code for row in flows)
    return Field("any", "Việc phát sinh", question, read, lambda _a, _f: choices, clears=clears)


# A field an indicator --------------------------------------------------------------------------------------------


def _field(indicator: Indicator) -> Field:
    return Field(
        indicator.code,
        indicator.label.split(" (")[0],
        partial(_question, indicator),
        partial(_read, indicator),
        partial(_choices, indicator),
        partial(_asked, indicator),
        numeric=not is_yes_or_no(indicator),
    )


def _asked(indicator: Indicator, answers: Answers, facts: Facts) -> bool:
    if adds_up(indicator):
        return answers.get("any") is not False
    if indicator.kind == "parts":
        return _quarter(answers, facts).endswith("Q4")  # grades are given once, at the year's end
    return not settled(facts.known.get(indicator.code))


def _question(indicator: Indicator, _answers: Answers, _facts: Facts) -> str:
    if is_yes_or_no(indicator):
        return f"{indicator.label}: đã làm chưa?"
    if indicator.kind == "parts":
        return f"{indicator.label}: gõ lần lượt các số. Ví dụ: 3/15/2/0."
    if has_two(indicator):
        return f"{indicator.label}: bao nhiêu trên tổng số? Ví dụ: 18/20."
    return f"{indicator.label}: bao nhiêu {indicator.unit}?"


def _choices(indicator: Indicator, _answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    if is_yes_or_no(indicator):
        return _yes_or_no(indicator)
    if indicator.kind == "flow":
        return tuple(Choice(str(number), {indicator.code: number}) for number in (0, 1, 2, 3))
    required = facts.stock.members if facts.stock else 0
    if indicator.kind == "ratio" and required:
        return (Choice(f"Đủ {required}/{required}", {indicator.code: [required, required]}),)
    return ()


def _yes_or_no(indicator: Indicator) -> tuple[Choice, ...]:
    found = (Choice("Đã làm", {indicator.code: [1, 1]}), Choice("Chưa làm", {indicator.code: [0, 1]}))
    return found if of_everybody(indicator) else (*found, Choice("Chưa đến kỳ", {indicator.code: [0, 0]}))


def _read(indicator: Indicator, text: str, answers: Answers, facts: Facts) -> Read:
    if is_yes_or_no(indicator):
        return _read_yes_or_no(indicator, text)
    read = read_amount(text, indicator)
    if isinstance(read, Problem):
        return Problem(read.words, choices=_choices(indicator, answers, facts))
    return Filled({indicator.code: _stored(read.answers, indicator)})


def _read_yes_or_no(indicator: Indicator, text: str) -> Read:
    words = fold(text).strip(" .!")
    if words in _YES or words in _NO:
        return Filled({indicator.code: [int(words in _YES), 1]})
    if words in _LATER and not of_everybody(indicator):
        return Filled({indicator.code: [0, 0]})
    return one_of(indicator.code, _yes_or_no(indicator))


def _stored(read: Mapping[str, Any], indicator: Indicator) -> Any:
    if indicator.kind == "parts":
        return list(read["parts"])
    return [read["count"], read["of"]] if has_two(indicator) else read["count"]


# The form --------------------------------------------------------------------------------------------------------


def quarterly(rows: Iterable[Indicator]) -> Form:
    """Return the form of a catalogue."""
    flows = tuple(row for row in asked_of(rows) if adds_up(row))
    asked = (*flows, *(row for row in asked_of(rows) if not adds_up(row)))
    quarter = Field(
        "quarter", "Quý", lambda _a, _f: "Số liệu của quý nào?", _read_quarter, _quarter_choices, on_request
    )
    return Form(
        id=FORM_ID,
        version=1,
        title="Số liệu quý của chi bộ",
        fields=(quarter, *((_any_field(flows),) if flows else ()), *(_field(row) for row in asked)),
        check=partial(_check, asked),
        period=lambda answers: str(answers.get("quarter", "")),
        kind=lambda _answers: "",
        single=lambda _answers: True,
        lines=partial(_lines, asked),
        headline=lambda answers: "; ".join(_lines(asked, answers)),
        complete=partial(_complete, asked),
    )


def _check(asked: tuple[Indicator, ...], answers: Answers, _facts: Facts) -> Problem | None:
    for row in asked:
        value = answers.get(row.code)
        if row.kind == "ratio" and value and value[0] > value[1]:
            return Problem(f"{row.label}: {value[0]} nhiều hơn tổng số {value[1]}. Đồng chí gõ lại.", row.code)
    return None


def _complete(asked: tuple[Indicator, ...], answers: Answers, facts: Facts) -> Answers:
    kept = {row.code: facts.known[row.code] for row in asked if not adds_up(row) and row.code in facts.known}
    return {"quarter": _quarter(answers, facts), **kept, **answers}


def _lines(asked: tuple[Indicator, ...], answers: Answers) -> tuple[str, ...]:
    head = (capitalised(quarter_words(answers["quarter"])),) if answers.get("quarter") else ()
    told = [_line(row, answers[row.code]) for row in asked if answers.get(row.code)]
    none = ("Không có việc phát sinh khác",) if any(answers.get(row.code) == 0 for row in asked) else ()
    return (*head, *told, *none)


def _line(row: Indicator, value: Any) -> str:
    label = row.label.split(" (")[0]
    if is_yes_or_no(row):
        said = "chưa đến kỳ" if value == [0, 0] else "đã làm" if value[0] else "chưa làm"
        return f"{label}: {said}"
    return f"{label}: {amount_words(stored_answers(value, row), row)}"


QUARTERLY = quarterly(catalogue())
