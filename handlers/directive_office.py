"""/chidao: the latest directives, how one stands, and what the office does with it."""

import re
from collections.abc import Callable, Collection, Sequence

from handlers import directive_compose, directive_message, directive_own, directive_screen, directive_start
from handlers.context import Context
from handlers.permissions import COMMITTEE, REPORTERS, may
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import audit, directive_sending, directive_states, directives, units
from models.clock import local_date
from models.directive_text import reference
from models.directives import Directive
from models.forms.words import day_month
from models.messages import Arg, Button, Document, Message, Say, button, verbatim
from models.vietnamese.folding import fold

Deed = Callable[[Context, Directive], Replies]
Verb = Callable[[Context, Sequence[str]], Replies]

SHOWN = 8
_ASKED = re.compile(r"\?|\bchua\b|\bbao nhieu\b|\btinh hinh\b|\bden dau\b|\btien do\b")
_NEW = ("moi", "soan", "mới", "soạn")


def command(context: Context, words: str) -> Replies:
    """Answer /chidao [number or text]: the list, one directive, or a new one begun with the text."""
    text = words.strip()
    if not context.who.holds(*COMMITTEE):
        return directive_own.command(context)
    if not text:
        return _list(context)
    return directive_start.start(context) if text.lower() in _NEW else _find(context, text)


def _find(context: Context, text: str) -> Replies:
    found = directives.named(_latest(_seen(context)), text) if len(text) <= 40 else []
    if found:
        return _show(context, found)
    if len(text.split()) >= 6 and context.who.holds("officer"):
        return directive_start.start(context, text)
    return say("directive.list.not_found", typed=text[:80])


def _show(context: Context, found: Sequence[Directive]) -> Replies:
    """Show the directive that was named; of several the one that stands, else ask."""
    standing = [one for one in found if one.state in directives.STANDING]
    one = standing[0] if len(standing) == 1 else found[0] if len(found) == 1 else None
    return [_screen(context, one)] if one else _choose(found)


def _screen(context: Context, directive: Directive) -> Message:
    """Return how a directive stands; whoever oversees only some of its branches sees these."""
    lineage = units.lineage(context.session, directive.unit_id, context.today)
    if may(context.who, "see", lineage):
        managed = may(context.who, "direct", lineage)
        return directive_screen.screen(context.session, directive, context.now, managed=managed)
    below = units.subtree(context.session, context.who.units(*COMMITTEE), context.today)
    return directive_screen.part(context.session, directive, below, context.now)


def _choose(found: Sequence[Directive]) -> Replies:
    buttons = [
        button(verbatim(f"{directives.label(one)} ({day_month(local_date(one.send_at))})"), "d_view", one.id or 0)
        for one in found[:SHOWN]
    ]
    return [Message((Say("directive.list.which"),), rows_of(buttons, 1))]


def _seen(context: Context) -> list[Directive]:
    held = context.who.units(*COMMITTEE)
    below = units.subtree(context.session, held, context.today)
    above = {one for unit_id in held for one in units.lineage(context.session, unit_id, context.today)}
    found = directives.latest(context.session, below | above)
    return [one for one in found if one.unit_id in below or below & set(one.unit_ids)]


def _latest(seen: list[Directive]) -> list[Directive]:
    """Leave out the versions that another one replaced."""
    replaced = {one.corrects_id for one in seen if one.state not in ("approval", "refused")}
    return [one for one in seen if one.id not in replaced]


def _list(context: Context) -> Replies:
    seen = _latest(_seen(context))[:SHOWN]
    compose = (row(press("directive.button.compose", "d_compose")),) if context.who.holds("officer") else ()
    if not seen:
        return [Message((Say("directive.list.none" if compose else "directive.list.none_seen"),), compose)]
    lines = tuple(_line(context, directive) for directive in seen)
    views = [button(verbatim(directives.label(one)[:40]), "d_view", one.id or 0) for one in seen]
    return [Message((Say("directive.list.head", {"lines": lines}),), (*rows_of(views), *compose))]


def _line(context: Context, directive: Directive) -> Say:
    told: dict[str, Arg] = {
        "label": verbatim(directives.label(directive)),
        "sent": day_month(local_date(directive.send_at)),
    }
    if directive.state in ("approval", "refused", "recalled", "corrected"):
        return Say("directive.list.ended", {**told, "state": Say(f"directive.state.{directive.state}")})
    said = directive_states.answered(context.session, directive)
    told |= {"acked": said.acknowledged, "all": said.all}
    if directive.asks == "acknowledge":
        return Say("directive.list.line", told)
    key = "directive.list.line_report" if directive.asks == "figures" else "directive.list.line_do"
    return Say(key, {**told, "done": said.done})


def asked(context: Context, line: str) -> Replies | None:
    """Answer the office's question about a directive it names ("kh 58 ai chưa nhận?"); None for any other line."""
    said = reference(line)
    if said is None or not said.kind or context.who.holds(*REPORTERS) or not context.who.holds(*COMMITTEE):
        return None
    found = directives.named(_seen(context), line) if _ASKED.search(fold(line)) else []
    return _show(context, found) if found else None


