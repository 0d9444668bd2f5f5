"""What a date phrase found in a line means: one resolver for each way of naming a day.

Source of the rules: the written policy on years, weeks and lunar days in docs of the reading
contract; the lunar calendar is the Vietnamese one (UTC+7).
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

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
from models.vietnamese.date_reading import DateReading

Match = re.Match[str]
Resolver = Callable[[Match, date, Lean], DateReading]
LONG_GONE = 200
NEXT = r"(?:sau|toi|den|ke tiep|tiep theo)"


def good(day: date | None, typed: str) -> DateReading:
    """Return the reading of a phrase that names one day, or of an impossible one."""
    return DateReading(day, None if day else "invalid_date", typed)


def _year_of(match: Match, today: date) -> int | None:
    words = {"nay": 0, "ngoai": -1, "truoc": -1, "roi": -1, "sau": 1, "toi": 1}
    if match["yword"]:
        return today.year + words[match["yword"]]
    typed = match["y"]
    if not typed:
        return None
    return int(typed) + (2000 if len(typed) == 2 else 0)


def day_month(match: Match, today: date, _lean: Lean) -> DateReading:
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


def latest(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read "3/2 vừa qua": the day gone by, unless the coming one is so much nearer that the month may be a slip."""
    near = nearest_year(int(match["d"]), int(match["m"]), today)
    if near is None or near <= today:
        return good(near, match.group())
    gone = valid_date(near.year - 1, near.month, near.day)
    if gone and (today - gone).days <= LONG_GONE:
        return good(gone, match.group())
    return DateReading(near, "ambiguous_date", match.group(), tuple(d for d in (gone, near) if d))


def iso(match: Match, _today: date, _lean: Lean) -> DateReading:
    """Read "2026-04-08"."""
    return good(valid_date(int(match["y"]), int(match["m"]), int(match["d"])), match.group())


def tet(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read "mùng 4 tết": up to the fifteenth of the first lunar month, or the last days of the twelfth."""
    day = int(match["d"])
    month = 1 if day <= 15 else 12
    year = _year_of(match, today)
    if year:
        return good(lunar_date(day, month, year - (month == 12)), match.group())
    return good(nearest_lunar(day, month, today), match.group())


def full_moon(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "rằm" with or without its lunar month."""
    word = match["m"] or match["m2"]
    if not word:
        return good(lunar_day(15, today, lean), match.group())
    month = {"gieng": 1, "chap": 12, "tu": 4}.get(word) or int(word)
    return good(nearest_lunar(15, month, today), match.group())


def lunar_day_only(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "mùng 10 âm"."""
    return good(lunar_day(int(match["d"]), today, lean), match.group())


def day_of_shifted_month(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read "ngày 5 tháng trước"."""
    word = match["which"]
    by = 0 if word == "nay" else 1 if word in ("sau", "toi", "den") else -1
    year, month = shift_month(today, by)
    return good(valid_date(year, month, int(match["d"])), match.group())


def relative(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read "hôm qua", "tối nay", "mai"."""
    return good(today + timedelta(days=_OFFSETS[match["word"]]), match.group())


_OFFSETS = {"nay": 0, "qua": -1, "kia": -2, "kie": -3, "mai": 1, "mot": 2}


def days_ago(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read "cách đây 3 hôm"."""
    return good(today - timedelta(days=int(match["n"])), match.group())


def days_ahead(match: Match, today: date, _lean: Lean) -> DateReading:
    """Read "3 hôm nữa"."""
    return good(today + timedelta(days=int(match["n"])), match.group())


def shift(days: int) -> Resolver:
    """Return the resolver of a phrase that always lies so many days from today."""

    def resolve(match: Match, today: date, _lean: Lean) -> DateReading:
        return good(today + timedelta(days=days), match.group())

    return resolve


def weekday(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "thứ sáu", with its week where one is named; weeks run Monday to Sunday."""
    day = int(match["w"]) - 2 if match["w"] else 6
    how = match["how"] or ""
    if match.groupdict().get("odd"):  # "tuần" and a word that is no week of ours
        weeks_around = tuple(weekday_of_week(day, today, by) for by in (-1, 0))
        return DateReading(weeks_around[1], "ambiguous_date", match.group(), weeks_around)
    if how.startswith("tuan"):
        weeks = 0 if "nay" in how else -2 if "nua" in how else 1 if re.search(NEXT, how) else -1
        return good(weekday_of_week(day, today, weeks), match.group())
    if how == "nay":
        return good(weekday_of_week(day, today, 0), match.group())
    if how and re.fullmatch(NEXT, how):
        return good(nearest_weekday(day, today, "future"), match.group())
    return good(nearest_weekday(day, today, "past" if how else lean, strict=bool(how)), match.group())


def day_only(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "mùng 3": the latest such day, or the next one for what lies ahead."""
    return good(day_of_month(int(match["d"]), today, lean), match.group())


def either(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "3 hoặc 4/4": the days between which the writer left a choice."""
    days = []
    for d, m in ((match["d"], match["m1"] or match["m"]), (match["d2"], match["m"])):
        found = nearest_year(int(d), int(m), today) if m else day_of_month(int(d), today, lean)
        days += [found] if found else []
    return DateReading(None, "ambiguous_date", match.group(), tuple(days))


def either_calendar(match: Match, today: date, lean: Lean) -> DateReading:
    """Read "mùng 10 ta": most likely lunar, though "ta" may be "we"."""
    day, month = int(match["d"]), match["m"]
    lunar = nearest_lunar(day, int(month), today) if month else lunar_day(day, today, lean)
    solar = nearest_year(day, int(month), today) if month else day_of_month(day, today, lean)
    days = tuple(found for found in (lunar, solar) if found)
    return DateReading(None, "ambiguous_date", match.group(), days)


def vague(match: Match, _today: date, _lean: Lean) -> DateReading:
    """Read a stretch of days, which is no date."""
    return DateReading(None, "vague_date", match.group())


def no_such_day(match: Match, _today: date, _lean: Lean) -> DateReading:
    """Read "thứ 9"."""
    return DateReading(None, "invalid_date", match.group())


def month(match: Match, _today: date, _lean: Lean) -> DateReading:
    """Read "tháng 3", which is no date."""
    issue = None if 1 <= int(match["m"]) <= 12 else "invalid_date"
    return DateReading(None, issue, match.group())
