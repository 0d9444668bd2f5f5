# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Which of the dates of a line is the day of the event."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers._reading.attendance_words import NOUN
from handlers._reading.canvas import Canvas
from handlers._reading.result import Issue
from models.vietnamese.dates import DateMention, find_dates

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
_MOVED_TO = re.compile(
    r"\b(?:sang|den|qua|ve|toi|vao|lai|xuong|len|moi|hen|thanh|la|se hop|hop bu|hop lai|->|=>|se to chuc|se sinh hoat|[,;.] (?:se )?(?:hop|sinh hoat))\W*(?:\s*(?:ngay|hom|luc|toi|chieu|sang)\s*)*$"
)
_MOVED_FROM = re.compile(
    r"\b(?:tu|thay vi|thay cho|lich cu|le ra|dang le|dung[gf]? ra|du kien|theo lich|dinh_? ky)\W*(?:ngay\s+|hom\s+)*$"
)
_COUNTED_APART = re.compile(r"\b(?:tong so|tong|quan so|si so|co mat|vang)\W*\d")
# A word for a day that is left over when all dates are covered.
_DAY_WORD = re.compile(r"\b(?:hom|bua) (?!com\b)[a-z_]{2,}(?: [a-z_]+)?")
_BY_SO_MUCH = re.compile(
    r"\b(?:hoan|lui|doi|cham|tre|som|muon)\b[^.;]{0,25}?\b(?:\d{1,2}|may|vai|nua)\s+(?:ngay|hom|bua|tuan|thang)\b"
)
_UNSURE = re.compile(r"\b(?:hinh nhu|khong nho ro|khong ro|chac la|co le|nho khong|khong chac)\b")


@dataclass(frozen=True, slots=True)
class Moment:
    """The day of the event with the doubts about it, and whether a stretch of days was named."""

    date: dt.date | None = None
    issue: Issue | None = None
    stretch: bool = False


def sort_dates(canvas: Canvas, today: dt.date, *, ahead: bool, meeting: bool) -> tuple[list[DateMention], list[Issue]]:
    """Return the date mentions of a line, telling "8/9" the day from "8/9" the attendance; cover them."""
    text = canvas.text
    mentions = find_dates(text, today, "future" if ahead else "past")
    named = {m.reading.date for m in mentions if m.kind in ("relative", "weekday")} - {None}
    sure = [m for m in mentions if m.kind != "fraction" or m.anchored or m.reading.date in named]
    open_ones = [m for m in mentions if m not in sure]
    if (len(open_ones) > 1 or _COUNTED_APART.search(text)) and any(map(_calendar, open_ones)):
        sure = _without_bare_t(sure, [m for m in open_ones if _calendar(m)])
    days, issues = _choose_days(text, sure, open_ones, today, meeting=meeting)
    for mention in (*sure, *days):
        canvas.cover(mention.start, mention.end)
    for mention in open_ones:
        if issues and mention not in days:
            canvas.cover(mention.start, mention.end)
    return sorted((*sure, *days), key=lambda m: m.start), issues


def _choose_days(
    text: str, sure: list[DateMention], unsure: list[DateMention], today: dt.date, *, meeting: bool
) -> tuple[list[DateMention], list[Issue]]:
    only_day = _only_possible_day(text, sure, unsure) if meeting else None
    if only_day:
        return [only_day], []
    people = [m for m in unsure if _is_people(text, m) and (meeting or not _calendar(m))]
    rest = [m for m in unsure if m not in people]
    other = re.compile(
        r"(?<![\d/])\d{1,3}\s*(?:(?:co )?mat |dong chi |dang vien |nguoi )?(?:tren|trong)\s*(?:tong\s*)?(?:so\s*)?\d|\b\d{2,3}\s*/\s*(?:1[3-9]|[2-9]\d|1\d\d)\b(?!/)"
    )
    counted = bool(people) or bool(re.search(r"\b(?:co mat|tham du|du|vang|quan so|si so|tong so)\W*\d", text))
    paired = bool(people) or other.search(_without(text, rest)) is not None
    counted = counted or paired
    days: list[DateMention] = []
    for mention in rest:
        possible = _calendar(mention)
        after_word = bool(_DAY_BEFORE.search(text[: mention.start]))
        to_come = paired and mention.reading.date is not None and mention.reading.date > today
        if (not meeting and possible) or (
            to_come and any(_certain(m) and not _ahead(m, today) for m in (*sure, *days))
        ):
            days.append(mention)
        elif any(_certain(m) for m in (*sure, *days)):
            continue
        elif (after_word and (possible or ((counted or len(rest) > 1) and mention.reading.issue))) or (
            possible and (counted or len(rest) > 1)
        ):
            days.append(mention)
    return _settle(text, sure, days, rest, today, counted=counted, meeting=meeting)


