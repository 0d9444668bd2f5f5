"""One conversation for every form: what is asked next, what is kept, what is asked again."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import dialog
from handlers.dialog import SUMMARY, Draft
from models.forms import FORMS
from models.forms.base import Choice, Facts, Field, Filled, Form, Problem, Stock

TODAY = date(2022, 3, 3)
STOCK = Stock(official=18, probationary=2, exempt=0, stated_on=date(2022, 2, 1), stated_total=20)
FACTS = Facts(today=TODAY, unit_name="Chi bộ A", stock=STOCK)
MEETING = FORMS["meeting"]


def asked(answers=None, **more) -> dialog.Step:
    return dialog.begin(MEETING, Draft("meeting", 1, 1, answers=answers or {}, **more), FACTS)


def said(*lines: str, step: dialog.Step | None = None, facts: Facts = FACTS) -> dialog.Step:
    step = step or asked()
    for number, line in enumerate(lines):
        step = dialog.advance(MEETING, step.draft, line, facts, f"m{number}")
    return step


def test_the_plain_meeting_is_told_in_four_answers():
    step = said("3/3", "18/20", "2", "rồi")

    assert step.complete
    assert step.draft.asking == SUMMARY
    assert step.draft.answers["official"] == 18


def test_full_attendance_needs_three():
    assert said("3/3", "đủ", "rồi").complete


@pytest.mark.parametrize(
    ("lines", "field", "word"),
    [
        (("9/3",), "held_on", "chưa đến"),
        (("31/2",), "held_on", "trong lịch"),
        (("3/3", "22/20"), "present", "nhiều hơn"),
        (("3/3", "18/20", "5"), "absent_excused", "Vắng 2"),
        (("3/3", "18/20", "2", "có lẽ"), "posted", "Đã đăng"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(lines, field, word):
    step = said(*lines)

    assert step.draft.asking == field
    assert word in step.problem
    assert set(step.draft.answers) >= {"held_on"} or field == "held_on"


def test_a_total_that_disagrees_with_the_members_is_asked_about_once():
    step = said("3/3", "15/17")

    assert step.draft.asking == "official"
    assert [choice.label for choice in step.draft.offered] == ["Phải dự 20", "Đúng là 17"]
    assert dialog.pick(MEETING, step.draft, 1, FACTS).draft.answers["official"] == 15


def test_a_choice_fills_what_it_says():
    step = asked()
    held_today = next(n for n, choice in enumerate(step.draft.offered) if choice.label.startswith("Hôm nay"))

    assert dialog.pick(MEETING, step.draft, held_today, FACTS).draft.answers["held_on"] == "2022-03-03"


def test_every_question_has_a_step_of_its_own():
    first = asked()
    second = said("3/3", step=first)

    assert second.draft.step > first.draft.step
    assert said("31/2", step=first).draft.step > first.draft.step


def test_each_answer_remembers_its_message():
    assert said("3/3", "18/20").draft.sources == {"held_on": "m0", "present": "m1"}
    picked = dialog.pick(MEETING, asked().draft, 0, FACTS, "m9")
    assert picked.draft.sources == {"held_on": "m9"}


def test_changing_the_attendance_forgets_what_followed_from_it():
    done = said("3/3", "18/20", "2", "rồi")

    step = dialog.change(MEETING, done.draft, "present", FACTS)

    assert step.draft.answers.keys() & {"present", "total", "absent_excused", "official"} == set()
    assert step.draft.answers["posted"] is True


def test_a_line_that_changes_the_attendance_asks_the_excuse_again_but_keeps_the_members():
    done = said("3/3", "18/20", "2", "rồi")

    step = dialog.fill(MEETING, done.draft, {"present": 17, "total": 20}, FACTS)

    assert step.draft.asking == "absent_excused"
    assert step.draft.answers["official"] == 18


def test_a_line_that_changes_the_total_asks_about_the_members_in_plain_words():
    done = said("3/3", "18/20", "2", "rồi")

    step = dialog.fill(MEETING, done.draft, {"present": 15, "total": 15, "absent_excused": 0}, FACTS)

    assert step.draft.asking == "official"
    assert step.problem == ""
    assert "15" in step.question


def test_a_brief_report_asks_only_what_it_cannot_do_without():
    draft = Draft("meeting", 1, 1, brief=True, answers=dict(MEETING.defaults))

    assert dialog.fill(MEETING, draft, {"held_on": "2022-03-03", "present": 18, "total": 20}, FACTS).complete
    assert dialog.fill(MEETING, draft, {"present": 18, "total": 20}, FACTS).draft.asking == "held_on"


def test_an_offer_leaves_the_answers_as_they_are():
    done = said("3/3", "18/20", "2", "rồi")
    choices = (Choice("Số dự 17/20", {"present": 17, "total": 20}),)

    step = dialog.offer(MEETING, done.draft, "held_on", FACTS, choices)

    assert step.draft.answers == done.draft.answers
    assert step.draft.offered == choices


def test_a_draft_comes_back_from_storage_as_it_was():
    draft = said("3/3", "15/17").draft

    assert Draft.from_json(draft.to_json()) == draft


def test_only_what_the_report_is_can_be_changed():
    not_held = replace(asked().draft, answers={"outcome": "not_held", "month": "2022-03"})

    assert {field.id for field in dialog.changeable(MEETING, not_held)} & {"present", "held_on"} == set()


def _field(name: str, **more) -> Field:
    def read(text, _answers, _facts):
        return Filled({name: text})

    return Field(name, name, lambda _answers, _facts: f"{name}?", read, **more)


TINY = Form(
    id="tiny", version=1, title="Tiny",
    fields=(_field("a", clears=("b",)), _field("b"), _field("c", asked=lambda answers, _f: answers.get("a") == "yes")),
    check=lambda answers, _f: Problem("no", "b") if answers.get("b") == "bad" else None,
    period=lambda _a: "2022-03", kind=lambda _a: "", single=lambda _a: False,
    lines=tuple, headline=", ".join,
)  # fmt: skip


@given(st.lists(st.sampled_from(["yes", "no", "bad", ""]), max_size=8))
def test_any_form_ends_with_every_field_answered_that_is_asked(lines):
    step = dialog.begin(TINY, Draft("tiny", 1, 1), FACTS)
    for line in lines:
        if step.complete:
            break
        step = dialog.advance(TINY, step.draft, line, FACTS)
        assert step.draft.answers.get("b") != "bad"

    wanted = {"a", "b"} | ({"c"} if step.draft.answers.get("a") == "yes" else set())
    assert step.complete == (wanted <= step.draft.answers.keys())
