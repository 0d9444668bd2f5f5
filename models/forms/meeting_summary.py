"""How a meeting report reads, where it belongs, and what follows from its answers."""

from models.forms.base import Answers, Facts
from models.forms.meeting_answers import (
    FORMATS,
    KINDS,
    absent,
    has_attendance,
    held,
    kind_of,
    month_of_day,
    outcome_is,
)
from models.forms.words import capitalised, full_date, iso_date, month_words, percent


def period(answers: Answers) -> str:
    """Return the month a meeting belongs to, "" while unknown."""
    if answers.get("month"):
        return str(answers["month"])
    return month_of_day(answers["held_on"]) if answers.get("held_on") else ""


def single(answers: Answers) -> bool:
    """Return whether there is one such meeting a month: the regular one."""
    return kind_of(answers) == "regular"


def lines(answers: Answers) -> tuple[str, ...]:
    """Return the summary, one fact a line."""
    if not held(answers):
        return tuple(capitalised(line) for line in (_when(answers), _reason(answers)) if line)
    parts = (
        _when(answers),
        _attendance(answers),
        _absence(answers),
        _members(answers),
        _topic(answers),
        _posted(answers),
    )
    return tuple(capitalised(line) for line in parts if line)


def headline(answers: Answers) -> str:
    """Return the receipt's sentence."""
    if not held(answers):
        return ", ".join(part for part in (_when(answers), _reason(answers)) if part)
    parts = (_when(answers), _topic(answers), _attendance(answers), _absence(answers), _posted(answers))
    return ", ".join(part for part in parts if part)


def attended(answers: Answers) -> str:
    """Return attendance and absence as a choice says them, "" while unknown."""
    return capitalised(", ".join(part for part in (_attendance(answers), _absence(answers)) if part))


def _when(answers: Answers) -> str:
    if outcome_is(answers, "not_held"):
        return f"Không họp {month_words(answers['month'])}" if answers.get("month") else "Không họp"
    if outcome_is(answers, "postponed"):
        new_on = answers.get("new_on")
        return f"Hoãn họp đến {full_date(iso_date(new_on))}" if new_on else "Hoãn họp, chưa định ngày"
    kind, way = KINDS[kind_of(answers)], FORMATS[answers.get("format", "in_person")]
    aside = "" if answers.get("format", "in_person") == "in_person" else f" {way}"
    held_on = answers.get("held_on")
    month = answers.get("month")
    late = f" (của {month_words(month)})" if month and held_on and month != month_of_day(held_on) else ""
    on = f" ngày {full_date(iso_date(held_on))}" if held_on else ""
    return f"Họp {kind}{aside}{on}{late}"


def _attendance(answers: Answers) -> str:
    if not has_attendance(answers):
        return ""
    share = percent(int(answers["present"]), int(answers["total"]))
    return f"có mặt {answers['present']}/{answers['total']} ({share})"


def _absence(answers: Answers) -> str:
    missing = absent(answers)
    if not has_attendance(answers):
        return ""
    if not missing:
        return "không vắng"
    if answers.get("absent_excused") is None:
        return f"vắng {missing}"
    excused = int(answers["absent_excused"])
    without = f", không phép {missing - excused}" if missing > excused else ""
    return f"vắng {missing} (có phép {excused}{without})"


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


def complete(answers: Answers, facts: Facts) -> Answers:
    """Fill in the month of a meeting not held, and the members on record where the attendance agrees with them."""
    if not held(answers):
        return {"month": month_of_day(facts.today.isoformat()), **answers}
    absence = {"absent_excused": 0} if not absent(answers) else {}
    stock = facts.stock
    if stock is None or "official" in answers:
        return {**answers, **absence}
    recorded = {"official": stock.official, "probationary": stock.probationary, "exempt": stock.exempt}
    return {**recorded, **answers, **absence}
