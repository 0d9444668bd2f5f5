"""What `python -m bot check --channel zalo` says of a bot: token, way in, messages left, clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bot.channels.zalo.api import Api, ZaloError
from bot.channels.zalo.errors import meaning
from models.messages import Say

CLOCK_SECONDS: Final = 60.0  # a greater difference confuses what "today" is


@dataclass(frozen=True, slots=True)
class Facts:
    """What Zalo says of a bot, beside what the configuration wants.

    `reason` is "" or why it could not be asked (as in SendError). webhook: the address Zalo knows, wanted: the one it
    should know ("" when polling). clock_difference is our clock less Zalo's in seconds, None where Zalo named no time.
    """

    ok: bool
    bot: str
    title: str = ""
    plan: str = ""
    webhook: str = ""
    wanted: str = ""
    clock_difference: float | None = None
    reason: str = ""


async def ask(api: Api, bot: str, wanted: str, now: datetime) -> Facts:
    """Return what Zalo says of the bot; never raises."""
    try:
        me = _mapping(await api.call("getMe"))
        info = _mapping(await api.call("getWebhookInfo"))
    except ZaloError as error:
        return Facts(ok=False, bot=bot, wanted=wanted, reason=meaning(error)[1], clock_difference=_ahead(api, now))
    return Facts(
        ok=True,
        bot=bot,
        title=str(me.get("account_name", "")),
        plan=str(me.get("account_type", "")),
        webhook=str(info.get("url") or ""),
        wanted=wanted,
        clock_difference=_ahead(api, now),
    )


def sentences(facts: Facts, sent: int, monthly: int, users: int, most_users: int) -> tuple[Say, ...]:
    """Return the facts in words; sent, monthly: messages of this month; users, most_users: people bound to the bot."""
    token = (
        Say("zalo.check.token_good", {"bot": facts.bot, "title": facts.title, "plan": facts.plan})
        if facts.ok
        else Say(_TROUBLE.get(facts.reason, "zalo.check.unreachable"), {"bot": facts.bot})
    )
    numbers = {"sent": sent, "monthly": monthly, "users": users, "most": most_users}
    ways = (_way_in(facts),) if facts.ok else ()
    return (token, *ways, Say("zalo.check.quota", numbers), _clock(facts.clock_difference))


_TROUBLE: Final = {"token": "zalo.check.token_bad", "quota": "zalo.check.quota_spent"}


def _way_in(facts: Facts) -> Say:
    if facts.webhook == facts.wanted:
        return Say("zalo.check.webhook_set", {"url": facts.webhook}) if facts.wanted else Say("zalo.check.polling")
    if facts.wanted:
        return Say("zalo.check.webhook_missing", {"url": facts.wanted})
    return Say("zalo.check.webhook_in_the_way", {"url": facts.webhook})


def _clock(difference: float | None) -> Say:
    if difference is None:
        return Say("zalo.check.clock_unknown")
    seconds = round(abs(difference))
    return Say("zalo.check.clock_off" if seconds > CLOCK_SECONDS else "zalo.check.clock_good", {"seconds": seconds})


def _mapping(result: Any) -> Mapping[str, Any]:
    return result if isinstance(result, dict) else {}


def _ahead(api: Api, now: datetime) -> float | None:
    try:
        return (now - parsedate_to_datetime(api.date)).total_seconds()
    except (ValueError, TypeError):
        return None
