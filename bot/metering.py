"""Messages that are numbered by the month: counted as they begin to leave, warned of, and kept for what is urgent.

A message counts in the transaction that makes it `sending`, and no more once it is known that it did not leave. At 80 %
of a bot's month the administrator is warned; at 100 % only replies and urgent messages still leave.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.alerts import alert
from bot.channels.base import Capabilities
from bot.limiter import Bot
from models import quota
from models.conversations import Chat
from models.messages import Say
from models.outbox import OutboxRow

WARNING_PERCENT = 80
URGENT = ("directive", "alert")
ALWAYS = ("reply", *URGENT)

Can = Mapping[Bot, Capabilities]


def monthly(session: Session, can: Can, chat: Chat) -> int:
    """Return how many messages a month a chat's bot may send, a bot of another process too; 0: any number."""
    known = can.get((chat.channel, chat.bot))
    return known.monthly if known else quota.monthly(session, chat.channel, chat.bot)


def is_spent(session: Session, can: Can, chat: Chat, now: datetime) -> bool:
    """Return whether a bot has sent what its month allows."""
    most = monthly(session, can, chat)
    return most > 0 and quota.sent(session, chat.channel, chat.bot, quota.month_of(now)) >= most


def allows(session: Session, can: Can, chat: Chat, row: OutboxRow, now: datetime) -> bool:
    """Return whether a row may still leave on a bot this month; a repeat of a doubtful one only while there is room."""
    if row.kind in ALWAYS and row.repeat_of is None:
        return True
    return not is_spent(session, can, chat, now)


def count(session: Session, can: Can, chat: Chat, now: datetime) -> None:
    """Count a message that begins to leave; the administrator is told once at 80 % and once at the end."""
    most = monthly(session, can, chat)
    if not most:
        return
    month = quota.month_of(now)
    total = quota.add(session, chat.channel, chat.bot, month)
    facts: dict[str, str | int] = {"bot": chat.bot, "sent": total, "monthly": most, "percent": total * 100 // most}
    for key, reached in (("warning", -(-most * WARNING_PERCENT // 100)), ("full", most)):
        if total == reached:
            alert(session, f"quota.{key}:{chat.channel}/{chat.bot}:{month}", Say(f"quota.{key}", facts), now)


def take_back(session: Session, can: Can, chat: Chat, now: datetime) -> None:
    """Count a message no more that surely did not leave."""
    if monthly(session, can, chat):
        quota.take_back(session, chat.channel, chat.bot, quota.month_of(now))
