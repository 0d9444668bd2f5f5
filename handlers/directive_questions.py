"""Questions about a directive: from a secretary to the office, and the answer back to who asked."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import directive_screen
from handlers.context import Context
from handlers.permissions import REPORTERS, may
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import audit, directive_states, directives, outbox, people, units
from models.database import new_id
from models.directive_text import reference
from models.directives import Directive, DirectiveQuestion
from models.messages import Button, Message, Say, button, verbatim
from models.vietnamese.folding import fold

LONGEST = 1000
WAITS_FOR = timedelta(minutes=30)
ASKED_FOR = timedelta(days=60)  # how long after its deadline a directive is still asked about
SHOWN_TEXT = 200
_ABOUT = re.compile(r"\b(?:chi dao|van ban|ke hoach|cong van|nghi quyet|huong dan|thong bao|mau|bieu|han)\b")
_UNCLEAR = re.compile(r"\b(?:chua|khong) (?:ro|hieu)\b|\blam (?:gi|sao|the nao)\b")
_ASKING = re.compile(r"^hoi\b\s*[:,]?\s*")


def _on_ask(context: Context, args: Sequence[str]) -> Replies:
    directive = _own(context, args)
    return ask(context, directive) if directive else say("talk.stale")


def ask(context: Context, directive: Directive) -> Replies:
    """Wait for the question: the next line typed is it."""
    context.conversation.waiting = {"question": directive.id, "at": context.now.isoformat()}
    asked = Say("directive.question.ask", {"label": directives.label(directive)})
    return [Message((asked,), (row(press("button.cancel", "d_drop")),))]


def _own(context: Context, args: Sequence[str]) -> Directive | None:
    directive = directives.get(context.session, as_number(args[0])) if args else None
    if directive is None or not set(context.who.units(*REPORTERS)) & set(directive.unit_ids):
        return None
    return directive


def take(context: Context, line: str) -> Replies | None:
    """Take a typed line as the question or answer that is waited for; None when neither is."""
    waiting = context.conversation.waiting or {}
    if not waiting.get("at") or context.now - datetime.fromisoformat(waiting["at"]) > WAITS_FOR:
        return None
    if "question" in waiting:
        directive = _own(context, [str(waiting["question"])])
        context.conversation.waiting = None
        return _send(context, directive, line) if directive else None
    if "answer" in waiting:
        question = context.session.get(DirectiveQuestion, waiting["answer"])
        context.conversation.waiting = None
        return _answer(context, question, line) if question else None
    return None


def forget(context: Context) -> None:
    """Wait no longer: the person has turned to something else."""
    if (context.conversation.waiting or {}).get("at"):
        context.conversation.waiting = None


# To the office ----------------------------------------------------------------------------------------------------


def _send(context: Context, directive: Directive, line: str) -> Replies:
    context.conversation.menu = []
    own = [unit_id for unit_id in context.who.units(*REPORTERS) if unit_id in directive.unit_ids]
    question = DirectiveQuestion(
        directive_id=new_id(directive.id), account_id=context.who.account_id, unit_id=own[0],
        text=line[:LONGEST], asked_at=context.now,
    )  # fmt: skip
    context.session.add(question)
    context.session.flush()
    told = Say(
        "directive.question.arrived",
        {
            "label": directives.label(directive),
            "unit": units.get(context.session, own[0]).name,
            "who": context.who.label,
            "text": verbatim(question.text),
        },
    )
    buttons = (row(press("directive.button.answer", "d_answer", new_id(question.id))),)
    for account_id in _office(context, directive):
        key = f"directive-question:{question.id}:{account_id}"
        outbox.put(context.session, key, Message((told,), buttons), context.now, account_id=account_id, kind="alert")
    directive_screen.touch(context.session, directive, context.now)
    return say("directive.question.sent", label=directives.label(directive))


def _office(context: Context, directive: Directive) -> list[int]:
    """Return who composed it and the other officers who can be reached."""
    officers = people.holders(context.session, directive.unit_id, ["officer"], context.now)
    living = people.reachable(context.session, officers)
    return [account_id for account_id in officers if account_id in living]


# Back to who asked ------------------------------------------------------------------------------------------------


def _on_answer(context: Context, args: Sequence[str]) -> Replies:
    question = context.session.get(DirectiveQuestion, as_number(args[0]) or 0) if args else None
    if question is None or not _may_answer(context, question):
        return say("talk.not_allowed")
    if question.answered_at:
        return say("directive.question.answered_before", answer=verbatim(question.answer))
    context.conversation.waiting = {"answer": question.id, "at": context.now.isoformat()}
    unit = units.get(context.session, question.unit_id).name
    asked = Say("directive.question.ask_answer", {"unit": unit, "text": verbatim(question.text[:SHOWN_TEXT])})
    return [Message((asked,), (row(press("button.cancel", "d_drop")),))]


def _may_answer(context: Context, question: DirectiveQuestion) -> bool:
    directive = directives.get(context.session, question.directive_id)
    if directive is None:
        return False
    return may(context.who, "direct", units.lineage(context.session, directive.unit_id, context.today))


def _answer(context: Context, question: DirectiveQuestion, line: str) -> Replies:
    context.conversation.menu = []
    directive = context.session.get_one(Directive, question.directive_id)
    if not _may_answer(context, question):
        return say("talk.not_allowed")
    if question.answered_at:
        return say("directive.question.answered_before", answer=verbatim(question.answer))
    question.answer, question.answered_by, question.answered_at = line[:LONGEST], context.who.account_id, context.now
    told = Say(
        "directive.question.answer",
        {
            "label": directives.label(directive),
            "question": verbatim(question.text[:SHOWN_TEXT]),
            "answer": verbatim(question.answer),
        },
    )
    message = Message((told,), (row(press("directive.button.ask", "d_ask", question.directive_id)),))
    outbox.put(context.session, f"directive-answer:{question.id}", message, context.now, account_id=question.account_id)
    audit.record(
        context.session, context.now, audit.by_account(context.who.account_id), "directive.answer",
        unit_id=question.unit_id, subject=f"directive:{question.directive_id}",
    )  # fmt: skip
    directive_screen.touch(context.session, directive, context.now)
    asker = people.actor(context.session, question.account_id, context.now)
    return say("directive.question.answered", who=asker.label)


def _on_drop(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.waiting = None
    context.conversation.menu = []
    return say("directive.question.dropped")


# A question nobody announced --------------------------------------------------------------------------------------


def named(context: Context, line: str) -> Replies | None:
    """Offer to pass on a line that begins with "hỏi" or asks about a document it names; None for any other line."""
    said = reference(line)
    asked = said is not None and said.kind and ("?" in line or _UNCLEAR.search(_folded(line)))
    return _offer(context, line) if asked or _ASKING.match(_folded(line)) else None


def offer(context: Context, line: str) -> Replies | None:
    """Offer to pass on a question that speaks of a directive, nothing else having understood it."""
    return _offer(context, line) if "?" in line and _ABOUT.search(_folded(line)) else None


def _folded(line: str) -> str:
    return " ".join(fold(line).split())


def _offer(context: Context, line: str) -> Replies | None:
    """Ask before anything is passed on; None where no directive is open."""
    asking = _ASKING.match(_folded(line))
    waiting, standing = _standing(context)
    meant = directives.named(standing, line) or waiting or (standing if asking else [])
    if not meant:
        return None
    text = " ".join(line.split()[len(asking.group().split()) :]) if asking else line
    if not text and len(meant) == 1:
        return ask(context, meant[0])
    if not text or len(meant) > 1:
        context.conversation.waiting = {"question_text": text}
        buttons = [button(verbatim(directives.label(one)[:60]), "d_pass", one.id or 0) for one in meant[:6]]
        return [Message((Say("directive.question.which"),), (*rows_of(buttons, 1), _drop_row()))]
    context.conversation.waiting = {"question_text": text}
    asked = Say("directive.question.offer", {"label": directives.label(meant[0]), "text": verbatim(text[:SHOWN_TEXT])})
    pass_on = press("directive.button.forward_question", "d_pass", meant[0].id or 0)
    return [Message((asked,), ((pass_on, *_drop_row()),))]


def _drop_row() -> tuple[Button, ...]:
    return row(press("directive.button.drop_question", "d_drop"))


def _standing(context: Context) -> tuple[list[Directive], list[Directive]]:
    """Return the directives that still ask something of one's branches, and all that stand; the newest first."""
    owed = directive_states.owed_by(context.session, context.who.units(*REPORTERS))
    waiting: list[Directive] = []
    standing: list[Directive] = []
    for number, said in owed.items():
        directive = directives.get(context.session, number)
        if directive is None or not directives.has_reached(directive, context.now):
            continue
        if context.today <= directive.deadline + ASKED_FOR:
            standing.append(directive)
        if any("open" in states.values() for states in said.values()):
            waiting.append(directive)
    return waiting, standing


def _on_pass(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    directive = _own(context, args)
    if directive is None or not waiting or "question_text" not in waiting:
        return say("talk.stale")
    return _send(context, directive, waiting["question_text"]) if waiting["question_text"] else ask(context, directive)


VERBS = {"d_ask": _on_ask, "d_answer": _on_answer, "d_drop": _on_drop, "d_pass": _on_pass}
