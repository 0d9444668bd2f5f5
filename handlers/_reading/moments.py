# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Which of the dates of a line is the day of the event."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers._reading.days import certain, without_bare_t
from handlers._reading.result import Issue
from models.vietnamese.dates import DateMention

_MOVED_TO = re.compile(
    r"(?:\b(?:sang|den|qua|ve|toi|vao|lai|xuong|len|moi|hen|thanh|la|se hop|hop bu|hop lai|se to chuc|se sinh hoat|[,;.]\s+(?:se )?(?:hop|sinh hoat))|[-=]\s?>|→)\W*(?:\s*(?:ngay|hom|luc|toi|chieu|sang)\s*)*$"
)
_MOVED_FROM = re.compile(
    r"\b(?:tu|thay vi|thay cho|lich cu|le ra|dang le|dung[gf]? ra|du kien|theo lich|dinh_? ky)\W*(?:ngay\s+|hom\s+)*$"
)
_DAY_WORD = re.compile(
    r"\b(?:hom|bua) (?!com\b)[a-z_]{2,}(?: [a-z_]+)?|\b(?:lau roi|vua roi|hoi (?:truoc|do)|trong (?:tuan|thang)|luc do)\b"
)
_BY_SO_MUCH = re.compile(
    r"\b(?:hoan|lui|doi|cham|tre|som|muon)\b[^.;]{0,25}?\b(?:\d{1,2}|may|vai|nua)\s+(?:ngay|hom|bua|tuan|thang)\b"
)
_UNSURE = re.compile(r"\b(?:hinh nhu|khong nho ro|khong ro(?! ly)|chac la|co le|nho khong|khong chac)\b")


@dataclass(frozen=True, slots=True)
class Moment:
    """The day of the event with the doubts about it, and whether a stretch of days was named."""

    date: dt.date | None = None
    issue: Issue | None = None
    stretch: bool = False


def choose_moment(
    mentions: Sequence[DateMention], text: str, cue: tuple[int, int], today: dt.date, *, moved: bool
) -> Moment:
    """Return the day of the event whose cue stands at [start, end)."""
    dated = [m for m in mentions if certain(m)]
    dated = without_bare_t(dated)
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


def is_reason(text: str, at: int, cue: int, *, gone: bool) -> bool:
    """Tell whether a day beside "chưa họp" is only since when, until when or why.

    `gone`: the day lies behind, so that "toi" before it is the evening, not "until".
    """
    before = text[:at]
    return bool(
        re.search(r"\b(?:den|tinh_? den|truoc|tu|ke tu|sau)\W*(?:ngay |hom )?\W*$", before)
        or (at > cue and not gone and re.search(r"\btoi\W*(?:ngay |hom )?\W*$", before))
        or (at > cue and re.search(r"\b(?:do|vi|boi|tai)\b", text[cue:at]))
    )


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
        or (
            m.start >= cue[0]
            and re.match(r"\W*(?:se |moi )?(?:hop|sinh hoat)\W*(?:$|[,.;]|bu\b|nhe\b|nha\b|a\b)", text[m.end :])
        )
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
        head = re.match(r"sang (?=toi|chieu|trua|dem|sang|ngay|mai|mot|hom|bua)", mention.reading.typed)
        return head.group() if head else ""
    match = re.match(r"(?:\s*(?:sang|den|qua|ve|toi|vao|ngay|hom)\s*)+", mention.reading.typed)
    return match.group() if match else ""
