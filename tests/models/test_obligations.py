"""Queries over what is owed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot.schema import create_tables
from models import duties, obligations, units
from models.database import make_engine
from models.periods import parse_period

NOW = datetime(2026, 2, 20, 3, tzinfo=UTC)


@pytest.fixture
def session(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/obligations.db")
    create_tables(engine)
    with Session(engine) as opened:
        for code, day in (("CB01", 3), ("CB02", 10)):
            units.put(opened, code, name=code, kind="chi_bo", meeting_day=day)
        duties.ensure_meetings(opened, parse_period("2026-03"), NOW)
        yield opened
    engine.dispose()


def test_what_is_due_between_two_days_both_included(session):
    rows = obligations.due_between(session, date(2026, 3, 5), date(2026, 3, 12))
    assert [row.due_on.day for row in rows] == [5, 12]
    assert obligations.due_between(session, date(2026, 3, 6), date(2026, 3, 11)) == []


def test_what_was_done_is_due_no_more(session):
    row = obligations.due_between(session, date(2026, 3, 5), date(2026, 3, 5))[0]
    obligations.fulfil(row, None, date(2026, 3, 5), NOW)
    session.flush()
    assert obligations.due_between(session, date(2026, 3, 5), date(2026, 3, 5)) == []
    obligations.reopen(row)
    assert row.status == "open"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 10))
def test_a_report_is_never_on_time_after_the_latest_day(held_on, days):
    latest = held_on.replace(day=25)
    until = obligations.report_by(held_on, days, latest)
    assert until <= latest
    assert until in (latest, held_on + timedelta(days=days))
