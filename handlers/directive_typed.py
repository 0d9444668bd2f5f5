"""Acknowledgements typed in words ("đã nhận kh 27", "rõ"), tied to the right directive or asked about."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers import directive_message, form_answers
from handlers.context import Context
from handlers.directive_answers import acknowledge, carried_out, ended, report
from handlers.permissions import REPORTERS
from handlers.talk import Replies, press, rows_of, say
from models import directive_states, directives, units
from models.directive_text import reference
from models.directives import ACK, DO, Directive
from models.messages import Message, Say, button, verbatim
from models.vietnamese.folding import fold

MOST_OFFERED = 6
_DONE_SAID = re.compile(
    r"\b(?:da|vua|moi)\s+(?:\w+\s+){0,2}?(?:thuc hien|trien khai|hoan thanh|lam xong)\b"
    r"|\b(?:thuc hien|trien khai|lam|hoan thanh)\s+xong\b|\bxong\b"
)
_BARE = re.compile(
    r"\b(?:nhan|hien|khai|xong)\s+(?:so\s+)?(\d{1,4})\b(?!\s*[/.]?\s*\d)(?! (?:dang vien|dong chi|nguoi))"
)
_REPORTED = re.compile(r"^(?:bao cao|so lieu|nop|gui)\b|\b(?:hoc|quan triet|to chuc)\b|^\S+\s+\d+\s*[:,–-]")
_OF_A_MEETING = re.compile(r"\b(?:hop|sinh hoat|co mat|du hop|nhan)\b|\?")
_BARE_ALONE = re.compile(
    r"(?:\w+ ){0,3}?(?:da|vua|moi) (?:nhan(?: duoc)?|doc|xem|thuc hien|trien khai|hoan thanh|lam)(?: xong)?"
    r" (?:so |van ban |chi dao )?(?P<number>\d{1,4})(?: roi| xong)?(?: a)?"
)
_YES = ("vang", "vang a", "da", "da a", "da vang", "da vang a")
_MISSED = re.compile(r"\b(?:chua|khong|ko|chang) (?:\w+ ){0,2}?(?:nhan|thay|doc|xem)\b")
_RECEIVED = re.compile(r"\b(?:da|vua|moi) (?:nhan|doc|xem)\b")
_NOT_DONE = re.compile(r"\b(?:chua|se|dang|sap|chuan bi)\b")


def typed(context: Context, line: str, document: str | None) -> Replies:
    """Answer a typed acknowledgement: the directive it names, or the only one open, or a question which one."""
    own = context.who.units(*REPORTERS)
    if not own:
        return say("directive.not_addressed")
    folded = " ".join(fold(line).split())
    done = bool(_DONE_SAID.search(folded)) and not _NOT_DONE.search(folded)
    found = _found(context, own)
    document = document or _document(line, folded)
    missed = bool(_MISSED.search(folded)) and not _RECEIVED.search(folded)
    if document:
        meant = directives.named(found, document)
        if meant and missed:
            return _again(context, meant)
        return _about(context, meant, done=done) if meant else _unknown(found, document, done=done)
    waiting = [one for one in found if one.state in directives.STANDING and _waits(context, one, own, done=done)]
    if not waiting:
        return say("directive.none_to_do" if done else "directive.none_open")
    if missed:
        return _again(context, waiting)
    return _about(context, waiting, done=done)


def _document(line: str, folded: str) -> str | None:
    """Return the document a line names in a way only directives do: "tb 42", "đã nhận 58"."""
    said = reference(line)
    if said is not None and said.kind:
        return line
    bare = _BARE.search(folded)
    return bare[1] if bare else None


def _found(context: Context, own: tuple[int, ...]) -> list[Directive]:
    """Return the directives one's branches were sent, the newest first, ended ones too."""
    return [
        one
        for one in directives.latest(context.session, _committees(context, own))
        if one.state not in ("approval", "refused") and one.send_at <= context.now and set(own) & set(one.unit_ids)
    ]


def _committees(context: Context, own: tuple[int, ...]) -> set[int]:
    return {above for unit_id in own for above in units.lineage(context.session, unit_id, context.today)[1:]}


def _waits(context: Context, directive: Directive, own: tuple[int, ...], *, done: bool) -> bool:
    said = directive_states.owed_by(context.session, own).get(directive.id or 0, {})
    what = DO if done and directive.asks != "acknowledge" else ACK
    return any(states.get(what) == "open" for states in said.values())


def _again(context: Context, meant: Sequence[Directive]) -> Replies:
    """Show a directive once more to whoever says that it did not come; nothing is acknowledged by that."""
    standing = [one for one in meant if one.state in directives.STANDING]
    if not standing:
        return ended(context, meant[0])
    told = Say("directive.not_acknowledged", {"label": directives.label(standing[0])})
    shown = directive_message.message(context.session, standing[0])
    return [replace(shown, parts=(told, *shown.parts))]


