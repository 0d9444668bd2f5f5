from datetime import date

import pytest

from models import attendance, figures, targets
from models.periods import parse_period
from reports import pictures
from tests.figures_world import HALF_YEAR, build

HALF = parse_period("2022-H1")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


def width(png):
    return int.from_bytes(png[16:20], "big")


def test_progress_is_a_picture_for_a_phone_and_the_same_each_time(world):
    found = figures.figures(world.session, world.ids["DU"], HALF, HALF_YEAR)
    png = pictures.progress(found)
    assert png.startswith(PNG)
    assert width(png) == 1080
    assert png == pictures.progress(found)


def test_without_targets_there_is_no_picture(world):
    found = figures.figures(world.session, world.ids["CB4"], HALF, HALF_YEAR)
    assert pictures.progress(found) is None
    assert pictures.attendance(found, attendance.by_month(world.session, world.ids["CB4"], HALF, HALF_YEAR)) is None


def test_a_share_is_measured_against_its_percentage(world):
    targets.put(world.session, world.ids["CB1"], "du_sinh_hoat", "2022", "90%")
    found = figures.figures(world.session, world.ids["CB1"], HALF, HALF_YEAR)
    assert pictures.progress(found).startswith(PNG)


def test_attendance_of_each_month_is_summed_over_branches(world):
    months = attendance.by_month(world.session, world.ids["DU"], HALF, HALF_YEAR)
    assert [str(one.month) for one in months][-6:] == [f"2022-0{n}" for n in range(1, 7)]
    january, february = months[-6], months[-5]
    assert (january.present, january.required, january.held, january.owed) == (30, 31, 2, 4)
    assert (february.present, february.required) == (25, 27)
    found = figures.figures(world.session, world.ids["DU"], HALF, HALF_YEAR)
    assert sum(one.present for one in months) == found.figure("du_sinh_hoat").amount.number
    assert pictures.attendance(found, months).startswith(PNG)


def test_months_after_today_are_not_shown(world):
    months = attendance.by_month(world.session, world.ids["DU"], HALF, date(2022, 3, 15))
    assert str(months[-1].month) == "2022-03"
