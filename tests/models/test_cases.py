"""Admission cases: the dates follow from reports, the deadlines are obligations, nothing is counted twice."""

from datetime import date

import pytest

from models import cases, figures, obligations, rules
from models.clock import at
from models.forms.admission import ADMISSION
from models.forms.base import Facts
from models.periods import parse_period
from reminders.rules import RULES
from tests.figures_world import build

YEAR, END = parse_period("2022"), date(2022, 12, 31)


@pytest.fixture
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


def step(world, name, on, case=""):
    answers = {"step": name, "dates": [on], **({"case": case} if case else {})}
    return world.report("CB1", "case_step", date.fromisoformat(on), answers)


def event(world, name, on, case):
    return world.event("CB1", "admission", name, 1, [on], case=case)


def owed(world, what, serial="KN-2022-01"):
    return obligations.find(world.session, world.ids["CB1"], what, serial)


def opened(world):
    return step(world, "open", "2022-07-01").answers["case"]


def test_serials_follow_one_another_in_a_year(world):
    assert [opened(world), opened(world)] == ["KN-2022-01", "KN-2022-02"]


def test_the_pipeline_says_what_comes_next(world):
    serial = opened(world)
    case = cases.by_serial(world.session, serial)
    seen = [cases.next_step(case)]
    event(world, "boi_duong_nhan_thuc", "2022-07-05", serial)
    seen.append(cases.next_step(case))
    step(world, "resolution", "2022-08-01", serial)
    seen.append(cases.next_step(case))
    event(world, "ket_nap", "2022-09-01", serial)
    seen.append(cases.next_step(case))
    event(world, "chinh_thuc", "2022-09-02", serial)
    assert seen == ["boi_duong_nhan_thuc", "certificate", "de_nghi_ket_nap", "chinh_thuc"]
    assert not case.is_open
    assert cases.open_labels(world.session, world.ids["CB1"]) == {}


@pytest.mark.parametrize(
    ("name", "on", "what", "planned", "due"),
    [
        ("certificate", "2022-08-31", "case_certificate", None, "2027-08-31"),
        ("dossier", "2022-02-28", "case_dossier", None, "2023-02-28"),
        ("decision", "2022-08-01", "case_ceremony", None, "2022-09-14"),
    ],
)
def test_a_step_starts_its_deadline(world, name, on, what, planned, due):
    """Thirty working days from 1/8/2022 pass the two days off for 2/9 (1/9 and 2/9)."""
    serial = opened(world)
    step(world, name, on, serial)
    row = owed(world, what)
    assert (row.status, row.planned_on, row.due_on.isoformat()) == ("open", planned, due)


def test_probation_is_planned_twelve_months_after_the_ceremony(world):
    serial = opened(world)
    event(world, "ket_nap", "2022-09-01", serial)
    row = owed(world, "case_probation")
    assert row.planned_on == date(2023, 9, 1)
    assert row.due_on > date(2023, 10, 10)


def test_the_next_step_meets_the_deadline_and_a_withdrawal_opens_it_again(world):
    serial = opened(world)
    step(world, "decision", "2022-08-01", serial)
    told = event(world, "ket_nap", "2022-08-19", serial)
    assert owed(world, "case_ceremony").status == "on_time"
    world.withdraw(told)
    assert owed(world, "case_ceremony").status == "open"
    assert owed(world, "case_probation").status == "cancelled"


def test_a_case_that_is_stopped_owes_nothing(world):
    serial = opened(world)
    step(world, "dossier", "2022-08-01", serial)
    step(world, "end", "2022-08-02", serial)
    assert owed(world, "case_dossier").status == "cancelled"


def test_the_steps_of_a_case_are_counted_once(world):
    before = figures.figures(world.session, world.ids["CB1"], YEAR, END).figure("ket_nap").amount.number
    serial = opened(world)
    event(world, "de_nghi_ket_nap", "2022-08-01", serial)
    step(world, "decision", "2022-08-10", serial)
    event(world, "ket_nap", "2022-08-19", serial)
    after = figures.figures(world.session, world.ids["CB1"], YEAR, END)
    assert (after.figure("ket_nap").amount.number, after.figure("de_nghi_ket_nap").amount.number) == (before + 1, 1)


@pytest.mark.parametrize(("counted_by", "in_august"), [("decision", 1), ("resolution", 0), ("ceremony", 0)])
def test_which_date_of_a_case_counts_is_a_setting(world, counted_by, in_august):
    rules.revise(world.session, "admission.counted_by", counted_by, date(2022, 1, 1), "test", at(END))
    serial = opened(world)
    step(world, "resolution", "2022-07-20", serial)
    step(world, "decision", "2022-08-10", serial)
    event(world, "ket_nap", "2022-09-05", serial)
    august = figures.figures(world.session, world.ids["CB1"], parse_period("2022-08"), END)
    assert august.figure("ket_nap").amount.number == in_august


def test_every_deadline_has_its_reminders():
    assert set(cases.WHATS) <= {rule.what for rule in RULES}


WAITING = {"KN-2022-01": "boi_duong_nhan_thuc", "KN-2022-02": "chinh_thuc", "KN-2022-03": "decision"}


@pytest.mark.parametrize(
    ("event", "offered"),
    [
        ("boi_duong_nhan_thuc", ["KN-2022-01"]),
        ("de_nghi_ket_nap", ["KN-2022-01"]),
        ("ket_nap", ["KN-2022-01", "KN-2022-03"]),
        ("chinh_thuc", ["KN-2022-02"]),
    ],
)
def test_only_the_cases_an_event_may_belong_to_are_asked_about(event, offered):
    facts = Facts(today=date(2022, 7, 1), unit_name="Chi bộ", cases=WAITING)
    field = next(field for field in ADMISSION.fields if field.id == "case")
    answers = {"event": event, "count": 1}
    assert [choice.fills["case"] for choice in field.choices(answers, facts)] == [*offered, ""]
    assert field.asked(answers, facts)


def test_nobody_is_asked_about_a_case_that_cannot_be_the_one():
    facts = Facts(today=date(2022, 7, 1), unit_name="Chi bộ", cases={"KN-2022-01": "boi_duong_nhan_thuc"})
    field = next(field for field in ADMISSION.fields if field.id == "case")
    assert not field.asked({"event": "chinh_thuc", "count": 1}, facts)


def test_a_corrected_report_may_keep_the_case_it_named(world):
    serial = opened(world)
    sent = event(world, "de_nghi_ket_nap", "2022-08-01", serial)
    unit = world.ids["CB1"]
    assert cases.open_labels(world.session, unit) == {serial: "decision"}
    assert cases.open_labels(world.session, unit, sent.id) == {serial: "de_nghi_ket_nap"}
