# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""The grammar of dates as secretaries type them, over a normalised line (folded, digits).

Source of the rules: the written policy on years, weeks and lunar days in docs of the reading
contract; the lunar calendar is the Vietnamese one (UTC+7).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from models.vietnamese.calendar_days import (
    Lean,
    day_of_month,
    lunar_date,
    lunar_day,
    nearest_lunar,
    nearest_weekday,
    nearest_year,
    shift_month,
    valid_date,
    weekday_of_week,
)
from models.vietnamese.date_reading import DateReading, Kind

Match = re.Match[str]
Resolver = Callable[[Match, date, Lean], DateReading]

ANCHOR = r"(?P<anchor>(?:\b(?:ngay|hom|bua|mung|mong|luc|vao)\b[\s:=\-]*)+)?"
_WEEKDAY = r"(?:(?:thu|t)\s?(?P<w>[2-7])|(?P<sunday>chu\s?nh[au]t|cn|thu\s?8|t8(?=\s+tuan)))"
_PAST = r"(?:vua roi|vua qua|truoc|roi|qua(?!\s+(?:thu|ngay|mung|mong|chu|t\s?\d|\d|toi|sang|chieu|hom)))"
_NEXT = r"(?:sau|toi|den|ke tiep|tiep theo)"
_YEAR = r"(?:\s*(?:nam|[/\-.])\s*(?P<y>\d{4}|\d{2})(?!\d)|\s+nam\s+(?P<yword>nay|ngoai|truoc|sau|toi))"
_LUNAR = r"(?:\s*\(?\s*(?P<lunar>am lich|lich am|am|al)\b\)?)"
_SOLAR = r"(?:\s+(?:duong lich|duong|tay|dl))?"


def good(day: date | None, typed: str) -> DateReading:
    """Return the reading of a phrase that names one day, or of an impossible one."""
    return DateReading(day, None if day else "invalid_date", typed)


def _year_of(match: Match, today: date) -> int | None:
    words = {"nay": 0, "ngoai": -1, "truoc": -1, "sau": 1, "toi": 1}
    if match["yword"]:
        return today.year + words[match["yword"]]
    typed = match["y"]
    if not typed:
        return None
    return int(typed) + (2000 if len(typed) == 2 else 0)


