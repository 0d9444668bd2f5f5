"""What confirms a stored report: everything understood, what a correction changed, lateness, and how to change it."""

from handlers.context import Context
from handlers.talk import press, row
from models import reporting, units
from models.forms import FORMS
from models.forms.base import Answers, Form
from models.messages import Message, Say, verbatim
from models.submissions import Submission


def receipt(context: Context, stored: Submission, old: Submission | None) -> Message:
    """Return what confirms a stored report: everything understood, lateness, and how to change it."""
    form = FORMS[stored.form_id]
    unit = units.get(context.session, stored.unit_id)
    key = "form.receipt" if old is None or was_postponed(old) else "form.corrected_receipt"
    parts = [Say(key, {"unit": unit.name, "headline": form.headline(stored.answers)})]
    if key == "form.corrected_receipt" and old is not None:
        parts.append(_change(form, old.answers, stored.answers))
    parts.extend(_timeliness(context, stored))
    buttons = row(
        press("button.change", "fix", stored.id or 0),
        press("button.cancel", "withdraw_now", stored.id or 0),
    )
    return Message(tuple(parts), (buttons,))


def was_postponed(report: Submission) -> bool:
    """Return whether a report only says that the meeting was put off."""
    return report.answers.get("outcome") == "postponed"


def _change(form: Form, old: Answers, new: Answers) -> Say:
    """Return what a correction changed, the old beside the new."""
    before, after = differences(form, new, old), differences(form, old, new)
    return Say("form.corrected", {"old": before, "new": after}) if before or after else Say("form.unchanged")


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
