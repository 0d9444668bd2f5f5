from datetime import timedelta

import pytest

from bot.channels.base import Capabilities, Outgoing, SendError
from bot.desk import take
from bot.envelope import envelope
from bot.outcomes import MAX_TRIES, missed, recover, sent
from models import outbox, people
from models.conversations import Chat
from models.database import unit_of_work
from models.messages import Message, verbatim
from models.outbox_states import LEASE_SECONDS
from tests.fakes.channel import NOW
from tests.fakes.core import BOT, CHAT, make_core, person, rows

HELLO = Message((verbatim("chào"),))


def put(engine, key="1", message=HELLO, **values):
    with unit_of_work(engine) as session:
        chat = None if "account_id" in values else CHAT
        row = outbox.put(session, key, message, NOW, chat=chat, **values)
        return row.id


def take_one(engine, desk, now=NOW):
    with unit_of_work(engine) as session:
        ready = take(session, desk, now, 64).ready
    return ready[0] if ready else None


def fail(engine, desk, kind, reason="why", *, now=NOW, retry_at=None, error=None):
    delivery = take_one(engine, desk, now)
    assert delivery is not None
    with unit_of_work(engine) as session:
        missed(session, desk, delivery, error or SendError(kind, reason, retry_at), now)
    return delivery


@pytest.fixture
def desk(engine):
    return make_core(engine).desk


def test_unsent_is_tried_again_later_and_later_and_given_up_in_the_end(engine, desk):
    put(engine)
    now, waits = NOW, []
    for _ in range(MAX_TRIES):
        fail(engine, desk, "unsent", now=now)
        (row,) = rows(engine)
        waits.append((row.not_before - now).total_seconds())
        now = max(now, row.not_before)
    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64]
    assert (row.state, row.tries, row.error) == ("failed", 8, "why")


def test_a_deadline_of_the_channel_is_kept_and_counts_as_no_try(engine, desk):
    put(engine)
    fail(engine, desk, "unsent", "flood", retry_at=NOW + timedelta(seconds=7))
    assert take_one(engine, desk, NOW + timedelta(seconds=6)) is None
    assert take_one(engine, desk, NOW + timedelta(seconds=7)) is not None
    assert rows(engine)[0].tries == 0


def test_a_quota_stops_the_whole_bot_until_it_is_over(engine, desk):
    put(engine)
    fail(engine, desk, "quota", retry_at=NOW + timedelta(hours=1))
    with unit_of_work(engine) as session:
        outbox.put(session, "2", HELLO, NOW, chat=Chat(*BOT, "6"))
    assert take_one(engine, desk, NOW + timedelta(minutes=59)) is None
    assert take_one(engine, desk, NOW + timedelta(hours=1)) is not None


@pytest.mark.parametrize(
    ("kind", "again"), [("reply", True), ("directive", True), ("reminder", False), ("digest", False)]
)
def test_only_an_uncertain_receipt_or_directive_goes_out_once_more(any_engine, kind, again):
    desk = make_core(any_engine).desk
    put(any_engine, kind=kind)
    fail(any_engine, desk, "uncertain")
    assert [row.state for row in rows(any_engine)] == ["uncertain", *["pending"] * again]


def test_what_goes_out_once_more_says_so_and_not_a_third_time(engine, desk):
    put(engine)
    fail(engine, desk, "uncertain")
    delivery = fail(engine, desk, "uncertain")
    assert envelope(desk, delivery)[0].text == "(gửi lại)\nchào"
    assert [(row.unique_key, row.state) for row in rows(engine)] == [("1", "uncertain"), ("again:1", "uncertain")]


def test_an_uncertain_edit_is_simply_repeated(engine, desk):
    first = put(engine)
    delivery = take_one(engine, desk)
    with unit_of_work(engine) as session:
        sent(session, delivery, "m1", NOW)
    put(engine, "2", Message((verbatim("mới"),), edits=first))
    fail(engine, desk, "uncertain")
    assert (rows(engine)[1].state, len(rows(engine))) == ("pending", 2)


def test_a_refusal_retires_the_address_and_tells_the_office(engine, desk):
    person(engine, "Văn phòng", "9", "officer")
    account_id = person(engine, "Bí thư CB05", "5")
    put(engine, account_id=account_id, kind="reminder")
    fail(engine, desk, "refused", "blocked")
    row, alarm = rows(engine)
    assert (row.state, row.error) == ("failed", "blocked")
    assert (alarm.kind, alarm.payload["parts"][0]["args"]) == ("alert", {"who": "Bí thư CB05"})
    with unit_of_work(engine) as session:
        assert people.addresses(session, account_id) == []


