"""The planner on its own: facts in, notices out."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from models.clock import local
from models.rule_book import DatedValue, RuleBook, book_of, delivered
from reminders.planner import Due, Facts, due
from reminders.rule import Owed, Rule, Step
from reminders.rules import RULES
from reminders.schedule import upcoming
from tests.reminders.world import days, moment

SECRETARY, DEPUTY, ASSIGNED = 1, 2, 3
PEOPLE = {10: {"secretary": (SECRETARY,), "deputy": (DEPUTY,), "assigned": (ASSIGNED,)}}
CREATED = moment("2026-01-01 0:00")
BEGIN, END = moment("2026-01-01 0:00"), moment("2026-06-01 0:00")


def with_values(**changes: str) -> RuleBook:
    """The delivered values with some more; a code's dots are written as double underscores."""
    book = book_of(delivered())
    rows = {
        code.replace("__", "."): (DatedValue(value, "list of days", date.min, None),) for code, value in changes.items()
    }
    return RuleBook({**book.values, **rows})


BOOK = with_values()


def owed(number: int = 1, planned: str | None = "2026-03-03", due_on: str = "2026-03-05", **values) -> Owed:
    """The meeting of March of unit 10."""
    made = Owed(
        number, 10, "meeting", "2026-03", date(2026, 3, 1), planned and date.fromisoformat(planned),
        date.fromisoformat(due_on), CREATED,
    )  # fmt: skip
    return replace(made, **values)


def planned(facts: Facts, since: datetime = BEGIN, until: datetime = END, rules=RULES, every=None) -> list[Due]:
    """Everything planned while the clock stops at every full hour, as ticks would."""
    every = every or days(1) / 24
    told, slots, found, at = set(facts.told), {k: dict(v) for k, v in facts.slots.items()}, [], since
    while at < until:
        after = at + every
        slots = {account: {hour: hour > at for hour in hours} for account, hours in slots.items()}
        for one in due(rules, replace(facts, told=told, slots=slots), at, after):
            found.append(one)
            told.add((one.rule_id, one.obligation_id, one.step_id, one.account_id))
            hour = local(one.send_at).replace(minute=0, second=0)
            slots.setdefault(one.account_id, {})[hour] = True
        at = after
    return found


def seen(found: list[Due]) -> list[tuple[str, int]]:
    """(local time, account)."""
    return [(local(one.send_at).strftime("%d/%m %H:%M"), one.account_id) for one in found]


def step(one: Due) -> str:
    """The step, without the meeting's day."""
    return one.step_id.partition("@")[0]


