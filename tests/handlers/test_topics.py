"""The topic of a thematic meeting and how the members met."""

from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 4, 9)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("họp chuyên đề quý 2 ngày 5/4 về an toàn giao thông, 22/23 đ/c", "an toàn giao thông"),
        ("họp chuyên đề hôm qua: học tập Bác, 18/20", "học tập Bác"),
        ("SHCĐ ngày 5/4 về đề tài: tiết kiệm điện. Dự 8/9", "tiết kiệm điện"),
        ("hôm qua họp chuyên đề tháng 4: phòng chống ma túy, dự 18/20", "phòng chống ma túy"),
        ("hôm qua họp chuyên đề quý II 18/20", None),
        ("họp chuyên đề hôm qua, 18/20", None),
    ],
)
def test_the_topic_stands_behind_its_word_and_the_day(text, topic):
    assert read(text, TODAY).slots.topic == topic


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("hôm qua họp trên nhóm zalo 18/20", "online"),
        ("hôm qua gửi biên bản qua zalo, họp 18/20", None),
        ("họp hôm qua 18/20 (16 trực tiếp, 2 online)", "hybrid"),
    ],
)
def test_how_the_members_met_is_told_apart_from_how_a_paper_went(text, way):
    assert read(text, TODAY).slots.format == way
