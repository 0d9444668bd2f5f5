"""The Telegram channel: python-telegram-bot's Bot and Update behind the seam of `bot.channels.base`."""

from bot.channels.telegram.channel import LIMITS, TelegramChannel, invite_link, quiet_loggers
from bot.channels.telegram.check import Facts
from bot.channels.telegram.errors import ChatMovedError

__all__ = ["LIMITS", "ChatMovedError", "Facts", "TelegramChannel", "invite_link", "quiet_loggers"]
