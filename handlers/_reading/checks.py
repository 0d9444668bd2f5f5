"""The contradictions of a report: what was said stays, a question is due."""

from collections.abc import Iterator, Sequence
from datetime import date

from handlers._reading.attendance import Attendance
from handlers._reading.result import Issue

OLD_DAYS = 366
LARGEST = 150
MANY = 30
_LEAST = 3  # official members of a branch (Điều lệ Đảng, Điều 21)


def attendance_issues(found: Attendance) -> Iterator[Issue]:
    """Yield what cannot be right in an attendance; members exempt from meetings explain a wrong sum."""
    present, total, absent = found.present, found.total, found.absent
    numbers = [n for n in (present, total, absent) if n is not None]
    if present is not None and total is not None and present > total:
        yield Issue("present_gt_total", f"{present}/{total}", (str(present), str(total)))
    elif present is not None and total is not None and absent is not None and present + absent != total:
        explained = found.exempt and present + absent < total and found.freed in (None, total - present - absent)
        if not explained:
            yield Issue("sum_mismatch", f"{present}+{absent}/{total}", (str(present + absent), str(total)))
    elif absent is not None and total is not None and absent > total:
        yield Issue("sum_mismatch", f"{absent}/{total}", (str(absent), str(total)))
    if found.excused is not None and absent is not None and found.excused > absent:
        yield Issue("excused_gt_absent", f"{found.excused}/{absent}", (str(found.excused), str(absent)))
    if present == 0 or any(n > LARGEST for n in numbers) or (total is not None and 0 <= total < _LEAST):
        yield Issue("implausible_number", str(present if present == 0 else max(numbers)))
    elif present is not None and total is not None and present < total <= _LEAST + 1:
        yield Issue("vague_number", f"{present}/{total}", (str(present), str(total)))  # "2/3" is a share of them


def date_issues(day: date | None, today: date, *, moved: bool) -> Iterator[Issue]:
    """Yield future and old dates of what is said to be done, past ones of a postponement."""
    if day is None:
        return
    if moved and day < today:
        yield Issue("past_date", day.isoformat(), (day.isoformat(),))
    if not moved and day > today:
        yield Issue("future_date", day.isoformat(), (day.isoformat(),))
    if abs((today - day).days) > OLD_DAYS:
        yield Issue("old_date", day.isoformat(), (day.isoformat(),))


def count_issues(count: int | None, names: Sequence[str]) -> Iterator[Issue]:
    """Yield a count that disagrees with the names, or that no branch reaches."""
    if count is not None and names and count != len(names):
        yield Issue("count_mismatch", str(count), (str(count), str(len(names))))
    if count is not None and (count == 0 or count > MANY):
        yield Issue("implausible_number", str(count))
