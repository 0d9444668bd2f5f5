import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.folding import clean, fold, has_marks


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Chi bộ Đông Hòa", "chi bo dong hoa"),
        ("hoà / hòa", "hoa / hoa"),
        ("１８／２０", "18/20"),
        ("1️⃣8️⃣", "18"),
        ("ho\u200bp\u00a0 ngày – mai", "hop ngay - mai"),
    ],
)
def test_folding_removes_what_does_not_distinguish_words(typed, folded):
    assert fold(typed) == folded


def test_decomposed_text_cleans_to_the_composed_form():
    text = "Tổ dân phố số 5"
    assert clean(unicodedata.normalize("NFD", text)) == text


def test_very_long_text_is_capped():
    assert len(clean("a" * 10_000)) == 4000


def test_marks_are_seen_only_on_letters():
    assert has_marks("họp")
    assert has_marks("đ/c")
    assert not has_marks("hop ngay 3/3 – 18/20")


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
