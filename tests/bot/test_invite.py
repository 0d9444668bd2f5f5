"""Invitation codes: one for a person, whatever posts the person holds; those who have joined are left alone."""

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.__main__ import main
from models import people
from models.database import make_engine, unit_of_work
from models.people import Account, Invitation

AT = "2026-03-01T08:00:00+07:00"
NOW = datetime.fromisoformat(AT)
UNITS = "code,name,kind,parent_code\nDU,Đảng ủy,dang_bo,\nCB1,Một,chi_bo,DU\nCB2,Hai,chi_bo,DU\n"
POSTS = "unit_code,role,holder\nCB1,secretary,Đồng chí A\nCB2,deputy,Đồng chí A\nCB2,secretary,Đồng chí B\n"
URL = "sqlite:///chibo.db"


@pytest.fixture(autouse=True)
def imported(tmp_path, monkeypatch, capsys):
    """A database with three units and two people."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "tables" / "posts.csv").write_text(POSTS, encoding="utf-8")
    assert main(["import", "tables", "--database", URL, "--at", AT]) == 0
    capsys.readouterr()


@pytest.fixture
def session():
    engine = make_engine(URL)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def _invite_all() -> list[dict[str, str]]:
    assert main(["invite", "--all", "--output", "codes.csv", "--database", URL, "--at", AT]) == 0
    with Path("codes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_everyone_gets_a_row_for_each_post_and_one_code(capsys):
    rows = _invite_all()
    assert capsys.readouterr() == ("", "Đã cấp mã cho 2 người, ghi vào codes.csv.\n")
    assert [(row["unit_code"], row["role"], row["holder"]) for row in rows] == [
        ("CB1", "secretary", "Đồng chí A"), ("CB2", "deputy", "Đồng chí A"), ("CB2", "secretary", "Đồng chí B"),
    ]  # fmt: skip
    assert rows[0]["code"] == rows[1]["code"] != rows[2]["code"]
    assert {row["link"] for row in rows} == {""}
    assert list(rows[0]) == ["unit_code", "role", "holder", "channel", "bot", "code", "link"]


def test_only_hashes_are_stored(session):
    codes = {row["code"] for row in _invite_all()}
    assert {row.code_hash for row in session.exec(select(Invitation))} == {people.hash_code(code) for code in codes}


def test_unused_codes_are_replaced(session):
    first, second = _invite_all(), _invite_all()
    old, new = (people.find_invitation(session, rows[0]["code"]) for rows in (first, second))
    assert old.replaced_at is not None
    assert new.replaced_at is None


def test_those_who_have_joined_are_left_alone():
    engine = make_engine(URL)
    with unit_of_work(engine) as session:
        session.exec(select(Account).where(Account.label == "Đồng chí A")).one().joined_at = NOW
    engine.dispose()
    assert [row["holder"] for row in _invite_all()] == ["Đồng chí B"]


def test_nobody_is_invited_to_a_post_that_begins_later(capsys):
    assert main(["invite", "--all", "--output", "c.csv", "--database", URL, "--at", "2026-02-01T00:00:00+07:00"]) == 0
    assert capsys.readouterr().err == "Đã cấp mã cho 0 người, ghi vào c.csv.\n"


def test_codes_that_cannot_be_written_replace_none(session, capsys):
    rows = _invite_all()
    assert main(["invite", "--all", "--output", "none/c.csv", "--database", URL, "--at", AT]) == 2
    assert people.find_invitation(session, rows[0]["code"]).replaced_at is None


def test_a_link_is_given_where_the_bot_has_a_name(monkeypatch):
    monkeypatch.setenv("CHIBO_TELEGRAM__USERNAME", "chibo_test_bot")
    row = _invite_all()[0]
    assert (row["channel"], row["bot"]) == ("telegram", "chibo_test_bot")
    assert row["link"] == f"https://t.me/chibo_test_bot?start={row['code']}"


def test_one_post_gets_a_code_that_is_marked_to_retire_the_old_address(session, capsys):
    assert main(["invite", "--unit", "cb1", "--role", "secretary", "--database", URL, "--at", AT]) == 0
    printed = capsys.readouterr()
    (row,) = csv.DictReader(StringIO(printed.out))
    invitation = people.find_invitation(session, row["code"])
    assert (invitation.role, invitation.unit_id) == ("secretary", 2)
    assert printed.err == ""


def test_a_post_nobody_holds_is_said(capsys):
    assert main(["invite", "--unit", "CB1", "--role", "viewer", "--database", URL, "--at", AT]) == 2
    assert capsys.readouterr().err == "Chưa có ai giữ vai trò viewer ở đơn vị CB1.\n"