def _about(context: Context, meant: Sequence[Directive], *, done: bool) -> Replies:
    standing = [one for one in meant if one.state in directives.STANDING]
    if not standing:
        return ended(context, meant[0])
    if len(standing) > 1:
        return _which(standing, "directive.which_done" if done else "directive.which_acked", done=done)
    return carried_out(context, standing[0]) if done else acknowledge(context, standing[0])


def _which(found: Sequence[Directive], key: str, *, done: bool) -> Replies:
    verb = "d_done" if done else "d_ack"
    buttons = [button(verbatim(directives.label(one)[:60]), verb, one.id or 0) for one in found[:MOST_OFFERED]]
    every = [button(Say("directive.button.all"), "d_ack_all")] if not done and len(found) > 1 else []
    return [Message((Say(key),), rows_of([*buttons, *every], 1))]


def _unknown(found: Sequence[Directive], document: str, *, done: bool) -> Replies:
    standing = [one for one in found if one.state in directives.STANDING]
    told = Say("directive.unknown", {"typed": document[:60]})
    if not standing:
        return [Message((told,))]
    asked = _which(standing, "directive.which_meant", done=done)[0]
    return [Message((told, *asked.parts), asked.buttons[:-1] if not done else asked.buttons)]


def _on_ack_all(context: Context, _args: Sequence[str]) -> Replies:
    own = context.who.units(*REPORTERS)
    waiting = [
        one
        for one in _found(context, own)
        if one.state in directives.STANDING and _waits(context, one, own, done=False)
    ]
    context.conversation.menu = []
    return [reply for one in waiting for reply in acknowledge(context, one)] or say("directive.none_open")


def asked_to_report(context: Context, folded: str) -> Replies | None:
    """Answer a bare "báo cáo" while a directive waits for figures: which report is meant; None where none waits."""
    own = context.who.units(*REPORTERS)
    if folded != "bao cao" or not own:
        return None
    waiting = [
        one
        for one in _found(context, own)
        if one.asks == "figures" and one.state in directives.STANDING and _waits(context, one, own, done=True)
    ]
    buttons = [button(verbatim(directives.label(one)[:60]), "d_report", one.id or 0) for one in waiting[:MOST_OFFERED]]
    meeting = press("help.button.hop", "command", "hop")
    return [Message((Say("directive.which_report"),), rows_of([*buttons, meeting], 1))] if waiting else None


def said_yes(context: Context, folded: str) -> Replies | None:
    """Answer "đã nhận 58" where such a directive came, and ask about a bare "vâng ạ" while one waits; else None."""
    own = context.who.units(*REPORTERS)
    named = _BARE_ALONE.fullmatch(folded)
    if named and own and directives.named(_found(context, own), named["number"]):
        return typed(context, folded, named["number"])
    if folded not in _YES or not own:
        return None
    waiting = [
        one
        for one in _found(context, own)
        if one.state in directives.STANDING and _waits(context, one, own, done=False)
    ]
    return _which(waiting, "directive.which_acked", done=False) if waiting else None


def reported(context: Context, line: str) -> Replies | None:
    """Begin the report a line speaks of ("học nq 12 rồi, 14/15", "báo cáo kh 58"), filled with the figures it gives."""
    own = context.who.units(*REPORTERS)
    said, folded = reference(line), " ".join(fold(line).split())
    if said is None or not said.kind or not own or not _REPORTED.search(folded) or _OF_A_MEETING.search(folded):
        return None
    meant = [one for one in directives.named(_found(context, own), line) if one.asks == "figures"]
    standing = [one for one in meant if one.state in directives.STANDING]
    if len(standing) != 1:
        return None
    asked = report(context, standing[0])
    draft = context.conversation.draft or {}
    if draft.get("answers", {}).get("directive") != standing[0].id:
        return asked
    given = _figures(folded, said.number, standing[0].form_id)
    return form_answers.typed(context, given, context.message_id) if given else asked


def _figures(folded: str, number: int, form_id: str) -> str:
    """Return the part of a line that answers the first question of a report, "" where none does."""
    rest = re.sub(rf"\b{number}\b", " ", folded, count=1)
    if form_id != "study":
        return found[-1] if len(found := re.findall(r"(?<![\d/])\d+(?![\d/])", rest)) == 1 else ""
    if share := re.search(r"\d+\s*/\s*\d+", rest):
        return share.group()
    return "chua" if _NOT_DONE.search(rest) else ""


VERBS = {"d_ack_all": _on_ack_all}
