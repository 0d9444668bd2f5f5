"""For the administrator: lines that were misread (/hieusai), and new names and abbreviations, one approved row each."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.context import Context
from handlers.permissions import may
from handlers.talk import Replies, press, row, say
from models import audit, readings, units, vocabulary
from models.clock import local
from models.forms.words import short
from models.messages import Document, Message, Say, verbatim

SINCE = timedelta(days=30)
SHOWN = 15
LONGEST = 100  # no name or abbreviation has more letters


def misread(context: Context, _words: str) -> Replies:
    """Answer /hieusai: the lines not understood or corrected afterwards, most frequent first."""
    if not context.who.holds("admin"):
        return say("talk.not_allowed")
    found = readings.misread(context.session, context.now - SINCE)
    if not found:
        return say("vocabulary.none")
    lines = tuple(
        Say(
            "vocabulary.corrected" if line.corrected else "vocabulary.unknown", {"times": line.times, "text": line.text}
        )
        for line in found[:SHOWN]
    )
    told = Say("vocabulary.misread", {"count": len(found), "lines": lines})
    return [Message((told,), (row(press("vocabulary.button.export", "misread_xlsx")),))]


def _on_export(context: Context, _args: Sequence[str]) -> Replies:
    if not context.who.holds("admin"):
        return say("talk.not_allowed")
    since = (context.now - SINCE).isoformat()
    name = f"hieu-sai-{local(context.now):%Y-%m-%d}.xlsx"
    return [Message((Say("vocabulary.exported"),), document=Document("misread_xlsx", {"since": since}, name))]


def alias(context: Context, words: str) -> Replies:
    """Answer /bidanh CB05 = hồng hà: from now on the words name the unit."""
    code, _, typed = words.partition("=")
    if not code.strip() or not typed.strip() or len(typed) > LONGEST:
        return say("vocabulary.alias_usage")
    unit = units.by_code(context.session, code)
    if unit is None:
        return say("invite.no_unit", code=short(code))
    lineage = units.lineage(context.session, units.unit_id(unit), context.today)
    if not may(context.who, "import", lineage):
        return say("talk.not_allowed")
    by = context.who.account_id
    vocabulary.approve_alias(context.session, typed, units.unit_id(unit), by, context.now)
    _audit(context, "vocabulary.alias", typed)
    return say("vocabulary.alias_added", typed=verbatim(typed.strip()), unit=unit.name)


def abbreviation(context: Context, words: str) -> Replies:
    """Answer /viettat shcđ = sinh hoạt chuyên đề: from now on the short form stands for the words."""
    typed, _, means = words.partition("=")
    if not context.who.holds("admin"):
        return say("talk.not_allowed")
    if not typed.strip() or not means.strip() or len(words) > LONGEST:
        return say("vocabulary.abbreviation_usage")
    vocabulary.approve_abbreviation(context.session, typed, means, context.who.account_id, context.now)
    _audit(context, "vocabulary.abbreviation", typed)
    return say("vocabulary.abbreviation_added", short=verbatim(typed.strip()), means=verbatim(means.strip()))


def _audit(context: Context, deed: str, subject: str) -> None:
    audit.record(
        context.session, context.now, audit.by_account(context.who.account_id), deed, subject=subject.strip()[:80]
    )


VERBS = {"misread_xlsx": _on_export}
