"""The settings of the Zalo bots, and the channels made of them."""

import pytest
from pydantic import ValidationError

from bot.channels.zalo import LinkWords, Zalo, make_channels
from bot.channels.zalo.webhook import PageWords
from tests.bot.channels.zalo_parts import NOW

WORDS = LinkWords(lambda name, url: f"{name} {url}", PageWords("a", "b", "c"))


def settings(**values) -> Zalo:
    return Zalo.model_validate({"bots": {"mot": {"token": "1:a"}, "hai": {"token": "2:b"}, "ba": {}}, **values})


def test_every_bot_with_a_token_is_a_channel_of_its_own():
    channels = make_channels(settings(), lambda: NOW, WORDS)
    assert [(one.name, one.bot) for one in channels] == [("zalo", "mot"), ("zalo", "hai")]
    assert all(not one.capabilities.buttons and not one.capabilities.edit for one in channels)
    assert [one.capabilities.monthly for one in channels] == [2900, 2900]


def test_files_leave_only_where_the_setting_allows_it():
    allowed = settings(file_links=True, public_url="https://b.example.vn")
    assert [one.capabilities.files for one in make_channels(settings(), lambda: NOW, WORDS)] == [False, False]
    assert [one.capabilities.files for one in make_channels(allowed, lambda: NOW, WORDS)] == [True, True]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"mode": "webhook", "public_url": "https://b.example.vn"}, "CHIBO_ZALO__BOTS__MOT__SECRET"),
        ({"mode": "webhook", "public_url": "http://b.example.vn"}, "https://"),
        ({"file_links": True}, "https://"),
        ({"host": "0.0.0.0"}, "this machine"),
        ({"poll_seconds": 0}, "greater than"),
        ({"bots": {"a/b": {}}}, "pattern"),
        ({"bots": {"mot": {"secret": "short"}}}, "8 to 256"),
        ({"bots": {"mot": {"tokn": "1"}}}, "Extra inputs"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_in_words(values, words):
    with pytest.raises(ValidationError, match=words):
        settings(**values)


def test_no_error_shows_a_token():
    with pytest.raises(ValidationError) as raised:
        Zalo.model_validate({"bots": {"mot": {"token": "4123:secret", "users": 0}}})
    assert "secret" not in str(raised.value)
