from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import units
from models.database import FEW
from models.forms.base import Stock
from models.forms.movement import EVENTS
from models.reporting import stock_on
from models.stock import Event, Move, Stated, expected, move_of, stocks_on
from tests.figures_world import build

STATED = Stated(date(2022, 3, 3), official=20, probationary=2, exempt=1, submission_id=7)
LATER = date(2022, 4, 1)


@pytest.fixture(scope="module")
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


def event(name, count=1, on="2022-03-10", number=8, **more):
    return Event(number, {"event": name, "count": count, "dates": [on], **more})


@pytest.mark.parametrize(
    ("found", "move"),
    [
        (event("ket_nap", 2), Move(0, 2)),
        (event("chinh_thuc"), Move(1, -1)),
        (event("chuyen_den", 3, probationary=1), Move(2, 1)),
        (event("chuyen_di", 2), Move(-2, 0)),
        (event("tu_tran", probationary=1), Move(0, -1)),
        (event("phuc_hoi"), Move(1, 0)),
        (event("tam_den"), None),
        (event("de_nghi_ket_nap", 4), None),
    ],
)
def test_what_each_event_does_to_the_members(found, move):
    assert move_of(found, STATED, LATER) == move


@pytest.mark.parametrize(
    ("on", "number", "counts"),
    [
        ("2022-03-02", 8, False),  # before the members were stated
        ("2022-03-03", 6, False),  # the same day, reported before
        ("2022-03-03", 8, True),  # the same day, reported after
        ("2022-04-01", 8, True),
        ("2022-04-02", 8, False),  # after the day asked for
    ],
)
def test_only_what_happened_since_is_added(on, number, counts):
    assert (move_of(event("ket_nap", on=on, number=number), STATED, LATER) is not None) == counts


def test_of_several_dates_only_those_reached_count():
    found = Event(8, {"event": "ket_nap", "count": 3, "dates": ["2022-03-01", "2022-03-20", "2022-04-20"]})
    assert move_of(found, STATED, LATER) == Move(0, 1)


def test_the_exempt_never_outnumber_the_members():
    few = Stated(date(2022, 3, 3), official=2, probationary=0, exempt=2)
    assert expected(few, [event("tu_tran")], LATER).exempt == 1


def test_came_and_left_are_told_apart():
    found = expected(STATED, [event("chuyen_den", 3), event("chuyen_di", 2), event("chinh_thuc")], LATER)
    assert found == Stock(22, 1, 1, stated_on=STATED.on, stated_total=22, came=3, left=2)


@given(
    st.lists(
        st.tuples(st.sampled_from(["ket_nap", "chinh_thuc", *EVENTS]), st.integers(1, 3), st.integers(-5, 40)),
        max_size=12,
    )
)
def test_what_came_and_left_explains_the_difference(happened):
    events = [
        event(name, count, (STATED.on + timedelta(days)).isoformat(), number)
        for number, (name, count, days) in enumerate(happened)
    ]
    found = expected(STATED, events, LATER)
    assert found.members == found.stated_total + found.came - found.left


def test_many_units_at_once_give_what_each_gives_alone(world):
    day = date(2022, 6, 30)
    together = stocks_on(world.session, day)
    alone = {unit_id: stock_on(world.session, unit_id, day) for unit_id in world.ids.values()}
    assert together == {unit_id: found for unit_id, found in alone.items() if found}
    assert stocks_on(world.session, day, range(FEW * 2)) == together


def test_the_report_being_corrected_is_left_out(world):
    unit_id = world.ids["CB10"]
    stated = units.last_membership(world.session, unit_id, date(2022, 6, 30))
    assert stock_on(world.session, unit_id, date(2022, 6, 30)).members == 8
    assert stock_on(world.session, unit_id, date(2022, 6, 30), without=stated.submission_id) is None


def test_an_admission_being_corrected_is_left_out(world):
    admitted = world.event("CB1", "admission", "ket_nap", 1, ["2022-06-20"])
    assert stock_on(world.session, world.ids["CB1"], date(2022, 6, 30)).members == 28
    assert stock_on(world.session, world.ids["CB1"], date(2022, 6, 30), without=admitted.id).members == 27
    world.session.rollback()


def test_nobody_stated_anything_yet(world):
    assert stocks_on(world.session, date(2021, 1, 1)) == {}
