"""/duyet, /khoa, /molai: the office approves a period, locks it, and opens it again for a reason; /mien excuses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from handlers import named_units, typed_period
from handlers.context import Context
from handlers.period_names import period_say, read_period
from handlers.talk import Replies, as_number, press, rows_of, say
from models import audit, duties, obligations, period_states, units
from models.messages import Arg, Button, Message, Say, button, verbatim
from models.obligations import DONE, Obligation
from models.period_states import NotNowError, PeriodState
from models.periods import Period, parse_period

OFFICE = ("officer", "admin")
SHOWN = 30  # names in one message

Deed = Callable[[Session, int, str, int, datetime], PeriodState]
_DEEDS: Mapping[str, Deed] = {"approve": period_states.approve, "lock": period_states.lock}


def _approve(context: Context, words: str) -> Replies:
    """Answer /duyet 3/2026."""
    return _propose(context, words, "duyet", "approve")


def _lock(context: Context, words: str) -> Replies:
    """Answer /khoa 3/2026."""
    return _propose(context, words, "khoa", "lock")


def _propose(context: Context, words: str, command: str, deed: str) -> Replies:
    own = context.who.units(*OFFICE)
    today = context.today
    period = read_period(words) or (typed_period.whole(words, today) if words.strip() else typed_period.due(today))
    if not own:
        return say("periods.not_yours")
    if period is None:
        return say("periods.bad_period", typed=words, command=command)
    if len(own) > 1:
        return [_ask_which(context, own, deed, str(period))]
    return _ask(context, deed, str(period), own[0])


def _ask_which(context: Context, own: Sequence[int], deed: str, period: str) -> Message:
    buttons: list[Button] = [
        button(verbatim(units.get(context.session, unit_id).name), "period_ask", deed, period, unit_id)
        for unit_id in own
    ]
    return Message((Say("overview.which"),), rows_of(buttons, 1))


def _ask(context: Context, deed: str, period: str, unit_id: int) -> Replies:
    """Show how complete the period is, and ask once more."""
    names: dict[str, Arg] = {"period": period_say(period), "unit": units.get(context.session, unit_id).name}
    lines = (Say(f"periods.ask_{deed}", names), *_completeness(context.session, unit_id, parse_period(period)))
    asked = press(f"periods.button.{deed}", "period_do", deed, period, unit_id)
    return [Message(lines, ((asked, press("button.cancel", "period_do", "no", period, unit_id)),))]


def _completeness(session: Session, unit_id: int, period: Period) -> list[Say]:
    below = period_states.beneath(session, unit_id, period)
    owed = obligations.of_period(session, duties.MEETING, [str(month) for month in period.months], below)
    missing = list(dict.fromkeys(row.unit_id for row in owed if row.status not in (*DONE, "excused")))
    expected = {row.unit_id for row in owed}
    lines = [Say("periods.reported", {"done": len(expected) - len(missing), "expected": len(expected)})]
    if missing:
        names = {unit.id: unit.name for unit in units.listed(session, missing)}
        listed = ", ".join(names[unit_id] for unit_id in missing[:SHOWN])
        lines.append(Say("periods.missing", {"count": len(missing), "names": listed}))
    return lines


def _on_ask(context: Context, args: Sequence[str]) -> Replies:
    deed, period, unit_id = _named(context, args)
    return _ask(context, deed, period, unit_id) if deed in _DEEDS else say("talk.stale")


def _on_do(context: Context, args: Sequence[str]) -> Replies:
    deed, period, unit_id = _named(context, args)
    if deed not in _DEEDS:
        return say("periods.state", **_names(context, unit_id, period)) if unit_id else say("talk.stale")
    try:
        row = _DEEDS[deed](context.session, unit_id, period, context.who.account_id, context.now)
    except NotNowError:
        return _refused(context, deed, unit_id, period)
    return say(f"periods.{row.state}", period=period_say(period), unit=_unit_name(context, unit_id))


def _named(context: Context, args: Sequence[str]) -> tuple[str, str, int]:
    """Return deed, period and unit of a button, or ("", "", 0) where it is wrong or not the presser's to press."""
    unit_id = as_number(args[2]) if len(args) == 3 else None
    period = read_period(args[1]) if len(args) == 3 else None
    if unit_id is None or period is None or unit_id not in context.who.units(*OFFICE):
        return "", "", 0
    return args[0], str(period), unit_id


