"""Conversations go as `tests/transcripts` has them; with GOLDEN_UPDATE=1 they are written anew, to be read aloud."""

import os

import pytest

from tests.e2e.transcript import FOLDER, play

SCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written_down(path):
    written = path.read_text(encoding="utf-8")

    played = play(written)

    if os.environ.get("GOLDEN_UPDATE"):
        path.write_text(played, encoding="utf-8")
    else:
        assert played == written


def test_there_is_a_transcript_for_every_conversation():
    assert len(SCRIPTS) >= 25
