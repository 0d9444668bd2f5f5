# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""What is planned or invited to, and so not to be stored as done."""

import re
from datetime import date

from models.vietnamese.dates import find_dates

_MET_ALREADY = re.compile(r"\b(?:da|vua)\s+(?:hop|sinh hoat|ket nap|to chuc)")
# "đề nghị có mặt đầy đủ" asks everybody to come, it does not tell that nobody was absent.
_ALL_ASKED = re.compile(
    r"\b(?:de nghi_?|moii?|yeu cau|nho)\b.{0,40}\b(?:co mat|tham du|du hop|du|den|di)\s+(?:day )?duu\b"
)
_EXPECTED = re.compile(
    r"\b(?:se|mai|sap|du kien|chac (?:duoc|la|khoang|co|di)?|uoc|nho (?:di|den|du|hop|co mat)|(?:tuan|thang) (?:toi|sau))\b"
)
# "ai đi họp tối nay bấm tim, mới được 12/25": who will come is being counted.
_ROLL_CALL = re.compile(
    r"\bai (?:se )?(?:di|du|den|tham gia|co mat|hop)\b.{0,40}\b(?:bam|tha|diem danh|dang ky|nhan|cham)\b"
)
_TONIGHT = re.compile(r"\b(?:toi|dem) nay\b")
_AHEAD = re.compile(r"\b(?:tuan|thang|hom) (?:sau|toi)\b|\bcuoi tuan nay\b")


def is_plan(
    text: str, plain: str, tripped: frozenset[str], intents: set[str], today: date, *, done: bool, counted: bool
) -> bool:
    """Tell whether a line invites to what is still to come; `done` tells that it says something is over."""
    if _ROLL_CALL.search(text):
        return True
    if "invitation" in tripped and (not counted or _ALL_ASKED.search(text) or not re.search(r"\d", plain)):
        return True
    if intents and counted and _EXPECTED.search(text) and not done and _all_ahead(plain, today):
        return True
    if not intents or counted:
        return False
    if "planned" in tripped and not _MET_ALREADY.search(text):
        return True
    return not done and _lies_ahead(text, plain, intents, today)


def _all_ahead(plain: str, today: date) -> bool:
    days = [m.reading.date for m in find_dates(plain, today, "future") if m.reading.date]
    return bool(days) and all(day > today for day in days)


def _lies_ahead(text: str, plain: str, intents: set[str], today: date) -> bool:
    """Tell whether every day named is still to come; for "họp ... nhé" today counts as to come."""
    if _AHEAD.search(text) or (intents <= {"meeting_held"} and _TONIGHT.search(text)):
        return True
    mentions = [m for m in find_dates(plain, today) if m.reading.date and m.kind != "vague"]
    timed = re.search(r"#|\bnhe\b|\bnha\b", re.sub(r"@b~?#*", "", text))
    invites = intents <= {"meeting_held"} and timed
    if [m.kind for m in mentions] == ["fraction"] and not invites and not mentions[0].anchored:
        return False  # "họp 8/10" may tell the attendance
    days = [m.reading.date for m in mentions if m.reading.date]
    if any(m.kind == "relative" and m.reading.date and m.reading.date < today for m in mentions):
        return False
    if days and all(day > today for day in days):
        return True
    return bool(invites) and any(day >= today for day in days)
