from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.dates import find_dates, read_date

TODAY = date(2026, 4, 9)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3/3", "2026-03-03"),
        ("ngày 3/3/2026", "2026-03-03"),
        ("3.4", "2026-04-03"),
        ("03-04-26", "2026-04-03"),
        ("2026-04-08", "2026-04-08"),
        ("mùng 3", "2026-04-03"),
        ("mồng ba tháng tư", "2026-04-03"),
        ("ngày 28", "2026-03-28"),
        ("28", "2026-03-28"),
        ("ngày 5 tháng trước", "2026-03-05"),
        ("mùng 5 tháng này", "2026-04-05"),
        ("ngày 3 tháng 4 năm 2026", "2026-04-03"),
        ("hôm nay", "2026-04-09"),
        ("tối qua", "2026-04-08"),
        ("hôm kia", "2026-04-07"),
        ("ngày kia", "2026-04-11"),
        ("bữa mốt", "2026-04-11"),
        ("mai", "2026-04-10"),
        ("cách đây 3 hôm", "2026-04-06"),
        ("3 hôm trước", "2026-04-06"),
        ("thứ sáu tuần trước", "2026-04-03"),
        ("thứ 5", "2026-04-09"),
        ("thứ năm vừa rồi", "2026-04-02"),
        ("thứ 7 này", "2026-04-11"),
        ("chủ nhật", "2026-04-05"),
        ("cn tuần này", "2026-04-12"),
        ("thứ hai tuần sau", "2026-04-13"),
        ("thứ 6 ngày 3/4", "2026-04-03"),
        ("tối thứ 6 3/4", "2026-04-03"),
        ("mùng 8 tết", "2026-02-24"),
        ("29 tết", "2026-02-16"),
        ("rằm tháng giêng", "2026-03-03"),
        ("10/3 âm lịch", "2026-04-26"),
        ("mùng 1 tháng chạp", "2026-01-19"),
        ("19h30 tối qua", "2026-04-08"),
        ("30/12", "2025-12-30"),
        ("3/8 năm ngoái", "2025-08-03"),
        ("3/2 vừa qua", "2026-02-03"),
        ("08042026", "2026-04-08"),
        ("sáng sớm nay", "2026-04-09"),
        ("tuần trước nữa thứ 5", "2026-03-26"),
        ("ngày mười lăm tháng ba", "2026-03-15"),
    ],
)
def test_a_phrase_names_one_day(typed, day):
    reading = read_date(typed, TODAY)
    assert (str(reading.date), reading.issue) == (day, None)
    assert reading.typed == typed


@pytest.mark.parametrize(
    ("typed", "day"),
    [("thứ 7", "2026-04-11"), ("thứ 5", "2026-04-16"), ("ngày 5", "2026-05-05"), ("mùng 9", "2026-04-09")],
)
def test_a_postponement_looks_ahead(typed, day):
    assert str(read_date(typed, TODAY, "future").date) == day


@pytest.mark.parametrize(
    "typed",
    ["31/2", "3/8/202", "ngày ba mươi hai tháng năm", "32/3", "3/13", "30/2/2026", "ngày 31 tháng 4", "ngày 32", "0/4"],
)
def test_an_impossible_day_is_never_repaired(typed):
    reading = read_date(typed, TODAY)
    assert (reading.date, reading.issue) == (None, "invalid_date")


@pytest.mark.parametrize(
    "typed",
    [
        "cách đây nửa tháng",
        "cách nay tuần",
        "sau tết",
        "hôm giỗ tổ",
        "khoảng 3/4",
        "tháng 7 vừa rồi",
        "cuối tháng trước",
        "đầu tháng",
        "tuần trước",
        "cuối tuần",
        "hôm trước",
        "khoảng mùng 3",
        "tháng 3",
    ],
)
def test_a_stretch_of_days_is_no_date(typed):
    reading = read_date(typed, TODAY)
    assert (reading.date, reading.issue) == (None, "vague_date")


@pytest.mark.parametrize("typed", ["3/4 hoặc 4/4", "3/4 và 5/4", "thứ 6 ngày 4/4"])
def test_two_days_are_offered_not_chosen(typed):
    reading = read_date(typed, TODAY)
    assert reading.issue == "ambiguous_date"
    assert len(reading.alternatives) == 2


@pytest.mark.parametrize("typed", ["", "chi bộ", "18/20 đồng chí", "không biết"])
def test_what_is_no_date_is_not_read(typed):
    assert read_date(typed, TODAY).issue in ("unclear_date", "invalid_date")
    assert read_date(typed, TODAY).date is None


def test_the_year_is_the_one_nearest_to_today():
    assert read_date("30/12", date(2027, 1, 2)).date == date(2026, 12, 30)
    assert read_date("2/1", date(2026, 12, 30)).date == date(2027, 1, 2)
    assert read_date("29/2", date(2028, 3, 2)).date == date(2028, 2, 29)
    assert read_date("29/2", date(2026, 3, 2)).issue == "invalid_date"


def test_tet_follows_the_vietnamese_calendar():
    """In 2030 the Chinese calendar puts Tết a day later."""
    assert read_date("mùng 1 tết", date(2030, 2, 20)).date == date(2030, 2, 2)


def test_a_day_beside_another_day_is_no_attendance():
    """Both are offered, "hôm qua" being the 8th and 18 October 2026 a Sunday."""
    (near,) = find_dates("hom qua 7/4 hop 18/20", TODAY)[:1]
    assert near.reading.issue == "ambiguous_date"
    (moved,) = find_dates("qua thu 7 18/10", date(2026, 10, 8), "future")
    assert moved.reading.issue == "ambiguous_date"


def test_a_day_said_to_be_gone_by_is_not_taken_for_a_coming_one():
    assert read_date("5/7 vừa rồi", date(2027, 5, 17)).issue == "ambiguous_date"


def test_a_bare_fraction_in_a_line_is_not_anchored():
    mentions = find_dates("hop 8/4 du 8/9", TODAY)
    assert [(m.kind, m.anchored) for m in mentions] == [("fraction", False), ("fraction", False)]


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(["/", "-", "."]))
def test_a_written_day_is_read_back(day, sign):
    assert read_date(f"{day.day}{sign}{day.month}{sign}{day.year}", TODAY).date == day


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    read_date(text, TODAY)
