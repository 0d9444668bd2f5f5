"""The day or the period a figure of the office's own is typed with: "hôm qua", "1/3", "quý 1", "từ đầu năm". Pure."""

import re
from dataclasses import dataclass
from datetime import date

from handlers import typed_period
from models.periods import Period, month_of, quarter_of
from models.vietnamese.dates import find_dates

_NOW = re.compile(
    r"\b(?:trong|ca|cua)(?: ca)? (?P<inside>thang|quy|nam)(?: nay)?\b(?! ?\d)|\b(?P<what>thang|quy|nam) nay\b"
)
_SINCE = re.compile(r"\b(?:tinh )?(?:tu )?dau nam(?: (?:toi|den) (?:nay|gio))?\b|\bluy ke(?: tu dau nam)?\b")
_NAMED = re.compile(r"\b(?:trong |ca |cua |ket qua )*(?=(?:thang|quy|q) ?[\div]|[69] thang|nam 20\d\d)")
_BARE = r"\d{1,2}/\d{1,2}(?:/20\d\d)?"
_AFTER = re.compile(rf"(?P<rest>.*\d.*[a-z])[ ,]+\(?(?P<day>{_BARE})\)?$")
_ROUND = re.compile(rf"\bdot (?P<day>{_BARE})\b")


@dataclass(frozen=True, slots=True)
class When:
    """The day a figure is stored under, None for today; the period it was said to be of."""

    day: date | None = None
    period: Period | None = None


def taken_out(text: str, today: date, verbs: re.Pattern[str]) -> tuple[str, When]:
    """Return a folded line without the day or the period it names, and that; verbs tell a bare day from a count."""
    for find in (_period, _worded_day, _bare_day):
        found = find(text, today, verbs)
        if found:
            rest, when = found
            return re.sub(r"\s+", " ", rest).replace(" :", ":").strip(" ,;:-"), when
    return text, When()


def _period(text: str, today: date, _verbs: re.Pattern[str]) -> tuple[str, When] | None:
    since = _SINCE.search(text)
    if since:
        return _without(text, since.start(), since.end()), When(None, Period(today.year, 1, 12))
    for place in _NAMED.finditer(text):
        named = typed_period.typed(text[place.end() :], today)
        if named:
            return f"{text[: place.start()]} {named[1]}", When(None, named[0])
    now = _NOW.search(text)
    if now is None:
        return None
    what = now["what"] or now["inside"]
    running = {"thang": month_of(today), "quy": quarter_of(today)}
    period = running.get(what, Period(today.year, 1, 12))
    return _without(text, now.start(), now.end()), When(None, period)


def _worded_day(text: str, today: date, _verbs: re.Pattern[str]) -> tuple[str, When] | None:
    held = _ROUND.search(text)
    if held:
        day = _read(held["day"], today)
        return (_without(text, held.start(), held.end()), When(day)) if day else None
    days = [m for m in find_dates(text, today) if m.reading.date and text[m.start].isalpha()]
    if len(days) != 1 or days[0].reading.date is None:
        return None
    return _without(text, days[0].start, days[0].end), When(days[0].reading.date)


def _bare_day(text: str, today: date, verbs: re.Pattern[str]) -> tuple[str, When] | None:
    """Take "1/3 ban hành …" and "… 8 văn bản 1/3": next to a verb, or last with another number before it."""
    first = re.match(rf"(?P<day>{_BARE})[ :,]+", text)
    if first and verbs.match(text, first.end()):
        day = _read(first["day"], today)
        return (text[first.end() :], When(day)) if day else None
    last = _AFTER.fullmatch(text)
    day = _read(last["day"], today) if last else None
    return (last["rest"], When(day)) if last and day else None


def _read(typed: str, today: date) -> date | None:
    days = [m.reading.date for m in find_dates(f"ngay {typed}", today) if m.reading.date]
    return days[0] if len(days) == 1 else None


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start].rstrip(' ,')} {text[end:].lstrip(' ,')}"
