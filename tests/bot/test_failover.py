"""Which other way is taken to a person, and when the message waits instead (with processes: the test beside)."""

from datetime import timedelta

import pytest

from bot.failover import PATIENCE, Way, choose
from models.conversations import Chat

ZALO, TELEGRAM, PAGE = Chat("zalo", "mot", "a"), Chat("telegram", "1", "b"), Chat("web", "page", "c")
LONG, SHORT = PATIENCE, PATIENCE - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("states", "urgent", "waited", "taken"),
    [
        # The last used way is open: nothing else is asked.
        (("open", "open"), True, LONG, None),
        # It is closed: any other, an open one first, urgent or not, at once.
        (("closed", "open"), False, SHORT, TELEGRAM),
        (("closed", "away"), False, SHORT, TELEGRAM),
        (("closed", "away", "open"), False, SHORT, PAGE),
        (("closed", "closed"), True, LONG, None),
        # It is merely away: only an urgent message, after a while, and only to an open one.
        (("away", "open"), True, LONG, TELEGRAM),
        (("away", "open"), True, SHORT, None),
        (("away", "open"), False, LONG, None),
        (("away", "away"), True, LONG, None),
    ],
)
def test_the_way_taken(states, urgent, waited, taken):
    ways = [Way(chat, state) for chat, state in zip((ZALO, TELEGRAM, PAGE), states, strict=False)]
    way = choose(ways, urgent=urgent, waited=waited)
    assert (way.chat if way else None) == taken


def test_nobody_to_reach_is_no_way():
    assert choose([], urgent=True, waited=LONG) is None
