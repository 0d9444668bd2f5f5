# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Telling "8/9" the day from "8/9" the attendance."""

import datetime as dt
import re
from collections.abc import Sequence

from handlers._reading.attendance_words import NOUN
from handlers._reading.canvas import Canvas
from handlers._reading.result import Issue
from models.vietnamese.dates import DateMention, find_dates

FEW = 5
_PEOPLE_BEFORE = re.compile(
    r"\b(?:co mat|du hop|mat|tham du|tham gia|quan so|si so|tong so|so luong|ty le|ti le|vang|hien dien)[^\w#]*(?:la\s+|duoc\s+|so\s+)?$"
    r"|\b(?:du|duu|dat|co|dong chi|di|dang vien|nghi|duoc|thanh phan|den)\s*(?:(?<!chi)(?<!vien)[:=\-]\s*)?(?:la\s+|duoc\s+|so\s+)?$"
)
_PEOPLE_AFTER = re.compile(
    r"^\s*(?:dong chi|dang vien|nguoi|cu\b|bac\b|co mat|du\b|duu\b|tham (?:du|gia)|dat\b|\(|#|anh em|ong ba|dv|ban\b|vi\b)"
)
# A word of attendance after an a/b speaks of the number behind it: "họp 29/1 dự 48/50".
_OWN_COUNT = re.compile(
    r"\s*(?:so\s+)?(?:dang vien|dong chi)\s*:?\s*\d|\s*(?:so\s+)?(?:dang vien|dong chi)?\s*(?:co mat|duu?|tham (?:du|gia)|dat)\W*(?:(?:hop|duu)\W*)?(?:duoc|hon|gan|khoang|tam|tren)?\W*(?:\d|chuc|may|#)"
)
_DAY_BEFORE = re.compile(
    r"(?:\b(?:hop|sinh hoat|to chuc|chi bo|shcb|dinh_? ky|hop roi|hop xong|ngay|tu|sang|den|qua|ve|luc|toi|chieu|trua|dem|vao|hop vao|buoi hop|hom|nap|chinh thuc|thanh)|#|^)[^\w#]*$"
)
_MOVED_TO_FIGURE = re.compile(r"\b(?:sang|den|qua|vao|lai) (?:ngay |hom )?\d{1,2}\s*/\s*\d{1,2}(?![\d/])")
_MAYBE = re.compile(
    r"\b(?:co khi|hinh nhu|hoac(?: la)?|hay(?: la)?|khong thi|chac la|co le)\W*(?:la )?(?:ngay |hom )?$"
)
_COUNTED_APART = re.compile(r"\b(?:tong so|tong|quan so|si so|co mat|vang)\W*\d")


def sort_dates(canvas: Canvas, today: dt.date, *, ahead: bool, meeting: bool) -> tuple[list[DateMention], list[Issue]]:
    """Return the date mentions of a line, telling "8/9" the day from "8/9" the attendance; cover them."""
    text = canvas.text
    mentions = find_dates(text, today, "future" if ahead else "past")
    named = {m.reading.date for m in mentions if m.kind in ("relative", "weekday")} - {None}
    sure = [m for m in mentions if m.kind != "fraction" or m.anchored or m.reading.date in named]
    open_ones = [m for m in mentions if m not in sure]
    if (len(open_ones) > 1 or _COUNTED_APART.search(text)) and any(map(_calendar, open_ones)):
        sure = without_bare_t(sure, [m for m in open_ones if _calendar(m)])
    days, issues = _choose_days(text, sure, open_ones, today, meeting=meeting)
    for mention in (*sure, *days):
        canvas.cover(mention.start, mention.end)
    for mention in open_ones:
        if issues and mention not in days:
            canvas.cover(mention.start, mention.end)
    return sorted((*sure, *days), key=lambda m: m.start), issues


def impossible_day(canvas: Canvas) -> Issue | None:
    """Cover and return what a meeting was moved to where no calendar has it: "dời sang 32/7"."""
    found = [Issue("invalid_date", match.group().strip()) for match in canvas.take(_MOVED_TO_FIGURE)]
    return found[0] if found else None


def _choose_days(
    text: str, sure: list[DateMention], unsure: list[DateMention], today: dt.date, *, meeting: bool
) -> tuple[list[DateMention], list[Issue]]:
    only_day = _only_possible_day(text, sure, unsure, today) if meeting else None
    if only_day:
        return [only_day], []
    people = [m for m in unsure if _is_people(text, m) and (meeting or not _calendar(m))]
    rest = [m for m in unsure if m not in people]
    other = re.compile(
        r"(?<![\d/])\d{1,3}\s*(?:(?:co mat|mat|dong chi|dang vien|nguoi|du hop|du) )*(?:tren|trong)\s*(?:tong\s*)?(?:so\s*)?\d|\b\d{2,3}\s*/\s*(?:1[3-9]|[2-9]\d|1\d\d)\b(?!/)"
    )
    counted = bool(people) or bool(
        re.search(
            r"\b(?:co mat|tham du|du|vang|quan so|si so|tong so|tong)\W*\d|\b\d{1,3} (?:dong chi|dang vien|nguoi)\b",
            text,
        )
    )
    paired = bool(people) or other.search(_without(text, rest)) is not None
    counted = counted or paired
    days: list[DateMention] = []
    for mention in rest:
        possible = _calendar(mention)
        after_word = bool(_DAY_BEFORE.search(text[: mention.start]))
        to_come = paired and mention.reading.date is not None and mention.reading.date > today
        if (not meeting and possible) or (to_come and any(certain(m) and not _ahead(m, today) for m in (*sure, *days))):
            days.append(mention)
        elif any(certain(m) for m in (*sure, *days)):
            days += [mention] if possible and _MAYBE.search(text[: mention.start]) else []
        elif (after_word and (possible or ((counted or len(rest) > 1) and mention.reading.issue))) or (
            possible and (counted or len(rest) > 1)
        ):
            days.append(mention)
    return _settle(text, sure, days, rest, today, counted=counted, meeting=meeting)


