"""What a branch answers to a directive: received, carried out, figures; by button or typed, tied to the right one."""

from collections.abc import Sequence

from handlers import dialog, directive_message, directive_screen, drafts, fill_form
from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import REPORTERS
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import directive_acks, directives, units
from models.directive_acks import By
from models.directives import ACK, Directive
from models.forms.words import day_month, full_date
from models.messages import Message, Say, button, verbatim
from models.periods import month_of


def by(context: Context) -> By:
    """Return who says something, when."""
    return By(context.who.account_id, context.now, context.today)


def own_units(context: Context, directive: Directive) -> list[int]:
    """Return the speaker's own branches that owe something under a directive."""
    owed = directive_acks.owed(context.session, directive, ACK, context.who.units(*REPORTERS))
    return [row.unit_id for row in owed]


def _addressed(context: Context, args: Sequence[str]) -> Directive | Replies:
    """Return the directive a button names if the presser's branch was addressed and it stands; else what to say."""
    directive = directives.get(context.session, as_number(args[0])) if args else None
    if directive is None or not context.who.holds(*REPORTERS):
        return say("talk.stale")
    if directive.state in ("recalled", "corrected"):
        return ended(context, directive)
    if directive.state not in directives.STANDING or not own_units(context, directive):
        return say("talk.not_allowed")
    return directive


def ended(context: Context, directive: Directive) -> Replies:
    """Say that a directive no longer counts, and show the one in its place."""
    if directive.state == "corrected" and (new := directives.corrected_by(context.session, directive)):
        message = directive_message.message(context.session, new)
        told = Say("directive.replaced", {"label": directives.label(directive)})
        return [Message((told, *message.parts), message.buttons)]
    return say("directive.recalled", label=directives.label(directive))


# Received ---------------------------------------------------------------------------------------------------------


def _on_ack(context: Context, args: Sequence[str]) -> Replies:
    directive = _addressed(context, args)
    return acknowledge(context, directive) if isinstance(directive, Directive) else directive


def acknowledge(context: Context, directive: Directive, unit_ids: Sequence[int] = ()) -> Replies:
    """Record that the speaker's branches received a directive, and say what comes next."""
    wanted = unit_ids or own_units(context, directive)
    changed = directive_acks.acknowledge(context.session, directive, wanted, by(context))
    if changed:
        directive_screen.touch(context.session, directive, context.now)
    label = directives.label(directive)
    told = (
        Say("directive.acked", {"units": _names(context, changed), "label": label})
        if changed
        else Say("directive.acked_before", {"label": label})
    )
    return [_with_next(context, directive, told)]


def _with_next(context: Context, directive: Directive, told: Say) -> Message:
    """Add the button for what is still to be done."""
    open_units = _open(context, directive)
    further = directive_message.then(directive)
    if not open_units or further is None:
        return Message((told,))
    key = "directive.then_do" if directive.asks == "do" else "directive.then_report"
    due = day_month(directive.deadline)
    return Message((told, Say(key, {"label": directives.label(directive), "due": due})), ((further,),))


def _open(context: Context, directive: Directive) -> list[int]:
    owed = directive_acks.owed(context.session, directive, directives.further(directive), own_units(context, directive))
    return [row.unit_id for row in owed if row.status == "open"]


def _names(context: Context, unit_ids: Sequence[int]) -> str:
    return ", ".join(units.get(context.session, unit_id).name for unit_id in unit_ids)


# Carried out ------------------------------------------------------------------------------------------------------


def _on_done(context: Context, args: Sequence[str]) -> Replies:
    directive = _addressed(context, args)
    if not isinstance(directive, Directive):
        return directive
    unit_id = as_number(args[1]) if len(args) > 1 else None
    own = own_units(context, directive)
    if len(args) > 1 and unit_id is not None and unit_id not in own:
        return say("talk.stale")
    if len(args) > 1:
        return carry_out(context, directive, [unit_id] if unit_id is not None else own)
    return carried_out(context, directive)


