"""Nothing marked gets past the guard, and nothing else is ever refused."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.secrets_guard import mark_in

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line.replace("\\n", "\n") for line in text.splitlines() if line]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("line", lines("secrets_refused.txt"))
def test_a_mark_is_found(line: str, form: str) -> None:
    assert mark_in(unicodedata.normalize(form, line)) is not None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("line", lines("secrets_passed.txt"))
def test_an_ordinary_line_passes(line: str, form: str) -> None:
    assert mark_in(unicodedata.normalize(form, line)) is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("văn bản tối mật", "TỐI MẬT"),
        ("TUYET MAT", "TUYỆT MẬT"),
        ("độ mật: A", "TUYỆT MẬT"),
        ("12-KH/ĐU (Mật)", "MẬT"),
        ("do mat: toi mat", "TỐI MẬT"),
    ],
)
def test_the_mark_is_named(text: str, mark: str) -> None:
    assert mark_in(text) == mark


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    assert mark_in(text) in (None, "MẬT", "TỐI MẬT", "TUYỆT MẬT")


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["CO MAT {}/{}", "co mat {}/{}", "VANG MAT {} TREN {}"]))
def test_attendance_without_accents_always_passes(present: int, total: int, form: str) -> None:
    assert mark_in(form.format(present, total)) is None


def test_a_long_text_is_judged_quickly() -> None:
    assert mark_in("MẬT ONG 12-KH/ĐU " * 5000) is None
