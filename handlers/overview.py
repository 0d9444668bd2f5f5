"""/tonghop: who of a subtree has reported this month, summed, month by month, down to one branch, and as .xlsx."""

from collections.abc import Mapping, Sequence

from handlers import named_units
from handlers.context import Context
from handlers.permissions import may, roots
from handlers.talk import Replies, as_number, press, rows_of, say
from models import duties, submissions, units, views
from models.forms import FORMS
from models.forms.own_figures import own_figures
from models.forms.words import month_words, percent, short
from models.messages import Arg, Button, Document, Message, Say, button, verbatim
from models.obligations import DONE
from models.periods import Period, month_of, next_month, parse_period, previous_month
from models.submissions import Submission
from models.vietnamese.folding import fold
from models.views import BranchRow, Overview

SHOWN_MISSING = 30  # names in one message; the rest is counted and found in the list of branches
PAGE = 8
EVENTS = ("ket_nap", "chinh_thuc", "de_nghi_ket_nap", "boi_duong_nhan_thuc", "chuyen_den", "chuyen_di")


def live_name(period: str, unit_id: int) -> str:
    """Return what an overview of a unit and month is called among the messages kept up to date."""
    return f"overview:{period}:{unit_id}"


def command(context: Context, words: str) -> Replies:
    """Answer /tonghop [month]: the overview of the unit whose subtree one may see, or which of several."""
    month = _month_typed(words, month_of(context.today))
    if month is None:
        return _of_named(context, words)
    seen = roots(context.who)
    if not seen:
        return say("overview.nothing")
    if len(seen) == 1:
        return [message(context, str(month), seen[0])]
    buttons = [
        button(verbatim(units.get(context.session, unit_id).name), "overview", str(month), unit_id) for unit_id in seen
    ]
    return [Message((Say("overview.which"),), rows_of(buttons, 1))]


def _of_named(context: Context, words: str) -> Replies:
    """Answer /tonghop tdp 5: this month of the unit that is named."""
    month, found = month_of(context.today), named_units.seen(context, words)
    if not found:
        return say("overview.bad_month", typed=short(words))
    if len(found) > 1:
        named = [button(verbatim(units.get(context.session, one).name), "branch", str(month), one) for one in found]
        return [Message((Say("line.which_unit_asked"),), rows_of(named, 1))]
    if units.get(context.session, found[0]).kind == "chi_bo":
        return [branch(context, month, found[0])]
    return [message(context, str(month), found[0])]


def _month_typed(words: str, this_month: Period) -> Period | None:
    """Read "", "2", "2/2026", "tháng 2" or "2026-02"; a month alone is the latest such month."""
    text = fold(words).strip().removeprefix("thang").strip()
    if not text:
        return this_month
    number, _, year = text.replace("-", "/").partition("/")
    if len(number) == 4:
        number, year = year, number
    if as_number(number) not in range(1, 13) or (year and as_number(year) is None):
        return None
    if year:
        return Period(int(year), int(number), 1) if 2000 <= int(year) <= 2100 else None
    return Period(this_month.year - (int(number) > this_month.first_month), int(number), 1)


def message(context: Context, period: str, unit_id: int, edits: int | None = None) -> Message:
    """Return the overview of a month as a message that is kept up to date while it is open."""
    month = parse_period(period)
    if month <= month_of(context.today):
        duties.ensure_meetings(context.session, month, context.now)
    seen = views.overview(context.session, unit_id, month)
    return Message(tuple(_lines(seen)), _buttons(context, seen), live=live_name(period, unit_id), edits=edits)


def _lines(seen: Overview) -> list[Say]:
    head: dict[str, Arg] = {"month": month_words(str(seen.period)).capitalize(), "unit": seen.unit_name}
    if not seen.expected:
        return [Say("overview.head", head), Say("overview.nobody_expected")]
    counted: dict[str, Arg] = {
        "reported": seen.reported,
        "expected": seen.expected,
        "share": percent(seen.reported, seen.expected),
    }
    lines = [Say("overview.head", head), Say("overview.reported", counted), _missing(seen.missing)]
    if seen.required:
        share = percent(seen.present, seen.required)
        lines.append(Say("overview.attendance", {"present": seen.present, "required": seen.required, "share": share}))
    lines.extend(_counts("overview.meeting", seen.meetings, ("not_held", "postponed", "thematic", "extraordinary")))
    lines.extend(_counts("overview.event", seen.events, tuple(dict.fromkeys((*EVENTS, *seen.events)))))
    lines.extend(verbatim(f"{own_figures()[code].label}: {count}.") for code, count in seen.own_figures.items())
    lines.append(Say("overview.on_time", {"on_time": seen.on_time, "expected": seen.expected}))
    return lines


