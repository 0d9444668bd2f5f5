"""Copies are whole, are put back only while nothing runs, and never cost the present data."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot import migrations
from bot.__main__ import main
from bot.backup import BackupError, backup, copy_to, in_use, restore
from models.database import make_engine, unit_of_work
from models.units import Unit, put

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def url(tmp_path):
    """A database with one unit."""
    address = f"sqlite:///{tmp_path}/chibo.db"
    migrations.upgrade(address)
    _add(address, "CB1")
    return address


def _add(url: str, code: str) -> None:
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        put(session, code, name=code, kind="chi_bo")
    engine.dispose()


def _codes(url: str) -> list[str]:
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        codes = list(session.exec(select(Unit.code).order_by(Unit.code)))
    engine.dispose()
    return codes


def test_a_copy_holds_what_was_written_a_moment_ago(url, tmp_path):
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        put(session, "CB2", name="Hai", kind="chi_bo")
        session.commit()
        copy_to(url, tmp_path / "copy.db")  # the write-ahead log is not folded in yet
    engine.dispose()
    assert _codes(f"sqlite:///{tmp_path}/copy.db") == ["CB1", "CB2"]


def test_the_newest_copies_are_kept(url, tmp_path):
    copies = [backup(url, tmp_path / "copies", keep=3, now=NOW + timedelta(days=n)) for n in range(5)]
    assert sorted((tmp_path / "copies").iterdir()) == copies[2:]


def test_restoring_brings_back_what_was_there_and_keeps_what_is(url, tmp_path):
    copy = backup(url, tmp_path / "copies", now=NOW)
    _add(url, "CB2")
    aside = restore(url, copy, NOW)
    assert _codes(url) == ["CB1"]
    assert _codes(f"sqlite:///{aside}") == ["CB1", "CB2"]
    assert migrations.is_current(url)


def test_a_copy_is_restored_where_there_is_no_database(url, tmp_path):
    copy = backup(url, tmp_path, now=NOW)
    other = f"sqlite:///{tmp_path}/new/chibo.db"
    assert restore(other, copy, NOW) is None
    assert _codes(other) == ["CB1"]


def test_nothing_is_restored_while_the_bot_runs(url, tmp_path, capsys):
    copy = backup(url, tmp_path / "copies", now=NOW)
    _add(url, "CB2")
    with in_use(url), in_use(url):
        assert main(["restore", str(copy), "--database", url]) == 1
    assert capsys.readouterr().err.startswith("Chương trình đang chạy trên")
    assert _codes(url) == ["CB1", "CB2"]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 4000])
def test_what_is_no_copy_is_refused_and_the_data_stays(url, tmp_path, content):
    (tmp_path / "file.db").write_bytes(content)
    with pytest.raises(BackupError, match="not_a_copy"):
        restore(url, tmp_path / "file.db", NOW)
    assert _codes(url) == ["CB1"]


def test_another_programs_database_is_refused(url, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (n)")
    with pytest.raises(BackupError, match="not_a_copy"):
        restore(url, tmp_path / "other.db", NOW)


def test_a_copy_that_fails_leaves_no_half_file(tmp_path):
    with pytest.raises(BackupError, match="no_database_file"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copies", now=NOW)
    assert not (tmp_path / "none.db").exists()


def test_the_commands_save_and_restore(url, tmp_path, capsys):
    assert main(["backup", "--output", str(tmp_path / "copy.db"), "--database", url]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/copy.db\n"
    _add(url, "CB2")
    assert main(["restore", str(tmp_path / "copy.db"), "--database", url]) == 0
    assert "Dữ liệu trước khi khôi phục được giữ tại" in capsys.readouterr().err
    assert _codes(url) == ["CB1"]
