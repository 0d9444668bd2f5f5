"""The unit a person names in a command, by its code or in the words a line would name it with."""

from handlers.context import Context
from handlers.permissions import may
from models import units


def seen(context: Context, words: str) -> list[int]:
    """Return the ids of the units the words may mean and the speaker may see: none, one, or several to ask about."""
    unit = units.by_code(context.session, words)
    found = [units.unit_id(unit)] if unit else _by_name(context, words)
    return [
        unit_id for unit_id in found if may(context.who, "see", units.lineage(context.session, unit_id, context.today))
    ]


def _by_name(context: Context, words: str) -> list[int]:
    matched = context.settings.words.words(context.session).names.match(words)
    return [] if matched.status == "none" else [int(found) for found in matched.candidates]
