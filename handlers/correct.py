"""Correct or withdraw a report that was sent, by its buttons or by editing the message it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers import dialog, directive_screen, drafts, fill_form, line_reading, live
from handlers.context import Context
from handlers.dialog import SUMMARY, Draft
from handlers.permissions import may_report
from handlers.send_report import no_longer_open, send
from handlers.talk import Replies, as_number, press, row, say
from models import readings, reporting, units
from models.forms import FORMS
from models.forms.base import Facts, Problem
from models.messages import Incoming, Message, Say, verbatim
from models.submissions import Submission


def _own_report(context: Context, args: Sequence[str]) -> Submission | None:
    """Return the report a button names if it still stands and the presser may change it."""
    report = _named_report(context, args)
    return report if report is not None and report.state == "submitted" else None


def _named_report(context: Context, args: Sequence[str]) -> Submission | None:
    report = context.session.get(Submission, as_number(args[0]) or 0) if args else None
    if report is None or not may_report(context.who, FORMS[report.form_id].reporters, report.unit_id):
        return None
    return report


def _on_fix(context: Context, args: Sequence[str]) -> Replies:
    report = _own_report(context, args)
    if report is None:
        return no_longer_open(context, _named_report(context, args))
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, report.form_id)
    context.conversation.draft = _draft_of(context, report).to_json()
    return fill_form.guarded(context, "change", [str(context.conversation.serial)])


def _draft_of(context: Context, report: Submission) -> Draft:
    context.conversation.serial += 1
    return Draft(
        report.form_id,
        report.unit_id,
        context.conversation.serial,
        answers=report.answers,
        asking=SUMMARY,
        replaces=report.id,
        brief=_told_in_brief(context, report),
    )


def _told_in_brief(context: Context, report: Submission) -> bool:
    """Return whether the report left out what may be left out: its correction does not ask for that either."""
    facts = Facts(today=context.today)
    left_out = (field for field in FORMS[report.form_id].fields if field.id not in report.answers and not field.needed)
    return any(field.asked(report.answers, facts) for field in left_out)


def _on_withdraw(context: Context, args: Sequence[str]) -> Replies:
    report = _own_report(context, args)
    if report is None:
        return no_longer_open(context, _named_report(context, args))
    headline = FORMS[report.form_id].headline(report.answers)
    unit = units.get(context.session, report.unit_id)
    buttons = row(
        press("button.withdraw", "withdraw_now", report.id or 0), press("button.keep", "keep", report.id or 0)
    )
    return [Message((Say("form.ask_withdraw", {"unit": unit.name, "headline": headline}),), (buttons,))]


def _on_withdraw_now(context: Context, args: Sequence[str]) -> Replies:
    report = _own_report(context, args)
    if report is None:
        return no_longer_open(context, _named_report(context, args))
    reporting.withdraw(context.session, report, drafts.sender(context))
    readings.mark_corrected(context.session, report.id or 0, context.now)
    context.conversation.menu = []
    if (context.conversation.draft or {}).get("replaces") == report.id:
        context.conversation.draft = None  # what was being changed is gone
    live.refresh(context, report.unit_id, report.period)
    directive_screen.of_report(context.session, report, context.now)
    return say("form.withdrawn", headline=FORMS[report.form_id].headline(report.answers))


def _on_undo(context: Context, args: Sequence[str]) -> Replies:
    """Take a correction back: the version before it is sent once more."""
    report = _own_report(context, args)
    before = context.session.get(Submission, report.replaces_id) if report and report.replaces_id else None
    if report is None or before is None:
        return no_longer_open(context, _named_report(context, args))
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, report.form_id)
    return send(context, replace(_draft_of(context, report), answers=before.answers))


def _on_keep(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.menu = []
    return say("form.kept")


def edited(context: Context, incoming: Incoming) -> Replies:
    """Answer an edited message: the open question takes it, a sent report is offered to be corrected."""
    stored = context.conversation.draft
    if stored is not None:
        draft = Draft.from_json(stored)
        field_id = _answered_by(draft.sources, incoming.message_id)
        if field_id == line_reading.LINE:
            return _reread(context, draft, incoming.text)
        return _reanswer(context, draft, field_id, incoming) if field_id else say("edited.unknown")
    sent = context.conversation.sent or {}
    field_id = _answered_by(sent.get("sources", {}), incoming.message_id)
    report = _own_report(context, [str(sent.get("submission", 0))])
    if report is None or field_id is None:
        return say("edited.unknown")
    if field_id == line_reading.LINE:
        draft = replace(_draft_of(context, report), brief=True, sources=sent.get("sources", {}))
        return _reread(context, draft, incoming.text)
    return _reanswer(context, _draft_of(context, report), field_id, incoming)


def _answered_by(sources: Mapping[str, str], message_id: str) -> str | None:
    return next((field_id for field_id, source in sources.items() if source == message_id), None)


def _reread(context: Context, draft: Draft, text: str) -> Replies:
    """Offer what an edited one-line report says now, in place of what was read from it before."""
    changed = line_reading.answers_of(context, text, draft)
    if not changed:
        return say("edited.unknown")
    if all(draft.answers.get(name) == value for name, value in changed.items()):
        return []
    form = FORMS[draft.form_id]
    unit = units.get(context.session, draft.unit_id)
    facts = reporting.facts_for(context.session, unit, draft.form_id, context.today, draft.replaces)
    return _offered(fill_form.put(context, dialog.fill(form, draft, changed, facts)))


def _offered(replies: Replies) -> Replies:
    return [Message((Say("edited.offered"), *replies[0].parts), replies[0].buttons)]


def _reanswer(context: Context, draft: Draft, field_id: str, incoming: Incoming) -> Replies:
    form = FORMS[draft.form_id]
    unit = units.get(context.session, draft.unit_id)
    facts = reporting.facts_for(context.session, unit, draft.form_id, context.today, draft.replaces)
    read = form.field(field_id).read(incoming.text, draft.answers, facts)
    if isinstance(read, Problem):
        return [Message((verbatim(read.words), Say("edited.unchanged")))]
    if all(draft.answers.get(name) == value for name, value in read.answers.items()):
        return []
    changed = dialog.change(form, draft, field_id, facts).draft
    step = dialog.fill(form, replace(changed, sources=draft.sources), read.answers, facts)
    return _offered(fill_form.put(context, step))


VERBS = {"fix": _on_fix, "withdraw": _on_withdraw, "withdraw_now": _on_withdraw_now, "undo": _on_undo, "keep": _on_keep}
