"""A directive to 300 people on the virtual clock: at the speed of the channel, each once, while others are answered."""

from itertools import pairwise

from bot.channels.script import ScriptChannel
from bot.script_events import Event
from tests.e2e.directives import compose, directed, received, rows, start

PEOPLE = 300
RATE = ScriptChannel.limits.per_second


def test_300_people_at_98_per_cent_of_the_channels_rate():
    with directed(PEOPLE - 3) as stage:  # three people of the small committee have joined
        compose(stage)
        start(stage)
        stage.wait(seconds=30)

        left = sorted(row.finished_at for row in rows(stage) if row.state == "sent")
        seconds = (left[-1] - left[0]).total_seconds()
        assert len(left) == PEOPLE
        assert (PEOPLE - 1) / seconds >= 0.98 * RATE
        assert all(later > earlier for earlier, later in pairwise(left))
        assert all(len(received(stage, f"b{number}")) == 1 for number in range(1, PEOPLE - 2))


def test_a_persons_own_message_is_answered_at_once_during_the_broadcast():
    with directed(PEOPLE - 3) as stage:
        compose(stage)
        start(stage)
        for second in range(1, 11):
            stage.wait(seconds=1)
            stage.play(Event(0, stage.clock, sender=f"b{second}", text="/viec"))
            stage.wait(milliseconds=50)
            answers = [one for one in stage.screens.shown if one.to == f"b{second}" and one.kind == "reply"]
            # The chat's own second between two messages may still run when its directive has just come.
            assert answers or received(stage, f"b{second}")
        stage.wait(seconds=30)
        assert all(
            any(one.to == f"b{second}" and one.kind == "reply" for one in stage.screens.shown)
            for second in range(1, 11)
        )
