"""Every error of Telegram has one meaning to the dispatcher."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.base import SendError
from bot.channels.telegram.errors import TABLE, ChatMovedError, meaning, retriable, send_error
from bot.channels.telegram_request import FloodWaitError, NotSentError

NOW = datetime(2022, 3, 3, tzinfo=UTC)

ROWS = [
    (FloodWaitError(7), "unsent", "flood"),
    (ChatMigrated(-5), "unsent", "migrated"),
    (InvalidToken(), "unsent", "token"),
    (Conflict("Conflict: terminated"), "unsent", "conflict"),
    (Forbidden("Forbidden: bot was blocked by the user"), "refused", "blocked"),
    (Forbidden("Forbidden: user is deactivated"), "refused", "blocked"),
    (Forbidden("Forbidden: bot was kicked from the group chat"), "refused", "blocked"),
    (Forbidden("Forbidden: bot can't initiate conversation with a user"), "refused", "no_chat"),
    (EndPointNotFound("Endpoint 'x' not found"), "refused", "content"),
    (BadRequest("Bad Request: chat not found"), "refused", "no_chat"),
    (BadRequest("Bad Request: user not found"), "refused", "no_chat"),
    (BadRequest("Bad Request: PEER_ID_INVALID"), "refused", "no_chat"),
    (BadRequest("Bad Request: chat_id is empty"), "refused", "no_chat"),
    (BadRequest("Bad Request: message to edit not found"), "refused", "not_editable"),
    (BadRequest("Bad Request: message can't be edited"), "refused", "not_editable"),
    (BadRequest("Bad Request: there is no text in the message to edit"), "refused", "not_editable"),
    (BadRequest("Bad Request: MESSAGE_ID_INVALID"), "refused", "not_editable"),
    (BadRequest("Bad Request: message identifier is not specified"), "refused", "not_editable"),
    (BadRequest("Request Entity Too Large"), "refused", "too_large"),
    (BadRequest("Bad Request: file is too big"), "refused", "too_large"),
    (BadRequest("Bad Request: not enough rights to send text messages"), "refused", "rights"),
    (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), "refused", "rights"),
    (BadRequest("Bad Request: message is too long"), "refused", "content"),
    (NotSentError("Not sent"), "unsent", "network"),
    (TimedOut(), "uncertain", "timeout"),
    (NetworkError("Bad Gateway (502)"), "uncertain", "network"),
    (TelegramError("Invalid server response"), "uncertain", "unreadable"),
]


@pytest.mark.parametrize(("error", "kind", "reason"), ROWS, ids=lambda value: repr(value)[:40])
def test_meaning_of_every_error(error: TelegramError, kind: str, reason: str) -> None:
    assert meaning(error) == (kind, reason)
    translated = send_error(error, NOW)
    assert (translated.kind, translated.reason) == (kind, reason)


def test_every_row_of_the_table_is_reached() -> None:
    def row(error: TelegramError) -> int:
        fits = (isinstance(error, cls) and words in error.message.lower() for cls, words, _, _ in TABLE)
        return list(fits).index(True)

    assert {row(error) for error, _, _ in ROWS} == set(range(len(TABLE)))


def test_flood_wait_is_a_deadline() -> None:
    assert send_error(FloodWaitError(7), NOW).retry_at == NOW + timedelta(seconds=7)


def test_wrong_token_is_tried_slowly() -> None:
    assert send_error(InvalidToken(), NOW).retry_at == NOW + timedelta(minutes=1)


def test_moved_chat_names_its_new_address() -> None:
    error = send_error(ChatMigrated(-100123), NOW)
    assert isinstance(error, ChatMovedError)
    assert error.new_address == "-100123"


def test_repeatable_call_has_nothing_uncertain() -> None:
    assert retriable(SendError("uncertain", "timeout")).kind == "unsent"
    refused = SendError("refused", "no_chat")
    assert retriable(refused) is refused
