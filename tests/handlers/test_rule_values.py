"""What the administrator sees and changes: every value by a name, in words."""

import pytest

from bot.rendering import Texts
from handlers.rule_values import GROUPS
from models.rule_book import delivered
from tests.e2e.client import staged


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


@pytest.mark.parametrize("code", [code for code, _ in delivered()])
def test_every_delivered_value_has_a_name(texts, code):
    rule = code.removeprefix("rule.")
    key = f"rule_values.rule.{rule}" if code.startswith("rule.") else f"rule_values.name.{code}"
    assert texts.sentence(key)


def test_every_value_is_found_in_one_group():
    grouped = [prefix for prefixes in GROUPS.values() for prefix in prefixes]
    values = {code.partition(".")[0] for code, _ in delivered() if not code.startswith("rule.")}

    assert sorted(grouped) == sorted(values)


def test_the_list_and_a_change_speak_of_values_in_words():
    with staged() as stage:
        administrator = stage.client("qt")
        assert len(administrator.send("/quydinh").splitlines()) <= 12
        assert "Nhắc ai khi quá hạn 1 ngày: bí thư, phó bí thư" in administrator.click("Giờ nhắc, người được nhắc")
        administrator.send("/quydinh")
        shown = administrator.click("Báo cáo của đảng ủy")
        assert "Ngày dùng để tính kết nạp vào chỉ tiêu: ngày tổ chức lễ kết nạp" in shown
        administrator.send("/quydinh")
        shown = administrator.click("Chỉ đạo")
        number = next(line.partition(".")[0] for line in shown.splitlines() if "Chỉ đạo được kèm tệp" in line)
        assert "không → có" in administrator.send(f"/quydinh {number} có")
        assert "Đã đổi «Chỉ đạo được kèm tệp»" in administrator.click("Đổi")


def test_a_change_is_previewed_and_a_rule_paused_and_resumed():
    with staged() as stage:
        administrator = stage.client("qt")
        shown = administrator.send("/quydinh")
        number = next(line.partition(".")[0] for line in shown.splitlines() if "Giờ nhắc buổi sáng" in line)
        administrator.send("/lich")  # creates what is owed, as the first tick does
        asked = administrator.send(f"/quydinh {number} 9h")
        assert "Nếu đổi, các lần nhắc sắp tới là:" in asked
        assert "09:00" in asked
        assert len([line for line in asked.splitlines() if line.startswith("– ")]) == 6
        administrator.send("/quydinh")
        administrator.click("Tạm dừng, nhắc lại")
        assert "Đang tạm dừng: số liệu quý." in administrator.click("Tạm dừng nhắc số liệu quý")
        assert "Đang nhắc: số liệu quý." in administrator.click("Nhắc lại số liệu quý")


def test_a_day_off_is_listed_and_taken_back():
    with staged() as stage:
        administrator = stage.client("qt")
        assert "ngày nghỉ" in administrator.send("/ngaynghi 16/3/2027 nghỉ")
        assert "– 16/3/2027: ngày nghỉ" in administrator.send("/ngaynghi")
        assert "theo lịch nghỉ lễ chung" in administrator.send("/ngaynghi 16/3/2027 bỏ")
        assert "16/3/2027" not in administrator.send("/ngaynghi")
