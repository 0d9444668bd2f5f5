"""Among the branches a line names, the one that reports is taken: not a venue, an addressee or a reason."""

from datetime import date

import pytest

from handlers.understand import read
from models.vietnamese.branch_names import BranchName, BranchNames

TODAY = date(2026, 4, 9)
NAMES = BranchNames(
    BranchName(name, f"Chi bộ {name}")
    for name in (
        *("Thôn 1", "Thôn 2", "Thôn 3", "Văn phòng HĐND và UBND phường", "Mặt trận Tổ quốc xã", "Thanh tra tỉnh"),
        *("Công ty Cổ phần Thủy sản Bình Minh", "Công ty TNHH May mặc Bình Minh"),
        *("Chung cư Hoàng Long Tòa A", "Chung cư Hoàng Long Tòa B", "Trường Tiểu học An Đông"),
    )
)


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("chi bộ thôn 1 báo cáo: hôm qua họp cùng thôn 2 tại nhà văn hóa thôn 3, 18/20", "Thôn 1"),
        ("hôm qua họp ở nvh thôn 2, 18/20, chi bộ thôn 3", "Thôn 3"),
        ("thôn 2 kính gửi Văn phòng HĐND và UBND phường, họp hôm qua 18/20", "Thôn 2"),
        ("thôn 2 họp hôm qua 18/20, mượn phòng trường tiểu học An Đông", "Thôn 2"),
        ("sáng nay họp tại hội trường, chi bộ mặt trận xã dự 10/11", "Mặt trận Tổ quốc xã"),
        ("khất họp qua thứ ba tuần tới do thanh tra tỉnh làm việc", None),
        ("hoãn họp sang 12/4 do thôn 2 đang có đám", "Thôn 2"),
        ("hoàng long b họp hôm qua 18/20", "Chung cư Hoàng Long Tòa B"),
        ("bí thư chi bộ thôn 2 Nguyễn Văn An báo cáo hôm qua họp 18/20", "Thôn 2"),
    ],
)
def test_the_branch_that_speaks_is_taken(text, branch):
    reading = read(text, TODAY, NAMES)
    assert (reading.branch.branch_id if reading.branch else None) == branch


@pytest.mark.parametrize("text", ["bình minh họp hôm qua 18/20", "hoàng long họp hôm qua 18/20"])
def test_words_that_several_branches_share_are_asked_about(text):
    assert "ambiguous_branch" in {issue.code for issue in read(text, TODAY, NAMES).issues}


def test_two_branches_that_met_together_are_asked_about():
    assert read("họp chi bộ ghép thôn 1 thôn 2 hôm qua 18/20", TODAY, NAMES).needs_confirm
