"""Joining with an invitation code, issuing new codes, and a person's own data: shown, exported, removed."""

from collections.abc import Sequence
from datetime import timedelta

from handlers import help_lines, link_account, named_units
from handlers.context import Context
from handlers.permissions import may
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import accounts, audit, people, posts, units
from models.clock import local
from models.conversations import account_key, lock
from models.messages import Message, Say, button, verbatim
from models.people import ROLES, Invitation, Stranger
from models.roles import role_words, typed_role

CODE_LENGTHS = range(8, 65)  # of a word taken for a mistyped code
SHOWN_CODE = 20  # as long as a unit's code may be

# A stranger -----------------------------------------------------------------------------------------------------


def stranger(context: Context, text: str) -> Replies:
    """Answer a chat nobody is bound to: a code joins, anything else gets one polite line a day."""
    known = people.stranger(context.session, _chat(context))
    words = text.split()
    if words and words[0].lower() in ("/start", "/lienket") and len(words) > 1:
        return _try_code(context, known, words[1])
    if _locked(context, known) and not (len(words) == 1 and _looks_like_a_code(words[0])):
        return []
    if len(words) == 1 and (_is_known(context, words[0]) or _looks_like_a_code(words[0])):
        return _try_code(context, known, words[0])
    return _greet_once_a_day(context, known)


def _is_known(context: Context, word: str) -> bool:
    return _find(context, word) is not None or link_account.is_code(context, word)


def _find(context: Context, code: str) -> Invitation | None:
    """Return the invitation of a code, in capitals too: phones write small letters."""
    return people.find_invitation(context.session, code) or people.find_invitation(context.session, code.upper())


def _looks_like_a_code(word: str) -> bool:
    """Return whether a word alone is a code with a slip in it rather than a greeting."""
    return word.isascii() and word.isalnum() and len(word) in CODE_LENGTHS and any(sign.isdigit() for sign in word)


def _greet_once_a_day(context: Context, known: Stranger) -> Replies:
    if known.answered_at and local(known.answered_at).date() == local(context.now).date():
        return []
    known.answered_at = context.now
    return say("join.stranger")


def _locked(context: Context, known: Stranger) -> bool:
    return known.locked_until is not None and known.locked_until > context.now


def _try_code(context: Context, known: Stranger, code: str) -> Replies:
    if _locked(context, known):
        return say("join.locked", minutes=_minutes_left(context, known))
    linked = link_account.redeem(context, code, welcome)
    if linked is not None:
        return linked
    invitation = _find(context, code)
    if invitation is None:
        return _wrong_code(context, known)
    if invitation.used_at is not None:
        return say("join.used")
    if invitation.replaced_at is not None or invitation.expires_at <= context.now:
        return say("join.expired")
    known.wrong_codes = 0
    return _join(context, invitation)


def _wrong_code(context: Context, known: Stranger) -> Replies:
    known.wrong_codes += 1
    left = context.settings.wrong_codes - known.wrong_codes
    if left > 0:
        return say("join.wrong", left=left)
    known.wrong_codes = 0
    known.locked_until = context.now + timedelta(minutes=context.settings.lockout_minutes)
    audit.record(context.session, context.now, "stranger", "join.locked", subject=context.chat.channel)
    return say("join.locked", minutes=context.settings.lockout_minutes)


