"""/hanmuc: how many of this month's messages are used on each bot whose messages are numbered."""

from handlers.context import Context
from handlers.talk import Replies, say
from models import quota
from models.clock import local
from models.messages import Message, Say, verbatim
from models.quota import BotUse


def command(context: Context, _words: str) -> Replies:
    """Answer /hanmuc for the administrator and the office."""
    if not context.who.holds("admin", "officer"):
        return say("talk.not_allowed")
    bots = quota.uses(context.session, context.now)
    if not bots:
        return say("quota.none")
    head = Say("quota.head", {"month": f"{local(context.now):%m/%Y}"})
    return [Message((head, *(line(one) for one in bots)))]


def line(use: BotUse) -> Say:
    """Return what of a bot's month and places is used."""
    return Say(
        "quota.line",
        {
            "channel": Say(f"channel.{use.channel}"),
            "title": verbatim(use.title or use.bot),
            "sent": use.sent,
            "monthly": use.monthly,
            "percent": use.sent * 100 // use.monthly,
            "users": use.users,
            "most": use.most_users,
        },
    )
