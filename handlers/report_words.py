"""A unit's own words in its report: "/baocao ghi 2 …" sets a section, "/baocao ghi thêm 2 …" adds to it.

The office writes the committee's report, the secretary and deputy their branch's. The .docx sent back is read again.
"""

import re
from collections.abc import Sequence

from sqlmodel import col, select

from handlers import typed_period
from handlers.context import Context
from handlers.period_names import period_say
from handlers.permissions import writes_report
from handlers.talk import Replies, as_number, rows_of, say
from models import audit, period_states, report_file, report_texts, units
from models.audit import AuditEntry
from models.forms.words import short
from models.messages import Arg, Message, Say, button, verbatim
from models.periods import Period, parse_period
from models.report_file import NotAReportError
from models.vietnamese.folding import fold
from models.vietnamese.secrets_guard import mark_in

MADE = "report.make"  # the deed a made report is known by
_WRITE = re.compile(r"(?:ghi|viet)\b\s*(?P<more>them\b)?\s*(?:vao\b)?\s*(?:muc|phan)?\s*(?P<rest>.*)", re.DOTALL)
_SECTION = re.compile(r"(?:i\s*\.\s*)?(?P<section>[1-7]|iii|ii)\b[\s:.)–-]*")
_NAMED_SECTIONS = {"han che": "II", "nguyen nhan": "II", "phuong huong": "III", "nhiem vu": "III"}
_EMPTY = ("xoa", "xoa di", "bo", "xoa het")


def command(context: Context, words: str) -> Replies | None:
    """Answer "ghi [thêm] [period] <section> <words>", or None where a line is none."""
    line = words.strip()
    wrote = _WRITE.match(fold(line))
    if not wrote:
        return None
    return _write(context, line[wrote.start("rest") :], add=bool(wrote["more"]))


def _write(context: Context, words: str, *, add: bool, unit_id: int | None = None) -> Replies:
    own = _writable(context)
    if not own:
        return say("report.not_yours")
    period, rest = typed_period.typed(words, context.today) or (None, words)
    section, text = _section(rest)
    if not section:
        return say("report.which_section")
    made = _last_made(context)
    if period is None:
        period, text = _period_named(context, text, made[0] if made else None)
    if unit_id is None:
        unit_id = own[0] if len(own) == 1 else made[1] if made and made[1] in own else None
    if unit_id is None:
        return _ask_unit(context, own, words, add=add)
    return _put(context, (unit_id, period, section), text, add=add)


def _writable(context: Context) -> tuple[int, ...]:
    """Return the units whose report a person may write into."""
    held = dict.fromkeys(unit_id for _, unit_id in context.who.posts)
    return tuple(unit_id for unit_id in held if _may_write(context, unit_id))


def _may_write(context: Context, unit_id: int) -> bool:
    kind = units.get(context.session, unit_id).kind
    return writes_report(context.who, unit_id, committee=kind in units.COMMITTEES)


def _ask_unit(context: Context, own: Sequence[int], words: str, *, add: bool) -> Replies:
    context.conversation.waiting = {"report_words": words, "add": add}
    buttons = [button(verbatim(units.get(context.session, one).name), "report_words", one) for one in own]
    return [Message((Say("report.write_which"),), rows_of(buttons, 1))]


def _on_unit(context: Context, args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    unit_id = as_number(args[0]) if args else None
    if not waiting or "report_words" not in waiting or unit_id not in _writable(context):
        return say("talk.stale")
    return _write(context, str(waiting["report_words"]), add=bool(waiting["add"]), unit_id=unit_id)


def _period_named(context: Context, text: str, made: Period | None) -> tuple[Period, str]:
    """Return the period "quý 1 2022: …" names, else that of the report asked for last; a sentence may begin alike."""
    named = typed_period.typed(text, context.today)
    if named and (not named[1] or text[: len(text) - len(named[1])].rstrip().endswith(":")):
        return named
    return made or typed_period.due(context.today), text


def _section(words: str) -> tuple[str, str]:
    folded = fold(words)
    found = _SECTION.match(folded)
    if found:
        return found["section"].upper(), words[found.end() :].strip()
    for name, section in _NAMED_SECTIONS.items():
        if folded.startswith(name):
            return section, words[len(name) :].lstrip(" :.–-")
    return "", ""


def _last_made(context: Context) -> tuple[Period, int | None] | None:
    """Return the period and the unit of the report this person asked for last."""
    made = context.session.exec(
        select(AuditEntry.subject, AuditEntry.unit_id)
        .where(AuditEntry.actor == audit.by_account(context.who.account_id), AuditEntry.deed == MADE)
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    ).one_or_none()
    return (parse_period(made[0].removeprefix("report:")), made[1]) if made else None


def _put(context: Context, place: tuple[int, Period, str], text: str, *, add: bool) -> Replies:
    """Set, add to, empty or show one section; what stood there before is shown, so that nothing goes in silence."""
    unit_id, period, section = place
    told = _told(context, unit_id, period, section)
    stands = report_texts.of_report(context.session, unit_id, period).get(section, "")
    if not text:
        return say("report.stands", **told, text=stands) if stands else say("report.empty", **told)
    if _is_locked(context, unit_id, period):
        return say("report.locked", **told)
    new = "" if not add and fold(text).strip(" .!") in _EMPTY else f"{stands}\n{text}" if add and stands else text
    if len(new) > report_texts.LONGEST:
        return say("report.too_long", **told)
    report_texts.put(context.session, unit_id, period, {section: new}, context.who.account_id, context.now)
    if not new:
        return say("report.erased", **told)
    if stands and not add and stands != new:
        return say("report.rewritten", **told, old=short(stands), text=short(text))
    return say("report.added" if add and stands else "report.written", **told, text=short(text))


def _told(context: Context, unit_id: int, period: Period, section: str) -> dict[str, Arg]:
    return {
        "unit": units.get(context.session, unit_id).name,
        "period": period_say(str(period)),
        "section": section,
    }


def _is_locked(context: Context, unit_id: int, period: Period) -> bool:
    return period_states.state_of(context.session, unit_id, str(period)) == "locked"


# The file that comes back ---------------------------------------------------------------------------------------------


def wants_file(name: str) -> bool:
    """Return whether a file of a name may be a report that comes back."""
    return name.lower().endswith(".docx")


def is_ours(content: bytes) -> bool:
    """Return whether a file is a report this program made."""
    try:
        report_file.read(content)
    except (NotAReportError, ValueError):
        return False
    return True


def uploaded(context: Context) -> Replies:
    """Read a unit's own words back from its report's .docx."""
    try:
        read = report_file.read(context.file or b"")
        period = parse_period(read.period)
    except (NotAReportError, ValueError):
        return say("report.not_ours")
    unit = units.by_code(context.session, read.unit)
    if unit is None:
        return say("report.not_yours")
    unit_id = units.unit_id(unit)
    if unit_id not in _writable(context):
        return say("report.file_not_yours", unit=unit.name)
    names: dict[str, Arg] = {"period": period_say(str(period)), "unit": unit.name}
    if _is_locked(context, unit_id, period):
        return say("report.file_locked", **names)
    mark = next((found for text in read.words.values() if (found := mark_in(text))), None)
    if mark:
        return say("report.file_secret", **names, mark=mark)
    changed = report_texts.put(context.session, unit_id, period, read.words, context.who.account_id, context.now)
    return say("report.read", **names, sections=", ".join(changed)) if changed else say("report.read_same", **names)


VERBS = {"report_words": _on_unit}
