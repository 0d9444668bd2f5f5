"""A meeting put off: whose it is, to which day, and whether that is settled."""

from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 8, 6)  # a Thursday


def codes(text):
    return {issue.code for issue in read(text, TODAY).issues}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("đổi họp 4/8->6/8", 6),
        ("đổi họp sang mai vì tối nay mổ cấp cứu", 7),
        ("họp tối nay hoãn nha cả nhà, mai họp", 7),
        ("tối nay không họp nữa, mai họp", 7),
        ("họp bù vào 12/8 do hôm 5/8 mưa không họp được", 12),
        ("hôm 5/8 không họp được, sẽ họp bù 12/8", 12),
        ("tháng 8 chưa họp, hẹn 12/8", 12),
        ("nhích lịch họp qua 8/8", 8),
        ("hoãn họp, thay vì 10/8 họp 12/8", 12),
        ("chi bộ em xin nùi nịch họp sang thứ 7 ạ", 8),
        ("giời họp qua chủ nhật", 9),
    ],
)
def test_the_new_day_is_the_one_the_meeting_goes_to(text, day):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date, reading.issues) == ("meeting_postponed", date(2026, 8, day), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lùi họp 1 tuần", "vague_date"),
        ("họp chi bộ dời lại 3 ngày", "vague_date"),
        ("dời qua thứ bảy 18/10", "ambiguous_date"),
        ("nếu mưa thì hoãn họp", "ambiguous_intent"),
        ("chắc phải hoãn họp quá", "ambiguous_intent"),
        ("muốn hoãn họp sang 12/8", "ambiguous_intent"),
        ("chi bộ xin khoác họp sang thứ 7", "ambiguous_intent"),
        ("họp 2/8 không ai đến, có mặt 0 đ/c, vắng 9", "ambiguous_intent"),
        ("thon Dong Chua sinh hoat 3/8, dang vien 22 dong chi, du 20", "ambiguous_intent"),
    ],
)
def test_what_is_not_settled_is_asked_about(text, code):
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "không dời họp đâu",
        "đừng hoãn họp",
        "để thứ 7 họp",
        "xin lùi báo cáo sang 10/8",
        "hoãn nộp đảng phí sang tháng sau",
    ],
)
def test_what_is_not_put_off_or_no_meeting_is_not_recorded(text):
    assert read(text, TODAY).intent == "unknown"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("không họp được do chỉ có 5/14 đ/c", (5, 14)),
        ("hoãn họp vì mới có 8/20 đến", (8, 20)),
        ("không họp vì 5 đ/c đi vắng", (None, None)),
    ],
)
def test_who_came_for_nothing_is_kept_where_it_is_plain(text, numbers):
    slots = read(text, TODAY).slots
    assert (slots.present, slots.total) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "họp 5/8 (thay cho 3/8), 18/20",
        "theo lịch 3/8 nhưng chi bộ họp 5/8, 18/20",
        "suýt hoãn nhưng vẫn họp hôm qua 18/20",
        "họp hôm qua 18/20 hôm sau em gửi biên bản",
        "họp hôm qua 18/20, dự kiến kết nạp 1 đc tháng sau",
        "tri bộ xinh hoạt hôm qua 18/20",
        "tqua hop 18/20",
    ],
)
def test_a_meeting_held_after_all_keeps_its_day_and_figures(text):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date, reading.issues) == ("meeting_held", date(2026, 8, 5), ())
    assert (reading.slots.present, reading.slots.total) == (18, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [("bo buoi hop toi 5/8", date(2026, 8, 5)), ("chua hop duoc toi 15/8", None), ("chua duoc 2/3 nen bo hop", None)],
)
def test_an_evening_gone_by_is_the_day_and_a_day_to_come_is_until_when(text, day):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date) == ("meeting_not_held", day)


def test_a_second_day_that_may_be_meant_is_asked_about():
    assert "ambiguous_date" in codes("họp ngày 2/8 (à không nhớ chắc, có khi 3/8), dự 22/23")


def test_a_week_with_an_unknown_word_is_asked_about():
    assert "ambiguous_date" in codes("thứ 3 tuần kia họp 18/20")


@pytest.mark.parametrize("text", ["kiểm điểm đ/c Nam", "đ/c Hai", "cụ Bảy"])
def test_a_line_that_ends_on_a_given_name_is_answered(text):
    assert read(text, TODAY).intent == "unknown"
