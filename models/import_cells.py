"""One cell of an imported table, as a spreadsheet or a text file holds it, read into a value; pure.

An empty cell means that the value is not known: None, never an empty value that would replace a stored one.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from models.periods import parse_period
from models.vietnamese.folding import fold

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_TARGET = re.compile(rf"(?:(?P<low>{_NUMBER})-(?P<high>{_NUMBER})|(?:>=|<=|)(?:{_NUMBER}))%?")
_SERIAL_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet's own count of days
_SERIALS = range(20_000, 80_000)  # 1954 to 2119: what may be a day without its format, not a count


def text(value: object) -> str | None:
    """Return a cell's words, composed letters and single spaces, so that equal words are equal text."""
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(normalize("NFC", str(value)).split()) or None


def code(value: object) -> str | None:
    """Return a unit's code. Raises ValueError over 20 characters."""
    words = text(value)
    if words and len(words) > 20:
        raise ValueError(words)
    return words


def name_list(value: object) -> list[str] | None:
    """Return the parts of a list separated by semicolons, each once."""
    words = text(value)
    if words is None:
        return None
    return list(dict.fromkeys(part.strip() for part in words.split(";") if part.strip()))


def day(value: object) -> date | None:
    """Return a day: a spreadsheet's date or serial number, ISO text or day/month/year. Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = text(value)
    if words is None:
        return None
    if isinstance(value, int | float) and int(words) in _SERIALS:
        return _SERIAL_DAY + timedelta(days=int(words))
    found = _DAY_FIRST.fullmatch(words)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(words)


def count(value: object) -> int | None:
    """Return a whole number from 0 up. Raises ValueError."""
    words = text(value)
    if words is None:
        return None
    if not (words.isascii() and words.isdigit()):
        raise ValueError(words)
    return int(words)


def day_of_month(value: object) -> int | None:
    """Return a number from 1 to 31. Raises ValueError."""
    number = count(value)
    if number is not None and not 1 <= number <= 31:
        raise ValueError(str(number))
    return number


def one_of(choices: tuple[str, ...]) -> Callable[[object], str | None]:
    """Return a reader of one of the choices, in capitals or not, which raises ValueError for anything else."""

    def read(value: object) -> str | None:
        words = text(value)
        if words is None:
            return None
        if words.lower() not in choices:
            raise ValueError(words)
        return words.lower()

    return read


def period(value: object) -> str | None:
    """Return a period as it is written everywhere: 2022-03, 2022-Q1, 2022. Raises ValueError.

    A spreadsheet turns a typed 2022-03 into the first day of the month.
    """
    if isinstance(value, datetime | date) and value.day == 1:
        value = value.isoformat()[:7]
    words = text(value)
    return None if words is None else str(parse_period(words.upper()))


def target(value: object) -> str | None:
    """Return a target: 15, 4-6, >=300, <=20, 80% or words. Raises ValueError for signs that mean none of these.

    A target without a letter must be a number; a date is what a spreadsheet makes of a typed 4-6.
    """
    words = text(value)
    if words is None or (isinstance(value, str) and any(letter.isalpha() for letter in words)):
        return words
    plain = words.replace(" ", "").replace("≥", ">=").replace("≤", "<=").replace("–", "-")
    found = _TARGET.fullmatch(plain)
    if isinstance(value, datetime | date) or not found:
        raise ValueError(words)
    if found["low"] and _amount(found["low"]) > _amount(found["high"]):
        raise ValueError(words)
    return plain


def rule_value(value: object) -> str | None:
    """Return a rule's value as it is stored: a Vietnamese yes or no in English, a clock time without its seconds."""
    words = value.strftime("%H:%M") if isinstance(value, time) else text(value)
    return {"co": "yes", "khong": "no"}.get(fold(words or ""), words)


def _amount(number: str) -> float:
    return float(number.replace(".", "").replace(",", "."))  # decimal comma, dot thousands
