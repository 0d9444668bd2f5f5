"""The words of the report files, by key, from texts.toml."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from models.periods import Period

TEXTS = Path(__file__).parent / "texts.toml"


@cache
def texts() -> Mapping[str, str]:
    """Return every sentence by its key, "head.reported"."""
    tables = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return {f"{table}.{name}": words for table, sentences in tables.items() for name, words in sentences.items()}


def say(key: str, **args: str | int) -> str:
    """Return a sentence with its arguments filled in. Raises KeyError for an unknown key or a missing argument."""
    return texts()[key].format(**args)


def period_words(period: Period) -> str:
    """Return a period as people name it: quý I năm 2022."""
    quarter, half = (period.first_month + 2) // 3, 1 if period.first_month == 1 else 2
    keys = {1: "month", 3: f"quarter_{quarter}", 6: f"half_{half}", 9: "nine_months", 12: "year"}
    return say(f"period.{keys[period.length]}", number=period.first_month, year=period.year)


def day_words(day: date) -> str:
    """Return a date as day/month/year."""
    return f"{day.day}/{day.month}/{day.year}"
