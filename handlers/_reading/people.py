# ruff: noqa: E501 -- a pattern broken over lines hides what it matches
"""Names of the persons concerned: found by their capitals or their family name, never by likeness."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers._reading.name_words import NameTables, name_tables
from models.vietnamese.folding import clean, fold, has_marks
from models.vietnamese.lines import Line, is_syllable
from models.vietnamese.tokens import Token

_LONGEST = 5
# Single given names are taken only in a list that says whose names follow.
_LISTS = re.compile(
    r"(?:\b(?:nguoi|dong chi|dang vien|quan chung|vang|gom|moi|ten)\s*:"
    r"|\bket nap(?: cho)?|\bvang(?: mat)?|\bphep\s*:"
    r"|\b(?:vang(?: mat)?|nghi) \d{1,2}(?: (?:dong chi|nguoi|dang vien))?\s*[(:]"
    r"|\b(?:[2-9]|[12]\d) (?:dong chi|nguoi|quan chung|dang vien|em)(?: (?:la|gom|ten)|\s*\()?)"
    r"(?:\s*(?:(?:dong chi|anh|chi|bac|cu|ong|ba_) )?\w+\s*(?:\(\D{0,20}\)\s*)?(?:,|va|&))*$"
)
# "1. Hà Văn An 2. Lò Thị Mai"
_NUMBERED = re.compile(r"(?<!\S)(?P<n>\d{1,2})\s?[.)/]\s*(?=[^\W\d_])")
_SHORT_TITLES = frozenset(("c.", "a.", "b."))
_LIST_GOES_ON = frozenset(",.;()&") | {"va", "ngay", "hom", "vao", "a"}
_LIST_ENDS = _LIST_GOES_ON | {"vang", "nghi", "om", "xin", "co", "deu", "duoc", "di"}
_RANKS = frozenset(("uy", "ta", "tam", "tuong", "si", "an", "ve", "vien", "sinh", "nhan", "nhan_", "doan", "tuoi"))
# What may stand between a person and the word of absence: "đ/c Trang bầu bì xin nghỉ".
_SUBJECT_OF = r"(?!(?:bao|chu|bi thu|hop|du|phat|co|hop|dong|va|moi|thay|da)\b)[a-z_]+ "
_ACTS = re.compile(r"(?:da|duoc|vua|moi|nghi|chuyen|ve|di|du bi)\b")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name: tokens [first, last) of the line, verbatim."""

    first: int
    last: int
    text: str


def find_names(line: Line, taken: frozenset[int]) -> list[Name]:
    """Return the names of a line in order, without titles; `taken` are tokens of branches and topics."""
    tables = name_tables()
    shouted = _shouted(line)
    found: list[Name] = []
    at = 0
    while at < len(line.tokens):
        last = _name_end(line, at, tables, taken, shouted=shouted)
        if last and _introduced(line, at, last, found, tables, shouted=shouted):
            found.append(Name(at, last, line.typed[line.tokens[at].start : line.tokens[last - 1].end]))
            at = last
        else:
            at += 1
    return [name for name in found if not _is_sender(line, name, tables)]


def _shouted(line: Line) -> bool:
    letters = [c for c in line.typed if c.isalpha()]
    return len(letters) > 8 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _typed(line: Line, token: Token) -> str:
    return clean(line.typed[token.start : token.end])


def _capital(line: Line, token: Token) -> bool:
    typed = _typed(line, token)
    if fold(token.raw) != fold(typed) and not is_syllable(fold(typed)):  # "ĐV" written for "đảng viên"
        return False
    return typed[:1].isupper() and (len(typed) == 1 or not typed[1:].isupper() or len(typed) <= 2) and typed.isalpha()


def _plain_word(line: Line, token: Token, tables: NameTables, *, shouted: bool) -> bool:
    """Tell whether a token may be part of a name typed without capitals."""
    bare = token.norm.rstrip("_")
    return (
        bare.isalpha()
        and not tables.stops.holds(token, marked=shouted and line.marked)
        and len(bare) > 1
        and fold(_typed(line, token)) == bare
    )


def _name_end(line: Line, at: int, tables: NameTables, taken: frozenset[int], *, shouted: bool) -> int | None:
    """Return where a name that begins at a token ends, or None."""
    tokens = line.tokens
    by_capitals = not shouted and _capital(line, tokens[at])
    begins = fold(_typed(line, tokens[at])).isalpha() and (by_capitals or _is_family(line, tokens[at], tables))
    if at in taken or tokens[at].norm.isdigit() or not begins:
        return None
    last = _run_end(line, at, tables, taken, shouted=shouted)
    if by_capitals:
        last = _first_of_row(line, at, last, tables)
        return None if last == at or _is_place_or_body(line, at, last, tables) else last
    last = min(last, at + 4)
    rest = tokens[at + 1 : last + 1]
    mixed = not shouted and any(_capital(line, token) and not _typed(line, token).isupper() for token in rest)
    return last if last - at >= 2 and not mixed and tokens[at].raw not in tables.homonyms else None


