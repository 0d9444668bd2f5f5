"""What an error of Zalo means to the dispatcher: one table, the first row that fits decides.

Zalo's codes are not Telegram's: 403 is a server error and no blocked bot, 408 an idle poll, 429 the month's quota.
"""

from datetime import date, datetime, timedelta
from typing import Final

from bot.channels.base import ErrorKind, SendError
from bot.channels.zalo.api import NO_ANSWER, NOT_SENT, UNREADABLE, ZaloError
from models.clock import at, local_date

TOKEN_SECONDS: Final = 60  # a wrong token heals only by hand
FLOOD_SECONDS: Final = 30  # no deadline is ever named
# A spent month ends on the first; but no limit of speed is documented either, and one may bear the same code.
QUOTA_SECONDS: Final = 3600
IDLE: Final = 408
BAD_TOKEN: Final = 401

# (code, words in Zalo's description, kind, reason). A server error may come before or after the message went out.
TABLE: Final[tuple[tuple[int, str, ErrorKind, str], ...]] = (
    (NOT_SENT, "", "unsent", "network"),
    (NO_ANSWER, "", "uncertain", "network"),
    (UNREADABLE, "", "uncertain", "unreadable"),
    (400, "chat not found", "refused", "no_chat"),
    (400, "user not found", "refused", "no_chat"),
    (400, "too long", "refused", "too_large"),
    (400, "", "refused", "content"),
    (BAD_TOKEN, "", "unsent", "token"),
    (403, "", "uncertain", "server"),
    (404, "chat not found", "refused", "no_chat"),
    (404, "user not found", "refused", "no_chat"),
    (404, "", "unsent", "not_found"),
    (IDLE, "", "uncertain", "timeout"),
    (413, "", "refused", "too_large"),
    (429, "too many requests", "unsent", "flood"),
    (429, "", "quota", "quota"),
)


def meaning(error: ZaloError) -> tuple[ErrorKind, str]:
    """Return the kind and the reason of an error of Zalo; an unknown code of 4xx is about what was sent."""
    said = error.description.lower()
    for code, words, kind, reason in TABLE:
        if code == error.code and words in said:
            return kind, reason
    return ("refused", "content") if 400 <= error.code < 500 else ("uncertain", "server")


def send_error(error: ZaloError, now: datetime) -> SendError:
    """Return the error in the dispatcher's words; a deadline counts from `now`."""
    kind, reason = meaning(error)
    return SendError(kind, reason, _deadline(kind, reason, now))


def next_month(now: datetime) -> datetime:
    """Return when the quota begins anew: the first of the next month in Viet Nam."""
    today = local_date(now)
    return at(date(today.year + today.month // 12, today.month % 12 + 1, 1))


def _deadline(kind: ErrorKind, reason: str, now: datetime) -> datetime | None:
    if kind == "quota":
        return min(next_month(now), now + timedelta(seconds=QUOTA_SECONDS))
    seconds = {"token": TOKEN_SECONDS, "flood": FLOOD_SECONDS}.get(reason)
    return now + timedelta(seconds=seconds) if seconds else None
