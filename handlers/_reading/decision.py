# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""What a line is about: a report, an answer to a directive, a question, or nothing to store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers._reading.bodies import is_foreign
from handlers._reading.caution import taken_back
from handlers._reading.events import Event, events
from handlers._reading.intents import Found, guards, weigh, weight
from handlers._reading.plans import is_plan
from handlers._reading.questions import is_asked, is_wish, spoken_to_bot
from handlers._reading.result import Issue
from handlers._reading.second_reader import Opinion

RECORDED = frozenset(
    (
        "meeting_held",
        "meeting_postponed",
        "meeting_not_held",
        "admission",
        "official_transfer",
        "member_transfer_in",
        "member_transfer_out",
        "ack_directive",
        "correction",
    )
)
_MOVES = ("member_transfer_in", "member_transfer_out")
_EVENTS = RECORDED - {"ack_directive", "correction"}
SURE = 0.9  # the share from which a second reader counts
_COUNTED = re.compile(
    r"\d{1,3}\s*(?:tren|trong so|trong tong)\s*(?:tong\s+)?(?:so\s+)?\d|\b(?:co mat|vang|du|tham du|tham gia|quan so|tong so|tong|si so)\W*(?:la\s+|co\s+)?\d{1,3}\b|\b\d+ (?:dong chi|nguoi|dang vien|cu|bac) (?:du(?! bi)|co mat|tham)"
    r"|\b\d{1,3}\s*/\s*\d{1,3}\s*(?:dong chi|nguoi|dang vien|cu\b)"
    r"|(?<!nho )(?<!co mat )\bduu(?=\W*(?:$|[,.!]|ca\b|het\b|mat\b))|\bkhong (?:co )?(?:ai vang|vang ai)"
)
_DONE = re.compile(r"\b(?:da|vua|moi (?:hop|sinh hoat|ket nap)|xong|roi|hoan_? thanh|dien ra|ket qua|bao cao)\b")
_ASKED_TO_MOVE = re.compile(
    r"\b(?:de nghi_?|de xuat|kien nghi_?)\s+(?:\w+\s+){0,2}(?:doi|lui|chuyen)\s+(?:gio|lich|ngay)"
)
_CARRIED_OUT = re.compile(
    r"\b(?:lam|hoan_? thanh) xong (?:thu tuc|le)\b|\b(?:da|vua) (?:lam|hoan_? thanh) (?:thu tuc|le)\b.{0,40}\bxong\b|\b(?:da|vua)\s+(?:(?!xet|ban|trinh|duyet|gui|hop)\w+\s+)?(?:ket nap|cong nhan|chuyen)"
)
# "tờ trình xin ý kiến chuyển sinh hoạt", "chờ cấp trên duyệt": nothing is done yet.
_AWAITS = re.compile(
    r"\bto trinh_?\b.{0,20}\bxin\b|\bcho(?:_wait)? (?:cap tren|dang uy|tren|thuong truc|quyet dinh_?)\b.{0,12}\b(?:duyet|y kien|chuan y)\b"
)
_MEETS = re.compile(r"\b(?:hop|sinh hoat|shcb|dai hoi_?|hoi nghi_?|chi bo (?:co mat|du))\b")
# "không hoãn", "không nghỉ họp": the meeting took place all the same.
_NOT_CHANGED = re.compile(
    r"\b(?:chu )?(?:khong|chang|chua he|dung[gf]|suyt|tuong)(?: (?:phai|bi|he|co|phai la|la|nua))* (?:(?:hoan|lui)(?! thanh)|doi(?= lich| ngay| hop|\W*(?:$|[,.;]))"
    r"|nghi hop|bo hop|huy|chua hop|khong hop)(?: (?:lich|hop|dau|gi))?\b"
)
# "họp bù buổi bị hoãn", "buổi bị hoãn đã bù xong": what was put off has taken place.
_MADE_UP_FOR = re.compile(
    r"(?<=\bbu )(?:cho )?(?:buoi|ky|cuoc|lan)(?: hop| sinh hoat)? (?:bi |da )?hoan\b|\b(?:buoi|ky|cuoc)(?: hop| sinh hoat)? (?:bi |da )?hoan\b(?=.*\b(?:da|moi) (?:duoc )?(?:hop )?bu\b)"
)
# "họp 13/6 dự 18, à không phải, 19 mới đúng": the whole report is here, its writer only minds the words.
_SAID_ANEW = re.compile(
    r"\b(?:hop|sinh hoat)\b[^.;]{0,40}\d[^.;]{0,25}\d\W+(?:a|ah|o|u|ay|uoi)\W+(?:khong phai|nham|lon|quen)\b[^.;\d]{0,12}\d"
)
# "nhầm, họp 3/3 19/20": said at the head, a correction is one whatever follows.
_ANNOUNCED = re.compile(r"^\W*(?:\w+\W+){0,2}?(?:nham|dinh chinh|cai chinh|sua)\b")
# A form's line left empty: "Kết nạp: 0", "Chuyển đi: không".
_NONE_OF_IT = re.compile(
    r"\b(?:ket nap|chuyen di|chuyen den|tiep nhan|chuyen chinh thuc|cong nhan)\b[^.,;:\n\d]{0,25}:\s*(?:00?(?!\d)|khong|chua)\b(?! phai)|\b(?:ket nap|chuyen di|chuyen den|tiep nhan|chuyen chinh thuc)\s+00?(?![\d/])"
)
_NOT_TAKEN = re.compile(
    r"\b(?:chua|khong|chang)(?: (?:he|thay|co|ai|duoc|kip|the|bao gio))* (?:nhan|tiep nhan|doc|nam|xem|trien khai|quan triet|thuc hien|pho bien|ro|hieu)\b"
    r"(?: (?:duoc|du|thay|ro))*(?: (?:van ban|@doc#*|thong bao|giay moii?|chi dao|thong tin|gi))*"
)
_TAKEN_NOTE = re.compile(
    r"(?:^\W*|\b(?:da|em|chi bo|toi_?|tui|minh|bac)\s+)nhan (?:duoc |du |duu )?(?:giay moii?|thu moii|thong bao|lich|thong tin|tin(?= (?:hoan|lui|doi|hop|nghi|huy)))\b(?!.*\bda hop\b)"
)
# "xom chua hop 18/20": who came says the opposite of "chưa họp".
_ATTENDED = re.compile(r"\b\d{1,3}\s*(?:/|tren)\s*(?:1[3-9]|[2-9]\d)\b|\b(?:du|co mat|tham du) \d{1,3}\b(?! phan)")
# "kết nạp chính thức" may be either: a new member, or one whose probation has ended.
_ADMITTED_OR_RECOGNISED = re.compile(r"\bket nap (?:dang vien )?chinh thuc\b")
_TOO_FEW = re.compile(r"\b(?:chi co|moi co|(?<!dong )chi(?! bo)|khong duu?|vi|do|nen|thieu)\b")
_STRONG = re.compile(r"\b(?:co mat|vang|tham du|den du|du hop|quan so|si so|tong so)\b")
# Words that may stand beside a bare attendance: "chi bộ tối qua 18/20 đ/c".
_FILLER = re.compile(
    r"(?:a|anh|bac|bao|bc|bo|ca|cao|cb|chi|chieu|chu|co|cu|cua|da|da_|dang|dat|day|dc|dem|den|di|do|dong|"
    r"du|duoc|duu|dv|em|gui|hoi_|hom|ket|khong|kia|kinh|la|le|luc|ly|minh|mong|mung|nam|nay|ngay|nghi|"
    r"nguoi|nha|nhat|nhe|oi|om|phep|qua|roi|sang|so|ta|thang|thay|thu|thua|toi|toi_|tren|trong|trua|"
    r"truoc|tuan|tui|ty|va|vao|vien|vua|xin|xong)"
)
_DOUBT = re.compile(r"\b(?:chua ro|khong ro|khong chac|chua chac|khong nho|hinh nhu)\b")
# "nếu mưa thì hoãn", "chắc phải lùi họp": not settled.
_TENTATIVE = re.compile(
    r"\b(?:neu|co khi|co the|chac(?: la)?|muon|dinh(?! ky)|dang tinh|co le|hay la|hinh nhu|khong biet co)\b(?: [a-z_]+){0,4}? (?:hoan|lui|doi (?:lich|hop|sang|qua|ngay)|nghi hop|huy (?:hop|buoi))\b"
)
_UNSURE = re.compile(
    r"\b(?:hay la|hay|hoac)\s+(?:chuyen|ket nap|hop|hoan|nhan)\b.{0,40}\b(?:nhi|quen|khong nho|khong ro|chac)\b|\b(?:quen|khong nho|khong ro|chua ro) (?:la |lam)?(?:ket nap|chuyen|loai|muc)"
    r"|\bhop (?:do_?|nua chung)\b.*\bhop tiep\b"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The intent, the events told of, and the doubts about them."""

    intent: str
    events: tuple[Event, ...] = ()
    issues: tuple[Issue, ...] = ()


def decide(text: str, plain: str, today: date) -> Decision:
    """Return what a line is about.

    `text` names documents as "@doc"; `plain` has every foreign figure covered. Guards come first:
    what is planned, proposed, asked or of another body is never a report.
    """
    text = _NONE_OF_IT.sub(_covered, _NOT_CHANGED.sub(_kept, _MADE_UP_FOR.sub(_covered, text)))
    found = _without_denied(weigh(text), text)
    tripped = guards(text)
    if weight(found, "ack_directive") >= 3:
        tripped -= {"activity"}  # the document is about it
        if _TAKEN_NOTE.search(text) and not _has_bare_pair(plain):
            return Decision("ack_directive")
    counted = bool(_COUNTED.search(plain)) or _has_bare_pair(plain)
    spoken = spoken_to_bot(found, tripped, counted=counted, text=text)
    if spoken:
        return Decision(spoken)
    told = events(text, found)
    barred = _barred(text, plain, tripped, told, today, counted=counted)
    corrects = weight(found, "correction") >= 5 and "invitation" not in tripped
    if barred and not (barred.issues and corrects):  # the right day of a correction may lie ahead
        return barred
    if "wrong_place" in tripped and not re.search(r"\d", plain):
        return Decision("unknown")
    if _corrects(text, found, told):
        return Decision("correction")
    return _asked_again(_report(text, plain, found, told, counted=counted), text)


def _asked_again(decided: Decision, text: str) -> Decision:
    """Return "chưa nhận được KH 15" as a doubtful acknowledgement, which is answered with the directive itself."""
    if decided == Decision("unknown") and _NOT_TAKEN.search(text) and weight(weigh(text), "ack_directive") >= 3:
        return Decision("ack_directive", issues=(Issue("ambiguous_intent", text, ("ack_directive", "unknown")),))
    return decided


def _corrects(text: str, found: Mapping[str, Found], told: list[Event]) -> bool:
    """Tell whether a line corrects a report sent before, not only its own words."""
    moved = any(event.intent == "meeting_postponed" for event in told)
    anew = _SAID_ANEW.search(text) and any(event.intent == "meeting_held" for event in told)
    return not anew and weight(found, "correction") >= (5 if moved else 4)


def _without_denied(found: dict[str, Found], text: str) -> dict[str, Found]:
    """Drop the acknowledgement of "chưa nhận được KH 14"."""
    if "ack_directive" in found and _NOT_TAKEN.search(text):
        affirmed = weigh(_NOT_TAKEN.sub(lambda match: "#" * len(match.group()), text)).get("ack_directive")
        return {name: one for name, one in (found | {"ack_directive": affirmed}).items() if one}
    return found


def reconsider(decision: Decision, other: Opinion, told: str) -> Decision:
    """Return a decision after a second reader was heard: where that one is sure of another intent, a question is due.

    What must not be stored for a reason the grammar has, such as an invitation, stays unknown whatever the words.
    """
    announced = decision.intent == "correction" and _ANNOUNCED.search(told)
    if other.intent == decision.intent or other.share < SURE or decision.issues or announced:
        return decision
    doubt = Issue("ambiguous_intent", told, (decision.intent, other.intent))
    if other.intent not in RECORDED:
        return replace(decision, issues=(doubt,)) if decision.intent in RECORDED else decision
    missed = decision.intent == "unknown" and not guards(told)
    if decision.intent not in RECORDED and not missed:
        return decision
    events = decision.events or (Event(other.intent, 0, 0),)
    meant = (replace(events[0], intent=other.intent), *events[1:]) if other.intent in _EVENTS else ()
    return Decision(other.intent, meant, (doubt,))


def chosen(decision: Decision, intent: str) -> Decision:
    """Return the decision with the intent that the writer chose; where it was told stays its place."""
    first = decision.events[0] if decision.events else Event(intent, 0, 0)
    return Decision(intent, (replace(first, intent=intent, doubtful=False),))


def _covered(match: re.Match[str]) -> str:
    return "#" * len(match.group())


def _kept(match: re.Match[str]) -> str:
    """Return "không hoãn họp" with only "họp" left of it."""
    tail = " hop" if match.group().endswith(" hop") else ""
    return "#" * (len(match.group()) - len(tail)) + tail


def _has_bare_pair(plain: str) -> bool:
    pairs = re.findall(r"(?<![\d/])(\d{1,3})\s*/\s*(\d{1,3})(?![\d/])", plain)
    return len(pairs) > 1 or any(int(b) > 12 or int(a) > 31 for a, b in pairs)


def _barred(
    text: str, plain: str, tripped: frozenset[str], told: list[Event], today: date, *, counted: bool
) -> Decision | None:
    """Return "unknown" for what must not be stored as done."""
    intents = {event.intent for event in told}
    foreign = is_foreign(text, tripped, told)
    no_meeting = bool(tripped & {"activity", "proposal"}) and not told and not _MEETS.search(text)
    asked = "question" in tripped and not counted and is_asked(text, intents, _DONE)
    if foreign or no_meeting or asked or taken_back(text):
        return Decision("unknown")
    if "meeting_postponed" in intents and not counted and is_wish(text):
        return Decision("unknown", issues=(Issue("ambiguous_intent", text, ("meeting_postponed",)),))
    if "meeting_postponed" in intents and _ASKED_TO_MOVE.search(text):
        told[:] = _as_held(told) if counted else []
        return None if counted else Decision("unknown")
    proposed = "proposal" in tripped and bool(intents & {"admission", "official_transfer", "meeting_held"})
    awaited = _AWAITS.search(text) or (proposed and not _CARRIED_OUT.search(text))
    if awaited and not counted:
        return Decision("unknown")
    if "meeting_postponed" in intents or ("meeting_not_held" in intents and "invitation" not in tripped):
        return None
    done = _DONE.search(text) is not None
    planned = is_plan(text, plain, tripped, intents, today, done=done, counted=counted)
    return Decision("unknown", issues=(Issue("planned_meeting", text),)) if planned else None


def _as_held(told: list[Event]) -> list[Event]:
    """Return the events with the wish to move a meeting taken for the meeting it was voiced at."""
    held = [Event("meeting_held", e.start, e.end) if e.intent == "meeting_postponed" else e for e in told]
    return [
        e for at, e in enumerate(held) if e.intent != "meeting_held" or all(h.intent != e.intent for h in held[:at])
    ]


def _report(text: str, plain: str, found: Mapping[str, Found], told: list[Event], *, counted: bool) -> Decision:
    if told:
        issues = tuple(
            Issue("ambiguous_intent", text, _MOVES if event.intent in _MOVES else (event.intent, *_MOVES))
            for event in told
            if event.doubtful
        )
        if _UNSURE.search(text):
            issues = (*issues, Issue("ambiguous_intent", text, tuple(event.intent for event in told)))
        return _with_acknowledgement(text, plain, found, told, issues, counted=counted)
    acknowledged = weight(found, "ack_directive")
    if acknowledged >= 2 and (not counted or ("@doc" in text and not re.search(r"\d", plain))):
        return Decision("ack_directive")
    weak = re.search(r"\b(?:du|duu|chi bo)\b", text) or len(re.findall(r"\d+/\d+", plain)) > 1
    if counted and (_STRONG.search(text) or (weak and _bare(plain))):
        return Decision("meeting_held", (Event("meeting_held", 0, 0),))
    if (told_apart := _numbers_and_day(plain)) and _bare(plain):
        doubt = () if told_apart == "sure" else (Issue("ambiguous_intent", text, ("meeting_held",)),)
        return Decision("meeting_held", (Event("meeting_held", 0, 0),), doubt)
    return Decision("unknown")


def _bare(plain: str) -> bool:
    """Tell whether a line says nothing but who came and when; "18/20 đã nộp phí" is no meeting."""
    return all(map(_FILLER.fullmatch, re.findall(r"(?<![@#])\b[a-z_]{2,}", plain)))


def _numbers_and_day(plain: str) -> str | None:
    """Tell whether a line without a verb gives a day and an attendance: "hôm qua được 9/11"."""
    pair = re.search(r"(?<!ngay )(?<!hom )(?<!tu )(?<!mung )(?<![\d/])\b\d{1,3}\s*(?:/|tren)\s*\d{1,3}(?![\d/])", plain)
    if pair and re.search(r"\bxong\b", plain):
        return "doubtful"
    day = re.search(
        r"\b(?:hom (?:nay|qua|kia)|(?:toi|sang|chieu|trua|dem) (?:qua|nay)|thu \d|chu nhat|mung \d|ngay \d)", plain
    )
    if not pair or not day:
        return None
    return "sure" if re.search(r"\b(?:co|duoc|di|den|du)\W*$", plain[: pair.start()]) else "doubtful"


def _with_acknowledgement(
    text: str, plain: str, found: Mapping[str, Found], told: list[Event], issues: tuple[Issue, ...], *, counted: bool
) -> Decision:
    """Prefer the acknowledgement of a directive where the meeting is only how it was carried out."""
    first = told[0]
    dropped = first.intent == "meeting_not_held" or (len(told) == 1 and first.intent == "meeting_postponed")
    if dropped and _ATTENDED.search(plain) and not _TOO_FEW.search(text):
        issues = (*issues, Issue("ambiguous_intent", text, (first.intent, "meeting_held")))
    if _ADMITTED_OR_RECOGNISED.search(text):
        issues = (*issues, Issue("ambiguous_intent", text, ("admission", "official_transfer")))
    taken_besides = re.search(r"\bda nhan (?:duoc )?@doc", text[first.end :]) and first.intent != "meeting_held"
    if taken_besides or re.search(r"\b(?:da |chi bo |em )(?:nhan|tiep nhan|doc|nam)\b.{0,20}@doc", text[: first.start]):
        issues = (*issues, Issue("multi_event", text, ("ack_directive", first.intent)))
    if dropped and _TENTATIVE.search(text):
        issues = (*issues, Issue("ambiguous_intent", text, (first.intent,)))
    if _DOUBT.search(text) and first.intent != "meeting_held":
        issues = (*issues, Issue("ambiguous_intent", text, tuple(event.intent for event in told)))
    meeting_only = {event.intent for event in told} <= {"meeting_held"}
    dated = re.search(r"\d\s*/\s*\d|\b(?:ngay|hom|mung|mong|thu|toi|sang|chieu) (?:\d|qua|nay|kia)", text)
    if weight(found, "ack_directive") >= 3 and "@doc" in text and meeting_only and not counted and not dated:
        return Decision("ack_directive")
    figures = re.search(r"\d", plain)
    if meeting_only and not counted and not dated and not figures and not _DONE.search(text) and "@b" not in text:
        return Decision("unknown")
    return Decision(first.intent, tuple(told), issues)