def _is_family(line: Line, token: Token, tables: NameTables) -> bool:
    """Tell whether a token is a family name, by its letters or by its marks."""
    return fold(_typed(line, token)) in tables.family or token.raw in tables.marked


def _run_end(line: Line, at: int, tables: NameTables, taken: frozenset[int], *, shouted: bool) -> int:
    """Return how far the words that may be of one name go on from a token."""
    tokens, last = line.tokens, at
    by_capitals = not shouted and _capital(line, tokens[at])
    first = fold(_typed(line, tokens[at]))
    while last < len(tokens) and last - at < _LONGEST and last not in taken and not tokens[last].norm.isdigit():
        token = tokens[last]
        joined = last == at or (token.spaced and tokens[last - 1].end < token.start)
        after_middle = (
            last - at > 1 and tables.middle.holds(tokens[last - 1], marked=line.marked) and first in tables.family
        )
        fits = (
            _capital(line, token)
            if by_capitals
            else last == at
            or _plain_word(line, token, tables, shouted=shouted)
            or (after_middle and token.norm.isalpha())
        )
        if _glued_mark(line, last) and last > at:  # "H'Nhi"
            last += 2
            continue
        if not joined or not fits or (last > at and _is_office(tokens, last)):
            break
        last += 1
    if by_capitals and last < len(tokens) and tokens[last].norm.isdigit() and len(_typed(line, tokens[last - 1])) == 1:
        last -= 1  # "Chiều T5"
    return last


def _is_place_or_body(line: Line, at: int, last: int, tables: NameTables) -> bool:
    """Tell whether words with capitals name a town, a body or a document, or whoever is spoken to."""
    tokens, several = line.tokens, last - at > 1
    second = _typed(line, tokens[at + 1]) if several else ""
    if f"{fold(_typed(line, tokens[at]))} {fold(second)}" in tables.places:
        return True
    if several and tokens[at].raw in tables.called and _before(tokens, at) in ("^", ".", ";", ","):
        return True
    rank = last < len(tokens) and tokens[last].norm in _RANKS
    given = tokens[at].raw in tables.given and _titled(tokens, at, tables) and not rank
    alone = not several and not given
    another = several and tables.bodies.holds(tokens[at + 1])
    code = last - at == 2 and second.isupper() and len(second) > 1  # "Theo QĐ"
    return code or (tables.bodies.holds(tokens[at], marked=line.marked) and (alone or another))


def _glued_mark(line: Line, at: int) -> bool:
    """Tell whether an apostrophe joins two parts of one name."""
    tokens = line.tokens
    return at + 1 < len(tokens) and tokens[at].norm == "'" and not tokens[at].spaced and not tokens[at + 1].spaced


