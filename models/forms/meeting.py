"""The monthly meeting of a branch (sinh hoạt chi bộ): held, postponed or not held; attendance as counts only.

Facts: Điều lệ Đảng 24.2 (once a month); required attendants = official + probationary - exempt; at least one thematic
meeting a quarter besides the regular one (42-HD/BTCTW).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read, on_request
from models.forms.words import (
    MANY,
    coming_date,
    day_month,
    full_date,
    iso_date,
    month_words,
    one_of,
    past_date,
    percent,
    recent_days,
    short,
)
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_fraction, read_number

KINDS = {"regular": "thường kỳ", "thematic": "chuyên đề", "extraordinary": "đột xuất"}
FORMATS = {"in_person": "trực tiếp", "online": "trực tuyến", "hybrid": "trực tiếp kết hợp trực tuyến"}
OUTCOMES = {"held": "Đã họp", "postponed": "Hoãn họp", "not_held": "Không họp"}

_HELD = ("present", "total")


def _held(answers: Answers, _facts: Facts | None = None) -> bool:
    return str(answers.get("outcome", "held")) == "held"


def _is(answers: Answers, outcome: str) -> bool:
    return answers.get("outcome") == outcome


# When ------------------------------------------------------------------------------------------------------------


def _ask_held_on(answers: Answers, facts: Facts) -> str:
    kind = KINDS[answers.get("kind", "regular")]
    return f"{facts.unit_name} họp {kind} ngày nào? Đồng chí bấm nút hoặc gõ ngày, ví dụ: 3/3."


def _held_on_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    planned = _planned_choice(facts)
    if answers.get("kind", "regular") != "regular":
        return (*recent_days("held_on", facts),)
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
    held = _month(answers.get("held_on") or facts.today.isoformat())
    months = sorted({*(month for month in facts.open_months if month <= held), held}, reverse=True)[:3]
    return tuple(Choice(month_words(month).capitalize(), {"month": month}) for month in months)


def _month_asked(answers: Answers, facts: Facts) -> bool:
    if answers.get("kind", "regular") != "regular":
        return False
    if _held(answers):
        held_on = answers.get("held_on")
        if held_on is None:
            return False
        early = iso_date(held_on).day <= facts.early_window
        return early and any(month < _month(held_on) for month in facts.open_months)
    return any(month < _month(facts.today.isoformat()) for month in facts.open_months)


def _read_month(text: str, answers: Answers, facts: Facts) -> Read:
    number = read_number(fold(text).replace("thang", " ").strip())
    for choice in _month_choices(answers, facts):
        if number is not None and int(choice.fills["month"][-2:]) == number:
            return Filled(choice.fills)
    return one_of("month", _month_choices(answers, facts))


def _month(iso: str) -> str:
    return iso[:7]


# Postponed, not held ---------------------------------------------------------------------------------------------


def _ask_new_on(_answers: Answers, facts: Facts) -> str:
    return f"{facts.unit_name} hoãn họp đến ngày nào? Nếu chưa định ngày, đồng chí bấm «Chưa định»."


def _new_on_choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return (Choice("Chưa định", {"new_on": ""}),)


def _read_new_on(text: str, _answers: Answers, facts: Facts) -> Read:
    return coming_date("new_on", text, facts)


REASONS = ("Không đủ người", "Trùng việc chung", "Thiên tai, dịch bệnh", "Lý do khác")


def _reason_choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return tuple(Choice(reason, {"reason": reason}) for reason in REASONS)


def _read_reason(text: str, _answers: Answers, _facts: Facts) -> Read:
    return Filled({"reason": short(text)})


# Attendance ------------------------------------------------------------------------------------------------------


def _ask_present(answers: Answers, facts: Facts) -> str:
    required = _required(answers, facts)
    if required is None:
        return "Có mặt bao nhiêu, trên tổng số bao nhiêu đảng viên phải dự? Ví dụ: 18/20."
    return f"Có mặt bao nhiêu trên {required} đảng viên phải dự? Ví dụ: {max(required - 2, 1)}/{required}."


def _required(answers: Answers, facts: Facts) -> int | None:
    if {"official", "probationary", "exempt"} <= answers.keys():
        return int(answers["official"]) + int(answers["probationary"]) - int(answers["exempt"])
    return facts.stock.required if facts.stock else None


def _present_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    required = _required(answers, facts)
    if not required:
        return ()
    full = Choice(f"Đủ {required}/{required}", {"present": required, "total": required, "absent_excused": 0})
    one, two = ({"present": required - n, "total": required} for n in (1, 2))
    fewer = [Choice(f"{fills['present']}/{required}", fills) for fills in (one, two) if fills["present"] > 0]
    return (full, *fewer)


def _read_present(text: str, answers: Answers, facts: Facts) -> Read:
    required = _required(answers, facts)
    words = fold(text).strip(" .!")
    if required and words in ("du", "du ca", "dong du", "day du", "khong vang ai"):
        return Filled({"present": required, "total": required, "absent_excused": 0})
    fraction = read_fraction(text)
    if fraction:
        return Filled({"present": fraction[0], "total": fraction[1]})
    number = read_number(text)
    if number is None:
        return Problem(f"Bot chưa đọc được số trong «{short(text)}». Đồng chí gõ như: 18/20.")
    if required is None:
        return Problem(f"Có mặt {number}, trên tổng số bao nhiêu? Đồng chí gõ cả hai số, ví dụ: {number}/{number + 2}.")
    return Filled({"present": number, "total": required})


def _ask_members(answers: Answers, facts: Facts) -> str:
    typed = answers.get("total")
    example = "Đồng chí gõ ba số: chính thức, dự bị, được miễn. Ví dụ: 19 2 1."
    if facts.stock is None:
        return f"Bot chưa biết số đảng viên của chi bộ. {example}"
    return f"Đồng chí ghi {typed} đảng viên phải dự, khác với {_reckoning(facts)}. Số nào đúng?"


def _reckoning(facts: Facts) -> str:
    stock = facts.stock
    if stock is None:
        return ""
    since = f"số đã báo ngày {full_date(stock.stated_on)}"
    moved = f" {stock.stated_total} + {stock.came} - {stock.left} = {stock.members}" if stock.came or stock.left else ""
    exempt = f", miễn {stock.exempt}" if stock.exempt else ""
    return f"{since} (đảng viên{moved or f' {stock.members}'}{exempt}, phải dự {stock.required})"


def _members_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    """Offer the two likely truths: the number on record, or all members typed by habit where some are exempt."""
    stock, total, present = facts.stock, answers.get("total"), answers.get("present")
    if stock is None or total is None:
        return ()
    as_recorded = {"official": stock.official, "probationary": stock.probationary, "exempt": stock.exempt}
    kept = Choice(f"Phải dự {stock.required}", {**as_recorded, "total": stock.required})
    offered = (kept,) if present is None or present <= stock.required else ()
    if total == stock.members:
        return (*offered, Choice(f"Phải dự {total}, không ai miễn", {**as_recorded, "exempt": 0}))
    official = stock.official + int(total) - stock.required
    if official < 0:
        return offered
    changed = {"official": official, "probationary": stock.probationary, "exempt": stock.exempt}
    return (*offered, Choice(f"Đúng là {total}", changed))


def _members_asked(answers: Answers, facts: Facts) -> bool:
    if not _held(answers) or answers.get("total") is None:
        return False
    return facts.stock is None or answers["total"] != facts.stock.required


def _read_members(text: str, _answers: Answers, _facts: Facts) -> Read:
    numbers = [read_number(part) for part in text.replace(",", " ").replace(";", " ").split()]
    if len(numbers) not in (2, 3) or None in numbers:
        return Problem("Đồng chí gõ ba số cách nhau: chính thức, dự bị, được miễn. Ví dụ: 19 2 1.")
    official, probationary, exempt = ([*numbers, 0])[:3]
    return Filled({"official": official, "probationary": probationary, "exempt": exempt})


def _ask_excused(answers: Answers, _facts: Facts) -> str:
    return f"Vắng {_absent(answers)}, trong đó có phép mấy đồng chí?"


def _excused_choices(answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    absent = _absent(answers)
    all_label = "Có phép" if absent == 1 else f"Cả {absent} có phép"
    return (Choice(all_label, {"absent_excused": absent}), Choice("Không phép", {"absent_excused": 0}))


def _read_excused(text: str, answers: Answers, _facts: Facts) -> Read:
    words = fold(text).strip(" .!")
    if words in ("het", "ca", "tat ca", "co phep het", "deu co phep", "co phep"):
        return Filled({"absent_excused": _absent(answers)})
    number = read_number(words.removesuffix("co phep").strip())
    if number is None:
        return Problem(f"Bot chưa đọc được số trong «{short(text)}». Đồng chí gõ số có phép, ví dụ: 1.")
    return Filled({"absent_excused": number})


def _absent(answers: Answers) -> int:
    return max(int(answers.get("total", 0)) - int(answers.get("present", 0)), 0)


def _ask_posted(_answers: Answers, _facts: Facts) -> str:
    return "Buổi họp đã đăng lên Sổ tay đảng viên điện tử chưa?"


_POSTED = (Choice("Đã đăng", {"posted": True}), Choice("Chưa đăng", {"posted": False}))


def _read_posted(text: str, _answers: Answers, _facts: Facts) -> Read:
    words = fold(text).strip(" .!")
    if words in ("roi", "da dang", "da", "co", "dang roi", "da dang roi", "da len"):
        return Filled({"posted": True})
    if words in ("chua", "chua dang", "khong", "ko", "chua len"):
        return Filled({"posted": False})
    return one_of("posted", _POSTED)


def _ask_topic(_answers: Answers, _facts: Facts) -> str:
    return "Chuyên đề gì? Đồng chí gõ tên chuyên đề."


def _read_topic(text: str, _answers: Answers, _facts: Facts) -> Read:
    return Filled({"topic": " ".join(text.split())[:200]})


_KIND_CHOICES = tuple(Choice(words.capitalize(), {"kind": kind}) for kind, words in KINDS.items())
_FORMAT_CHOICES = tuple(Choice(words.capitalize(), {"format": kind}) for kind, words in FORMATS.items())


# Checks ----------------------------------------------------------------------------------------------------------


def _check(answers: Answers, facts: Facts) -> Problem | None:
    present, total = answers.get("present"), answers.get("total")
    if present is None or total is None or not _held(answers):
        return None
    return _check_attendance(int(present), int(total)) or _check_members(answers, facts) or _check_excused(answers)


def _check_attendance(present: int, total: int) -> Problem | None:
    if present > total:
        words = f"Có mặt {present} lại nhiều hơn tổng số {total}. Đồng chí gõ lại, ví dụ: {total}/{present}."
        return Problem(words, "present", (Choice(f"{total}/{present}", {"present": total, "total": present}),))
    if present == 0 or total > MANY:
        return Problem(f"Số dự {present}/{total} không hợp. Đồng chí gõ lại, ví dụ: 18/20.", "present")
    return None


def _check_members(answers: Answers, _facts: Facts) -> Problem | None:
    if "official" not in answers:
        return None
    official, probationary, exempt = (int(answers[name]) for name in ("official", "probationary", "exempt"))
    required = official + probationary - exempt
    if exempt > official + probationary or required != int(answers["total"]):
        words = (
            f"Chính thức {official} + dự bị {probationary} - miễn {exempt} = {required}, "
            f"nhưng phải dự là {answers['total']}. Đồng chí gõ lại ba số."
        )
        return Problem(words, "official")
    return None


def _check_excused(answers: Answers) -> Problem | None:
    excused = answers.get("absent_excused")
    if excused is None or int(excused) <= _absent(answers):
        return None
    return Problem(f"Vắng {_absent(answers)} mà có phép {excused}. Đồng chí gõ lại số có phép.", "absent_excused")


# Where it belongs and how it reads -------------------------------------------------------------------------------


def _period(answers: Answers) -> str:
    if answers.get("month"):
        return str(answers["month"])
    return _month(answers["held_on"]) if answers.get("held_on") else ""


def _kind(answers: Answers) -> str:
    return str(answers.get("kind", "regular"))


def _single(answers: Answers) -> bool:
    return _kind(answers) == "regular"


def _lines(answers: Answers) -> tuple[str, ...]:
    if not _held(answers):
        return tuple(line for line in (_when(answers), _reason(answers)) if line)
    parts = (
        _when(answers),
        _attendance(answers),
        _absence(answers),
        _members(answers),
        _topic(answers),
        _posted(answers),
    )
    return tuple(line for line in parts if line)


def _headline(answers: Answers) -> str:
    if not _held(answers):
        return ", ".join(part for part in (_when(answers), _reason(answers)) if part)
    return ", ".join(part for part in (_when(answers), _attendance(answers), _absence(answers)) if part)


def _when(answers: Answers) -> str:
    if _is(answers, "not_held"):
        return f"Không họp {month_words(answers['month'])}" if answers.get("month") else "Không họp"
    if _is(answers, "postponed"):
        new_on = answers.get("new_on")
        return f"Hoãn họp đến {full_date(iso_date(new_on))}" if new_on else "Hoãn họp, chưa định ngày"
    kind, way = KINDS[_kind(answers)], FORMATS[answers.get("format", "in_person")]
    aside = "" if answers.get("format", "in_person") == "in_person" else f" {way}"
    held_on = answers.get("held_on")
    month = answers.get("month")
    late = f" (của {month_words(month)})" if month and held_on and month != _month(held_on) else ""
    return f"Họp {kind}{aside} ngày {full_date(date.fromisoformat(held_on)) if held_on else '…'}{late}"


def _attendance(answers: Answers) -> str:
    if any(answers.get(name) is None for name in _HELD):
        return ""
    share = percent(int(answers["present"]), int(answers["total"]))
    return f"có mặt {answers['present']}/{answers['total']} ({share})"


def _absence(answers: Answers) -> str:
    absent = _absent(answers)
    if any(answers.get(name) is None for name in _HELD):
        return ""
    if not absent:
        return "không vắng"
    if answers.get("absent_excused") is None:
        return f"vắng {absent}"
    excused = int(answers["absent_excused"])
    without = f", không phép {absent - excused}" if absent > excused else ""
    return f"vắng {absent} (có phép {excused}{without})"


def _members(answers: Answers) -> str:
    if "official" not in answers:
        return ""
    exempt = f", miễn {answers['exempt']}" if answers.get("exempt") else ""
    return f"chính thức {answers['official']}, dự bị {answers['probationary']}{exempt}"


def _topic(answers: Answers) -> str:
    return f"chuyên đề: {answers['topic']}" if answers.get("topic") else ""


def _posted(answers: Answers) -> str:
    if answers.get("posted") is None:
        return ""
    return "đã đăng Sổ tay đảng viên" if answers["posted"] else "chưa đăng Sổ tay đảng viên"


def _reason(answers: Answers) -> str:
    return f"lý do: {answers['reason'].lower()}" if answers.get("reason") else ""


def _complete(answers: Answers, facts: Facts) -> Answers:
    """Fill in the month of a meeting not held, and the members on record where the attendance agrees with them."""
    if not _held(answers):
        return {"month": _month(facts.today.isoformat()), **answers}
    absence = {"absent_excused": 0} if not _absent(answers) else {}
    stock = facts.stock
    if stock is None or "official" in answers:
        return {**answers, **absence}
    recorded = {"official": stock.official, "probationary": stock.probationary, "exempt": stock.exempt}
    return {**recorded, **answers, **absence}


def _new_on_asked(answers: Answers, _facts: Facts) -> bool:
    return _is(answers, "postponed")


def _reason_asked(answers: Answers, _facts: Facts) -> bool:
    return _is(answers, "not_held")


def _excused_asked(answers: Answers, _facts: Facts) -> bool:
    return _held(answers) and _absent(answers) > 0


def _topic_asked(answers: Answers, _facts: Facts) -> bool:
    return _held(answers) and _kind(answers) == "thematic"


def _fixed(field_id: str, choices: tuple[Choice, ...]) -> Mapping[str, Any]:
    return {
        "choices": lambda _answers, _facts: choices,
        "read": lambda _text, _answers, _facts: one_of(field_id, choices),
    }


MEETING = Form(
    id="meeting",
    version=1,
    title="Báo cáo sinh hoạt chi bộ",
    defaults={"outcome": "held", "kind": "regular", "format": "in_person"},
    fields=(
        Field("held_on", "Ngày họp", _ask_held_on, _read_held_on, _held_on_choices, _held, _held,
              ("month",), numeric=True),
        Field("new_on", "Ngày họp mới", _ask_new_on, _read_new_on, _new_on_choices, _new_on_asked,
              lambda answers: _is(answers, "postponed"), numeric=True),
        Field("month", "Tháng", _ask_which_month, _read_month, _month_choices, _month_asked, numeric=True),
        Field("reason", "Lý do", lambda _a, _f: "Vì sao không họp?", _read_reason, _reason_choices, _reason_asked,
              lambda answers: not _held(answers)),
        Field("topic", "Chuyên đề", _ask_topic, _read_topic, asked=_topic_asked,
              changeable=lambda answers: _kind(answers) == "thematic"),
        Field("present", "Có mặt", _ask_present, _read_present, _present_choices, _held, _held,
              ("total", "absent_excused", "official", "probationary", "exempt"), numeric=True),
        Field("official", "Số đảng viên", _ask_members, _read_members, _members_choices, _members_asked, _held,
              ("probationary", "exempt"), numeric=True),
        Field("absent_excused", "Vắng có phép", _ask_excused, _read_excused, _excused_choices, _excused_asked,
              lambda answers: _held(answers) and _absent(answers) > 0, numeric=True),
        Field("posted", "Sổ tay đảng viên", _ask_posted, _read_posted, lambda _a, _f: _POSTED, _held, _held),
        Field("kind", "Loại buổi họp", lambda _a, _f: "Buổi họp này thuộc loại nào?", asked=on_request,
              changeable=_held, clears=("topic",), **_fixed("kind", _KIND_CHOICES)),
        Field("format", "Hình thức", lambda _a, _f: "Họp theo hình thức nào?", asked=on_request,
              changeable=_held, **_fixed("format", _FORMAT_CHOICES)),
    ),
    check=_check,
    period=_period,
    kind=_kind,
    single=_single,
    lines=_lines,
    headline=_headline,
    complete=_complete,
)  # fmt: skip
