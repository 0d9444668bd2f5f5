"""Who was there, however the numbers are said; what is no plain number is asked about."""

from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 4, 9)


def reading(text):
    return read(f"họp hôm qua, {text}", TODAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("cả thảy 14 đảng viên, vắng đúng 1 người bịnh có xin phép", (13, 14, 1, 1)),
        ("tổng 20, vắng vỏn vẹn 2 đ/c", (18, 20, 2, None)),
        ("vắng tới 5 đ/c, tổng 20", (15, 20, 5, None)),
        ("vắng hết 3 đ/c còn 17", (17, None, 3, None)),
        ("tổng 20 vắng mất 2", (18, 20, 2, None)),
        ("20 người thì 3 người xin nghỉ", (17, 20, 3, 3)),
        ("đi 17 trong khi tổng là 20", (17, 20, 3, None)),
        ("7 người đi 6", (6, 7, 1, None)),
        ("có 17 đi, 3 ko đi", (17, None, 3, None)),
        ("tsố 29. đi 27. 2 nguoi ko di dc nhung da xin phep", (27, 29, 2, 2)),
        ("19/20, giới thiệu 2 quần chúng học cảm tình Đảng", (19, 20, 1, None)),
        ("18/20 nội dung xây dựng nông thôn mới", (18, 20, 2, None)),
        ("tập trung tại hội trường 18/20", (18, 20, 2, None)),
        ("vắng 3 người mà xin phép tới 2 người, 15 người dự", (15, None, 3, 2)),
        ("18\u204420", (18, 20, 2, None)),
        ("17/20 đạt 85%, 3 vắng", (17, 20, 3, None)),
        ("có mặt 9 đc ct và 1 đvdb, tổng 11", (10, 11, 1, None)),
        ("dự 17 chính thức, 2 dự bị, tổng số 20", (19, 20, 1, None)),
        ("cuối năm bận quá, 18/20", (18, 20, 2, None)),
        ("tổng 20 (ct 18, db 2), dự 19", (19, 20, 1, None)),
        ("toàn chi bộ 20 đ/c đều có mặt", (20, 20, 0, None)),
        ("nghe báo cáo tháng 3, 19/20", (19, 20, 1, None)),
        ("19/20 chúc mừng đ/c An nhận huy hiệu", (19, 20, 1, None)),
        ("đảng viên chính thức 18 dự bị 2, dự 19", (19, None, None, None)),
        ("17/20 vắng 3 đều xin phép trừ 1 đ/c", (17, 20, 3, 2)),
        ("18/20 vắng 2 không rõ lý do", (18, 20, 2, None)),
        ("được 17 anh chị em trong số 20", (17, 20, 3, None)),
        ("có 17 đảng viên chính thức/20", (17, 20, 3, None)),
        ("được mười bảy, thiếu ba", (17, None, 3, None)),
        ("họp chung với thôn bên, 18/20", (18, 20, 2, None)),
        ("18/20, 1 đ/c ốm", (18, 20, 2, None)),
        ("33/38, hai đồng chí vắng vì đi viện, ba đồng chí về quê", (33, 38, 5, None)),
    ],
)
def test_the_numbers_are_read_with_their_words(text, numbers):
    slots = reading(text).slots
    assert (slots.present, slots.total, slots.absent, slots.absent_excused) == numbers
    assert not reading(text).needs_confirm


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("khoảng 15-17 đ/c dự trên tổng 20", "vague_number"),
        ("tầm 15 đến 17 người/20", "vague_number"),
        ("15 hoặc 17 đ/c dự, tổng 20", "vague_number"),
        ("dự 18 trên 20 thì phải", "vague_number"),
        ("ước chừng 18/20", "vague_number"),
        ("½ chi bộ có mặt", "vague_number"),
        ("¾ đảng viên dự", "vague_number"),
        ("quân số ½", "vague_number"),
        ("dự 2/3", "vague_number"),
        ("độ 18 người, tổng 20", "vague_number"),
        ("non 20 đ/c trên 25", "vague_number"),
        ("đâu 18 người", "vague_number"),
        ("suýt soát 20 đ/c", "vague_number"),
        ("đa số có mặt", "vague_number"),
        ("gần như đủ cả", "vague_number"),
        ("17//20", "unclear_number"),
        ("1 7/20", "unclear_number"),
        ("18/20, 3 đ/c bận việc nhà", "sum_mismatch"),
        ("18/20, 1 đ/c ốm, 2 đ/c bận", "sum_mismatch"),
        ("có mặt 1/2", "implausible_number"),
        ("dự 18/..", "unclear_number"),
        ("dự 18/", "unclear_number"),
        ("một tá người dự", "unclear_number"),
        ("thiếu một hai đồng chí, tổng 20", "unclear_number"),
        ("có mặt 14, vắng âm 2", "negative_number"),
        ("17/20 đạt 95%", "sum_mismatch"),
        ("90% (15/20) có mặt", "sum_mismatch"),
        ("vắng 3 người mà xin phép tới 4 người, còn lại 15 người dự", "excused_gt_absent"),
    ],
)
def test_what_is_no_plain_number_is_asked_about(text, code):
    assert code in {issue.code for issue in reading(text).issues}


@pytest.mark.parametrize("text", ["gần đủ, vắng vài đồng chí", "dự hơn 20 người, tổng 26", "vắng 2-3 người, tổng 25"])
def test_no_third_number_is_derived_from_a_guess(text):
    slots = reading(text).slots
    assert slots.absent in (None, 2)
    assert slots.present in (None, 20)
    assert not (slots.present and slots.absent)


def test_who_came_is_kept_where_the_meeting_was_not_held():
    slots = read("hôm qua không đủ số đv (7/16 có mặt) nên không họp được", TODAY).slots
    assert (slots.present, slots.total) == (7, 16)
    assert read("tháng này chưa họp vì 5 đ/c đi công tác", TODAY).slots.present is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("họp 4/8 không ai vắng 29 đc", (29, 0)),
        ("họp 4/8 1 đc vắng 40 đc dự", (40, 1)),
        ("họp 4/8 mười bảy đồng chí dự một đồng chí vắng không lý do", (17, 1)),
        ("4/8 sinh hoạt 35 người có mặt 2 người nghỉ", (35, 2)),
        ("họp 4/8 có mặt 18 đồng chí vắng 2 đồng chí", (18, 2)),
    ],
)
def test_figures_spoken_without_a_pause_keep_their_words(text, numbers):
    slots = read(text, date(2026, 8, 6)).slots
    assert (slots.present, slots.absent) == numbers
