import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.splitting import split_text, units


def test_a_short_text_is_one_piece():
    assert split_text("chào", 100) == ["chào"]


def test_an_empty_text_is_one_piece():
    assert split_text("", 100) == [""]


def test_the_cut_is_made_between_paragraphs_before_lines_and_sentences():
    text = "a" * 40 + "\n\n" + "b" * 20 + "\n" + "c" * 30
    assert split_text(text, 70) == ["a" * 40, "b" * 20 + "\n" + "c" * 30]


def test_a_sentence_keeps_its_full_stop():
    assert split_text("Câu một đây. Câu hai đây nhé", 20) == ["Câu một đây.", "Câu hai đây nhé"]


def test_the_last_piece_may_be_held_shorter():
    pieces = split_text("từ " * 60, 100, 30)
    assert units(pieces[-1]) <= 30


def test_emoji_count_twice():
    assert units("a😀") == 3
    assert all(units(piece) <= 16 for piece in split_text("😀" * 20, 16))


@given(st.text(alphabet="aấ 😀\n.\u0301", max_size=300), st.integers(16, 60))
def test_nothing_is_lost_and_every_piece_fits(text, limit):
    pieces = split_text(text, limit)
    assert all(units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(alphabet="a\u0323\u0302", min_size=17, max_size=80))
def test_a_mark_stays_with_its_letter_where_one_piece_can_hold_both(text):
    text = "a" + unicodedata.normalize("NFD", text)
    runs = max(len(run) for run in text.split("a"))
    if runs < 15:
        assert not any(unicodedata.combining(piece[0]) for piece in split_text(text, 16)[1:])
