"""The Zalo channel: bots of the Zalo Bot API behind the seam of `bot.channels.base`.

The Official Account would be a further package beside this one. What it needs beyond the seam it keeps to itself: the
rotating token belongs to its transport, the 48-hour window is a SendError("refused"), its buttons and files are
`Capabilities`, its signed webhook is one more route of a server like `webhook.WebhookServer`.
"""

from bot.channels.zalo.channel import LIMITS, NAME, TEXT_UNITS, ZaloChannel
from bot.channels.zalo.check import Facts, findings
from bot.channels.zalo.compose import LinkWords, declare_plans, make_channels, zalo_channels
from bot.channels.zalo.settings import Zalo, ZaloBot

__all__ = [
    "LIMITS",
    "NAME",
    "TEXT_UNITS",
    "Facts",
    "LinkWords",
    "Zalo",
    "ZaloBot",
    "ZaloChannel",
    "declare_plans",
    "findings",
    "make_channels",
    "zalo_channels",
]
