"""/viec: what one's branch still owes and what it has sent this month."""

from handlers import directive_own
from handlers.context import Context
from handlers.dialog import Draft
from handlers.period_names import period_say
from handlers.talk import Replies, press, say
from models import duties, obligations, submissions, units
from models.forms import FORMS
from models.forms.words import day_month, month_words
from models.messages import Arg, Button, Message, Say, button
from models.obligations import Obligation
from models.periods import Period, month_of, previous_month
from models.submissions import Submission

SHOWN_REPORTS = 8


def command(context: Context) -> Replies:
    """Answer /viec for every branch one reports for."""
    own = context.who.units("secretary", "deputy")
    if not own:
        return say("work.none_here" if context.who.posts else "hint.no_post")
    shown = [_of_unit(context, unit_id) for unit_id in own]
    half = _half_filled(context)
    return [*shown[:-1], Message((*shown[-1].parts, half[0]), (*shown[-1].buttons, half[1]))] if half else shown


def _half_filled(context: Context) -> tuple[Say, tuple[Button, ...]] | None:
    """Return what is written but not sent, with the buttons that go on with it or drop it."""
    if context.conversation.draft is None:
        return None
    draft = Draft.from_json(context.conversation.draft)
    form = FORMS[draft.form_id]
    headline = form.headline(draft.answers)
    buttons = (press("button.resume", "resume", draft.serial), press("button.drop", "cancel", draft.serial))
    return Say("work.half_filled", {"what": headline or form.title}), buttons


def _of_unit(context: Context, unit_id: int) -> Message:
    month = month_of(context.today)
    duties.ensure(context.session, context.now)
    owed = _owed(context, unit_id, month)
    sent = submissions.in_periods(context.session, [str(month)], [unit_id])[-SHOWN_REPORTS:]
    name = units.get(context.session, unit_id).name
    head = Say("work.head", {"unit": name, "month": month_words(str(month))})
    directed, to_directives = directive_own.owed_lines(context, unit_id)
    still = () if directed and not owed else _owed_lines(context, owed)
    lines = (head, *still, *directed, *_sent_lines(sent))
    return Message(lines, (*_sent_buttons(sent), *_owed_buttons(owed, unit_id), *to_directives))


def _owed(context: Context, unit_id: int, month: Period) -> list[Obligation]:
    """Return what is open and due by the month's end, not longer ago than the month before it."""
    rows = obligations.of_unit(context.session, unit_id, previous_month(month).first)
    return [row for row in rows if row.what in duties.WHATS and row.status == "open" and row.due_on <= month.last]


def _owed_lines(context: Context, owed: list[Obligation]) -> tuple[Say, ...]:
    if not owed:
        return (Say("work.nothing_owed"),)
    return tuple(_owed_line(context, row) for row in owed)


def _owed_line(context: Context, row: Obligation) -> Say:
    late = context.today > row.due_on
    args: dict[str, Arg] = {
        "what": Say(f"work.what.{row.what}", {"period": period_say(row.period)}),
        "due": day_month(row.due_on),
    }
    return Say("work.overdue" if late else "work.owed", args)


def _sent_lines(sent: list[Submission]) -> tuple[Say, ...]:
    lines = tuple(
        Say("work.sent", {"number": number, "headline": FORMS[report.form_id].headline(report.answers)})
        for number, report in enumerate(sent, start=1)
    )
    return (Say("work.sent_head", {"lines": lines}),) if lines else ()


def _sent_buttons(sent: list[Submission]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (
            button(Say("work.button.fix", {"number": number}), "fix", report.id or 0),
            button(Say("work.button.withdraw", {"number": number}), "withdraw", report.id or 0),
        )
        for number, report in enumerate(sent, start=1)
    )


def _owed_buttons(owed: list[Obligation], unit_id: int) -> tuple[tuple[Button, ...], ...]:
    kinds = {row.what for row in owed}
    rows: list[tuple[Button, ...]] = []
    if kinds & {duties.MEETING, duties.THEMATIC}:
        rows.append((press("help.button.hop", "begin", "meeting", unit_id),))
    if duties.FIGURES in kinds:
        rows.append((press("work.button.figures", "begin", duties.QUARTERLY, unit_id),))
    return tuple(rows)
