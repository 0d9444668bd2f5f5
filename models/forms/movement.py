"""Movement of members (Biểu 1): who came and who left, as counts with dates; temporary transfers counted apart.

The identity D = A + B - C is held against the next meeting's stock by the meeting form.
"""

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read
from models.forms.events import (
    count_choices,
    date_choices,
    day_words,
    in_one_sentence,
    month_of,
    not_single,
    read_count,
    read_dates,
)
from models.forms.words import capitalised, event_example, one_of, short
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_number

# The ids are the indicators the events count towards; the second value is +1 came, -1 left, 0 neither.
EVENTS = {
    "chuyen_den": ("Chuyển đến (chính thức)", 1),
    "chuyen_di": ("Chuyển đi (chính thức)", -1),
    "tu_tran": ("Từ trần", -1),
    "khai_tru": ("Khai trừ", -1),
    "xoa_ten": ("Xóa tên", -1),
    "cho_ra": ("Xin ra khỏi Đảng", -1),
    "phuc_hoi": ("Phục hồi", 1),
    "tam_den": ("Tạm chuyển đến", 0),
    "tam_di": ("Tạm chuyển đi", 0),
}
_CHOICES = tuple(Choice(words, {"event": event}) for event, (words, _) in EVENTS.items())
_TYPED = {
    "den": "chuyen_den", "chuyen den": "chuyen_den", "di": "chuyen_di", "chuyen di": "chuyen_di",
    "mat": "tu_tran", "qua doi": "tu_tran", "tam den": "tam_den", "tam di": "tam_di",
    "xin ra": "cho_ra", "xoa ten": "xoa_ten", "khai tru": "khai_tru",
}  # fmt: skip

_NONE_PROBATIONARY = ("khong", "ko", "khong co", "khong ai", "chinh thuc", "dang vien chinh thuc", "chinh thuc ca")


def _read_event(text: str, _answers: Answers, _facts: Facts) -> Read:
    event = _TYPED.get(fold(text).strip(" ."))
    return Filled({"event": event}) if event else one_of("event", _CHOICES)


def _ask_count(answers: Answers, _facts: Facts) -> str:
    return f"{EVENTS[answers['event']][0]}: bao nhiêu đồng chí?"


def _probationary_asked(answers: Answers, facts: Facts) -> bool:
    sign = EVENTS[answers["event"]][1] if answers.get("event") else 0
    leaves = sign < 0 and facts.stock is not None and facts.stock.probationary > 0
    return leaves or answers.get("event") == "chuyen_den"


def _probationary_choices(answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    people = int(answers.get("count", 1))
    if people == 1:
        return (Choice("Chính thức", {"probationary": 0}), Choice("Dự bị", {"probationary": 1}))
    return (Choice("Không có dự bị", {"probationary": 0}), Choice("Đều dự bị", {"probationary": people}))


def _ask_probationary(answers: Answers, _facts: Facts) -> str:
    one = int(answers.get("count", 1)) == 1
    return "Đồng chí ấy là đảng viên chính thức hay dự bị?" if one else "Trong đó dự bị mấy đồng chí?"


def _read_probationary(text: str, answers: Answers, _facts: Facts) -> Read:
    words = fold(text).strip(" .!").removeprefix("deu ").removeprefix("la ")
    if words in ("du bi", "dang vien du bi", "ca"):
        return Filled({"probationary": int(answers.get("count", 1))})
    number = 0 if words in _NONE_PROBATIONARY else read_number(words.removesuffix(" du bi"))
    if number is None:
        return Problem(f"Bot chưa đọc được số trong «{short(text)}». Đồng chí gõ số dự bị, ví dụ: 0.")
    return Filled({"probationary": number})


def _check(answers: Answers, facts: Facts) -> Problem | None:
    count, probationary, stock = answers.get("count"), answers.get("probationary"), facts.stock
    if count is None:
        return None
    if probationary is not None and probationary > count:
        return Problem(f"Dự bị {probationary} nhiều hơn tổng số {count}. Đồng chí gõ lại số dự bị.", "probationary")
    if stock and answers.get("event") and EVENTS[answers["event"]][1] < 0 and count > stock.members:
        return Problem(f"Chi bộ có {stock.members} đảng viên, không thể giảm {count}. Đồng chí gõ lại.", "count")
    return None


def _lines(answers: Answers) -> tuple[str, ...]:
    event = answers.get("event")
    if not event:
        return ()
    people = f": {answers['count']} đồng chí" if answers.get("count") else ""
    probationary = f" (dự bị {answers['probationary']})" if answers.get("probationary") else ""
    return tuple(
        line for line in (f"{EVENTS[event][0]}{people}{probationary}", capitalised(day_words(answers))) if line
    )


def _headline(answers: Answers) -> str:
    return in_one_sentence(_lines(answers))


MOVEMENT = Form(
    id="movement",
    version=1,
    title="Báo cáo biến động đảng viên",
    fields=(
        Field("event", "Việc", lambda _a, facts: f"{facts.unit_name} có biến động gì?", _read_event,
              lambda _a, _f: _CHOICES, clears=("probationary",)),
        Field("count", "Số người", _ask_count, read_count, count_choices, clears=("dates", "probationary"),
              numeric=True),
        Field("probationary", "Trong đó dự bị", _ask_probationary, _read_probationary,
              _probationary_choices, _probationary_asked, numeric=True),
        Field("dates", "Ngày", lambda _a, facts: event_example(facts), read_dates, date_choices, numeric=True),
    ),
    check=_check,
    period=month_of,
    kind=lambda answers: str(answers.get("event", "")),
    single=not_single,
    lines=_lines,
    headline=_headline,
)  # fmt: skip