def test_after_a_refusal_the_accounts_other_address_is_used(engine, desk):
    account_id = person(engine, "Bí thư CB05", "6", at=NOW - timedelta(days=3))
    person(engine, "Bí thư CB05", "5", at=NOW - timedelta(days=1))
    put(engine, account_id=account_id, kind="reminder")
    assert fail(engine, desk, "refused", "blocked").chat.native_id == "5"
    assert take_one(engine, desk).chat.native_id == "6"


def test_a_message_the_channel_cannot_carry_does_not_retire_anybody(engine, desk):
    account_id = person(engine, "Bí thư CB05", "5")
    put(engine)
    fail(engine, desk, "refused", "too_large")
    assert [row.unique_key for row in rows(engine)] == ["1", "unsendable:1"]
    fail(engine, desk, "refused", "content")
    assert len(rows(engine)) == 2
    with unit_of_work(engine) as session:
        assert people.addresses(session, account_id)


@pytest.mark.parametrize(("live", "state"), [("", "pending"), ("overview:1", "failed")])
def test_a_message_that_cannot_be_edited_any_more_is_written_anew(engine, desk, live, state):
    first = put(engine)
    with unit_of_work(engine) as session:
        sent(session, take(session, desk, NOW, 1).ready[0], "m1", NOW)
    put(engine, "2", Message((verbatim("mới"),), edits=first, live=live))
    fail(engine, desk, "refused", "not_editable")
    assert (rows(engine)[1].state, rows(engine)[1].op) == (state, "send" if not live else "edit")


def test_a_chat_that_has_moved_is_followed_by_its_message(engine, desk):
    put(engine)
    error = SendError("unsent", "migrated")
    error.new_address = "-1005"
    fail(engine, desk, "unsent", error=error)
    assert take_one(engine, desk).chat.native_id == "-1005"


def test_a_long_text_goes_on_with_the_piece_that_has_not_left(engine):
    desk = make_core(engine, can=Capabilities(text_limit=40)).desk
    put(engine, message=Message((verbatim("một hai ba bốn năm sáu bảy tám chín mười mười một"),)))
    texts = []
    for number in range(9):
        delivery = take_one(engine, desk)
        if delivery is None:
            break
        outgoing, more = envelope(desk, delivery)
        texts.append(outgoing.text)
        with unit_of_work(engine) as session:
            if number == 1:
                missed(session, desk, delivery, SendError("uncertain", "timeout"), NOW)
            else:
                sent(session, delivery, f"m{number}", NOW, more=more)
    assert texts == ["một hai ba bốn năm sáu bảy", "tám chín mười mười một", "(gửi lại)\ntám chín mười mười một"]
    assert [row.state for row in rows(engine)] == ["uncertain", "sent"]


def test_rows_of_a_dead_process_come_back_and_doubtful_ones_are_known(any_engine):
    desk = make_core(any_engine).desk
    put(any_engine, "claimed")
    put(any_engine, "sending", kind="directive", lane="bulk")
    with unit_of_work(any_engine) as session:
        session.connection().exec_driver_sql("UPDATE outbox SET not_before = not_before")
        taken = take(session, desk, NOW, 64)
        assert len(taken.ready) == 2
    with unit_of_work(any_engine) as session:
        session.connection().exec_driver_sql("UPDATE outbox SET state = 'claimed' WHERE unique_key = 'claimed'")
        assert recover(session, "other", NOW + timedelta(seconds=LEASE_SECONDS - 1)) == 0
        assert recover(session, "me", NOW + timedelta(seconds=LEASE_SECONDS)) == 0
        assert recover(session, "other", NOW + timedelta(seconds=LEASE_SECONDS)) == 2
    states = {row.unique_key: row.state for row in rows(any_engine)}
    assert states == {"claimed": "pending", "sending": "uncertain", "again:2": "pending"}


def test_an_edit_too_long_for_one_message_keeps_its_buttons(engine):
    desk = make_core(engine, can=Capabilities(text_limit=40)).desk
    first = put(engine)
    with unit_of_work(engine) as session:
        sent(session, take(session, desk, NOW, 1).ready[0], "m1", NOW)
    put(engine, "2", Message((verbatim("từ " * 40),), edits=first))
    outgoing, more = envelope(desk, take_one(engine, desk))
    assert isinstance(outgoing, Outgoing)
    assert not more