def _only_possible_day(text: str, sure: list[DateMention], unsure: list[DateMention]) -> DateMention | None:
    """Return the one a/b the calendar allows, where another a/b can only be attendance."""
    possible = [m for m in unsure if _calendar(m)]
    if len(possible) != 1 or len(unsure) < 2 or any(_certain(m) for m in sure):
        return None
    first_of_others = min((m for m in unsure if m not in possible), key=lambda m: m.start)
    said_as_day = re.search(r"\b(?:hop|ngay|hom)\W*$", text[: first_of_others.start])
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
    if not meeting or counted or len(rest) != 1 or any(_certain(m) for m in sure):
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
    if (directly and close) or first > second:
        return days or [only], []
    return [], [Issue("ambiguous_fraction", only.reading.typed, (f"{first}/{second}",))]


def _without(text: str, mentions: Sequence[DateMention]) -> str:
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def _certain(mention: DateMention) -> bool:
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
    if _PEOPLE_AFTER.match(after) and not re.match(r"\s*(?:\(|#)", after):
        by_word = re.search(r"\b(?:hop|ngay|hom|sinh hoat)\W*$", before) and not re.match(NOUN, after)
        return not (_calendar(mention) and (by_word or _OWN_COUNT.match(after)))
    if (second > 12) != (first > 31) and re.search(r"\b(?:hop|ngay|sinh hoat)\W*$", before):
        return not re.search(r"(?:du|co mat|tham du|co)\W*\d", after) and not re.search(r"\d\s*/\s*\d", after)
    return second > 12 or first > 31


def choose_moment(
    mentions: Sequence[DateMention], text: str, cue: tuple[int, int], today: dt.date, *, moved: bool
) -> Moment:
    """Return the day of the event whose cue stands at [start, end)."""
    dated = [m for m in mentions if _certain(m)]
    dated = _without_bare_t(dated)
    stretches = [m for m in mentions if m.kind in ("vague", "month")]
    if len(dated) == 1 and _may_be_month(dated[0], text):
        options = (str(dated[0].reading.date),)
        return Moment(None, Issue("ambiguous_date", dated[0].reading.typed, options))
    if moved:
        return _new_day(dated, stretches, text, cue)
    if not dated:
        return _stretch(stretches) if stretches else _unread(text)
    past = [m for m in dated if m.reading.date is None or m.reading.date <= today]
    dated = past or dated  # what lies ahead beside a day gone by is not the meeting reported
    distinct = {m.reading.date for m in dated}
    chosen = dated[0] if len(distinct) == 1 else min(dated, key=lambda m: _distance(m, cue))
    issue = _issue(chosen)
    if len(distinct) > 1 and issue is None:
        days = tuple(str(d) for d in sorted(d for d in distinct if d))
        issue = Issue("ambiguous_date", chosen.reading.typed, days)
    if issue is None and _UNSURE.search(text):
        issue = Issue("vague_date", chosen.reading.typed)
    return Moment(chosen.reading.date, issue)


def is_reason(text: str, at: int, cue: int) -> bool:
    """Tell whether a day beside "chưa họp" is only since when, until when or why."""
    before = text[:at]
    return bool(
        re.search(r"\b(?:den|toi|tinh_? den|truoc|tu|ke tu|sau)\W*(?:ngay |hom )?\W*$", before)
        or (at > cue and re.search(r"\b(?:do|vi|boi|tai)\b", text[cue:at]))
    )


