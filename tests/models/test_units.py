"""Where units stand: one parent a day, whatever is said later about earlier days."""

from datetime import date

import pytest
from sqlmodel import select

from models import units
from models.units import UnitParent
from tests.figures_world import empty_session

APRIL, MAY, JUNE = date(2022, 4, 1), date(2022, 5, 1), date(2022, 6, 1)


@pytest.fixture
def session():
    session = empty_session()
    yield session
    session.close()
    session.bind.dispose()


@pytest.fixture
def ids(session):
    return {code: units.unit_id(units.put(session, code, name=code, kind="dang_bo")) for code in ("A", "B", "C", "D")}


def test_a_unit_stands_where_it_was_said_to_stand_on_each_day(session, ids):
    units.set_parent(session, ids["D"], ids["A"], APRIL)
    units.set_parent(session, ids["D"], ids["B"], JUNE)
    assert units.lineage(session, ids["D"], MAY) == (ids["D"], ids["A"])
    assert units.lineage(session, ids["D"], JUNE) == (ids["D"], ids["B"])
    assert units.subtree(session, [ids["A"]], MAY) == {ids["A"], ids["D"]}
    assert units.subtree(session, [ids["A"]], JUNE) == {ids["A"]}


def test_a_move_told_for_an_earlier_day_takes_the_place_of_a_later_one(session, ids):
    for parent, since in (("A", APRIL), ("B", JUNE), ("C", MAY)):
        units.set_parent(session, ids["D"], ids[parent], since)
    assert units.lineage(session, ids["D"], APRIL) == (ids["D"], ids["A"])
    assert units.lineage(session, ids["D"], JUNE) == (ids["D"], ids["C"])
    found = session.exec(select(UnitParent).where(UnitParent.unit_id == ids["D"])).all()
    assert sum(1 for row in found if row.valid_from <= MAY <= row.valid_to) == 1


def test_a_move_told_twice_for_one_day_counts_as_it_was_told_last(session, ids):
    for parent, since in (("A", APRIL), ("B", JUNE), ("C", JUNE)):
        units.set_parent(session, ids["D"], ids[parent], since)
    assert units.lineage(session, ids["D"], JUNE) == (ids["D"], ids["C"])


def test_a_circle_ends_where_it_began(session, ids):
    session.add(UnitParent(unit_id=ids["A"], parent_id=ids["B"]))
    session.add(UnitParent(unit_id=ids["B"], parent_id=ids["A"]))
    assert units.lineage(session, ids["A"], MAY) == (ids["A"], ids["B"])
    assert units.subtree(session, [ids["A"]], MAY) == {ids["A"], ids["B"]}
