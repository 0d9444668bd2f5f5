"""Lines as people of every region really type them: slips, forms over several lines, plans, words of the South."""

from datetime import date

import pytest

from handlers.understand import read
from models.vietnamese.branch_names import BranchName, BranchNames

TODAY = date(2026, 8, 6)  # a Thursday
NAMES = BranchNames(
    BranchName(branch, f"Chi bộ {name}")
    for branch, name in {
        "A": "Chung cư Hồ Sen A",
        "B": "Chung cư Hồ Sen B",
        "T": "Trường Tiểu học Tân Sa",
        "M": "Công ty Cổ phần May Tân Sa",
        "X": "Tổ dân phố Xóm Chài",
    }.items()
)


def codes(reading):
    return {issue.code for issue in reading.issues}


@pytest.mark.parametrize("slip", ["sinh haot", "sinh hoatj", "sinh hoaat", "shcb", "họpp", "hopj"])
def test_a_slip_in_the_word_for_a_meeting_is_mended(slip):
    reading = read(f"chi bộ {slip} hôm qua, 19/20 đồg chí", TODAY)
    assert (reading.intent, reading.slots.present, reading.slots.total) == ("meeting_held", 19, 20)
    assert not reading.needs_confirm


def test_minutes_over_several_lines_are_read_beside_a_house_number():
    reading = read(
        "BÁO CÁO SINH HOẠT CHI BỘ\nĐơn vị: Tổ dân phố Xóm Chài\nThời gian: 19h30 ngày 04/6/2026\n"
        "Địa điểm: nhà văn hóa, số 15/3 đường Bờ Kè\nTổng số đảng viên: 28\nCó mặt: 25\n"
        "Vắng: 3 (có lý do: 2; không lý do: 1)",
        TODAY,
        NAMES,
    )
    slots = reading.slots
    assert (slots.date, slots.present, slots.total) == (date(2026, 6, 4), 25, 28)
    assert (slots.absent, slots.absent_excused, reading.needs_confirm) == (3, 2, False)


def test_minutes_are_no_village_because_they_begin_with_their_word():
    reading = read("Biên bản tóm tắt: chi bộ May Tân Sa họp 3/8, có mặt 19/20", TODAY, NAMES)
    assert reading.branch.branch_id == "M"
    assert not reading.needs_confirm


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("chi bộ chung cư hồ sen bê tối qua họp 19/22", "B"),
        ("cb chung cư hồ sen b tối qua họp 19/22", "B"),
        ("cb may tân sa khai mạc sinh hoạt chiều qua, 47/50", "M"),
        ("cb TH Tân Sa bổ sung: hôm qua họp 12/12", "T"),
    ],
)
def test_a_branch_ends_where_its_verb_begins_and_letters_may_be_spelled_out(text, branch):
    assert read(text, TODAY, NAMES).branch.branch_id == branch


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tình hình mưa lụt, cb đẩy lịch họp qua thứ 7 này nha các đồng chí lãnh đạo", date(2026, 8, 8)),
        ("chi bộ giãn buổi họp sang mùng 10", date(2026, 8, 10)),
        ("cb dời họp từ 5/8 sang 12/8", date(2026, 8, 12)),
    ],
)
def test_a_meeting_pushed_to_another_day_is_postponed(text, day):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date, reading.needs_confirm) == ("meeting_postponed", day, False)


@pytest.mark.parametrize("text", ["dời họp từ 5/7 sang 32/7", "hoãn họp qua 31/2", "lùi họp đến 30/2 nhé"])
def test_a_meeting_moved_to_a_day_of_no_calendar_is_asked_about(text):
    reading = read(text, TODAY)
    assert (reading.intent, reading.slots.date, reading.slots.present) == ("meeting_postponed", None, None)
    assert "invalid_date" in codes(reading)


@pytest.mark.parametrize(
    "text",
    [
        "Tối mốt cb họp nhe bà con, nhớ mang sổ",
        "sáng mốt họp chi bộ nghe mấy cô chú",
        "chiều mốt chi bộ mình họp ở nhà văn hóa nghen",
    ],
)
def test_the_day_after_tomorrow_is_a_plan_in_southern_words_too(text):
    assert read(text, TODAY).intent == "unknown"


@pytest.mark.parametrize(
    "text", ["dạ tháng ni chi bộ em chưa mần được buổi mô hết ạ", "chưa làm được buổi nào tháng này"]
)
def test_no_meeting_at_all_is_not_held(text):
    assert read(text, TODAY).intent == "meeting_not_held"


def test_an_admission_told_late_is_an_admission_and_its_vague_day_is_asked():
    reading = read("Mấy hôm trước có kết nạp 2 đc, em quên báo", TODAY)
    assert (reading.intent, reading.slots.count) == ("admission", 2)
    assert "vague_date" in codes(reading)


def test_recognition_whose_papers_are_done_is_a_report():
    reading = read("Chi bộ em đã làm thủ tục chuyển chính thức xong cho một đảng viên dự bị ngày 30/7", TODAY)
    assert (reading.intent, reading.slots.count, reading.needs_confirm) == ("official_transfer", 1, False)


def test_somebody_who_moves_hither_for_good_comes_in():
    reading = read("chi bo em co 2 dong chi chuyen sinh hoat dang chinh thuc ve tu ngay 1/8", TODAY)
    assert (reading.intent, reading.slots.count) == ("member_transfer_in", 2)


