"""Working days of Viet Nam, against the government's own announcements."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import working_days
from models.clock import ZONE
from models.sending_hours import SendingHours
from models.working_days import Calendar, build

CALENDAR = build()
HOURS = SendingHours(time(21), time(7), CALENDAR)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def span(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n) for n in range((end - start).days + 1)}


@pytest.mark.parametrize(
    ("first", "last"),
    [("2022-01-31", "2022-02-04"), ("2023-01-20", "2023-01-26"), ("2024-02-08", "2024-02-14"),
     ("2026-02-16", "2026-02-20")],
)  # fmt: skip
def test_tet_is_the_announced_run_of_days(first, last):
    year = date.fromisoformat(first).year
    found = {day for day in span(f"{year}-01-01", f"{year}-12-31") if CALENDAR.is_tet(day)}
    assert found == span(first, last)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-01", False),
        ("2026-01-02", False),  # swapped with
        ("2026-01-10", True),  # this Saturday
        ("2024-04-29", False),  # swapped with
        ("2024-05-04", True),  # this Saturday
        ("2022-01-03", False),  # in lieu of Saturday the 1st
        ("2022-04-11", False),  # in lieu of the Hung Kings' day on Sunday
        ("2022-05-03", False),
        ("2024-02-29", True),
        ("2026-03-07", False),
    ],
)
def test_holidays_days_in_lieu_and_swapped_days(day, worked):
    assert CALENDAR.is_working(date.fromisoformat(day)) is worked


def test_an_administrators_row_overrides_the_delivered_ones():
    changed = build({"2026-01-10": "off", "2027-02-03": "tet", "2026-03-07": "work"})
    assert not changed.is_working(date(2026, 1, 10))
    assert changed.is_tet(date(2027, 2, 3))
    assert changed.is_working(date(2026, 3, 7))


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ValueError, match=r"2026-03-07.*holiday"):
        build({"2026-03-07": "holiday"})


def test_ten_working_days_over_tet():
    assert CALENDAR.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert CALENDAR.add_working_days(date(2026, 2, 23), -1) == date(2026, 2, 13)


@given(DAYS, st.integers(-40, 40))
def test_counting_there_and_back(day, count):
    reached = CALENDAR.add_working_days(day, count)
    assert count == 0 or CALENDAR.is_working(reached)
    first, last = sorted((day, reached))
    between = sum(CALENDAR.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    ends = CALENDAR.is_working(last) - CALENDAR.is_working(first) if count < 0 else 0
    assert between - ends == abs(count)


@given(DAYS)
def test_next_and_previous_working_day_enclose_only_days_off(day):
    after, before = CALENDAR.next_working_day(day), CALENDAR.previous_working_day(day)
    assert before <= day <= after
    assert CALENDAR.is_working(before)
    assert CALENDAR.is_working(after)
    off = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(CALENDAR.is_working(one) for one in off)


NAIVE = (datetime(2022, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001  # hypothesis adds the zone itself


@given(st.datetimes(*NAIVE, timezones=st.just(ZONE)))
def test_a_moment_moves_only_forward_to_an_allowed_one(moment):
    moved = HOURS.next_allowed(moment)
    assert HOURS.allows(moved)
    assert moved == moment if HOURS.allows(moment) else moved > moment
    assert moved == moment or moved.timetz() == time(7, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        ("2026-03-03T20:59", "2026-03-03T20:59"),
        ("2026-03-03T21:00", "2026-03-04T07:00"),
        ("2026-03-03T06:59", "2026-03-03T07:00"),
        ("2026-02-16T08:00", "2026-02-21T07:00"),  # the Saturday after Tết is no Tết day
        ("2026-02-15T22:00", "2026-02-21T07:00"),
    ],
)
def test_quiet_hours_and_tet_move_to_the_next_allowed_morning(moment, moved):
    there = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert HOURS.next_allowed(there) == datetime.fromisoformat(moved).replace(tzinfo=ZONE)


def test_equal_times_are_never_quiet():
    assert SendingHours(time(0), time(0), Calendar()).allows(datetime(2026, 3, 3, 3, tzinfo=ZONE))


def test_the_delivered_exceptions_are_read():
    assert working_days.delivered_marks()[date(2026, 1, 2)] == "off"
