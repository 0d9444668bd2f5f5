# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""The branch that reports, among all branches a line names."""

import re
from collections.abc import Iterator, Sequence

from handlers._reading.canvas import Canvas
from handlers._reading.intents import verb_spellings
from handlers._reading.result import Issue
from models.vietnamese.branch_names import BranchMatch, BranchNames, Mention
from models.vietnamese.folding import clean, fold
from models.vietnamese.lines import Line
from models.vietnamese.tokens import Token

_VERBS = frozenset(("chua", "da", "hop", "khong", "vua", "nop"))
_COMPOUND = re.compile(
    r"\bhop (?:tac|danh)|\b(?:tong|lien|phoi) hop\b|\b(?:nha|cong ty|cty|phan|tnhh) may\b|\bmay mac\b|\bmo da\b"
)
_NO_NAMES = frozenset(
    (
        "may",
        "mo",
        "nao",
        "khac",
        "vay",
        "minh",
        "em",
        "toi_",
        "ta",
        "tui",
        "la",
        "don",
        "tiep",
        "ket",
        "se",
        "xin",
        "hom",
    )
)
# "chi bộ 11 đ/c họp đủ" counts members; "chi ủy viên" is a person.
_COUNTS_MEMBERS = re.compile(
    r"(?:chi bo|cb|c\.bo)\s*:?\s*(?:co\s+)?\d{1,3}\s*(?:dang vien|dv|nguoi|(?:d/c|dc|dong chi)(?=\W*(?:$|[,.;]|hop|sinh|sh|du|co|deu|di|den|tham|khong|nghi|thi|ma|vang|hom|ngay|toi|\d)))\b"
    r"|(?:chi|dang|cap) uy vien\b"
)
_OWN_BODY = re.compile(
    r"(?:(?:chi bo|cb)\s+)?(?:co quan|truong|thon|ap|khu pho|cong ty|cty|to dan pho|tdp|to|khu|don vi|xa|phuong|khoi|benh vien|nha may)"
)
_OWN = re.compile(r"\s*(?:chung )?(?:toi|em|minh|ta|tui|nha em|nha minh)\b")
_TAIL = re.compile(
    r"\s+(?:to chuc|toi qua|toi nay|sang nay|sang qua|chieu qua|chieu nay|ngay \d|sinh hoat|bao cao|thong bao|(?:giam|tang|them|bot) \d)\b.*$"
)
_COMES = re.compile(r"\b(?:tu|ben|o|gui|kinh gui|thuoc)\W*(?:(?:dang bo|chi bo|ben)\W*)*$")
_ELSEWHERE = re.compile(
    r"\b(?:tu|sang|ve|len|ra|xuong|den|(?<!hom )(?<!bua )(?<!toi )(?<!dem )(?<!sang )(?<!chieu )qua|ben|o|chuyen|tai|gui|kinh gui|voi|cung|hoi truong|nha van hoa|tru so|phong hop|dia diem|thuoc)\W*(?:(?:dang bo|chi bo|cb|ben|nha van hoa|hoi truong|tru so)\W*)*$"
)
_RESIDENTS = re.compile(r"\bhop (?:dan |cu dan )?$")
_PLACE = re.compile(
    r"\b(?:cam on|tai|o|hoi truong|nvh|nha van hoa|tru so|phong hop|dia diem|kinh gui|gui|voi|cung)[\s:]*(?:(?:nvh|nha van hoa|hoi truong|tru so|nha)[\s:]*)*$"
)

