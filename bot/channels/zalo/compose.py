"""From the settings to the channels: one a bot, with one server for all their webhooks and links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.channels.zalo.api import AiohttpPost, Api
from bot.channels.zalo.channel import NAME, LinkLine, ZaloChannel
from bot.channels.zalo.links import FileLinks
from bot.channels.zalo.settings import Zalo, ZaloBot
from bot.channels.zalo.webhook import PageWords, WebhookServer
from bot.rendering import Texts
from models import quota
from models.messages import Say
from models.quota import BotPlan


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What is said about a file behind a one-time link: the line in the message, and the page."""

    line: LinkLine
    page: PageWords


def declare_plans(session: Session, settings: Zalo) -> None:
    """Store whom the bots take and how many messages they have, for the answers and for invitations."""
    plans = [
        BotPlan(channel=NAME, bot=name, title=bot.title, link=bot.link, users=bot.users, monthly=bot.monthly)
        for name, bot in settings.bots.items()
    ]
    if plans:  # a process for another channel alone may know nothing of these bots
        quota.declare(session, NAME, plans)


def zalo_channels(settings: Zalo, clock: Callable[[], datetime], texts: Texts) -> list[ZaloChannel]:
    """Return the channels with the wording of the program."""
    page = PageWords(*(texts.sentence(f"zalo.page.{key}") for key in ("title", "button", "gone")))

    def line(name: str, url: str) -> str:
        return texts.render(Say("zalo.file_link", {"name": name, "url": url, "minutes": settings.link_minutes}))

    return make_channels(settings, clock, LinkWords(line, page))


def make_channels(settings: Zalo, clock: Callable[[], datetime], words: LinkWords) -> list[ZaloChannel]:
    """Return a channel for every bot that has a token."""
    links = FileLinks(settings.public_url, settings.link_minutes, clock) if settings.file_links else None
    server = None
    if links or settings.mode == "webhook":
        server = WebhookServer(settings.host, settings.port, links, words.page)
    return [_channel(settings, name, bot, clock, server, links, words) for name, bot in settings.started.items()]


def _channel(  # noqa: PLR0917  # parts of one composition
    settings: Zalo,
    name: str,
    bot: ZaloBot,
    clock: Callable[[], datetime],
    server: WebhookServer | None,
    links: FileLinks | None,
    words: LinkWords,
) -> ZaloChannel:
    post = AiohttpPost(bot.token.get_secret_value(), settings.base_url, settings.proxy or None)
    return ZaloChannel(
        Api(post),
        name,
        clock,
        monthly=bot.monthly,
        server=server,
        secret=bot.secret.get_secret_value() if settings.mode == "webhook" else "",
        webhook_url=f"{settings.public_url.rstrip('/')}/zalo/{name}",
        links=links,
        link_line=words.line,
        typing=settings.typing,
        poll_seconds=settings.poll_seconds,
        close=post.close,
    )
