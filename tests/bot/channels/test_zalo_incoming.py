"""Zalo's payloads as they are documented and as they are seen, read into Incoming."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.incoming import received

NOW = datetime(2022, 3, 3, 13, 5, 1, tzinfo=UTC)
CHAT = "6ede9afa66b88fe6d6a9"
PRIVATE = {"id": CHAT, "chat_type": "PRIVATE"}
SENDER = {"id": CHAT, "display_name": "Bí thư CB05", "is_bot": False}
MESSAGE = {"from": SENDER, "chat": PRIVATE, "message_id": "82599fa32f56d00e8941", "date": 1646312700000}


def update(event="message.text.received", **message):
    return {"event_name": event, "message": {**MESSAGE, **message}}


def read(raw):
    return received(raw, "zalo", "mot", NOW)


def test_the_flat_form_is_read():
    got = read(update(text="họp 3/3 18/20")).incoming
    assert (got.kind, got.text, got.address, got.update_id) == ("text", "họp 3/3 18/20", CHAT, MESSAGE["message_id"])
    assert (got.channel, got.bot, got.message_id) == ("zalo", "mot", MESSAGE["message_id"])


def test_the_documented_form_says_the_same():
    flat = update(text="họp 3/3 18/20", message_type="CHAT_MESSAGE")
    assert read({"ok": True, "result": flat}) == read(flat)


def test_a_date_in_milliseconds_and_one_in_seconds_are_the_same_moment():
    assert read(update(text="a")).incoming.sent_at == datetime(2022, 3, 3, 13, 5, tzinfo=UTC)
    assert read(update(text="a", date=1646312700)).incoming.sent_at == datetime(2022, 3, 3, 13, 5, tzinfo=UTC)
    assert read({"event_name": "x", "message": {"chat": PRIVATE}}).incoming.sent_at == NOW


@pytest.mark.parametrize("name", ["photo", "photo_url"])
def test_a_picture_is_named_by_its_address_and_keeps_its_caption(name):
    got = read(update("message.image.received", **{name: "https://p.example/1.jpg"}, caption="họp 3/3")).incoming
    assert (got.kind, got.file_id, got.text) == ("photo", "https://p.example/1.jpg", "họp 3/3")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("message.sticker.received", "sticker"),
        ("message.voice.received", "voice"),
        ("message.unsupported.received", "other"),
        ("message.something.new", "other"),
    ],
)
def test_what_is_no_text_is_told_apart(event, kind):
    assert read(update(event)).incoming.kind == kind


def test_letters_sent_apart_from_their_marks_are_joined():
    assert read(update(text=unicodedata.normalize("NFD", "Họp chi bộ"))).incoming.text == "Họp chi bộ"


def test_a_group_is_known_by_its_kind_and_what_is_said_there_is_not_carried():
    group = {"id": "zgr-5ede9afa", "chat_type": "GROUP"}
    got = read(update(text="@bot mật", chat=group)).incoming
    assert (got.kind, got.address, got.text) == ("group", "zgr-5ede9afa", "")


def test_another_bot_is_not_answered():
    assert read(update(text="a", **{"from": {**SENDER, "is_bot": True}})) is None


def test_nothing_is_nothing():
    for empty in (None, {}, [], {"ok": True, "result": None}, {"ok": True, "result": {}}):
        assert read(empty) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"event_name": "message.text.received"},
        update(chat={"id": 12345, "chat_type": "PRIVATE"}),
        update(text={"a": 1}),
        update(date="hôm qua"),
        "kein JSON",
        [1],
        7,
    ],
)
def test_what_cannot_be_read_is_parked_whole(raw):
    got = read(raw)
    assert got.incoming is None
    assert got.raw == (raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False))
    assert len(got.update_id) == 32


def test_a_message_without_an_id_is_the_same_one_when_it_comes_again():
    nameless = update(text="a", message_id=None)
    assert read(nameless).update_id == read(json.loads(json.dumps(nameless))).update_id
    assert read(nameless).update_id != read(update(text="b", message_id=None)).update_id


LEAF = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(JSON, st.dictionaries(st.sampled_from(["text", "chat", "from", "date", "message_id"]), JSON))
def test_nothing_that_arrives_raises(anything, message):
    for raw in (anything, {"event_name": "message.text.received", "message": message}, update(**message)):
        read(raw)
