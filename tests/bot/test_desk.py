from datetime import timedelta
from math import inf

import pytest
from sqlmodel import select

from bot.channels.base import Capabilities, Limits
from bot.desk import Taken, still_wanted, take
from bot.outcomes import sent
from models import outbox, people, sender_leases
from models.conversations import Chat
from models.database import unit_of_work
from models.messages import Document, Message, verbatim
from models.outbox import OutboxRow
from models.outbox_states import Holder
from tests.fakes.channel import NOW
from tests.fakes.core import BOT, CHAT, FOREVER, make_core, person, rows

HELLO = Message((verbatim("chào"),))


def put(engine, key, message=HELLO, chat=CHAT, **values):
    with unit_of_work(engine) as session:
        row = outbox.put(session, key, message, NOW, chat=None if "account_id" in values else chat, **values)
        return row and row.id


def look(engine, desk, now=NOW, room=64) -> Taken:
    with unit_of_work(engine) as session:
        return take(session, desk, now, room)


def leave(engine, taken, now=NOW):
    with unit_of_work(engine) as session:
        for number, delivery in enumerate(taken.ready):
            assert sent(session, delivery, f"m{number}", now)


def texts(taken):
    return [delivery.message.parts[0].args["words"] for delivery in taken.ready]


def words(text):
    return Message((verbatim(text),))


def chat(native_id):
    return Chat(*BOT, native_id)


@pytest.fixture
def desk(engine):
    return make_core(engine).desk


def test_a_key_is_written_once(any_engine):
    assert put(any_engine, "a")
    assert put(any_engine, "a") is None


def test_replies_leave_before_the_rest_and_each_lane_in_order(any_engine):
    desk = make_core(any_engine).desk
    put(any_engine, "1", words("chung 1"), chat("6"), lane="bulk", kind="directive")
    put(any_engine, "2", words("chung 2"), chat("7"), lane="bulk", kind="directive")
    put(any_engine, "3", words("đáp"), chat("8"))
    assert texts(look(any_engine, desk)) == ["đáp", "chung 1", "chung 2"]


def test_a_row_waits_while_an_older_one_of_its_recipient_and_lane_is_on_its_way(any_engine):
    desk = make_core(any_engine).desk
    put(any_engine, "1", words("một"))
    put(any_engine, "2", words("hai"))
    put(any_engine, "3", words("chung"), lane="bulk")
    first = look(any_engine, desk)
    assert texts(first) == ["một", "chung"]
    assert texts(look(any_engine, desk)) == []
    leave(any_engine, first)
    assert texts(look(any_engine, desk)) == ["hai"]


def test_a_row_for_another_chat_of_the_same_person_holds_nothing_up(engine, desk):
    account_id = person(engine, "Bí thư CB05", "5")
    put(engine, "a", words("kênh hỏng"), Chat("zalo", "mot", "x"))
    put(engine, "b", words("kênh này"), chat("5"))
    with unit_of_work(engine) as session:
        for row in session.exec(select(OutboxRow)):
            row.account_id, row.recipient = account_id, f"account:{account_id}"
    assert texts(look(engine, desk)) == ["kênh này"]


def test_a_row_that_waits_for_its_time_holds_nobody_up(engine, desk):
    put(engine, "1", words("mai"), not_before=NOW + timedelta(hours=1))
    put(engine, "2", words("nay"))
    taken = look(engine, desk)
    assert texts(taken) == ["nay"]
    assert taken.look_at == NOW + timedelta(hours=1)


def test_the_limits_let_one_go_and_say_when_the_next_may(engine):
    desk = make_core(engine, limits=Limits(25, 1, 1)).desk
    put(engine, "1", words("một"), chat("6"))
    put(engine, "2", words("hai"), chat("7"))
    taken = look(engine, desk)
    assert texts(taken) == ["một"]
    assert taken.look_at == NOW + timedelta(seconds=0.04)
    assert [row.state for row in rows(engine)] == ["sending", "pending"]


def test_a_chat_at_its_limit_does_not_hold_up_others(engine):
    desk = make_core(engine, limits=Limits(inf, 1, 1)).desk
    put(engine, "1", words("một"))
    leave(engine, look(engine, desk))
    put(engine, "2", words("hai"))
    put(engine, "3", words("khác"), chat("7"))
    assert texts(look(engine, desk, NOW + timedelta(milliseconds=1))) == ["khác"]


def test_no_more_is_taken_than_there_is_room_for(engine, desk):
    for number in range(5):
        put(engine, str(number), words(str(number)), chat(str(number)))
    assert texts(look(engine, desk, room=2)) == ["0", "1"]


def test_an_account_is_reached_where_it_was_last_used(engine, desk):
    account_id = person(engine, "Bí thư CB05", "5", at=NOW - timedelta(days=2))
    person(engine, "Bí thư CB05", "6", at=NOW - timedelta(days=1))
    put(engine, "1", account_id=account_id, lane="bulk", kind="reminder")
    (delivery,) = look(engine, desk).ready
    assert delivery.chat == chat("6")
    assert rows(engine)[0].native_id == "6"


