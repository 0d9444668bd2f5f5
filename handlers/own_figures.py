"""The committee's own figures typed by its office ("đã ban hành 8 văn bản"): stored at once, answered by a receipt.

Two numbers as they are said ("thành lập 12 công đoàn với 1.608 đoàn viên", "3 chi bộ làm điểm 3 mô hình") or written
("công đoàn 12/1608"), and grades ("xếp loại tổ chức đảng 31/121/7").
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import dialog
from handlers.context import Context
from handlers.dialog import Draft
from handlers.send_report import send_or_ask
from handlers.talk import Replies
from models import reporting, units
from models.forms import FORMS
from models.forms.amounts import has_two, read_amount, two_units
from models.forms.base import Problem
from models.forms.own_figures import OwnFigure, own_figures
from models.vietnamese.dates import find_dates
from models.vietnamese.folding import fold

FORM = "own_figures"
_VERBS = (
    "ban hanh|trien khai|dang|viet|thanh lap(?: moi)?|kien toan|to chuc|tien hanh|trao|trao tang|cap(?: moi)?"
    "|doi(?: lai)?|hoan thanh|chon|co|lam diem|ket nap moi"
)
DONE = rf"(?:da |vua )?(?:{_VERBS})"
_NUMBER = r"\d{1,3}(?:\.\d{3})+|\d+"
_COUNT = rf"(?P<count>{_NUMBER}|(?:\w+ ){{0,2}}?\w+)"
_NUMBERS = r"(?P<numbers>\d[\d./;, ]*(?:(?:[a-z]+ )+\d[\d./;, ]*)*)"


def answer(context: Context, line: str) -> Replies | None:
    """Store a figure an officer typed, dated today, or None when the line is no such figure."""
    own = context.who.units("officer")
    told, day = _dated(line, context.today)
    said = [read_figure(part) for part in _parts(told)]
    if not own or None in said:
        return None
    return [reply for figure in said if figure for reply in _store(context, own[0], figure, day)]


def _store(context: Context, unit_id: int, said: Mapping[str, Any], day: date) -> Replies:
    context.conversation.serial += 1
    draft = Draft(FORM, unit_id, context.conversation.serial, brief=True)
    facts = reporting.facts_for(context.session, units.get(context.session, unit_id), FORM, context.today)
    dated = {**said, "dates": [day.isoformat()]}
    return send_or_ask(context, dialog.fill(FORMS[FORM], draft, dated, facts))


def _dated(line: str, today: date) -> tuple[str, date]:
    """Return the line without the day it names in words ("hôm qua", "ngày 1/3"), and that day, else today."""
    text = " ".join(fold(line).split())
    days = [m for m in find_dates(text, today) if m.reading.date and text[m.start].isalpha()]
    if len(days) != 1 or days[0].reading.date is None or days[0].reading.date > today:
        return text, today
    return f"{text[: days[0].start].rstrip(' ,')} {text[days[0].end :].lstrip(' ,')}".strip(), days[0].reading.date


def _parts(text: str) -> list[str]:
    """Return the figures of a line apart: "ban hành 12 văn bản và kiểm tra 2 cuộc"."""
    if read_figure(text):
        return [text]
    parts = re.split(r",\s+|\s+va\s+", text)
    return parts if all(map(read_figure, parts)) else [text]


def read_figure(line: str) -> dict[str, Any] | None:
    """Return the answers a line gives (event, count, of, parts), or None; a plan or a question is none."""
    text = " ".join(fold(line).split()).strip(" .!")
    for figure in own_figures().values():
        for phrase in figure.typed:
            found = _single(figure, phrase, text) if figure.indicator.kind == "flow" else _several(figure, phrase, text)
            if found:
                return {"event": figure.code, **found}
    return None


def _single(figure: OwnFigure, phrase: str, text: str) -> dict[str, Any] | None:
    verb, _, noun = phrase.rpartition(">")
    done = rf"(?:da |vua )?{verb}(?: moi| lai)?" if verb else DONE
    said = re.fullmatch(rf"{done} (?:duoc )?{_COUNT} {re.escape(noun)}", text) or re.fullmatch(
        rf"(?:da |vua )?(?:tien hanh |to chuc )?{re.escape(noun)} (?:duoc )?(?P<count>{_NUMBER}) {fold(figure.unit)}",
        text,
    )
    return _amount(figure, said["count"]) if said else None


def _several(figure: OwnFigure, phrase: str, text: str) -> dict[str, Any] | None:
    """Read "<phrase> 12/1608", "đã thành lập 12 <phrase> với 1608 đoàn viên" and grades."""
    said = re.fullmatch(rf"(?:{DONE} )?(?:duoc )?{re.escape(phrase)}(?: la)?:? {_NUMBERS}", text)
    if said:
        return _amount(figure, said["numbers"])
    if not has_two(figure.indicator):
        return None
    second = fold(two_units(figure.indicator)[1])
    first = rf"(?:{DONE} )?(?:duoc )?(?P<first>{_NUMBER}) {re.escape(phrase)}"
    words = rf"{first},? ?(?:voi |gom |tren |va )?(?P<second>{_NUMBER})"
    said = re.fullmatch(rf"{words}(?: (?:{re.escape(second)}|moi))?", text)
    if said is None:
        said = re.fullmatch(rf"{DONE} (?P<first>{_NUMBER})/(?P<second>{_NUMBER}) {re.escape(phrase)}", text)
    return _amount(figure, f"{said['first']}/{said['second']}") if said else None


def _amount(figure: OwnFigure, numbers: str) -> dict[str, Any] | None:
    read = read_amount(numbers, figure.indicator, least=1 if figure.indicator.kind == "flow" else 0)
    return None if isinstance(read, Problem) else dict(read.answers)