def _without_bare_t(dated: list[DateMention], others: Sequence[DateMention] = ()) -> list[DateMention]:
    """Drop "T3" beside another date: there it is the month of the meeting."""
    bare = [m for m in dated if m.kind == "weekday" and re.fullmatch(r"t\s?[2-7]", m.reading.typed.strip())]
    return [m for m in dated if m not in bare] if len(dated) + len(others) > len(bare) else dated


def _may_be_month(mention: DateMention, text: str) -> bool:
    """Tell whether "T3" right after "họp" may be March as well as Tuesday."""
    figure = re.fullmatch(r"t\s?([2-7])(?: roi)?", mention.reading.typed.strip())
    if mention.kind != "weekday" or figure is None or mention.reading.date is None:
        return False
    before, after = text[: mention.start], text[mention.end :]
    if re.search(r"\bsinh hoat chi bo\W*$", before):
        return True
    if re.search(r"(?:^|\bchi bo|#)\W*$", before) and re.match(r"\W*(?:chi bo |em )?(?:khong|chua)\b", after):
        return True
    month = mention.reading.date.month
    return bool(re.search(r"\b(?:hop|sinh hoat)\W*$", before)) and int(figure[1]) in (month, (month - 2) % 12 + 1)


def _distance(mention: DateMention, cue: tuple[int, int]) -> int:
    return mention.start - cue[1] if mention.start >= cue[1] else cue[0] - mention.end + 5


def _issue(mention: DateMention) -> Issue | None:
    reading = mention.reading
    if reading.issue is None:
        return None
    return Issue(reading.issue, reading.typed, tuple(str(d) for d in reading.alternatives))


def _stretch(stretches: Sequence[DateMention]) -> Moment:
    vague = [m for m in stretches if m.kind == "vague"] or list(stretches)
    if not vague:
        return Moment()
    return Moment(None, Issue("vague_date", vague[0].reading.typed), stretch=True)


def _unread(text: str) -> Moment:
    """Ask about "hôm bão", "hồi đám giỗ": a day was meant, by words that name none."""
    left = _DAY_WORD.search(text)
    return Moment(None, Issue("vague_date", left.group()), stretch=True) if left else Moment()


def _new_day(dated: list[DateMention], stretches: Sequence[DateMention], text: str, cue: tuple[int, int]) -> Moment:
    """Return the day a meeting was moved to: the one after "sang", "đến", "qua", never the one after "từ"."""
    targets = [
        m
        for m in dated
        if _MOVED_TO.search(text[: m.start])
        or _MOVED_TO.search(text[: m.start] + _head(m))
        or re.match(r"\W*(?:se |moi )?(?:hop|sinh hoat) (?:bu|lai)\b", text[m.end :])
        or (m.reading.typed.startswith("toi ") and re.search(r"\b(?:doi|lui)\W*$", text[: m.start]))
    ]
    if targets:
        return Moment(targets[-1].reading.date, _issue(targets[-1]))
    vague = [m for m in stretches if _MOVED_TO.search(text[: m.start])]
    if vague:
        return _stretch(vague)
    rest = [m for m in dated if not _MOVED_FROM.search(text[: m.start])]
    if (
        len(rest) == 1
        and rest[0].start >= cue[0]
        and not re.search(r"\b(?:hop|buoi|lich)\b\W*(?:chi bo\W*)?$", text[: rest[0].start])
    ):
        named = rest[0].reading
        if (rest[0].kind == "relative" and "nay" in named.typed) or "qua" in named.typed:
            return Moment()
        return Moment(named.date, _issue(rest[0]) or Issue("ambiguous_date", named.typed, (str(named.date),)))
    if stretches and not rest and stretches[0].kind == "vague":
        return _stretch(stretches)
    by = _BY_SO_MUCH.search(text)
    return Moment(None, Issue("vague_date", by.group())) if by else Moment()


def _head(mention: DateMention) -> str:
    """Return the words of a mention before its figure: the pattern may have swallowed "sang"."""
    if mention.kind == "relative":
        head = re.match(r"sang (?=toi|chieu|trua|dem|sang|ngay)", mention.reading.typed)
        return head.group() if head else ""
    match = re.match(r"(?:\s*(?:sang|den|qua|ve|toi|vao|ngay|hom)\s*)+", mention.reading.typed)
    return match.group() if match else ""