def _is_office(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "Bí thư" or "Phó bí thư" begins at a token."""
    return " ".join(token.norm for token in tokens[at : at + 2]) in ("bi thu", "pho bi")


def _first_of_row(line: Line, at: int, last: int, tables: NameTables) -> int:
    """Return where the first of several names in a row without commas ends: the next begins with its family name."""
    tokens = line.tokens
    if last - at < _LONGEST or last >= len(tokens) or not _capital(line, tokens[last]):
        return last
    return next((end for end in (at + 3, at + 2, at + 4) if _is_family(line, tokens[end], tables)), last)


def _introduced(line: Line, at: int, last: int, found: Sequence[Name], tables: NameTables, *, shouted: bool) -> bool:
    """Tell whether what stands before makes the words a person's name."""
    if at and _unread_family(line, at - 1, found, tables):
        return False  # the name began before
    if shouted or not _capital(line, line.tokens[at]):
        return _introduced_plainly(line, at, last, found, shouted=shouted)
    if _titled(line.tokens, at, tables):
        return True
    before = _before(line.tokens, at)
    if re.fullmatch(r"\d{1,2}\.", before) and in_order(line.typed):
        return last == len(line.tokens) or line.tokens[last].norm != ":"
    listed = bool(found) and found[-1].last <= at and _is_list(line.tokens, found[-1].last, at)
    if last - at < 2:
        return _listed_alone(line, at, last, listed=listed)
    return listed or before in tables.leads or _in_full(line, at, last, tables)


def _listed_alone(line: Line, at: int, last: int, *, listed: bool) -> bool:
    """Tell whether a single given name stands in a list that says whose names follow, or goes on with one."""
    words = " ".join(token.norm for token in line.tokens[max(0, at - 14) : at])
    after = line.tokens[last].norm if last < len(line.tokens) else ","
    if listed and after in _LIST_ENDS:
        return True
    return bool(_LISTS.search(words)) and (after in _LIST_GOES_ON or after.isdigit())


def _unread_family(line: Line, at: int, found: Sequence[Name], tables: NameTables) -> bool:
    """Tell whether a family name with a capital stands at a token and belongs to no name found."""
    token = line.tokens[at]
    if (found and found[-1].last > at) or not _capital(line, token) or not line.tokens[at + 1].spaced:
        return False
    return line.marked and token.raw in tables.marked


def _in_full(line: Line, at: int, last: int, tables: NameTables) -> bool:
    """Tell whether capitals spell a whole name, "Hà Thị Tươi", wherever it stands but after a street or a school."""
    whole = last - at > 2 and _is_family(line, line.tokens[at], tables)
    return whole and at > 0 and not tables.named_after.holds(line.tokens[at - 1])


def _introduced_plainly(line: Line, at: int, last: int, found: Sequence[Name], *, shouted: bool) -> bool:
    """Tell whether a name without capitals is introduced: by "đồng chí" without a number before, or a list."""
    before = " ".join(token.norm for token in line.tokens[max(0, at - 4) : at])
    if found and found[-1].last <= at and _is_list(line.tokens, found[-1].last, at):
        return not _capital(line, line.tokens[found[-1].first])
    whole = last - at > 2 and (shouted or name_tables().middle.holds(line.tokens[at + 1], marked=line.marked))
    if whole and re.search(r"[:,;(]$|\b(?:la|gom|ten|ket nap|chinh thuc cho|anh|chi|chau|bac|em)$", before):
        return True
    if whole and re.search(r"\d (?:dong chi|quan chung|dang vien)(?: moi| uu tu)?$", before):
        return True
    return bool(
        re.search(r"(?<!\d )\b(?:dong chi|ong|ba_|quan chung|dang vien|ten la|ten|ho ten|cho|dong chi :)\s*:?$", before)
    ) or bool(re.search(r"\b(?:dong chi|quan chung|dang vien|nguoi|gom|la)(?: moi)?\s*:$|[:,;] 1 ?[.)]$", before))


def _before(tokens: Sequence[Token], at: int) -> str:
    if at == 0:
        return "^"
    before = tokens[at - 1].norm
    if before == "." and at > 1 and len(tokens[at - 2].norm) <= 2:
        return tokens[at - 2].norm + "."
    return before


def _titled(tokens: Sequence[Token], at: int, tables: NameTables) -> bool:
    """Tell whether "bà", "đồng chí" or "c." stands before a token."""
    if at == 0:
        return False
    aunt = tokens[at - 1].raw == "o" and any(has_marks(token.raw) for token in tokens)  # "o Thanh", in central dialect
    return aunt or tables.titles.holds(tokens[at - 1]) or _before(tokens, at) in _SHORT_TITLES


def _is_list(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Tell whether only commas, brackets with a remark and titles stand between two names."""
    between = " ".join(token.norm for token in tokens[start:end])
    return bool(
        re.fullmatch(
            r"(?:\([^()]{0,40}\))?\s*(?:[,;&+]|va|voi|cung|-)?\s*(?:va )?(?:\d{1,2} ?[.)])?\s*(?:dong chi|ong|ba_?|anh|chi|bac|chu|co_?|cu|em|chau|thay)?\s*",
            between,
        )
    )


def _is_sender(line: Line, name: Name, tables: NameTables) -> bool:
    before = " ".join(token.norm for token in line.tokens[max(0, name.first - 6) : name.first])
    after = " ".join(token.norm for token in line.tokens[name.last : name.last + 3])
    if _ACTS.match(after) and re.search(r"\b(?:xin bao|bao cao)\b", before):
        return False
    if tables.others.search(before) or tables.others_act.match(after):
        return True
    return bool(tables.senders.search(before)) or bool(re.match(r"[-,(]? ?(?:(?:pho_? )?bi thu|oi)\b", after))


def in_order(typed: str) -> list[re.Match[str]]:
    """Return the figures (group n) that number a list: they count up from 1 before capitals."""
    items = [m for m in _NUMBERED.finditer(typed) if typed[m.end()].isupper()]
    counts_up = len(items) > 1 and [int(m["n"]) for m in items] == list(range(1, len(items) + 1))
    return items if counts_up else []


def names_after(names: Sequence[Name], line: Line, pattern: re.Pattern[str]) -> list[Name]:
    """Return the names in a sentence with a word of the pattern before, or right after them or their list."""
    found: list[Name] = []
    for name in reversed(names):
        start = line.tokens[name.first].start
        before = " ".join(t.norm for t in line.tokens[: name.first] if t.start < start)
        sentence = re.split(r"\. ", before)[-1]
        after = " ".join(t.norm for t in line.tokens[name.last : name.last + 8])
        if (
            pattern.search(sentence)
            or re.match(rf"(?:{_SUBJECT_OF}){{0,5}}(?:{pattern.pattern})", after)
            or (
                found
                and after.split(" ")[0] in ("voi", "va", "cung", ",")
                and _is_list(line.tokens, name.last, found[-1].first)
            )
        ):
            found.append(name)
    return found[::-1]