_BEFORE_VERB = re.compile(
    r"^(?:(?:da_?|a|em|chau|con|bao cao|gui|bc|thua|thay|anh|chi|bac)\W+)*(?P<name>[^\d,.;:]{3,45}?(?: \d{1,3})?)\s*:?\s*(?:bao cao\W+)?(?:(?:da|vua|moi|xin|ngay|hom|toi|\d+/\d+|mung) ?)*\b(?:hop|sinh hoat|ket nap|cong nhan|tiep nhan|(?<!cong )nhan|hoan|lui|doi)\b"
)
_LEAST_WORDS = 2
_LAST_CLAUSE = re.compile(r"[,.;]\s*(?P<name>[^\d,.;:()]{4,40}(?: \d{1,3})?)\W*$")
_SAYS_NOTHING = re.compile(
    r"\b(?:sua|gium|dinh chinh|hom|ngay|qua|nay|toi qua|vang|phep|co mat|nguoi|dong chi|dang vien|nhe|nha|roi|cam on|minh|em|toi_|tui|chung|khong|chua|da_|a|duu|ly do|ai|ong|ba_|bac|anh|chi(?! nhanh)|chu|moi|thu|thang|tuan|dang|bao cao|cong(?! ty)|lich|chuyen|sinh hoat|sh|khat|doi|lui|hoan|do|vi|da|vua|se|hop|sang|chieu|trua|toi|dem|nhan|cho|(?<=\w )duoc)\b"
)
_BODY = re.compile(
    r"(?:mn|mam non|khom|to dan pho|tdp|thon|ap|xom|khu pho|kp|khu dan cu|kdc|buon|tieu hoc|thcs|thpt|benh vien|ngan hang|hop tac xa|htx|cong ty|cty) \w+|ngan hang$"
)
# What no name goes on with: the mention before it is whole.
_NAME_ENDS = re.compile(r"\s*(?:[-\u2013,.;:(\d]|(?:giam|tang|them|co|du|moi|vang|nghi|thong bao|bao|xin)\b)")
_AND = re.compile(r"\s*(?:,|va|voi|&)\s*(?:chi bo\s*)?")
_BECAUSE = re.compile(r"\b(?:do|vi|boi|tai)\s*$")
_PLACE_OF_PEOPLE = re.compile(r"(?:chi bo|to|thon|ap|xom|khu|khom|khoi|ban|buon|lang)\b")
_VENUE = re.compile(r"\b(?:cam on|nha van hoa|nvh|hoi truong|tru so|phong hop|kinh gui)\W*$")


def find_branches(line: Line, names: BranchNames | None) -> tuple[Mention, ...]:
    """Return the branches a line names; none without a list to compare with."""
    if names is None:
        return ()
    trimmed = (_trimmed(line, mention, names) for mention in names.find(line.typed))
    found = tuple(mention for mention in trimmed if mention is not None)
    return found or tuple(_by_place(line, names))


def _by_place(line: Line, names: BranchNames) -> Iterator[Mention]:
    """Yield the branch that can only be meant by its place: before the verb, or alone after the last comma."""
    for pattern in (_BEFORE_VERB, _LAST_CLAUSE):
        told = pattern.search(line.text)
        start, end = line.span(*told.span("name")) if told else (0, 0)
        phrase = line.typed[start:end].strip(" :,.-")
        body = told is not None and _BODY.match(told["name"]) is not None
        if told is None or len(phrase.split()) < _LEAST_WORDS:
            continue
        match = names.match(phrase)
        several = match.status == "ambiguous" and set(match.candidates) <= set(names.holding(phrase))
        if _SAYS_NOTHING.search(told["name"]) and not several:
            continue
        named = match.status == "match" and (body or len(phrase.split()) > _LEAST_WORDS)
        if named or ((body or several) and pattern is _BEFORE_VERB):
            yield Mention(start, start + len(phrase), match)
            return


