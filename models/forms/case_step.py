"""A step of an admission case that is no figure of its own: opened, certified, dossier, resolution, decision, ended.

The steps that are figures (proposal, admission, official status) are told by the admission form, so that nothing is
counted twice. A case has a serial and no name.
"""

from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read
from models.forms.events import accept, date_choices, day_words, in_one_sentence, month_of, not_single
from models.forms.words import capitalised, day_month, example_day, one_of, past_date
from models.vietnamese.folding import fold

FORM_ID = "case_step"
OPENED, CERTIFIED, DOSSIER, RESOLVED, DECIDED, ENDED = "open", "certificate", "dossier", "resolution", "decision", "end"
STEPS = {
    OPENED: "Mở hồ sơ quần chúng ưu tú",
    CERTIFIED: "Có giấy chứng nhận lớp nhận thức về Đảng",
    DOSSIER: "Lập hồ sơ",
    RESOLVED: "Chi bộ ra nghị quyết đề nghị kết nạp",
    DECIDED: "Có quyết định kết nạp",
    ENDED: "Dừng hồ sơ",
}
# What a case may wait for that the admission form tells.
EVENTS = {
    "boi_duong_nhan_thuc": "Cử học lớp nhận thức về Đảng",
    "de_nghi_ket_nap": "Đề nghị xét kết nạp",
    "ket_nap": "Lễ kết nạp",
    "chinh_thuc": "Công nhận chính thức",
}
# In the order of the pipeline (Điều lệ Đảng 4, 5); "end" may come at any time.
ORDER = (
    OPENED, "boi_duong_nhan_thuc", CERTIFIED, DOSSIER, RESOLVED, "de_nghi_ket_nap", DECIDED, "ket_nap", "chinh_thuc",
)  # fmt: skip
_CHOICES = tuple(Choice(words, {"step": step}) for step, words in STEPS.items())


def _read_step(text: str, _answers: Answers, _facts: Facts) -> Read:
    folded = fold(text).strip(" .")
    found = next((step for step, words in STEPS.items() if fold(words) == folded), None)
    return Filled({"step": found}) if found else one_of("step", _CHOICES)


def _case_asked(answers: Answers, facts: Facts) -> bool:
    return answers.get("step") != OPENED and bool(facts.cases)


def step_words(step: str) -> str:
    """Return a step of the pipeline in words, "" for none."""
    return STEPS.get(step) or EVENTS.get(step, "")


def case_label(serial: str, step: str) -> str:
    """Return a case with what it waits for, as a button says it."""
    waits = step_words(step)
    return f"{serial} (chờ: {waits[:1].lower()}{waits[1:]})" if waits else serial


def may_come(event: str, waits: str) -> bool:
    """Return whether an event may be a case's next one: it waits for it or for a step before, which may be left out.

    Official status never comes before the admission.
    """
    if event not in ORDER or waits not in ORDER:
        return True
    return event == waits if event == ORDER[-1] else ORDER.index(event) >= ORDER.index(waits)


def case_choices(waited: str, facts: Facts) -> tuple[Choice, ...]:
    """Return the open cases as choices, those that wait for a step first."""
    ordered = sorted(facts.cases.items(), key=lambda case: (case[1] != waited, case[0]))
    return tuple(Choice(case_label(serial, step), {"case": serial}) for serial, step in ordered)


def _case_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    return case_choices(str(answers.get("step", "")), facts)


def _read_case(text: str, answers: Answers, facts: Facts) -> Read:
    found = next((serial for serial in facts.cases if serial.lower() == text.strip().lower()), None)
    return Filled({"case": found}) if found else one_of("case", _case_choices(answers, facts))


def _read_day(text: str, _answers: Answers, facts: Facts) -> Read:
    read = past_date("date", text, facts)
    return read if isinstance(read, Problem) else Filled({"dates": [read.answers["date"]]})


def _ask_day(answers: Answers, facts: Facts) -> str:
    return f"{STEPS[answers['step']]}: ngày nào? Ví dụ: {day_month(example_day(facts.today))}."


def _lines(answers: Answers) -> tuple[str, ...]:
    step = answers.get("step")
    if not step:
        return ()
    case = f"{answers['case']}: " if answers.get("case") else ""
    return tuple(line for line in (f"{case}{STEPS[step]}", capitalised(day_words(answers))) if line)


CASE_STEP = Form(
    id=FORM_ID,
    version=1,
    title="Hồ sơ kết nạp",
    fields=(
        Field("step", "Việc", lambda _a, facts: f"{facts.unit_name}: hồ sơ có việc gì mới?", _read_step,
              lambda _a, _f: _CHOICES, clears=("case",)),
        Field("case", "Hồ sơ", lambda _a, _f: "Hồ sơ nào?", _read_case, _case_choices, _case_asked),
        Field("dates", "Ngày", _ask_day, _read_day, date_choices, numeric=True),
    ),
    check=accept,
    period=month_of,
    kind=lambda answers: str(answers.get("step", "")),
    single=not_single,
    lines=_lines,
    headline=lambda answers: in_one_sentence(_lines(answers)),
)  # fmt: skip
