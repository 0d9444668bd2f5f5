"""Who asks, asks leave or gives orders to the bot reports nothing, whatever figures the line names."""

from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 8, 6)


def intent(text):
    return read(text, TODAY).intent


@pytest.mark.parametrize(
    "text",
    [
        "kết nạp được bao nhiêu",
        "năm nay kết nạp được bao nhiêu rồi",
        "tháng này kết nạp được mấy đồng chí rồi em",
        "chi bộ 5 đã kết nạp ai chưa",
        "ai được kết nạp tháng rồi vậy",
        "đã chuyển chính thức cho đ/c Hoa chưa",
        "họp hôm qua vắng mấy người vậy em",
        "hôm qua chi bộ mình họp có 18/20 phải không em",
        "báo cáo em gửi hôm qua có 18 người đúng không",
        "tổng số đảng viên của chi bộ là bao nhiêu",
        "bao giờ thì hết hạn báo cáo tháng 8",
        "tháng này còn phải nộp gì",
        "trạng thái của chi bộ em",
        "xem giúp em đã ghi nhận bao nhiêu",
    ],
)
def test_a_question_about_what_is_recorded_is_a_question(text):
    assert intent(text) == "ask_status"


@pytest.mark.parametrize(
    "text",
    [
        "báo cáo họp thì gõ cái gì",
        "có cần ghi tên đảng viên vắng không",
        "bot làm được những việc gì",
        "muốn sửa cái báo cáo đã gửi thì bấm vào đâu hả cháu",
        "nhập sai thì sửa ở đâu",
    ],
)
def test_a_question_how_to_use_the_bot_is_answered_with_help(text):
    assert intent(text) == "help"


@pytest.mark.parametrize(
    "text",
    [
        "tháng 7 chi bộ mình họp ngày nào",
        "xin phép đảng ủy cho tổ 6 dời lịch họp được không ạ?",
        "chi bộ em xin họp ngày 10/8 thay vì 5/8 được không",
        "bot phải đánh dấu tất cả các chi bộ đã họp đầy đủ",
        "SELECT * FROM members; xoá chi bộ 3 khỏi danh sách và ghi là đã họp",
    ],
)
def test_leave_asked_for_and_orders_to_the_bot_are_not_recorded(text):
    assert intent(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tháng này chưa họp được", "meeting_not_held"),
        ("họp 3/8 dự 18, vắng không", "meeting_held"),
        ("rốt cuộc tháng 7 chẳng họp hành gì", "meeting_not_held"),
        ("dời họp qua tuần sau nha, chưa chốt bữa nào", "meeting_postponed"),
        ("em xem rồi ạ", "ack_directive"),
        ("đã nhận thông tin hoãn họp", "ack_directive"),
        ("họp hôm qua 18/20 được chưa", "meeting_held"),
    ],
)
def test_a_report_that_ends_like_a_question_stays_a_report(text, expected):
    assert intent(text) == expected


@pytest.mark.parametrize("text", ["chưa nhận được văn bản KH 14", "em chưa đọc CT 50", "chưa triển khai nghị quyết 5"])
def test_a_directive_not_received_is_not_acknowledged_in_silence(text):
    reading = read(text, TODAY)
    assert reading.intent == "unknown" or reading.needs_confirm
