import json
from datetime import timedelta

from sqlmodel import select

from bot.channels.base import Received
from bot.intake import chat_from_key, store
from models.conversations import Chat
from models.database import unit_of_work
from models.inbox import InboxRow
from models.messages import Incoming
from tests.fakes.channel import NOW, FakeChannel
from tests.fakes.core import rows

PEOPLE = FakeChannel()


def take(engine, *batch: Received, now=NOW) -> list[str]:
    with unit_of_work(engine) as session:
        return store(session, batch, "me", now)


def stored(engine) -> list[InboxRow]:
    with unit_of_work(engine) as session:
        return list(session.exec(select(InboxRow).order_by(InboxRow.id)))


def said(text: str, **values) -> Received:
    return PEOPLE.received(PEOPLE.incoming("5", text, **values))


def test_an_update_is_stored_once_however_often_it_comes(any_engine):
    update = said("chào")
    assert take(any_engine, update, update) == ["fake/main/5"]
    assert take(any_engine, update) == []
    (row,) = stored(any_engine)
    assert Incoming.from_json(row.payload) == update.incoming
    assert (row.state, row.owner) == ("new", "me")
    assert row.lease_until > NOW


def test_a_batch_keeps_its_order(any_engine):
    take(any_engine, *[said(str(number)) for number in range(20)])
    assert [row.payload["text"] for row in stored(any_engine)] == [str(number) for number in range(20)]


def test_a_secret_leaves_only_the_fact_and_the_sender_is_told_why(any_engine):
    take(any_engine, said("", file_name="KH_12_MẬT.pdf", file_id="f", kind="file"), said("chào"))
    refused, kept = stored(any_engine)
    assert (refused.state, refused.mark, refused.payload, refused.error) == ("refused", "MẬT", None, "")
    assert refused.chat_key == "fake/main/5"
    assert kept.state == "new"
    (reply,) = rows(any_engine)
    assert "KH_12" not in json.dumps(reply.payload)
    assert reply.payload["parts"][0]["say"] == "system.secret_refused"
    assert (reply.native_id, reply.kind) == ("5", "reply")


def test_a_refused_update_that_comes_again_is_not_answered_again(any_engine):
    update = said("văn bản tối mật")
    take(any_engine, update)
    take(any_engine, update)
    assert len(rows(any_engine)) == 1


def test_what_cannot_be_read_is_parked(any_engine):
    assert take(any_engine, Received("fake", "main", "77", None, '{"update_id": 77}')) == []
    (row,) = stored(any_engine)
    assert (row.state, row.payload, row.error) == ("parked", {"raw": '{"update_id": 77}'}, "unreadable")


def test_the_guard_reads_what_is_parked_even_behind_escapes(any_engine):
    raw = json.dumps({"update_id": 78, "deep": [{"text": "công văn tuyệt mật"}]})
    assert "\\u" in raw
    take(any_engine, Received("fake", "main", "78", None, raw))
    (row,) = stored(any_engine)
    assert (row.state, row.payload, row.mark) == ("refused", None, "TUYỆT MẬT")
    assert rows(any_engine) == []


def test_the_channels_time_is_kept_beside_the_time_of_receipt(engine):
    take(engine, said("chào", at=NOW - timedelta(hours=3)))
    (row,) = stored(engine)
    assert row.received_at - row.sent_at == timedelta(hours=3)


def test_an_address_may_hold_the_sign_that_parts_a_key():
    chat = Chat("web", "page", "a/b")
    assert chat_from_key(chat.key) == chat