@pytest.mark.parametrize("text", ["họp hôm qua tổng 20 đ/c vắng âm 2", "họp hôm qua có mặt 18, vắng âm một đồng chí"])
def test_a_negative_number_in_words_is_asked_about(text):
    assert read(text, TODAY).needs_confirm


def test_what_is_still_to_be_counted_is_a_report_with_a_question():
    reading = read("sinh hoạt hôm qua có 1?/16 đ/c, để em đếm lại", TODAY)
    assert (reading.intent, reading.needs_confirm) == ("meeting_held", True)


def test_a_meeting_broken_off_and_to_be_continued_is_asked_about():
    assert read("họp dở thì mất điện phải nghỉ, hẹn 12/8 họp tiếp, bữa 5/8 có mặt 16/19", TODAY).needs_confirm


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("bên chung cư hồ sen a gởi biên bản chưa vậy mấy em", "ask_status"),
        ("ai nhặt được chìa khoá xe ở nhà văn hoá tổ 4 gọi 0987 000 111 giúp em", "unknown"),
        ("báo cáo giúp em với", "help"),
    ],
)
def test_questions_and_small_talk_are_told_apart(text, intent):
    assert read(text, TODAY, NAMES).intent == intent


def test_the_topic_is_found_where_it_is_named_the_second_time():
    reading = read("sh chuyên đề hôm 3/8, có 21/22 đ/c, chuyên đề: chuyển đổi số trong dạy học", TODAY)
    assert reading.slots.topic == "chuyển đổi số trong dạy học"


def test_an_aunt_of_the_centre_is_no_zero():
    reading = read("Tối ni chi bộ họp xong rồi nghe, 14/15 người, 1 o xin vắng", TODAY)
    assert (reading.slots.present, reading.slots.absent, reading.needs_confirm) == (14, 1, False)


def test_a_tone_typed_behind_a_slip_is_no_number_of_a_month():
    reading = read("hop5 ngay2 30 thhang1 7 du75 18/20 d9o6ng2 chi1", TODAY)
    assert (reading.slots.date, reading.slots.present) == (date(2026, 7, 30), 18)


def test_a_decimal_in_words_is_asked_about():
    reading = read("vừa họp xong, mười một phẩy năm trên mười ba, hôm nay", TODAY)
    assert (reading.slots.present, "unclear_number" in codes(reading)) == (None, True)


def test_leave_told_before_the_absent_is_held_against_them():
    assert "excused_gt_absent" in codes(read("họp 3/8, có phép 3, vắng 2, tổng 18 dự 16", TODAY))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("họp ngày 3/8: vừa ngồi ở văn phòng vừa mở zoom cho mấy anh công trình, tổng cộng dự 24/26", "hybrid"),
        ("hôm qua họp hai đầu cầu: 11 đồng chí ngồi hội trường, 5 đồng chí vào Zoom, cộng lại 16/18", "hybrid"),
    ],
)
def test_some_in_the_room_and_some_far_away_is_both(text, form):
    assert read(text, TODAY).slots.format == form


@pytest.mark.parametrize(
    ("text", "present", "total"),
    [
        ("3 ng xin nghỉ (2 ốm, 1 về quê giỗ), 15 ng ngồi họp, sổ có 18. họp hôm qua", 15, 18),
        ("họp 3/8 dự 18, à ko phải, 19 mới đúng, trên tổng 20", 19, 20),
        ("họp ngày 3/8, có mặt 26 trên tổng số 28; 02 vắng mặt có lý do (01 đi coi thi, 01 nghỉ thai sản)", 26, 28),
    ],
)
def test_figures_among_reasons_and_second_thoughts_are_kept_apart(text, present, total):
    slots = read(text, TODAY).slots
    assert (slots.present, slots.total) == (present, total)


def test_all_with_a_reason_are_excused_though_the_reasons_are_counted():
    text = "họp ngày 3/8, có mặt 26 trên tổng số 28; 02 vắng mặt có lý do (01 đi coi thi, 01 nghỉ thai sản)"
    assert read(text, TODAY).slots.absent_excused == 2


@pytest.mark.parametrize(
    "text",
    [
        "sửa lại cho đúng nha, tổng số 27, số 25 em gửi hồi nãy là sai",
        "Xin sửa giùm: tổng 27, lần trước ghi 25 là do nhìn nhầm",
    ],
)
def test_what_was_sent_wrong_is_not_read_again(text):
    slots = read(text, TODAY).slots
    assert (slots.total, slots.present) == (27, None)


def test_a_body_of_words_of_another_is_not_that_one():
    names = BranchNames(
        [
            BranchName("N", "Chi bộ Ngân hàng Nông nghiệp Tiên Lãm"),
            BranchName("K", "Chi bộ Khu đô thị Nam Hồng"),
            BranchName("L", "Chi bộ Khu đô thị Nam Hồng 2"),
        ]
    )
    assert names.match("trung tâm giáo dục nghề nghiệp tiên lãm").status != "match"
    assert read("chi bộ khu đô thị Nam Hồng 2 sinh hoạt 2/8, 21/24", TODAY, names).branch.branch_id == "L"