def _trimmed(line: Line, mention: Mention, names: BranchNames) -> Mention | None:
    """Return the mention cut before a verb that cannot belong to a name; None if only "chi bộ" is left."""
    if _is_other(line, mention):
        return None
    end = _end_of_name(line, mention)
    left = line.typed[mention.start : end].rstrip()
    if mention.match.status == "match":
        return Mention(mention.start, mention.start + len(left), mention.match) if left else mention
    if mention.match.status == "ambiguous" and _NAME_ENDS.match(fold(line.typed[mention.end : mention.end + 20])):
        return Mention(mention.start, mention.start + len(left), names.match(left))
    if end == mention.end:
        return None if _counts_days(line, mention) else mention
    if re.fullmatch(r"chi bo|cb|chi uy|to dan pho|to|khu pho|thon", fold(left)):
        return None
    return Mention(mention.start, mention.start + len(left), names.match(left))


def _is_other(line: Line, mention: Mention) -> bool:
    """Tell whether what looks like a branch is something else: "biên bản", "đ/c", "trường em", "chi bộ 11 đ/c"."""
    before = fold(line.typed[: mention.start]).split()[-1:]
    words = fold(line.typed[mention.start : mention.end])
    own = _OWN_BODY.fullmatch(words) and _OWN.match(fold(line.typed[mention.end : mention.end + 20]))
    if mention.match.status != "match" and before in (["bien"], ["van"], ["can"]) and words.startswith("ban"):
        return True
    ours = re.fullmatch(r"(?:chi bo|cb) nha", words) and _OWN.match(fold(line.typed[mention.end : mention.end + 20]))
    listed = "\u20e3" in line.typed[mention.start : mention.end] and re.match(r"\s*1\ufe0f?\u20e3", line.typed)
    if line.marked and re.match(r"nha\b(?! [A-Z0-9])", line.typed[mention.start :]) and mention.match.status != "match":
        return True  # "nha mấy anh" is said to people, "nhà" names a house
    all_of_them = re.fullmatch(r"ca \d{1,2}", words) and mention.match.status != "match"
    if (
        ours
        or listed
        or all_of_them
        or line.typed[mention.start - 1 : mention.start] == "/"
        or (own and mention.match.status != "match")
    ):
        return True
    return _COUNTS_MEMBERS.match(fold(line.typed[mention.start : mention.end + 40])) is not None


def _end_of_name(line: Line, mention: Mention) -> int:
    for token in line.tokens:
        sure = mention.match.status == "match" or token.capital  # "chi bộ Minh Khai"
        stops = _VERBS if sure else _VERBS | _NO_NAMES
        spelled = fold(line.typed[token.start : token.end])[:1] == token.norm[:1]  # "Hồng" is no "không"
        if mention.start < token.start < mention.end and token.norm in stops and spelled and _is_verb(line, token):
            return token.start
    tail = _TAIL.search(fold(line.typed[mention.start : mention.end]))
    return mention.start + tail.start() if tail else mention.end


def _is_verb(line: Line, token: Token) -> bool:
    """Tell whether "hop", "may" or "mo" is a word of its own: not in "Hợp tác xã", "nhà máy", "mỏ đá"."""
    typed = clean(line.typed[token.start : token.end]).lower()
    if not typed.isascii() and token.norm in verb_spellings():
        return typed == verb_spellings()[token.norm]
    around = fold(line.typed[max(0, token.start - 8) : token.end + 6])
    return _COMPOUND.search(around) is None


def _counts_days(line: Line, mention: Mention) -> bool:
    """Tell whether "chi bộ 2" is only the beginning of "chi bộ 2 ngày nữa"."""
    return bool(
        re.match(r"\s*(?:ngay|hom|bua|tuan) (?:nua|truoc|sau)", fold(line.typed[mention.end : mention.end + 20]))
    )


def outside_documents(line: Line, mentions: Sequence[Mention], text: str) -> tuple[Mention, ...]:
    """Return the mentions that are not the number of a document ("CT 51")."""
    spans = [(m, *line.place(m.start, m.end)) for m in mentions]
    return tuple(m for m, start, end in spans if not re.fullmatch(r"(?:chi bo )?@[doc#\W]*", text[start:end]))


