"""The words and numbers all figures of the office's own are typed with, and what a line claims of one. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.forms.amounts import read_amount
from models.forms.base import Problem
from models.forms.own_figures import OwnFigure
from models.vietnamese.numbers import read_number

DIGITS = r"\d{1,3}(?:\.\d{3})+|\d+"
WORD = "mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|tram|linh|le|chuc"
NUMBER = rf"(?:(?:{DIGITS})(?![\d%])(?! ?/ ?\d)(?! nam\b)|(?:{WORD})(?: (?:{WORD})){{0,4}})\b"
COUNT, SECOND = rf"(?P<count>{NUMBER})", rf"(?P<second>{NUMBER})"
RATIO = rf"(?P<count>{DIGITS}) ?(?:/|tren) ?(?P<second>{DIGITS})\b(?!%)"
WHO = (
    "da|vua|vua moi|moi|dang uy|dang bo|ban thuong vu|thuong vu|btv|bch|ban chap hanh|van phong|vp|ubkt|uy ban kiem tra"
    "|thuong truc|phuong|xa|toan|cap uy|trong|tong|tong so|tong cong|so|so luong|ket qua|duoc|them|co|cung|bao cao"
)
# Repeated a few times only, and a colon stands in one place only: what may be read in two ways is read in no time.
LEAD = rf"(?:(?:{WHO}):? ){{0,8}}"
MID = r"(?:(?:duoc|them|moi|tong cong|tong so|ca thay|la|xong):? ){0,3}"
CLASS = r"(?:(?:cuoc|to chuc|truong hop|ca|don vi|cai|tam|chiec|dong chi) )?"
PERSON = r"(?:dong chi|dang vien|nguoi|dc|dv)(?: dang vien)?"
GRADE = r"(?: (?:loai )?\d{2} nam(?: tuoi dang)?)?"
SAFE = (
    "ve|cua|cho|tai|trong|chi dao|lanh dao|de|phuc vu|theo|den|o|tren|len|lien quan|thuoc|cac loai|doi voi|nham|toan"
    "|cap|do|khac nhau|nhe|a|roi|xong|moi|cong thong tin|trang"
)
VAGUE = r"(?:khoang|gan|hon|chung|it nhat|xap xi|tren|uoc|vai|may|nhieu)"
JOIN = r"(?:[ ,;/]+(?:voi|va|gom|co|tren|ket nap|moi|thu hut|tai|o|trong|tong so|duoc|trong do|cung)\b){0,4}[ ,;/]+"


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure a line tells: its code and answers, the verb it was said with.

    doubt: "" when clear; "confirm": understood among words that are not; "count": the number is missing or none;
    "which": of the figures in `choices`; "both": inspections and supervisions in one number. typed: what is doubtful.
    """

    code: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    verb: str = ""
    doubt: str = ""
    typed: str = ""
    choices: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def value(typed: str) -> int | None:
    """Return a number typed in digits or words."""
    return int(typed.replace(".", "")) if typed[0].isdigit() else read_number(typed)


def amount(figure: OwnFigure, *numbers: str) -> dict[str, Any] | None:
    """Return the answers that numbers typed in a line give, None where they are no amount of the figure."""
    values = [value(one) for one in numbers]
    if None in values:
        return None
    found = read_amount("/".join(map(str, values)), figure.indicator, least=figure.indicator.kind == "flow")
    return None if isinstance(found, Problem) else dict(found.answers)


def either(words: Iterable[str]) -> str:
    """Return words as alternatives, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=lambda one: (-len(one), one)))
