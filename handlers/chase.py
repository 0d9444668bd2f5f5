"""/chuabaocao: who still owes a report, "remind now" for one, some or all, on-time rates, and the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import typed_period
from handlers.context import Context
from handlers.period_names import period_say, read_period
from handlers.permissions import COMMITTEE
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import duties, nudges, obligations, timeliness, units
from models.duties import FIGURES, MEETING, THEMATIC, WHATS
from models.forms.words import day_month, percent
from models.messages import Arg, Button, Document, Message, Say, button, verbatim
from models.obligations import DONE, Obligation
from models.periods import Period, month_of, parse_period, previous_month, quarter_of
from models.terms import figures_period

OFFICE = ("officer", "admin")
SHOWN = 25  # names in one message
PAGE = 8
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Chase:
    """A duty in a period beneath a unit: who has not reported, the longest overdue first."""

    what: str
    period: str
    unit_id: int
    done: int
    expected: int
    missing: tuple[Obligation, ...]

    def late(self, today: date) -> tuple[Obligation, ...]:
        """Return those whose time has passed."""
        return tuple(one for one in self.missing if one.due_on < today)


def command(context: Context, words: str) -> Replies:
    """Answer /chuabaocao [period]: the month's list, or that of a quarter's figures and thematic meetings."""
    own = _roots(context)
    if not own:
        return say("chase.not_yours")
    typed = read_period(words) or typed_period.whole(words, context.today)
    period = typed if words.strip() else month_of(context.today)
    if period is None:
        return say("chase.bad_period", typed=words)
    return [show(context, what, str(period), own[0]) for what in _whats(period)]


def _whats(period: Period) -> tuple[str, ...]:
    if period.length == 1:
        return (MEETING,)
    if period == quarter_of(period.first):
        return (THEMATIC, FIGURES) if period == figures_period(period) else (THEMATIC,)
    return (FIGURES,)


def _roots(context: Context) -> tuple[int, ...]:
    return context.who.units(*COMMITTEE)


def find(context: Context, what: str, period: str, unit_id: int) -> Chase:
    """Return the state of a duty in a period beneath a unit."""
    month = parse_period(period)
    if what == MEETING and month <= month_of(context.today):
        duties.ensure_meetings(context.session, month, context.now)
    below = units.subtree(context.session, [unit_id], min(month.last, context.today))
    owed = obligations.of_period(context.session, what, [period], below)
    missing = sorted((one for one in owed if one.status == "open"), key=lambda one: (one.due_on, one.unit_id))
    return Chase(what, period, unit_id, sum(one.status in DONE for one in owed), len(owed), tuple(missing))


def show(context: Context, what: str, period: str, unit_id: int) -> Message:
    """Return the list of those that have not reported, with what the office can do about it."""
    chase = find(context, what, period, unit_id)
    head: dict[str, Arg] = {
        "what": Say(f"chase.what.{what}", {"period": period_say(period)}),
        "unit": units.get(context.session, unit_id).name,
        "done": chase.done,
        "expected": chase.expected,
    }
    late = chase.late(context.today)
    parts = [Say("chase.head", head)]
    if not chase.missing:
        parts.append(Say("chase.none"))
    parts.extend(_listed(context, "chase.overdue", late))
    parts.extend(_listed(context, "chase.waiting", chase.missing[len(late) :]))
    return Message(tuple(parts), _buttons(context, chase, late))


def _listed(context: Context, key: str, owed: Sequence[Obligation]) -> list[Say]:
    if not owed:
        return []
    names = _names(context, owed)
    lines = [_item(one, names[one.unit_id], context.today) for one in owed[:SHOWN]]
    if len(owed) > SHOWN:
        lines.append(Say("chase.more", {"count": len(owed) - SHOWN}))
    return [Say(key, {"count": len(owed), "names": tuple(lines)})]


def _item(owed: Obligation, name: str, today: date) -> Say:
    days = (today - owed.due_on).days
    args: dict[str, Arg] = {"unit": name, "due": day_month(owed.due_on), "days": days}
    return Say("chase.item_late" if days > 0 else "chase.item", args)


def _names(context: Context, owed: Sequence[Obligation]) -> dict[int, str]:
    found = units.listed(context.session, {one.unit_id for one in owed})
    return {units.unit_id(unit): unit.name for unit in found}


def _buttons(context: Context, chase: Chase, late: Sequence[Obligation]) -> tuple[tuple[Button, ...], ...]:
    where = (chase.what, chase.period, chase.unit_id)
    rows: list[tuple[Button, ...]] = []
    if chase.missing and context.who.holds(*OFFICE):
        rows.append(row(press("chase.button.remind_all", "remind", *where, "all")))
        if late and len(late) < len(chase.missing):
            label = Say("chase.button.remind_late", {"count": len(late)})
            rows.append(row(button(label, "remind", *where, "late")))
        if len(chase.missing) > 1:
            rows.append(row(press("chase.button.remind_one", "remind_which", *where, 0)))
    more = (
        press("chase.button.rates", "on_time", chase.unit_id),
        press("chase.button.picture", "heatmap", chase.unit_id),
    )
    return (*rows, more)


# Remind now -----------------------------------------------------------------------------------------------------


def _chase_of(context: Context, args: Sequence[str]) -> Chase | None:
    """Return the list a button belongs to, if the presser may still see it."""
    if len(args) < 3 or args[0] not in WHATS or read_period(args[1]) is None:
        return None
    unit_id = as_number(args[2])
    return find(context, args[0], args[1], unit_id) if unit_id in _roots(context) else None


def _on_show(context: Context, args: Sequence[str]) -> Replies:
    """Show the list anew; the digest's button names only the month."""
    own = _roots(context)
    if not args or not own or read_period(args[0]) is None:
        return say("talk.stale")
    return [show(context, MEETING, args[0], own[0])]


