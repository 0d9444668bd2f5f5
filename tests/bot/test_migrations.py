"""The schema the revisions build is the schema the tables declare, on both databases."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bot import migrations
from models.database import make_engine, metadata, unit_of_work
from models.people import Account, Post
from models.rules import RuleValue
from models.submissions import Submission
from models.units import Unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite_url", "postgres_url"], ids=["sqlite", "postgres"])
def url(request) -> str:
    """The address of an empty database of each kind."""
    return request.getfixturevalue(request.param)


def test_revisions_build_the_declared_tables(url):
    migrations.upgrade(url)
    with migrations.connected(url) as connection:
        compared = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    assert compared == []


def test_a_database_is_current_only_after_the_upgrade(url):
    assert not migrations.is_current(url)
    migrations.upgrade(url)
    assert migrations.is_current(url)


def test_upgrading_twice_changes_nothing(url):
    migrations.upgrade(url)
    migrations.upgrade(url)
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        codes = session.exec(select(RuleValue.code)).all()
    engine.dispose()
    assert len(codes) == len(set(codes)) > 0


def test_the_database_refuses_an_unknown_kind(url):
    migrations.upgrade(url)
    assert "kind" in _refused(url, [Unit(code="A", code_key="A", name="A", kind="dang_doan")])


def test_the_database_refuses_a_second_secretary(url):
    migrations.upgrade(url)
    posts = [Post(account_id=1, unit_id=1, role="secretary", valid_from=NOW) for _ in range(2)]
    assert _refused(url, _unit_and_person(), posts)


def test_the_database_keeps_ended_posts_beside_the_present_secretary(url):
    migrations.upgrade(url)
    ended = Post(account_id=1, unit_id=1, role="secretary", valid_from=NOW, valid_to=NOW)
    _store(url, _unit_and_person(), [ended, Post(account_id=1, unit_id=1, role="secretary", valid_from=NOW)])


def test_the_database_refuses_a_second_current_report(url):
    migrations.upgrade(url)
    assert _refused(url, _unit_and_person(), [_report("submitted"), _report("locked")])


def test_the_database_keeps_a_replaced_report(url):
    migrations.upgrade(url)
    _store(url, _unit_and_person(), [_report("replaced"), _report("submitted")])


def test_starting_on_an_older_sqlite_database_saves_a_copy_first(tmp_path):
    file = tmp_path / "chibo.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    assert migrations.prepare(f"sqlite:///{file}", tmp_path / "copies", NOW)
    assert [copy.name for copy in (tmp_path / "copies").iterdir()] == ["chibo-20260301-070000.db"]


def test_starting_on_a_current_sqlite_database_saves_no_copy(tmp_path):
    url = f"sqlite:///{tmp_path}/chibo.db"
    assert migrations.prepare(url, tmp_path / "copies", NOW)
    assert migrations.prepare(url, tmp_path / "copies", NOW)
    assert not (tmp_path / "copies").exists()


def test_postgresql_is_not_migrated_by_starting(postgres_url, tmp_path):
    assert not migrations.prepare(postgres_url, tmp_path, NOW)


def test_a_damaged_database_is_named_and_left_as_it_was(tmp_path):
    url = f"sqlite:///{tmp_path}/chibo.db"
    migrations.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "chibo.db")) as connection:
        connection.execute(
            "INSERT INTO unit_pause (unit_id, paused_from, paused_to) VALUES (9, '2026-01-01', '2026-01-02')"
        )
        connection.commit()
    with pytest.raises(migrations.DamagedError, match="unit_pause"):
        migrations.upgrade(url)


def _unit_and_person() -> list[object]:
    return [Unit(code="A", code_key="A", name="A", kind="chi_bo"), Account(label="Bí thư A", created_at=NOW)]


def _report(state: str) -> Submission:
    return Submission(
        unit_id=1, form_id="meeting", form_version=1, period="2026-03", answers={}, state=state,
        submitted_at=NOW, reported_on=NOW.date(),
    )  # fmt: skip


def _store(url: str, *batches: list[object]) -> None:
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            for batch in batches:
                session.add_all(batch)
                session.flush()
            session.commit()
    finally:
        engine.dispose()


def _refused(url: str, *batches: list[object]) -> str:
    with pytest.raises(IntegrityError) as refusal:
        _store(url, *batches)
    return str(refusal.value)
