"""What `python -m bot check` wants to know of a bot."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.errors import meaning


@dataclass(frozen=True, slots=True)
class Facts:
    """What Telegram says of the bot.

    `reason` is "" or why it could not be asked (as in SendError); clock_difference is our clock less
    Telegram's in seconds, None where Telegram named no time (its precision is one second).
    """

    ok: bool
    username: str = ""
    webhook_set: bool = False
    clock_difference: float | None = None
    reason: str = ""


async def ask(api: Bot) -> tuple[str, bool]:
    """Return the bot's name and whether a webhook is set. Raises TelegramError."""
    me = await api.get_me()
    return me.username or "", bool((await api.get_webhook_info()).url)


def failed(error: TelegramError, difference: float | None) -> Facts:
    """Return the facts of a bot that could not be asked."""
    return Facts(ok=False, reason=meaning(error)[1], clock_difference=difference)


def difference(date: str, now: datetime) -> float | None:
    """Return the seconds `now` is ahead of a Date header; None for one that cannot be read."""
    try:
        return (now - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None
