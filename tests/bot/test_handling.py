import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.channels.base import Limits
from bot.handling import HandlingError, handle_oldest, note_failure
from bot.intake import store
from models import inbox, people
from models.conversations import Chat, Conversation
from models.database import unit_of_work
from models.inbox import InboxRow
from models.messages import Document, Message, Say, button, verbatim
from models.people import Address
from tests.fakes.channel import NOW, FakeChannel
from tests.fakes.core import BOT, CHAT, echo, make_core, person, rows

QUESTION = Message((verbatim("Gửi chứ?"),), ((button(verbatim("Gửi"), "send", 1),),))


@pytest.fixture
def people_():
    return FakeChannel()


def tell(engine, channel, *updates, now=NOW):
    with unit_of_work(engine) as session:
        store(session, [channel.received(update) for update in updates], "me", now)


def handle(engine, core, now=NOW, chat=CHAT, files=None):
    with unit_of_work(engine) as session:
        return handle_oldest(session, core, chat, now, files)


def conversation(engine, key):
    with unit_of_work(engine) as session:
        return session.exec(select(Conversation).where(Conversation.key == key)).one_or_none()


def test_a_reply_is_born_sending_when_it_may_leave_at_once(any_engine, people_):
    core = make_core(any_engine)
    tell(any_engine, people_, people_.incoming("5", "chào"))
    handled = handle(any_engine, core)
    (delivery,) = handled.deliveries
    (row,) = rows(any_engine)
    assert (row.id, row.state, row.unique_key) == (delivery.row_id, "sending", "1:0")
    assert (row.owner, row.fencing) == ("me", 1)


def test_a_process_without_the_right_to_send_leaves_the_reply_pending(engine, people_):
    core = make_core(engine, holding=False)
    tell(engine, people_, people_.incoming("5", "chào"))
    assert handle(engine, core).deliveries == []
    assert rows(engine)[0].state == "pending"


def test_a_second_reply_waits_for_the_first(engine, people_):
    core = make_core(engine, lambda _context, _incoming: [Message((verbatim("một"),)), Message((verbatim("hai"),))])
    tell(engine, people_, people_.incoming("5", "chào"))
    handled = handle(engine, core)
    assert [row.state for row in rows(engine)] == ["sending", "pending"]
    assert handled.queued


def test_a_reply_over_the_limit_is_pending(engine, people_):
    core = make_core(engine, limits=Limits(25, 1, 1))
    tell(engine, people_, people_.incoming("5", "một"), people_.incoming("6", "hai"))
    handle(engine, core)
    handle(engine, core, chat=Chat(*BOT, "6"))
    assert [row.state for row in rows(engine)] == ["sending", "pending"]


def test_a_file_is_made_before_its_reply_is_sending(engine, people_):
    document = Message((verbatim("Đây"),), document=Document("figures", {}, "a.xlsx"))
    core = make_core(engine, lambda _context, _incoming: [document])
    tell(engine, people_, people_.incoming("5", "tệp"))
    assert handle(engine, core).deliveries == []
    assert rows(engine)[0].state == "pending"


def test_the_oldest_by_the_channels_time_comes_first(any_engine, people_):
    core = make_core(any_engine)
    tell(
        any_engine, people_, people_.incoming("5", "sau", at=NOW), people_.incoming("5", "trước", at=NOW - timedelta(1))
    )
    assert handle(any_engine, core).incoming.text == "trước"
    assert handle(any_engine, core).incoming.text == "sau"
    assert handle(any_engine, core) is None


def test_today_is_the_senders_day_but_never_after_receipt(engine, people_):
    days = []

    def answer(context, _incoming):
        days.append(context.today)
        return []

    core = make_core(engine, answer)
    tell(engine, people_, people_.incoming("5", "a", at=NOW - timedelta(days=2)))
    tell(engine, people_, people_.incoming("5", "b", at=NOW + timedelta(days=2)))
    handle(engine, core, NOW + timedelta(days=9))
    handle(engine, core, NOW + timedelta(days=9))
    assert [day.isoformat() for day in days] == ["2026-03-01", "2026-03-03"]


def test_a_question_opens_its_menu_and_another_message_leaves_it(engine, people_):
    answers = [[QUESTION], [Message((verbatim("Đã rõ"),))]]
    core = make_core(engine, lambda _context, _incoming: answers.pop(0))
    tell(engine, people_, people_.incoming("5", "a"), people_.incoming("5", "b"))
    handle(engine, core)
    handle(engine, core)
    assert conversation(engine, "fake/main/5").menu == [["Gửi", "send:1"]]


def test_a_bound_person_has_one_conversation_and_the_address_was_just_used(engine, people_):
    account_id = person(engine, "Bí thư CB05", "5", "secretary", NOW - timedelta(days=9))
    core = make_core(engine, lambda context, _incoming: [Message((verbatim(context.who.label),), QUESTION.buttons)])
    tell(engine, people_, people_.incoming("5", "a"))
    handle(engine, core)
    assert conversation(engine, f"account:{account_id}").menu
    assert conversation(engine, "fake/main/5") is None
    with unit_of_work(engine) as session:
        assert people.addresses(session, account_id)[0].used_at == NOW
    (row,) = rows(engine)
    assert (row.account_id, row.recipient, row.to_account) == (account_id, f"account:{account_id}", False)


def broken(_context, _incoming):
    raise ZeroDivisionError("tên người")


def fail(engine, core, now=NOW) -> bool:
    with pytest.raises(HandlingError) as failure:
        handle(engine, core, now)
    with unit_of_work(engine) as session:
        return note_failure(session, failure.value, now)


