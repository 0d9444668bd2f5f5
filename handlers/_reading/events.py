# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""From the weighted cues of a line to what it reports, and where each event stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handlers._reading.intents import Found

# "từ hôm qua" tells when, not where from.
_FROM = r"\btu\b(?!\s+(?:hom|ngay|thang|dau|cuoi|giua|mung|mong|thu \d|chu nhat|tuan|sang|chieu|toi|dem|\d|#))"
_IN = re.compile(
    r"\bve sinh hoat\b(?! noi_?| dia phuong| que)|\bsinh hoat (?:tai|o|cung|voi) (?:chi bo|cb) (?:em|minh|toi_?|ta)\b|\bnhan ban giao\b|\b(?:tiep nhan|nhan them|nhan duoc|nhan|don|don nhan|nhap them|them)\s+(?!xet|quyet)(?:\w+\s+){0,2}(?:\d+|#|dang vien|dong chi|nguoi|ho so|sinh hoat|giay|den)"
    r"|\bchuyen(?: \w+){0,5} (?:den|ve|sang|qua)(?= (?:day|chi bo (?:minh|em|toi|ta|toi_)|cho (?:minh|em)|don vi (?:minh|em)|to minh|ben minh|minh|em|ta|cb (?:minh|em)))"
    r"|\bchuyen (?:sinh hoat |sinh hoat dang |dang )?(?:chinh thuc |tam_? thoi_? )?(?:den|toi|vao)\b(?=\W*(?:$|[,.;(]|ngay|hom|\d|tu\b|chi bo (?:minh|em|toi)|sang nay|chieu|toi qua|tuan|thang|#))"
    r"|\bchuyen den (?:chi bo )?(?=\d)|\bmoi chuyen (?:ve|den)\b|\bchuyen (?:ve|den)(?=\W*:)"
    r"|\b(?:co|them) (?:them )?\d+ [^,.;]{3,40}\bchuyen (?:sinh hoat )?(?:dang )?(?:chinh thuc )?ve\b(?! que| noi_?| dia phuong| huu)"
    r"|\bnop (?:giay|ho so_?)\b[^.;]{0,40}\bve\b|\bnhan den\b|\b(?:moi )?ve sinh hoat (?:tai chi bo|voi chi bo|cung chi bo|o chi bo)\b|\bchuyen ve(?=\W*(?:$|[,.;(]|hom|ngay|\d))"
    rf"|{_FROM}[^.;]{{3,60}}\bchuyen (?:sinh hoat )?(?:ve|den|sang|qua|vao)\b"
)
# Where a move ends or begins tells its direction, whatever verb is used.
_HERE = r"(?:chi bo|cb|don vi|ben|to|khu|thon|ap)\s+(?:\w+\s+){0,2}?(?:minh|em|toi_?|ta|tui|chung|nha)\b|\b(?:day|ben minh|ben em)\b"
# "hôm qua chi bộ em" is yesterday, not "over to my branch"; "tối", "sáng" likewise.
_TO = r"(?:\b(?:ve|den|vao)\b|(?<!hom )(?<!bua )(?<!toi )(?<!sang )(?<!chieu )(?<!dem )\bqua\b|(?<=chuyen )(?:sang|toi)\b|(?<=\w\w )\b(?:sang|toi)\b(?! (?:qua|nay|kia)))"
_HITHER = re.compile(
    rf"{_TO}\s+(?:sinh hoat\s+)?(?:(?:tai|o|cung|voi)\s+)?(?:{_HERE})"
    rf"|{_FROM}[^.;]{{2,70}}?\b(?:ve|den|sang|qua)(?=\W*(?:$|[,.;(]|ngay|hom|toi qua|sang nay|\d|sinh hoat(?:\W*$| tu)|chi bo(?:\W*$| (?:ngay|hom|tu))))"
    r"|\bchuyen (?:sinh hoat )?(?:dang )?(?:ve|den|vao) (?:chi bo|cb)(?=\W*(?:$|[,.;(]|ngay|hom|tu\b|\d|#|sang nay|chieu|toi))"
    r"|\b(?:moi ve|tang|them)\s+\d+\b|\bmoi (?:chuyen )?ve\b"
)
_HENCE = re.compile(rf"\b(?:tu|khoi|roi_?)\s+(?:{_HERE})|\b(?:giam|bot)\s+\d+\b")
# What a meeting only talked about is not done: "18/20, bàn kết nạp đồng chí Hoa".
_DISCUSSED = re.compile(
    r"\b(?:ban|thong nhat|xem xet|gioi thieu|chuan bi|trinh|du kien|se|sap|phan dau_?|noi_? dung|ve viec|chu truong|de xuat|de nghi_?|nguon|ke hoach)"
    r"(?: (?!da\b|va\b|chinh)\w+){0,3}\W*$"
)
# "chuyển sinh hoạt về chi bộ thôn Thượng", and no other branch speaks: thôn Thượng does.
_TOWARDS = re.compile(r"\b(?:ve|den|toi|vao)\s+(?:sinh hoat\s+)?(?:(?:tai|o|cung|voi)\s+)?(?:chi bo )?@b(?!~)")
_SENT = re.compile(r"\b(?:gioi thieu|thu tuc|lam giay|cap giay|cho|cat|roi_?|khoi|tien_?|chia tay|ban giao)\b")
_MOVES = re.compile(
    r"\b(?:chuyen|nhan|tiep nhan|don|nhap|gioi thieu|cat|rut|roi_?|ban giao|(?:ve|den|den|sang) sinh hoat)\b"
)
_SENT_AWAY = re.compile(r"\bchuyen (?:shd|sinh hoat)(?: dang)? cho\b[^.;]{0,40}\b(?:di|ra)\b")
_COMES_FROM = re.compile(r"\b(?:tu|ben|o)\s+(?:chi bo )?@b(?P<outsider>~?)#*")
_WELCOMED = re.compile(r"\b(?:tiep nhan|nhan|don|nhap|moi|them)\b|\b(?:ve|den) sinh hoat\b")
# "đã họp xét và chuyển chính thức": the meeting is only how it was decided.
_ONLY_TO_DECIDE = re.compile(
    r"\bhop (?:xet|bo phieu|bieu quyet)(?: (?:va|de|dong y|thong nhat|nhat tri))* (?:chuyen|ket nap|cong nhan)\b"
)
_RECEIVE = re.compile(r"\b(?:tiep nhan|nhan|don|nhap)\b")
_OUT = re.compile(
    r"\bchuyen(?: \w+){0,12}? (?:di|ra|khoi)\b|\b(?:chuyen|gioi thieu)\b.{0,80}?\b(?:sang|ve|den|qua|toi|ra|di|len|vao)\b"
    r"|\bthoi sinh hoat\b|\bkhong (?:con )?sinh hoat (?:o|tai)\b|\bban giao\b|\brut ho so|\bve (?:que|dia phuong|noi_?)\b|\b(?:di|sang|gui)\b.{0,40}\bsinh hoat\b|\bchuyen cong tac\b"
    r"|\bcat (?:chuyen )?sinh hoat\b|\bdi (?:bo doi_?|nghia vu|xuat khau|nuoc ngoai)\b|\bgiay gioi thieu (?:chuyen )?sinh hoat\b.*\bcho\b"
    r"|\bchuyen sinh hoat (?:dang )?(?:tam_? thoi_?\b|chinh thuc\b(?=.*\bcho\b))|\bchuyen (?:sinh hoat )?di\b"
)
_NEGATED = re.compile(
    r"\b(?:chua|khong)\s+(?:the\s+|duoc\s+|kip\s+|co\s+|phat sinh_?\s+)*(?:ai\s+|dang vien\s+|dong chi\s+|nguoi\s+|quan chung\s+|truong hop\s+|nao\s+)*(?:to chuc\s+)?(?:le\s+)?(?:duoc\s+|moi\s+)?(?:ket nap|chuyen (?:di|den)|cong nhan|chuyen chinh thuc|chinh thuc|tiep nhan|chuyen sinh hoat)\b"
    r"|\b(?:dung[gf]?|huy|tam dung\w?|ngung|khoan)\s+(?:viec |le |chua )?(?:ket nap|cong nhan|chuyen)\b"
)
_MET = re.compile(
    r"\b(?:hop|shcb|buoi sinh hoat|ky sinh hoat|da sinh hoat|lich|hoan|lui|(?<!cat )(?<!chuyen )(?<!thoi )(?<!cat chuyen )sinh hoat (?:ngay|thuong|dinh_?|\d{1,2}\s*/\s*\d))\b"
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing reported: its intent and the place of its cue."""

    intent: str
    start: int
    end: int
    doubtful: bool = False


def events(text: str, found: Mapping[str, Found]) -> list[Event]:
    """Return the events a line tells of, in order; cues that belong to one event count once."""
    present = {name: one for name, one in found.items() if one.weight >= 2}
    told: list[Event] = []
    moved, dropped = present.get("meeting_postponed"), present.get("meeting_not_held")
    meeting = present.get("meeting_held")
    if moved and moved.weight >= 3:
        if meeting and meeting.start < moved.start and _counted_first(text[meeting.start : moved.start]):
            told.append(Event("meeting_held", meeting.start, meeting.end))
        told.append(Event("meeting_postponed", moved.start, moved.end))
    elif dropped and dropped.weight >= 4 and not _held_after_all(text, dropped):
        told.append(Event("meeting_not_held", dropped.start, dropped.end))
    elif meeting:
        told.append(Event("meeting_held", meeting.start, meeting.end))
    personal = [] if _NEGATED.search(text) else _personal(text, present)
    if any(event.intent.startswith("member_transfer") for event in personal) and not _MET.search(text):
        told = [event for event in told if event.intent not in ("meeting_held", "meeting_postponed")]
    if told and told[0].intent == "meeting_held":
        personal = [event for event in personal if not _DISCUSSED.search(text[: event.start])]
        if not _MOVES.search(text):  # "ba đồng chí về quê" beside a meeting tells why they did not come
            personal = [event for event in personal if not event.intent.startswith("member_transfer")]
    if (
        personal
        and told
        and _ONLY_TO_DECIDE.search(text)
        and not re.search(r"\d\s*(?:/|tren)\s*(?:1[3-9]|[2-9]\d)", text)
    ):
        told = [event for event in told if event.intent != "meeting_held"]
    told.extend(personal)
    return sorted(told, key=lambda event: event.start)


def _counted_first(text: str) -> bool:
    """Tell whether a meeting with its attendance is told before another one is put off."""
    pair = re.search(r"\b\d{1,3}\s*(?:/|tren)\s*(?:1[3-9]|[2-9]\d)\b|\bco mat\W*\d", text)
    return pair is not None and not re.search(r"\b(?:chi co|moi co|khong duu?|vi|do|nhung)\b", text)


def _held_after_all(text: str, dropped: Found) -> bool:
    """Tell whether the members met after all, only otherwise: "chưa họp trực tiếp được nên họp qua zoom"."""
    tail = text[dropped.end :]
    return bool(
        re.search(
            r"\b(?:nen|nhung|ma)\s+(?:\w+\s+){0,2}(?:(?:hop|sinh hoat)\s+(?:qua|truc|online|zoom|bu|tren|chung|nho|o|tai|ngoai|trong)|ghep|long ghep|gop)",
            tail,
        )
    )


def _personal(text: str, present: Mapping[str, Found]) -> list[Event]:
    told = []
    admitted, official, moves = (present.get(n) for n in ("admission", "official_transfer", "transfer"))
    if admitted and admitted.weight >= 4:
        told.append(Event("admission", admitted.start, admitted.end))
    if official and official.weight >= 4 and not _is_move(text, official):
        bare = "chinh thuc" not in text and "du bi" not in text
        if not (bare and moves and moves.weight >= 4):
            told.append(Event("official_transfer", official.start, official.end, doubtful=bare))
    if moves and moves.weight >= 3 and not _is_recognition(text, told):
        told.append(_transfer(text, moves))
    return told


def _is_move(text: str, official: Found) -> bool:
    return bool(
        re.search(
            r"\bchuyen (?:shd|sinh hoat)(?: dang)?(?: \w+){0,3}? chinh thuc\b|\bdang vien chinh thuc\b[^.;]{0,30}\bchuyen (?:ve|den|sang|di)",
            text,
        )
    ) and not re.search(r"\bcong nhan\b", text[max(0, official.start - 5) : official.end])


def _is_recognition(text: str, told: list[Event]) -> bool:
    """Tell whether the transfer cue is only the "chuyển" of "chuyển chính thức"."""
    if not any(event.intent in ("official_transfer", "admission") for event in told):
        return False
    own = re.search(
        r"\bchuyen (?:shd|sinh hoat|di\b|den\b|sang\b|ve\b)|\btiep nhan\b|\bnhan (?:them |den |\d+ )|\bchuyen dang (?:di|den|ve|sang|tu)",
        text,
    )
    return own is None


def _transfer(text: str, moves: Found) -> Event:
    return _by_branches(text, moves) or _by_words(text, moves)


def _by_words(text: str, moves: Found) -> Event:
    inward, outward = _IN.search(text), _OUT.search(text)
    come_and_gone = re.search(r"\bchuyen (?:sinh hoat )?(?:dang )?di\b", text)
    if come_and_gone and re.search(r"\bchuyen (?:den|ve)\b|\bnhan (?:ve |den |them )?\d", text):
        return Event(
            "member_transfer_out" if moves.start else "member_transfer_in", moves.start, moves.end, doubtful=True
        )
    away = re.search(r"\bchuyen(?: \w+){0,6}? (?:di|ra)\b", text)
    receiving = _RECEIVE.search(text[: moves.end + 1])
    hither, hence = _HITHER.search(text), _HENCE.search(text)
    if bool(hither) != bool(hence) and not (receiving and hence) and not (away and hither):
        return Event("member_transfer_in" if hither else "member_transfer_out", moves.start, moves.end)
    if re.search(r"\broi_ (?:khoi )?chi bo\b", text):
        return Event("member_transfer_out", moves.start, moves.end)
    if inward and not (away and not receiving):
        return Event("member_transfer_in", moves.start, moves.end)
    if outward:
        return Event("member_transfer_out", moves.start, moves.end)
    return Event("member_transfer_in" if receiving else "member_transfer_out", moves.start, moves.end, doubtful=True)


def _by_branches(text: str, moves: Found) -> Event | None:
    """Return the move as the branches named tell it: towards the one that reports, or towards another than it."""
    if _SENT_AWAY.search(text):
        return Event("member_transfer_out", moves.start, moves.end)
    goal = _TOWARDS.search(text)
    if goal is None or _SENT.search(text[: goal.start()]):
        return None
    apart = text[: goal.start()] + ";" + text[goal.end() :]
    origin = _COMES_FROM.search(apart)
    if "@b" in _COMES_FROM.sub("", apart):
        return None if _RECEIVE.search(text) else Event("member_transfer_out", moves.start, moves.end)
    doubtful = origin is not None and not origin["outsider"] and not _WELCOMED.search(text)
    return Event("member_transfer_in", moves.start, moves.end, doubtful)
