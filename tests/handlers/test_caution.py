"""What a line says twice, takes back or leaves open is asked about; what adds up is not."""

from datetime import date

import pytest

from handlers.understand import read
from models.vietnamese.branch_names import BranchName, BranchNames

TODAY = date(2026, 8, 6)
NAMES = BranchNames(
    (
        BranchName("1", "Chi bộ Hợp tác xã Nông nghiệp Quyết Tiến"),
        BranchName("2", "Chi bộ Nhà máy Nước Thanh Lợi"),
        BranchName("3", "Chi bộ Công ty Cổ phần Dược phẩm An Khang"),
        BranchName("4", "Chi bộ Tổ dân phố số 4"),
        BranchName("9", "Chi bộ Tổ dân phố số 9"),
    )
)


def codes(text):
    return {issue.code for issue in read(text, TODAY, NAMES).issues}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("họp 4/8 có mặt 18 tổng 20 vắng 2: 1 có phép, 2 không phép", "sum_mismatch"),
        ("Đủ 100%, 17/17 có mặt, 1 đ/c xin nghỉ có lý do, họp 3/8", "sum_mismatch"),
        ("họp 4/8 dự 1x/20", "unclear_number"),
        ("họp 4/8 dự ..../20", "unclear_number"),
        ("họp 4/8, tổng 20 có mặt xx", "unclear_number"),
        ("họp 4/8, 18-19/20", "vague_number"),
        ("họp 4/8 18/20, em chưa đếm kỹ", "vague_number"),
        ("nghe nói chi bộ họp hôm 4/8 18/20", "vague_number"),
        ("kết nạp 2,3 đc hôm 4/8", "vague_number"),
        ("kết nạp 2 đồng chí hôm 4/8: 1. Đồng Phúc Hậu 2. Mã Thị Sen 3. Kiều Công Định", "count_mismatch"),
        ("kết nạp chính thức đ/c Lò Thị Mai 4/8", "ambiguous_intent"),
        ("hoãn họp 4/8 dự 18/20", "ambiguous_intent"),
        ("hôm 4/8 họp không đủ túc số, 8/20", "ambiguous_intent"),
        ("mn Vành Khuyên kết nạp 1 đc 4/8", "unknown_branch"),
        ("tdp 4 và tdp 9 họp chung 4/8, 60/68", "multi_event"),
    ],
)
def test_a_doubt_is_asked_about(text, code):
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "họp 4/8 tổng 20 có mặt 18 vắng hai có lý do một không lý do một",
        "họp 4/8 vắng 3 có phép 2 không phép 1, tổng 20",
        "họp 04.08.2026 18/20",
        "họp 4/8 20 đv, 18 dự, 2 miễn sinh hoạt",
        "tổ dân phố số 4 giảm 1 đv chuyển đi nơi khác ngày 4/8",
        "cb hợp tác xã nông nghiệp quyết tiến thông báo đã kết nạp 1 đc ngày 4/8",
        "Thứ Hai tuần này chi bộ họp, 18/20",
    ],
)
def test_what_adds_up_is_not_asked_about(text):
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Trình đảng ủy cho chi bộ hoãn họp... à thôi để em hỏi lại các cụ đã",
        "Ai đi họp chi bộ tối nay bấm tim, mới được 12/25",
    ],
)
def test_what_is_taken_back_or_still_counted_is_no_report(text):
    assert read(text, TODAY, NAMES).intent == "unknown"


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("hôm qua cb hợp tác xã nông nghiệp quyết tiến kết nạp 1 đc", "1"),
        ("nha may nuoc thanh loi giam 1 dv chuyen di noi khac ngay 4/8", "2"),
        ("dược an khang họp 4/8, 18/20", "3"),
        ("họp 4/8, vắng 1 có phép 18/19, dược an khang", "3"),
    ],
)
def test_a_branch_is_known_by_its_place_and_keeps_its_name(text, branch):
    found = read(text, TODAY, NAMES).branch
    assert found is not None
    assert found.branch_id == branch


def test_a_dash_between_figures_and_a_figure_left_over_are_read():
    slots = read("họp 03/08/26 - 15 có mặt - 1 vắng - 16 đảng viên", TODAY, NAMES).slots
    assert (slots.present, slots.absent, slots.total) == (15, 1, 16)
