"""What the text of a directive says of itself: number and symbol, title, deadline, where to read it. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from models.vietnamese.dates import find_dates, normal_text
from models.vietnamese.folding import fold, has_marks
from models.vietnamese.number_tokens import join_numbers
from models.vietnamese.tokens import tokenise

TITLE_CHARS = 160
BODY_CHARS = 3000
READ_AT_CHARS = 160
FARTHEST = timedelta(days=366)

# The kinds of documents a committee issues (05-HD/VPTW), by folded words and by the letters of the symbol.
_KIND_LETTERS = {
    "kh": "KH", "ct": "CT", "nq": "NQ", "hd": "HD", "tb": "TB", "cv": "CV", "qd": "QĐ", "qdi": "QĐi", "kl": "KL",
    "bc": "BC", "ttr": "TTr", "ctr": "CTr", "gm": "GM", "tt": "TT", "da": "ĐA", "pa": "PA",
}  # fmt: skip
_KIND_WORDS = {
    "ke hoach": "KH", "chi thi": "CT", "nghi quyet": "NQ", "huong dan": "HD", "thong bao": "TB", "cong van": "CV",
    "quyet dinh": "QĐ", "quy dinh": "QĐi", "ket luan": "KL", "bao cao": "BC", "to trinh": "TTr",
    "chuong trinh": "CTr", "giay moi": "GM", "thong tri": "TT", "de an": "ĐA", "phuong an": "PA",
}  # fmt: skip
_LETTERS = "|".join(sorted(_KIND_LETTERS, key=len, reverse=True))
_WORDS = "|".join(_KIND_WORDS)
_SYMBOL = re.compile(
    rf"(?<![\w/\-])(?P<n>\d{{1,4}})\s*[-–/]\s*(?P<kind>{_LETTERS})(?P<by>\s*[/\-]\s*[a-z][a-z.]*)?(?!\w)"
)
_SPOKEN = re.compile(rf"\b(?P<words>{_WORDS})\s+(?:so\s*)?:?\s*(?P<n>\d{{1,4}})\b(?!\s*/\s*\d)")
_SHORT = re.compile(rf"\b(?P<kind>{_LETTERS})\s*(?:so\s*)?[.:\-]?\s*(?P<n>\d{{1,4}})\b(?!\s*/\s*\d)")
_NUMBER_ALONE = re.compile(
    rf"(?:{_WORDS})?\s*(?:so\s*)?:?\s*\d{{1,4}}\s*[-–/]\s*(?:{_LETTERS})(?:\s*[/\-]\s*[a-z][a-z.]*)?[ .:]*"
)
_BARE = re.compile(r"(?:so\s*)?(\d{1,4})")
_DEADLINE = re.compile(
    r"\b(?:thoi han|han chot|han cuoi|han|cham nhat|truoc|den het|xong truoc|hoan thanh truoc|muon nhat|khong qua)\b"
)
_DEADLINE_ALONE = re.compile(
    rf"\s*{_DEADLINE.pattern}\W*(?:(?:la|ngay|vao|het|thu \w+|chu nhat|cuoi|\d{{1,2}}\s*(?:h|g|gio)\d*)\s*)*"
    r"[\d/.\- ]*(?:thang \d+|thang nay)?(?: nam \d+)?[ .]*"
)
_READ_AT = re.compile(
    r"\b(?:(?:toan van|van ban|noi dung)\b[^.\n]{0,30}?|(?:doc|xem)\s)\b(?:tai|o|tren)\s+", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_NEAR = 24  # letters between "hạn" and its date


@dataclass(frozen=True, slots=True)
class Reference:
    """A document named in a line: its number, and the kind's letters where they were typed ("" where not)."""

    number: int
    kind: str = ""

    def names(self, symbol: str) -> bool:
        """Return whether a symbol such as "58-KH/ĐU" is meant."""
        other = reference(symbol)
        return other is not None and other.number == self.number and self.kind in ("", other.kind)


@dataclass(frozen=True, slots=True)
class DirectiveText:
    """A text read; "" and None where it does not say. body: what follows the title."""

    title: str
    body: str = ""
    number: str = ""
    deadline: date | None = None
    read_at: str = ""


