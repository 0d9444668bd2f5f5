"""The monthly meeting of a branch (sinh hoạt chi bộ): held, postponed or not held; attendance as counts only.

Facts: Điều lệ Đảng 24.2 (once a month); required attendants = official + probationary - exempt; at least one thematic
meeting a quarter besides the regular one (42-HD/BTCTW).
"""

import re
from collections.abc import Mapping
from typing import Any

from models.forms import meeting_attendance as attendance
from models.forms import meeting_summary as summary
from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Read, on_request
from models.forms.meeting_answers import FORMATS, KINDS, held, kind_of
from models.forms.meeting_attendance import EXCUSED, MEMBERS, PRESENT
from models.forms.meeting_when import HELD_ON, MONTH, NEW_ON, REASON
from models.forms.words import one_of
from models.vietnamese.folding import fold


def _ask_posted(_answers: Answers, _facts: Facts) -> str:
    return "Buổi họp đã đăng lên Sổ tay đảng viên điện tử chưa?"


_POSTED = (Choice("Đã đăng", {"posted": True}), Choice("Chưa đăng", {"posted": False}))


def _read_posted(text: str, _answers: Answers, _facts: Facts) -> Read:
    words = " ".join(re.findall(r"\w+", fold(text)))
    if re.fullmatch(rf"(?:{_AROUND} )*(?:chua|khong|ko|chua (?:duoc )?(?:dang|len|co))(?: {_AROUND})*", words):
        return Filled({"posted": False})
    if re.fullmatch(
        rf"(?:{_AROUND} )*(?:roi|da|co|xong|(?:da (?:duoc )?)?(?:dang|len|up|cap nhat))(?: {_AROUND})*", words
    ):
        return Filled({"posted": True})
    return one_of("posted", _POSTED)


# What stands around "đã đăng" in a whole sentence: "vâng, tôi đã đăng lên sổ tay đảng viên điện tử rồi đồng chí ạ".
_AROUND = (
    r"(?:vang|da|thua|bao cao|toi|em|chi bo|buoi hop|duoc|len|vao|tren|so tay(?: dang vien)?(?: dien tu)?|app|roi|xong"
    r"|dong chi|a|nhe|nha|het|day|nua)"
)


def _ask_topic(_answers: Answers, _facts: Facts) -> str:
    return "Chuyên đề gì? Đồng chí gõ tên chuyên đề."


def _read_topic(text: str, _answers: Answers, _facts: Facts) -> Read:
    return Filled({"topic": " ".join(text.split())[:200]})


_KIND_CHOICES = tuple(Choice(words.capitalize(), {"kind": kind}) for kind, words in KINDS.items())
_FORMAT_CHOICES = tuple(Choice(words.capitalize(), {"format": kind}) for kind, words in FORMATS.items())


def _topic_asked(answers: Answers, _facts: Facts) -> bool:
    return held(answers) and kind_of(answers) == "thematic"


def _fixed(field_id: str, choices: tuple[Choice, ...]) -> Mapping[str, Any]:
    return {
        "choices": lambda _answers, _facts: choices,
        "read": lambda _text, _answers, _facts: one_of(field_id, choices),
    }


TOPIC = Field(
    "topic",
    "Chuyên đề",
    _ask_topic,
    _read_topic,
    asked=_topic_asked,
    changeable=lambda answers: kind_of(answers) == "thematic",
    needed=False,
)
POSTED = Field(
    "posted",
    "Sổ tay đảng viên",
    _ask_posted,
    _read_posted,
    lambda _answers, _facts: _POSTED,
    asked=held,
    changeable=held,
    needed=False,
)
KIND = Field(
    "kind",
    "Loại buổi họp",
    lambda _answers, _facts: "Buổi họp này thuộc loại nào?",
    asked=on_request,
    changeable=held,
    clears=("topic",),
    **_fixed("kind", _KIND_CHOICES),
)
FORMAT = Field(
    "format",
    "Hình thức",
    lambda _answers, _facts: "Họp theo hình thức nào?",
    asked=on_request,
    changeable=held,
    **_fixed("format", _FORMAT_CHOICES),
)

MEETING = Form(
    id="meeting",
    version=1,
    title="Báo cáo sinh hoạt chi bộ",
    defaults={"outcome": "held", "kind": "regular", "format": "in_person"},
    fields=(HELD_ON, NEW_ON, MONTH, REASON, TOPIC, PRESENT, MEMBERS, EXCUSED, POSTED, KIND, FORMAT),
    check=attendance.check,
    period=summary.period,
    kind=kind_of,
    single=summary.single,
    lines=summary.lines,
    headline=summary.headline,
    complete=summary.complete,
)
