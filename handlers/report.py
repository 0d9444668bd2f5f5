"""/baocao: the committee's report of a period with its files, and the office's own words in it.

"/baocao quý 1 2022" makes the files, "/baocao ghi 2 …" writes into a section, and the .docx sent back is read again.
"""

import re
from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from handlers import typed_period
from handlers.context import Context
from handlers.period_names import period_say
from handlers.permissions import may, roots
from handlers.talk import Replies, as_number, rows_of, say
from models import audit, figures, report_file, report_texts, units
from models.audit import AuditEntry
from models.figures import Figure, Figures
from models.forms.words import short
from models.messages import Arg, Document, Message, Say, button, verbatim
from models.periods import Period, parse_period
from models.report_file import NotAReportError
from models.vietnamese.folding import fold

WRITERS = ("officer",)
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
_WRITE = re.compile(r"(?:ghi|viet)\b\s*(?:muc|phan)?\s*(?P<rest>.*)", re.DOTALL)
_SECTION = re.compile(r"(?:i\s*\.\s*)?(?P<section>[1-7]|iii|ii)\b[\s:.)–-]*")
_NAMED_SECTIONS = {"han che": "II", "nguyen nhan": "II", "phuong huong": "III", "nhiem vu": "III"}
_EMPTY = ("xoa", "xoa di", "bo", "xoa het")
_DEED = "report.make"


def command(context: Context, words: str) -> Replies:
    """Answer /baocao [period] and /baocao ghi [period] <section> <words>."""
    wrote = _WRITE.match(fold(words.strip()))
    if wrote:
        return _write(context, words.strip()[wrote.start("rest") :])
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
    audit.record(context.session, context.now, actor, _DEED, unit_id=unit_id, subject=f"report:{period}")
    kinds = [kind for kind in FILES if _is_made(kind, found)]
    told = Message((*_summary(found), Say("report.working", {"count": len(kinds)})))
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


def _summary(found: Figures) -> list[Say]:
    head: dict[str, Arg] = {"period": period_say(str(found.period)), "unit": found.name}
    counted: dict[str, Arg] = {"reported": found.reported, "expected": found.expected}
    lines = [Say("report.head", head), Say(f"report.state.{found.state}", {"day": _day(found.cutoff)})]
    if found.expected:
        lines.append(Say("report.reported", counted))
    names = [line.name for line in found.branches if line.missing]
    if names:
        more = (Say("report.more", {"count": len(names) - SHOWN_MISSING}),) if len(names) > SHOWN_MISSING else ()
        listed = (*(verbatim(f"– {name}") for name in names[:SHOWN_MISSING]), *more)
        lines.append(Say("report.missing", {"count": len(names), "names": listed}))
    return lines + [_line(figure) for figure in found.indicators if _is_told(figure)]


def _is_told(figure: Figure) -> bool:
    amount = figure.amount
    return figure.measured is not None or (amount is not None and bool(amount.number or amount.of or any(amount.parts)))


def _line(figure: Figure) -> Say:
    return Say("report.figure", {"label": figure.indicator.label.split(" (")[0], "text": figure.text})


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


# The office's own words ---------------------------------------------------------------------------------------------


def _write(context: Context, words: str) -> Replies:
    own = context.who.units(*WRITERS)
    if not own:
        return say("report.not_yours")
    period, rest = typed_period.typed(words, context.today) or (None, words)
    section, text = _section(rest)
    if not section:
        return say("report.which_section")
    if period is None:
        period, text = _period_named(context, text)
    return _put(context, own[0], period, {section: text})


def _period_named(context: Context, text: str) -> tuple[Period, str]:
    """Return the period "quý 1 2022: …" names, else that of the report asked for last; a sentence may begin alike."""
    named = typed_period.typed(text, context.today)
    if named and (not named[1] or text[: len(text) - len(named[1])].rstrip().endswith(":")):
        return named
    return _last_made(context) or typed_period.due(context.today), text


def _section(words: str) -> tuple[str, str]:
    folded = fold(words)
    found = _SECTION.match(folded)
    if found:
        return found["section"].upper(), words[found.end() :].strip()
    for name, section in _NAMED_SECTIONS.items():
        if folded.startswith(name):
            return section, words[len(name) :].lstrip(" :.–-")
    return "", ""


def _last_made(context: Context) -> Period | None:
    """Return the period whose report this person asked for last."""
    subject = context.session.exec(
        select(AuditEntry.subject)
        .where(AuditEntry.actor == audit.by_account(context.who.account_id), AuditEntry.deed == _DEED)
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    ).one_or_none()
    return parse_period(subject.removeprefix("report:")) if subject else None


def _put(context: Context, unit_id: int, period: Period, words: dict[str, str]) -> Replies:
    told: dict[str, Arg] = {"period": period_say(str(period)), "section": next(iter(words))}
    text = next(iter(words.values()))
    if not text:
        stands = report_texts.of_report(context.session, unit_id, period).get(str(told["section"]), "")
        return say("report.stands", **told, text=stands) if stands else say("report.empty", **told)
    if len(text) > report_texts.LONGEST:
        return say("report.too_long", **told)
    new = "" if fold(text).strip(" .!") in _EMPTY else text
    report_texts.put(context.session, unit_id, period, {str(told["section"]): new}, context.who.account_id, context.now)
    return say("report.written", **told, text=short(new)) if new else say("report.erased", **told)


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
    """Read the office's own words back from a report's .docx."""
    try:
        read = report_file.read(context.file or b"")
        period = parse_period(read.period)
    except (NotAReportError, ValueError):
        return say("report.not_ours")
    unit = units.by_code(context.session, read.unit)
    if unit is None or units.unit_id(unit) not in context.who.units(*WRITERS):
        return say("report.not_yours")
    names: dict[str, Arg] = {"period": period_say(str(period)), "unit": unit.name}
    changed = report_texts.put(
        context.session, units.unit_id(unit), period, read.words, context.who.account_id, context.now
    )
    return say("report.read", **names, sections=", ".join(changed)) if changed else say("report.read_same", **names)


VERBS = {"report": _on_report}