def read_symbol(text: str) -> str:
    """Return the first number and symbol of a text as it is printed ("58-KH/ĐU"), "" where there is none."""
    text = unicodedata.normalize("NFC", text)
    folded = _folded(text)
    found = _SYMBOL.search(folded)
    if found:
        issuer = text[found.start("by") : found.end("by")].strip(" /-–").rstrip(".") if found["by"] else ""
        return f"{found['n']}-{_KIND_LETTERS[found['kind']]}" + (f"/{issuer.upper()}" if issuer else "")
    spoken = _SPOKEN.search(folded)
    return f"{spoken['n']}-{_KIND_WORDS[spoken['words']]}" if spoken else ""


def reference(text: str) -> Reference | None:
    """Return the document a few words name: "58", "kh 58", "kế hoạch số 58", "58-KH/ĐU"; None where none is named."""
    folded = _folded(text)
    if found := _SYMBOL.search(folded):
        return Reference(int(found["n"]), _KIND_LETTERS[found["kind"]])
    if found := _SPOKEN.search(folded):
        return Reference(int(found["n"]), _KIND_WORDS[found["words"]])
    if found := _SHORT.search(folded):
        return Reference(int(found["n"]), _KIND_LETTERS[found["kind"]])
    bare = _BARE.fullmatch(folded.strip(" .,!"))
    return Reference(int(bare[1])) if bare else None


def read_directive(text: str, today: date) -> DirectiveText:
    """Return what a text says of itself; the title is its first line or sentence."""
    text = unicodedata.normalize("NFC", text).strip()
    head, rest = _head(text)
    deadline = _deadline(text, today)
    return DirectiveText(
        title=_title(head, dated=deadline is not None),
        body=rest[:BODY_CHARS],
        number=read_symbol(text),
        deadline=deadline,
        read_at=_read_at(text),
    )


def _folded(text: str) -> str:
    """Return the text without marks, letter for letter, so that places in it stay true."""
    folded = [fold(letter) for letter in unicodedata.normalize("NFC", text)]
    return "".join(
        plain if len(plain) == 1 else letter.lower()[:1]
        for letter, plain in zip(unicodedata.normalize("NFC", text), folded, strict=True)
    )


def _head(text: str) -> tuple[str, str]:
    """Return the title and what follows; a first line that is only the number belongs to the one after it."""
    first, _, rest = text.partition("\n")
    if rest.strip() and _NUMBER_ALONE.fullmatch(_folded(first).strip()):
        second, _, rest = rest.strip().partition("\n")
        first = f"{first.strip()} {second[:1].lower()}{second[1:]}"
    sentence = re.match(r"(.{15,}?[.;!?])\s+(?=\S)", first)
    if sentence:
        return sentence[1].strip(" .;"), f"{first[sentence.end() :]}\n{rest}".strip()
    return first.strip(" .;"), rest.strip()


def _title(head: str, *, dated: bool) -> str:
    """Leave out what stands in lines of its own: the number, the deadline, where to read it."""
    first, *parts = re.split(r"[,;]\s+", _without_symbol(head))
    kept = [first, *(part for part in parts if not _said_elsewhere(_folded(part), dated=dated))]
    title = ", ".join(kept).strip(" ,.;:(–-")
    return (title[:1].upper() + title[1:])[:TITLE_CHARS]


def _said_elsewhere(part: str, *, dated: bool) -> bool:
    return bool((dated and _DEADLINE_ALONE.fullmatch(part)) or _READ_AT.match(part))


def _without_symbol(head: str) -> str:
    """Leave out the number: it stands in front of the title anyway."""
    found = _SYMBOL.search(_folded(head))
    if not found:
        return head
    before = re.sub(r"(?:\b[Ss]ố)?\s*:?\s*$", "", head[: found.start()]).strip()
    after = head[found.end() :].strip(" ,:.–-")
    return " ".join(part for part in (before, after) if part) if after else head


def _deadline(text: str, today: date) -> date | None:
    line = normal_text(join_numbers(tokenise(text), marked=has_marks(text)))
    mentions = find_dates(line, today, "future")
    for cue in _DEADLINE.finditer(line):
        for mention in mentions:
            day = mention.reading.date
            near = 0 <= mention.start - cue.end() <= _NEAR
            if near and day and mention.reading.issue is None and today <= day <= today + FARTHEST:
                return day
    return None


def _read_at(text: str) -> str:
    if address := _ADDRESS.search(text):
        return address.group().rstrip(".,;)")
    if found := _READ_AT.search(_folded(text)):
        return re.split(r"[.\n;]", text[found.end() :], maxsplit=1)[0].strip()[:READ_AT_CHARS]
    return ""
