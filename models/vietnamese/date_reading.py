"""What reading a date phrase gives."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Kind = Literal["full", "fraction", "spoken", "day", "relative", "weekday", "lunar", "vague", "month"]


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date, or why there is none: invalid_date, vague_date, ambiguous_date, unclear_date.

    `alternatives` are the likely readings where one must ask; `typed` is the phrase as written.
    """

    date: dt.date | None
    issue: str | None
    typed: str
    alternatives: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date phrase at [start, end) of a normalised line.

    `anchored` tells that a word such as "ngày" makes it a date; a bare "8/9" is not anchored
    and may be attendance.
    """

    start: int
    end: int
    reading: DateReading
    kind: Kind
    anchored: bool
