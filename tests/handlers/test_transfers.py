"""Where a member came from or went to, and which branch reports it."""

from datetime import date

import pytest

from handlers.understand import read
from models.vietnamese.branch_names import BranchName, BranchNames

TODAY = date(2026, 4, 9)
NAMES = BranchNames(
    BranchName(code, f"Chi bộ {name}")
    for code, name in (("D", "Thôn Đông"), ("H", "Thôn Hạ"), ("S", "Trường Cao đẳng nghề Công thương"))
)


@pytest.mark.parametrize(
    ("text", "intent", "branch"),
    [
        ("đ/c Lê An chuyển sinh hoạt về chi bộ thôn Hạ hôm qua", "in", "H"),
        ("bác Kiều Văn Luyến về hưu chuyển sinh hoạt đảng về thôn Hạ từ 1/4", "in", "H"),
        ("có 1 đảng viên sinh hoạt tạm thời chuyển đến chi bộ trường cao đẳng nghề hôm qua", "in", "S"),
        ("tiếp nhận 1 đ/c từ thôn Đông về chi bộ thôn Hạ hôm qua", "in", "H"),
        ("hôm qua bên Sở chuyển về 1 đ/c", "in", None),
        ("thôn Hạ hôm qua có 1 đ/c chuyển về thôn Đông", "out", "H"),
        ("thôn Hạ giới thiệu đ/c Lê An về thôn Đông sinh hoạt hôm qua", "out", "H"),
        ("hôm qua làm thủ tục chuyển sinh hoạt cho đ/c Lê An về thôn Đông", "out", None),
        ("đ/c Lê An chuyển sinh hoạt sang chi bộ thôn Đông hôm qua", "out", None),
        ("đ/c Lê An thôi sinh hoạt ở chi bộ từ hôm qua, chuyển về quê", "out", None),
        ("hôm qua chi bộ em chia tay đ/c Lê An chuyển công tác vào Sài Gòn", "out", None),
        ("1 đ/c chuyển đi đơn vị mới, đã cắt sinh hoạt ngày 8/4", "out", None),
    ],
)
def test_the_words_tell_the_direction_and_who_reports(text, intent, branch):
    reading = read(text, TODAY, NAMES)
    assert reading.intent == f"member_transfer_{intent}"
    assert (reading.branch.branch_id if reading.branch else None) == branch
    assert not reading.needs_confirm


@pytest.mark.parametrize(
    "text",
    [
        "chuyển 2 đ/c ngày 5/4",
        "chuyển đ/c Nguyễn Văn An ngày 5/4",
        "hôm qua có 1 đ/c chuyển sinh hoạt",
        "hôm qua đ/c Lê An chuyển từ thôn Đông về thôn Hạ",
    ],
)
def test_a_move_that_may_be_either_is_asked_about(text):
    assert "ambiguous_intent" in {issue.code for issue in read(text, TODAY, NAMES).issues}