def _on_which(context: Context, args: Sequence[str]) -> Replies:
    chase, page = _chase_of(context, args), as_number(args[3]) if len(args) > 3 else None
    if chase is None or page is None:
        return say("talk.stale")
    where = (chase.what, chase.period, chase.unit_id)
    names = _names(context, chase.missing)
    shown = chase.missing[page * PAGE : (page + 1) * PAGE]
    buttons = [
        button(Say("chase.button.unit", {"unit": names[one.unit_id]}), "remind", *where, one.unit_id) for one in shown
    ]
    turns = [press("chase.button.previous_page", "remind_which", *where, page - 1)] if page else []
    if len(chase.missing) > (page + 1) * PAGE:
        turns.append(press("chase.button.next_page", "remind_which", *where, page + 1))
    return [Message((Say("chase.which_one"),), (*rows_of(buttons, 1), *((tuple(turns),) if turns else ())))]


def _on_remind(context: Context, args: Sequence[str]) -> Replies:
    chase = _chase_of(context, args)
    if chase is None or len(args) < 4 or not context.who.holds(*OFFICE):
        return say("talk.stale")
    chosen = _chosen(chase, args[3], context.today)
    if not chosen:
        return say("chase.already_done")
    names = _names(context, chosen)
    told = nudges.nudge(context.session, chosen, lambda owed: _message(owed, names), context.now)
    parts = [Say("chase.reminded", {"units": told.units, "people": told.people})]
    if told.later:
        parts.append(Say("chase.tomorrow", {"people": told.later}))
    if told.unreached:
        listed = ", ".join(names[unit_id] for unit_id in told.unreached[:SHOWN])
        parts.append(Say("chase.nobody", {"units": len(told.unreached), "names": listed}))
    return [Message(tuple(parts))]


def _chosen(chase: Chase, which: str, today: date) -> tuple[Obligation, ...]:
    if which == "all":
        return chase.missing
    if which == "late":
        return chase.late(today)
    return tuple(one for one in chase.missing if str(one.unit_id) == which)


def _message(owed: Sequence[Obligation], names: dict[int, str]) -> Message:
    lines = tuple(_nudge(one, names[one.unit_id]) for one in owed)
    buttons = tuple(row(_answer(one)) for one in owed[:1]) if len(owed) == 1 else ()
    return Message(lines, buttons)


def _nudge(owed: Obligation, name: str) -> Say:
    args: dict[str, Arg] = {"unit": name, "period": period_say(owed.period), "due": day_month(owed.due_on)}
    return Say(f"chase.nudge.{owed.what}", args)


def _answer(owed: Obligation) -> Button:
    if owed.what == FIGURES:
        return press("work.button.figures", "begin", duties.QUARTERLY, owed.unit_id)
    return press("help.button.hop", "begin", MEETING, owed.unit_id)


# How punctual everybody is --------------------------------------------------------------------------------------


def _on_rates(context: Context, args: Sequence[str]) -> Replies:
    unit_id = as_number(args[0]) if args else None
    if unit_id is None or unit_id not in _roots(context):
        return say("talk.stale")
    grid = timeliness.grid(context.session, unit_id, _last_months(context.today), context.today)
    months = [(month, rate) for month, rate in grid.by_month() if rate.due]
    if not months:
        return say("chase.rates_none")
    lines = [Say("chase.rates", {"unit": grid.unit_name})]
    for month, rate in months:
        share = percent(rate.in_time, rate.due)
        args_of: dict[str, Arg] = {"in_time": rate.in_time, "due": rate.due, "share": share}
        lines.append(Say("chase.rates_month", {"period": period_say(str(month)), **args_of}))
    lines.extend(_below(grid))
    return [Message(tuple(lines), (row(press("chase.button.picture", "heatmap", unit_id)),))]


def _below(grid: timeliness.Grid) -> list[Say]:
    """Name the branches that were not always in time, in the order of their codes: no ranking."""
    behind = [(line, rate) for line, rate in grid.by_branch() if rate.in_time < rate.due]
    named = [
        Say("chase.rates_branch", {"unit": verbatim(line.name), "in_time": rate.in_time, "due": rate.due})
        for line, rate in behind[:SHOWN]
    ]
    if len(behind) > SHOWN:
        named.append(Say("chase.more", {"count": len(behind) - SHOWN}))
    return [Say("chase.rates_below"), *named] if named else []


def _last_months(today: date) -> list[Period]:
    months = [month_of(today)]
    while len(months) < MONTHS:
        months.append(previous_month(months[-1]))
    return months[::-1]


def _on_picture(context: Context, args: Sequence[str]) -> Replies:
    unit_id = as_number(args[0]) if args else None
    if unit_id is None or unit_id not in _roots(context):
        return say("talk.stale")
    months = _last_months(context.today)
    shown: dict[str, str | int] = {
        "unit": unit_id,
        "first": str(months[0]),
        "last": str(months[-1]),
        "on": context.today.isoformat(),
    }
    name = f"sinh-hoat-{months[-1]}.png"
    caption = Say("chase.picture", {"unit": units.get(context.session, unit_id).name})
    return [Message((caption,), document=Document("heatmap_png", shown, name))]


COMMANDS = {"chuabaocao": command}
VERBS = {
    "chase": _on_show,
    "remind": _on_remind,
    "remind_which": _on_which,
    "on_time": _on_rates,
    "heatmap": _on_picture,
}
