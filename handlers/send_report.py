"""Storing a report: once, whoever of the unit sends it; the one that stands already is shown with the differences."""

from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from handlers import dialog, directive_screen, drafts, live
from handlers.context import Context
from handlers.dialog import Draft, Step
from handlers.period_names import period_say
from handlers.report_receipt import differences, receipt, was_postponed
from handlers.talk import Replies, press, row, say
from models import period_states, readings, reporting, rules, submissions, units
from models.forms import FORMS
from models.forms.case_step import FORM_ID as CASE_STEP
from models.messages import Arg, Message, Say, verbatim
from models.period_states import PeriodState
from models.submissions import Submission


def send_or_ask(context: Context, step: Step) -> Replies:
    """Store a complete draft at once, unless the same report stands already: then ask what to do with it."""
    existing = already_reported(context, step.draft)
    return ask_keep_or_correct(context, step.draft, existing) if existing else send(context, step.draft)


def send(context: Context, draft: Draft) -> Replies:
    """Store the report of a complete draft and answer with the receipt."""
    old = _replaced(context, draft)
    if draft.replaces is not None and (old is None or old.state != "submitted"):
        context.conversation.draft = None
        return no_longer_open(context, old)
    closed = closed_period(context, draft)
    if closed is not None and closed.state == "locked":
        context.conversation.draft, context.conversation.menu = None, []
        return _locked(context, draft.unit_id, closed.period)
    try:
        with context.session.begin_nested():
            stored = reporting.submit(
                context.session, draft.unit_id, draft.form_id, draft.answers, drafts.sender(context), replaces=old
            )
    except IntegrityError:
        # Somebody else of the unit reported in the same moment: show theirs and ask.
        existing = already_reported(context, draft)
        return ask_keep_or_correct(context, draft, existing) if existing else _taken(context, draft)
    context.conversation.draft = None
    context.conversation.menu = []
    if old is not None:
        readings.mark_corrected(context.session, old.id or 0, context.now)
    context.conversation.sent = {"submission": stored.id, "sources": dict(draft.sources)}
    live.refresh(context, stored.unit_id, stored.period)
    directive_screen.of_report(context.session, stored, context.now)
    return [receipt(context, stored, old)]


def closed_period(context: Context, draft: Draft) -> PeriodState | None:
    """Return what closes the period a report belongs to; None while it is open, or where the report is no figure."""
    period = FORMS[draft.form_id].period(draft.answers)
    counted = rules.book(context.session).text("admission.counted_by", context.today)
    if not period or (draft.form_id == CASE_STEP and draft.answers.get("step") != counted):
        return None
    return period_states.closing(context.session, draft.unit_id, period)


def no_longer_open(context: Context, report: Submission | None) -> Replies:
    """Say why a report cannot be changed: its period is locked, or it was changed or withdrawn meanwhile."""
    if report is None or report.state != "locked":
        return say("form.no_longer_open")
    closed = period_states.closing(context.session, report.unit_id, report.period)
    return _locked(context, report.unit_id, closed.period if closed else report.period)


def _locked(context: Context, unit_id: int, period: str) -> Replies:
    return say("form.locked", period=period_say(period), unit=_unit_name(context, unit_id))


def _unit_name(context: Context, unit_id: int) -> str:
    return units.get(context.session, unit_id).name


def _taken(context: Context, draft: Draft) -> Replies:
    """Say that a correction would move a report to where another one stands."""
    form = FORMS[draft.form_id]
    period, kind = form.period(draft.answers), form.kind(draft.answers)
    rows = submissions.current(context.session, draft.unit_id, draft.form_id, period, kind)
    if not rows:
        return say("form.no_longer_open")
    unit = units.get(context.session, draft.unit_id).name
    return say("form.taken", unit=unit, headline=form.headline(rows[0].answers))


def _replaced(context: Context, draft: Draft) -> Submission | None:
    """Return the report this draft replaces: the one being corrected, or the postponement it makes good."""
    if draft.replaces is not None:
        return context.session.get(Submission, draft.replaces)
    form = FORMS[draft.form_id]
    if not form.single(draft.answers):
        return None
    period, kind = form.period(draft.answers), form.kind(draft.answers)
    rows = submissions.current(context.session, draft.unit_id, draft.form_id, period, kind)
    return rows[0] if rows and was_postponed(rows[0]) else None


def already_reported(context: Context, draft: Draft) -> Submission | None:
    """Return the report that stands where this one would, if it has not been talked about yet."""
    form = FORMS[draft.form_id]
    period = form.period(draft.answers)
    if draft.replaces is not None or not period or not form.single(draft.answers):
        return None
    if "month" not in draft.answers and draft.asking == "month":
        return None
    rows = submissions.current(context.session, draft.unit_id, draft.form_id, period, form.kind(draft.answers))
    return rows[0] if rows and not was_postponed(rows[0]) else None


def ask_keep_or_correct(context: Context, draft: Draft, existing: Submission) -> Replies:
    """Show the report that stands and what the draft says otherwise, and ask which one is right."""
    form = FORMS[draft.form_id]
    if existing.state == "locked":
        context.conversation.draft, context.conversation.menu = None, []
        return no_longer_open(context, existing)
    context.conversation.draft = replace(draft, asking=dialog.SUMMARY, offered=()).to_json()
    changed = differences(form, existing.answers, draft.answers)
    told: dict[str, Arg] = {
        "unit": units.get(context.session, draft.unit_id).name,
        "old": tuple(verbatim(line) for line in form.lines(existing.answers)),
    }
    asked = (
        Say("form.already_reported", {**told, "differences": changed}) if changed else Say("form.already_same", told)
    )
    buttons = row(
        press("button.keep", "keep_old", draft.serial),
        press("button.correct", "replace", draft.serial, existing.id or 0),
    )
    return [Message((asked,), (buttons,))]
