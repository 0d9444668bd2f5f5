"""The committee's own figures typed by its office ("đã ban hành 8 văn bản"): stored at once, answered by a receipt.

Two numbers as they are said ("thành lập 12 công đoàn với 1.608 đoàn viên", "3 chi bộ làm điểm 3 mô hình") or written
("công đoàn 12/1608"), and grades ("xếp loại tổ chức đảng 31/121/7").
"""

import re
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
    said = read_figure(line)
    if not own or said is None:
        return None
    context.conversation.serial += 1
    draft = Draft(FORM, own[0], context.conversation.serial, brief=True)
    facts = reporting.facts_for(context.session, units.get(context.session, own[0]), FORM, context.today)
    dated = {**said, "dates": [context.today.isoformat()]}
    return send_or_ask(context, dialog.fill(FORMS[FORM], draft, dated, facts))


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
    said = re.fullmatch(rf"{DONE} (?:duoc )?{_COUNT} {re.escape(phrase)}", text)
    return _amount(figure, said["count"]) if said else None


def _several(figure: OwnFigure, phrase: str, text: str) -> dict[str, Any] | None:
    """Read "<phrase> 12/1608", "đã thành lập 12 <phrase> với 1608 đoàn viên" and grades."""
    said = re.fullmatch(rf"(?:{DONE} )?(?:duoc )?{re.escape(phrase)}(?: la)?:? {_NUMBERS}", text)
    if said:
        return _amount(figure, said["numbers"])
    if not has_two(figure.indicator):
        return None
    second = fold(two_units(figure.indicator)[1])
    words = (
        rf"{DONE} (?:duoc )?(?P<first>{_NUMBER}) {re.escape(phrase)},? ?(?:voi |gom |tren |va )?(?P<second>{_NUMBER})"
    )
    said = re.fullmatch(rf"{words}(?: (?:{re.escape(second)}|moi))?", text)
    if said is None:
        said = re.fullmatch(rf"{DONE} (?P<first>{_NUMBER})/(?P<second>{_NUMBER}) {re.escape(phrase)}", text)
    return _amount(figure, f"{said['first']}/{said['second']}") if said else None


def _amount(figure: OwnFigure, numbers: str) -> dict[str, Any] | None:
    read = read_amount(numbers, figure.indicator, least=1 if figure.indicator.kind == "flow" else 0)
    return None if isinstance(read, Problem) else dict(read.answers)
