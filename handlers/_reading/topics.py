# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""The topic of a thematic meeting and the form of a meeting."""

import re

from handlers._reading.result import MeetingFormat
from models.vietnamese.lines import Line

_HEAD = r"(?:chuyen de|chu de|noi_? dung chuyen de|noi_? dung)"
_WHEN = r"(?:(?:hom|bua|toi|sang|chieu|trua|dem) (?:qua|nay|kia)|(?:ngay|hom|mung|mong|thu) \d{1,2}|thang (?:nay|truoc)|tuan (?:nay|truoc))"
_LEAD = rf"(?:\s*(?:#+|{_WHEN}\s*(?=:|-|ve\b)|de tai|(?:quy|thang|ky)\s+(?:\d+|[ivx]+)(?:\s*/\s*\d{{4}})?|(?:ngay |hom )?\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?|la|ve|voi|noi_? dung|chu de|theo|ten|sau|:|-|,(?=\s*noi))\s*)*"
_QUOTED = re.compile(rf"\b{_HEAD}\b[^\"'#]{{0,40}}?[\"'](?P<topic>[^\"]+?)[\"'](?=\W|$)")
_LOOSE = re.compile(r"\"(?P<topic>[^\"]{6,}?)\"")
# Looked at ahead of the place where it stands, so that "chuyên đề ..., chuyên đề: ..." is found at both.
_PLAIN = re.compile(rf"\b(?=(?P<head>{_HEAD})\b(?P<lead>{_LEAD})(?P<topic>[^#.;\n]+))")
_STOP = re.compile(
    r"\s*(?:,\s*)?(?:\b(?:ngay|hom|toi qua|sang qua|chieu qua|sang nay|toi nay|chieu nay|co mat|vang|tong so|tham du|du hop|du \d|du #|du@|quan so"
    r"|si so|co \d|co #|luc|vao|tai|da|duoc to chuc|dat|voi \d|mung|thu \d|chu nhat|day duu|duu|hop|(?<!xay dung )(?<!trong )(?<!cua )(?<!o )chi bo|cb|thang \d|quy \d|roi|xong|nhe|a)\b"
    r"|\d{1,3}\s*(?:/|tren)\s*\d|\d{1,3} (?:dong chi|dang vien|nguoi)|\(|,|\s-\s|[😀-🙏]|$)"
)
_ONLINE = re.compile(
    r"\b(?:truc tuyen|online|onl|zoom|google meet|gg meet|ggmeet|meet|teams|ms team|qua zalo|bang zalo|tren zalo|zalo|qua mang|tren mang|hop mang|tu xa|video call|webex|ket noi_?\s+#|cau truyen hinh)\b"
)
_IN_PERSON = re.compile(
    r"\b(?:truc tiep|offline|off|(?<!hoc )(?<!di )tap trung(?! (?:vao|thao|ban|danh|chi dao|lanh|cho|noi))|mat doi mat|giap mat)\b"
)
_HYBRID = re.compile(
    r"\b(?:hybrid|ket hop (?:ca\s+)?(?:truc|on|hai hinh thuc|2 hinh thuc)|vua truc tiep vua|hai dau cau|2 dau cau|vua\b[^.;]{2,40}\bvua (?:mo |vao |qua |ket noi_? |hop )?(?:zoom|online|truc tuyen|meet|zalo)|\d+ (?:dong chi|nguoi) (?:\w+ ){0,2}(?:hoi truong|tai cho|truc tiep|nha van hoa)\b[^.;]{0,20}\b\d+ (?:dong chi |nguoi )?(?:\w+ ){0,2}(?:zoom|online|tu xa|truc tuyen)|ca truc tiep (?:lan|va)|mot phan|1 phan|truc tiep (?:ket hop|va|\+|&)\s*(?:voi\s+)?(?:truc tuyen|online)|truc tuyen (?:ket hop|va)\s*(?:voi\s+)?truc tiep)"
)
_DENIED = re.compile(
    r"\b(?:khong|chua|chang|khong phai|thay vi|thay cho)\s+(?:\w+\s+){0,3}(?P<what>truc tiep|tap trung|truc tuyen|online|zoom|offline|qua mang)"
)
# "gửi biên bản qua zalo" tells how the minutes went, not how the members met.
_SENT_BY = re.compile(
    r"\b(?:gui|nop|dang|chup|anh|bien ban|thong bao|bao cao|nhan tin|giay moii?)\b[^,.;:#]{0,25}\b(?:qua|bang|tren|len|vao|o|zalo|nhom)\s*(?:nhom )?zalo\b"
)


def read_topic(line: Line, text: str) -> tuple[str | None, tuple[int, int]]:
    """Return the topic as typed and its place in the normalised text; (None, (0, 0)) if none is named."""
    for pattern in (_QUOTED, _LOOSE):
        match = pattern.search(text)
        if match:
            return line.verbatim(*match.span("topic")), match.span("topic")
    for match in _PLAIN.finditer(text):
        before = text[: match.start()]
        of_the_agenda = match["head"].startswith("noi") or re.search(r"\bnoi_? dung $", before)
        if of_the_agenda and "chuyen de" not in before:
            continue
        start, end = match.span("topic")
        stop = _STOP.search(text, start, end)
        end = stop.start() if stop else end
        topic = line.verbatim(start, end).strip(" :,-\"'") if end > start else ""
        if len(topic.split()) >= 2:
            return topic, (start, end)
    return None, (0, 0)


def read_format(text: str) -> MeetingFormat | None:
    """Return how the members met, only where the line says so; what is denied does not count."""
    text = _SENT_BY.sub(lambda match: " " * len(match.group()), text)
    text = _DENIED.sub(lambda match: " " * len(match.group()), text)
    online, in_person = _ONLINE.search(text), _IN_PERSON.search(text)
    if _HYBRID.search(text) or (online and in_person):
        return "hybrid"
    if online:
        partly = re.search(r"\(\s*(?:\d+|#)[^()]*\b(?:online|truc tuyen|zoom|qua mang|tu xa)\b[^()]*\)", text)
        also = re.search(
            r"(?<![\d/])\b\d+\s*(?:dong chi|nguoi|dang vien|ban)?\s*(?:du\s+|hop\s+|tham gia\s+)?(?:online|truc tuyen|qua zoom|zoom)\b",
            text,
        )
        return "hybrid" if partly or also else "online"
    return "in_person" if in_person else None
