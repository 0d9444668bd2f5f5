"""One number a directive asks for ("số mô hình đăng ký"): what is counted comes with the directive."""

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read
from models.forms.words import short
from models.vietnamese.numbers import read_number

MOST = 100_000


def _ask(answers: Answers, facts: Facts) -> str:
    return f"{facts.unit_name} – {answers.get('label', '')}: {answers.get('counted', 'số liệu')} là bao nhiêu?"


def _read(text: str, _answers: Answers, _facts: Facts) -> Read:
    number = read_number(text)
    if number is None or not 0 <= number <= MOST:
        return Problem(f"Bot chưa đọc được số trong «{short(text)}». Đồng chí gõ một con số, ví dụ: 2.")
    return Filled({"number": number})


def _accept(_answers: Answers, _facts: Facts) -> Problem | None:
    return None


def _lines(answers: Answers) -> tuple[str, ...]:
    if "number" not in answers:
        return ()
    return (f"{answers.get('counted', 'số liệu').capitalize()}: {answers['number']}",)


def _headline(answers: Answers) -> str:
    head = f"{answers['label']}, " if answers.get("label") else ""
    return f"{head}{answers.get('counted', 'số liệu')} {answers.get('number', '')}".strip()


TALLY = Form(
    id="tally",
    version=1,
    title="Báo cáo số liệu",
    fields=(
        Field("number", "Số liệu", _ask, _read, lambda _a, _f: (Choice("0", {"number": 0}),), numeric=True),
    ),
    check=_accept,
    period=lambda answers: str(answers.get("month", "")),
    kind=lambda answers: f"D{answers.get('directive', '')}",
    single=lambda _answers: True,
    lines=_lines,
    headline=_headline,
)  # fmt: skip
