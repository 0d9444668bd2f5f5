"""Declarations are checked at start, and the error names the culprit."""

from dataclasses import replace
from datetime import date

import pytest

from models import cases, directives
from models.rule_book import DatedValue, RuleBook, book_of, delivered
from models.rule_units import check_value
from models.terms import KEPT
from reminders.rule import RuleError, Step, active_code, check
from reminders.rules import RULES
from reminders.rules.period_words import period_words

BOOK = book_of(delivered())
DAY = date(2026, 3, 1)
MEETING = next(rule for rule in RULES if rule.id == "meeting")
STEP = MEETING.steps[0]


def test_every_duty_has_its_rule_and_every_rule_can_be_paused():
    assert {rule.what for rule in RULES} == {*KEPT, *cases.WHATS, *directives.WHATS}
    assert all(rule.active(BOOK, DAY) and active_code(rule.id) in BOOK.values for rule in RULES)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"offsets": "meeting.remind_befor"}, r"meeting, step before.*remind_befor"),
        ({"hour": "meeting.remind_before"}, r"meeting, step before.*not a time"),
        ({"offsets": "remind.morning"}, r"meeting, step before"),
        ({"anchor": "held"}, r"unknown anchor 'held'"),
        ({"asks": ("dance",)}, r"unknown button 'dance'"),
        ({"words": "{unit}: {secretary}"}, r"secretary"),
        ({"words": ""}, r"words"),
        ({"name": "a:b"}, r"a:b"),
    ],
)
def test_a_wrong_step_is_named(changes, named):
    with pytest.raises(RuleError, match=named):
        check([replace(MEETING, steps=(replace(STEP, **changes),))], BOOK, DAY)


def test_two_rules_of_one_id_and_a_rule_without_steps():
    with pytest.raises(RuleError, match="two rules are called 'meeting'"):
        check([MEETING, MEETING], BOOK, DAY)
    with pytest.raises(RuleError, match="meeting: no step"):
        check([replace(MEETING, steps=())], BOOK, DAY)
    with pytest.raises(RuleError, match="'before' stands twice"):
        check([replace(MEETING, steps=(STEP, STEP))], BOOK, DAY)


def test_a_value_that_no_longer_fits_is_found_at_start():
    broken = RuleBook({**BOOK.values, "remind.morning": (DatedValue("late", "time", date.min, None),)})
    with pytest.raises(RuleError, match=r"not a time: 'late'"):
        check(RULES, broken, DAY)


@pytest.mark.parametrize(
    ("anchor", "before", "number", "late"),
    [("due", False, 2, 2), ("due", True, 3, 0), ("planned", False, 2, 0), ("opens", False, 27, 0)],
)
def test_the_rung_is_the_declared_offset_from_the_due_day(anchor, before, number, late):
    step = Step("s", anchor, "x", "y", "words", before=before)
    assert step.days_late(number) == late
    assert step.id(number) == f"s:{number}"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-03", "tháng 3/2026"),
        ("2026-Q4", "quý IV/2026"),
        ("2026-H1", "6 tháng đầu năm 2026"),
        ("2026-9M", "9 tháng năm 2026"),
        ("2026", "năm 2026"),
    ],
)
def test_periods_are_called_by_their_names(period, words):
    assert period_words(period) == words


def test_the_days_of_award_are_one_in_each_quarter():
    assert check_value("day of each quarter", " 03/02, 19/5 2/9 7/11") == "3/2 19/5 2/9 7/11"
    for wrong in ("3/2 19/5 2/9", "3/2 2/9 19/5 7/11", "29/2 19/5 2/9 7/11", "3/2 19/5 2/9 7", "x"):
        with pytest.raises(ValueError, match=r"quarter|int\(\)|day|month"):
            check_value("day of each quarter", wrong)
