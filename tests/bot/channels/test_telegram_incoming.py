"""Telegram's updates become what the core takes, one kind at a time."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Received
from bot.channels.telegram.incoming import callback_id, received
from models.messages import Incoming
from tests.fakes.telegram_people import User
from tests.fakes.telegram_world import World

NOW = datetime(2022, 3, 3, 13, 5, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World("token", "bot", clock=NOW.timestamp)


@pytest.fixture
def lan(world: World) -> User:
    return User(world, 17, "lan")


def read(raw: dict[str, Any]) -> Received | None:
    return received(raw, "telegram", "main", NOW)


def newest(world: World) -> Incoming:
    one = read(world.updates[-1])
    assert one is not None
    assert one.incoming is not None
    return one.incoming


def test_private_text_carries_address_text_and_sending_time(world: World, lan: User) -> None:
    message_id = lan.says("họp ngày 3/3, có mặt 18/20")
    incoming = newest(world)
    assert (incoming.kind, incoming.text) == ("text", "họp ngày 3/3, có mặt 18/20")
    assert (incoming.channel, incoming.bot, incoming.address) == ("telegram", "main", "17")
    assert incoming.message_id == str(message_id)
    assert incoming.update_id == str(world.updates[-1]["update_id"])
    assert incoming.sent_at == NOW
    assert incoming.sent_at.tzinfo is not None


def test_deep_link_arrives_as_plain_text(world: World, lan: User) -> None:
    lan.says("/start Ab3_-x")
    assert (newest(world).kind, newest(world).text) == ("text", "/start Ab3_-x")


def test_press_names_its_action_and_message_at_the_time_of_receipt(world: World, lan: User) -> None:
    lan.presses_on(44, "send:7:2")
    incoming = newest(world)
    assert (incoming.kind, incoming.action, incoming.message_id) == ("press", "send:7:2", "44")
    assert (incoming.address, incoming.sent_at) == ("17", NOW)


def test_press_on_a_message_telegram_no_longer_holds_is_still_a_press(world: World, lan: User) -> None:
    lan.presses_on(44, "send:7:2")
    world.updates[-1]["callback_query"]["message"]["date"] = 0
    assert (newest(world).kind, newest(world).message_id) == ("press", "44")


def test_press_without_a_message_says_nothing_we_act_on(world: World, lan: User) -> None:
    lan.presses_on(44, "x")
    del world.updates[-1]["callback_query"]["message"]
    assert newest(world).kind == "other"


def test_document_carries_name_id_and_caption_but_no_bytes(world: World, lan: User) -> None:
    file_id = lan.sends_document("Biên bản.docx", b"bytes", "biên bản tháng 3")
    incoming = newest(world)
    assert (incoming.kind, incoming.file_name, incoming.file_id) == ("file", "Biên bản.docx", file_id)
    assert incoming.text == "biên bản tháng 3"


def test_photo_is_named_with_its_caption_and_no_file(world: World, lan: User) -> None:
    lan.sends_photo("ảnh chụp biên bản")
    incoming = newest(world)
    assert (incoming.kind, incoming.text, incoming.file_id) == ("photo", "ảnh chụp biên bản", "")


def test_voice_sticker_and_the_rest_are_told_apart(world: World, lan: User) -> None:
    lan.sends_voice()
    assert newest(world).kind == "voice"
    lan.sends_sticker()
    assert newest(world).kind == "sticker"
    lan._writes(contact={"phone_number": "0", "first_name": "lan"})
    assert newest(world).kind == "other"


def test_moving_picture_is_not_taken_for_a_document(world: World, lan: User) -> None:
    shape = {"file_id": "a", "file_unique_id": "a", "width": 9, "height": 9, "duration": 1}
    lan._writes(animation=shape, document={"file_id": "a", "file_unique_id": "a"})
    assert (newest(world).kind, newest(world).file_id) == ("other", "")


def test_forwarded_text_is_marked(world: World, lan: User) -> None:
    lan.forwards("mật")
    assert newest(world).forwarded
    lan.says("thường")
    assert not newest(world).forwarded


def test_edit_names_the_message_and_the_time_of_the_edit(world: World, lan: User) -> None:
    message_id = lan.says("18/20")
    later = NOW.replace(hour=14)
    world.clock = later.timestamp
    lan.edits(message_id, "19/20")
    incoming = newest(world)
    assert (incoming.edited, incoming.message_id, incoming.text) == (True, str(message_id), "19/20")
    assert incoming.sent_at == later


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_words_said_in_a_group_are_not_carried(world: World, lan: User, kind: str) -> None:
    group = lan.adds_to_group(kind=kind)
    assert newest(world).kind == "group"
    lan.writes_in(group, "chuyện riêng")
    incoming = newest(world)
    assert (incoming.kind, incoming.text, incoming.address) == ("group", "", str(group.chat.chat_id))


def test_press_in_a_group_is_a_group(world: World, lan: User) -> None:
    lan.chat.kind = "group"
    lan.presses_on(3, "x")
    assert (newest(world).kind, newest(world).action) == ("group", "")


def test_group_that_removed_the_bot_says_nothing(world: World, lan: User) -> None:
    group = lan.adds_to_group()
    lan._membership(group.chat, "left")
    assert read(world.updates[-1]) is None


def test_blocking_is_told_and_coming_back_is_not(world: World, lan: User) -> None:
    lan.blocks()
    assert (newest(world).kind, newest(world).address, newest(world).sent_at) == ("blocked", "17", NOW)
    lan.unblocks()
    assert read(world.updates[-1]) is None


def test_migrated_group_names_its_new_address(world: World, lan: User) -> None:
    group = lan.adds_to_group()
    new = group.migrates()
    incoming = newest(world)
    assert (incoming.kind, incoming.new_address) == ("migrated", str(new))
    assert incoming.address == str(group.chat.chat_id)


def test_update_of_a_kind_we_did_not_ask_for_says_nothing() -> None:
    assert read({"update_id": 5, "poll_answer": None}) is None


@pytest.mark.parametrize(
    "message",
    [
        {"text": "no chat"},
        {"message_id": 1, "date": "soon", "chat": {"id": 1, "type": "private"}},
        {"message_id": 1, "date": 10**20, "chat": {"id": 1, "type": "private"}},
        {"message_id": 1, "date": 1, "chat": "17"},
        "words",
        7,
        [1],
    ],
)
def test_update_of_another_shape_is_parked_whole(message: Any) -> None:
    raw = {"update_id": 5, "message": message}
    one = read(raw)
    assert one is not None
    assert (one.update_id, one.incoming) == ("5", None)
    assert json.loads(one.raw) == raw


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["message_id", "date", "chat", "text", "from", "document", "photo", "data", "id"])
kinds = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"])


@given(kind=kinds, change=st.dictionaries(fields, json_values, max_size=4))
def test_no_shape_of_an_update_stops_the_batch(kind: str, change: dict[str, Any]) -> None:
    sound = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
    one = read({"update_id": 5, kind: {**sound, **change}})
    assert one is None or one.update_id == "5"


def test_only_a_press_has_something_to_answer(world: World, lan: User) -> None:
    query = lan.presses_on(1, "x")
    assert callback_id(world.updates[-1]) == query
    lan.says("x")
    assert callback_id(world.updates[-1]) == ""
    assert callback_id({"update_id": 1, "callback_query": "broken"}) == ""
