"""What a closed period takes: locked, nothing; approved, corrections, which are counted."""

from datetime import date, timedelta

import pytest

from models import period_states
from models.clock import at
from models.periods import parse_period
from models.submissions import Submission
from tests.figures_world import build

NOW = at(date(2022, 4, 10), 9)
QUARTER = "2022-Q1"


@pytest.fixture
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


def submit(world, period, when):
    row = Submission(
        unit_id=world.ids["CB1"], form_id="quarterly", form_version=1, period=period, answers={},
        submitted_at=when, reported_on=when.date(),
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def close(world, period=QUARTER, *, lock=False):
    unit = world.ids["DU"]
    row = period_states.approve(world.session, unit, period, 1, NOW)
    return period_states.lock(world.session, unit, period, 1, NOW) if lock else row


def test_an_open_period_is_closed_by_nothing(world):
    assert period_states.closing(world.session, world.ids["CB1"], "2022-03") is None


def test_a_branchs_month_is_closed_by_the_quarter_above_it(world):
    close(world, lock=True)

    closed = period_states.closing(world.session, world.ids["CB1"], "2022-03")

    assert (closed.period, closed.state) == (QUARTER, "locked")
    assert period_states.closing(world.session, world.ids["CB1"], "2022-04") is None


def test_what_came_after_approval_is_counted_once(world):
    before = submit(world, "2022-Q1", NOW - timedelta(days=1))
    row = close(world)
    assert period_states.changed_since(world.session, row) == 0
    before.state = "replaced"

    submit(world, "2022-Q1", NOW + timedelta(days=1))
    submit(world, "2022-Q2", NOW + timedelta(days=1))

    assert period_states.changed_since(world.session, row) == 1


def test_a_locked_year_locks_the_quarters_forms_and_reopening_frees_them(world):
    form = submit(world, "2022-Q1", NOW - timedelta(days=1))
    close(world, "2022", lock=True)
    assert form.state == "locked"

    period_states.reopen(world.session, world.ids["DU"], "2022", "sót", 1, NOW)

    assert form.state == "submitted"
    assert parse_period(form.period).length == 3