def test_a_handler_that_fails_three_times_is_given_up_with_one_apology_and_an_alert(any_engine, people_):
    person(any_engine, "Quản trị", "9", "admin")
    core = make_core(any_engine, broken)
    tell(any_engine, people_, people_.incoming("5", "hỏng"), people_.incoming("5", "lành"))
    assert [fail(any_engine, core) for _ in range(3)] == [False, False, True]
    apology, alarm = rows(any_engine)
    assert (apology.unique_key, apology.native_id, apology.kind) == ("sorry:1", "5", "reply")
    assert (alarm.kind, alarm.to_account, alarm.lane) == ("alert", True, "bulk")
    with unit_of_work(any_engine) as session:
        row = session.get(InboxRow, 1)
        assert (row.state, row.tries) == ("parked", 3)
        assert row.error.startswith("ZeroDivisionError at test_handling.py")
        assert "tên người" not in row.error
    core = make_core(any_engine, echo)
    assert handle(any_engine, core).incoming.text == "lành"


def test_what_a_failed_handler_wrote_is_undone(engine, people_):
    def answer(context, _incoming):
        people.account_labelled(context.session, "Ai đó", context.now)
        raise ZeroDivisionError

    core = make_core(engine, answer)
    tell(engine, people_, people_.incoming("5", "hỏng"))
    fail(engine, core)
    with unit_of_work(engine) as session:
        assert session.exec(select(people.Account)).all() == []
    assert rows(engine) == []


def test_a_row_another_living_process_holds_is_left_to_it_until_its_lease_ends(any_engine, people_):
    mine = make_core(any_engine)
    with unit_of_work(any_engine) as session:
        store(session, [people_.received(people_.incoming("5", "a"))], "other", NOW)
    assert handle(any_engine, mine) is None
    assert handle(any_engine, mine, NOW + timedelta(seconds=inbox.LEASE_SECONDS)) is not None


def test_a_blocked_bot_retires_the_address_and_the_office_is_told(engine, people_):
    person(engine, "Bí thư CB05", "5")
    person(engine, "Văn phòng", "9", "officer")
    core = make_core(engine)
    tell(engine, people_, people_.incoming("5", kind="blocked"))
    handle(engine, core)
    (alarm,) = rows(engine)
    assert alarm.payload["parts"][0] == Say("system.address_refused", {"who": "Bí thư CB05"}).to_json()
    with unit_of_work(engine) as session:
        assert people.address_of(session, *BOT, "5") is None


def test_who_unblocks_the_bot_is_known_again(engine, people_):
    account_id = person(engine, "Bí thư CB05", "5")
    core = make_core(engine, lambda context, _incoming: [Message((verbatim(context.who.label),))])
    tell(engine, people_, people_.incoming("5", kind="blocked"), people_.incoming("5", "chào"))
    handle(engine, core)
    handle(engine, core)
    assert rows(engine)[-1].account_id == account_id


def test_an_address_replaced_by_a_newer_one_stays_retired(engine, people_):
    account_id = person(engine, "Bí thư CB05", "5")
    core = make_core(engine, lambda context, _incoming: [Message((verbatim(str(context.actor)),))])
    tell(engine, people_, people_.incoming("5", kind="blocked"), people_.incoming("5", "chào"))
    handle(engine, core)
    with unit_of_work(engine) as session:
        people.bind(session, account_id, (*BOT, "6"), NOW + timedelta(minutes=1))
    handle(engine, core, NOW + timedelta(minutes=2))
    assert rows(engine)[-1].account_id is None


def test_a_migrated_chat_is_followed(engine, people_):
    account_id = person(engine, "Bí thư CB05", "5")
    core = make_core(engine, holding=False)
    tell(engine, people_, people_.incoming("5", "a"), people_.incoming("5", kind="migrated", new_address="-1005"))
    handle(engine, core)
    handle(engine, core)
    assert rows(engine)[0].native_id == "-1005"
    with unit_of_work(engine) as session:
        (address,) = session.exec(select(Address).where(Address.account_id == account_id))
        assert address.native_id == "-1005"


def test_a_file_is_fetched_first_when_it_is_wanted(engine, people_, monkeypatch):
    monkeypatch.setattr("bot.handling.wanted", lambda _session, _incoming: True)
    seen = []
    core = make_core(engine, lambda context, _incoming: seen.append(context.file) or [])
    tell(engine, people_, people_.incoming("5", kind="file", file_id="f", file_name="a.xlsx"))
    assert handle(engine, core).file_wanted
    handle(engine, core, files={1: b"bytes"})
    assert seen == [b"bytes"]


def test_many_at_once_handle_every_row_of_a_person_once_and_in_order(postgres_engine, people_):
    engine = postgres_engine
    person(engine, "Bí thư CB05", "5")
    seen, lock = [], threading.Lock()

    def answer(context, incoming):
        context.conversation.serial += 1
        with lock:
            seen.append(incoming.text)
        return [Message((verbatim(str(context.conversation.serial)),))]

    core = make_core(engine, answer)
    updates = [people_.incoming("5", str(number), at=NOW + timedelta(seconds=number)) for number in range(30)]
    tell(engine, people_, *updates)

    def work():
        while handle(engine, core):
            pass

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with unit_of_work(engine) as session:
        assert session.exec(select(Conversation.serial)).one() == 30
    assert seen == [str(number) for number in range(30)]
    assert len(rows(engine)) == 30
