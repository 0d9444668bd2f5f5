"""What a tab may say, read strictly; and the moments the demonstration's clock may move to."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.frames import FrameError, file_name, target, written
from models.clock import local

ID = "018e0000-0000-7000-8000-000000000001"
EVENING = datetime(2026, 3, 24, 13, 5, tzinfo=UTC)  # 20:05 in Ha Noi


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"type": "text", "id": ID, "text": "x" * 4097}, "text_too_long"),
        ({"type": "text", "id": ID, "text": "😀" * 2049}, "text_too_long"),
        ({"type": "text", "id": ID, "text": "  "}, "unreadable"),
        ({"type": "text", "id": ID}, "unreadable"),
        ({"type": "text", "id": "'", "text": "x"}, "unreadable"),
        ({"type": "text", "id": 5, "text": "x"}, "unreadable"),
        ({"type": "press", "id": ID, "bubble": "1", "action": "a", "label": "A"}, "unreadable"),
        ({"type": "press", "id": ID, "bubble": 1, "action": "a" * 65, "label": "A"}, "unreadable"),
    ],
)
def test_a_frame_not_understood_names_its_reason(frame, reason):
    with pytest.raises(FrameError) as refused:
        written(frame)
    assert refused.value.reason == reason


def test_a_text_of_just_the_limit_is_taken():
    assert written({"type": "text", "id": ID, "text": "ă" * 4096}).text == "ă" * 4096


@pytest.mark.parametrize(
    ("frame", "reached"),
    [
        ({"by": "day"}, "2026-03-25T20:05+07:00"),
        ({"by": "week"}, "2026-03-31T20:05+07:00"),
        ({"by": "morning"}, "2026-03-25T07:30+07:00"),
        ({"day": "2026-03-26"}, "2026-03-26T07:30+07:00"),
    ],
)
def test_the_clock_moves_in_local_days(frame, reached):
    assert target(frame, EVENING) == datetime.fromisoformat(reached)


def test_before_dawn_the_next_morning_is_todays():
    night = datetime(2026, 3, 24, 20, 0, tzinfo=UTC)  # 03:00 of the 25th in Ha Noi
    assert target({"by": "morning"}, night) == datetime.fromisoformat("2026-03-25T07:30+07:00")


@pytest.mark.parametrize("frame", [{"day": "2026-03-24"}, {"day": "hôm qua"}, {"by": "year"}, {"by": ["day"]}, {}])
def test_the_clock_is_not_moved_back_or_to_nowhere(frame):
    with pytest.raises(FrameError, match="not_ahead"):
        target(frame, EVENING)


@given(st.integers(0, 4_000_000_000))
def test_every_step_leads_ahead_and_mornings_are_local(seconds):
    now = datetime.fromtimestamp(seconds, UTC)
    assert all(target({"by": step}, now) > now for step in ("morning", "day", "week"))
    assert local(target({"by": "morning"}, now)).strftime("%H:%M") == "07:30"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (r"C:\báo cáo\tháng 3.docx", "tháng 3.docx"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00.txt", "ab.txt"),
        ("", "file"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_a_file_name_keeps_neither_folders_nor_control_characters(name, kept):
    assert file_name(name) == kept
