"""The committee's own figures typed by its office ("đã ban hành 8 văn bản"): stored when clear, else one question.

What was said the same before, or is the total of a period of which something is known already, is shown with what
stands and stored only when it is sent: no figure is counted twice in silence.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from handlers import dialog, figure_lines, fill_form
from handlers.context import Context
from handlers.dialog import Draft
from handlers.figure_lines import Said
from handlers.figure_total import total_words
from handlers.figure_words import Claim
from handlers.period_names import period_say
from handlers.permissions import OFFICE, REPORTERS
from handlers.send_report import send
from handlers.talk import Replies, as_number, rows_of, say
from models import own_totals, reporting, units
from models.forms import FORMS
from models.forms.amounts import amount_words, has_two
from models.forms.base import Answers, Choice, Facts
from models.forms.own_figures import own_figures
from models.forms.words import day_month, short
from models.messages import Arg, Message, Say, button, verbatim
from models.periods import month_of

FORM = "own_figures"


def answer(context: Context, line: str) -> Replies | None:
    """Store what is clear in a line of the office, or None when it is no such figure or not clear."""
    said = _read(context, line)
    return _take(context, line, said) if said and said.clear else None


def unclear(context: Context, line: str) -> Replies | None:
    """Ask about what a line of the office says of a figure, where it is understood but not clear; else None."""
    said = _read(context, line)
    return _take(context, line, said) if said else None


def speaks_for_the_office_alone(context: Context) -> bool:
    """Return whether a line of this person that may be a figure can be no branch's report."""
    return context.who.holds(*OFFICE) and not context.reports_for(*REPORTERS)


def _read(context: Context, line: str) -> Said | None:
    if not context.who.units(*OFFICE):
        return None
    said = figure_lines.read(line, context.today)
    return said if said.claims else None


def _take(context: Context, line: str, said: Said, unit_id: int | None = None) -> Replies:
    own = context.who.units(*OFFICE)
    if unit_id is None and len(own) > 1:
        context.conversation.waiting = {"figure_line": line}
        buttons = [button(verbatim(units.get(context.session, one).name), "figure_unit", one) for one in own]
        return [Message((Say("own_figures.which_unit"),), rows_of(buttons, 1))]
    replies: Replies = []
    waiting: list[Claim] = []
    for claim in said.claims:
        if claim.doubt or _known(context, unit_id or own[0], claim, said):
            waiting.append(claim)
        else:
            replies += send(context, _draft(context, unit_id or own[0], claim, said))
    return [*replies, *(_ask(context, unit_id or own[0], waiting, said, line) if waiting else ())]


def _on_unit(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    unit_id = as_number(args[0]) if args else None
    said = _read(context, str(waiting["figure_line"])) if waiting and "figure_line" in waiting else None
    if said is None or unit_id not in context.who.units(*OFFICE) or context.conversation.draft is not None:
        return say("talk.stale")
    return _take(context, str((waiting or {})["figure_line"]), said, unit_id)


# One figure -----------------------------------------------------------------------------------------------------------


def _draft(context: Context, unit_id: int, claim: Claim, said: Said) -> Draft:
    context.conversation.serial += 1
    draft = Draft(FORM, unit_id, context.conversation.serial, brief=True)
    return dialog.fill(FORMS[FORM], draft, _answers(context, claim, said), _facts(context, unit_id)).draft


def _answers(context: Context, claim: Claim, said: Said) -> dict[str, Any]:
    return {"event": claim.code, **claim.answers, "dates": [_day(context.today, said).isoformat()]}


def _facts(context: Context, unit_id: int) -> Facts:
    return reporting.facts_for(context.session, units.get(context.session, unit_id), FORM, context.today)


def _day(today: date, said: Said) -> date:
    """Return the day a figure is stored under: of a period that is over, its last."""
    if said.when.day:
        return said.when.day
    return min(today, said.when.period.last) if said.when.period else today


def _known(context: Context, unit_id: int, claim: Claim, said: Said) -> Say | None:
    """Say what stands already that this figure may repeat; None where nothing does."""
    answers = _answers(context, claim, said)
    indicator, label = own_figures()[claim.code].indicator, own_figures()[claim.code].label
    if own_totals.said_before(context.session, unit_id, answers):
        day = day_month(_day(context.today, said))
        return Say("own_figures.same", {"label": label, "day": day}) if indicator.over_time.startswith("sum") else None
    running = own_totals.counted_over(indicator, month_of(_day(context.today, said)))
    period = running if own_totals.is_running(indicator) else said.when.period
    before = own_totals.total(context.session, unit_id, indicator, period) if period else None
    if before is None:
        return None
    told: dict[str, Arg] = {
        "period": period_say(str(period)),
        "label": label,
        "before": total_words(claim.code, before),
    }
    return Say(
        "own_figures.more", {**told, "after": total_words(claim.code, own_totals.added(indicator, before, answers))}
    )


def _ask(context: Context, unit_id: int, waiting: Sequence[Claim], said: Said, line: str) -> Replies:
    """Ask about the first figure that is not clear; those left over are named, to be typed again."""
    claim, *others = waiting
    if claim.doubt == "both":
        return say("own_figures.both", typed=short(line), count=claim.typed)
    asked = _question(context, unit_id, claim, said, line)
    left = ", ".join(own_figures()[one.code].label for one in others)
    return [*asked, *say("line.later", headline=left)] if left else asked


def _question(context: Context, unit_id: int, claim: Claim, said: Said, line: str) -> Replies:
    draft = _draft(context, unit_id, claim, said)
    form, facts = FORMS[FORM], _facts(context, unit_id)
    if claim.doubt == "which":
        choices = tuple(Choice(_choice_label(answers), answers) for _, answers in claim.choices)
        undecided = replace(draft, answers={"dates": draft.answers["dates"]})
        step = dialog.offer(form, undecided, "event", facts, choices)
        return fill_form.put(context, step, Say("own_figures.which", {"typed": short(line)}))
    if claim.doubt == "count":
        done, _, planned = claim.typed.partition("/")
        two = has_two(own_figures()[claim.code].indicator)
        against = planned.isdecimal() and not two
        choices = (Choice(done, {"count": int(done)}),) if against and done.isdecimal() and int(done) else ()
        step = dialog.change(form, draft, "count", facts, choices)
        key = "own_figures.against" if against else "own_figures.two" if two and not planned else "own_figures.count"
        typed = claim.typed if key != "own_figures.two" and claim.typed in line else line
        return fill_form.put(context, step, Say(key, {"typed": short(typed), "question": step.question}))
    context.conversation.draft = draft.to_json()
    partly = (Say("own_figures.confirm", {"typed": short(line)}),) if claim.doubt else ()
    known = _known(context, unit_id, claim, said)
    return fill_form.summary(context, draft, form, (*partly, *((known,) if known else ())))


def _choice_label(answers: Answers) -> str:
    figure = own_figures()[answers["event"]]
    return f"{figure.label}: {amount_words(answers, figure.indicator, figure.unit)}"


VERBS = {"figure_unit": _on_unit}