def _day_month(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read day and month, with or without year, solar unless the lunar calendar is named."""
    groups = match.groupdict()
    month = {"gieng": 1, "chap": 12, "tu": 4}.get(match["m"]) or int(match["m"])
    day = int(match["d"])
    year = _year_of(match, today)
    if groups.get("lunar") or match["m"] in ("gieng", "chap"):
        found = lunar_date(day, month, year) if year else nearest_lunar(day, month, today)
    else:
        found = valid_date(year, month, day) if year else nearest_year(day, month, today)
    return good(found, match.group())


def _iso(match: Match, _today: date, _lean: Lean) -> DateReading:
    return good(valid_date(int(match["y"]), int(match["m"]), int(match["d"])), match.group())


def _tet(match: Match, today: date, _lean: Lean) -> DateReading:
    day = int(match["d"])
    month = 1 if day <= 15 else 12
    year = _year_of(match, today)
    if year:
        return good(lunar_date(day, month, year - (month == 12)), match.group())
    return good(nearest_lunar(day, month, today), match.group())


def _full_moon(match: Match, today: date, lean: Lean) -> DateReading:
    word = match["m"] or match["m2"]
    if not word:
        return good(lunar_day(15, today, lean), match.group())
    month = {"gieng": 1, "chap": 12, "tu": 4}.get(word) or int(word)
    return good(nearest_lunar(15, month, today), match.group())


def _lunar_day_only(match: Match, today: date, lean: Lean) -> DateReading:
    return good(lunar_day(int(match["d"]), today, lean), match.group())


def _day_of_shifted_month(match: Match, today: date, _lean: Lean) -> DateReading:
    word = match["which"]
    by = 0 if word == "nay" else 1 if word in ("sau", "toi", "den") else -1
    year, month = shift_month(today, by)
    return good(valid_date(year, month, int(match["d"])), match.group())


def _relative(match: Match, today: date, _lean: Lean) -> DateReading:
    return good(today + timedelta(days=_OFFSETS[match["word"]]), match.group())


_OFFSETS = {"nay": 0, "qua": -1, "kia": -2, "kie": -3, "mai": 1, "mot": 2}


def _days_ago(match: Match, today: date, _lean: Lean) -> DateReading:
    return good(today - timedelta(days=int(match["n"])), match.group())


def _days_ahead(match: Match, today: date, _lean: Lean) -> DateReading:
    return good(today + timedelta(days=int(match["n"])), match.group())


def _shift(days: int) -> Resolver:
    def resolve(match: Match, today: date, _lean: Lean) -> DateReading:
        return good(today + timedelta(days=days), match.group())

    return resolve


def _weekday(match: Match, today: date, lean: Lean) -> DateReading:
    day = int(match["w"]) - 2 if match["w"] else 6
    how = match["how"] or ""
    if how.startswith("tuan"):
        weeks = 0 if "nay" in how else -2 if "nua" in how else 1 if re.search(_NEXT, how) else -1
        return good(weekday_of_week(day, today, weeks), match.group())
    if how == "nay":
        return good(weekday_of_week(day, today, 0), match.group())
    if how and re.fullmatch(_NEXT, how):
        return good(nearest_weekday(day, today, "future"), match.group())
    return good(nearest_weekday(day, today, "past" if how else lean, strict=bool(how)), match.group())


def _day_only(match: Match, today: date, lean: Lean) -> DateReading:
    return good(day_of_month(int(match["d"]), today, lean), match.group())


def _either(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "3 hoặc 4/4": the days between which the writer left a choice."""
    days = []
    for d, m in ((match["d"], match["m1"] or match["m"]), (match["d2"], match["m"])):
        found = nearest_year(int(d), int(m), today) if m else day_of_month(int(d), today, lean)
        days += [found] if found else []
    return DateReading(None, "ambiguous_date", match.group(), tuple(days))


def _either_calendar(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "mùng 10 ta": most likely lunar, though "ta" may be "we"."""
    day, month = int(match["d"]), match["m"]
    lunar = nearest_lunar(day, int(month), today) if month else lunar_day(day, today, lean)
    solar = nearest_year(day, int(month), today) if month else day_of_month(day, today, lean)
    days = tuple(found for found in (lunar, solar) if found)
    return DateReading(None, "ambiguous_date", match.group(), days)


def _vague(match: Match, _today: date, _lean: Lean) -> DateReading:
    return DateReading(None, "vague_date", match.group())


def _no_such_day(match: Match, _today: date, _lean: Lean) -> DateReading:
    return DateReading(None, "invalid_date", match.group())


def _month(match: Match, _today: date, _lean: Lean) -> DateReading:
    issue = None if 1 <= int(match["m"]) <= 12 else "invalid_date"
    return DateReading(None, issue, match.group())


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way of writing a date; patterns are tried in order and a longer one stands first."""

    regex: re.Pattern[str]
    resolve: Resolver
    kind: Kind
    anchored: Literal["always", "by word"] = "always"


def _pattern(regex: str, resolve: Resolver, kind: Kind, anchored: Literal["always", "by word"] = "always") -> Pattern:
    return Pattern(re.compile(regex), resolve, kind, anchored)


_NO_DIGIT_BEFORE = r"(?<![\d/.,])"
_NO_DIGIT_AFTER = r"(?!\d|\s?[/]\s?\d)"
_DAY = r"(?P<d>\d{1,2})"
_MONTH_WORD = r"(?P<m>\d{1,2}|gieng|chap|tu)"

PATTERNS = (
    _pattern(
        r"\b(?:cach (?:day|nay|hom nay)|truoc day)\s+(?:dung\s+)?(?P<n>\d{1,2})\s+(?:ngay|hom|bua|dem)\b(?:\s+truoc)?", _days_ago, "relative"
    ),
    _pattern(r"\b(?:ngay|hom) nay tuan (?:truoc|roi|vua roi)\b", _shift(-7), "relative"),
    _pattern(r"(?:\b(?:luc|hoi|ban|vua)\s+nay\b(?=\s+(?:vua |moi |da |xong )*(?:hop|sinh hoat)))|(?<=hop )(?:luc|hoi|ban|vua) nay\b", _shift(0), "relative"),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:\s*(?:/|thang)\s*(?P<m>\d{{1,2}}))?\s+ta\b", _either_calendar, "spoken"),
    _pattern(r"\b(?:hom\s+)?(?P<n>\d{1,2})\s+(?:ngay|hom|bua|dem)\s+truoc\b", _days_ago, "relative"),
    _pattern(r"\b(?P<n>\d{1,2})\s+(?:ngay|hom|bua)\s+(?:nua|sau|toi)\b", _days_ahead, "relative"),
    _pattern(rf"\b(?P<y>20\d\d)[\-/.](?P<m>\d{{1,2}})[\-/.]{_DAY}(?!\d)", _iso, "full"),
    _pattern(
        r"\b(?:(?:khoang|tam|(?<!quan )(?<!hop )chung)\s+(?:(?:hom|ngay|mung|mong)\s+)*\d{1,2}(?:\s*[/\-]\s*(?:0?[1-9]|1[0-2])(?!\d))?"
        r"(?!\s*(?:[/\d]|dong chi|nguoi|d/c|dc|dang|phut|gio|h\b|tren|cu\b|bac\b|ban\b|vi\b|anh)))",
        _vague, "vague",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:/(?P<m1>0?[1-9]|1[0-2]))?\s+va\s+(?:(?:ngay|hom|mung|mong)\s+)*(?P<d2>\d{{1,2}})/(?P<m>0?[1-9]|1[0-2])(?!\d)",
        _either, "spoken", "by word",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}(?:\s*/\s*(?P<m1>\d{{1,2}}))?\s*(?:hoac|hay(?: la)?|hoac la)\s+"
        rf"(?:(?:ngay|hom|mung|mong)\s+)*(?P<d2>\d{{1,2}})(?:\s*(?:/|thang)\s*(?P<m>\d{{1,2}}))?",
        _either, "spoken", "by word",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?P<sep>[/.\-;])\s*(?P<m>\d{{1,2}})\s*(?P=sep)\s*"
        rf"(?P<y>\d{{4}}|\d{{2}})(?P<yword>)(?![\d]){_LUNAR}?{_SOLAR}",
        _day_month, "full",
    ),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?:thang\s*|t\.?\s?(?!\d+\s+(?:tuan|vua|nay|truoc|roi)))(?:am\s)?{_MONTH_WORD}(?!\d){_LUNAR}?{_YEAR}?{_LUNAR.replace('lunar', 'lunar2')}?{_SOLAR}",
        _day_month, "spoken",
    ),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*/\s*(?P<m>\d{{1,2}})\s+nam\s+(?P<y>\d{{4}})(?P<yword>)", _day_month, "full"),
    _pattern(rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*/\s*(?P<m>\d{{1,2}})(?P<y>)(?P<yword>){_LUNAR}", _day_month, "lunar"),
    _pattern(rf"{ANCHOR}\b{_DAY}\s+(?:am lich )?tet\b(?: am lich| nguyen dan)?(?:\s+nam\s+(?P<y>\d{{4}})|\s+nam\s+(?P<yword>nay))?", _tet, "lunar"),
    _pattern(r"\b(?:ngay |hom |dung )?ram(?:\s+thang\s+(?P<m>\d{1,2}|gieng|chap|tu)|\s+(?P<m2>gieng|chap))?\b" + _LUNAR + "?", _full_moon, "lunar"),
    _pattern(rf"{ANCHOR}\b{_DAY}\s+thang\s+(?P<which>nay|truoc|roi|vua roi|vua qua|qua|sau|toi|den)\b", _day_of_shifted_month, "spoken"),
    _pattern(rf"{ANCHOR}\b{_DAY}{_LUNAR}", _lunar_day_only, "lunar"),
    _pattern(
        rf"{ANCHOR}{_NO_DIGIT_BEFORE}\b{_DAY}\s*(?P<sep>[/])\s*(?P<m>\d{{1,2}})(?P<y>)(?P<yword>){_NO_DIGIT_AFTER}{_SOLAR}",
        _day_month, "fraction", "by word",
    ),
    _pattern(
        rf"(?P<anchor>^|#\s+|\b(?:(?:ngay|hom|bua|mung|mong|hop|sinh hoat|chi bo|sang|den|tu|toi|chieu|trua|dem|luc|vao)\s+)+|\bngay hop\s*:\s*){_DAY}\s?(?P<sep>[.\-;])\s?(?P<m>\d{{1,2}})(?P<y>)(?P<yword>)"
        r"(?![\d]|\s?[/.\-]\s?\d|\s*(?:dong chi|nguoi|d/c))",
        _day_month, "spoken",
    ),
    _pattern(
        r"\bngay\s+(?:kia|mot)\b|\bbua\s+mot\b|\bhom\s+mot\b|\bmai\s+mot\b",
        _shift(2), "relative",
    ),
    _pattern(
        r"\b(?:(?:sang|trua|chieu|toi|dem|ngay)\s+(?:ngay\s+)?)?(?:hom|bua|ngay|sang|trua|chieu|toi_?|dem|khuya)\s+(?P<word>nay|qua|kia|kie|mai)\b", _relative, "relative"
    ),
    _pattern(r"(?<!ngay )\bmai\b(?! sau)", _shift(1), "relative"),
    _pattern(r"\bkhi (?:hom|dem|khuya)\b(?: qua)?", _shift(-1), "relative"),
    _pattern(r"\b(?:hoi|khi)\s+(?:sang|trua|chieu|toi)\b(?:\s+nay)?(?!\s+(?:qua|kia|hom|thu|chu|mung|mong|ngay|t\s?\d|cn|\d))", _shift(0), "relative"),
    _pattern(
        rf"\b(?P<how>tuan\s+(?:nay|{_PAST}|{_NEXT}))\s*,?\s*(?:(?:vao|hom|ngay|la|toi|sang|chieu)\s+)*{_WEEKDAY}(?!\d|\s?/)\b",
        _weekday, "weekday",
    ),
    _pattern(r"\b(?:hop|hom|toi|sang|chieu|ngay)\s+thu\s(?:[0189]|1\d)\b", _no_such_day, "weekday"),
    _pattern(
        rf"\b(?:(?:sang|trua|chieu|toi|dem|hom|bua|ngay|vao)\s+)*{_WEEKDAY}(?!\d|\s?/)\b"
        rf"(?:\s+(?:cua\s+)?(?P<how>tuan\s+(?:nay|truoc nua|{_PAST}|{_NEXT})|{_PAST}|{_NEXT}(?=\W|$)|nay))?",
        _weekday, "weekday",
    ),
    _pattern(
        r"\b(?:khoang |tam )?(?:cuoi|dau|giua)\s+(?:thang|tuan|nam|quy)(?:\s+(?:nay|truoc|roi|qua|sau|toi|vua roi|vua qua|(?:0?[1-9]|1[0-2])\b(?!\s*[/\d])))?\b",
        _vague, "vague",
    ),
    _pattern(r"\b(?:trong\s+)?(?:tuan|quy|nam)\s+(?:nay|truoc|roi|sau|toi|qua|vua roi|vua qua|ngoai)\b", _vague, "vague"),
    _pattern(r"\b(?:cach (?:day|nay)\s+)?(?:\d{1,2}|may)\s+(?:tuan|thang)(?:\s+(?:truoc|nay|nua|sau))\b|\bcach (?:day|nay)\s+(?:dung |tron |hon |gan )?(?:\d{1,2}|may|vai)\s+(?:tuan|thang|hom|ngay|bua)\b", _vague, "vague"),
    _pattern(r"\b(?:may|vai|hom|bua|ngay|dot|luc|lan)\s+(?:(?:hom|bua|ngay)\s+)?(?:truoc|no|roi|vua roi|vua qua|gan day)\b", _vague, "vague"),
    _pattern(r"\b(?:(?:hom bua|bua hom)(?!\s+(?:mung|mong|ngay|thu|t\s?\d|chu nhat|\d))|moi day|gan day|vua qua|hom nao|may bua nay|may hom nay|vai hom nay)\b", _vague, "vague"),
    _pattern(rf"{_NO_DIGIT_BEFORE}\b{_DAY}\s+(?:vua roi|vua qua|tay)\b", _day_only, "day"),
    _pattern(
        rf"\b(?P<anchor>toi|sang|chieu|trua|dem)\s+{_DAY}\b(?!\s*(?:[/.\-:]|thang|t\s?\d|dong chi|nguoi|h\b|g\b|gio|dang vien|tren\b|bac|cu\b|phut|tuan|ngay|hom))",
        _day_only, "day",
    ),
    _pattern(
        rf"(?P<anchor>(?:\b(?:ngay|hom|bua|mung|mong)\b[\s:=\-]*)+){_DAY}\b(?!\s*(?:[/.\-]\s*\d|dong chi|nguoi|h\b|gio|dang vien|tren\b))(?:\s+(?:tay|duong))?",
        _day_only, "day",
    ),
    _pattern(r"\b(?:trong\s+)?thang\s+(?:nay|truoc|roi|sau|toi|qua|vua roi|vua qua)\b", _vague, "month"),
    _pattern(r"\b(?:thang|t)\s?(?P<m>\d{1,2})\b(?:\s*(?:/|nam)\s*(?:20\d\d))?", _month, "month"),
)  # fmt: skip
