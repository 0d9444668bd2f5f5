"""What every registered form keeps to, so that one conversation serves them all; a new form is held to it unasked."""

from datetime import date
from functools import cache
from random import Random

import pytest

from handlers import dialog
from handlers.dialog import Draft
from models.forms import FORMS
from models.forms.base import Facts, Filled, Form, Problem, Stock
from models.people import ROLES
from models.periods import parse_period

TODAY = date(2022, 3, 3)
STOCK = Stock(official=18, probationary=2, exempt=1, stated_on=date(2022, 2, 1), stated_total=20)
FACTS = Facts(today=TODAY, unit_name="Chi bộ A", stock=STOCK, open_months=("2022-02", "2022-03"))
BARE = Facts(today=TODAY, unit_name="Chi bộ A")
LINES = (
    "3/3", "hôm qua", "18/19", "2", "1", "rồi", "chưa", "không", "đủ", "0", "15/3", "17 2 0", "Học tập Bác", "tháng 2",
    "văn bản", "kết nạp", "chuyển đi", "có", "2026", "10", "5 5 5 5", "12/1608",
)  # fmt: skip

# A directive hands its own answers on to what it asks for.
HANDED = {"directive": 7, "month": "2022-03", "label": "Kế hoạch 58", "counted": "số mô hình"}
STARTS = {"study": HANDED, "tally": HANDED}
SENT_ON = ("directive",)  # goes to branches the facts here do not hold, and belongs to no period

every_form = pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
with_and_without_stock = pytest.mark.parametrize("facts", [FACTS, BARE], ids=["stock", "no stock"])


def walks(form: Form, facts: Facts) -> list[dialog.Step]:
    """Return every step of many talks that press and type at random, the same every time."""
    return _walks(form.id, facts is FACTS)


@cache
def _walks(form_id: str, stock: bool) -> list[dialog.Step]:
    form, facts = FORMS[form_id], FACTS if stock else BARE
    found = []
    for seed in range(30):
        dice = Random(seed)
        step = dialog.begin(form, Draft(form.id, 1, 1, answers=STARTS.get(form_id, {})), facts)
        for _ in range(20):
            found.append(step)
            if step.complete:
                break
            offered = step.draft.offered
            if offered and dice.random() < 0.7:
                step = dialog.pick(form, step.draft, dice.randrange(len(offered)), facts)
            else:
                step = dialog.advance(form, step.draft, dice.choice(LINES), facts)
    return found


@every_form
def test_it_says_what_it_is(form):
    assert form.title
    assert form.version >= 1
    assert set(form.reporters) <= set(ROLES)
    assert form.reporters


@every_form
def test_its_fields_have_labels_and_names_of_their_own(form):
    assert all(field.label for field in form.fields)
    assert len({field.id for field in form.fields}) == len(form.fields)
    assert all(":" not in field.id for field in form.fields)


@every_form
@with_and_without_stock
def test_every_question_is_put_in_words_and_every_problem_too(form, facts):
    for step in walks(form, facts):
        if not step.complete:
            assert step.question.strip()
            assert form.field(step.draft.asking).label


@every_form
@with_and_without_stock
def test_every_choice_offered_is_taken_or_refused_with_a_reason(form, facts):
    for step in walks(form, facts):
        for number, choice in enumerate(step.draft.offered):
            assert choice.label.strip()
            taken = dialog.pick(form, step.draft, number, facts)
            kept = all(taken.draft.answers.get(name) == value for name, value in choice.fills.items())
            assert kept or taken.problem


@every_form
@with_and_without_stock
def test_some_talk_comes_to_an_end_with_a_summary_a_period_and_a_headline(form, facts):
    done = [step.draft.answers for step in walks(form, facts) if step.complete]

    assert done or form.id in SENT_ON
    for answers in done:
        parse_period(form.period(answers))
        assert form.lines(answers)
        assert all(line.strip() for line in form.lines(answers))
        assert form.headline(answers).strip()
        assert isinstance(form.kind(answers), str)
        assert form.single(answers) in (True, False)
        assert form.check(answers, facts) is None


@every_form
def test_what_is_complete_can_be_changed_field_by_field(form):
    for step in walks(form, FACTS):
        if step.complete:
            for field in dialog.changeable(form, step.draft):
                assert dialog.change(form, step.draft, field.id, FACTS).draft.asking == field.id


@every_form
def test_junk_is_refused_in_words_that_fit_a_message(form):
    junk = ("", " ", "😀", "9" * 5_000, "a" * 5_000, "<b>", "31/2", "-1", "1/0", "²", "٣/٣", "1e9", "0x10", "/", ",")
    # One step of each question: what was answered before hardly matters to junk.
    for step in {step.draft.asking: step for step in walks(form, FACTS) if not step.complete}.values():
        for text in junk:
            read = form.field(step.draft.asking).read(text, step.draft.answers, FACTS)
            assert isinstance(read, Filled | Problem)
            if isinstance(read, Problem):
                assert 0 < len(read.words) < 500


@every_form
def test_half_a_report_can_be_shown(form):
    for step in walks(form, FACTS):
        assert all(line.strip() for line in form.lines(step.draft.answers))
