"""What confirms a stored report: everything understood, what a correction changed, lateness, and how to change it."""

from handlers import figure_total
from handlers.context import Context
from handlers.period_names import period_say
from handlers.talk import press, row
from models import period_states, reporting, units
from models.forms import FORMS
from models.forms.base import Answers, Form
from models.forms.words import month_words
from models.messages import Arg, Message, Say, verbatim
from models.submissions import Submission


def receipt(context: Context, stored: Submission, old: Submission | None) -> Message:
    """Return what confirms a stored report: everything understood, lateness, and how to change it."""
    form = FORMS[stored.form_id]
    unit = units.get(context.session, stored.unit_id)
    told: dict[str, Arg] = {"unit": unit.name, "headline": form.headline(stored.answers)}
    if old is None or (was_postponed(old) and not was_postponed(stored)):
        parts = [Say("form.receipt", told)]
    else:
        added = all(stored.answers.get(name) == value for name, value in old.answers.items())
        parts = [Say("form.added_receipt" if added else "form.corrected_receipt", told)]
        parts += [_change(form, old.answers, stored.answers), *_regular_owed(stored, old)]
    parts.extend((*_timeliness(context, stored), *_approved(context, stored), *figure_total.of_stored(context, stored)))
    # After a correction "Hủy" takes back the correction, not the whole report.
    undo = "withdraw_now" if parts[0].key == "form.receipt" else "undo"
    buttons = row(press("button.change", "fix", stored.id or 0), press("button.cancel", undo, stored.id or 0))
    return Message(tuple(parts), (buttons,))


def _approved(context: Context, stored: Submission) -> tuple[Say, ...]:
    """Say that the committee's report of an approved period changes with this one."""
    closed = period_states.closing(context.session, stored.unit_id, stored.period) if stored.period else None
    return (Say("form.approved", {"period": period_say(closed.period)}),) if closed else ()


def _regular_owed(stored: Submission, old: Submission) -> tuple[Say, ...]:
    """Say that the month's regular meeting is owed again where its report became one of another kind."""
    moved = stored.form_id == reporting.MEETING and old.kind == "regular" != stored.kind
    return (Say("form.regular_owed", {"month": month_words(old.period)}),) if moved else ()


def was_postponed(report: Submission) -> bool:
    """Return whether a report only says that the meeting was put off."""
    return report.answers.get("outcome") == "postponed"


def _change(form: Form, old: Answers, new: Answers) -> Say:
    """Return what a correction changed, the old beside the new."""
    before, after = differences(form, new, old), differences(form, old, new)
    if not before:
        return Say("form.added", {"new": after}) if after else Say("form.unchanged")
    return Say("form.corrected", {"old": before, "new": after}) if after else Say("form.removed", {"old": before})


def differences(form: Form, old: Answers, new: Answers) -> tuple[Say, ...]:
    """Return the lines of the new answers that the old ones do not have."""
    before, after = set(form.lines(old)), form.lines(new)
    return tuple(verbatim(line) for line in after if line not in before)


def _timeliness(context: Context, stored: Submission) -> tuple[Say, ...]:
    if stored.form_id != reporting.MEETING or stored.kind != "regular":
        return ()
    obligation = reporting.meeting_obligation(context.session, stored)
    if obligation is None or obligation.status != "late":
        return ()
    until = obligation.on_time_until
    return (Say("form.late", {"until": f"{until.day}/{until.month}"}),)
