"""Days named by number, weekday or the Vietnamese lunar calendar, turned into dates."""

from datetime import date, timedelta
from typing import Literal

from lunar_vn import convert_lunar_to_solar, convert_solar_to_lunar

Lean = Literal["past", "future"]


def valid_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_year(day: int, month: int, today: date) -> date | None:
    """Return the dd/mm nearest to today, the past one of two equally near; None if there is none.

    29 February counts only when the year nearest to today has one.
    """
    probe = 28 if (day, month) == (29, 2) else day
    years = [valid_date(today.year + shift, month, probe) for shift in (-1, 0, 1)]
    found = [d for d in years if d]
    if not found:
        return None
    best = min(found, key=lambda d: (abs((d - today).days), d > today))
    return valid_date(best.year, month, day)


def day_of_month(day: int, today: date, lean: Lean) -> date | None:
    """Return the latest such day up to today, or the first from today on."""
    if not 1 <= day <= 31:
        return None
    step = -1 if lean == "past" else 1
    probe = today
    for _ in range(62):
        if probe.day == day:
            return probe
        probe += timedelta(days=step)
    return None


def shift_month(today: date, by: int) -> tuple[int, int]:
    """Return (year, month) of the month `by` months after today's."""
    index = today.year * 12 + today.month - 1 + by
    return index // 12, index % 12 + 1


def weekday_of_week(weekday: int, today: date, weeks: int) -> date:
    """Return that day (0 = Monday) of the week `weeks` after this one; weeks run Monday to Sunday."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=weekday, weeks=weeks)


def nearest_weekday(weekday: int, today: date, lean: Lean, *, strict: bool = False) -> date:
    """Return the latest such weekday up to today (before it when strict), or the next one after today."""
    if lean == "past":
        back = (today.weekday() - weekday) % 7
        return today - timedelta(days=back or (7 if strict else 0))
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


def lunar_date(day: int, month: int, year: int, *, leap: bool = False) -> date | None:
    """Return the solar date of a lunar one (Vietnamese calendar, UTC+7), or None if there is no such day."""
    try:
        solar = convert_lunar_to_solar(day, month, year, int(leap))
        back = convert_solar_to_lunar(solar.day, solar.month, solar.year)
    except (ValueError, IndexError):
        return None
    return solar if (back.day, back.month, back.leap) == (day, month, leap) else None


def nearest_lunar(day: int, month: int, today: date, *, leap: bool = False) -> date | None:
    """Return the lunar day nearest to today; None if no year around has it."""
    shifts = (-1, 0, 1)
    found = [d for s in shifts if (d := lunar_date(day, month, today.year + s, leap=leap))]
    return min(found, key=lambda d: (abs((d - today).days), d > today)) if found else None


def lunar_day(day: int, today: date, lean: Lean) -> date | None:
    """Return the latest day with that lunar day up to today, or the first from today on."""
    step = -1 if lean == "past" else 1
    for distance in range(62):
        probe = today + timedelta(days=step * distance)
        if convert_solar_to_lunar(probe.day, probe.month, probe.year).day == day:
            return probe
    return None
