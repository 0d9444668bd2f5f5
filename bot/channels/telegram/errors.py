"""What an error of Telegram means to the dispatcher: one table, the first row that fits decides."""

from datetime import datetime, timedelta
from typing import Final

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

from bot.channels.base import ErrorKind, SendError
from bot.channels.telegram_request import FloodWaitError, NotSentError

TOKEN_SECONDS: Final = 60  # a wrong token heals only by hand

# (class, words in Telegram's description, kind, reason). Subclasses stand before their base: BadRequest,
# TimedOut and NotSentError are NetworkErrors. A 5xx may come before or after the message went out: uncertain.
TABLE: Final[tuple[tuple[type[TelegramError], str, ErrorKind, str], ...]] = (
    (FloodWaitError, "", "unsent", "flood"),
    (ChatMigrated, "", "unsent", "migrated"),
    (InvalidToken, "", "unsent", "token"),
    (Conflict, "", "unsent", "conflict"),
    (Forbidden, "can't initiate", "refused", "no_chat"),
    (Forbidden, "", "refused", "blocked"),
    (EndPointNotFound, "", "refused", "content"),
    (BadRequest, "chat not found", "refused", "no_chat"),
    (BadRequest, "user not found", "refused", "no_chat"),
    (BadRequest, "peer_id_invalid", "refused", "no_chat"),
    (BadRequest, "chat_id is empty", "refused", "no_chat"),
    (BadRequest, "message to edit not found", "refused", "not_editable"),
    (BadRequest, "can't be edited", "refused", "not_editable"),
    (BadRequest, "no text in the message", "refused", "not_editable"),
    (BadRequest, "message_id_invalid", "refused", "not_editable"),
    (BadRequest, "message identifier", "refused", "not_editable"),
    (BadRequest, "too large", "refused", "too_large"),
    (BadRequest, "too big", "refused", "too_large"),
    (BadRequest, "rights", "refused", "rights"),
    (BadRequest, "chat_write_forbidden", "refused", "rights"),
    (BadRequest, "", "refused", "content"),
    (NotSentError, "", "unsent", "network"),
    (TimedOut, "", "uncertain", "timeout"),
    (NetworkError, "", "uncertain", "network"),
    (TelegramError, "", "uncertain", "unreadable"),
)

PHOTO_REFUSED: Final = ("photo_", "image_process_failed", "photo should be")


class ChatMovedError(SendError):
    """The group has become a supergroup; send to `new_address`."""

    def __init__(self, new_address: str) -> None:
        super().__init__("unsent", "migrated")
        self.new_address = new_address


def meaning(error: TelegramError) -> tuple[ErrorKind, str]:
    """Return the kind and the reason of an error of Telegram."""
    said = error.message.lower()
    return next((kind, reason) for cls, words, kind, reason in TABLE if isinstance(error, cls) and words in said)


def send_error(error: TelegramError, now: datetime) -> SendError:
    """Return the error in the dispatcher's words; a deadline counts from `now`."""
    if isinstance(error, ChatMigrated):
        return ChatMovedError(str(error.new_chat_id))
    kind, reason = meaning(error)
    return SendError(kind, reason, _deadline(error, now))


def retriable(error: SendError) -> SendError:
    """Return the error of a call that may be repeated freely (a download): nothing is uncertain then."""
    return SendError("unsent", error.reason) if error.kind == "uncertain" else error


def is_unchanged(error: TelegramError) -> bool:
    """Say whether an edit was refused only because nothing changed."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def is_picture_refused(error: TelegramError) -> bool:
    """Say whether Telegram cannot show this picture as a photo (its shape, its format); as a file it can."""
    said = error.message.lower()
    return isinstance(error, BadRequest) and any(words in said for words in PHOTO_REFUSED)


def _deadline(error: TelegramError, now: datetime) -> datetime | None:
    if isinstance(error, FloodWaitError):
        return now + timedelta(seconds=error.seconds)
    if isinstance(error, InvalidToken):
        return now + timedelta(seconds=TOKEN_SECONDS)
    return None
