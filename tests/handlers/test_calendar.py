"""/lich: the coming days of a branch, with the day badges are awarded and by when they are proposed."""

from datetime import datetime

from models.clock import ZONE
from tests.e2e.client import staged


def test_the_day_of_badges_and_the_day_to_propose_them_are_listed():
    with staged() as stage:
        stage.at(datetime(2022, 4, 1, 9, tzinfo=ZONE))
        branch, office = stage.client("bt1").send("/lich"), stage.client("vp").send("/lich")

    assert "– 4/4: hạn đề nghị tặng Huy hiệu Đảng\n" in branch
    assert "– 4/4: hạn đề nghị tặng Huy hiệu Đảng (5 chi bộ)\n" in office
    assert "19/5" not in branch  # further ahead than the list goes


def test_the_award_itself_is_listed_once_for_everybody():
    with staged() as stage:
        stage.at(datetime(2022, 5, 3, 9, tzinfo=ZONE))

        assert stage.client("bt1").send("/lich").count("– 19/5: trao Huy hiệu Đảng") == 1
