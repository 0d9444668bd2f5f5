"""/lienket: a person who has joined on one channel joins on another, as the same account, by a one-time code."""

from collections.abc import Callable

from handlers.context import Context
from handlers.talk import Replies, say
from models import audit, link_codes, outbox, people, quota
from models.conversations import Chat
from models.messages import Message, Say, verbatim

Welcome = Callable[..., Replies]


def command(context: Context, words: str) -> Replies:
    """Answer /lienket: a code to be typed on the other channel; /lienket CODE uses one that came from there."""
    code = words.strip()
    if code:
        return _typed_by_member(context, code)
    code = context.settings.new_code()
    link_codes.issue(context.session, context.who.account_id, code, context.now)
    audit.record(context.session, context.now, audit.by_account(context.who.account_id), "link.issue")
    ways = (*_ways(context, code), Say("zalo.link.type_it"))
    return say("zalo.link.issued", code=code, minutes=link_codes.MINUTES, ways=ways)


def is_code(context: Context, text: str) -> bool:
    """Return whether a word is a linking code, alive or not."""
    return link_codes.find(context.session, text, context.now) is not None


def redeem(context: Context, code: str, welcome: Welcome) -> Replies | None:
    """Bind the chat of a stranger to the account whose code it is; None where it is no linking code.

    welcome: what greets a person who has joined. The account's earlier address on the same channel ends; its other
    addresses stay, and are told.
    """
    found = link_codes.find(context.session, code, context.now)
    if found is None:
        return None
    account = context.session.get(people.Account, found.account_id)
    if not found.alive or account is None or account.removed_at is not None:
        return say("zalo.link.expired")
    link_codes.use(context.session, code, context.now)
    _bind(context, found.account_id)
    audit.record(context.session, context.now, audit.by_account(found.account_id), "link", subject=context.chat.channel)
    return [*say("zalo.link.linked"), *welcome(context, found.account_id, first=False)]


def _bind(context: Context, account_id: int) -> None:
    here = context.chat
    others = people.addresses(context.session, account_id)
    people.bind(context.session, account_id, (here.channel, here.bot, here.native_id), context.now)
    for other in others:
        if other.channel == here.channel:
            other.retired_at, other.retired_reason = context.now, "replaced"
            continue
        told = Message((Say("zalo.link.told", {"channel": Say(f"channel.{here.channel}")}),))
        key = f"linked:{other.id}:{context.inbox_id}"
        chat = Chat(other.channel, other.bot, other.native_id)
        outbox.put(context.session, key, told, context.now, chat=chat, account_id=account_id, kind="alert")


def _typed_by_member(context: Context, code: str) -> Replies:
    found = link_codes.find(context.session, code, context.now)
    if found is None or not found.alive:
        return say("zalo.link.expired")
    if found.account_id == context.who.account_id:
        return say("zalo.link.same")
    return say("zalo.link.other", label=context.who.label)


def _ways(context: Context, code: str) -> tuple[Say, ...]:
    """Return where the code can be typed: the channels but this one, each with its address where one is known."""
    ways = []
    link = context.settings.link("telegram", "", code)
    if context.chat.channel != "telegram" and link:
        ways.append(Say("zalo.link.telegram", {"link": verbatim(link)}))
    place = quota.Places(context.session, "zalo", context.now).take()
    if context.chat.channel != "zalo" and place:
        ways.append(Say("zalo.link.zalo", {"title": verbatim(place.title or place.bot), "link": verbatim(place.link)}))
    return tuple(ways)
