"""A line that tells of no admission but of a step to one, a figure of its own: a proposal, people sent to the class.

"Đề nghị kết nạp 2 quần chúng" must never be stored as an admission, so the reading calls it unknown. Here it opens the
form of its own event, filled with what was said, and is sent only by the person's own «Gửi».
"""

import re
from datetime import date
from typing import Any

from handlers import dialog, fill_form
from handlers.cards import Card
from handlers.context import Context
from handlers.dialog import Draft
from handlers.line_reading import Line, Outcome, unit_of
from handlers.line_reports import card_words
from models import reporting, units
from models.forms import FORMS
from models.messages import Say
from models.vietnamese.dates import find_dates
from models.vietnamese.folding import fold

_STEPS = {
    "de_nghi_ket_nap": re.compile(r"\b(?:de nghi|trinh)(?: (?:xet|dang uy|cap tren|cap uy|len))* ket nap\b"),
    "boi_duong_nhan_thuc": re.compile(
        r"\b(?:cu|gioi thieu)\b.{0,40}\b(?:hoc lop|(?:lop|boi duong)\b.{0,12}\b(?:nhan thuc|cam tinh))"
    ),
}
_NOT_DONE = re.compile(r"\?|\b(?:se|sap|chuan bi|du kien|ke hoach|chua|khong|xin y kien|bao gio|khi nao|the nao)\b")
_COUNT = re.compile(r"\b(?P<count>[1-9]\d?) (?:quan chung|dong chi|d/?c|nguoi|doan vien)\b")


def answer(context: Context, line: Line) -> Outcome | None:
    """Open the form of the step a line tells of, or None when it tells of none or of a plan."""
    text = fold(line.text)
    event = next((name for name, pattern in _STEPS.items() if pattern.search(text)), None)
    unit_id = line.unit_id or unit_of(context, line.reading.branch)
    if event is None or unit_id is None or _NOT_DONE.search(text):
        return None
    facts = reporting.facts_for(context.session, units.get(context.session, unit_id), "admission", context.today)
    card = Card("admission", {"event": event, **_said(text, context.today)})
    context.conversation.serial += 1
    draft = Draft(card.form_id, unit_id, context.conversation.serial)
    step = dialog.fill(FORMS[card.form_id], draft, card.answers, facts)
    understood = Say("line.understood", {"headline": card_words(card)})
    return Outcome(fill_form.put(context, step, before=(understood,)), "asked")


def _said(text: str, today: date) -> dict[str, Any]:
    """Return the count and the day where the line says them, and one of each."""
    found = _COUNT.search(text)
    days = [one.reading.date for one in find_dates(text, today)]
    dated = {"dates": [days[0].isoformat()]} if len(days) == 1 and days[0] and days[0] <= today else {}
    return {**({"count": int(found["count"])} if found else {}), **dated}