def test_the_ladder():
    assert seen(planned(Facts((owed(),), PEOPLE, BOOK))) == [
        ("24/02 08:00", 1), ("01/03 08:00", 1), ("03/03 20:00", 1), ("06/03 08:00", 1), ("06/03 08:00", 2),
        ("07/03 08:00", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("hours", [1, 3, 24])
def test_the_same_is_told_however_often_the_clock_ticks(hours):
    # A tick a day tells hours late, within the day; what and whom is the same.
    book = with_values(remind__late_minutes="1440")
    found = planned(Facts((owed(),), PEOPLE, book), every=days(1) / 24 * hours)
    assert [(step(one), one.account_id) for one in found] == [
        ("before:7", 1), ("before:2", 1), ("day:0", 1), ("late:1", 1), ("late:1", 2), ("late:2", 3),
    ]  # fmt: skip


def test_a_postponed_meeting_is_asked_about_on_its_new_day():
    told = {("meeting", 1, f"{name}@2026-03-03", SECRETARY) for name in ("before:7", "before:2", "day:0")}
    moved = owed(planned="2026-03-12", due_on="2026-03-14")
    found = planned(Facts((moved,), PEOPLE, BOOK, told=frozenset(told)), since=moment("2026-03-04 0:00"))
    assert seen(found)[:3] == [("05/03 08:00", 1), ("10/03 08:00", 1), ("12/03 20:00", 1)]


def test_settled_and_silent_obligations_have_no_reminder():
    for values in ({"settled": True}, {"silent": True}):
        assert planned(Facts((owed(**values),), PEOPLE, BOOK)) == []


def test_a_late_created_obligation_gets_what_lies_ahead():
    made = owed(created_at=moment("2026-03-02 9:00"))
    assert seen(planned(Facts((made,), PEOPLE, BOOK)))[0] == ("03/03 20:00", 1)


def test_a_step_behind_the_due_day_that_is_counted_from_the_meeting_asks_the_secretary():
    postponed = owed(planned="2026-03-28", due_on="2026-03-25")
    assert seen(planned(Facts((postponed,), PEOPLE, BOOK))) == [
        ("21/03 08:00", 1), ("26/03 08:00", 1), ("26/03 08:00", 1), ("26/03 08:00", 2), ("27/03 08:00", 3),
        ("28/03 20:00", 1),
    ]  # fmt: skip


def test_an_outage_leaves_one_late_message_for_each_obligation_and_person():
    since, until = moment("2026-02-20 0:00"), moment("2026-03-10 9:30")
    found = due(RULES, Facts((owed(), owed(2)), PEOPLE, BOOK), since, until)
    assert {(one.obligation_id, one.account_id, step(one)) for one in found} == {
        (number, account, step)
        for number in (1, 2)
        for account, step in ((SECRETARY, "late:1"), (DEPUTY, "late:1"), (ASSIGNED, "late:2"))
    }
    assert all(one.late and one.send_at == until for one in found)


def test_a_late_message_makes_room_for_a_step_due_by_the_same_morning():
    book = with_values(remind__morning="07:00")
    found = due(RULES, Facts((owed(),), PEOPLE, book), moment("2026-02-28 0:00"), moment("2026-03-05 23:00"))
    assert found == []  # the evening's question would come at 7:00 together with "late"


def test_one_hour_one_message_and_the_next_waits():
    book = with_values(remind__evening="08:30")
    same_day = owed(planned="2026-03-05", due_on="2026-03-04")  # its day at 8:30 and late:1 at 8:00
    found = planned(Facts((same_day,), PEOPLE, book), since=moment("2026-03-04 23:00"))
    assert seen(found)[:3] == [("05/03 08:00", 1), ("05/03 08:00", 1), ("05/03 08:00", 2)]
    hour = moment("2026-03-05 8:00")
    told = due(RULES, Facts((same_day,), PEOPLE, book, slots={SECRETARY: {hour: False}}), hour - days(1), hour)
    assert [one for one in seen(told) if one[1] == SECRETARY] == [("05/03 09:00", 1)]


def test_the_cap_counts_messages_not_notices():
    many = tuple(owed(number) for number in range(1, 30))
    found = planned(Facts(many, PEOPLE, BOOK), until=moment("2026-03-01 12:00"))
    assert {local(one.send_at).strftime("%d/%m %H:%M") for one in found} == {"24/02 08:00", "01/03 08:00"}


def test_what_is_over_the_cap_moves_a_day_and_keeps_its_place():
    full = {SECRETARY: {moment(f"2026-03-03 {hour}:00"): False for hour in (8, 9, 10)}}
    since, until = moment("2026-03-03 19:00"), moment("2026-03-03 20:00")
    found = due(RULES, Facts((owed(),), PEOPLE, BOOK, slots=full), since, until)
    assert seen(found) == [("04/03 20:00", 1)]


def test_what_the_cap_moves_is_dropped_when_a_later_step_is_due_by_then():
    full = {SECRETARY: {moment(f"2026-03-06 {hour}:00"): False for hour in (1, 2, 3)}}
    book = with_values(meeting__remind_after="1 2", ladder__2="secretary assigned")
    found = planned(Facts((owed(),), PEOPLE, book, slots=full), since=moment("2026-03-05 23:00"))
    assert [(step(one), one.account_id) for one in found] == [("late:1", 2), ("late:2", 1), ("late:2", 3)]


# Rules that come with later parts of the product ----------------------------------------------------------------

DIRECTIVE = Rule(
    "directive", "directive",
    (
        Step("half", "due", "directive.share", "remind.morning", "{unit}", unit="percent"),
        Step("before", "due", "directive.before", "remind.morning", "{unit}", before=True),
        Step("late", "due", "directive.after", "remind.morning", "{unit}"),
    ),
)  # fmt: skip
CEREMONY = Rule(
    "ceremony", "ceremony",
    (Step("open", "opens", "ceremony.after", "remind.morning", "{unit}", unit="working_days"),),
)  # fmt: skip
CERTIFICATE = Rule(
    "certificate", "certificate",
    (Step("open", "opens", "certificate.months", "remind.morning", "{unit}", unit="months", audience=("deputy",)),),
)  # fmt: skip
LATER = with_values(
    directive__share="50", directive__before="1 0", directive__after="1", ceremony__after="10 20 27",
    certificate__months="1 2",
)  # fmt: skip


def test_a_directive_is_reminded_half_way_a_day_before_on_the_day_and_after():
    made = owed(what="directive", planned=None, opens_on=date(2026, 3, 2), due_on="2026-03-12")
    assert seen(planned(Facts((made,), PEOPLE, LATER), rules=[DIRECTIVE])) == [
        ("07/03 08:00", 1), ("11/03 08:00", 1), ("12/03 08:00", 1), ("13/03 08:00", 1), ("13/03 08:00", 2),
    ]  # fmt: skip


def test_a_decision_without_ceremony_is_counted_in_working_days():
    made = owed(what="ceremony", planned=None, opens_on=date(2026, 1, 30), due_on="2026-03-20")
    found = planned(Facts((made,), PEOPLE, LATER), rules=[CEREMONY])
    assert seen(found) == [("13/02 08:00", 1), ("06/03 08:00", 1), ("17/03 08:00", 1)]


def test_months_are_clamped_and_an_audience_of_its_own_replaces_the_ladder():
    made = owed(what="certificate", planned=None, opens_on=date(2026, 1, 31), due_on="2026-05-01")
    found = planned(Facts((made,), PEOPLE, LATER), rules=[CERTIFICATE])
    assert seen(found) == [("28/02 08:00", DEPUTY), ("31/03 08:00", DEPUTY)]


def test_unless_silences_a_rule():
    quiet = replace(DIRECTIVE, unless=lambda one: one.unit_id == 10)
    made = owed(what="directive", planned=None)
    assert planned(Facts((made,), PEOPLE, LATER), rules=[quiet]) == []


def test_the_next_moments_are_counted_by_step():
    found = upcoming(RULES, [(owed(), 2), (owed(3, settled=True), 1)], BOOK, moment("2026-03-02 0:00"), 6)
    assert [(local(one.at).strftime("%d/%m %H:%M"), one.step_id, one.count) for one in found] == [
        ("03/03 20:00", "day:0", 2), ("06/03 08:00", "late:1", 2), ("07/03 08:00", "late:2", 2),
    ]  # fmt: skip
