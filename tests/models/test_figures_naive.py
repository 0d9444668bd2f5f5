"""The roll-up says what the obvious computation says, of random committees, on SQLite and PostgreSQL."""

from datetime import date
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from models import derived
from models.figures import figures
from models.indicators import load as catalogue
from models.periods import parse_period
from tests.figures_world import empty_session
from tests.models.naive_figures import Naive
from tests.models.random_committee import BRANCHES, COMMITTEES, build

PERIODS = ("2022-01", "2022-03", "2022-05", "2022-Q1", "2022-Q2", "2022-H1", "2022-9M", "2022", "2022-Q4")
DAYS = (date(2022, 6, 30), date(2022, 12, 31), date(2022, 3, 20), date(2022, 5, 3), date(2022, 1, 1))
ROWS = [row for row in catalogue() if row.code not in derived.CODES]
# A seed cannot be made simpler, only smaller: shrinking would build thousands of committees for nothing.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


def compare(session, ids, code, period, today):
    found = figures(session, ids[code], parse_period(period), today)
    naive = Naive(session, ids[code], parse_period(period), today)
    totals = {figure.indicator.code: figure.amount for figure in found.indicators}
    assert {row.code: totals[row.code] for row in ROWS} == {row.code: naive.total(row) for row in ROWS}
    owing = {one: line for one, line in naive.branches.items() if line.expected}
    missing = {one for one, line in owing.items() if line.missing}
    assert (found.expected, found.reported, set(found.missing)) == (len(owing), len(owing) - len(missing), missing)
    assert {line.code: (list(line.expected), list(line.missing), dict(line.amounts)) for line in found.branches} == {
        one: (line.expected, line.missing, line.amounts) for one, line in naive.branches.items()
    }


def ask_of_a_random_committee(session, seed):
    chance = Random(seed)
    world = build(session, chance)
    for _ in range(6):
        code = chance.choice([*COMMITTEES, *COMMITTEES, *BRANCHES])
        compare(session, world.ids, code, chance.choice(PERIODS), chance.choice(DAYS))


@settings(max_examples=25, phases=NO_SHRINKING)
@given(seed=st.integers(0, 10**9))
def test_random_committees_on_sqlite(seed):
    session = empty_session()
    try:
        ask_of_a_random_committee(session, seed)
    finally:
        session.close()
        session.bind.dispose()


def test_a_random_committee_on_postgres(postgres_engine: Engine):
    with Session(postgres_engine, expire_on_commit=False) as session:
        ask_of_a_random_committee(session, 7)