def _minutes_left(context: Context, known: Stranger) -> int:
    until = known.locked_until or context.now
    return max(1, -(-(until - context.now).seconds // 60))


def _join(context: Context, invitation: Invitation) -> Replies:
    account = context.session.get(people.Account, invitation.account_id)
    if account is None or account.removed_at is not None:
        return say("join.expired")
    account_id = people.account_id(account)
    invitation.used_at = context.now
    if invitation.role and account.joined_at is None and context.actor is not None:
        # Somebody known is given a further post: it joins the posts they hold.
        invitation.account_id = context.who.account_id
        _take_post(context, invitation, context.who.account_id)
        return welcome(context, context.who.account_id, first=False)
    if invitation.role:
        _take_post(context, invitation, account_id)
    bound = people.bind(context.session, account_id, _chat(context), context.now)
    people.retire_addresses(context.session, account_id, context.now, "replaced", keep=bound.id)
    first = account.joined_at is None
    account.joined_at = account.joined_at or context.now
    audit.record(context.session, context.now, audit.by_account(account_id), "join", subject=context.chat.channel)
    return welcome(context, account_id, first=first)


def _take_post(context: Context, invitation: Invitation, account_id: int) -> None:
    """Let a new person take over the post; the one before loses it, with the draft begun for it."""
    if invitation.unit_id is None:
        return
    ended = people.appoint(context.session, account_id, invitation.unit_id, invitation.role, context.now)
    for former in ended:
        posts.end_of_post(context.session, former, invitation.unit_id, context.now)


def welcome(context: Context, account_id: int, *, first: bool) -> Replies:
    """Greet a person who has just joined: their posts, the privacy notice the first time, and the menu."""
    actor = people.actor(context.session, account_id, context.now)
    context.actor = actor
    held = tuple(
        Say(f"role.{role}", {"unit": units.get(context.session, unit_id).name}) for role, unit_id in actor.posts
    )
    notice = (Say("join.privacy"),) if first else ()
    parts = (Say("join.welcome", {"posts": held or (Say("join.no_post"),)}), *notice, *help_lines.first_steps(actor))
    return [Message(parts, help_lines.buttons(actor), commands=help_lines.commands(actor))]


def _chat(context: Context) -> tuple[str, str, str]:
    return (context.chat.channel, context.chat.bot, context.chat.native_id)


def again(context: Context, text: str) -> Replies:
    """Answer /start from someone who has joined: a code given is tried for a further post, else the menu is shown."""
    words = text.split()
    invitation = _find(context, words[0]) if words else None
    mine = context.who.account_id
    if invitation is None or (invitation.used_at is not None and invitation.account_id == mine):
        return welcome(context, mine, first=False)
    return _try_code(context, people.stranger(context.session, _chat(context)), words[0])


# New codes ------------------------------------------------------------------------------------------------------


def invite(context: Context, words: str) -> Replies:
    """Answer /maimoi CB05 secretary: issue a code for the holder of a post, or for a new person."""
    code, _, role_typed = words.strip().partition(" ")
    if not code:
        return say("invite.usage") if context.who.holds("officer", "admin") else say("talk.not_allowed")
    unit = units.by_code(context.session, code)
    role = typed_role(role_typed)
    if unit is None:
        unit, role = _named_post(context, words)
    if unit is None:
        return say("invite.no_unit", code=words.strip()[:SHOWN_CODE])
    unit_id = units.unit_id(unit)
    if not _may_invite(context, unit_id, role or ""):
        return say("talk.not_allowed")
    if role is None:
        buttons = [button(Say(f"invite.role.{name}"), "invite_role", unit_id, name) for name in ROLES[:2]]
        return [Message((Say("invite.which_role", {"unit": unit.name}),), rows_of(buttons))]
    return _issue_at_once(context, unit_id, role)


def _named_post(context: Context, words: str) -> tuple[units.Unit | None, str | None]:
    """Return the unit and role of "tdp 5 bí thư": the role is named last, if it is named."""
    said = words.split()
    roles = (typed_role(" ".join(said[-length:])) for length in (3, 2, 1) if len(said) > length)
    length, role = next(((n, role) for n, role in zip((3, 2, 1), roles, strict=False) if role), (0, None))
    found = named_units.seen(context, " ".join(said[: len(said) - length]))
    return (units.get(context.session, found[0]) if len(found) == 1 else None), role


def _may_invite(context: Context, unit_id: int, role: str) -> bool:
    """Return whether the speaker may give this post away: an administrator's only another administrator."""
    deed = "import" if role == "admin" else "invite"
    return may(context.who, deed, units.lineage(context.session, unit_id, context.today))


def _issue_at_once(context: Context, unit_id: int, role: str) -> Replies:
    """Issue a code for whoever holds the post (a new phone), and offer one for a new person instead."""
    held = people.holders(context.session, unit_id, [role], context.now)
    if not held:
        return _issue(context, unit_id, role, None)
    [issued] = _issue(context, unit_id, role, held[0])
    holder = people.actor(context.session, held[0], context.now)
    buttons = row(press("invite.button.new", "invite_new", unit_id, role))
    return [Message((*issued.parts, Say("invite.for_holder", {"holder": holder.label})), (buttons,))]


def _issue(context: Context, unit_id: int, role: str, account_id: int | None) -> Replies:
    unit = units.get(context.session, unit_id)
    code = context.settings.new_code()
    if account_id is None:
        label = f"{role_words()[role].label} {unit.code}"
        account_id = accounts.new_account(context.session, label, context.now)
    days = context.settings.invitation_days
    people.issue_invitation(context.session, account_id, code, context.now, days, (unit_id, role))
    actor = audit.by_account(context.who.account_id)
    audit.record(context.session, context.now, actor, "invite", unit_id=unit_id, subject=role)
    link = context.settings.link(context.chat.channel, context.chat.bot, code)
    told = Say("invite.issued", {"role": Say(f"role.{role}", {"unit": unit.name}), "code": code, "days": days})
    return [Message((told, verbatim(link)) if link else (told,))]


def _on_invite(context: Context, verb: str, args: Sequence[str]) -> Replies:
    unit_id = as_number(args[0]) if args else None
    role = args[1] if len(args) > 1 else ""
    if unit_id is None or role not in ROLES:
        return say("talk.stale")
    if not _may_invite(context, unit_id, role):
        return say("talk.not_allowed")
    if verb == "role":
        return _issue_at_once(context, unit_id, role)
    for holder in people.holders(context.session, unit_id, [role], context.now):
        people.cancel_codes(context.session, holder, context.now)
    return _issue(context, unit_id, role, None)


# One's own account ----------------------------------------------------------------------------------------------


def my_data(context: Context) -> Replies:
    """Answer /dulieu: everything the bot keeps about the person who asks."""
    account_id = context.who.account_id
    account = context.session.get(people.Account, account_id)
    chats = people.addresses(context.session, account_id)
    held = tuple(
        Say(f"role.{role}", {"unit": units.get(context.session, unit_id).name}) for role, unit_id in context.who.posts
    )
    joined = account.joined_at if account else None
    told = Say(
        "data.shown",
        {
            "label": context.who.label,
            "posts": held or (Say("join.no_post"),),
            "channels": tuple(Say(f"channel.{chat.channel}") for chat in chats),
            "joined": f"{local(joined):%d/%m/%Y}" if joined else "–",
            "reports": accounts.reports_sent(context.session, account_id),
        },
    )
    return [Message((told,), (row(press("data.button.remove", "remove_account")),))]


def ask_removal(_context: Context, _args: Sequence[str]) -> Replies:
    """Answer /xoataikhoan: say what goes and what stays, and ask."""
    buttons = row(press("data.button.remove_now", "remove_now"), press("button.keep", "keep"))
    return [Message((Say("data.ask_removal"),), (buttons,))]


def _on_remove(context: Context, _args: Sequence[str]) -> Replies:
    account_id = context.who.account_id
    accounts.remove_account(context.session, account_id, context.now)
    talk = lock(context.session, account_key(account_id), context.now)
    talk.draft, talk.menu, talk.waiting, talk.sent = None, [], None, None
    audit.record(context.session, context.now, audit.by_account(account_id), "account.remove")
    return say("data.removed")


VERBS = {
    "invite_role": lambda context, args: _on_invite(context, "role", args),
    "invite_new": lambda context, args: _on_invite(context, "new", args),
    "remove_account": ask_removal,
    "remove_now": _on_remove,
}
