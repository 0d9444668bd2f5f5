"""The whole program broadcasts over a fake Bot API server, undisturbed and killed on the way (benchmarks.broadcast)."""

import sys

import pytest

from benchmarks.broadcast import Figures, measure
from tests.soak import sized

PEOPLE = sized(10_000, small=150)
IDLE_SECONDS = sized(40.0, small=5.0)
KILLS = 5
MOST_ON_THE_WAY = 16  # sends in flight, or not yet marked, when a process dies


def show(figures: Figures) -> None:
    sys.stdout.write("\n   ".join(["", *figures.lines(), ""]))


@pytest.mark.soak
async def test_a_broadcast_keeps_the_channels_pace_and_leaves_nobody_out():
    figures = await measure(PEOPLE, idle_seconds=IDLE_SECONDS)

    show(figures)
    assert (figures.missing, figures.repeated, figures.doubled, figures.in_doubt) == (0, 0, 0, 0)
    assert figures.refused <= 1
    # How long a small one takes says more about the machine than about the program.
    assert PEOPLE < 10_000 or (figures.share >= 98 and figures.ratio <= 2)


@pytest.mark.soak
async def test_killed_five_times_nobody_is_left_out_and_every_repeat_says_so():
    figures = await measure(PEOPLE, KILLS, idle_seconds=5)

    show(figures)
    assert (figures.missing, figures.doubled) == (0, 0)
    assert figures.repeated <= KILLS * MOST_ON_THE_WAY
