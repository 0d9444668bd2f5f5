from datetime import date
from decimal import Decimal

import pytest

from models import attendance, figures, targets
from models.periods import parse_period
from reports import pictures
from tests.figures_world import HALF_YEAR, build

HALF = parse_period("2022-H1")
GOAL = Decimal(90)
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
    assert (
        pictures.attendance(found, attendance.by_month(world.session, world.ids["CB4"], HALF, HALF_YEAR), GOAL) is None
    )


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
    assert pictures.attendance(found, months, GOAL).startswith(PNG)


def test_months_after_today_are_not_shown(world):
    months = attendance.by_month(world.session, world.ids["DU"], HALF, date(2022, 3, 15))
    assert str(months[-1].month) == "2022-03"


def test_the_attendance_wanted_is_a_rule_of_the_day_or_the_units_own_target(world):
    def wanted(year):
        return attendance.wanted(world.session, world.ids["DU"], parse_period(str(year)), date(year, 12, 31))

    assert wanted(2026) == Decimal(90)
    targets.put(world.session, world.ids["DU"], "du_sinh_hoat", "2026", "92,5%")
    assert wanted(2026) == Decimal("92.5")


@pytest.mark.parametrize(
    ("code", "target", "words"),
    [
        ("ket_nap", "15", "20% (3/15)"),
        ("ket_nap", "4-6", "75% (3/4-6)"),
        ("ket_nap", ">=300", "1% (3, chỉ tiêu từ 300)"),
        ("ket_nap", "<=20", "3 (không quá 20)"),
        ("du_sinh_hoat", "90%", "92,8% (chỉ tiêu 90%)"),
        ("sinh_hoat_chuyen_de", "<=50%", "30% (không quá 50%)"),
    ],
)
def test_a_bar_says_how_far_each_form_of_target_is_reached(world, code, target, words):
    targets.put(world.session, world.ids["DU"], code, "2022-H1", target)
    one = figures.figures(world.session, world.ids["DU"], HALF, HALF_YEAR).figure(code)
    assert pictures.bar_words(one) == words
