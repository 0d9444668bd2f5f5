"""From what a line says to a form's answers: only what is certain is taken, a doubt becomes one question."""

from datetime import date

import pytest

from handlers import cards
from handlers.cards import Card
from handlers.understand import Issue, Reading, Slots
from models.forms.base import Facts, Stock

TODAY = date(2022, 3, 10)
DAY = date(2022, 3, 3)
FACTS = Facts(
    today=TODAY,
    stock=Stock(official=18, probationary=2, exempt=1, stated_on=date(2022, 2, 1), stated_total=20),
)


def reading(intent="meeting_held", *issues: Issue, **slots) -> Reading:
    return Reading(intent, Slots(**slots), None, issues, needs_confirm=bool(issues))


def answers(said: Reading, facts: Facts | None = FACTS):
    card = cards.card_of(said, facts)
    assert card is not None
    return card.answers


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"present": 18, "total": 20}, (18, 20)),
        ({"present": 17, "absent": 2}, (17, 19)),
        ({"absent": 2}, (17, 19)),
        ({"present": 18}, (18, 19)),
        ({"absent": 3, "total": 20}, (17, 20)),
    ],
)
def test_attendance_follows_from_what_was_said_and_the_members_on_record(slots, expected):
    found = answers(reading(date=DAY, **slots))

    assert (found["present"], found["total"]) == expected
    assert found["held_on"] == "2022-03-03"


def test_without_members_on_record_one_number_alone_says_nothing_of_the_total():
    assert "present" not in answers(reading(date=DAY, present=18), Facts(today=TODAY))


def test_a_meeting_not_held_is_of_the_month_that_was_said():
    assert answers(reading("meeting_not_held", date=date(2022, 2, 1))) == {"outcome": "not_held", "month": "2022-02"}


def test_a_postponed_meeting_has_its_new_day():
    assert answers(reading("meeting_postponed", date=date(2022, 3, 15)))["new_on"] == "2022-03-15"


def test_a_thematic_meeting_is_known_by_its_topic():
    found = answers(reading(date=DAY, present=18, total=19, topic="nêu gương", format="online"))

    assert (found["kind"], found["topic"], found["format"]) == ("thematic", "nêu gương", "online")


@pytest.mark.parametrize(
    ("intent", "form_id", "event"),
    [
        ("admission", "admission", "ket_nap"),
        ("official_transfer", "admission", "chinh_thuc"),
        ("member_transfer_in", "movement", "chuyen_den"),
        ("member_transfer_out", "movement", "chuyen_di"),
    ],
)
def test_each_event_has_its_form(intent, form_id, event):
    card = cards.card_of(reading(intent, date=DAY, count=2))

    assert card == Card(form_id, {"event": event, "count": 2, "dates": ["2022-03-03"]})


def test_people_named_are_counted_and_not_kept():
    assert answers(reading("admission", person_names=("A", "B"))) == {"event": "ket_nap", "count": 2}


@pytest.mark.parametrize("intent", ["unknown", "help", "ask_status", "ack_directive", "correction"])
def test_what_reports_nothing_has_no_card(intent):
    assert cards.card_of(reading(intent, date=DAY, present=18, total=20)) is None


@pytest.mark.parametrize("code", cards.DATE_ISSUES)
def test_a_doubtful_date_is_not_taken(code):
    issue = Issue(code, "31/2")
    card = cards.card_of(reading("meeting_held", issue, date=DAY, present=18, total=20), FACTS)

    assert card is not None
    assert "held_on" not in card.answers
    assert card.answers["present"] == 18
    assert cards.doubtful_field(issue, card) == "held_on"


@pytest.mark.parametrize("code", cards.COUNT_ISSUES)
def test_a_doubtful_number_is_not_taken(code):
    issue = Issue(code, "22/20")
    card = cards.card_of(reading("meeting_held", issue, date=DAY, present=22, total=20), FACTS)

    assert card is not None
    assert "present" not in card.answers
    assert card.answers["held_on"] == "2022-03-03"
    assert cards.doubtful_field(issue, card) == "present"


def test_a_fraction_that_may_be_a_date_offers_both():
    choices = cards.likely_answers(Issue("ambiguous_fraction", "8/9"), "held_on", FACTS)

    assert [dict(choice.fills) for choice in choices] == [{"held_on": "2021-09-08"}, {"present": 8, "total": 9}]


def test_a_fraction_that_is_no_date_is_a_number_only():
    choices = cards.likely_answers(Issue("ambiguous_fraction", "18/20"), "held_on", FACTS)

    assert [dict(choice.fills) for choice in choices] == [{"present": 18, "total": 20}]


def test_two_readings_of_a_date_are_offered_if_they_have_come():
    issue = Issue("ambiguous_date", "2/3", ("2022-03-02", "2022-02-03", "2022-12-31"))

    choices = cards.likely_answers(issue, "held_on", FACTS)

    assert [choice.label for choice in choices] == ["2/3/2022", "3/2/2022"]


@pytest.mark.parametrize(
    ("typed", "line", "shown"),
    [
        ("hom no", "Họp hôm nọ 18/20", "hôm nọ"),
        ("2022-03-15", "họp 15/3 18/20", "15/3/2022"),
        ("18+3/20", "có mặt 18/20 vắng 3", "có mặt 18/20 vắng 3"),
        ("", "gì đó", "gì đó"),
    ],
)
def test_a_doubt_is_named_as_it_was_typed(typed, line, shown):
    assert cards.as_typed(Issue("vague_date", typed), line) == shown


def test_a_correction_names_only_what_it_says():
    said = reading("correction", present=19, total=20)

    assert cards.correction(said, "meeting", {}) == {"present": 19, "total": 20}
    assert cards.correction(reading("correction", count=2, date=DAY), "admission", {}) == {
        "count": 2,
        "dates": ["2022-03-03"],
    }