def _missing(rows: Sequence[BranchRow]) -> Say:
    if not rows:
        return Say("overview.none_missing")
    names = tuple(verbatim(f"– {row.name}") for row in rows[:SHOWN_MISSING])
    more = (Say("overview.more", {"count": len(rows) - SHOWN_MISSING}),) if len(rows) > SHOWN_MISSING else ()
    return Say("overview.missing", {"count": len(rows), "names": (*names, *more)})


def _counts(prefix: str, found: Mapping[str, int], names: Sequence[str]) -> list[Say]:
    return [Say(f"{prefix}.{name}", {"count": found[name]}) for name in names if found.get(name)]


def _buttons(context: Context, seen: Overview) -> tuple[tuple[Button, ...], ...]:
    before, after = previous_month(seen.period), next_month(seen.period)
    steps = [
        button(Say("overview.button.before", {"month": before.first_month}), "overview", str(before), seen.unit_id)
    ]
    if seen.period < month_of(context.today):
        steps.append(
            button(Say("overview.button.after", {"month": after.first_month}), "overview", str(after), seen.unit_id)
        )
    more = (
        press("overview.button.branches", "branches", str(seen.period), seen.unit_id, 0),
        press("overview.button.xlsx", "overview_xlsx", str(seen.period), seen.unit_id),
    )
    return (tuple(steps), more)


# Buttons --------------------------------------------------------------------------------------------------------


def _allowed(context: Context, args: Sequence[str]) -> tuple[Period, int] | None:
    """Return the month and unit a button names, if the presser may see that unit."""
    unit_id = as_number(args[1]) if len(args) > 1 else None
    if unit_id is None:
        return None
    try:
        month = parse_period(args[0])
    except ValueError:
        return None
    lineage = units.lineage(context.session, unit_id, month.last)
    return (month, unit_id) if may(context.who, "see", lineage) else None


def _on_overview(context: Context, args: Sequence[str]) -> Replies:
    found = _allowed(context, args)
    return [message(context, str(found[0]), found[1])] if found else say("talk.stale")


def _on_xlsx(context: Context, args: Sequence[str]) -> Replies:
    found = _allowed(context, args)
    if not found:
        return say("talk.stale")
    month, unit_id = found
    unit = units.get(context.session, unit_id)
    document = Document("overview_xlsx", {"period": str(month), "unit": unit_id}, f"tong-hop-{month}.xlsx")
    told = Say("overview.xlsx", {"month": month_words(str(month)), "unit": unit.name})
    return [Message((told,), document=document)]


def _on_branches(context: Context, args: Sequence[str]) -> Replies:
    found = _allowed(context, args)
    if not found:
        return say("talk.stale")
    month, unit_id = found
    page = (as_number(args[2]) or 0) if len(args) > 2 else 0
    rows = views.overview(context.session, unit_id, month).rows
    shown = rows[page * PAGE : (page + 1) * PAGE]
    buttons = [
        button(Say(f"overview.branch.{_mark(row)}", {"name": row.name}), "branch", str(month), row.unit_id)
        for row in shown
    ]
    turns = [
        press(key, "branches", str(month), unit_id, to)
        for key, to, there in (
            ("overview.button.previous_page", page - 1, page > 0),
            ("overview.button.next_page", page + 1, (page + 1) * PAGE < len(rows)),
        )
        if there
    ]
    asked = Say("overview.choose_branch", {"month": month_words(str(month)).capitalize(), "count": len(rows)})
    return [Message((asked,), (*rows_of(buttons, 1), *((tuple(turns),) if turns else ())))]


def _mark(row: BranchRow) -> str:
    return "done" if row.status in DONE else "open"


def _on_branch(context: Context, args: Sequence[str]) -> Replies:
    found = _allowed(context, args)
    return [branch(context, *found)] if found else say("talk.stale")


def branch(context: Context, month: Period, unit_id: int) -> Message:
    """Return what one branch has reported for a month, corrections shown with what they replaced."""
    unit = units.get(context.session, unit_id)
    reports = views.reports_of(context.session, unit_id, month)
    head = Say("overview.branch_head", {"unit": unit.name, "month": month_words(str(month))})
    lines = [line for report in reports for line in _report_lines(context, report)]
    return Message((head, *(lines or [Say("overview.branch_nothing")])))


def _report_lines(context: Context, report: Submission) -> list[Say]:
    form = FORMS[report.form_id]
    sent = f"{report.reported_on.day}/{report.reported_on.month}"
    lines = [Say("overview.report", {"headline": form.headline(report.answers), "sent": sent})]
    chain = submissions.versions(context.session, report)
    if len(chain) > 1:
        old = form.headline(chain[1].answers)
        lines.append(Say("overview.corrected", {"version": report.version, "old": old}))
    return lines


VERBS = {
    "overview": _on_overview,
    "overview_xlsx": _on_xlsx,
    "branches": _on_branches,
    "branch": _on_branch,
}
