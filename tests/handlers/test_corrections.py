"""A correction keeps the new value only, wherever the old one and the word for it stand."""

from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 8, 6)
NUMBERS = ("present", "total", "absent", "absent_excused", "count")


def numbers(text):
    reading = read(text, TODAY)
    assert reading.intent == "correction"
    assert reading.issues == ()
    return {name: value for name in NUMBERS if (value := getattr(reading.slots, name)) is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hôm trước tôi ghi nhầm tổng số đảng viên, xin sửa thành 41 đồng chí", {"total": 41}),
        ("đính chính số đảng viên dự họp từ 12 thành 13", {"present": 13}),
        ("sửa số vắng có phép thành 2 nhé", {"absent_excused": 2}),
        ("đúng phải là 15, không phải 14 đ/c có mặt nha", {"present": 15}),
        ("số dự 18 sửa thành 19", {"present": 19}),
        ("tổng số 21, hôm trước em ghi 20", {"total": 21}),
        ("hôm qua em báo 18 dự nhưng thực tế 19", {"present": 19}),
        ("chính xác là 19 người dự", {"present": 19}),
        ("dạ lộn, vắng 3", {"absent": 3}),
        ("18/20 là sai, 19/20 mới đúng", {"present": 19, "total": 20, "absent": 1}),
    ],
)
def test_the_new_figure_is_read_where_its_word_stands_apart(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("sửa ngày họp từ 3/8 thành 4/8", date(2026, 8, 4)),
        ("sửa lại ngày họp: 4/8/2026, lúc trước gõ lộn 4/7", date(2026, 8, 4)),
        ("ngày họp đúng là 4/8, em ghi lộn 8/4", date(2026, 8, 4)),
        ("lùi sang ngày 9 nhé, lúc nãy em ghi nhầm ngày 8", date(2026, 8, 9)),
        ("đính chính: họp thứ ba tuần này, không phải thứ tư", date(2026, 8, 4)),
        ("em báo nhầm ngày, họp hôm kia mới đúng", date(2026, 8, 4)),
    ],
)
def test_the_new_day_is_read(text, day):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date, reading.issues) == ("correction", day, ())
    assert reading.slots.present is None


def test_the_way_of_meeting_typed_by_mistake_does_not_count():
    assert read("em gõ nhầm họp trực tuyến, thực ra họp trực tiếp ạ", TODAY).slots.format == "in_person"


@pytest.mark.parametrize("text", ["19 chứ không phải 18 nha", "à quên, vắng thêm 1 đc có phép"])
def test_a_figure_that_may_mean_several_things_is_asked_about(text):
    assert read(text, TODAY).issues


@pytest.mark.parametrize(
    "text",
    [
        "hủy báo cáo vừa rồi giúp em",
        "xóa giúp báo cáo trên",
        "huỷ tin em vừa gửi",
        "em muốn rút lại báo cáo",
        "bỏ cái tin lúc nãy đi",
    ],
)
def test_taking_a_report_back_opens_its_correction(text):
    assert read(text, TODAY).intent == "correction"


@pytest.mark.parametrize("text", ["lịch họp ngày 5 đổi thành ngày 9", "hoãn họp, có gì em báo lại sau"])
def test_a_meeting_put_off_is_no_correction(text):
    assert read(text, TODAY).intent == "meeting_postponed"
