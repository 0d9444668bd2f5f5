"""What a branch was sent: a secretary's own /chidao, and the lines of it in /viec."""

from handlers.context import Context
from handlers.permissions import REPORTERS
from handlers.talk import Replies, rows_of, say
from models import directive_states, directives, units
from models.directives import Directive
from models.forms.words import day_month
from models.messages import Arg, Button, Message, Say, button, verbatim

SHOWN = 8


def command(context: Context) -> Replies:
    """Answer a secretary's /chidao: the directives their branches were sent, the newest first."""
    own = context.who.units(*REPORTERS)
    return [_of_branch(context, unit_id) for unit_id in own] or say("directive.not_addressed")


def _standing(context: Context, unit_id: int) -> list[tuple[Directive, dict[str, str]]]:
    owed = directive_states.owed_by(context.session, (unit_id,))
    found = [(directives.get(context.session, number), said[unit_id]) for number, said in owed.items()]
    return [(one, said) for one, said in found if one and directives.has_reached(one, context.now)]


def owed_lines(context: Context, unit_id: int) -> tuple[tuple[Say, ...], tuple[tuple[Button, ...], ...]]:
    """Return what directives still ask of a branch, one a line, and the buttons that show them."""
    waiting = [(one, said) for one, said in _standing(context, unit_id) if "open" in said.values()][:SHOWN]
    buttons = [button(verbatim(directives.label(one)[:40]), "d_show", one.id or 0) for one, _ in waiting]
    return tuple(_own_line(one, said) for one, said in waiting), rows_of(buttons)


def _own_line(one: Directive, said: dict[str, str]) -> Say:
    state = Say(f"directive.state.{own_state(one, said)}")
    told: dict[str, Arg] = {"label": verbatim(directives.label(one)), "state": state, "due": day_month(one.deadline)}
    return Say("directive.list.own_line", told)


def _of_branch(context: Context, unit_id: int) -> Message:
    standing = _standing(context, unit_id)[:SHOWN]
    name = units.get(context.session, unit_id).name
    if not standing:
        return Message((Say("directive.list.own_none", {"unit": name}),))
    lines = tuple(_own_line(one, said) for one, said in standing)
    buttons = [button(verbatim(directives.label(one)[:40]), "d_show", one.id or 0) for one, _ in standing]
    return Message((Say("directive.list.own_head", {"unit": name, "lines": lines}),), rows_of(buttons))


def own_state(directive: Directive, said: dict[str, str]) -> str:
    """Return how a branch stands with a directive, as a key of `directive.state`."""
    if said.get(directives.ACK) == "open":
        return "open"
    if directive.asks == "acknowledge":
        return "acknowledged"
    if said.get(directives.DO) == "open":
        return "to_do" if directive.asks == "do" else "to_report"
    return "done"
