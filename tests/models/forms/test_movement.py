"""Whether those who came or left are probationary, as people say it."""

import pytest

from models.forms.base import Facts, Filled, Problem
from models.forms.movement import MOVEMENT

READ = MOVEMENT.field("probationary").read


@pytest.mark.parametrize(
    ("text", "probationary"),
    [
        ("chính thức", 0),
        ("là đảng viên chính thức", 0),
        ("đều chính thức", 0),
        ("không có", 0),
        ("0", 0),
        ("1 dự bị", 1),
        ("1 đồng chí", 1),
        ("đều dự bị", 2),
        ("là dự bị", 2),
    ],
)
def test_official_means_none_is_probationary(text, probationary):
    answers = {"event": "chuyen_di", "count": 2}
    assert READ(text, answers, Facts.__new__(Facts)) == Filled({"probationary": probationary})


def test_another_words_number_is_asked_for():
    assert isinstance(READ("hôm qua", {"event": "chuyen_di", "count": 2}, Facts.__new__(Facts)), Problem)
