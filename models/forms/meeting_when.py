"""When the meeting was, to which month it belongs, and what became of one that was postponed or not held."""

from models.forms.base import Answers, Choice, Facts, Field, Filled, Read
from models.forms.meeting_answers import KINDS, held, kind_of, month_of_day, outcome_is
from models.forms.words import (
    coming_date,
    day_month,
    example_day,
    full_date,
    iso_date,
    month_words,
    one_of,
    past_date,
    recent_days,
    short,
)
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_number


def _ask_held_on(answers: Answers, facts: Facts) -> str:
    kind = KINDS[kind_of(answers)]
    planned = facts.planned_on if facts.planned_on and facts.planned_on <= facts.today else example_day(facts.today)
    return f"{facts.unit_name} họp {kind} ngày nào? Đồng chí chọn hoặc gõ ngày, ví dụ: {day_month(planned)}."


def _held_on_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    planned = _planned_choice(facts)
    if kind_of(answers) != "regular" or "present" in answers:
        return (*recent_days("held_on", facts), *planned)
    aside = (
        Choice("Chưa họp", {"outcome": "not_held"}),
        Choice("Hoãn họp", {"outcome": "postponed"}),
        Choice("Họp chuyên đề", {"kind": "thematic"}),
        Choice("Họp đột xuất", {"kind": "extraordinary"}),
        Choice("Họp trực tuyến", {"format": "online"}),
    )
    return (*recent_days("held_on", facts), *planned, *aside)


def _planned_choice(facts: Facts) -> tuple[Choice, ...]:
    day = facts.planned_on
    if day is None or day > facts.today or (facts.today - day).days < 2:
        return ()
    return (Choice(f"Ngày {day_month(day)}", {"held_on": day.isoformat()}),)


def _read_held_on(text: str, _answers: Answers, facts: Facts) -> Read:
    words = fold(text)
    for outcome, phrases in (("not_held", ("chua hop", "khong hop")), ("postponed", ("hoan", "hoan hop"))):
        if words.strip(" .!") in phrases:
            return Filled({"outcome": outcome})
    read = past_date("held_on", text, facts)
    return Filled({**read.answers, "outcome": "held"}) if isinstance(read, Filled) else read


def _ask_month(answers: Answers, _facts: Facts) -> str:
    day = full_date(iso_date(answers["held_on"])) if answers.get("held_on") else "này"
    return f"Buổi họp ngày {day} là của tháng nào?"


def _ask_which_month(answers: Answers, facts: Facts) -> str:
    return _ask_month(answers, facts) if answers.get("held_on") else "Đồng chí báo cáo cho tháng nào?"


def _month_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    own = month_of_day(answers.get("held_on") or facts.today.isoformat())
    months = sorted({*(month for month in facts.open_months if month <= own), own}, reverse=True)[:3]
    return tuple(Choice(month_words(month).capitalize(), {"month": month}) for month in months)


def _month_asked(answers: Answers, facts: Facts) -> bool:
    if kind_of(answers) != "regular":
        return False
    if held(answers):
        held_on = answers.get("held_on")
        if held_on is None:
            return False
        early = iso_date(held_on).day <= facts.early_window
        return early and any(month < month_of_day(held_on) for month in facts.open_months)
    return any(month < month_of_day(facts.today.isoformat()) for month in facts.open_months)


def _read_month(text: str, answers: Answers, facts: Facts) -> Read:
    number = read_number(fold(text).replace("thang", " ").strip())
    for choice in _month_choices(answers, facts):
        if number is not None and int(choice.fills["month"][-2:]) == number:
            return Filled(choice.fills)
    return one_of("month", _month_choices(answers, facts))


def _ask_new_on(_answers: Answers, facts: Facts) -> str:
    return f"{facts.unit_name} hoãn họp đến ngày nào? Nếu chưa định ngày, đồng chí chọn «Chưa định»."


def _new_on_choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return (Choice("Chưa định", {"new_on": ""}),)


def _read_new_on(text: str, _answers: Answers, facts: Facts) -> Read:
    return coming_date("new_on", text, facts)


REASONS = ("Không đủ người", "Trùng việc chung", "Thiên tai, dịch bệnh", "Lý do khác")


def _reason_choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return tuple(Choice(reason, {"reason": reason}) for reason in REASONS)


def _read_reason(text: str, _answers: Answers, _facts: Facts) -> Read:
    return Filled({"reason": short(text)})


def _postponed(answers: Answers, _facts: Facts | None = None) -> bool:
    return outcome_is(answers, "postponed")


def _not_held(answers: Answers, _facts: Facts) -> bool:
    return outcome_is(answers, "not_held")


def _ask_reason(_answers: Answers, _facts: Facts) -> str:
    return "Vì sao không họp?"


HELD_ON = Field(
    "held_on",
    "Ngày họp",
    _ask_held_on,
    _read_held_on,
    _held_on_choices,
    asked=held,
    changeable=held,
    clears=("month",),
    numeric=True,
)
NEW_ON = Field(
    "new_on",
    "Ngày họp mới",
    _ask_new_on,
    _read_new_on,
    _new_on_choices,
    asked=_postponed,
    changeable=_postponed,
    numeric=True,
    needed=False,
)
MONTH = Field("month", "Tháng", _ask_which_month, _read_month, _month_choices, asked=_month_asked, numeric=True)
REASON = Field(
    "reason",
    "Lý do",
    _ask_reason,
    _read_reason,
    _reason_choices,
    asked=_not_held,
    changeable=lambda answers: not held(answers),
    needed=False,
)