# Buttons of the office --------------------------------------------------------------------------------------------


def _managed(context: Context, args: Sequence[str], deed: str = "direct") -> Directive | None:
    """Return the directive a button names, if the presser may do the deed to it."""
    directive = directives.get(context.session, as_number(args[0])) if args else None
    if directive is None:
        return None
    lineage = units.lineage(context.session, directive.unit_id, context.today)
    return directive if may(context.who, deed, lineage) else None


def _on_view(context: Context, args: Sequence[str]) -> Replies:
    directive = directives.get(context.session, as_number(args[0])) if args else None
    seen = directive is not None and directive.id in {one.id for one in _seen(context)}
    return [_screen(context, directive)] if directive and seen else say("talk.stale")


def _while(states: Collection[str], deed: Deed) -> Verb:
    """Return what a button does: the deed, if the presser may and the directive is still in one of these states."""

    def pressed(context: Context, args: Sequence[str]) -> Replies:
        directive = _managed(context, args)
        if directive is None:
            return say("talk.not_allowed")
        return deed(context, directive) if directive.state in states else _over(directive)

    return pressed


def _pause(context: Context, directive: Directive) -> Replies:
    directive_sending.pause(context.session, directive, context.now)
    return _changed(context, directive, "directive.pause", Say("directive.deed.paused"))


def _resume(context: Context, directive: Directive) -> Replies:
    message = directive_message.message(context.session, directive)
    directive_sending.resume(context.session, directive, message, context.now)
    if directive.prepared < len(directive.unit_ids):
        directive_sending.prepare(context.session, directive, message, context.now)
    return _changed(context, directive, "directive.resume", Say("directive.deed.resumed"))


def _ask_stop(context: Context, directive: Directive) -> Replies:
    waiting = directive_states.counts(context.session, directive).waiting
    asked = Say("directive.deed.ask_stop", {"label": directives.label(directive), "count": waiting})
    return [Message((asked,), (row(press("directive.button.stop_now", "d_stop_now", directive.id or 0), _keep()),))]


def _keep() -> Button:
    return press("button.keep", "keep")


def _stop(context: Context, directive: Directive) -> Replies:
    directive_sending.stop(context.session, directive, context.now)
    return _changed(context, directive, "directive.stop", Say("directive.deed.stopped"))


def _send_again(context: Context, directive: Directive) -> Replies:
    message = directive_message.message(context.session, directive)
    count = directive_sending.send_again(context.session, directive, message, context.now)
    if not count:
        return say("directive.deed.nobody_again")
    return _changed(context, directive, "directive.again", Say("directive.deed.again", {"count": count}))


def _ask_recall(context: Context, directive: Directive) -> Replies:
    sent = directive_states.counts(context.session, directive).sent
    asked = Say("directive.deed.ask_recall", {"label": directives.label(directive), "count": sent})
    return [Message((asked,), (row(press("directive.button.recall_now", "d_recall_now", directive.id or 0), _keep()),))]


def _recall(context: Context, directive: Directive) -> Replies:
    received = directive_sending.withdraw(context.session, directive, "recalled", context.now)
    directive_compose.tell_recalled(context, directive, received)
    told = Say("directive.deed.recalled", {"label": directives.label(directive), "count": len(received)})
    return _changed(context, directive, "directive.recall", told)


def _on_xlsx(context: Context, args: Sequence[str]) -> Replies:
    directive = _managed(context, args, "see")
    if directive is None:
        return say("talk.stale")
    number = (directive.number or f"so-{directive.id}").replace("/", "-")
    told = Say("directive.status.xlsx", {"label": directives.label(directive)})
    document = Document("directive_xlsx", {"directive": directive.id or 0}, f"chi-dao-{number}.xlsx")
    return [Message((told,), document=document)]


def _over(directive: Directive) -> Replies:
    return say("directive.deed.over", label=directives.label(directive))


def _changed(context: Context, directive: Directive, deed: str, told: Say) -> Replies:
    context.conversation.menu = []
    audit.record(
        context.session, context.now, audit.by_account(context.who.account_id), deed,
        unit_id=directive.unit_id, subject=f"directive:{directive.id}",
    )  # fmt: skip
    directive_screen.touch(context.session, directive, context.now)
    return [Message((told,))]


VERBS: dict[str, Verb] = {
    "d_view": _on_view,
    "d_pause": _while(("active",), _pause),
    "d_resume": _while(("paused",), _resume),
    "d_stop": _while(directives.RUNNING, _ask_stop),
    "d_stop_now": _while(directives.RUNNING, _stop),
    "d_again": _while(("active",), _send_again),
    "d_recall": _while(directives.STANDING, _ask_recall),
    "d_recall_now": _while(directives.STANDING, _recall),
    "d_correct": _while(directives.STANDING, directive_start.correct),
    "d_xlsx": _on_xlsx,
}
