from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Limits
from bot.limiter import Limiter
from models.conversations import Chat
from tests.fakes.channel import NOW

BOT = ("telegram", "1")
LIMITS = Limits(per_second=25, per_chat=1, per_group=20 / 60)


def chat(native_id: str) -> Chat:
    return Chat(*BOT, native_id)


def limiter() -> Limiter:
    return Limiter({BOT: LIMITS})


def test_the_first_message_leaves_at_once():
    assert limiter().earliest(chat("5"), NOW) == NOW


def test_a_chat_waits_a_second_and_others_a_25th():
    made = limiter()
    made.note(chat("5"), NOW)
    assert made.earliest(chat("5"), NOW) == NOW + timedelta(seconds=1)
    assert made.earliest(chat("6"), NOW) == NOW + timedelta(seconds=0.04)


def test_a_group_waits_three_seconds():
    made = limiter()
    made.note(chat("-5"), NOW)
    assert made.earliest(chat("-5"), NOW) == NOW + timedelta(seconds=3)


def test_a_place_is_taken_once():
    made = limiter()
    assert made.reserve(chat("5"), NOW)
    assert not made.reserve(chat("5"), NOW)


def test_a_slow_call_counts_from_its_end():
    made = limiter()
    made.note(chat("5"), NOW)
    made.left(chat("5"), NOW + timedelta(seconds=0.7))
    assert made.earliest(chat("5"), NOW) == NOW + timedelta(seconds=1.7)


def test_a_deadline_holds_one_chat_and_a_second_one_the_bot():
    made, until = limiter(), NOW + timedelta(seconds=30)
    made.hold_chat(chat("5"), until, NOW)
    assert made.earliest(chat("5"), NOW) == until
    assert made.earliest(chat("6"), NOW) == NOW
    made.hold_chat(chat("6"), until, NOW)
    assert made.earliest(chat("7"), NOW) == until


def test_a_quota_holds_the_bot():
    made, until = limiter(), NOW + timedelta(hours=1)
    made.hold_bot(BOT, until)
    assert made.bot_free(BOT, NOW) == until


def test_idle_chats_are_forgotten():
    made = Limiter({BOT: Limits(1e9, 1, 1)})
    for number in range(10_002):
        made.note(chat(str(number)), NOW + timedelta(seconds=number))
    assert len(made._chats) < 10_000


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(0, 0.2)), max_size=200))
def test_no_second_ever_holds_more_than_the_limit_and_a_little(asked):
    made, now, left = limiter(), NOW, []
    for name, pause in asked:
        now += timedelta(seconds=pause)
        if made.reserve(chat(name), now):
            left.append((now, name))
    for at, name in left:
        window = [(other, who) for other, who in left if at <= other < at + timedelta(seconds=0.999)]
        assert len(window) <= 26
        assert sum(who == name for _, who in window) == 1


def leaving(made: Limiter, now, number: int, first: int = 1) -> list:
    """When so many messages to as many people leave, each as soon as it may."""
    left = []
    for person in range(first, first + number):
        now = max(now, made.earliest(chat(str(person)), now))
        made.note(chat(str(person)), now)
        left.append(now)
    return left


def test_what_was_held_up_is_made_good_within_what_a_second_holds():
    made = limiter()
    before = leaving(made, NOW, 10)
    left = before + leaving(made, NOW + timedelta(seconds=0.8), 500, first=11)  # the last one was to follow after 0.4 s
    gaps = [later - earlier for earlier, later in pairwise(left)]
    assert min(gaps) >= timedelta(seconds=1 / 50)
    assert all(sum(at <= other < at + timedelta(seconds=1) for other in left) <= 26 for at in left)
    assert made.bot_free(BOT, NOW) == NOW + timedelta(seconds=510 / 25)


def test_a_slow_channel_is_never_hurried():
    made = Limiter({BOT: Limits(per_second=1, per_chat=1, per_group=1)})
    leaving(made, NOW, 5)
    left = leaving(made, NOW + timedelta(seconds=5.5), 20, first=6)
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(left))


def test_a_long_silence_is_not_made_good():
    made = limiter()
    leaving(made, NOW, 1)
    left = leaving(made, NOW + timedelta(seconds=3), 3000, first=2)
    assert left[-1] == left[0] + timedelta(seconds=2999 / 25)


def test_after_a_deadline_nothing_is_made_good():
    made, until = limiter(), NOW + timedelta(seconds=30)
    leaving(made, NOW, 5)
    made.hold_bot(BOT, until)
    left = leaving(made, NOW, 100, first=6)
    assert left[0] == until
    assert left[-1] == until + timedelta(seconds=99 / 25)
