"""A line about the report sent just before: it corrects it, or adds what was left out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers import additions, cards, dialog, fill_form
from handlers.context import Context
from handlers.dialog import Draft
from handlers.line_reading import Line, Outcome, unit_of
from handlers.line_reports import doubt
from handlers.permissions import REPORTERS
from handlers.send_report import no_longer_open, send_or_ask
from handlers.talk import say
from models import reporting, submissions, units
from models.forms import FORMS
from models.forms.base import Choice, Facts, Filled
from models.forms.meeting import MEETING
from models.forms.meeting_answers import absent, has_attendance, held, outcome_is
from models.forms.meeting_summary import attended
from models.forms.meeting_when import NEW_ON
from models.forms.own_figures import OWN_FIGURES
from models.messages import Say
from models.submissions import Submission
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_fraction

_ADDS = ("meeting_held", "unknown", "ack_directive")  # how a line reads that only adds to a report
_COUNTED = ("present", "total", "absent_excused")
_FORM_WORDS = (
    (MEETING.id, re.compile(r"\b(?:hop|du hop|co mat|vang|buoi sinh hoat|sinh hoat chi bo)\b")),
    ("admission", re.compile(r"\b(?:ket nap|cong nhan|hoc lop)\b")),
    (
        "movement",
        re.compile(r"\b(?:chuyen (?:sinh hoat )?(?:dang )?(?:di|den)|tu tran|khai tru|xoa ten|mien sinh hoat)\b"),
    ),
)
_SURE_FOR = timedelta(days=7)  # a report sent longer ago is shown before a line corrects it


# Correct --------------------------------------------------------------------------------------------------------


def correct(context: Context, line: Line) -> Outcome:
    """Correct the report sent last: what is named replaces what was said, old and new are shown."""
    latest = _meant(context, line)
    report = _still_open(context, latest)
    if report is None and latest is not None and latest.state == "locked":
        return Outcome(no_longer_open(context, latest))
    if report is None:
        reports = context.who.holds(*REPORTERS)
        return Outcome(say("line.nothing_to_correct") if reports else fill_form.not_a_reporter(context))
    draft, facts = _draft_of(context, report)
    named, sure = _named(context, line, report)
    changed = {name: value for name, value in named.items() if report.answers.get(name) != value}
    unsure = next((found for found in line.reading.issues if found.code == "ambiguous_fraction"), None)
    if unsure is not None and report.form_id == MEETING.id:
        choices = cards.likely_answers(unsure, "held_on", facts)
        step = dialog.offer(MEETING, draft, "held_on", facts, choices)
        return Outcome(fill_form.put(context, step, doubt(unsure, line.text)), "asked")
    if not changed or not sure:
        context.conversation.draft = draft.to_json()
        return Outcome(fill_form.guarded(context, "change", [str(draft.serial)]), "asked")
    return _changed(context, draft, changed, facts, confirm=context.now - report.submitted_at > _SURE_FOR)


def _meant(context: Context, line: Line) -> Submission | None:
    """Return the report a correction speaks of: of the branch and the form it names, else the one sent last."""
    form_id, branch = _form_named(line), line.reading.branch
    if not branch or not context.who.holds(*REPORTERS):
        own = submissions.latest_of(context.session, context.who.account_id, form_id)
        return own or _of_late(context, form_id)
    unit_id = unit_of(context, branch)
    return submissions.latest_of_unit(context.session, unit_id, form_id) if unit_id is not None else None


def _form_named(line: Line) -> str | None:
    """Return the form whose words a correction uses; "19/20" is an attendance whatever was sent last."""
    slots = line.reading.slots
    fraction = any(issue.code == "ambiguous_fraction" for issue in line.reading.issues)
    if fraction or (slots.present is not None and slots.total is not None):
        return MEETING.id
    words = fold(line.text)
    return next((form_id for form_id, named in _FORM_WORDS if named.search(words)), None)


def _named(context: Context, line: Line, report: Submission) -> tuple[Mapping[str, Any], bool]:
    """Return the answers a correction names and whether they are sure; own figures are read by their own words."""
    if report.form_id == MEETING.id:
        added = _added(context, line, report)
        if added is not None and added.absent is None:
            return added.answers, True
    numbers = re.findall(r"\d+", line.text)
    if report.form_id == OWN_FIGURES.id and len(numbers) == 1 and "count" in report.answers:
        return {"count": int(numbers[0])}, True
    return cards.correction(line.reading, report.form_id, report.answers), not line.reading.needs_confirm


def _added(context: Context, line: Line, report: Submission) -> additions.Added | None:
    typed = line.text.replace(line.reading.slots.branch or "\0", " ")
    return additions.read(typed, report.answers, context.settings.words.words(context.session).lexicon)


def _of_late(context: Context, form_id: str | None = None) -> Submission | None:
    """Return what anybody sent last for one's branches, in the time in which a line may still be about it."""
    since = context.now - timedelta(hours=context.settings.addition_hours)
    return submissions.latest_in(context.session, context.who.units(*REPORTERS), since, form_id)


def _still_open(context: Context, report: Submission | None) -> Submission | None:
    if report is None or report.state != "submitted":
        return None
    return report if report.unit_id in context.who.units(*FORMS[report.form_id].reporters) else None


def _draft_of(context: Context, report: Submission) -> tuple[Draft, Facts]:
    unit = units.get(context.session, report.unit_id)
    facts = reporting.facts_for(context.session, unit, report.form_id, context.today, report.id)
    context.conversation.serial += 1
    serial = context.conversation.serial
    draft = Draft(
        report.form_id, report.unit_id, serial, answers=report.answers, replaces=report.id, brief=True,
    )  # fmt: skip
    return draft, facts


