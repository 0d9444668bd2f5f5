"""Study of a resolution (học tập, quán triệt) under a directive: held or not, attended n of d. Counts only."""

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read
from models.forms.words import one_of, percent, short
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_fraction, read_number

_HELD = (Choice("Đã tổ chức", {"held": True}), Choice("Chưa tổ chức", {"held": False}))
_YES = ("da", "roi", "da to chuc", "to chuc roi", "da hoc", "hoc roi", "da hoc roi", "co", "xong", "xong roi")
_NO = ("chua", "chua to chuc", "chua hoc", "khong")


def _ask_held(answers: Answers, facts: Facts) -> str:
    named = f" theo {answers['label']}" if answers.get("label") else ""
    return f"{facts.unit_name} đã tổ chức học tập, quán triệt{named} chưa?"


def _read_held(text: str, answers: Answers, facts: Facts) -> Read:
    words = fold(text).strip(" .!")
    if words in _YES or words in _NO:
        return Filled({"held": words in _YES})
    if read_fraction(text):
        attended = _read_present(text, answers, facts)
        return Filled({"held": True, **attended.answers}) if isinstance(attended, Filled) else attended
    return one_of("held", _HELD)


def _held(answers: Answers, _facts: Facts | None = None) -> bool:
    return answers.get("held") is True


def _ask_present(_answers: Answers, facts: Facts) -> str:
    example = f"{facts.stock.required - 1}/{facts.stock.required}" if facts.stock and facts.stock.required else "18/20"
    return f"Bao nhiêu đảng viên tham gia học? Ví dụ: {example}."


def _present_choices(_answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    required = facts.stock.required if facts.stock else 0
    return (Choice(f"Đủ {required}/{required}", {"present": required, "total": required}),) if required else ()


def _read_present(text: str, _answers: Answers, facts: Facts) -> Read:
    fraction = read_fraction(text)
    if fraction:
        return Filled({"present": fraction[0], "total": fraction[1]})
    number = read_number(text)
    if number is not None and facts.stock and number <= facts.stock.required:
        return Filled({"present": number, "total": facts.stock.required})
    return Problem(f"Bot chưa đọc được số dự trong «{short(text)}». Ví dụ: 18/20.")


def _check(answers: Answers, _facts: Facts) -> Problem | None:
    if answers.get("present", 0) > answers.get("total", 10**6):
        said = f"{answers['present']}/{answers['total']}"
        return Problem(f"{said}: tham gia nhiều hơn tổng số. Đồng chí gõ lại.", "present")
    if answers.get("total") == 0:
        return Problem("Tổng số phải từ 1 trở lên. Đồng chí gõ lại.", "present")
    return None


def _lines(answers: Answers) -> tuple[str, ...]:
    if "held" not in answers:
        return ()
    if not answers["held"]:
        return ("Chưa tổ chức học tập",)
    if "present" not in answers:
        return ("Đã tổ chức học tập",)
    share = percent(answers["present"], answers["total"])
    return ("Đã tổ chức học tập", f"Tham gia {answers['present']}/{answers['total']} đảng viên ({share})")


def _headline(answers: Answers) -> str:
    head = f"{answers['label']}, " if answers.get("label") else ""
    return head + ", ".join((line[:1].lower() + line[1:]) for line in _lines(answers))


STUDY = Form(
    id="study",
    version=1,
    title="Báo cáo học tập, quán triệt",
    fields=(
        Field("held", "Tổ chức", _ask_held, _read_held, lambda _a, _f: _HELD, clears=("present", "total")),
        Field("present", "Tham gia", _ask_present, _read_present, _present_choices, _held, _held,
              clears=("total",), numeric=True),
    ),
    check=_check,
    period=lambda answers: str(answers.get("month", "")),
    kind=lambda answers: f"D{answers.get('directive', '')}",
    single=lambda _answers: True,
    lines=_lines,
    headline=_headline,
)  # fmt: skip
