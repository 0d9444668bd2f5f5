"""The demonstration: invented once, by the functions real reports go through, and full of everything worth seeing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.demo import play
from bot.demo.builder import fill, is_filled
from bot.demo.history import months, plan
from bot.demo.page import people
from bot.rendering import Texts
from bot.schema import create_tables
from models import stock, units
from models.clock import at, local_date
from models.database import make_engine
from models.obligations import Obligation
from models.people import Account, Address
from models.submissions import Submission
from models.units import Membership, Unit

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TODAY = local_date(NOW)


@pytest.fixture(scope="module")
def session():
    """A database with the demonstration, for tests that only read."""
    engine = make_engine("sqlite://")
    create_tables(engine)
    with Session(engine) as opened:
        fill(opened, NOW)
        yield opened
    engine.dispose()


def test_the_history_ends_with_the_last_month(session):
    reported = session.exec(select(Submission.reported_on).order_by(Submission.reported_on)).all()
    assert (reported[0] >= date(2025, 11, 1), reported[-1] <= date(2026, 11, 22)) == (True, True)
    assert [str(month) for month in months(TODAY)][::11] == ["2025-11", "2026-10"]


def test_there_are_twelve_branches_and_two_stand_beneath_a_part_of_the_committee(session):
    part = units.by_code(session, "BP01")
    assert len(units.listed(session, kinds=("chi_bo",))) == 12
    assert len(units.subtree(session, [part.id], TODAY)) == 3


def test_everybody_has_joined_with_a_phone_on_the_page(session):
    accounts = session.exec(select(Account)).all()
    addresses = {row.account_id: row.native_id for row in session.exec(select(Address))}
    assert addresses == {account.id: f"demo-{account.id}" for account in accounts}
    assert all(account.joined_at for account in accounts)


def test_meetings_are_on_time_late_postponed_and_missing(session):
    owed = session.exec(select(Obligation).where(Obligation.what == "meeting", Obligation.period < "2026-11")).all()
    assert len(owed) == 12 * 12
    statuses = [row.status for row in owed]
    assert statuses.count("open") == 3
    assert 4 <= statuses.count("late") <= 12
    replaced = session.exec(select(Submission).where(Submission.state == "replaced")).all()
    assert len(replaced) == 3


def test_every_members_count_follows_from_the_one_before_and_the_events_between(session):
    for row in session.exec(select(Membership).where(col(Membership.submission_id).is_not(None))):
        before = stock.stocks_on(session, row.on, [row.unit_id], without=row.submission_id)[row.unit_id]
        assert (row.official, row.probationary) == (before.official, before.probationary)


def test_past_quarters_are_closed_and_one_branch_or_other_had_no_thematic_meeting(session):
    rows = session.exec(
        select(Obligation).where(Obligation.what != "meeting", Obligation.due_on < date(2026, 10, 1))
    ).all()
    assert {row.status for row in rows if row.what == "figures"} == {"on_time"}
    assert 2 <= sum(row.status == "open" for row in rows if row.what == "thematic") <= 4


def test_the_list_of_phones_begins_with_the_committee(session):
    listed = people(session, Texts.load(), NOW)
    assert listed[0].group == "Đảng ủy"
    assert listed[-1].group == "Chi bộ"
    assert ("Bí thư Tổ dân phố 5", "Bí thư Chi bộ Tổ dân phố 5") in {(person.name, person.role) for person in listed}
    assert len({person.address for person in listed}) == len(listed) == len(session.exec(select(Account)).all())


def test_the_plan_is_the_same_every_time_and_never_in_the_future():
    assert plan(TODAY) == plan(TODAY)
    assert all(report.at < at(TODAY) for report in plan(TODAY))


@pytest.mark.parametrize("month", [1, 2, 3])  # a quarter's first, middle and last
def test_it_can_be_begun_in_any_month(month):
    engine = make_engine("sqlite://")
    create_tables(engine)
    with Session(engine) as opened:
        fill(opened, at(date(2027, month, 1), 8))
        assert is_filled(opened)
    engine.dispose()


def test_a_second_start_keeps_the_data_and_the_time_reached(tmp_path):
    url = f"sqlite:///{tmp_path}/demo.db"
    assert play.prepare(url, tmp_path / "copies", NOW) == timedelta()
    engine = make_engine(url)
    with Session(engine) as opened:
        opened.exec(select(Unit).where(Unit.code == "CB05")).one().name = "Khác"
        play.notices.lock_watermark(opened, play.REMINDERS, NOW + timedelta(days=3))
        opened.commit()
        assert play.prepare(url, tmp_path / "copies", NOW) == timedelta(days=3)
        opened.expire_all()
        assert units.by_code(opened, "CB05").name == "Khác"
    engine.dispose()
    assert not (tmp_path / "copies").exists()
