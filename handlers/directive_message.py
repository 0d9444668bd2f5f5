"""The words of a directive: what the branches receive, and what tells them that it was recalled."""

from sqlmodel import Session

from handlers.talk import press, row
from models import attachments, directives, units
from models.clock import local_date
from models.directives import Directive
from models.forms.directive import asks_words
from models.forms.words import full_date
from models.messages import Button, Document, Message, Rows, Say, verbatim


def message(session: Session, directive: Directive) -> Message:
    """Return what a branch receives: by default number, title, deadline and where to read it."""
    file = directive.answers.get("file")
    name = attachments.name_of(session, file)
    document = Document("directive_file", {"file": int(file)}, name) if file and name else None
    return Message(text(session, directive), buttons(directive), document)


def text(session: Session, directive: Directive) -> tuple[Say, ...]:
    """Return the sentences of a directive."""
    unit = units.get(session, directive.unit_id)
    parts = [_head(directive, unit.name), *_corrects(session, directive)]
    parts.append(Say("directive.deadline", {"day": full_date(directive.deadline)}))
    if directive.carries_body and directive.body:
        parts.append(Say("directive.body", {"body": verbatim(directive.body)}))
    if directive.read_at:
        parts.append(Say("directive.read_at", {"place": verbatim(directive.read_at)}))
    if name := attachments.name_of(session, directive.answers.get("file")):
        parts.append(Say("directive.file.goes_with", {"name": name}))
    return (*parts, Say(f"directive.ask.{directive.asks}", {"what": verbatim(_what(directive))}))


def _head(directive: Directive, unit: str) -> Say:
    title = verbatim(directive.title.rstrip("."))
    if directive.number:
        return Say("directive.head", {"number": directive.number, "unit": unit, "title": title})
    return Say("directive.head_plain", {"unit": unit, "title": title})


def _corrects(session: Session, directive: Directive) -> tuple[Say, ...]:
    old = directives.get(session, directive.corrects_id)
    return (Say("directive.corrects", {"day": full_date(local_date(old.send_at))}),) if old else ()


def _what(directive: Directive) -> str:
    answers = {"asks": directive.asks, "form": directive.form_id, "counted": directive.counted}
    return asks_words(answers).partition(": ")[2]


def buttons(directive: Directive) -> Rows:
    """Return the answers a branch may give, by what is asked."""
    return (answer_row(directive), row(press("directive.button.ask", "d_ask", directive.id or 0)))


def answer_row(directive: Directive) -> tuple[Button, ...]:
    """Return the buttons that acknowledge and fulfil a directive."""
    received = press("directive.button.acknowledge", "d_ack", directive.id or 0)
    further = then(directive)
    return (received, further) if further else (received,)


def then(directive: Directive) -> Button | None:
    """Return the button for what is asked beyond acknowledging, or None."""
    if directive.asks == "do":
        return press("directive.button.done", "d_done", directive.id or 0)
    return press("directive.button.report", "d_report", directive.id or 0) if directive.asks == "figures" else None


def recall_notice(session: Session, directive: Directive) -> Message:
    """Return what tells those who received a directive that it no longer counts."""
    unit = units.get(session, directive.unit_id).name
    return Message((Say("directive.recall_notice", {"unit": unit, "label": directives.label(directive)}),))
