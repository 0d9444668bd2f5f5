"""What the forms of counted events share: how many people, on which dates, in one month."""

from collections.abc import Sequence

from models.forms.base import Answers, Choice, Facts, Filled, Problem, Read
from models.forms.words import count, date_example, full_date, iso_date, past_date, recent_days


def read_count(text: str, _answers: Answers, _facts: Facts) -> Read:
    """Read how many people."""
    return count("count", text)


def count_choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    """Return the usual numbers."""
    return tuple(Choice(str(number), {"count": number}) for number in (1, 2, 3))


def date_choices(_answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    """Return today and yesterday for everybody reported."""
    return tuple(Choice(choice.label, {"dates": [choice.fills["date"]]}) for choice in recent_days("date", facts))


def read_dates(text: str, answers: Answers, facts: Facts) -> Read:
    """Read one date for all, or as many dates as there are people, parted by commas."""
    days: list[str] = []
    for part in text.replace(";", ",").replace(" và ", ",").split(","):
        read = past_date("date", part, facts)
        if isinstance(read, Problem):
            return read
        days.append(read.answers["date"])
    people = int(answers.get("count", 1))
    if len(days) not in (1, people):
        return Problem(f"Có {people} đồng chí nhưng {len(days)} ngày. {date_example(facts)}")
    if len({day[:7] for day in days}) > 1:
        return Problem("Các ngày thuộc hai tháng khác nhau. Đồng chí báo từng tháng một.")
    return Filled({"dates": days})


def day_words(answers: Answers) -> str:
    """Return the dates in words, "" while unknown."""
    days = [full_date(iso_date(day)) for day in answers.get("dates", ())]
    return f"ngày {', '.join(days)}" if days else ""


def in_one_sentence(lines: Sequence[str]) -> str:
    """Return the lines of a summary as one sentence: only the first begins with a capital."""
    return ", ".join(line if not place else f"{line[:1].lower()}{line[1:]}" for place, line in enumerate(lines))


def month_of(answers: Answers) -> str:
    """Return the month the events belong to, "" while unknown."""
    dates = answers.get("dates")
    return str(dates[0])[:7] if dates else ""


def dates_for_each(answers: Answers) -> list[str]:
    """Return one ISO date for each person, one date standing for all."""
    dates, people = list(answers["dates"]), int(answers["count"])
    return dates * people if len(dates) == 1 else dates


def accept(_answers: Answers, _facts: Facts) -> Problem | None:
    """Find nothing wrong: each field has checked its own answer."""
    return None


def not_single(_answers: Answers) -> bool:
    """There may be several such reports in a month."""
    return False