def _refused(context: Context, deed: str, unit_id: int, period: str) -> Replies:
    if deed == "lock" and period_states.own_state(context.session, unit_id, period) == "open":
        return say("periods.not_approved_yet", period=period_say(period))
    return say("periods.already", **_names(context, unit_id, period))


def _names(context: Context, unit_id: int, period: str) -> dict[str, Arg]:
    state = Say(f"periods.is.{period_states.own_state(context.session, unit_id, period)}")
    return {"unit": _unit_name(context, unit_id), "period": period_say(period), "state": state}


def _unit_name(context: Context, unit_id: int) -> str:
    return units.get(context.session, unit_id).name


def _reopen(context: Context, words: str) -> Replies:
    """Answer /molai 3/2026 and the reason."""
    own = context.who.units(*OFFICE)
    typed, period, reason = _split(words, context.today)
    if not own:
        return say("periods.not_yours")
    if period is None:
        return say("periods.bad_period", typed=words, command="molai")
    if not reason:
        return say("periods.reason_needed", typed=typed)
    closed = [one for one in own if period_states.own_state(context.session, one, str(period)) != "open"]
    if not closed:
        return say("periods.already", **_names(context, own[0], str(period)))
    row = period_states.reopen(context.session, closed[0], str(period), reason, context.who.account_id, context.now)
    return say("periods.reopened", period=period_say(row.period), unit=_unit_name(context, row.unit_id), reason=reason)


def _split(words: str, today: date) -> tuple[str, Period | None, str]:
    """Return the period as typed, as read, and what follows: "quý 1 2026 lý do" has it in three words."""
    found = typed_period.typed(words, today)
    if found is None:
        return words, None, ""
    typed = words.strip()
    return typed[: len(typed) - len(found[1])].strip(" :,.;–-"), found[0], found[1]


def _named_period(words: str, today: date) -> tuple[str, Period | None, str]:
    """Return what stands before the period, the period, and what follows it."""
    parts = words.split()
    for at in range(1, len(parts)):
        _, period, reason = _split(" ".join(parts[at:]), today)
        if period is not None:
            return " ".join(parts[:at]), period, reason
    return words.strip(), None, ""


def _excuse(context: Context, words: str) -> Replies:
    """Answer /mien CB05 3/2026 and the reason; the branch may be named as people call it."""
    named, period, reason = _named_period(words, context.today)
    found = named_units.seen(context, named) if named else []
    unit = units.get(context.session, found[0]) if len(found) == 1 else None
    if unit is None or period is None or not reason:
        return say("periods.excuse_usage")
    lineage = units.lineage(context.session, units.unit_id(unit), context.today)
    if not set(context.who.units(*OFFICE)) & set(lineage):
        return say("periods.not_yours")
    duties.ensure(context.session, context.now)
    owed = _open(context.session, units.unit_id(unit), str(period))
    for row in owed:
        obligations.excuse(context.session, row, reason, audit.by_account(context.who.account_id), context.now)
    if not owed:
        return say("periods.excuse_none", unit=unit.name, period=period_say(str(period)))
    return say("periods.excused", unit=unit.name, period=period_say(str(period)), reason=reason)


def _open(session: Session, unit_id: int, period: str) -> list[Obligation]:
    rows = (obligations.find(session, unit_id, what, period) for what in duties.WHATS)
    return [row for row in rows if row is not None and row.status == "open"]


COMMANDS = {"duyet": _approve, "khoa": _lock, "molai": _reopen, "mien": _excuse}
VERBS = {"period_ask": _on_ask, "period_do": _on_do}
