"""Lines of the Centre, the Highlands and the border: names of many peoples, meetings made up for."""

from datetime import date

import pytest

from handlers.understand import read
from models.vietnamese.branch_names import BranchName, BranchNames

TODAY = date(2026, 8, 6)  # a Thursday
NAMES = BranchNames(
    BranchName(branch, f"Chi bộ {name}")
    for branch, name in {
        "K": "Kho K4",
        "L": "Kho K14",
        "S": "Khu đô thị Sóng Xanh",
        "F": "Khu phố 1",
        "T": "Trường THCS Nậm Khít",
        "G": "Xí nghiệp Gạch Đồi Son",
        "B": "Bản Sen Dưới",
    }.items()
)


def codes(text):
    return {issue.code for issue in read(text, TODAY, NAMES).issues}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("họp hôm qua 14/15 người, anh Vàng A Chớ vắng vì đi nương xa", ["Vàng A Chớ"]),
        ("hop hom qua 9/10 dc, vang Y Bhăm Niê xin nghi ve buon", ["Y Bhăm Niê"]),
        ("họp hôm qua 17/19, vắng thượng úy Giàng Seo Pao và y sĩ Lù Thị Mẩy", ["Giàng Seo Pao", "Lù Thị Mẩy"]),
        ("hôm qua kết nạp đảng viên mới là binh nhất Sùng A Dế", ["Sùng A Dế"]),
        ("kết nạp 1 đảng viên mới tên H'Ngoan Êban ngày 2/8", ["H'Ngoan Êban"]),
        (
            "kết nạp ba quần chúng hôm qua gồm Phí Tiến Đạt Lã Thuỳ Dung Từ Ích Hải",
            ["Phí Tiến Đạt", "Lã Thuỳ Dung", "Từ Ích Hải"],
        ),
    ],
)
def test_names_of_every_people_are_read_whole(text, names):
    reading = read(text, TODAY)
    assert list(reading.slots.person_names) == names
    assert not reading.needs_confirm


@pytest.mark.parametrize("place", ["Đà Lạt", "Nha Trang", "Hà Nội"])
def test_where_somebody_comes_from_is_no_person(place):
    reading = read(f"hôm qua tiếp nhận 1 đ/c chuyển sinh hoạt từ {place} về", TODAY)
    assert (reading.intent, reading.slots.person_names) == ("member_transfer_in", ())


@pytest.mark.parametrize(
    "text",
    [
        "họp bù buổi bị hoãn tháng trước: ngày 3/8, 20 có mặt trong tổng số 22",
        "buổi bị hoãn đợt bão đã bù xong vào tối 3/8, 20 trên 22 đ/c",
        "kỳ họp bị hoãn đã họp bù tối 3/8, 20/22",
        "không họp ở trường mà họp nhờ hội trường nhà máy, 3/8, 20/22",
    ],
)
def test_a_meeting_made_up_for_or_held_elsewhere_is_held(text):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date) == ("meeting_held", date(2026, 8, 3))
    assert (reading.slots.present, reading.slots.total, reading.needs_confirm) == (20, 22, False)


@pytest.mark.parametrize(
    "text",
    [
        "còn những chi bộ mô chưa nộp rứa?",
        "hiện có mấy nơi chưa họp tháng 8 hả em",
        "kho k4 nộp chưa, anh sếp hỏi",
        "tháng này bên mình báo lên được chưa ấy nhỉ, em quên rồi",
    ],
)
def test_who_has_not_reported_is_asked_in_many_ways(text):
    assert read(text, TODAY, NAMES).intent == "ask_status"


@pytest.mark.parametrize(
    "text",
    [
        "Tờ trình xin ý kiến chuyển sinh hoạt cho đ/c Bạch Công Tâm, chờ cấp trên duyệt",
        "hồ sơ chuyển sinh hoạt của đ/c Tâm còn chờ đảng ủy duyệt",
    ],
)
def test_what_waits_for_a_decision_is_not_done(text):
    assert read(text, TODAY).intent == "unknown"


def test_who_goes_to_another_place_moves_out():
    assert read("Hôm nay làm giấy cho anh Chảo Láo Lở đi sinh hoạt nơi khác rồi", TODAY).intent == "member_transfer_out"


@pytest.mark.parametrize(
    ("text", "present", "total"),
    [
        ("Tổng 38 đ/c trong đó 5 cụ được miễn, dự 33, ko ai vắng. Họp mùng 3", 33, 38),
        ("cb bản sen dưới mình có 29 đảng viên, miễn sh 3 cụ già yếu, hôm qua họp đi 24 vắng 2", 24, 29),
    ],
)
def test_those_exempt_explain_what_is_missing(text, present, total):
    reading = read(text, TODAY, NAMES)
    assert (reading.slots.present, reading.slots.total, reading.needs_confirm) == (present, total, False)


def test_those_exempt_explain_no_more_than_their_number():
    assert "sum_mismatch" in codes("Tổng 30 đv, miễn sinh hoạt 3, có mặt 24, vắng 2, họp hôm 2/8")


def test_of_the_absent_some_had_leave():
    slots = read("họp hôm qua có 22/26 đc, 4 đc vắng thì 3 có phép", TODAY).slots
    assert (slots.absent, slots.absent_excused) == (4, 3)


def test_a_number_forgotten_is_asked_about():
    assert "unclear_number" in codes("tối qua họp, tổng hai mươi mấy quên rồi, có mặt 19")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Nhầm rồi, 2 người vắng đều có phép chứ không phải 1 phép 1 không", "absent_excused", 2),
        ("hồi nãy nói hôm qua họp là sai nha, họp 3/8 mới đúng", "date", date(2026, 8, 3)),
    ],
)
def test_a_correction_drops_the_old_value_in_words_too(text, field, value):
    reading = read(text, TODAY)
    assert (reading.intent, getattr(reading.slots, field)) == ("correction", value)


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("cb kho K4 họp hôm qua 9/10", "K"),
        ("sáng CN khu đô thị sóng xanh họp, 33/36", "S"),
        ("hai đồng chí chuyển sinh hoạt đi nơi khác tối qua chi bộ khu phố một đã bàn giao hồ sơ", "F"),
    ],
)
def test_codes_sundays_and_last_night_leave_the_branch_whole(text, branch):
    assert read(text, TODAY, NAMES).branch.branch_id == branch


def test_all_three_of_them_are_no_branch():
    assert read("hom qua chi bo da cong nhan chinh thuc ca 3", TODAY, NAMES).branch is None
