"""What other bodies do, what is put off that is no meeting, and what is only planned is not recorded."""

from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 8, 6)


def intent(text):
    return read(text, TODAY).intent


@pytest.mark.parametrize(
    "text",
    [
        "câu lạc bộ thơ sinh hoạt 3/8 có 20 người",
        "họp đồng hương tối qua 20/25",
        "họp cán bộ chủ chốt hôm qua 15/15",
        "họp tổ hòa giải hôm qua đủ 7/7",
        "đội dân phòng họp tối qua 10/12",
        "tổ bảo vệ an ninh cơ sở họp 3/8 5/5",
        "hoãn cưới con bác Tư sang 20/12 nha mọi người",
        "bóng chuyền hoãn sang thứ 7",
        "hoãn trồng cây sang thứ 7",
        "hoãn lễ kết nạp sang 10/8",
        "lùi kết nạp đc Hoa sang tháng sau",
        "họp cụm thi đua hôm 3/8 có 8 đơn vị",
        "kết nạp đội cho 30 em",
        "hooij phuj nuwx aaps 8 hopj toois qua, 27 chij em",
        "coong ddoanf truwowngf hopj 4/8, 30/32 nguwowif",
    ],
)
def test_what_is_no_meeting_of_the_branch_is_not_recorded(text):
    assert intent(text) == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "tối nay họp chi bộ lúc 19h30 tại NVH, mong các bác đến đông đủ",
        "chỉ tiêu kết nạp 2 đc",
        "phấn đấu kết nạp 3 đảng viên trong năm",
        "kế hoạch kết nạp 2 quần chúng trong quý 4",
        "hẹn các đc 19h tối mai họp",
        "đ/c Hoa xin chuyển sinh hoạt đi nơi khác, chi bộ đang xem xét",
        "đc Sim sắp hết dự bị",
        "đc Sim chưa được chính thức",
        "dừng kết nạp đc Sim",
    ],
)
def test_what_is_planned_or_wished_is_not_recorded(text):
    assert intent(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lùi sang thứ 7 nhé", "meeting_postponed"),
        ("dời qua 12/8 do mưa", "meeting_postponed"),
        ("hoãn họp nhé, bao giờ có lịch mới báo lại sau", "meeting_postponed"),
        ("dời họp chi bộ vì trùng đám cưới nhà bí thư, sang 12/8", "meeting_postponed"),
        ("hôm qua kết nạp 1 em học sinh lớp 12", "admission"),
        ("đ/c Nam hết dự bị, chi bộ đã họp xét và chuyển đảng chính thức ngày 1/8", "official_transfer"),
        ("tối qua chi bộ tôi sinh hoạt, dự 37/38 đảng viên", "meeting_held"),
        ("tối qua chi bộ họp, 33/38 đảng viên, hai đồng chí vắng, ba đồng chí về quê", "meeting_held"),
        ("chi bộ họp cùng ban công tác mặt trận hôm qua 18/20", "meeting_held"),
        ("chi bộ họp ở nhà văn hóa hội nông dân hôm qua 18/20", "meeting_held"),
        ("đại hội chi bộ hôm qua 18/20", "meeting_held"),
        ("hôm qua họp mà ít người quá nên thôi", "meeting_not_held"),
        ("chuyển chính thức 2 đc hôm qua, còn 1 chưa", "official_transfer"),
        ("đồng thời chuyển chính thức 1 đ/c hôm qua", "official_transfer"),
        ("hôm 4/8 chỉ có 7/20 đ/c đến nên không tiến hành họp được", "meeting_not_held"),
    ],
)
def test_a_report_that_only_names_such_things_stays_a_report(text, expected):
    assert intent(text) == expected


@pytest.mark.parametrize("text", ["chuyển 2 đ/c hôm 3/8", "chuyển 2 đảng viên ngày 3/8"])
def test_a_move_without_a_direction_is_asked_about(text):
    reading = read(text, TODAY)
    assert {issue.code for issue in reading.issues} == {"ambiguous_intent"}
    assert reading.slots.count == 2