def _only_possible_day(
    text: str, sure: list[DateMention], unsure: list[DateMention], today: dt.date
) -> DateMention | None:
    """Return the one a/b the calendar allows, where another a/b can only be attendance."""
    possible = [m for m in unsure if _calendar(m)]
    if len(possible) != 1 or len(unsure) < 2 or any(certain(m) for m in sure):
        return None
    first_of_others = min((m for m in unsure if m not in possible), key=lambda m: m.start)
    ahead = "|sinh hoat" if _ahead(possible[0], today) else ""  # then it is rather all of six, after "ngày 5/13"
    said_as_day = re.search(rf"\b(?:hop|ngay|hom{ahead})\W*$", text[: first_of_others.start])
    counted = re.search(r"\b(?:co mat|quan so|si so|tham du|du hop|vang)[^\w#]*$", text[: possible[0].start])
    return None if counted or (said_as_day and first_of_others.start < possible[0].start) else possible[0]


def _ahead(mention: DateMention, today: dt.date) -> bool:
    return mention.reading.date is not None and mention.reading.date > today


def _settle(
    text: str,
    sure: list[DateMention],
    days: list[DateMention],
    rest: list[DateMention],
    today: dt.date,
    *,
    counted: bool,
    meeting: bool,
) -> tuple[list[DateMention], list[Issue]]:
    """Ask about a single a/b that fits both a day and an attendance."""
    if not meeting or counted or len(rest) != 1 or any(certain(m) for m in sure):
        return days, []
    if any(m.kind == "vague" for m in sure):
        return [], []
    only = rest[0]
    first, second = _pair(only)
    if not _calendar(only) or second <= 1:
        return days, []
    close = only.reading.date is not None and -31 <= (only.reading.date - today).days <= 0
    directly = re.search(
        r"(?:\bhop(?: chi bo)?|^sinh hoat|\bngay (?:hop |sinh hoat )?(?:\w+ )?(?:thanh|la))[ :\-]*$", text[: only.start]
    )
    if (directly and close and not _as_many_as_come(first, second)) or first > second:
        return days or [only], []
    return [], [Issue("ambiguous_fraction", only.reading.typed, (f"{first}/{second}",))]


def _as_many_as_come(first: int, second: int) -> bool:
    """Tell whether "họp 9/12" may as well be nine of twelve members."""
    return second >= FEW and first * 2 > second


def _without(text: str, mentions: Sequence[DateMention]) -> str:
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def certain(mention: DateMention) -> bool:
    """Tell whether a mention names one day, be it an impossible one."""
    return mention.kind not in ("vague", "month") and (mention.reading.date is not None or bool(mention.reading.issue))


def _pair(mention: DateMention) -> tuple[int, int]:
    numbers = re.findall(r"\d+", mention.reading.typed)
    return int(numbers[0]), int(numbers[1])


def _calendar(mention: DateMention) -> bool:
    first, second = _pair(mention)
    return 1 <= first <= 31 and 1 <= second <= 12


def _is_people(text: str, mention: DateMention) -> bool:
    """Tell whether the words around an a/b make it an attendance."""
    before, after = text[: mention.start], text[mention.end :]
    first, second = _pair(mention)
    if _PEOPLE_BEFORE.search(before):
        return not re.search(r"\b(?:den|di|duoc)\W*$", before) or not _calendar(mention)
    if first > second and _calendar(mention):
        return False  # more than the whole never came
    if _PEOPLE_AFTER.match(after) and not re.match(r"\s*(?:\(|#)", after):
        by_word = re.search(r"\b(?:hop|ngay|hom|sinh hoat)\W*$", before) and not re.match(NOUN, after)
        return not (_calendar(mention) and (by_word or _OWN_COUNT.match(after)))
    if (second > 12) != (first > 31) and re.search(r"\b(?:hop|ngay|sinh hoat)\W*$", before):
        return not re.search(r"(?:du|co mat|tham du|co)\W*\d", after) and not re.search(r"\d\s*/\s*\d", after)
    return second > 12 or first > 31


def without_bare_t(dated: list[DateMention], others: Sequence[DateMention] = ()) -> list[DateMention]:
    """Drop "T3" beside another date: there it is the month of the meeting."""
    bare = [m for m in dated if m.kind == "weekday" and re.fullmatch(r"t\s?[2-7]", m.reading.typed.strip())]
    return [m for m in dated if m not in bare] if len(dated) + len(others) > len(bare) else dated
