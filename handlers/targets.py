"""/chitieu: the targets of a committee's year or period, and how far each is reached; set by its office in a line.

"/chitieu kết nạp 15", "/chitieu 2022 kết nạp 4-6", "/chitieu quý 1 2022 tin bài >=300", "/chitieu xóa kết nạp".
"""

import re

from handlers import typed_period
from handlers.context import Context
from handlers.period_names import period_say
from handlers.permissions import roots
from handlers.talk import Replies, say
from models import audit, figures, targets, units
from models.forms.own_figures import own_figures
from models.forms.words import short
from models.indicators import Indicator
from models.indicators import load as catalogue
from models.messages import Arg, Message, Say
from models.periods import Period
from models.vietnamese.folding import fold

WRITERS = ("officer",)
LONGEST = 100
_BOUND = r"(?:>=|<=|tu\s|it nhat\s|khong qua\s)?"
_TARGET = re.compile(rf"(?P<name>.*?)\s*[:=]?\s*(?P<target>{_BOUND}\s*\d[\d.,]*(?:\s*-\s*\d[\d.,]*)?\s*%?)")
_ERASE = re.compile(r"(?:xoa|bo)\s+(?P<name>.+)")
_FLOOR, _CEILING = re.compile(r"^(?:tu|it nhat)\s*"), re.compile(r"^khong qua\s*")


def command(context: Context, words: str) -> Replies:
    """Answer /chitieu [period] [indicator target]."""
    found = typed_period.typed(words, context.today) if words.strip() else None
    period, rest = found or (Period(context.today.year, 1, 12), words.strip())
    own = context.who.units(*WRITERS)
    if not rest:
        seen = own or roots(context.who)
        return [_shown(context, seen[0], period)] if seen else say("targets.nothing")
    return _set(context, own[0], period, rest) if own else say("targets.not_yours")


def _shown(context: Context, unit_id: int, period: Period) -> Message:
    found = figures.figures(context.session, unit_id, period, context.today)
    head: dict[str, Arg] = {"period": period_say(str(period)), "unit": found.name}
    lines = tuple(
        Say("targets.line", {"label": _label(one.indicator), "target": _shown_target(one.target), "text": one.text})
        for one in found.indicators
        if one.target is not None
    )
    return Message((Say("targets.head", head), *(lines or (Say("targets.none"),)), Say("targets.how")))


def _label(indicator: Indicator) -> str:
    return indicator.label.split(" (")[0]


def _set(context: Context, unit_id: int, period: Period, words: str) -> Replies:
    folded = fold(words.replace("≥", ">=").replace("≤", "<=").replace("–", "-")).rstrip(" .")
    said = _TARGET.fullmatch(folded)
    # "Xóa tên" is an indicator of its own: a line that names one with a number erases nothing.
    erased = None if said and _named(said["name"]) else _ERASE.fullmatch(folded)
    name, _, in_words = words.partition(":")
    indicator = _named(erased["name"] if erased else said["name"] if said else name)
    if indicator is None:
        return say("targets.unknown", typed=short(words))
    new = "" if erased else _written(said["target"]) if said else in_words.strip()
    if not erased and not 0 < len(new) <= LONGEST:
        return say("targets.no_number", label=_label(indicator))
    return _put(context, (unit_id, indicator, str(period)), new)


def _put(context: Context, place: tuple[int, Indicator, str], new: str) -> Replies:
    unit_id, indicator, period = place
    before = targets.find(context.session, unit_id, indicator.code, period)
    old = before.target if before else ""
    if new:
        targets.put(context.session, unit_id, indicator.code, period, new)
    elif before:
        context.session.delete(before)
    audit.record(
        context.session, context.now, audit.by_account(context.who.account_id), "target.put", unit_id=unit_id,
        subject=f"target:{indicator.code}:{period}", old={"target": old}, new={"target": new},
    )  # fmt: skip
    told: dict[str, Arg] = {
        "unit": units.get(context.session, unit_id).name,
        "label": _label(indicator),
        "period": period_say(period),
    }
    return say("targets.set", **told, target=_shown_target(new)) if new else say("targets.erased", **told)


def _shown_target(target: str) -> str:
    return target.replace(">=", "≥ ").replace("<=", "≤ ")


def _written(target: str) -> str:
    """Return a folded target as it is stored: "tu 300" is >=300."""
    floor = "" if "-" in target else ">="
    return re.sub(r"\s+", "", _CEILING.sub("<=", _FLOOR.sub(floor, target.strip())))


def _named(words: str) -> Indicator | None:
    """Return the indicator people mean: its code, the label, what the office types, or the only label that holds it."""
    text = fold(words).strip(" .:=")
    rows = [row for row in catalogue() if row.has_target or row.kind in ("flow", "ratio")]
    typed = own_figures()
    for row in rows:
        exact = (
            row.code,
            fold(_label(row)),
            row.code.replace("_", " "),
            *(typed[row.code].typed if row.code in typed else ()),
        )
        if text in exact:
            return row
    holding = [row for row in rows if text and text in fold(row.label)]
    starting = [row for row in holding if fold(row.label).startswith(text)] or holding
    preferred = [row for row in starting if row.has_target] or starting
    return preferred[0] if len(preferred) == 1 else None
