"""Everything people do with directives, for the router: one command, the buttons, and lines typed in passing."""

from handlers import (
    directive_answers,
    directive_attachment,
    directive_compose,
    directive_office,
    directive_questions,
    directive_start,
    directive_typed,
)
from handlers.context import Context
from handlers.talk import Replies, Verbs
from models.vietnamese.folding import fold

command = directive_office.command
turn_away = directive_questions.forget
awaited = directive_questions.take
acknowledge = directive_typed.typed
left_over = directive_questions.offer
wants_text = directive_start.wants_text
file = directive_attachment.received


def before_reports(context: Context, line: str) -> Replies | None:
    """Answer a line that plainly speaks of a directive; None leaves it to be read as a report."""
    folded = " ".join(fold(line).split()).strip(" .?!")
    return (
        directive_typed.asked_to_report(context, folded)
        or directive_typed.said_yes(context, folded)
        or directive_typed.reported(context, line)
        or directive_office.asked(context, line)
        or directive_questions.named(context, line)
    )


VERBS: Verbs = {
    **directive_start.VERBS,
    **directive_compose.VERBS,
    **directive_office.VERBS,
    **directive_answers.VERBS,
    **directive_typed.VERBS,
    **directive_questions.VERBS,
}
