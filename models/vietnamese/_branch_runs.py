"""What a run of items after a head may hold before it stops being a branch name."""

import re
from collections.abc import Sequence
from dataclasses import replace

from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_reading import KNOWN, Item
from models.vietnamese.folding import fold

_MOST_UNKNOWN = 4
_TITLES = frozenset({"dc", "ong", "ba", "anh", "chi", "bac", "co", "chu", "d", "em", "chau", "dv"})
_LETTERS_IN_LINE = frozenset("abcd")
_PEOPLE = re.compile(r"\s*(?:d/c|dc|d c|dong chi|dang vien|dv|nguoi|cu|bac)\b")
_LONGEST_NOUN = 30
LETTERS_BEHIND = frozenset("bcd")  # "a" may be "ạ"
JOINING = frozenset({"so", "va"})


def proper_name(text: str, items: Sequence[Item], at: int) -> list[Item]:
    """Return two capitalised words right after a small "chi bộ": "Minh Khai" is no "mình", "Thành Công" no verb."""
    words = list(items[at + 1 : at + 3])
    inside = text[items[at].start : items[at].end]
    if items[at].role != "generic" or len(words) < 2 or inside[1:].lower() != inside[1:]:
        return []
    shown = all(text[i.start].isupper() and text[i.start + 1 : i.end].islower() and not i.breaks for i in words)
    plain = all(item.role in ("word", "courtesy") and len(item.norm.split()) == 1 for item in words)
    return [replace(item, role="word") for item in words] if shown and plain else []


def counts_members(text: str, item: Item) -> bool:
    """Tell whether a number counts people, "điện lực 18 đ/c", rather than belongs to "tổ" or "số"."""
    return not item.bound and _PEOPLE.match(fold(text[item.end : item.end + _LONGEST_NOUN])) is not None


_AFTER_A_WEEKDAY = frozenset(("tuan", "vua", "truoc", "roi", "nay", "qua"))


def is_code(items: Sequence[Item], at: int) -> bool:
    """Tell whether a letter is the beginning of a code: "kho K4" says no "không"."""
    following = items[at + 1] if at + 1 < len(items) else None
    code = following is not None and following.role == "number" and following.start == items[at].end
    beyond = items[at + 2].norm if at + 2 < len(items) else ""
    friday = items[at].norm == "t" and beyond in _AFTER_A_WEEKDAY  # "T6 tuần trước"
    return code and len(items[at].norm) == 1 and not friday


def ends(run: Sequence[Item], item: Item, text: str) -> bool:
    """Tell whether an item cannot belong to the name that the run began."""
    numbered = any(one.role == "number" for one in run)
    if item.role == "kind":
        again = any(one.norm == item.norm for one in run)  # "thôn 1 thôn 2"
        return numbered and (again or run[-1].norm == "va")
    if item.role == "number":
        return _number_ends(run, item, text, numbered=numbered)
    if item.role == "letter":
        return not item.glued and (item.optional or item.norm not in _LETTERS_IN_LINE)
    if item.role == "word":
        unknown = sum(not known(one) for one in run)
        return not known(item) and (numbered or unknown >= _MOST_UNKNOWN)
    return item.role == "courtesy" or item.norm not in JOINING


def _number_ends(run: Sequence[Item], item: Item, text: str, *, numbered: bool) -> bool:
    """Tell whether a number counts members, is the second one, or stands after "và" or a word of no name."""
    if run[-1].norm != "so" and counts_members(text, item):
        return True
    return (numbered and run[-1].role != "kind") or not known(run[-1]) or run[-1].norm == "va"


def other_word(run: Sequence[Item], index: BranchIndex) -> bool:
    """Tell whether a lone word after "chi bộ" has other marks than any name: "chi bộ thắng" is not "Tháng"."""
    words = said(run)
    if len(words) != 1 or words[0].role != "word" or not words[0].accent or run[0].role != "generic":
        return False
    return words[0].norm in index.spellings and words[0].accent not in index.spellings[words[0].norm]


def said(run: Sequence[Item]) -> list[Item]:
    """Return what tells a run apart: its words, numbers and letters, "trường" aside."""
    return [item for item in run if item.role in ("word", "number", "letter") and item.norm != "truong"]


def known(item: Item) -> bool:
    """Tell whether an item is a word of the list, or no word at all."""
    return item.role != "word" or any(choice.quality >= KNOWN for choice in item.choices)


def in_person_name(text: str, items: Sequence[Item], at: int, index: BranchIndex) -> bool:
    """Tell whether the words here follow a title or a capitalised unknown word: "Kha Tấn Lợi"."""
    if not at or items[at].breaks:
        return False
    before = items[at - 1]
    if (before.norm.split() or [""])[-1] in _TITLES or before.norm in ("dong chi", "d c"):
        return True
    capital = text[before.start].isupper() and text[items[at].start].isupper() and not text.isupper()
    return capital and before.role == "word" and before.norm not in index.vocabulary
