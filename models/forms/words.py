"""Words and readers several forms share: dates, counts, percentages as people here write them."""

import re
from datetime import date, timedelta

from models.forms.base import Answers, Choice, Facts, Filled, Problem, Read
from models.vietnamese.dates import read_date
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_number

_PEOPLE = re.compile(
    r"(?:(?:thua|da|vang|co|la|duoc)\W+)*(\w+(?: \w+)?) (?:dong chi|d/c|dc|nguoi|quan chung|dang vien)\b"
)
MANY = 999  # more than any branch has; a larger number is a slip of the finger

DATE_PROBLEMS = {
    "invalid_date": "Không có ngày «{typed}» trong lịch.",
    "vague_date": "«{typed}» chưa rõ là ngày nào.",
    "ambiguous_date": "«{typed}» có thể hiểu hai cách.",
    "future_date": "Ngày {day} chưa đến.",
    "old_date": "Ngày {day} đã quá lâu.",
    "unreadable": "Bot chưa đọc được ngày trong «{typed}».",
}
COUNT_PROBLEM = "Bot chưa đọc được số trong «{typed}». Đồng chí gõ một con số, ví dụ: 2."
ATTENDED, DAY = "Số dự", "Ngày"  # the two readings of "8/9"
TYPED_SHOWN = 60
MOST_NAMED = 9  # more choices are not read out once more above their buttons


def short(text: str) -> str:
    """Return typed text cut to what fits a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= TYPED_SHOWN else line[: TYPED_SHOWN - 1] + "…"


def capitalised(line: str) -> str:
    """Return a line with a capital first letter, the rest as it is."""
    return line[:1].upper() + line[1:]


def day_month(day: date) -> str:
    """Return a date as day/month, the year left to be understood."""
    return f"{day.day}/{day.month}"


def example_day(today: date) -> date:
    """Return a day that has come to show how dates are typed: the 3rd of the month, on which many branches meet."""
    return today.replace(day=min(today.day, 3))


def date_example(facts: Facts) -> str:
    """Return how a date is typed."""
    return f"Đồng chí gõ ngày, ví dụ: {day_month(example_day(facts.today))} hoặc hôm qua."


def event_example(facts: Facts) -> str:
    """Return how the date of an event is asked for."""
    return f"Vào ngày nào? Ví dụ: {day_month(example_day(facts.today))}."


def full_date(day: date) -> str:
    """Return a date as day/month/year."""
    return f"{day.day}/{day.month}/{day.year}"


def iso_date(text: str) -> date:
    """Return the date an answer stores."""
    return date.fromisoformat(text)


def month_words(period: str) -> str:
    """Return "tháng 3/2026" for a month's period."""
    year, month = period.split("-")
    return f"tháng {int(month)}/{year}"


def percent(numerator: int, denominator: int) -> str:
    """Return a ratio as printed: one decimal below 100 %, none from 100 % up, ",0" dropped; "" without denominator."""
    if denominator <= 0:
        return ""
    value = 100 * numerator / denominator
    text = f"{value:.0f}" if value >= 100 else f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") + "%"


def recent_days(field_id: str, facts: Facts) -> tuple[Choice, ...]:
    """Return today and yesterday as choices, each with its date, so that a button pressed later stays true."""
    yesterday = facts.today - timedelta(days=1)
    return (
        Choice(f"Hôm nay {day_month(facts.today)}", {field_id: facts.today.isoformat()}),
        Choice(f"Hôm qua {day_month(yesterday)}", {field_id: yesterday.isoformat()}),
    )


def past_date(field_id: str, text: str, facts: Facts) -> Read:
    """Read a day that has come, at most a year ago."""
    reading = read_date(text, facts.today)
    problem = reading.issue
    if reading.date is None or problem == "ambiguous_date":
        return _date_problem(facts, field_id, text, problem or "unreadable", reading.alternatives)
    if reading.date > facts.today:
        return Problem(f"{DATE_PROBLEMS['future_date'].format(day=full_date(reading.date))} {date_example(facts)}")
    if (facts.today - reading.date).days > 366:
        return Problem(f"{DATE_PROBLEMS['old_date'].format(day=full_date(reading.date))} {date_example(facts)}")
    return Filled({field_id: reading.date.isoformat()})


def coming_date(field_id: str, text: str, facts: Facts) -> Read:
    """Read a day from today on, within some months."""
    reading = read_date(text, facts.today, "future")
    if reading.date is None or reading.issue == "ambiguous_date":
        return _date_problem(facts, field_id, text, reading.issue or "unreadable", reading.alternatives)
    if not facts.today <= reading.date <= facts.today + timedelta(days=92):
        return Problem(f"Ngày {full_date(reading.date)} không hợp. {coming_example(facts)}")
    return Filled({field_id: reading.date.isoformat()})


def coming_example(facts: Facts) -> str:
    """Return how a day to come is typed."""
    return f"Đồng chí gõ ngày sắp tới, ví dụ: {day_month(facts.today + timedelta(days=7))}."


def _date_problem(facts: Facts, field_id: str, text: str, code: str, alternatives: tuple[date, ...]) -> Problem:
    words = DATE_PROBLEMS.get(code, DATE_PROBLEMS["unreadable"]).format(typed=short(text), day=short(text))
    choices = tuple(Choice(full_date(day), {field_id: day.isoformat()}) for day in alternatives[:4])
    return Problem(f"{words} {date_example(facts)}", choices=choices)


def count(field_id: str, text: str, least: int = 1) -> Read:
    """Read a whole number of people, `least` to 999."""
    number = read_number(text)
    if number is None:
        people = _PEOPLE.match(" ".join(fold(text).split()))
        number = read_number(people[1]) if people else None
    if number is None or number > MANY:
        return Problem(COUNT_PROBLEM.format(typed=short(text)))
    if number < least:
        return Problem(f"Số phải từ {least} trở lên.")
    return Filled({field_id: number})


def one_of(field_id: str, choices: tuple[Choice, ...]) -> Problem:
    """Say that one of the buttons is asked for; a typed label was already taken as a press."""
    labels = [choice.label for choice in choices if field_id in choice.fills]
    if len(labels) > MOST_NAMED:
        return Problem("Đồng chí chọn một trong các ý dưới đây.")
    return Problem(f"Đồng chí chọn một trong các ý: {', '.join(labels)}.")


def number_choices(field_id: str, _answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    """Return the small numbers as choices."""
    return tuple(Choice(str(number), {field_id: number}) for number in (1, 2, 3))
