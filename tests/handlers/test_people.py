"""Persons are named whole or not at all, and only those whom a line concerns."""

import unicodedata
from datetime import date

import pytest

from handlers.understand import read

TODAY = date(2026, 4, 9)


def slots(text):
    return read(text, TODAY).slots


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("KẾT NẠP 02 ĐỒNG CHÍ TIÊU VĂN HẢO VÀ TẠ MINH CHÂU NGÀY 6/4", ("TIÊU VĂN HẢO", "TẠ MINH CHÂU")),
        ("CHUYỂN CHÍNH THỨC 01 ĐẢNG VIÊN DỰ BỊ, NGÀY 5/4, Đ/C KIỀU BẢO AN", ("KIỀU BẢO AN",)),
        ("hôm qua kết nạp 1 quần chúng lý thị hồng", ("lý thị hồng",)),
        ("hôm qua kết nạp 2 đ/c nguyễn văn an và trần thị hiền", ("nguyễn văn an", "trần thị hiền")),
        ("hom qua ket nap 2 dc: dang van lon, lam thi sang", ("dang van lon", "lam thi sang")),
        ("hôm qua kết nạp 3 đồng chí Lan, Huệ, Cúc", ("Lan", "Huệ", "Cúc")),
        ("hôm qua kết nạp 2 đồng chí là Lan và Hùng", ("Lan", "Hùng")),
        ("hôm qua chuyển chính thức cho cụ Ngữ", ("Ngữ",)),
        ("hôm qua kết nạp cháu Lan con bác Tư", ("Lan",)),
        ("hôm qua kết nạp 1 quần chúng ưu tú là cô giáo Hà Thị Tươi", ("Hà Thị Tươi",)),
        ("hôm qua kết nạp 1 đảng viên là bác sĩ Đặng Thùy Trâm", ("Đặng Thùy Trâm",)),
        ("hôm qua kết nạp Hồng, Hạnh và Phúc", ("Hồng", "Hạnh", "Phúc")),
        ("hôm qua kết nạp 3 quần chúng (Hồng, Hạnh, Phúc)", ("Hồng", "Hạnh", "Phúc")),
        ("hôm qua kết nạp trần văn nam", ("trần văn nam",)),
        ("hôm qua kết nạp Ksor H'Nhi và Rơ Châm Y Bluk", ("Ksor H'Nhi", "Rơ Châm Y Bluk")),
        ("hôm qua kết nạp đ/c NGUYỄN VĂN AN và đ/c TRẦN THỊ BÌNH", ("NGUYỄN VĂN AN", "TRẦN THỊ BÌNH")),
        ("hôm qua công nhận chính thức: 1/ Nguyễn Văn An 2/ Trần Thị Bình", ("Nguyễn Văn An", "Trần Thị Bình")),
        ("hôm qua kết nạp đ/c An, người giới thiệu: đ/c Bình", ("An",)),
        ("hôm qua kết nạp đ/c An do đ/c Bình giới thiệu", ("An",)),
        ("hôm qua kết nạp đ/c An dưới sự chủ trì của đ/c Bình", ("An",)),
        ("báo cáo đ/c Hùng: hôm qua kết nạp đ/c An", ("An",)),
        ("hôm qua tiếp nhận đ/c An thay đ/c Bình nghỉ hưu", ("An",)),
        ("muốn báo cáo kết nạp đảng thì cần những thông tin gì ạ", ()),
        ("kết nạp 1 đảng viên mới ngày 5/4 cho kịp tiến độ", ()),
        ("hôm qua tiếp nhận 2 đảng viên từ nơi khác chuyển đến", ()),
        ("hom qua nhan ve 1 dc tu ben tinh", ()),
        ("tiếp nhận 1 đảng viên chuyển sinh hoạt từ Đảng bộ phường Cầu Ngà về hôm qua", ()),
    ],
)
def test_the_persons_concerned_are_named(text, names):
    assert slots(text).person_names == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("họp hôm qua 18/20. Vắng 2 (Lan, Hùng)", ("Lan", "Hùng")),
        ("họp hôm qua 17/20, vắng 3: Lan, Huệ, Cúc", ("Lan", "Huệ", "Cúc")),
        ("họp hôm qua 18/20. Cụ Tứ ốm, chị Lan trông cháu", ("Tứ", "Lan")),
        ("dc nguyen van lia ve que, dc tran thi non trong chau. hop hom qua 21/23", ("nguyen van lia", "tran thi non")),
        ("họp hôm qua 7/8, đ/c Trang bầu bì xin nghỉ", ("Trang",)),
        ("họp hôm qua 17/18, o Thanh mắc trông cháu nên vắng", ("Thanh",)),
        ("họp hôm qua 17/20, vắng An, Bình, Cường", ("An", "Bình", "Cường")),
        ("họp hôm qua 17/20 (đ/c An, Bình, Cường vắng có phép)", ("An", "Bình", "Cường")),
        ("họp hôm qua 19/20, đ/c An chủ trì, đ/c Bình vắng", ("Bình",)),
        ("họp hôm qua 20/20. Vắng: Không", ()),
        ("họp hôm qua 18/20, đ/c Lan chủ trì, đ/c Hùng phát biểu", ()),
        ("1. Thời gian: ngày 5/4\n2. Thành phần: 16/17\n3. Vắng: 01 có lý do\n4. Hình thức: trực tiếp", ()),
    ],
)
def test_the_absent_are_named(text, names):
    assert slots(text).person_names == names


def test_marks_typed_apart_do_not_cut_a_name():
    typed = unicodedata.normalize("NFD", "hôm qua công nhận chính thức đồng chí Cao Thị Thắm")
    assert [unicodedata.normalize("NFC", name) for name in slots(typed).person_names] == ["Cao Thị Thắm"]


@pytest.mark.parametrize(
    ("text", "count", "code"),
    [
        ("hôm qua kết nạp khoảng 2 đồng chí", 2, "vague_number"),
        ("hôm qua kết nạp 1,5 đồng chí", None, "unclear_number"),
        ("hôm qua kết nạp -1 đồng chí", None, "negative_number"),
        ("hôm qua kết nạp mấy đồng chí", None, "vague_number"),
    ],
)
def test_a_count_that_is_no_plain_number_is_asked_about(text, count, code):
    reading = read(text, TODAY)
    assert reading.slots.count == count
    assert code in {issue.code for issue in reading.issues}
