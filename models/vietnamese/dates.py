"""Dates as people type them, in one phrase or inside a longer line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from models.vietnamese.calendar_days import Lean, day_of_month, nearest_year, valid_date
from models.vietnamese.date_grammar import PATTERNS, Pattern
from models.vietnamese.date_reading import DateMention, DateReading
from models.vietnamese.folding import fold, has_marks
from models.vietnamese.number_tokens import join_numbers
from models.vietnamese.tokens import Token, tokenise

__all__ = ["DateMention", "DateReading", "find_dates", "normal_text", "read_date"]

NEAR = 7
_CLOCK = re.compile(
    r"\b(?:luc\s+|tu\s+)?\d{1,2}\s*(?:gio|giờ|h|g|:)\s*(?:\d{2}|ruoi|kem \d+)?(?:\s*(?:phut|p))?\b"
    r"(?:\s+(?:sang|chieu|toi|trua|dem)(?!\s+(?:qua|nay|kia|mai)))?"
)
_FLUFF = re.compile(r"^(?:\s|[,.:;!()\-]|(?:vao|la|ngay|hom|da|hop|a|nhe|nha|em|thi|sang|chieu|toi|trua)\b)*$")
_JOIN = re.compile(r"[\s,(\-]*(?:(?:ngay|tuc|la|hom)[\s:]*)*")
_SHORT = re.compile(r"^(\d{1,2})\s*[.\-; ]\s*(\d{1,2})(?:\s*[.\-; ]\s*(\d{4}|\d{2}))?$")


def normal_text(tokens: Sequence[Token]) -> str:
    """Return the tokens as one line, spaced as typed, with a space between words and digits."""
    parts: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        glued = before is not None and not token.spaced
        joins_word = glued and before is not None and before.norm.isalnum() and token.norm.isalnum()
        parts.append(token.norm if glued and not joins_word else f" {token.norm}")
    return "".join(parts).strip()


def find_dates(text: str, today: date, lean: Lean = "past") -> list[DateMention]:
    """Return the date phrases of a normalised line, in order, with a weekday joined to its date."""
    found: list[DateMention] = []
    taken = bytearray(len(text))
    for pattern in (one for one in PATTERNS if one.may_stand_in(text)):
        for match in pattern.regex.finditer(text):
            if any(taken[match.start() : match.end()]) or match.start() == match.end():
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(_mention(pattern, match, today, lean))
    found.sort(key=lambda mention: mention.start)
    return list(_joined(found, text, lean))


def _mention(pattern: Pattern, match: re.Match[str], today: date, lean: Lean) -> DateMention:
    anchored = pattern.anchored == "always" or bool(match.groupdict().get("anchor"))
    reading = pattern.resolve(match, today, lean)
    return DateMention(match.start(), match.end(), reading, pattern.kind, anchored)


def _joined(mentions: list[DateMention], text: str, lean: Lean) -> Iterator[DateMention]:
    """Yield the mentions, a weekday or "hôm qua" merged with the day and month right after it."""
    many = lean == "future" or len(re.findall(r"\d\s*/\s*\d|\d tren \d", text)) > 1
    at = 0
    while at < len(mentions):
        here = mentions[at]
        after = mentions[at + 1] if at + 1 < len(mentions) else None
        if after and _belong_together(here, after, text[here.end : after.start], many=many):
            yield _merge(here, after)
            at += 2
        else:
            yield here
            at += 1


def _belong_together(here: DateMention, after: DateMention, between: str, *, many: bool) -> bool:
    dated = {"full", "fraction", "spoken", "day", "lunar"}
    named = {"weekday", "relative"}
    near = bool(_JOIN.fullmatch(between))
    if here.kind in named and after.kind == "fraction" and not after.anchored:
        same = here.reading.date is not None and after.reading.date is not None
        clash = _disagree(here, after.reading.date)
        many = many or _no_attendance(after)
        return near and same and (not clash or (many and "," not in between and _rivals(here, after)))
    if here.kind in named and after.kind in dated:
        return near and (after.anchored or here.reading.date == after.reading.date or here.kind == "weekday")
    if not near or here.kind not in dated or after.kind not in named:
        return False
    bracketed = "(" in between and after.kind == "weekday"
    return here.reading.date is not None and (bracketed or here.reading.date == after.reading.date)


def _no_attendance(mention: DateMention) -> bool:
    """Tell whether an a/b can only be a day: more cannot come than there are."""
    first, second, *_ = (int(n) for n in re.findall(r"\d+", mention.reading.typed))
    return first > second


def _rivals(here: DateMention, after: DateMention) -> bool:
    """Tell whether "hôm qua 4/8" names two days so near that one of them is a slip."""
    first, second = here.reading.date, after.reading.date
    return here.kind == "weekday" or (first is not None and second is not None and abs((first - second).days) <= NEAR)


def _merge(here: DateMention, after: DateMention) -> DateMention:
    """Return one mention; where the two name different days both are offered."""
    named, dated = (here, after) if here.kind in ("weekday", "relative") else (after, here)
    reading = dated.reading
    typed = f"{here.reading.typed} {after.reading.typed}"
    if reading.issue is None and reading.date and _disagree(named, reading.date):
        others = (reading.date, *([named.reading.date] if named.reading.date else []))
        reading = DateReading(reading.date, "ambiguous_date", typed, others)
    return DateMention(here.start, after.end, replace(reading, typed=typed), dated.kind, anchored=True)


def _disagree(named: DateMention, day: date | None) -> bool:
    """Tell whether a weekday or "hôm qua" is another day; "T5" before a date is the month of the meeting."""
    if re.fullmatch(r"t\s?\d", named.reading.typed.strip()):
        return False
    if named.reading.date is None or day is None:
        return False
    if named.kind == "weekday":
        return named.reading.date.weekday() != day.weekday()
    return named.reading.date != day


def read_date(text: str, today: date, lean: Lean = "past") -> DateReading:
    """Return the one date a whole phrase names, as an answer to "which day?".

    Also bare answers such as "3", "3.3" and "03-03-26"; a phrase that is no date gives unclear_date.
    """
    tokens = join_numbers(tokenise(text), marked=has_marks(text))
    line = _CLOCK.sub(" ", normal_text(tokens)).strip(" .,")
    bare = _bare(line, today, lean)
    if bare:
        return replace(bare, typed=text.strip())
    mentions = find_dates(line, today, lean)
    rest = line
    for mention in reversed(mentions):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    if len(mentions) != 1 or not _FLUFF.match(rest):
        return _not_one(mentions, text)
    reading = mentions[0].reading
    if mentions[0].kind == "month" and reading.issue is None:
        reading = replace(reading, issue="vague_date")
    return replace(reading, typed=text.strip())


def _not_one(mentions: list[DateMention], text: str) -> DateReading:
    days = tuple(dict.fromkeys(m.reading.date for m in mentions if m.reading.date))
    return DateReading(None, "ambiguous_date" if len(days) > 1 else "unclear_date", text.strip(), days)


def _bare(line: str, today: date, lean: Lean) -> DateReading | None:
    if re.fullmatch(r"\d{1,2}", line):
        day = day_of_month(int(line), today, lean)
    elif match := _SHORT.match(line):
        d, m, y = match.groups()
        year = int(y) + (2000 if len(y) == 2 else 0) if y else None
        day = valid_date(year, int(m), int(d)) if year else nearest_year(int(d), int(m), today)
    elif fold(line) in ("nay", "hnay"):
        day = today
    else:
        return None
    return DateReading(day, None if day else "invalid_date", line)