def outside_topic(line: Line, mentions: Sequence[Mention], span: tuple[int, int]) -> tuple[Mention, ...]:
    """Return the mentions that are not words of the topic ("xây dựng đô thị văn minh")."""
    return tuple(m for m in mentions if not span[0] <= line.place(m.start, m.end)[0] < span[1])


def cover_branches(line: Line, canvas: Canvas, mentions: Sequence[Mention]) -> None:
    """Cover branch names: neither "tổ 5" is a number of people, nor "Sao Mai" tomorrow."""
    for mention in mentions:
        canvas.cover(*line.place(mention.start, mention.end))


def name_branches(line: Line, text: str, mentions: Sequence[Mention]) -> str:
    """Return the text with the words of branch names as "@b": the branch "Hội CCB" is no other body.

    What stands right after "họp" keeps its words: residents of a "tổ dân phố" meet too.
    """
    for mention in mentions:
        start, end = line.place(mention.start, mention.end)
        words = line.text[start:end]
        if words and not (_RESIDENTS.search(text[:start]) and not words.startswith("chi bo ")):
            lead = "chi bo " if words.startswith("chi bo ") else ""
            sign = "@b~" if mention.match.status == "none" else "@b"  # "~": of no branch of the list
            words = (lead + sign).ljust(end - start, "#")[: end - start]
        text = text[:start] + words + text[end:]
    return text


def reporting(line: Line, mentions: Sequence[Mention], intent: str) -> Mention | None:
    """Return the mention of the branch that speaks: not where a member comes from or goes to, nor a place."""
    moves = intent.startswith("member_transfer")
    if intent in ("meeting_postponed", "meeting_not_held"):
        mentions = [m for m in mentions if not _is_reason(line, m)]
    barred = {"member_transfer_in": _COMES, "member_transfer_out": _ELSEWHERE}.get(intent, _PLACE)
    free = _outside(line, mentions, barred)
    if free:
        known = [m for m in free if m.match.status != "none"]
        return (known or free)[0]
    venue = bool(mentions) and _VENUE.search(_before(line, mentions[0]))
    return None if moves or not mentions or venue else mentions[0]


def _outside(line: Line, mentions: Sequence[Mention], barred: re.Pattern[str]) -> list[Mention]:
    """Return the mentions without the barred words before them, nor "và" after one that has them."""
    free: list[Mention] = []
    last: Mention | None = None  # the last one barred, as long as the list of its like goes on
    for mention in mentions:
        before = _before(line, mention)
        goes_on = last is not None and _AND.fullmatch(before[line.place(last.start, last.end)[1] :])
        last = mention if goes_on or barred.search(before) else None
        if last is None:
            free.append(mention)
    return free


def _is_reason(line: Line, mention: Mention) -> bool:
    """Tell whether a body is only why: "dời họp do thanh tra làm việc"; "do tổ 5 bận" speaks of its own."""
    words = line.text[slice(*line.place(mention.start, mention.end))]
    return _BECAUSE.search(_before(line, mention)) is not None and not _PLACE_OF_PEOPLE.match(words)


def _before(line: Line, mention: Mention) -> str:
    start, _ = line.place(mention.start, mention.end)
    return line.text[:start]


def branch_issue(mention: Mention | None, typed: str) -> Issue | None:
    """Return the question a doubtful branch needs."""
    if mention is None or mention.match.status == "match":
        return None
    code = "ambiguous_branch" if mention.match.status == "ambiguous" else "unknown_branch"
    return Issue(code, typed, mention.match.candidates)


def several(line: Line, mentions: Sequence[Mention]) -> bool:
    """Tell whether a line names more than one branch for certain."""
    ids = {m.match.branch_id for m in _outside(line, mentions, _PLACE) if m.match.status == "match"}
    return len(ids) > 1


def match_of(mention: Mention | None) -> BranchMatch | None:
    """Return the match of a mention, if there is one."""
    return mention.match if mention else None
