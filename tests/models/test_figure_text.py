from dataclasses import replace
from pathlib import Path

import pytest

from models import figure_text as module
from models.aggregation import Amount, percent, read_goal
from models.figure_text import Measured, figure_text, sentences
from models.indicators import by_code


def ratio(number, of):
    indicator = by_code("du_sinh_hoat")
    return figure_text(indicator, Amount(number, of), percent(number, of, indicator.decimals))


def against(target, reached, code="ket_nap", *, amount=None):
    indicator, goal = by_code(code), read_goal(target)
    measured = Measured(goal, reached, goal.percent(reached, indicator.decimals), amount is not None)
    return figure_text(indicator, Amount(reached if amount is None else amount), None, measured)


def test_a_ratio():
    assert ratio(714, 727) == "714/727 (98,2%)"
    assert ratio(69, 69) == "69/69 (100%)"
    assert ratio(1714, 2727) == "1.714/2.727 (62,9%)"


def test_a_ratio_of_nothing_is_no_figure():
    assert ratio(0, 0) == "chưa có số liệu"


def test_a_count_has_no_leading_zero_here():
    assert figure_text(by_code("ket_nap"), Amount(7), None) == "7 đồng chí"
    assert figure_text(by_code("tong_dang_vien"), Amount(2500), None) == "2.500 đảng viên"


def test_what_nobody_stated():
    assert figure_text(by_code("tong_dang_vien"), None, None) == "chưa có số liệu"


@pytest.mark.parametrize(
    ("target", "reached", "words"),
    [
        ("15", 23, "23/15 đồng chí (đạt 153%)"),
        ("15", 8, "8/15 đồng chí (đạt 53,3%)"),
        ("1.200", 600, "600/1.200 đồng chí (đạt 50%)"),
        (">=300", 350, "350 đồng chí (chỉ tiêu từ 300 trở lên, đạt 117%)"),
        ("<=20", 12, "12 đồng chí (trong mức không quá 20)"),
        ("<=20", 21, "21 đồng chí (vượt mức không quá 20)"),
        ("4-6", 3, "3 đồng chí (dưới chỉ tiêu 4-6, đạt 75% mức tối thiểu)"),
        ("4-6", 6, "6 đồng chí (trong chỉ tiêu 4-6, đạt 150% mức tối thiểu)"),
        ("4-6", 7, "7 đồng chí (vượt chỉ tiêu 4-6, đạt 175% mức tối thiểu)"),
        ("80%", 7, "7 đồng chí (chỉ tiêu: 80%)"),
        ("tăng so với năm trước", 7, "7 đồng chí (chỉ tiêu: tăng so với năm trước)"),
        ("0", 7, "7 đồng chí (chỉ tiêu: 0)"),
    ],
)
def test_a_count_against_each_kind_of_target(target, reached, words):
    assert against(target, reached) == words


def test_the_indicator_says_how_many_decimals():
    assert against("3", 2, code="kiem_tra") == "2/3 cuộc (đạt 67%)"


def test_the_years_target_is_held_against_the_year_to_date():
    assert against("15", 12, amount=4) == "4 đồng chí, lũy kế từ đầu năm 12/15 đồng chí (đạt 80%)"


def test_pairs_and_parts():
    assert figure_text(by_code("cong_doan"), Amount(12, 1608), None) == "12/1.608"
    assert figure_text(by_code("xep_loai_to_chuc"), Amount(parts=(31, 121, 7)), None) == "31; 121; 7"


def test_curly_brackets_in_a_target_are_only_words():
    assert against("{unit}", 1) == "1 đồng chí (chỉ tiêu: {unit})"
    odd = replace(by_code("ket_nap"), unit="{x}")
    assert figure_text(odd, Amount(1), None) == "1 {x}"


def test_no_sentence_is_unused():
    source = Path(module.__file__).read_text(encoding="utf-8")
    kinds = {"exact", "floor"}  # named by the target itself
    assert {name for name in sentences() if f'"{name}"' not in source} == kinds
