"""Denominators freeze when a period is approved; numerators follow corrections; re-opening freezes anew."""

from datetime import date

import pytest

from models import duties, figures, period_states, units
from models.clock import at
from models.periods import parse_period
from tests.figures_world import HALF_YEAR, build

QUARTER = parse_period("2022-Q1")
NOW = at(date(2022, 4, 20))


@pytest.fixture
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


def meetings(world, unit="DU", period=QUARTER):
    amount = figures.figures(world.session, world.ids[unit], period, HALF_YEAR).figure("sinh_hoat_dung_ky").amount
    return amount.number, amount.of


def approve(world, unit="DU"):
    return period_states.approve(world.session, world.ids[unit], str(QUARTER), 1, NOW)


def add_branch(world):
    """Import a branch late that is said to have existed all along."""
    unit = units.put(world.session, "CB99", name="Chi bộ mới", kind="chi_bo")
    units.set_parent(world.session, units.unit_id(unit), world.ids["DU"], date(2022, 1, 1))
    world.ids["CB99"] = units.unit_id(unit)
    for month in QUARTER.months:
        duties.ensure_meetings(world.session, month, at(date(2022, 5, 1)))


def test_a_branch_added_later_changes_an_open_period_only(world):
    assert meetings(world) == (8, 13)
    approve(world)
    add_branch(world)
    assert meetings(world) == (8, 13)


def test_without_approval_it_counts(world):
    add_branch(world)
    assert meetings(world) == (8, 16)


def test_the_year_keeps_what_was_frozen_in_its_quarter(world):
    before = meetings(world, period=parse_period("2022-H1"))
    approve(world)
    add_branch(world)
    assert meetings(world, period=parse_period("2022-H1")) == before


def test_opening_again_lets_it_count(world):
    approve(world)
    add_branch(world)
    period_states.reopen(world.session, world.ids["DU"], str(QUARTER), "bổ sung chi bộ", 1, NOW)
    assert meetings(world) == (8, 16)


def test_a_unit_that_moved_away_later_is_not_counted_twice(world):
    whole, parts = (
        meetings(world, period=parse_period("2022-H1")),
        [(code, parse_period("2022-H1")) for code in ("DB1", "DB2")],
    )
    before = [meetings(world, code, period) for code, period in parts]
    period_states.approve(world.session, world.ids["DU"], "2022-H1", 1, at(date(2022, 7, 10)))
    assert meetings(world, period=parse_period("2022-H1")) == whole
    assert [meetings(world, code, period) for code, period in parts] == before


def test_the_figures_say_their_state(world):
    approve(world)
    assert figures.figures(world.session, world.ids["DU"], QUARTER, HALF_YEAR).state == "approved"
