"""Questions typed in words: what one still owes, what was reported last month, whether a branch has reported."""

import re

from handlers import my_work, overview
from handlers.context import Context
from handlers.line_reading import SHOWN_TEXT, Line
from handlers.permissions import REPORTERS, may
from handlers.talk import Replies, rows_of, say
from models import units
from models.messages import Message, Say, button, verbatim
from models.periods import Period, month_of, previous_month
from models.vietnamese.branch_names import BranchMatch
from models.vietnamese.folding import fold

_MOST_OFFERED = 6
_MONTH = re.compile(r"\b(?:thang|th)\s*(?P<number>\d{1,2})(?:\s*[/-]\s*(?P<year>20\d\d))?\b")
_LAST_MONTH = re.compile(r"\bthang (?:truoc|vua roi|vua qua)\b")
_LONGER = re.compile(r"\bquy\s*(?:[1-4]|iv|i{1,3})\b(?:\s*[/-]?\s*20\d\d)?|\b[69] thang\b|\bnam\s*20\d\d\b")
_ASKS = re.compile(r"\b(?:bao nhieu|the nao|ra sao|may|nhung gi|gi)\b")
_DUE = re.compile(r"\bhan\b.*\b(?:bao gio|khi nao|ngay nao|hom nao)\b|\b(?:bao gio|khi nao|ngay nao) .*\b(?:han|nop)\b")
_ARRIVED = re.compile(
    r"\bnhan duoc (?:khong|chua|chua nhi)\b|\b(?:con|phai|can) (?:lam|nop|bao cao) (?:nhung )?(?:gi|viec gi)\b"
)
# "hồng hà báo cáo chưa?": what stands before the question is a name, unless it asks about everybody.
_ASKED = re.compile(r"(?P<name>.+?) (?:da |co )?(?:bao cao|nop|gui|hop|bao)(?: bao cao)? (?:chua|roi chua|the nao)")
_NAMED = re.compile(
    r"(?P<name>(?!(?:nhac|cap|gui|xoa|them|sua|ma|cho|moi|doi) ).+?)(?: (?:the nao|ra sao|sao)(?: roi)?)?"
)
_ASKING_WORDS = {"the", "nao", "ra", "sao", "roi", "thi", "con"}
_NOBODY = (
    "ai",
    "nhung ai",
    "chi bo nao",
    "don vi nao",
    "cac chi bo",
    "cac don vi",
    "bao nhieu chi bo",
)


def counts(line: Line) -> bool:
    """Return whether a line asks how many."""
    return re.search(r"\b(?:bao nhieu|may)\b", fold(line.text)) is not None


def answer(context: Context, line: Line) -> Replies:
    """Answer a question about reports: for the branch and the month it names, else the speaker's own and this one."""
    typed, named = _asked_about(context, line, _ASKED)
    month = _month(line.text, month_of(context.today))
    if named is not None:
        return _of_branch(context, typed, named, month)
    own = context.who.units(*REPORTERS)
    longer = _LONGER.search(fold(line.text))
    if longer and not own:
        return say("overview.longer", period=line.text[longer.start() : longer.end()])
    if own and month == month_of(context.today):
        return my_work.command(context)
    return [overview.branch(context, month, unit) for unit in own] if own else overview.command(context, str(month))


def asked(context: Context, line: Line) -> Replies | None:
    """Answer a question that does not read as one about reports: the deadline, a month, a branch by its name alone."""
    typed, named = _named_alone(context, line)
    if named is not None and named.status != "none" and not context.who.holds(*REPORTERS):
        return _of_branch(context, typed, named, _month(line.text, month_of(context.today)))
    said = fold(line.text)
    about_month = _LAST_MONTH.search(said) or _MONTH.search(said) or _LONGER.search(said)
    only_month = about_month and not _without_month(line.text)
    asks = _DUE.search(said) or _ARRIVED.search(said) or only_month or (about_month and _ASKS.search(said))
    return answer(context, line) if asks else None


def _month(text: str, this_month: Period) -> Period:
    """Return the month a question names, the latest such month; without any, this one."""
    said = fold(text)
    if _LAST_MONTH.search(said):
        return previous_month(this_month)
    found = _MONTH.search(said)
    number = int(found["number"]) if found else 0
    if found is None or not 1 <= number <= 12:
        return this_month
    year = int(found["year"]) if found["year"] else this_month.year - (number > this_month.first_month)
    return min(Period(year, number, 1), this_month)


def _of_branch(context: Context, typed: str, named: BranchMatch, month: Period) -> Replies:
    seen = [
        unit_id
        for unit_id in map(int, (named.branch_id,) if named.branch_id else named.candidates)
        if may(context.who, "see", units.lineage(context.session, unit_id, context.today))
    ][:_MOST_OFFERED]
    if not seen:
        return say("line.unknown_unit_asked", typed=typed)
    if len(seen) == 1:
        return [overview.branch(context, month, seen[0])]
    buttons = [button(verbatim(units.get(context.session, found).name), "branch", str(month), found) for found in seen]
    return [Message((Say("line.which_unit_asked"),), rows_of(buttons, 1))]


def _named_alone(context: Context, line: Line) -> tuple[str, BranchMatch | None]:
    """Return the branch a line names and does nothing but name, by its code too."""
    said = _without_month(line.text)
    code = units.by_code(context.session, said)
    if code is not None:
        found = str(units.unit_id(code))
        return line.shown, BranchMatch("match", found, (found,))
    branch = line.reading.slots.branch
    rest = said.replace(fold(branch), " ") if branch else _NAMED.sub(" ", said)
    return _asked_about(context, line, _NAMED) if set(rest.split()) <= _ASKING_WORDS else ("", None)


def _without_month(text: str) -> str:
    said = _LAST_MONTH.sub(" ", _MONTH.sub(" ", fold(text))).replace("thang nay", " ")
    return " ".join(said.split()).strip(" ?.!")


def _asked_about(context: Context, line: Line, pattern: re.Pattern[str]) -> tuple[str, BranchMatch | None]:
    """Return the branch a question names, as typed and as matched; whoever only watches names it without "cb" too."""
    if line.reading.branch is not None:
        return line.reading.slots.branch or line.shown, line.reading.branch
    found = pattern.fullmatch(_without_month(line.text))
    if found is None or found["name"] in _NOBODY or context.who.holds(*REPORTERS):
        return "", None
    names = context.settings.words.words(context.session).names
    matched = names.match(found["name"])
    shown = line.text.strip()[: found.end("name")][:SHOWN_TEXT]
    return shown, matched if matched.status != "none" else BranchMatch("none", None, ())
