import asyncio
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from bot.writer import PostgresWriter, SqliteWriter, make_writer
from models.database import unit_of_work
from models.people import Account
from tests.fakes.channel import NOW


def add(session, label):
    session.add(Account(label=label, created_at=NOW))
    session.flush()
    return label


def labels(engine):
    with unit_of_work(engine) as session:
        return list(session.exec(select(Account.label).order_by(Account.id)))


@pytest.fixture
def writer(any_engine):
    made = make_writer(any_engine)
    yield made
    made.close()


async def test_what_was_written_is_there_when_it_returns(any_engine, writer):
    assert await writer.run(add, "a") == "a"
    assert labels(any_engine) == ["a"]


async def test_a_unit_that_raises_is_undone_and_its_neighbours_are_not(any_engine, writer):
    def broken(session):
        add(session, "b")
        raise ZeroDivisionError

    done = await asyncio.gather(
        *[writer.run(add, f"a{n}") for n in range(20)],
        writer.run(broken),
        *[writer.run(add, f"c{n}") for n in range(20)],
        return_exceptions=True,
    )
    assert [type(one) for one in done if isinstance(one, Exception)] == [ZeroDivisionError]
    assert len(labels(any_engine)) == 40
    assert "b" not in labels(any_engine)


async def test_a_refusal_of_the_database_harms_nobody_else(engine):
    writer = SqliteWriter(engine)

    def twice(session):
        session.execute(text("INSERT INTO account (id, label, created_at) VALUES (1, 'x', '2026-01-01')"))
        session.execute(text("INSERT INTO account (id, label, created_at) VALUES (1, 'y', '2026-01-01')"))

    done = await asyncio.gather(writer.run(add, "a"), writer.run(twice), writer.run(add, "b"), return_exceptions=True)
    assert [type(one) for one in done] == [str, IntegrityError, str]
    assert labels(engine) == ["a", "b"]
    writer.close()


async def test_sqlite_units_run_one_after_the_other_on_one_thread(engine):
    writer, threads, order = SqliteWriter(engine), set(), []

    def note(_session, number):
        threads.add(threading.get_ident())
        order.append(number)

    await asyncio.gather(*[writer.run(note, number) for number in range(200)])
    assert order == list(range(200))
    assert len(threads) == 1
    writer.close()


async def test_a_failed_commit_is_told_to_everyone_who_shared_it(engine):
    writer = SqliteWriter(engine)

    def orphan(session):
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(
            text(
                "INSERT INTO address (account_id, channel, bot, native_id, bound_at, used_at, retired_reason)"
                " VALUES (999, 'a', 'b', 'c', '2026-01-01', '2026-01-01', '')"
            )
        )

    with pytest.raises(IntegrityError):
        await writer.run(orphan)
    assert await writer.run(add, "danach") == "danach"
    writer.close()


async def test_closing_finishes_what_was_asked_for(engine):
    writer = SqliteWriter(engine)
    asked = [asyncio.create_task(writer.run(add, str(number))) for number in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(writer.close)
    await asyncio.gather(*asked)
    assert len(labels(engine)) == 50


async def test_a_lost_conflict_is_run_again_on_postgres(postgres_engine):
    writer = PostgresWriter(postgres_engine)
    await writer.run(add, "0")

    def count_up(session):
        session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
        account = session.exec(select(Account)).one()
        account.label = str(int(account.label) + 1)

    await asyncio.gather(*[writer.run(count_up) for _ in range(4)])
    assert labels(postgres_engine) == ["4"]
    writer.close()


async def test_another_error_of_postgres_is_raised(postgres_engine):
    writer = PostgresWriter(postgres_engine)

    def wrong(session):
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(OperationalError):
        await writer.run(wrong)
    writer.close()
