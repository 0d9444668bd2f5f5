"""/quydinh: the administrator sees the rule values, changes them after a preview, pauses and resumes a rule; /ngaynghi.

A value is changed by its number in the list: `/quydinh 6 5 1` or, from a day on, `/quydinh 6 5 1 từ 1/4/2026`.
"""

from collections.abc import Sequence
from datetime import date

from handlers.context import Context
from handlers.talk import Replies, as_number, press, row, rows_of, say
from models import audit, duties, rule_changes, rules
from models.clock import local
from models.forms.words import day_month, full_date
from models.messages import ACTION_BYTES, Action, Arg, Button, Message, Say, button
from models.rule_book import CALENDAR, PAUSE, RuleBook, Upcoming
from models.rule_units import check_value
from models.vietnamese.dates import read_date
from models.vietnamese.folding import fold

FROM = "tu"  # "from", folded
# What is changed most, shown at once; all values are found by their groups, told apart by the first part of the code.
OFTEN = (
    "meeting.day", "meeting.report_days", "meeting.report_latest_day", "meeting.remind_before", "figures.due_day",
    "remind.morning", "remind.evening", "digest.hour",
)  # fmt: skip
GROUPS = {
    "meeting": ("meeting", "thematic"),
    "figures": ("figures", "badges"),
    "remind": ("ladder", "remind", "digest", "clock"),
    "directive": ("directive",),
    "report": ("report", "admission"),
    "case": ("case",),
}
PAUSES = "pauses"
NO_KIND = "none"  # what the holidays themselves say counts again
DAY_KINDS = {"nghi": "off", "lam": "work", "lam bu": "work", "tet": "tet", "bo": NO_KIND}


def command(context: Context, words: str) -> Replies:
    """Answer /quydinh: the list, or the change that was typed, with what it would do."""
    if not context.who.holds("admin"):
        return say("rule_values.not_yours")
    return _propose(context, words.split()) if words.strip() else [_list(context)]


def _codes(book: RuleBook) -> list[str]:
    """Return the codes that are changed by number, in the order of the delivered file."""
    return [code for code in book.values if not code.startswith((CALENDAR, PAUSE))]


def _list(context: Context) -> Message:
    """Return the values changed most often, and the groups of all of them as buttons."""
    groups = [press(f"rule_values.group.{name}", "rule_group", name) for name in (*GROUPS, PAUSES)]
    lines = _lines(context, [code for code in _codes(rules.book(context.session)) if code in OFTEN])
    return Message((Say("rule_values.head"), *lines, Say("rule_values.how")), rows_of(groups))


def _on_group(context: Context, args: Sequence[str]) -> Replies:
    """Show one group of values, or the rules with the buttons that pause and resume them."""
    if not args or not context.who.holds("admin"):
        return say("talk.stale")
    book = rules.book(context.session)
    if args[0] == PAUSES:
        paused = [code for code in book.values if code.startswith(PAUSE)]
        states = tuple(_rule_line(book, code, context.today) for code in paused)
        return [Message(states, tuple(row(_switch(book, code, context.today)) for code in paused))]
    if args[0] not in GROUPS:
        return say("talk.stale")
    head = Say("rule_values.of_group", {"group": Say(f"rule_values.group.{args[0]}")})
    lines = _lines(context, [code for code in _codes(book) if code.partition(".")[0] in GROUPS[args[0]]])
    return [Message((head, *lines, Say("rule_values.how")))]


def _lines(context: Context, codes: Sequence[str]) -> list[Say]:
    book = rules.book(context.session)
    numbers = {code: number for number, code in enumerate(_codes(book), 1)}
    return [Say("rule_values.line", {"number": numbers[code], **_named(book, code, context.today)}) for code in codes]


def _named(book: RuleBook, code: str, day: date) -> dict[str, Arg]:
    return {"name": Say(f"rule_values.name.{code}"), "value": _value(book, code, day)}


def _value(book: RuleBook, code: str, day: date) -> Arg:
    found = book.row(code, day)
    return _shown(found.unit, found.value)


def _shown(unit: str, value: str) -> Arg:
    """Return a value as people read it."""
    if unit == "yes/no":
        return Say(f"rule_values.{value}")
    if unit in ("list of roles", "case date"):
        return _joined([Say(f"rule_values.value.{word}") for word in value.split()])
    return value if unit == "words" else ", ".join(value.split())


def _joined(names: Sequence[Say]) -> Say:
    first, *rest = names
    return Say("rule_values.and", {"first": first, "rest": _joined(rest)}) if rest else first


def _rule_line(book: RuleBook, code: str, day: date) -> Say:
    state = "rule_values.running" if book.yes(code, day) else "rule_values.paused"
    return Say(state, {"rule": Say(f"rule_values.rule.{code.removeprefix(PAUSE)}")})


def _switch(book: RuleBook, code: str, day: date) -> Button:
    running = book.yes(code, day)
    label = "rule_values.button.pause" if running else "rule_values.button.resume"
    name = Say(f"rule_values.rule.{code.removeprefix(PAUSE)}")
    return button(Say(label, {"rule": name}), "rule_set", code, "no" if running else "yes", day.isoformat())


# Change ---------------------------------------------------------------------------------------------------------


