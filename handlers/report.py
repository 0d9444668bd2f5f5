"""/baocao: the report of a period with its files; "/baocao ghi 2 …" writes into a section (`report_words`)."""

from collections.abc import Sequence
from datetime import date

from handlers import report_words, typed_period
from handlers.context import Context
from handlers.period_names import period_say
from handlers.permissions import may, roots
from handlers.talk import Replies, as_number, rows_of, say
from models import audit, figures, period_states, units
from models.clock import local_date
from models.figures import Figure, Figures
from models.forms.words import short
from models.messages import Arg, Document, Message, Say, button, verbatim
from models.periods import Period, parse_period

SHOWN_MISSING = 15
# Of the files, in the order they are sent: what the report is, what stands in it for it to be worth making.
FILES = ("report_docx", "report_xlsx", "progress_png", "attendance_png", "meetings_png")
_NAMES = {
    "report_docx": "bao-cao-{period}.docx",
    "report_xlsx": "so-lieu-{period}.xlsx",
    "progress_png": "chi-tieu-{period}.png",
    "attendance_png": "du-sinh-hoat-{period}.png",
    "meetings_png": "sinh-hoat-{period}.png",
}


def command(context: Context, words: str) -> Replies:
    """Answer /baocao [period] and /baocao ghi [thêm] [period] <section> <words>."""
    wrote = report_words.command(context, words)
    if wrote:
        return wrote
    found = typed_period.typed(words, context.today) if words.strip() else None
    if words.strip() and (found is None or found[1]):
        return say("report.bad_period", typed=short(words))
    period = found[0] if found else typed_period.due(context.today)
    if period.first > context.today:
        return say("report.not_begun", period=period_say(str(period)))
    return _for_one_of(context, period)


def _for_one_of(context: Context, period: Period) -> Replies:
    seen = roots(context.who)
    if not seen:
        return say("report.nothing")
    if len(seen) == 1:
        return make(context, period, seen[0])
    buttons = [
        button(verbatim(units.get(context.session, unit_id).name), "report", str(period), unit_id) for unit_id in seen
    ]
    return [Message((Say("report.which"),), rows_of(buttons, 1))]


def _on_report(context: Context, args: Sequence[str]) -> Replies:
    unit_id = as_number(args[1]) if len(args) > 1 else None
    try:
        period = parse_period(args[0])
        allowed = unit_id is not None and may(context.who, "see", units.lineage(context.session, unit_id, period.last))
    except (ValueError, IndexError):
        return say("talk.stale")
    return make(context, period, unit_id) if allowed and unit_id is not None else say("talk.stale")


# The files ----------------------------------------------------------------------------------------------------------


def make(context: Context, period: Period, unit_id: int) -> Replies:
    """Say the figures at once and send the files one after the other, each telling how far the work is."""
    found = figures.figures(context.session, unit_id, period, context.today)
    actor = audit.by_account(context.who.account_id)
    audit.record(context.session, context.now, actor, report_words.MADE, unit_id=unit_id, subject=f"report:{period}")
    kinds = [kind for kind in FILES if _is_made(kind, found)]
    told = Message((*_summary(context, found), Say("report.working", {"count": len(kinds)})))
    shown: dict[str, str | int] = {"period": str(period), "unit": unit_id, "on": context.today.isoformat()}
    files = [
        Message(
            (Say(f"report.file.{kind}", {"number": number, "count": len(kinds)}),),
            document=Document(kind, shown, _NAMES[kind].format(period=period)),
        )
        for number, kind in enumerate(kinds, start=1)
    ]
    return [told, *files]


def _is_made(kind: str, found: Figures) -> bool:
    if kind == "progress_png":
        return any(figure.target and figure.percent is not None for figure in found.indicators)
    if kind == "attendance_png":
        return bool(found.figure("du_sinh_hoat").amount and found.figure("du_sinh_hoat").amount.of)  # type: ignore[union-attr]
    return kind != "meetings_png" or found.expected > 1


def _summary(context: Context, found: Figures) -> list[Say]:
    head: dict[str, Arg] = {"period": period_say(str(found.period)), "unit": found.name}
    counted: dict[str, Arg] = {"reported": found.reported, "expected": found.expected}
    lines = [Say("report.head", head), Say(f"report.state.{found.state}", {"day": _day(found.cutoff)})]
    lines += _changed_since(context, found)
    names = [line.name for line in found.branches if line.missing]
    if [line.unit_id for line in found.branches] == [found.unit_id]:
        return [*lines, *([Say("report.own_missing")] if names else []), *_figures(found)]
    if found.expected:
        lines.append(Say("report.reported", counted))
    if names:
        more = (Say("report.more", {"count": len(names) - SHOWN_MISSING}),) if len(names) > SHOWN_MISSING else ()
        listed = (*(verbatim(f"– {name}") for name in names[:SHOWN_MISSING]), *more)
        lines.append(Say("report.missing", {"count": len(names), "names": listed}))
    return lines + _figures(found)


def _changed_since(context: Context, found: Figures) -> list[Say]:
    """Say how many reports changed an approved period, so that nobody finds other figures than were approved."""
    closed = period_states.closing(context.session, found.unit_id, str(found.period))
    count = period_states.changed_since(context.session, closed) if closed else 0
    return (
        [Say("report.changed_since", {"count": count, "day": _day(local_date(closed.changed_at))})]
        if closed and count
        else []
    )


def _figures(found: Figures) -> list[Say]:
    return [_line(figure) for figure in found.indicators if _is_told(figure)]


def _is_told(figure: Figure) -> bool:
    amount = figure.amount
    return figure.measured is not None or (amount is not None and bool(amount.number or amount.of or any(amount.parts)))


def _line(figure: Figure) -> Say:
    return Say("report.figure", {"label": figure.indicator.label.split(" (")[0], "text": figure.text})


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


VERBS = {"report": _on_report, **report_words.VERBS}
