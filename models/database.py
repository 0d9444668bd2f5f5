"""The engine, its pragmas, and the only commit in the program."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Engine, Integer, MetaData, Row, Select, event, true
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel, create_engine

Query = Select[*tuple[Any, ...]]

# Our own ids are 64 bits on PostgreSQL; SQLite only auto-increments a column declared INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

# Alembic can only drop or alter a constraint that has a name (docs/adr/0002).
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


def is_sqlite(url: str) -> bool:
    """Return whether the database address names SQLite."""
    return make_url(url).get_backend_name() == "sqlite"


def make_engine(url: str) -> Engine:
    """Return the engine of an address; on SQLite every transaction begins by taking the write lock."""
    if not is_sqlite(url):
        return create_engine(url, pool_size=20, max_overflow=50, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def make_reader(url: str) -> Engine:
    """Return an engine whose transactions only read, so that a long report never holds the write lock."""
    if not is_sqlite(url):
        return make_engine(url)
    engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False})
    event.listen(engine, "connect", _on_connect_reader)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions of its own: it would begin them too late and DEFERRED.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_connect_reader(connection: Any, record: Any) -> None:
    _on_connect(connection, record)
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """Give a session whose work is committed when the block ends and rolled back when it raises."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()


def new_id(row_id: int | None) -> int:
    """Return the id of a row that was flushed; raises ValueError when it was not."""
    if row_id is None:
        raise ValueError("the row has no id yet: flush the session first")
    return row_id


FEW = 500  # SQLite takes some thousands of values in a statement


def among(column: Any, wanted: Collection[Any] | None) -> ColumnElement[bool]:
    """Return the condition that a column holds one of a few values; of many the caller sifts what it reads."""
    return column.in_(list(wanted)) if wanted is not None and len(wanted) <= FEW else true()


def narrowed(query: Query, column: Any, wanted: Collection[Any] | None) -> Query:
    """Return a query, built once, over a few values of a column as in `among`; over many it stays what it was."""
    return query if wanted is None or len(wanted) > FEW else query.where(among(column, wanted))


def plain_rows(session: Session, query: Query, **values: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the rows of a query on tables; what the session has not written yet is written first."""
    session.flush()
    return session.execute(query, values).all()
