"""Obligations created ahead: where a branch should report, when it is due, and what changes afterwards."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from bot.schema import create_tables
from models import duties, obligations, rules, units
from models.database import make_engine
from models.duties import FIGURES, MEETING, THEMATIC
from models.obligations import Obligation
from models.periods import parse_period
from models.submissions import Submission
from models.terms import BADGES

NOW = datetime(2026, 2, 20, 3, tzinfo=UTC)
MARCH = parse_period("2026-03")


@pytest.fixture
def session(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/duties.db")
    create_tables(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def branch(session, code="CB01", **values) -> int:
    return units.unit_id(units.put(session, code, name=f"Chi bộ {code}", kind="chi_bo", **values))


def owed(session, what, period, unit_id=1) -> Obligation | None:
    session.expire_all()
    row = obligations.find(session, unit_id, what, period)
    return row if row and row.status != "cancelled" else None


def test_this_and_the_next_month_and_quarter_are_created(session):
    branch(session)
    duties.ensure(session, NOW)
    rows = {(row.what, row.period, row.due_on.isoformat()) for row in session.exec(select(Obligation))}
    assert rows == {
        (MEETING, "2026-02", "2026-02-05"),
        (MEETING, "2026-03", "2026-03-05"),
        (THEMATIC, "2026-Q1", "2026-03-31"),
        (THEMATIC, "2026-Q2", "2026-06-30"),
        (FIGURES, "2026-Q1", "2026-03-16"),  # the 15th is a Sunday
        (FIGURES, "2026-H1", "2026-06-15"),
        (BADGES, "2026-Q2", "2026-04-04"),  # awarded on the 19th of May; those of February are proposed already
    }


def test_figures_are_owed_four_times_a_year(session):
    branch(session)
    for month in (1, 4, 7, 10):
        duties.ensure(session, datetime(2026, month, 2, 3, tzinfo=UTC))
    periods = session.exec(
        select(Obligation.period).where(Obligation.what == FIGURES, Obligation.due_on < date(2027, 1, 1))
    )
    assert set(periods) == {"2026-Q1", "2026-H1", "2026-9M", "2026"}


def test_what_was_due_before_the_bot_came_is_not_owed(session):
    branch(session)
    duties.ensure(session, datetime(2026, 3, 20, 3, tzinfo=UTC))
    assert owed(session, FIGURES, "2026-Q1") is None
    assert owed(session, MEETING, "2026-03")


def test_ensuring_twice_changes_nothing(session):
    branch(session)
    for _ in range(2):
        duties.ensure(session, NOW)
    assert len(session.exec(select(Obligation)).all()) == 7


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"valid_from": date(2026, 3, 3)}, True),
        ({"valid_from": date(2026, 3, 4)}, False),
        ({"valid_to": date(2026, 3, 3)}, True),
        ({"valid_to": date(2026, 3, 2)}, False),
        ({"meeting_day": 10, "valid_from": date(2026, 3, 9)}, True),
    ],
)
def test_a_branch_is_expected_where_it_exists_on_its_meeting_day(session, values, expected):
    branch(session, **values)
    duties.ensure(session, NOW)
    assert (owed(session, MEETING, "2026-03") is not None) is expected


def test_a_branch_dissolved_later_owes_nothing_more(session):
    branch(session)
    duties.ensure(session, NOW)
    units.put(session, "CB01", valid_to=date(2026, 3, 2))
    duties.ensure(session, NOW)
    assert owed(session, MEETING, "2026-02")
    assert owed(session, MEETING, "2026-03") is None
    assert owed(session, THEMATIC, "2026-Q1") is None
    assert owed(session, FIGURES, "2026-Q1") is None


def test_a_pause_lets_go_and_its_end_brings_back(session):
    unit_id = branch(session)
    duties.ensure(session, NOW)
    units.set_pause(session, unit_id, date(2026, 3, 1), date(2026, 3, 31))
    duties.ensure(session, NOW)
    assert owed(session, MEETING, "2026-03") is None
    units.set_pause(session, unit_id, date(2026, 3, 1), date(2026, 3, 2))
    duties.ensure(session, NOW)
    assert owed(session, MEETING, "2026-03")


def test_a_changed_meeting_day_moves_what_is_open(session):
    branch(session)
    duties.ensure(session, NOW)
    units.put(session, "CB01", meeting_day=31)
    rules.revise(session, "meeting.day", "8", date(2026, 3, 1), "account:1", NOW)
    branch(session, "CB02")
    duties.ensure(session, NOW)
    assert owed(session, MEETING, "2026-02").planned_on == date(2026, 2, 28)  # no 31st
    assert owed(session, MEETING, "2026-03").planned_on == date(2026, 3, 31)
    assert owed(session, MEETING, "2026-03").due_on == date(2026, 3, 25)  # never after the 25th
    assert owed(session, MEETING, "2026-02", 2).planned_on == date(2026, 2, 3)  # the old value still counts
    assert owed(session, MEETING, "2026-03", 2).planned_on == date(2026, 3, 8)


def test_a_meeting_its_secretary_postponed_stays_where_it_was_put(session):
    branch(session)
    duties.ensure(session, NOW)
    duties.meeting_postponed(session, owed(session, MEETING, "2026-03"), MARCH, date(2026, 3, 12))
    session.flush()
    duties.ensure(session, NOW)
    row = owed(session, MEETING, "2026-03")
    assert (row.planned_on, row.due_on, row.on_time_until) == (date(2026, 3, 12), date(2026, 3, 14), date(2026, 3, 14))


def test_the_meeting_day_moves_to_a_working_day_only_where_the_committee_says_so(session):
    branch(session, meeting_day=1)  # Sunday 1 March 2026
    duties.ensure_meetings(session, MARCH, NOW)
    assert owed(session, MEETING, "2026-03").planned_on == date(2026, 3, 1)
    rules.revise(session, "meeting.move_to_working_day", "yes", date(2026, 3, 1), "account:1", NOW)
    duties.ensure_meetings(session, MARCH, NOW)
    assert owed(session, MEETING, "2026-03").planned_on == date(2026, 3, 2)


def thematic(session, unit_id, month, state="submitted", outcome="held") -> Submission:
    row = Submission(
        unit_id=unit_id, form_id="meeting", form_version=1, period=month, kind="thematic", state=state,
        answers={"outcome": outcome}, submitted_at=NOW, reported_on=date(2026, 2, 20),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_a_thematic_meeting_in_the_quarter_settles_it_and_a_withdrawal_does_not(session):
    unit_id = branch(session)
    duties.ensure(session, NOW)
    quarter = parse_period("2026-Q1")
    report = thematic(session, unit_id, "2026-02")
    duties.sync_quarter(session, quarter, NOW)
    assert owed(session, THEMATIC, "2026-Q1").status == "on_time"
    assert owed(session, THEMATIC, "2026-Q2").status == "open"
    report.state = "withdrawn"
    session.flush()
    duties.sync_quarter(session, quarter, NOW, [unit_id])
    assert owed(session, THEMATIC, "2026-Q1").status == "open"


def test_only_a_thematic_meeting_that_was_held_counts(session):
    unit_id = branch(session)
    duties.ensure(session, NOW)
    thematic(session, unit_id, "2026-02", outcome="postponed")
    duties.sync_quarter(session, parse_period("2026-Q1"), NOW)
    assert owed(session, THEMATIC, "2026-Q1").status == "open"


def test_an_obligation_is_excused_only_for_a_reason_and_while_open(session):
    branch(session)
    duties.ensure(session, NOW)
    row = owed(session, MEETING, "2026-03")
    with pytest.raises(ValueError, match="reason"):
        obligations.excuse(session, row, " ", "account:1", NOW)
    obligations.excuse(session, row, "Thiên tai", "account:1", NOW)
    assert (row.status, row.reason) == ("excused", "Thiên tai")
    with pytest.raises(ValueError, match="not open"):
        obligations.excuse(session, row, "Thiên tai", "account:1", NOW)


def test_the_quarters_report_settles_the_figures_due_in_it(session):
    unit_id = branch(session)
    duties.ensure(session, datetime(2026, 6, 1, 3, tzinfo=UTC))
    for state, reported_on, replaces in (("replaced", date(2026, 6, 14), None), ("submitted", date(2026, 6, 20), 1)):
        session.add(
            Submission(
                unit_id=unit_id, form_id="quarterly", form_version=1, period="2026-Q2", state=state, answers={},
                submitted_at=NOW, reported_on=reported_on, replaces_id=replaces,
            )
        )  # fmt: skip
        session.flush()
    duties.sync_quarter(session, parse_period("2026-Q2"), NOW)
    assert owed(session, FIGURES, "2026-H1").status == "on_time"  # its correction came later
    assert owed(session, FIGURES, "2026-9M").status == "open"
    assert owed(session, BADGES, "2026-Q3").status == "on_time"
