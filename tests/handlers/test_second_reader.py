"""A second reader, taught by labelled lines, only ever adds a question; what must not be stored stays unstored."""

import csv

import pytest

from handlers._reading.decision import RECORDED, SURE, Decision, reconsider
from handlers._reading.events import Event
from handlers._reading.result import Issue
from handlers._reading.second_reader import TABLE, Opinion, features, opinion
from handlers.understand import as_told
from tests.language.scoring import load

HELD = Decision("meeting_held", (Event("meeting_held", 0, 3),))


def test_features_are_words_neighbours_and_those_one_word_apart_with_figures_and_names_as_their_kind():
    assert features("@b hop 12/3 co mat 18") >= {"", "@b", "hop", "0", "^ @b", "@b hop", "0 * 0", "mat 0"}
    assert not any(char.isdigit() and char != "0" for feature in features("hop 12/3 18/20") for char in feature)


@pytest.mark.parametrize("other", [Opinion("meeting_held", 0.99), Opinion("unknown", SURE - 0.01)])
def test_one_who_agrees_or_is_unsure_changes_nothing(other):
    assert reconsider(HELD, other, "hop") == HELD


def test_one_who_is_sure_of_another_report_is_followed_by_a_question():
    asked = reconsider(HELD, Opinion("meeting_postponed", SURE), "hop")
    assert (asked.intent, [event.intent for event in asked.events]) == ("meeting_postponed", ["meeting_postponed"])
    assert [(one.code, one.options) for one in asked.issues] == [
        ("ambiguous_intent", ("meeting_held", "meeting_postponed"))
    ]


def test_one_who_is_sure_of_no_report_makes_it_a_question():
    asked = reconsider(HELD, Opinion("help", SURE), "hop")
    assert (asked.intent, asked.events, bool(asked.issues)) == ("meeting_held", HELD.events, True)


def test_a_report_the_grammar_missed_is_asked_about():
    found = reconsider(Decision("unknown"), Opinion("admission", SURE), "them nguoi")
    assert (found.intent, bool(found.issues)) == ("admission", True)


@pytest.mark.parametrize("text", ["kinh moi cac dong chi hop", "hop phu huynh 30/35", "de nghi ket nap 2 quan chung"])
def test_what_a_guard_bars_stays_unknown_whatever_the_words(text):
    assert reconsider(Decision("unknown"), Opinion("meeting_held", 0.99), text) == Decision("unknown")


def test_a_correction_announced_at_the_head_is_one_whatever_follows():
    corrected = Decision("correction")
    assert reconsider(corrected, Opinion("meeting_held", 0.99), "nham, hop 3/3 19/20") == corrected


def test_a_line_in_doubt_already_is_asked_about_once():
    doubtful = Decision("meeting_held", HELD.events, (Issue("multi_event", "hop"),))
    assert reconsider(doubtful, Opinion("admission", 0.99), "hop") == doubtful


@pytest.mark.parametrize(("name", "least"), [("public.jsonl", 0.95), ("a_held.jsonl", 0.92), ("b_held.jsonl", 0.88)])
def test_alone_it_knows_the_intent_of_nearly_every_line(name, least):
    labelled = load(name)
    right = [
        opinion(as_told(message["text"], labelled.names)).intent == message["gold"]["intent"]
        for message in labelled.messages
    ]
    assert sum(right) >= least * len(right)


def test_the_table_is_in_order_and_names_known_intents_only():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(row["feature"], row["intent"]) for row in csv.DictReader(file)]
    assert rows == sorted(set(rows))
    assert {intent for _, intent in rows} == RECORDED | {"unknown", "help", "ask_status"}
