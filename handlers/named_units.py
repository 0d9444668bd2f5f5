"""The unit a person names in a command, by its code or in the words a line would name it with."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.permissions import may
from models import units
from models.messages import Action
from models.vietnamese.branch_names import BranchMatch


def seen(context: Context, words: str) -> list[int]:
    """Return the ids of the units the words may mean and the speaker may see: none, one, or several to ask about."""
    unit = units.by_code(context.session, words)
    found = [units.unit_id(unit)] if unit else _by_name(context, words)
    return [
        unit_id for unit_id in found if may(context.who, "see", units.lineage(context.session, unit_id, context.today))
    ]


def _by_name(context: Context, words: str) -> list[int]:
    matched = _matched(context, words)
    return [] if matched.status == "none" else [int(found) for found in matched.candidates]


def _certainly(context: Context, words: str) -> list[int]:
    """Return what the words name, or may name as well as another; a single name that is only like them is doubtful."""
    matched = _matched(context, words)
    sure = matched.status == "match" or len(matched.candidates) > 1
    return [int(found) for found in matched.candidates] if sure else []


def _matched(context: Context, words: str) -> BranchMatch:
    return context.settings.words.words(context.session).names.match(words)


# The actions that choose a unit, with the place of its id.
_CHOOSE = {"line_unit": 0, "d_begin": 0, "begin": 1, "overview": 1, "branch": 1, "report": 1,
           "report_words": 0, "figure_unit": 0}  # fmt: skip
MOST_WORDS = 10


def chosen(context: Context, menu: Sequence[str], typed: str) -> str | None:
    """Return the open menu's action for the unit that a line names and does nothing but name, or None.

    Of several units the words may name, the menu settles which one is meant when it offers only that.
    """
    offered: dict[int, str] = {}
    for encoded in menu:
        action = Action.decode(encoded)
        place = _CHOOSE.get(action.verb)
        if place is not None and len(action.args) > place and action.args[place].isdecimal():
            offered.setdefault(int(action.args[place]), encoded)
    if len(offered) < 2 or len(typed.split()) > MOST_WORDS:
        return None
    unit = units.by_code(context.session, typed)
    named = [units.unit_id(unit)] if unit else _certainly(context, typed)
    meant = set(named) & offered.keys()
    return offered[meant.pop()] if len(meant) == 1 else None
