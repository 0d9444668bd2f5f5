"""Composing a directive: what it will look like and whom it reaches, then sending it, approved where that is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from handlers import directive_message, directive_screen, drafts
from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import may
from handlers.talk import Replies, as_number, press, row, say
from models import audit, directive_sending, directives, outbox, people, rules, units
from models.clock import ZONE, local, local_date
from models.database import new_id
from models.directive_sending import Addressed
from models.directives import Directive
from models.forms.base import Beneath
from models.forms.directive_audience import chosen
from models.forms.directive_when import NOW, URGENT
from models.forms.words import day_month, full_date
from models.messages import Arg, Message, Say

SHOWN_NAMES = 10
_ROLES = {"secretary": ["secretary"], "deputy": ["deputy"], "both": ["secretary", "deputy"]}


@dataclass(frozen=True, slots=True)
class Composed:
    """A directive that is not stored yet, with the branches and people it would go to."""

    directive: Directive
    people: list[Addressed]
    names: Mapping[int, str]
    branches: Collection[int]
    quiet: bool


def compose(context: Context, draft: Draft) -> Composed:
    """Return what a complete draft would send."""
    _, facts = drafts.form_and_facts(context, draft)
    beneath = facts.beneath or _nobody(context)
    answers = draft.answers
    send_at, quiet = _send_at(context, str(answers.get("send_at", NOW)))
    roles = _ROLES[answers.get("roles", "secretary")]
    unit_ids = chosen(answers, beneath)
    old = directives.get(context.session, answers.get("corrects"))
    directive = Directive(
        unit_id=draft.unit_id,
        number=answers.get("number", ""),
        title=answers["title"],
        body=answers.get("body", ""),
        carries_body=not answers.get("read_at"),
        deadline=date.fromisoformat(answers["deadline"]),
        read_at=answers.get("read_at", ""),
        asks=answers["asks"],
        form_id=answers.get("form", ""),
        counted=answers.get("counted", ""),
        audience=answers["audience"],
        answers={name: value for name, value in answers.items() if name not in ("allowed", "corrects")},
        roles=roles,
        unit_ids=unit_ids,
        send_at=send_at,
        state="active",
        revision=old.revision + 1 if old else 1,
        corrects_id=old.id if old else None,
        created_by=context.who.account_id,
        created_at=context.now,
    )
    reached = directive_sending.addressed(context.session, unit_ids, roles, context.now)
    return Composed(directive, reached, beneath.names, beneath.branches, quiet)


def _nobody(context: Context) -> Beneath:
    return Beneath({}, {}, context.settings.words.words(context.session).names)


def _send_at(context: Context, asked: str) -> tuple[datetime, bool]:
    """Return when it leaves, and whether quiet hours put it off."""
    hours = rules.book(context.session).sending_hours(context.today)
    wanted = context.now
    if asked == URGENT:
        return wanted, False
    if asked != NOW:
        day, _, clock = asked.partition("T")
        typed = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE)
        wanted = max(wanted, typed)
    allowed = hours.next_allowed(wanted)
    return allowed, allowed > wanted


# The preview ------------------------------------------------------------------------------------------------------


def preview(context: Context, draft: Draft, before: tuple[Say, ...]) -> Replies:
    """Show a complete draft as the branches will receive it, to whom it goes and when, and ask."""
    composed = compose(context, draft)
    buttons = row(
        press("button.send", "send", draft.serial),
        press("button.change", "change", draft.serial),
        press("button.cancel", "cancel", draft.serial),
    )
    if not composed.directive.unit_ids:
        return [Message((*before, Say("directive.compose.nobody")), (buttons[1:],))]
    text = directive_message.text(context.session, composed.directive)
    asked = Say("directive.compose.preview", {"text": text, "to": tuple(_to(context, composed))})
    return [Message((*before, asked), (buttons,))]


def _to(context: Context, composed: Composed) -> list[Say]:
    directive = composed.directive
    branches = set(directive.unit_ids).issubset(composed.branches)
    counted: dict[str, Arg] = {"units": len(directive.unit_ids), "people": len(composed.people)}
    told = [Say("directive.compose.to" if branches else "directive.compose.to_units", counted)]
    names = [composed.names[unit_id] for unit_id in directive.unit_ids]
    told += [] if directive.audience == "all" else [_names("names", names)]
    reached = _joined(context, composed)
    absent = [composed.names[unit_id] for unit_id in directive.unit_ids if unit_id not in reached]
    told += [_names("nobody_there", absent, count=len(absent))] if absent else []
    return told + _when(context, composed) + _warnings(context, directive)


def _names(key: str, names: Sequence[str], **more: Arg) -> Say:
    shown = ", ".join(names[:SHOWN_NAMES])
    left = len(names) - SHOWN_NAMES
    if left <= 0:
        return Say(f"directive.compose.{key}", {"names": shown, **more})
    return Say(f"directive.compose.{key}_more", {"names": shown, "count": left, "more": left, **more})


def _joined(context: Context, composed: Composed) -> set[int]:
    """Return the branches in which somebody who receives it can be reached."""
    living = people.reachable(context.session, [one.account_id for one in composed.people])
    return {unit_id for one in composed.people if one.account_id in living for unit_id in one.unit_ids}


def _when(context: Context, composed: Composed) -> list[Say]:
    send_at = local(composed.directive.send_at)
    if composed.directive.send_at <= context.now:
        return []
    key = "directive.compose.quiet" if composed.quiet else "directive.compose.at"
    return [Say(key, {"time": f"{send_at:%H:%M}", "day": day_month(send_at.date())})]


def _warnings(context: Context, directive: Directive) -> list[Say]:
    old = directives.get(context.session, directive.corrects_id)
    if old:
        return [Say("directive.compose.corrects", {"day": full_date(local_date(old.send_at))})]
    same = [
        one
        for one in directives.latest(context.session, {directive.unit_id})
        if one.number and one.number == directive.number and one.state in directives.STANDING
    ]
    told = {"number": directive.number, "day": full_date(local_date(same[0].send_at))} if same else {}
    return [Say("directive.compose.same_number", told)] if same else []


# Sending ----------------------------------------------------------------------------------------------------------


def send(context: Context, draft: Draft) -> Replies:
    """Store and send a confirmed directive, or ask a second person first; the answer is its screen."""
    composed = compose(context, draft)
    directive = composed.directive
    if not directive.unit_ids:
        return say("directive.compose.nobody")
    old = directives.get(context.session, directive.corrects_id)
    context.conversation.menu = []
    if old and old.state not in directives.STANDING:
        context.conversation.draft = None
        return say("directive.compose.no_longer")
    if rules.book(context.session).yes("directive.second_approval", context.today):
        return _ask_approval(context, composed)
    context.conversation.draft = None
    context.session.add(directive)
    context.session.flush()
    return _start(context, directive)


def _start(context: Context, directive: Directive) -> Replies:
    _audit(context, directive, "directive.send")
    old = directives.get(context.session, directive.corrects_id)
    if old:
        _replace(context, old, directive)
    message = directive_message.message(context.session, directive)
    directive_sending.prepare(context.session, directive, message, context.now)
    return [directive_screen.screen(context.session, directive, context.now)]


def _replace(context: Context, old: Directive, new: Directive) -> None:
    """Withdraw the version before; those who received it and are no longer addressed are told."""
    received = directive_sending.withdraw(context.session, old, "corrected", context.now)
    still = directive_sending.addressed(context.session, new.unit_ids, new.roles, context.now)
    gone = set(received) - {one.account_id for one in still}
    tell_recalled(context, old, sorted(gone))
    directive_screen.touch(context.session, old, context.now)


def tell_recalled(context: Context, directive: Directive, account_ids: Sequence[int]) -> None:
    """Queue the news that a directive no longer counts, once for each person."""
    notice = directive_message.recall_notice(context.session, directive)
    context.session.add_all(
        outbox.draft(
            f"directive-recall:{directive.id}:{account_id}", notice, context.now, account_id=account_id,
            lane="bulk", kind="directive",
        )
        for account_id in account_ids
    )  # fmt: skip
    context.session.flush()


def _audit(context: Context, directive: Directive, deed: str) -> None:
    new: dict[str, Any] = {"number": directive.number, "units": len(directive.unit_ids), "allowed": True}
    audit.record(
        context.session, context.now, audit.by_account(context.who.account_id), deed,
        unit_id=directive.unit_id, subject=f"directive:{directive.id}", new=new,
    )  # fmt: skip


# A second person --------------------------------------------------------------------------------------------------


def _ask_approval(context: Context, composed: Composed) -> Replies:
    directive = composed.directive
    holders = people.holders(context.session, directive.unit_id, ["officer", "admin"], context.now)
    living = people.reachable(context.session, holders)
    others = [account_id for account_id in holders if account_id != context.who.account_id and account_id in living]
    if not others:
        return say("directive.approval.nobody")
    context.conversation.draft = None
    directive.state = "approval"
    context.session.add(directive)
    context.session.flush()
    _audit(context, directive, "directive.propose")
    text = directive_message.text(context.session, directive)
    told: dict[str, Arg] = {"who": context.who.label, "text": text, "to": tuple(_to(context, composed))}
    number = new_id(directive.id)
    buttons = row(
        press("directive.button.approve", "d_approve", number), press("directive.button.refuse", "d_refuse", number)
    )
    asked = Message((Say("directive.approval.asked", told),), (buttons,))
    for account_id in others:
        key = f"directive-approval:{number}:{account_id}"
        outbox.put(context.session, key, asked, context.now, account_id=account_id)
    who = ", ".join(people.actor(context.session, account_id, context.now).label for account_id in others)
    return say("directive.approval.waiting", label=directives.label(directive), who=who)


def _proposed(context: Context, args: Sequence[str]) -> Directive | None:
    directive = directives.get(context.session, as_number(args[0])) if args else None
    if directive is None or directive.created_by == context.who.account_id:
        return None
    lineage = units.lineage(context.session, directive.unit_id, context.today)
    return directive if may(context.who, "approve", lineage) else None


def _on_approve(context: Context, args: Sequence[str]) -> Replies:
    directive = _proposed(context, args)
    if directive is None:
        return say("talk.not_allowed")
    if directive.state != "approval":
        return say("directive.approval.over", label=directives.label(directive))
    old = directives.get(context.session, directive.corrects_id)
    if old and old.state not in directives.STANDING:
        directive.state = "refused"
        return say("directive.compose.no_longer")
    directive.state, directive.approved_by = "active", context.who.account_id
    if directive.answers.get("send_at") != URGENT and directive.send_at < context.now:
        directive.send_at = rules.book(context.session).sending_hours(context.today).next_allowed(context.now)
    shown = _start(context, directive)[0]
    outbox.put(
        context.session, f"directive-approved:{directive.id}", shown, context.now, account_id=directive.created_by
    )
    return say("directive.approval.approved", label=directives.label(directive))


def _on_refuse(context: Context, args: Sequence[str]) -> Replies:
    directive = _proposed(context, args)
    if directive is None:
        return say("talk.not_allowed")
    label = directives.label(directive)
    if directive.state != "approval":
        return say("directive.approval.over", label=label)
    directive.state, directive.ended_at = "refused", context.now
    _audit(context, directive, "directive.refuse")
    told = Message((Say("directive.approval.told_refused", {"who": context.who.label, "label": label}),))
    key = f"directive-refused:{directive.id}"
    outbox.put(context.session, key, told, context.now, account_id=directive.created_by)
    return say("directive.approval.refused", label=label)


VERBS = {"d_approve": _on_approve, "d_refuse": _on_refuse}
