# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""What is asked of the bot, or of people, is no report, whatever figures it names."""

import re
from collections.abc import Mapping

from handlers._reading.intents import Found, sentence_parts, weight

_TAIL = sentence_parts()["tail"]
# "18/20 phải không": the figures are what is asked about.
_TAG = re.compile(
    rf"\b(?:(?:co )?phai|co dung|dung|duoc|on|co duoc) (?:khong|chua){_TAIL}|\bdung (?:khong|chua){_TAIL}"
)
# "họp hôm qua 18/20, được chưa": a report, and whether that will do.
_COURTESY = re.compile(rf"\b(?:duoc|on) (?:khong|chua){_TAIL}")
_LEAVE = re.compile(r"\b(?:xin|cho phep|cho (?:em|chi bo|toi_?|minh|tui)|de nghi_?)\b")
# "còn 1 chưa": some are left, nothing is asked.
_SOME_LEFT = re.compile(r"\bcon (?:lai )?\d+\b[^.;?]{0,20}\bchua\b")
# "đã chuyển chính thức chưa", "họp ngày nào": asked, although the line says that something is done.
_YES_NO = re.compile(rf"\b(?:da|co|duoc)\b(?:(?!\b(?:ma|nhung|con|thi)\b).)*\bchua{_TAIL}")
_WHICH = re.compile(
    rf"(?<!khong )(?<!chua )\b(?:(?:bao gio|khi nao|luc nao|ngay nao|hom nao|thang nao|may gio|o dau_where|the nao|nhu nao|bao nhieu)|(?<!khong co )\b(?:gi|sao))(?: (?:roi|vay|duoc|the))*{_TAIL}"
)
# "chẳng họp hành gì": nothing, not what.
_NOTHING = re.compile(r"\b(?:khong|chang|chua|cha)\b[^.,;]{1,30}\b(?:gi|nao|ai|dau_where|sao)\b")
_NOT_KNOWN = re.compile(r"\b(?:khong|chua|chang) (?:ro|nho|biet|chot|chac|dinh|an dinh|thong nhat|co lich)\b")
_HOW_TO_MEND = re.compile(
    r"\b(?:lam sao|the nao|nhu nao|cach nao|sao|o dau(?:_where)?|o cho (?:nao|dau(?:_where)?))\W*(?:a|em|chi|anh)?\W*$|\b(?:cach|huong dan)\b|\blam (?:sao|the nao|cach nao)\b"
)


def spoken_to_bot(found: Mapping[str, Found], tripped: frozenset[str], *, counted: bool, text: str) -> str | None:
    """Return help, ask_status or unknown for a line that talks to the bot instead of reporting."""
    if "command" in tripped or ("money" in tripped and not counted):
        return "unknown"
    asks, helps = weight(found, "ask_status"), weight(found, "help")
    tagged = _TAG.search(text) is not None and (not _COURTESY.search(text) or _LEAVE.search(text) is not None)
    if counted and not tagged and not re.search(r"\?\s*$", text):
        return None
    if weight(found, "correction") >= 5 and not _HOW_TO_MEND.search(text):
        return None
    if helps >= 4 and helps > asks:
        return "help"
    if asks >= 4:
        return "ask_status"
    return "unknown" if tagged and counted and "meeting_postponed" not in found else None


def is_wish(text: str) -> bool:
    """Tell whether leave to put a meeting off is only asked for: "cho em dời lịch họp được không"."""
    return (
        _TAG.search(text) is not None
        or re.search(r"\b(?:duoc|co) (?:khong|chua)\W*(?:\w+\W*){0,2}\?", text) is not None
    )


def is_asked(text: str, intents: set[str], done: re.Pattern[str]) -> bool:
    """Tell whether a line with question words asks; "chưa họp được" at its end is a report.

    `done`: the words by which a line tells that something is over.
    """
    if "meeting_postponed" in intents:
        return False
    if _SOME_LEFT.search(text) and "?" not in text:
        return False
    if "?" in text or (_YES_NO.search(text) and intents):
        return True
    if _WHICH.search(text) and not _NOT_KNOWN.search(text) and not _NOTHING.search(text):
        return True
    return not done.search(text) and "meeting_not_held" not in intents
