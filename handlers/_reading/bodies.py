# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Meetings of other bodies and events that are no meeting at all: none of them is a report of the branch."""

import re
from collections.abc import Sequence

from handlers._reading.events import Event
from handlers._reading.intents import trips

# What may stand right after "hoãn", "lùi", "dời" where no meeting is named: a day, a reason, an address.
_MOVED_ON = re.compile(
    r"\b(?:hoan|lui|(?<!quan )doi|khat)\s+(?:lai|sang|den|qua|ve|toi|vao|do|vi|tu|ngay|hom|thu|tuan|thang|mung|mong|chu nhat|nhe|nha|a|roi|mot|them|het|gio|thoi_?|"
    r"xuong|len|sau|truoc|bua|cuoi|dau|duoc|di|da|chieu|sang|trua|ky|dot|lich|cho|giup|may|vai|nua|voi|bu|t |cn|dai|vo|thoi_? gian|hai|ba|@|[#\d])"
)
_PUT_OFF = re.compile(r"\b(?:hoan(?! thanh| tat| canh| toan| chinh)|lui|(?<!quan )doi|khat)\s+[a-z_]{2,}")
_MEETING = re.compile(r"\b(?:hop|sinh hoat|shcb|lich|buoi|cuoc|chi bo|dang|hoi nghi_?|dai hoi_?|giao ban|ky)\b|@b")


def is_foreign(text: str, tripped: frozenset[str], told: Sequence[Event]) -> bool:
    """Tell whether a line is about another body's meeting, or puts off what is no meeting."""
    if "other_body" in tripped and not _own_meeting(text) and not _only_reason(text, told):
        return True
    return any(event.intent == "meeting_postponed" for event in told) and _is_no_meeting(text, tripped)


def _is_no_meeting(text: str, tripped: frozenset[str]) -> bool:
    """Tell whether "hoãn cưới", "dời trận bóng", "lùi lễ kết nạp" is put off; a bare "lùi sang thứ 7" is a meeting."""
    if re.search(
        r"\b(?:hoan|lui|doi|khat) (?:lai )?(?:le |viec |buoi le |han |thoi han )?(?:ket nap|chuyen chinh thuc|cong nhan|bao cao|nop|dong (?:dang )?phi|gui)\b",
        text,
    ):
        return True
    if _MEETING.search(text):
        return False
    if "other_event" in tripped and not re.search(r"\b(?:vi|do|trung|vuong|nhuong|ban)\b", text):
        return True
    return _PUT_OFF.search(text) is not None and _MOVED_ON.search(text) is None


def _only_reason(text: str, told: Sequence[Event]) -> bool:
    """Tell whether another body is only why: "dời họp vì trùng họp phụ huynh"."""
    reason = re.search(r"\b(?:vi|do|trung|vuong|nhuong)\b", text)
    if reason is None or not told or told[0].start > reason.start() or told[0].intent == "meeting_held":
        return False
    return not trips(text[: reason.start()], "other_body")


def _own_meeting(text: str) -> bool:
    """Tell whether the line is about the branch although it names another body."""
    if re.search(
        r"\bhoi nghi_? chi bo\b|\b(?:chi bo|dang vien)\b(?:(?! hop).){0,60}\s(?:hop|sinh hoat|ket nap|hoan|lui|doi|chuyen)\b",
        text,
    ):
        return not re.search(
            r"\b(?:ket nap)\s+(?:\d+\s+)?(?:doan vien|hoi_? vien)|\b(?:hop|sinh hoat|dai hoi)\s+(?:chi doan|cong doan|phu nu|doan thanh nien|phu huynh|dan\b)",
            text,
        )
    return bool(
        re.search(
            r"\b(?:sinh hoat|hop) (?:chi bo|dang)\b|\bket nap (?:\w+ ){0,6}(?:(?:vao|vo|zo) dang|dang vien)\b|\bket nap dang\b",
            text,
        )
    )
