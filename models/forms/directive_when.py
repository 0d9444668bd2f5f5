"""When a directive goes out: at once, tomorrow morning, or at a time typed; local times, never in the past."""

import re
from datetime import date, timedelta

from models.forms.base import Answers, Choice, Facts, Field, Filled, Problem, Read, on_request
from models.forms.words import day_month, short
from models.vietnamese.dates import read_date
from models.vietnamese.folding import fold

NOW, URGENT = "", "urgent"  # the answers that are not a local moment such as "2022-03-04T07:30"
MORNING = "07:30"
_CLOCK = re.compile(r"(?:luc\s+)?(\d{1,2})\s*(?:h|g|gio|:)\s*(\d{2})?(?:\s*(?:phut|p))?\s*(sang|chieu|toi)?")


def _choices(_answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    tomorrow = facts.today + timedelta(days=1)
    return (
        Choice("Gửi ngay", {"send_at": NOW}),
        Choice(f"7 giờ 30 sáng mai ({day_month(tomorrow)})", {"send_at": f"{tomorrow.isoformat()}T{MORNING}"}),
        Choice("Khẩn, gửi cả ban đêm", {"send_at": URGENT}),
    )


def _read(text: str, _answers: Answers, facts: Facts) -> Read:
    folded = " ".join(fold(text).split())
    if folded.strip(" .") in ("ngay", "gui ngay", "bay gio", "luon"):
        return Filled({"send_at": NOW})
    clock = _CLOCK.search(folded)
    if clock is None:
        return Problem(f"Bot chưa đọc được giờ trong «{short(text)}». Ví dụ: 14 giờ ngày 5/3.")
    hour = int(clock[1]) + (12 if clock[3] in ("chieu", "toi") and int(clock[1]) < 12 else 0)
    minute = int(clock[2] or 0)
    day = _day(f"{folded[: clock.start()]} {folded[clock.end() :]}".strip(" ,"), facts)
    if day is None or hour > 23 or minute > 59:
        return Problem(f"Bot chưa rõ «{short(text)}» là lúc nào. Ví dụ: 14 giờ ngày 5/3.")
    return Filled({"send_at": f"{day.isoformat()}T{hour:02}:{minute:02}"})


def _day(words: str, facts: Facts) -> date | None:
    if words in ("", "hom nay", "nay"):
        return facts.today
    found = read_date(words, facts.today, "future")
    inside = found.date is not None and facts.today <= found.date <= facts.today + timedelta(days=92)
    return found.date if inside and found.issue is None else None


def send_words(answers: Answers) -> str:
    """Return when it goes out, "" for at once."""
    moment = answers.get("send_at", NOW)
    if moment == URGENT:
        return "Gửi ngay, kể cả ban đêm"
    if not moment:
        return ""
    day, clock = moment.split("T")
    return f"Gửi lúc {clock} ngày {day_month(date.fromisoformat(day))}"


SEND_AT = Field("send_at", "Giờ gửi", lambda _a, _f: "Gửi lúc nào?", _read, _choices, asked=on_request)