def carried_out(context: Context, directive: Directive) -> Replies:
    """Record that a directive was carried out, or ask by which of several branches."""
    if directive.asks == "acknowledge":
        done = acknowledge(context, directive)
        return [Message((Say("directive.only_acknowledge", {"label": directives.label(directive)}), *done[0].parts))]
    if directive.asks == "figures":
        directive_acks.acknowledge(context.session, directive, own_units(context, directive), by(context))
        needed = Say("directive.report_needed", {"label": directives.label(directive)})
        return [Message((needed,), (row(press("directive.button.report", "d_report", directive.id or 0)),))]
    open_units = _open(context, directive)
    if len(open_units) < 2:
        return carry_out(context, directive, open_units)
    number = directive.id or 0
    buttons = [button(verbatim(units.get(context.session, one).name), "d_done", number, one) for one in open_units]
    asked = Say("directive.which_unit_done", {"label": directives.label(directive)})
    every = button(Say("directive.button.all"), "d_done", number, "all")
    return [Message((asked,), rows_of([*buttons, every], 1))]


def carry_out(context: Context, directive: Directive, unit_ids: Sequence[int]) -> Replies:
    """Record that branches carried a directive out; a slip of the finger can be taken back."""
    changed = directive_acks.carry_out(context.session, directive, unit_ids, by(context))
    directive_screen.touch(context.session, directive, context.now)
    context.conversation.menu = []
    label = directives.label(directive)
    if not changed:
        return say("directive.done_before", label=label)
    parts = [Say("directive.done", {"units": _names(context, changed), "label": label})]
    if context.today > directive.deadline:
        parts.append(Say("directive.done_late", {"due": full_date(directive.deadline)}))
    return [Message(tuple(parts), (row(press("button.cancel", "d_undone", directive.id or 0)),))]


def _on_undone(context: Context, args: Sequence[str]) -> Replies:
    directive = _addressed(context, args)
    if not isinstance(directive, Directive):
        return directive
    own = own_units(context, directive)
    changed = directive_acks.take_back(context.session, directive, own, by(context))
    directive_screen.touch(context.session, directive, context.now)
    context.conversation.menu = []
    due = day_month(directive.deadline)
    return say("directive.not_done", label=directives.label(directive), due=due) if changed else say("talk.stale")


# Figures ----------------------------------------------------------------------------------------------------------


def _on_report(context: Context, args: Sequence[str]) -> Replies:
    directive = _addressed(context, args)
    if not isinstance(directive, Directive):
        return directive
    own = own_units(context, directive)
    unit_id = as_number(args[1]) if len(args) > 1 else None
    if directive.asks != "figures" or (len(args) > 1 and unit_id not in own):
        return say("talk.stale")
    return report(context, directive, unit_id)


def report(context: Context, directive: Directive, unit_id: int | None = None) -> Replies:
    """Begin the report a directive asks for, or ask of which of several branches."""
    own = own_units(context, directive)
    unit_id = own[0] if len(own) == 1 else unit_id
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, directive.form_id)
    if unit_id is None:
        number = directive.id or 0
        buttons = [button(verbatim(units.get(context.session, one).name), "d_report", number, one) for one in own]
        asked = Say("directive.which_unit_report", {"label": directives.label(directive)})
        return [Message((asked,), rows_of(buttons, 1))]
    return _begin_report(context, directive, unit_id)


def _begin_report(context: Context, directive: Directive, unit_id: int) -> Replies:
    context.conversation.serial += 1
    answers = {
        "directive": directive.id,
        "label": directives.label(directive),
        "counted": directive.counted,
        # One report a branch and directive, whatever the month it is sent in.
        "month": str(month_of(directive.deadline)),
    }
    draft = Draft(directive.form_id, unit_id, context.conversation.serial, answers=answers)
    form, facts = drafts.form_and_facts(context, draft)
    return fill_form.put(context, dialog.begin(form, draft, facts))


def _on_show(context: Context, args: Sequence[str]) -> Replies:
    directive = _addressed(context, args)
    if not isinstance(directive, Directive):
        return directive
    return [directive_message.message(context.session, directive)]


VERBS = {
    "d_ack": _on_ack,
    "d_done": _on_done,
    "d_undone": _on_undone,
    "d_report": _on_report,
    "d_show": _on_show,
}
