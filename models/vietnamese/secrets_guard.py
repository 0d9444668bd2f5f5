"""Finds the marks of state secrets: MẬT, TỐI MẬT, TUYỆT MẬT, on a text, a document symbol or a file name.

Accents are never folded: without them MẬT is "mặt", and "co mat 18/20" is the commonest report there is. The marks
are those of the Law on Protection of State Secrets 29/2018/QH14, article 8; the words that tell a mark from an
ordinary word stand in models/data/secret_words.toml.
"""

import re
import tomllib
import unicodedata
from itertools import pairwise
from pathlib import Path

SECRET, TOP, ABSOLUTE = "MẬT", "TỐI MẬT", "TUYỆT MẬT"

_DATA = tomllib.loads((Path(__file__).parent.parent / "data" / "secret_words.toml").read_text(encoding="utf-8"))
_PATTERNS = _DATA["patterns"]


def _words(name: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFC", word) for word in _DATA[name])


def _pattern(source: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    for part in ("document", "gap", "level", "symbol"):
        source = source.replace(part.upper(), _PATTERNS[part])
    # A file name is parted by underscores, which \w takes for letters.
    source = source.replace(r"(?<!\w)", r"(?<![^\W_])").replace(r"(?!\w)", r"(?![^\W_])")
    return re.compile(unicodedata.normalize("NFC", source), flags)


_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_WORD = re.compile(r"[^\W\d_]+")
_FILE_WORD = re.compile(r"[^\W_]+")

_BEFORE, _AFTER = _words("before"), _words("after")
_MISTYPED, _NAMED = _words("mistyped"), _words("named")
_DOCUMENTS, _ABBREVIATIONS = _words("documents"), _words("abbreviations")
_FILE_BEFORE, _FILE_AFTER, _FILE_ENDINGS = _words("file_before"), _words("file_after"), _words("file_endings")

_SPREAD = _pattern(_PATTERNS["spread"], 0)
_HIGHER = _pattern(_PATTERNS["higher"])
_PLAIN = _pattern(_PATTERNS["plain"])
_CAMEL = re.compile(_PATTERNS["camel"])
_DOCUMENT_BEFORE = _pattern(_PATTERNS["document_before"])
_DOCUMENT_MAT = _pattern(r"DOCUMENT\s*mat(?!\w)")
_OPENED = re.compile(r"[(\[{<\"'“*]\s*$")
_LINE_BEGINS = re.compile(r"(?:^|\n)[\s\W]*$")
_LINE_ENDS = re.compile(r"[^\S\n]*(?:[:.\-–)\]}\"'”*>]|\n|$)")
_FIELDS = (_pattern(_PATTERNS["field"]), _pattern(_PATTERNS["field_words"]))
_SIGNS = (
    _pattern(_PATTERNS["bracketed"], 0),
    _pattern(_PATTERNS["alone"], 0),
    _pattern(_PATTERNS["stamped"]),
    *(_pattern(source, 0) for source in (*_PATTERNS["spoken"], *_PATTERNS["symbol_marked"])),
)
_FILE = _pattern(_PATTERNS["file"], 0)
_LETTERS = {"a": ABSOLUTE, "b": TOP, "c": SECRET}  # the stamps on envelopes


def mark_in(text: str) -> str | None:
    """Return the mark a text or a file name carries ("MẬT", "TỐI MẬT", "TUYỆT MẬT"), or None. Pure."""
    text = _SPREAD.sub(_joined, unicodedata.normalize("NFC", text).translate(_INVISIBLE))
    return _higher(text) or _stated(text) or _standing(text) or _on_files(text)


def _joined(found: re.Match[str]) -> str:
    return "".join(char for char in found.group() if char.isalpha())


def _higher(text: str) -> str | None:
    """Find (tối|tuyệt) mật in any case, and unaccented where it can only be a mark."""
    for found in _HIGHER.finditer(text):
        # "buổi tối mật độ xe cao": an evening, not a mark.
        if found["after"].strip() not in _AFTER or not found["after"].startswith(" "):
            return _named(found["level"])
    if camel := _CAMEL.search(text):
        return _named(camel["level"])
    for found in _PLAIN.finditer(text):
        if _is_plain_mark(text[: found.start()], found["level"], text[found.end() :]):
            return _named(found["level"])
    return None


def _named(level: str) -> str:
    level = level.lower()
    return ABSOLUTE if level.startswith("tuy") else TOP if level.startswith("t") else SECRET


def _is_plain_mark(head: str, level: str, tail: str) -> bool:
    if level.lower().startswith("tuy"):
        return True  # no other word looks like it
    if _DOCUMENT_BEFORE.search(head.replace("_", " ")):
        return True
    return bool(_LINE_ENDS.match(tail)) and bool(_OPENED.search(head) or _LINE_BEGINS.search(head))


def _stated(text: str) -> str | None:
    """Find a mark said to be one: "độ mật: mật", "(Mật)", a stamp, a document symbol, a line of its own."""
    for pattern in _FIELDS:
        if found := pattern.search(text):
            letter = found.groupdict().get("letter")
            return _LETTERS[letter.lower()] if letter else _named(found["level"])
    return SECRET if any(sign.search(text) for sign in _SIGNS) else None


def _standing(text: str) -> str | None:
    """Find MẬT in capitals, standing alone as a mark and not as a part of another word or name."""
    for line in text.splitlines():
        words = list(_WORD.finditer(line))
        for index, word in enumerate(words):
            if word.group() == SECRET and _stands(line, words, index):
                return SECRET
    return None


def _stands(line: str, words: list[re.Match[str]], index: int) -> bool:
    before, after = _beside(line, words, index, -1), _beside(line, words, index, 1)
    if before in _BEFORE or after in _AFTER:
        return False
    run = _capitals(line, words, index)
    if len(run) > 1:
        return before not in _MISTYPED and (_speaks_of_documents(run) or _is_set_off(line, words[index]))
    counted = re.match(r"\s*:?\s*\d", line[words[index].end() :]) is not None
    return not _is_name(line, words, index) and not (before in _MISTYPED and counted)


def _is_set_off(line: str, word: re.Match[str]) -> bool:
    """Return whether punctuation, or the line's ends, part a word from all others."""
    head, tail = line[: word.start()].rstrip(), line[word.end() :].lstrip()
    return (not head or head[-1] in ",;-–—") and (not tail or tail[0] in ",;-–—.")


def _is_name(line: str, words: list[re.Match[str]], index: int) -> bool:
    before = _beside(line, words, index, -1)
    if before != "văn":
        return before in _NAMED
    return _beside(line, words, index - 1, -1) != "công"


def _beside(line: str, words: list[re.Match[str]], index: int, step: int) -> str:
    """Return the word that only a space, a stroke or a hyphen parts from the one at `index`; "" where none does."""
    other = index + step
    if not 0 <= other < len(words):
        return ""
    first, second = sorted((index, other))
    between = line[words[first].end() : words[second].start()]
    return words[other].group().lower() if between.isspace() or between in ("-", "_", "/") else ""


def _capitals(line: str, words: list[re.Match[str]], index: int) -> list[str]:
    """Return the words in capitals around the one at `index`, in lower case, up to the first that is not."""
    first = last = index
    while first > 0 and _runs_on(line, words[first - 1], words[first], words[first - 1]):
        first -= 1
    while last < len(words) - 1 and _runs_on(line, words[last], words[last + 1], words[last + 1]):
        last += 1
    return [word.group().lower() for word in words[first : last + 1]]


def _runs_on(line: str, left: re.Match[str], right: re.Match[str], word: re.Match[str]) -> bool:
    return word.group().isupper() and not re.search(r"[.!?:;|()\[\]]| [-–—] ", line[left.end() : right.start()])


def _speaks_of_documents(run: list[str]) -> bool:
    pairs = {f"{first} {second}" for first, second in pairwise(run)}
    return bool(pairs & _DOCUMENTS) or not _ABBREVIATIONS.isdisjoint(run)


def _on_files(text: str) -> str | None:
    for found in _FILE.finditer(text):
        name = found.group().rpartition(".")[0]
        words = list(_FILE_WORD.finditer(name))
        if any(_marks_file(name, words, index) for index in range(len(words))):
            return SECRET
    return None


def _marks_file(name: str, words: list[re.Match[str]], index: int) -> bool:
    word = words[index].group()
    before = words[index - 1].group().lower() if index else ""
    after = words[index + 1].group().lower() if index + 1 < len(words) else ""
    if word.lower() == SECRET.lower():
        return before not in _BEFORE | _MISTYPED and after not in _AFTER
    of_the_committee = before == "du" and index > 1 and words[index - 2].group().lower() in _ABBREVIATIONS
    if word.lower() != "mat" or (before in _FILE_BEFORE and not of_the_committee) or after in _FILE_AFTER:
        return False
    ends = all(_ending(later.group()) for later in words[index + 1 :])
    if word == "MAT" and (ends or after == "so"):
        return True
    leads = index == 0 and name[words[0].end() : words[0].end() + 1] in ("_", "-", ")", "]")
    return (word == "MAT" and leads) or (ends and _DOCUMENT_MAT.search(re.sub(r"[_\-]", " ", name)) is not None)


def _ending(word: str) -> bool:
    return word.isdigit() or word.lower() in _FILE_ENDINGS
