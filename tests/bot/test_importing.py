"""Tables come in as a whole or not at all; a second import changes and never doubles."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, col, create_engine, select

from bot.importing import import_path
from models import people, units
from models.audit import AuditEntry
from models.conversations import Conversation, account_key
from models.importing import ImportResult, import_workbook
from models.messages import Message, verbatim
from models.notices import Notice
from models.obligations import Obligation
from models.outbox import OutboxRow, put
from models.people import Account, Post
from models.tables import declare, metadata
from models.targets import Target
from models.units import ALWAYS, FOREVER, Membership, Unit, UnitParent, UnitPause

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 10, 3, tzinfo=UTC)

UNITS = """code,name,kind,parent_code,official,probationary,exempt
DU,Đảng ủy phường,dang_bo,,,,
CB1,Chi bộ Một,chi_bo,DU,18,2,1
CB2,Chi bộ Hai,chi_bo,DU,10,0,0
"""
POSTS = """unit_code,role,holder
CB1,secretary,Bí thư CB1
CB2,secretary,Bí thư CB2
DU,officer,Văn phòng
"""
TARGETS = """unit_code,indicator,period,target
DU,ket_nap,2026,15
DU,van_ban,2026,>=300
"""


@pytest.fixture
def session():
    declare()
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def tables(tmp_path):
    """A folder of the three tables; a call writes others in their place."""

    def write(units: str = UNITS, posts: str = POSTS, targets: str = TARGETS) -> Path:
        for name, text in {"units": units, "posts": posts, "targets": targets}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_folder_is_imported(session, tables):
    result = import_path(session, tables(), MARCH)
    assert result.errors == ()
    assert [unit.code for unit in units.listed(session)] == ["CB1", "CB2", "DU"]
    assert _parents(session) == [("CB1", "DU", ALWAYS, FOREVER), ("CB2", "DU", ALWAYS, FOREVER)]
    assert {(row.indicator, row.target) for row in session.exec(select(Target))} == {
        ("ket_nap", "15"),
        ("van_ban", ">=300"),
    }
    assert units.last_membership(session, 2, date(2026, 3, 1)).exempt == 1


def test_a_second_import_of_the_same_changes_nothing(session, tables):
    import_path(session, tables(), MARCH)
    before = _everything(session)
    result = import_path(session, tables(), APRIL)
    assert result == ImportResult()
    assert _everything(session) == before


def test_an_import_that_counts_from_an_earlier_moment_doubles_nothing(session, tables):
    import_path(session, tables(), APRIL)
    before = _everything(session)
    assert import_path(session, tables(), MARCH).errors == ()
    added = {row[0] for row in set(_everything(session)) - set(before)}
    assert added == {"audit", "membership"}, "only the members are stated for an earlier day too"


def test_rows_that_are_absent_stay(session, tables):
    import_path(session, tables(), MARCH)
    import_path(session, tables("code,name\nCB1,Chi bộ Số Một\n", "unit_code,role,holder\n"), APRIL)
    assert units.by_code(session, "CB1").name == "Chi bộ Số Một"
    assert units.by_code(session, "CB2").name == "Chi bộ Hai"
    assert len(session.exec(select(Post)).all()) == 3


def test_empty_cells_leave_what_is_stored(session, tables):
    import_path(session, tables("code,name,kind,meeting_day,sector\nCB1,Một,chi_bo,5,doanh nghiệp\n", "", ""), MARCH)
    import_path(session, tables("code,name,kind,meeting_day,sector\nCB1,,,,\n", "", ""), APRIL)
    unit = units.by_code(session, "CB1")
    assert (unit.name, unit.meeting_day, unit.sector) == ("Một", 5, "doanh nghiệp")


def test_a_byte_order_mark_is_no_part_of_the_first_column(session, tables):
    folder = tables()
    (folder / "units.csv").write_text(UNITS, encoding="utf-8-sig")
    assert import_path(session, folder, MARCH).errors == ()


def test_a_table_separated_by_semicolons_is_read(session, tables):
    text = 'code;name;kind;aliases\nCB1;"Một";chi_bo;"A;B"\n'
    assert import_path(session, tables(text, "", ""), MARCH).errors == ()
    assert units.by_code(session, "CB1").aliases == ["A", "B"]


def test_a_new_parent_counts_from_the_moment_given(session, tables):
    import_path(session, tables(UNITS + "BP,Bộ phận,dang_bo_bo_phan,DU,,,\n"), MARCH)
    import_path(session, tables("code,parent_code\nCB1,BP\n", "", ""), APRIL)
    assert _parents(session)[1:3] == [
        ("CB1", "DU", ALWAYS, date(2026, 4, 9)),
        ("CB1", "BP", date(2026, 4, 10), FOREVER),
    ]


def test_a_new_secretary_ends_the_old_post_its_draft_and_its_notices(session, tables):
    import_path(session, tables(), MARCH)
    old = _account(session, "Bí thư CB1")
    unit_id = units.by_code(session, "CB1").id
    draft = {"unit_id": unit_id, "form_id": "meeting"}
    session.add(Conversation(key=account_key(old), draft=draft, updated_at=MARCH))
    row = _notice(session, old, unit_id, "a")
    import_path(session, tables(UNITS, "unit_code,role,holder\nCB1,secretary,Bí thư mới\n"), APRIL)
    session.expire_all()
    assert session.exec(select(Conversation)).one().draft is None
    assert session.get(OutboxRow, row).state == "cancelled"
    assert people.holders(session, unit_id, ("secretary",), APRIL) == [_account(session, "Bí thư mới")]
    assert session.exec(select(Post.valid_to).where(Post.account_id == old)).one() == APRIL


def test_what_concerns_another_unit_survives_the_end_of_a_post(session, tables):
    posts = "unit_code,role,holder\nCB1,secretary,Đồng chí A\nCB2,secretary,Đồng chí A\n"
    import_path(session, tables(UNITS, posts), MARCH)
    person, other = _account(session, "Đồng chí A"), units.by_code(session, "CB2").id
    session.add(Conversation(key=account_key(person), draft={"unit_id": other}, updated_at=MARCH))
    row = _notice(session, person, other, "b")
    import_path(session, tables(UNITS, "unit_code,role,holder\nCB1,secretary,Đồng chí B\n"), APRIL)
    session.expire_all()
    assert session.exec(select(Conversation)).one().draft == {"unit_id": other}
    assert session.get(OutboxRow, row).state == "pending"


def test_equal_holders_are_one_account(session, tables):
    posts = "unit_code,role,holder\nCB1,secretary,Đồng chí A\nCB2,deputy,  Đồng  chí A \n"
    import_path(session, tables(UNITS, posts), MARCH)
    assert len(session.exec(select(Account)).all()) == 1


def test_dots_of_a_code_of_14_digits_are_ignored(session, tables):
    text = "code,name,kind\n10.05.12.345678.9,Một,chi_bo\n"
    import_path(session, tables(text.replace("678.9", "678.90"), "", ""), MARCH)
    result = import_path(session, tables("code,name\n10051234567890,Hai\n", "", ""), APRIL)
    assert dict(result.counts) == {"units.changed": 1}


def test_the_same_members_stated_again_do_not_replace_what_was_reported_since(session, tables):
    import_path(session, tables(), MARCH)
    unit_id = units.by_code(session, "CB1").id
    session.add(
        Membership(unit_id=unit_id, on=date(2026, 3, 5), official=19, probationary=2, exempt=1, submission_id=7)
    )
    import_path(session, tables(), APRIL)
    assert units.last_membership(session, unit_id, date(2026, 4, 30)).official == 19


def test_pauses_and_successors_are_stored(session, tables):
    text = (
        "code,name,kind,valid_to,successor,paused_from,paused_to\n"
        "CB1,Một,chi_bo,30/6/2026,CB2,,\nCB2,Hai,chi_bo,,,2026-05-01,2026-05-31\n"
    )
    assert import_path(session, tables(text, "", ""), MARCH).errors == ()
    first, second = units.by_code(session, "CB1"), units.by_code(session, "CB2")
    assert (first.valid_to, first.successor_id) == (date(2026, 6, 30), second.id)
    assert session.exec(select(UnitPause)).one().paused_to == date(2026, 5, 31)


def test_every_change_is_audited_with_old_and_new(session, tables):
    import_path(session, tables(), MARCH)
    import_path(session, tables("code,name\nCB1,Chi bộ Mới\n", "", ""), APRIL)
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (last.actor, last.deed, last.old, last.new) == (
        "import", "units.changed", {"name": "Chi bộ Một"}, {"name": "Chi bộ Mới"},
    )  # fmt: skip


FAULTS = {
    "unknown parent": ("units", "CB1,Một,chi_bo,KHONG", "parent_code", "import.unknown_unit"),
    "own parent": ("units", "CB1,Một,chi_bo,CB1", "parent_code", "import.cycle"),
    "unknown kind": ("units", "CB1,Một,chi_doan", "kind", "import.unknown_kind"),
    "no name": ("units", "CB1,,chi_bo", "name", "import.empty"),
    "no kind": ("units", "CB1,Một,", "kind", "import.empty"),
    "no code": ("units", ",Một,chi_bo", "code", "import.empty"),
    "long code": ("units", "ABCDEFGHIJKLMNOPQRSTU,Một,chi_bo", "code", "import.long_code"),
    "impossible day": ("units", "CB1,Một,chi_bo,,31/2/2026", "valid_from", "import.not_a_day"),
    "ends too early": ("units", "CB1,Một,chi_bo,,2026-03-02,2026-03-01", "valid_to", "import.ends_before_it_begins"),
    "unknown successor": ("units", "CB1,Một,chi_bo,,,,KHONG", "successor", "import.unknown_unit"),
    "own successor": ("units", "CB1,Một,chi_bo,,,,CB1", "successor", "import.own_successor"),
    "end of a pause alone": ("units", "CB1,Một,chi_bo,,,,,,2026-03-01", "paused_from", "import.empty"),
    "day 32": ("units", "CB1,Một,chi_bo,,,,,,,32", "meeting_day", "import.not_a_day_of_month"),
    "negative": ("units", "CB1,Một,chi_bo,,,,,,,,-1", "official", "import.not_a_count"),
    "decimal": ("units", "CB1,Một,chi_bo,,,,,,,,1.5", "official", "import.not_a_count"),
    "more exempt than members": ("units", "CB1,Một,chi_bo,,,,,,,,2,1,4", "exempt", "import.exempt_exceeds"),
    "unquoted comma": ("units", "CB1,Một,chi_bo,,,,,,,,2,1,1,rest", "exempt", "import.too_many_cells"),
    "unknown role": ("posts", "DU,chu_tich,A", "role", "import.unknown_role"),
    "no holder": ("posts", "DU,secretary,", "holder", "import.empty"),
    "unit of a post": ("posts", "KHONG,secretary,A", "unit_code", "import.unknown_unit"),
    "unknown indicator": ("targets", "DU,khong_co,2026,15", "indicator", "import.unknown_indicator"),
    "no period": ("targets", "DU,ket_nap,2026-13,15", "period", "import.not_a_period"),
    "no number": ("targets", "DU,ket_nap,2026,>=", "target", "import.not_a_target"),
    "range upside down": ("targets", "DU,ket_nap,2026,6-4", "target", "import.not_a_target"),
}  # fmt: skip
HEADERS = {
    "units": "code,name,kind,parent_code,valid_from,valid_to,successor,paused_from,paused_to,meeting_day,"
    "official,probationary,exempt",
    "posts": "unit_code,role,holder",
    "targets": "unit_code,indicator,period,target",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_imported(session, tables, fault):
    sheet, line, column, key = fault
    good = {name: header + "\n" for name, header in HEADERS.items()}
    good["units"] += "DU,Đảng ủy,dang_bo\n"
    good[sheet] += line + "\n"
    result = import_path(session, tables(**good), MARCH)
    row = 3 if sheet == "units" else 2
    assert [(e.sheet, e.row, e.column, e.key) for e in result.errors] == [(sheet, row, column, key)]
    assert _everything(session) == []


def test_all_faults_are_collected_in_the_order_of_the_tables(session, tables):
    text = "code,name,kind,parent_code\nA,A,chi_bo,B\nB,B,chi_bo,A\na,C,sai,\n"
    posts = "unit_code,role,holder\nA,secretary,X\nA,secretary,Y\n"
    result = import_path(session, tables(text, posts, ""), MARCH)
    assert [(e.row, e.key) for e in result.errors] == [
        (2, "import.cycle"), (3, "import.cycle"), (4, "import.twice"), (4, "import.unknown_kind"),
        (3, "import.two_secretaries"),
    ]  # fmt: skip


def test_a_cycle_through_what_is_stored_is_found(session, tables):
    import_path(session, tables(), MARCH)
    result = import_path(session, tables("code,parent_code\nDU,CB1\n", "", ""), APRIL)
    assert [error.key for error in result.errors] == ["import.cycle"]


def test_a_parent_changed_later_than_the_moment_given_is_no_surprise(session, tables):
    import_path(session, tables(UNITS + "BP,Bộ phận,dang_bo_bo_phan,DU,,,\n"), MARCH)
    import_path(session, tables("code,parent_code\nCB1,BP\n", "", ""), APRIL)
    result = import_path(session, tables("code,parent_code\nCB1,DU\n", "", ""), MARCH)
    assert [error.key for error in result.errors] == ["import.moved_later"]


def test_a_secretary_who_begins_later_is_not_overruled(session, tables):
    import_path(session, tables(), APRIL)
    result = import_path(session, tables(UNITS, POSTS.replace("Bí thư CB1", "Người khác")), MARCH)
    assert [error.key for error in result.errors] == ["import.later_secretary"]


def test_a_missing_column_is_named(session, tables):
    result = import_path(session, tables(UNITS, "unit_code,holder\nDU,A\n", ""), MARCH)
    assert [(e.row, e.column, e.key) for e in result.errors] == [(1, "role", "import.no_column")]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("missing.xlsx", None, "import.no_such_file"),
        ("text.xlsx", b"no zip", "import.not_a_workbook"),
        ("empty.xlsx", b"", "import.not_a_workbook"),
    ],
)
def test_what_is_no_table_is_said(session, tmp_path, name, content, key):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert [error.key for error in import_path(session, tmp_path / name, MARCH).errors] == [key]


def test_an_empty_folder_is_said(session, tmp_path):
    assert [error.key for error in import_path(session, tmp_path, MARCH).errors] == ["import.no_table"]


def test_another_encoding_is_said(session, tables):
    folder = tables()
    (folder / "posts.csv").write_bytes("unit_code,role,holder\nCB1,secretary,Bí\n".encode("latin-1"))
    assert [error.key for error in import_path(session, folder, MARCH).errors] == ["import.not_utf8"]


def test_a_workbook_is_imported_with_the_cells_a_spreadsheet_makes(session):
    book = Workbook()
    book.active.title = "Units"
    book.active.append(["code", "name", "kind", "parent_code", "valid_from", "official"])
    book.active.append([12, "Đảng ủy", "DANG_BO", None, date(2020, 1, 5), None])
    book.active.append(["#VD", "Ví dụ", "chi_bo", None, None, None])
    book.active.append([None] * 6)
    book.active.append(["CB1", "Một", "chi_bo", 12, 43835, 18.0])
    goals = book.create_sheet("targets")
    goals.append(["unit_code", "indicator", "period", "target"])
    goals.append([12, "du_sinh_hoat", date(2026, 3, 1), 0.9])
    goals["D2"].number_format = "0%"
    goals.append([12, "ket_nap", 2026, 15])
    result = import_workbook(session, _bytes(book), MARCH, "account:1")
    assert result.errors == ()
    assert [(unit.code, unit.valid_from) for unit in units.listed(session)] == [
        ("12", date(2020, 1, 5)),
        ("CB1", date(2020, 1, 5)),
    ]
    rows = session.exec(select(Target).order_by(Target.indicator)).all()
    assert [(row.period, row.target) for row in rows] == [("2026-03", "90%"), ("2026", "15")]
    assert session.exec(select(AuditEntry.actor).distinct()).one() == "account:1"


def test_a_range_turned_into_a_date_by_a_spreadsheet_is_refused(session):
    book = Workbook()
    book.active.title = "targets"
    book.active.append(["unit_code", "indicator", "period", "target"])
    book.active.append(["DU", "ket_nap", 2026, date(2026, 6, 4)])
    session.add(Unit(code="DU", code_key="DU", name="Đảng ủy", kind="dang_bo"))
    session.flush()
    result = import_workbook(session, _bytes(book), MARCH, "import")
    assert [error.key for error in result.errors] == ["import.not_a_target"]


def _bytes(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _account(session: Session, label: str) -> int:
    return session.exec(select(Account.id).where(Account.label == label)).one()


def _parents(session: Session) -> list[tuple[str, str, date, date]]:
    codes = {unit.id: unit.code for unit in session.exec(select(Unit))}
    rows = session.exec(select(UnitParent).order_by(UnitParent.unit_id, UnitParent.valid_from))
    return sorted(
        ((codes[row.unit_id], codes[row.parent_id], row.valid_from, row.valid_to) for row in rows),
        key=lambda row: (row[0], row[2]),
    )


def _notice(session: Session, account_id: int, unit_id: int, key: str) -> int:
    day = date(2026, 3, 3)
    owed = Obligation(
        unit_id=unit_id, what="meeting", period="2026-03", opens_on=day, due_on=day, on_time_until=day, created_at=MARCH
    )
    session.add(owed)
    row = put(session, key, Message((verbatim("nhắc"),)), MARCH, account_id=account_id, lane="bulk", kind="reminder")
    session.flush()
    notice = Notice(
        rule_id="meeting", obligation_id=owed.id, step="-2", account_id=account_id, moment=MARCH, send_at=MARCH,
        outbox_id=row.id, created_at=MARCH,
    )  # fmt: skip
    session.add(notice)
    session.flush()
    return row.id


def _everything(session: Session) -> list[tuple[str, ...]]:
    session.flush()
    return [
        (name, *(str(value) for value in row))
        for name, table in sorted(metadata.tables.items())
        for row in session.connection().execute(table.select())
    ]
