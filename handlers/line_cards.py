"""Several events in one line: all cards are shown, and stored only when the person says which."""

from collections.abc import Sequence
from dataclasses import replace

from handlers import cards
from handlers.cards import Card
from handlers.context import Context
from handlers.fill_form import show_again
from handlers.line_reading import Line, understand, unit_of
from handlers.line_reports import ask_unit, begin, card_words
from handlers.talk import Replies, as_number, press, row, say
from handlers.understand import Issue, Reading
from models import reporting, units
from models.messages import Message, Say, button


def ask_about_several(context: Context, line: Line) -> Replies:
    """Show the cards of a line and ask which to send."""
    first = replace(line.reading, others=(), issues=_own_issues(line.reading))
    told = [card for card in map(cards.card_of, (first, *line.reading.others)) if card is not None]
    found = [cards.with_asides(card, line.text) for card in told]
    shown = tuple(
        Say("line.card", {"number": n, "headline": card_words(card)}) for n, card in enumerate(found, start=1)
    )
    context.conversation.waiting = {
        "cards": [{"form_id": card.form_id, "answers": dict(card.answers)} for card in found],
        "line": line.text,
    }
    one_each = [
        button(Say("line.button.one", {"number": n}), "line_cards", n - 1) for n, _ in enumerate(found, start=1)
    ]
    rows = (
        row(press("line.button.all", "line_cards", "all")),
        tuple(one_each),
        row(press("button.cancel", "line_drop")),
    )
    return [Message((Say("line.several", {"cards": shown}),), rows)]


def _own_issues(reading: Reading) -> tuple[Issue, ...]:
    return tuple(issue for issue in reading.issues if issue.code != "multi_event")


def on_cards(context: Context, args: Sequence[str]) -> Replies:
    """Answer which of the cards to send."""
    waiting, context.conversation.waiting = context.conversation.waiting, None
    if not waiting or "cards" not in waiting or not args:
        return say("talk.stale")
    if context.conversation.draft is not None:
        return show_again(context)
    chosen = [Card(**card) for card in waiting["cards"]]
    if args[0] != "all":
        number = as_number(args[0])
        chosen = chosen[number : number + 1] if number is not None else []
    reading = understand(context, waiting["line"])
    unit_id = unit_of(context, reading.branch)
    if unit_id is None:
        return ask_unit(context, Line(waiting["line"], reading)) if chosen else say("talk.stale")
    return _take_cards(context, chosen, unit_id)


def _take_cards(context: Context, chosen: Sequence[Card], unit_id: int) -> Replies:
    """Store the complete cards, then open the form of the first that still lacks something."""
    replies: Replies = []
    unit = units.get(context.session, unit_id)
    for card in sorted(chosen, key=lambda card: not _looks_complete(card)):
        if context.conversation.draft is not None:
            replies += say("line.later", headline=card_words(card))
            continue
        facts = reporting.facts_for(context.session, unit, card.form_id, context.today)
        replies += begin(context, card, unit_id, facts).replies
    return replies or say("talk.stale")


def _looks_complete(card: Card) -> bool:
    needed = ("held_on", "present") if card.form_id == "meeting" else ("count", "dates")
    return all(name in card.answers for name in needed)
