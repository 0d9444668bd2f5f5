"""What a short line adds to a meeting that was reported."""

import pytest

from handlers import additions
from models.vietnamese.lexicon import load_lexicon

MEETING = {"present": 18, "total": 21}


@pytest.mark.parametrize(
    ("line", "answers", "absent"),
    [
        ("vắng 3 có phép", {"absent_excused": 3}, 3),
        ("vang 2 co phep", {"absent_excused": 2}, 2),
        ("trong đó 1 đ/c không phép", {"absent_excused": 2}, None),
        ("có phép 2, không phép 1", {"absent_excused": 2}, None),
        ("2 có phép 1 không phép", {"absent_excused": 2}, None),
        ("3 đồng chí vắng đều có phép", {"absent_excused": 3}, 3),
        ("cả ba có phép", {"absent_excused": 3}, 3),
        ("vắng không phép", {"absent_excused": 0}, None),
        ("vắng đúng 3 đ/c có lý do", {"absent_excused": 3}, 3),
        ("vắng 3 (2p 1kp)", {"absent_excused": 2}, 3),
        ("vắng có phép 2, không phép 1", {"absent_excused": 2}, None),
        ("cả 3 đều xin phép", {"absent_excused": 3}, 3),
        ("vắng 2", {}, 2),
        ("Vâng, tôi đã đăng lên sổ tay đảng viên điện tử rồi ạ.", {"posted": True}, None),
        ("chưa đăng sổ tay", {"posted": False}, None),
        ("à quên, họp trực tuyến nhé", {"format": "online"}, None),
        ("họp trực tiếp kết hợp trực tuyến", {"format": "hybrid"}, None),
        ("Nội dung chuyên đề: Học tập Bác nhé", {"kind": "thematic", "topic": "Học tập Bác"}, None),
        ("2 có phép, 1 không phép, đã đăng sổ tay", {"absent_excused": 2, "posted": True}, None),
        ("chính thức 18, dự bị 3", {"official": 18, "probationary": 3, "exempt": 0}, None),
        ("18 chính thức, 3 dự bị", {"official": 18, "probationary": 3, "exempt": 0}, None),
    ],
)
def test_a_short_line_adds_to_the_meeting(line, answers, absent):
    added = additions.read(line, MEETING, load_lexicon())

    assert added == additions.Added(answers, absent)


@pytest.mark.parametrize(
    "line",
    [
        "họp 3/1 18/20",
        "đã đăng sổ tay chưa",
        "vắng 3 có phép?",
        "2 có phép 2 không phép",
        "kết nạp 1 đồng chí",
        "vắng đồng chí Nam có phép",
        "vắng 3 có phép, tháng sau họp bù",
        "cảm ơn",
    ],
)
def test_a_line_that_says_anything_else_adds_nothing(line):
    assert additions.read(line, MEETING, load_lexicon()) is None


def test_whether_it_is_posted_is_heard_inside_a_whole_report():
    assert additions.posted("cb tdp 3 hop toi qua du 21 dc, da dang so tay") is True
    assert additions.posted("họp 3/3 18/20, chưa đăng Sổ tay") is False
    assert additions.posted("họp 3/3 18/20, đã đăng sổ tay chưa?") is None
    assert additions.posted("họp 3/3 18/20") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [("họp lại vào ngày 8/1 nhé", "ngay 8/1"), ("mai họp", "mai"), ("dời sang thứ bảy", "thu bay")],
)
def test_the_new_day_of_a_postponed_meeting_stands_among_other_words(line, said):
    assert additions.day_said(line) == said