def _propose(context: Context, words: Sequence[str]) -> Replies:
    """Show what a change would do, and ask."""
    book = rules.book(context.session)
    codes = _codes(book)
    number = as_number(words[0])
    if number is None or not 1 <= number <= len(codes) or len(words) < 2:
        return say("rule_values.usage")
    code = codes[number - 1]
    value, since = _value_and_day(words[1:], context.today)
    if since is None or since < context.today:
        return say("rule_values.bad_day")
    unit = book.row(code, context.today).unit
    try:
        checked = check_value(unit, _as_written(unit, value))
        moments = context.settings.preview(context.session, {code: checked}, since, context.now)
    except (ValueError, LookupError):
        return say("rule_values.bad_value", typed=value, name=Say(f"rule_values.name.{code}"))
    return _ask(context, book, (code, checked, since), moments)


def _value_and_day(words: Sequence[str], today: date) -> tuple[str, date | None]:
    folded = [fold(word) for word in words]
    if FROM not in folded:
        return " ".join(words), today
    at = folded.index(FROM)
    reading = read_date(" ".join(words[at + 1 :]), today, "future")
    return " ".join(words[:at]), reading.date


def _as_written(unit: str, value: str) -> str:
    """Return a Vietnamese yes or no, and a number with its unit, as the rows hold them."""
    if unit == "yes/no":
        return {"co": "yes", "khong": "no"}.get(fold(value), value)
    return value


def _ask(context: Context, book: RuleBook, change: tuple[str, str, date], moments: Sequence[Upcoming]) -> Replies:
    code, value, since = change
    args: dict[str, Arg] = {
        **_named(book, code, context.today),
        "new": _shown(book.row(code, context.today).unit, value),
        "since": full_date(since),
    }
    parts = [Say("rule_values.ask", args)]
    if moments:
        lines = tuple(_moment_line(moment) for moment in moments)
        parts.append(Say("rule_values.preview", {"lines": lines}))
    action = Action("rule_set", (code, value.replace(":", "h"), since.isoformat()))
    if len(action.encode()) > ACTION_BYTES:
        return say("rule_values.too_long")
    apply = Button(Say("rule_values.button.apply"), action.encode())
    return [Message(tuple(parts), (row(apply, press("button.cancel", "rule_keep")),))]


def _moment_line(moment: Upcoming) -> Say:
    at = local(moment.at)
    args: dict[str, Arg] = {
        "time": at.strftime("%H:%M"),
        "day": day_month(at.date()),
        "rule": Say(f"rule_values.rule.{moment.rule_id}"),
        "count": moment.count,
    }
    return Say("rule_values.moment", args)


def _on_set(context: Context, args: Sequence[str]) -> Replies:
    """Apply a change; what waits under the old rule is withdrawn, and what is open follows the new one."""
    if len(args) != 3 or not context.who.holds("admin"):
        return say("talk.stale")
    code, value, day = args
    actor = audit.by_account(context.who.account_id)
    try:
        since = max(date.fromisoformat(day), context.today)
        withdrawn = rule_changes.change(context.session, code, value, since, actor, context.now)
    except (ValueError, LookupError):
        return say("talk.stale")
    duties.ensure(context.session, context.now)
    told = (Say("rule_values.withdrawn", {"count": withdrawn}),) if withdrawn else ()
    if code.startswith(PAUSE):
        book = rules.book(context.session)
        return [Message((_rule_line(book, code, since), *told), (row(_switch(book, code, since)),))]
    changed = Say("rule_values.changed", {"name": Say(f"rule_values.name.{code}"), "since": full_date(since)})
    return [Message((changed, *told))]


def _on_keep(_context: Context, _args: Sequence[str]) -> Replies:
    return say("rule_values.kept")


# Days off -------------------------------------------------------------------------------------------------------


def day_command(context: Context, words: str) -> Replies:
    """Answer /ngaynghi 2/1/2027: a day off, worked in exchange ("làm"), or of Tết, as the government decided."""
    typed, _, kind_typed = words.strip().partition(" ")
    kind = DAY_KINDS.get(fold(kind_typed).strip() or "nghi")
    day = read_date(typed, context.today, "future").date if typed else None
    if not context.who.holds("admin"):
        return say("rule_values.not_yours")
    if day is None or kind is None:
        return [Message((*_marked_days(context), Say("rule_values.day_usage")))]
    actor = audit.by_account(context.who.account_id)
    if kind == NO_KIND:
        rules.unmark_day(context.session, day, actor, context.now)
    else:
        rules.mark_day(context.session, day, kind, actor, context.now)
    duties.ensure(context.session, context.now)
    return say("rule_values.day_marked", day=full_date(day), kind=Say(f"rule_values.day.{kind}"))


def _marked_days(context: Context) -> tuple[Say, ...]:
    """Return the days that were decided about, from today on."""
    marks = rules.book(context.session).calendar().marks
    lines = tuple(
        Say("rule_values.day_line", {"day": full_date(day), "kind": Say(f"rule_values.day.{kind}")})
        for day, kind in sorted(marks.items())
        if day >= context.today
    )
    return (Say("rule_values.days", {"lines": lines}),) if lines else ()


COMMANDS = {"quydinh": command, "ngaynghi": day_command}
VERBS = {"rule_group": _on_group, "rule_set": _on_set, "rule_keep": _on_keep}
