"""Rule values and decided days from a table: checked as a whole, written once, and what waits is withdrawn."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session, select

from models import rules
from models.clock import at
from models.import_rows import Sheet
from models.importing import ImportResult, import_sheets
from models.outbox import OutboxRow
from tests.reminders.world import World

MARCH = date(2026, 3, 1)


def sheet(name: str, *rows: tuple[object, ...]) -> Sheet:
    header = {"rules": ("code", "value", "valid_from"), "calendar": ("day", "kind")}[name]
    return Sheet(name, header, tuple(enumerate(rows, start=2)))


@pytest.fixture
def world() -> World:
    return World(1, "2026-03-01 9:00", meeting_day=3)


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    with world.session() as opened:
        yield opened


def imported(session: Session, *sheets: Sheet) -> ImportResult:
    return import_sheets(session, sheets, at(MARCH, 9), "test")


def test_values_and_days_are_imported_once(session):
    sheets = (
        sheet("rules", ("meeting.remind_before", "5, 1", None), ("rule.figures", "không", "2026-04-01")),
        sheet("calendar", ("2026-03-16", "off")),
    )
    assert imported(session, *sheets).counts == {"rules.changed": 2, "calendar.marked": 1}
    assert imported(session, *sheets).counts == {}
    book = rules.book(session)
    assert book.numbers("meeting.remind_before", MARCH) == (5, 1)
    assert book.yes("rule.figures", date(2026, 3, 31))
    assert not book.yes("rule.figures", date(2026, 4, 1))
    assert not book.calendar().is_working(date(2026, 3, 16))


@pytest.mark.parametrize(
    ("table", "row", "column", "key"),
    [
        ("rules", ("meeting.remind_befor", "5", None), "code", "import.unknown_rule"),
        ("rules", ("remind.morning", "sớm", None), "value", "import.bad_rule_value"),
        ("rules", ("remind.morning", "07:30", "2026-02-01"), "valid_from", "import.rule_in_the_past"),
        ("rules", ("remind.morning", "07:30", "hôm nay"), "valid_from", "import.not_a_day"),
        ("rules", ("remind.morning", None, None), "value", "import.empty"),
        ("calendar", ("2026-03-16", "holiday"), "kind", "import.unknown_day_kind"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(session, table, row, column, key):
    good = sheet(
        "rules" if table == "calendar" else "calendar",
        ("meeting.day", "4") if table == "calendar" else ("2026-03-17", "off"),
    )
    result = imported(session, sheet(table, row), good)
    assert [(one.sheet, one.row, one.column, one.key) for one in result.errors] == [(table, 2, column, key)]
    assert rules.book(session).text("meeting.day", MARCH) == "3"


def test_a_code_or_a_day_that_stands_twice_is_named(session):
    result = imported(
        session,
        sheet("rules", ("meeting.day", "4", None), ("meeting.day", "5", None)),
        sheet("calendar", ("2026-03-16", "off"), ("2026-03-16", "work")),
    )
    assert [(one.sheet, one.row, one.key) for one in result.errors] == [
        ("rules", 3, "import.twice"), ("calendar", 3, "import.twice"),
    ]  # fmt: skip


def test_a_new_value_withdraws_what_waits_under_the_old_one(world):
    with world.session() as session:
        rules.revise(session, "remind.cap_a_day", "1", MARCH, "test", world.now)
    world.until("2026-03-03 20:00")
    with world.session() as session:
        for row in session.exec(select(OutboxRow).where(OutboxRow.kind == "reminder")):
            row.state = "pending"
    with world.session() as session:
        assert imported(session, sheet("rules", ("meeting.remind_on_the_day", "1", None))).counts == {
            "rules.changed": 1
        }
        assert set(session.exec(select(OutboxRow.state).where(OutboxRow.kind == "reminder"))) == {"cancelled"}


def test_a_decision_about_a_day_can_be_taken_back(session):
    day = date(2026, 3, 16)
    for kind, working in (("off", False), ("work", True), ("off", False)):
        rules.mark_day(session, day, kind, "test", at(MARCH))
        assert rules.book(session).calendar().is_working(day) is working
    rules.unmark_day(session, day, "test", at(MARCH))
    assert rules.book(session).calendar().is_working(day)
