import re
from datetime import date
from pathlib import Path

import pytest

from models.indicators import load
from models.obligations import STATUSES
from models.periods import parse_period
from reports.wording import day_words, period_words, say, texts

SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path("reports").glob("*.py"))


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2022-03", "tháng 3 năm 2022"),
        ("2022-Q1", "quý I năm 2022"),
        ("2022-Q4", "quý IV năm 2022"),
        ("2022-H1", "6 tháng đầu năm 2022"),
        ("2022-H2", "6 tháng cuối năm 2022"),
        ("2022-9M", "9 tháng đầu năm 2022"),
        ("2022", "năm 2022"),
    ],
)
def test_periods_as_people_name_them(period, words):
    assert period_words(parse_period(period)) == words


def test_days_as_people_write_them():
    assert day_words(date(2022, 3, 5)) == "5/3/2022"


def test_an_unknown_key_or_a_missing_argument_is_an_error():
    with pytest.raises(KeyError):
        say("head.nothing")
    with pytest.raises(KeyError):
        say("head.reported")


def test_every_section_and_status_has_its_words():
    assert {f"section.{indicator.section}" for indicator in load()} <= texts().keys()
    assert {f"status.{status}" for status in STATUSES if status != "cancelled"} <= texts().keys()


def test_no_sentence_is_unused():
    named = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', SOURCES))
    families = (
        "period.",
        "state.",
        "section.",
        "status.",
        "column.",
        "foot.",
        "line.",
        "line_branch.",
        "line_branch_none.",
        "topic.",
        "annex.",
        "annex_branch.",
        "counted_by.",
        "directive.",
    )  # their names are put together
    assert {key for key in texts() if not key.startswith(families)} <= named
