"""Admission of members (kết nạp): counts with the date of each, never a name; the steps of DOMAIN's pipeline."""

from dataclasses import replace

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read
from models.forms.case_step import case_choices, may_come
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
from models.forms.words import capitalised, event_example, one_of
from models.vietnamese.folding import fold

# The ids are the indicators the events count towards.
EVENTS = {
    "ket_nap": "Kết nạp đảng viên mới",
    "chinh_thuc": "Công nhận đảng viên chính thức",
    "de_nghi_ket_nap": "Đề nghị xét kết nạp",
    "boi_duong_nhan_thuc": "Cử học lớp nhận thức về Đảng",
}
PEOPLE = {
    "ket_nap": "đồng chí",
    "chinh_thuc": "đồng chí",
    "de_nghi_ket_nap": "quần chúng",
    "boi_duong_nhan_thuc": "quần chúng",
}
_CHOICES = tuple(Choice(words, {"event": event}) for event, words in EVENTS.items())
_TYPED = {
    "ket nap": "ket_nap", "kn": "ket_nap", "chinh thuc": "chinh_thuc", "cong nhan chinh thuc": "chinh_thuc",
    "de nghi": "de_nghi_ket_nap", "de nghi ket nap": "de_nghi_ket_nap",
    "lop nhan thuc": "boi_duong_nhan_thuc", "hoc lop": "boi_duong_nhan_thuc", "nhan thuc": "boi_duong_nhan_thuc",
}  # fmt: skip


def _read_event(text: str, _answers: Answers, _facts: Facts) -> Read:
    event = _TYPED.get(fold(text).strip(" ."))
    return Filled({"event": event}) if event else one_of("event", _CHOICES)


def _ask_count(answers: Answers, _facts: Facts) -> str:
    return f"{EVENTS[answers['event']]}: bao nhiêu {PEOPLE[answers['event']]}?"


def _ask_dates(answers: Answers, facts: Facts) -> str:
    several = " Nếu khác ngày, đồng chí gõ các ngày cách nhau bằng dấu phẩy." if answers.get("count", 1) > 1 else ""
    return f"{event_example(facts)}{several}"


NO_CASE = "Hồ sơ khác"


def _fitting(answers: Answers, facts: Facts) -> Facts:
    """Keep the cases that an event may belong to: whoever is made official was admitted before, nobody is twice."""
    event = str(answers.get("event", ""))
    fitting = {serial: waits for serial, waits in facts.cases.items() if may_come(event, waits)}
    return replace(facts, cases=fitting)


def _case_asked(answers: Answers, facts: Facts) -> bool:
    return bool(_fitting(answers, facts).cases)


def _ask_case(answers: Answers, _facts: Facts) -> str:
    several = " Đồng chí gõ các số hồ sơ cách nhau bằng dấu phẩy." if answers.get("count", 1) > 1 else ""
    return f"Hồ sơ nào?{several}"


def _case_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    one = case_choices(str(answers.get("event", "")), _fitting(answers, facts)) if answers.get("count", 1) == 1 else ()
    return (*one, Choice(NO_CASE, {"case": ""}))


def _read_case(text: str, answers: Answers, facts: Facts) -> Read:
    """Read as many serials as there are people; other people have no case here."""
    known = {serial.lower(): serial for serial in _fitting(answers, facts).cases}
    typed = text.lower().replace(";", ",").replace(" và ", ",").split(",")
    found = [known.get(part.strip()) for part in typed]
    if None in found:
        return one_of("case", _case_choices(answers, facts))
    people = int(answers.get("count", 1))
    if len(found) != people:
        return Problem(f"Có {people} người nhưng {len(found)} hồ sơ. Đồng chí gõ lại, hoặc chọn «{NO_CASE}».")
    return Filled({"case": " ".join(serial for serial in found if serial)})


def _lines(answers: Answers) -> tuple[str, ...]:
    event = answers.get("event")
    if not event:
        return ()
    people = f": {answers['count']} {PEOPLE[event]}" if answers.get("count") else ""
    case = f"Hồ sơ {', '.join(answers['case'].split())}" if answers.get("case") else ""
    return tuple(line for line in (f"{EVENTS[event]}{people}", case, capitalised(day_words(answers))) if line)


def _headline(answers: Answers) -> str:
    return in_one_sentence(_lines(answers))


ADMISSION = Form(
    id="admission",
    version=1,
    title="Báo cáo phát triển đảng viên",
    fields=(
        Field("event", "Việc", lambda _a, facts: f"{facts.unit_name} báo việc gì?", _read_event,
              lambda _a, _f: _CHOICES),
        Field("count", "Số người", _ask_count, read_count, count_choices, clears=("dates", "case"), numeric=True),
        Field("case", "Hồ sơ", _ask_case, _read_case, _case_choices, _case_asked,
              changeable=lambda answers: "case" in answers),
        Field("dates", "Ngày", _ask_dates, read_dates, date_choices, numeric=True),
    ),
    check=accept,
    period=month_of,
    kind=lambda answers: str(answers.get("event", "")),
    single=not_single,
    lines=_lines,
    headline=_headline,
)  # fmt: skip
