"""What `python -m bot check --channel zalo` says of a bot: token, way in, messages left, clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bot.channels.zalo.api import Api, ZaloError
from bot.channels.zalo.errors import meaning
from models.messages import Arg, Say

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


def findings(facts: Facts, sent: int, monthly: int, users: int, most_users: int) -> list[tuple[bool, Say]]:
    """Return each thing looked at: whether it works, and in words what was found.

    sent, monthly: messages of this month; users, most_users: people bound to the bot.
    """
    if not facts.ok:
        return [(False, Say(_TROUBLE.get(facts.reason, "zalo.check.unreachable"), {"bot": facts.bot}))]
    token = Say("zalo.check.token_good", {"bot": facts.bot, "title": facts.title, "plan": facts.plan})
    numbers: dict[str, Arg] = {"sent": sent, "monthly": monthly, "users": users, "most": most_users}
    room = sent < monthly and users <= most_users
    return [(True, token), _way_in(facts), (room, Say("zalo.check.quota", numbers)), _clock(facts.clock_difference)]


_TROUBLE: Final = {"token": "zalo.check.token_bad", "quota": "zalo.check.quota_spent"}


def _way_in(facts: Facts) -> tuple[bool, Say]:
    if facts.webhook == facts.wanted:
        polls = not facts.wanted
        return True, Say("zalo.check.polling") if polls else Say("zalo.check.webhook_set", {"url": facts.webhook})
    if facts.wanted:
        return False, Say("zalo.check.webhook_missing", {"url": facts.wanted})
    return False, Say("zalo.check.webhook_in_the_way", {"url": facts.webhook})


def _clock(difference: float | None) -> tuple[bool, Say]:
    if difference is None:
        return True, Say("zalo.check.clock_unknown")
    seconds = round(abs(difference))
    fine = seconds <= CLOCK_SECONDS
    return fine, Say("zalo.check.clock_good" if fine else "zalo.check.clock_off", {"seconds": seconds})


def _mapping(result: Any) -> Mapping[str, Any]:
    return result if isinstance(result, dict) else {}


def _ahead(api: Api, now: datetime) -> float | None:
    try:
        return (now - parsedate_to_datetime(api.date)).total_seconds()
    except (ValueError, TypeError):
        return None
