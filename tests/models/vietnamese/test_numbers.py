import pytest

from models.vietnamese.numbers import read_fraction, read_number, split_numbers


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("18", 18),
        ("mười tám", 18),
        ("muoi tam", 18),
        ("hai tư", 24),
        ("hai nhăm", 25),
        ("ba mốt", 31),
        ("hai mươi mốt", 21),
        ("bẩy", 7),
        ("năm", 5),
        ("một trăm linh năm", 105),
        ("một trăm mười lăm", 115),
        ("hai chục", 20),
        ("18 đồng chí", 18),
        ("mười tám đ/c", 18),
        ("05", 5),
        ("không", 0),
        ("hai ba", 23),
    ],
)
def test_a_number_is_read_in_digits_or_words(typed, value):
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", ["", "nhầm", "từ", "18/20", "mười tám hai mươi", "chi bộ", "-3", "1.5", "lăm"])
def test_what_is_not_one_number_is_not_read(typed):
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("18/20", (18, 20)),
        ("18 / 20 đồng chí", (18, 20)),
        ("18 trên 20", (18, 20)),
        ("mười tám trên hai mươi", (18, 20)),
        ("muoi tam tren hai muoi", (18, 20)),
        ("18 trong 20", (18, 20)),
        ("18 trên tổng số 20", (18, 20)),
    ],
)
def test_attendance_is_read_as_part_and_whole(typed, pair):
    assert read_fraction(typed) == pair


@pytest.mark.parametrize("typed", ["18", "18/", "/20", "a/b", "3/3/2026"])
def test_what_is_not_a_fraction_is_not_read(typed):
    assert read_fraction(typed) is None


def test_a_tens_word_belongs_to_the_digit_before_it():
    """The month is ten and 23 were present; a greedy "mười hai" would swallow the two."""
    assert split_numbers(["mười", "hai", "mươi", "ba"]) == [(10, 1), (23, 3)]
    assert split_numbers(["muoi", "hai", "muoi", "ba"]) == [(10, 1), (23, 3)]


def test_a_month_is_at_most_twelve():
    assert split_numbers(["hai", "muoi", "tam"], 12) == [(2, 1), (18, 2)]


@pytest.mark.parametrize("number", range(1, 200))
def test_every_number_said_in_full_is_read_back(number):
    assert read_number(_say(number)) == number


def _say(number):
    digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    words = [digits[hundreds], "trăm"] if hundreds else []
    if tens:
        words += ["mười"] if tens == 1 else [digits[tens], "mươi"]
    elif hundreds and unit:
        words.append("linh")
    if unit:
        words.append("lăm" if unit == 5 and tens else digits[unit])
    return " ".join(words)
