from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.aggregation import Amount, half_up, numeral, percent, percent_words, plain_number, read_goal, total

COUNTS = st.integers(0, 100_000)
RATIOS = st.lists(st.builds(Amount, COUNTS, COUNTS), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("number", "of", "words"),
    [
        (714, 727, "98,2%"),
        (5, 8, "62,5%"),
        (8, 15, "53,3%"),
        (23, 15, "153%"),
        (3, 2, "150%"),
        (69, 69, "100%"),
        (1, 2, "50%"),
        (0, 15, "0%"),
        (9994, 10_000, "99,9%"),
        (9995, 10_000, "100%"),  # 99,95 is rounded up and then written without its zero
        (10_004, 10_000, "100%"),
        (1005, 1000, "101%"),  # 100,5: a half goes upward, where a banker's would go to 100
        (1015, 1000, "102%"),
        (25, 10_000, "0,3%"),  # 0,25 upward, where a banker's would go to 0,2
        (5, 10_000, "0,1%"),
        (4, 10_000, "0%"),
        (1225, 100, "1.225%"),
    ],
)
def test_percentages_as_printed(number, of, words):
    assert percent_words(percent(number, of)) == words


def test_an_indicator_may_ask_for_whole_percentages():
    assert percent_words(percent(714, 727, decimals=0)) == "98%"
    assert percent_words(percent(995, 1000, decimals=0)) == "100%"
    assert percent_words(percent(1, 3, decimals=2)) == "33,33%"


@pytest.mark.parametrize("of", [0, -1])
def test_there_is_no_percentage_of_nothing(of):
    assert percent(3, of) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (7, "7"),
        (1608, "1.608"),
        (1_000_000, "1.000.000"),
        (Decimal("1183.7"), "1.183,7"),
        (Decimal("100.0"), "100"),
        (Decimal("2.50"), "2,5"),
        (100, "100"),
        (Decimal("1E+3"), "1.000"),
    ],
)
def test_numerals_of_prose(number, words):
    assert numeral(number) == words


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("15", "exact", 15, None),
        ("4-6", "range", 4, 6),
        ("4–6", "range", 4, 6),
        (">=300", "floor", 300, None),
        ("≥ 300", "floor", 300, None),
        ("<=20", "ceiling", 20, None),
        ("1.200", "exact", 1200, None),
        ("12,5", "exact", Decimal("12.5"), None),
        ("80%", "share", 80, None),
        (">=80%", "share", 80, None),
        ("mỗi chi bộ một mô hình", "words", None, None),
        ("<=4-6", "words", None, None),
        ("1.5", "words", None, None),
        ("", "words", None, None),
    ],
)
def test_targets_as_they_are_given(text, kind, low, high):
    goal = read_goal(text)
    assert (goal.kind, goal.low, goal.high, goal.text) == (kind, low, high, text)


@pytest.mark.parametrize(
    ("text", "reached", "share"),
    [("15", 23, 153), ("4-6", 5, 125), (">=300", 350, 117), ("<=20", 12, 60), ("80%", 12, None), ("0", 3, None)],
)
def test_progress_is_measured_against_the_targets_number(text, reached, share):
    assert read_goal(text).percent(reached) == share


def test_percentages_are_never_averaged():
    assert total([Amount(1, 1), Amount(0, 99)]) == Amount(1, 100)


def test_what_is_unknown_is_left_out_of_a_sum_and_does_not_make_it_zero():
    assert total([None, Amount(3), None]) == Amount(3)
    assert total([None]) is None
    assert total([]) is None


def test_parts_are_added_each_to_its_own():
    assert total([Amount(parts=(31, 100, 7)), Amount(parts=(0, 21, 0))]) == Amount(parts=(31, 121, 7))


@pytest.mark.parametrize("other", [Amount(1, 2), Amount(parts=(1,))])
def test_amounts_of_different_kinds_do_not_add(other):
    with pytest.raises(ValueError, match="different kinds"):
        total([Amount(1), other])


@given(RATIOS, st.randoms())
def test_the_sum_of_ratios_does_not_depend_on_order_or_grouping(amounts, random):
    mixed = random.sample(amounts, len(amounts))
    middle = len(mixed) // 2
    halves = [total(mixed[:middle]), total(mixed[middle:])]
    assert total(amounts) == total(halves) == Amount(sum(a.number for a in amounts), sum(a.of for a in amounts))


@given(COUNTS, st.integers(1, 100_000), st.integers(0, 2))
def test_a_percentage_is_within_half_a_step_of_the_truth(number, of, decimals):
    exact = Fraction(100 * number, of)
    shown = percent(number, of, decimals)
    places = 0 if exact >= 100 else decimals
    assert abs(Fraction(shown) - exact) <= Fraction(1, 2 * 10**places)
    words = percent_words(shown)
    assert not words.endswith(",0%")
    assert ",0%" not in words
    if exact >= 100:
        assert "," not in words


@given(st.fractions(0, 1000), st.integers(0, 3))
def test_a_half_is_rounded_upward(value, decimals):
    step = Fraction(1, 10**decimals)
    rounded = Fraction(half_up(value, decimals))
    assert rounded - step / 2 <= value < rounded + step / 2


@given(st.decimals(0, 10**9, places=2))
def test_a_numeral_reads_back_as_its_number(number):
    assert Decimal(numeral(number).replace(".", "").replace(",", ".")) == number


@given(st.decimals(0, 10**6, places=1))
def test_whole_numbers_are_whole_in_files(number):
    plain = plain_number(number)
    assert plain == float(number)
    assert isinstance(plain, int) == (number == int(number))


@pytest.mark.parametrize(("part", "met"), [(4, True), (5, True), (6, False)])
def test_a_share_may_be_a_ceiling(part, met):
    goal = read_goal("<=5%")
    assert (goal.kind, goal.low) == ("share_at_most", Decimal(5))
    assert goal.is_met(Amount(part, 100)) is met
    assert goal.percent(part) is None