def test_an_account_without_an_address_fails(engine, desk):
    account_id = person(engine, "Bí thư CB05", "5")
    with unit_of_work(engine) as session:
        people.retire_addresses(session, account_id, NOW, "left")
    put(engine, "1", account_id=account_id)
    assert look(engine, desk).ready == []
    assert (rows(engine)[0].state, rows(engine)[0].error) == ("failed", "no_address")


@pytest.mark.parametrize(("wanted", "state"), [(True, "sending"), (False, "cancelled")])
def test_the_cause_is_checked_in_the_transaction_that_makes_a_row_sending(engine, desk, wanted, state):
    desk.rechecks = {"obligation": lambda _session, row, _now: row.cause["id"] == 7 and wanted}
    put(engine, "1", cause={"kind": "obligation", "id": 7})
    look(engine, desk)
    assert rows(engine)[0].state == state


def test_a_recheck_may_change_what_is_said(engine, desk):
    def shorten(_session, row, _now):
        row.payload = words("còn một việc").to_json()
        return True

    desk.rechecks = {"obligation": shorten}
    put(engine, "1", cause={"kind": "obligation"})
    assert texts(look(engine, desk)) == ["còn một việc"]


def test_a_file_is_claimed_then_made_then_checked_again(engine, desk):
    wanted = [True, False]
    desk.rechecks = {"directive": lambda _session, _row, _now: wanted.pop(0)}
    message = Message((verbatim("Đây"),), document=Document("figures", {}, "a.xlsx"))
    put(engine, "1", message, cause={"kind": "directive"})
    (delivery,) = look(engine, desk).to_make
    assert rows(engine)[0].state == "claimed"
    with unit_of_work(engine) as session:
        assert not still_wanted(session, desk, delivery, NOW)
    assert rows(engine)[0].state == "cancelled"


def sent_before(engine, desk, message=HELLO, **values):
    row_id = put(engine, "first", message, **values)
    leave(engine, look(engine, desk))
    return row_id


def edit_of(row_id, live=""):
    return Message((verbatim("mới"),), edits=row_id, live=live)


def test_an_edit_changes_the_message_it_names(engine, desk):
    row_id = sent_before(engine, desk)
    put(engine, "2", edit_of(row_id))
    (delivery,) = look(engine, desk).ready
    assert (delivery.edits, delivery.edited_row, delivery.chat) == ("m0", row_id, CHAT)


def test_an_edit_waits_until_its_message_has_left(engine, desk):
    row_id = put(engine, "first", lane="bulk", not_before=NOW + timedelta(seconds=5))
    put(engine, "2", edit_of(row_id))
    assert look(engine, desk).ready == []
    assert rows(engine)[1].not_before > NOW + timedelta(seconds=5)


@pytest.mark.parametrize(("live", "state"), [("", "sending"), ("overview:1", "cancelled")])
def test_where_nothing_can_be_edited_words_go_out_anew_and_refreshed_figures_do_not(engine, live, state):
    desk = make_core(engine, can=Capabilities(edit=False)).desk
    row_id = sent_before(engine, desk)
    put(engine, "2", edit_of(row_id, live))
    taken = look(engine, desk)
    assert rows(engine)[1].state == state
    assert [(delivery.edits, delivery.edited_row) for delivery in taken.ready] == ([("", None)] if not live else [])


def test_a_process_that_missed_its_renewal_sends_nothing(engine, desk):
    desk.holders[BOT] = (desk.holders[BOT][0], NOW)
    put(engine, "1")
    assert look(engine, desk).ready == []
    assert rows(engine)[0].state == "pending"


def test_a_late_process_changes_nothing(any_engine):
    desk = make_core(any_engine).desk
    put(any_engine, "1")
    (late,) = look(any_engine, desk).ready
    with unit_of_work(any_engine) as session:
        lease = sender_leases.take(session, "fake/main", "other", NOW + timedelta(minutes=1), 15)
        assert lease.fencing == 2
    put(any_engine, "2", chat=chat("6"))
    assert look(any_engine, desk).ready == []
    desk.holders[BOT] = (Holder(*BOT, "me", 2), FOREVER)
    assert look(any_engine, desk).ready == []
    with unit_of_work(any_engine) as session:
        assert not sent(session, late.__class__(late.row_id, Holder(*BOT, "me", 9), *late_rest(late)), "m", NOW)
        assert sent(session, late, "m", NOW)


def late_rest(delivery):
    return (delivery.chat, delivery.message, delivery.kind, delivery.parts_sent)


def test_rows_for_a_bot_of_another_process_are_left_alone(engine, desk):
    put(engine, "1", chat=Chat("telegram", "77", "5"))
    assert look(engine, desk).ready == []
    assert rows(engine)[0].state == "pending"
