"""Rule values: dated rows, revised and never overwritten."""

from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import Session, select

from bot.schema import create_tables
from models import rules
from models.audit import AuditEntry
from models.database import make_engine
from models.rule_book import delivered

NOW = datetime(2026, 3, 5, 3, tzinfo=UTC)
TODAY = date(2026, 3, 5)


@pytest.fixture
def session(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/rules.db")
    create_tables(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_a_revision_counts_from_its_day_and_the_old_value_before_it(session):
    rules.revise(session, "meeting.day", "5", date(2026, 4, 1), "account:1", NOW)
    assert rules.number_on(session, "meeting.day", date(2026, 3, 31)) == 3
    assert rules.number_on(session, "meeting.day", date(2026, 4, 1)) == 5
    book = rules.book(session)
    assert book.number("meeting.day", date(2026, 3, 31)) == 3
    assert book.number("meeting.day", date(2026, 4, 1)) == 5


def test_a_second_revision_of_the_same_day_counts(session):
    for value in ("5", "6"):
        rules.revise(session, "meeting.day", value, TODAY, "account:1", NOW)
    assert rules.number_on(session, "meeting.day", TODAY) == 6
    assert rules.book(session).number("meeting.day", TODAY) == 6


def test_a_revision_is_audited_with_both_values(session):
    rules.revise(session, "remind.evening", "19h30", TODAY, "account:1", NOW)
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.deed, entry.old, entry.new) == (
        "rule.revise",
        {"value": "20:00"},
        {"value": "19:30", "since": "2026-03-05"},
    )


@pytest.mark.parametrize(
    ("code", "value"),
    [("meeting.day", "32"), ("remind.evening", "25:00"), ("rule.meeting", "maybe"), ("ladder.1", "secretary boss"),
     ("meeting.remind_before", "7 x"), ("remind.cap_a_day", "0")],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_unit_is_refused(session, code, value):
    with pytest.raises(ValueError, match=value.split()[-1]):
        rules.revise(session, code, value, TODAY, "account:1", NOW)


def test_an_unknown_code_is_named(session):
    with pytest.raises(LookupError, match=r"meeting\.dya"):
        rules.revise(session, "meeting.dya", "3", TODAY, "account:1", NOW)
    with pytest.raises(LookupError, match=r"meeting\.dya"):
        rules.book(session).text("meeting.dya", TODAY)


def test_a_preview_leaves_the_book_as_it_is(session):
    book = rules.book(session)
    changed = book.changed({"meeting.remind_before": "5, 1"}, TODAY)
    assert changed.numbers("meeting.remind_before", TODAY) == (5, 1)
    assert book.numbers("meeting.remind_before", TODAY) == (7, 2)


def test_a_day_the_administrator_decided_is_in_the_calendar(session):
    rules.mark_day(session, date(2026, 3, 6), "off", "account:1", NOW)
    rules.mark_day(session, date(2026, 3, 7), "work", "account:1", NOW)
    calendar = rules.book(session).calendar()
    assert not calendar.is_working(date(2026, 3, 6))
    assert calendar.is_working(date(2026, 3, 7))
    assert rules.book(session).sending_hours(TODAY).quiet_from == time(21)


def test_every_delivered_value_fits_its_unit():
    codes = [code for code, _ in delivered()]
    assert len(set(codes)) == len(codes)