def _changed(
    context: Context, draft: Draft, changed: Mapping[str, Any], facts: Facts, *, confirm: bool = False
) -> Outcome:
    """Store the next version of a report, or ask what no longer agrees, or whether this report is meant."""
    if "count" in changed and len(draft.answers.get("dates", ())) == 1:
        changed = {"dates": draft.answers["dates"], **changed}  # one day for all stays the day
    forgotten = _follows(changed)
    kept = {name: value for name, value in draft.answers.items() if name not in forgotten}
    step = dialog.fill(FORMS[draft.form_id], replace(draft, answers=kept), changed, facts)
    if not step.complete or confirm:
        return Outcome(fill_form.put(context, step), "asked")
    return Outcome(send_or_ask(context, step), "stored")


def _follows(changed: Mapping[str, Any]) -> set[str]:
    """Return the answers that no longer hold once these change."""
    forgotten: set[str] = set()
    if "present" in changed or "total" in changed:
        forgotten |= {"absent_excused"} - changed.keys()
    if "total" in changed:
        forgotten |= {"official", "probationary", "exempt"} - changed.keys()
    if "held_on" in changed:
        forgotten |= {"month"}
    return forgotten


# Add ------------------------------------------------------------------------------------------------------------


def add(context: Context, line: Line) -> Outcome | None:
    """Take a line without a day of its own as a part of the meeting just reported; None when it is something else."""
    reading = line.reading
    if reading.intent not in _ADDS or reading.others:
        return None
    named = unit_of(context, reading.branch) if reading.branch else None
    if reading.branch and named is None:
        return None
    report = _still_open(context, _meeting_of_late(context, named))
    if report is None:
        return None
    if outcome_is(report.answers, "postponed"):
        return _new_day(context, line, report)
    if reading.slots.date is not None or not held(report.answers):
        return None
    return _details(context, line, report) or _same_meeting(context, line, report)


def _meeting_of_late(context: Context, unit_id: int | None) -> Submission | None:
    """Return the meeting reported of late for a branch; without one the person's own, else their branches' last."""
    since = context.now - timedelta(hours=context.settings.addition_hours)
    if unit_id is not None:
        return submissions.latest_in(context.session, [unit_id], since, MEETING.id)
    own = submissions.latest_of(context.session, context.who.account_id, MEETING.id)
    return own if own is not None and own.submitted_at >= since else _of_late(context, MEETING.id)


def _details(context: Context, line: Line, report: Submission) -> Outcome | None:
    added = _added(context, line, report)
    if added is None:
        return None
    draft, facts = _draft_of(context, report)
    if has_attendance(report.answers) and added.absent not in (None, absent(report.answers)):
        total = int(report.answers["total"])
        if not added.absent or added.absent >= total:
            return None
        said = {"present": total - added.absent, "total": total, **added.answers}
        return _ask_how_many(context, line, draft, facts, said)
    return _new_version(context, draft, added.answers, facts)


def _new_version(context: Context, draft: Draft, said: Mapping[str, Any], facts: Facts) -> Outcome:
    changed = {name: value for name, value in said.items() if draft.answers.get(name) != value}
    if not changed:
        return Outcome(say("line.said_already", headline=MEETING.headline(draft.answers)))
    return _changed(context, draft, changed, facts)


def _ask_how_many(context: Context, line: Line, draft: Draft, facts: Facts, said: Mapping[str, Any]) -> Outcome:
    """Ask which number is right where a line counts otherwise than the report. said: the attendance it speaks of."""
    old = {name: draft.answers[name] for name in ("present", "total")}
    excused = {name: value for name, value in said.items() if name == "absent_excused"}
    kept = old | excused if excused and excused["absent_excused"] <= absent(old) else {**draft.answers}
    choices = tuple(
        Choice(attended(fills), {name: fills[name] for name in _COUNTED if name in fills}) for fills in (said, kept)
    )
    step = dialog.offer(MEETING, draft, "present", facts, choices)
    asked = Say("line.differs", {"typed": line.shown, "old": attended(draft.answers)})
    return Outcome(fill_form.put(context, step, asked), "asked")


def _same_meeting(context: Context, line: Line, report: Submission) -> Outcome | None:
    """Take figures without a day as those of the meeting just reported; where they differ, ask which are right."""
    slots, fraction = line.reading.slots, read_fraction(line.text)
    said: dict[str, Any] = cards.attendance_again(slots, report.answers)
    if fraction is not None:
        said = {"present": fraction[0], "total": fraction[1]}
    if line.reading.needs_confirm or not has_attendance(report.answers) or "present" not in said:
        return None
    said = {"total": report.answers["total"], **said}
    if not 0 < said["present"] <= said["total"]:
        return None
    draft, facts = _draft_of(context, report)
    if any(report.answers[name] != said[name] for name in ("present", "total")):
        return _ask_how_many(context, line, draft, facts, said)
    asides = cards.with_asides(cards.Card(MEETING.id, {"outcome": "held"}), line.text).answers
    named = {**said, **{name: value for name, value in asides.items() if name != "outcome"}}
    return _new_version(context, draft, named, facts)


def _new_day(context: Context, line: Line, report: Submission) -> Outcome | None:
    """Take "ngày 8/1" after "hoãn họp" as the day the meeting was put off to."""
    if line.reading.slots.present is not None:
        return None
    draft, facts = _draft_of(context, report)
    read = NEW_ON.read(additions.day_said(line.text), report.answers, facts)
    if not isinstance(read, Filled) or date.fromisoformat(read.answers["new_on"]) <= context.today:
        return None
    return _changed(context, draft, read.answers, facts)
