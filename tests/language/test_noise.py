"""Noise that keeps the meaning may turn a report into a question, never into another report."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.understand import read
from models.vietnamese.branch_names import BranchName, BranchNames
from tests.language.noise import NOISES, TODAY, reports

BRANCHES = (
    "Chi bộ Tổ dân phố số 5",
    "Chi bộ Tổ dân phố số 15",
    "Chi bộ Trường Mầm non Sao Mai",
    "Chi bộ Trường Tiểu học Hoa Hồng",
    "Chi bộ Tòa án nhân dân khu vực 2",
    "Chi bộ Khu phố 3",
)
NAMES = BranchNames(BranchName(f"T{i:02}", name) for i, name in enumerate(BRANCHES))
LINES = 60
WORDS = (
    *("họp", "3/3", "18/20", "vắng", "2", "kết", "nạp", "hôm", "qua", "chuyển", "đi", "không"),
    *("/", "-", ".", ",", "cb", "\n", "đ/c"),
)


def _line(seed):
    pick = random.Random(seed)
    return next(reports(pick, ("", *BRANCHES))), pick


def _as_said(reading, report):
    said = (reading.slots.date, reading.slots.present, reading.slots.total)
    return reading.intent == "meeting_held" and said == (report.day, report.present, report.total)


@given(st.integers(0, 10**9))
@settings(max_examples=200)
def test_a_clean_report_is_read_as_said(seed):
    report, _ = _line(seed)
    assert _as_said(read(report.text, TODAY, NAMES), report)


@pytest.mark.parametrize("name", NOISES)
@given(seed=st.integers(0, 10**9))
@settings(max_examples=80)
def test_noise_never_changes_the_reading_in_silence(name, seed):
    report, pick = _line(seed)
    reading = read(NOISES[name](report.text, pick), TODAY, NAMES)
    assert reading.needs_confirm or _as_said(reading, report)


@given(st.integers(0, 10**9), st.sampled_from(sorted(NOISES)), st.sampled_from(sorted(NOISES)))
@settings(max_examples=200)
def test_two_noises_never_change_the_reading_in_silence(seed, first, second):
    report, pick = _line(seed)
    text = NOISES[second](NOISES[first](report.text, pick), pick)
    reading = read(text, TODAY, NAMES)
    assert reading.needs_confirm or _as_said(reading, report) or reading.intent == "unknown"


@pytest.mark.parametrize("name", NOISES)
def test_noise_rarely_turns_a_report_into_a_question(name):
    """At most 4 of 100 complete lines."""
    asked = 0
    for seed in range(LINES):
        report, pick = _line(seed)
        asked += read(NOISES[name](report.text, pick), TODAY, NAMES).needs_confirm
    assert asked <= 0.04 * LINES


@given(st.text(max_size=300))
def test_any_text_is_answered(text):
    read(text, TODAY, NAMES)


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_jumble_of_report_words_is_answered(words):
    read(" ".join(words), TODAY, NAMES)
