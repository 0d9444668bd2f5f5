"""How many of the absent were excused, as people say it."""

import pytest

from models.forms.base import Facts, Filled, Problem
from models.forms.meeting_attendance import EXCUSED


def read(text, present=16, total=20):
    answers = {"held": "yes", "present": present, "total": total}
    return EXCUSED.read(text, answers, Facts.__new__(Facts))


@pytest.mark.parametrize(
    ("text", "excused"),
    [
        ("3", 3),
        ("ba", 3),
        ("3 có phép", 3),
        ("có phép 3", 3),
        ("co phep: 3", 3),
        ("vắng có phép 3", 3),
        ("3 đồng chí có phép", 3),
        ("có 3 đồng chí có phép", 3),
        ("3 có phép, 1 không phép", 3),
        ("3 co phep 1 khong phep", 3),
        ("3 có phép và 1 không phép", 3),
        ("không phép 1", 3),
        ("1 không phép", 3),
        ("cả 4 đều có phép", 4),
        ("có phép hết", 4),
        ("không có phép", 0),
        ("không", 0),
    ],
)
def test_the_excused_are_read_on_either_side_of_their_word(text, excused):
    assert read(text) == Filled({"absent_excused": excused})


@pytest.mark.parametrize(
    "text", ["3 có phép, 3 không phép", "9 không phép", "có phép vài đồng chí", "1 có phép, mấy", ""]
)
def test_what_does_not_add_up_is_asked_again(text):
    """The number is never guessed."""
    problem = read(text)
    assert isinstance(problem, Problem)
    assert "Vắng 4" in problem.words
