"""/kn: the admission cases of one's branches, what each waits for and until when; a step is one button and a date."""

from collections.abc import Sequence
from datetime import date

from handlers import dialog, fill_form
from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import REPORTERS, may, roots
from handlers.talk import Replies, press, rows_of, say
from models import cases, reporting, units
from models.cases import AdmissionCase
from models.forms import FORMS
from models.forms.case_step import ENDED, FORM_ID, OPENED, STEPS, case_label, step_words
from models.forms.words import full_date
from models.messages import Button, Message, Say, button, verbatim
from models.rules import book

SHOWN = 20


def command(context: Context, _words: str) -> Replies:
    """Answer /kn: the open cases of the branches one reports for, else of the subtree one sees."""
    own = context.reports_for(*REPORTERS)
    seen = set(own) if own else units.subtree(context.session, roots(context.who), context.today)
    if not seen:
        return say("cases.nothing")
    found = cases.of_units(context.session, seen)
    opening = [press("cases.button.open", "case_step", unit_id, OPENED) for unit_id in own[:4]]
    if not found:
        return [Message((Say("cases.none"),), rows_of(opening, 1))]
    head = Say("cases.head", {"count": len(found)})
    lines = tuple(_line(context, case, named=len(seen) > 1) for case in found[:SHOWN])
    shown = [
        button(verbatim(case_label(case.serial, cases.next_step(case))), "case", case.serial) for case in found[:8]
    ]
    return [Message((head, *lines), rows_of([*shown, *opening], 1))]


def _line(context: Context, case: AdmissionCase, *, named: bool) -> Say:
    unit = f"{units.get(context.session, case.unit_id).name}, " if named else ""
    waits = step_words(cases.next_step(case))
    line = Say("cases.line", {"unit": unit, "serial": case.serial, "waits": waits[:1].lower() + waits[1:]})
    due = _next_due(context, case)
    return Say("cases.until", {"line": line, "day": full_date(due)}) if due else line


def _next_due(context: Context, case: AdmissionCase) -> date | None:
    running = [one for one in cases.deadlines(case, book(context.session)) if one.met_on is None]
    return min((one.due_on for one in running), default=None)


def _case(context: Context, args: Sequence[str]) -> AdmissionCase | None:
    found = cases.by_serial(context.session, args[0]) if args else None
    if found is None or not may(context.who, "see", units.lineage(context.session, found.unit_id, context.today)):
        return None
    return found


def _on_case(context: Context, args: Sequence[str]) -> Replies:
    """Show one case: every date there is, and the steps that may come now."""
    case = _case(context, args)
    if case is None:
        return say("talk.stale")
    head = Say("cases.of", {"serial": case.serial, "unit": units.get(context.session, case.unit_id).name})
    done = [
        verbatim(f"– {step_words(step)}: {full_date(day)}")
        for step, column in cases.COLUMNS.items()
        if (day := getattr(case, column))
    ]
    running = [
        Say(f"cases.deadline.{one.what}", {"day": full_date(one.due_on)})
        for one in cases.deadlines(case, book(context.session))
        if one.met_on is None
    ]
    own = case.is_open and case.unit_id in context.who.units(*REPORTERS)
    return [Message((head, *done, *running), rows_of(_steps(case), 1) if own else ())]


def _steps(case: AdmissionCase) -> list[Button]:
    """Return the steps after the last one that was reported, the next one first, and stopping the case."""
    names = [step for step in cases.COLUMNS if step not in (OPENED, ENDED)]
    waits = cases.next_step(case)
    coming = names[names.index(waits) :] if waits in names else []
    return [
        button(verbatim(step_words(step)), "case_step", case.unit_id, step, case.serial)
        for step in (*coming[:3], ENDED)
    ]


def _on_step(context: Context, args: Sequence[str]) -> Replies:
    """Begin the report of a step: of the admission form where the step is a figure, of the case's own form else."""
    unit_id, step = int(args[0]) if args and args[0].isdecimal() else 0, args[1] if len(args) > 1 else ""
    if unit_id not in context.who.units(*REPORTERS) or step not in cases.COLUMNS:
        return say("talk.stale")
    if context.conversation.draft is not None:
        return fill_form.ask_about_open_draft(context, FORM_ID if step in STEPS else "admission")
    case = {"case": args[2]} if len(args) > 2 else {}
    form_id, said = (FORM_ID, {"step": step}) if step in STEPS else ("admission", {"event": step, "count": 1})
    context.conversation.serial += 1
    draft = Draft(form_id, unit_id, context.conversation.serial, answers={**said, **case})
    facts = reporting.facts_for(context.session, units.get(context.session, unit_id), form_id, context.today)
    return fill_form.put(context, dialog.begin(FORMS[form_id], draft, facts))


VERBS = {"case": _on_case, "case_step": _on_step}
