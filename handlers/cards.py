"""From what a line says to the answers of a form, and from a doubt to the one question that settles it. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from handlers import additions
from handlers.understand import Issue, Reading, Slots
from models.forms.base import Choice, Facts
from models.forms.words import ATTENDED, DAY, full_date
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_fraction

MEETINGS = {"meeting_held": "held", "meeting_postponed": "postponed", "meeting_not_held": "not_held"}
EVENTS = {
    "admission": ("admission", "ket_nap"),
    "official_transfer": ("admission", "chinh_thuc"),
    "member_transfer_in": ("movement", "chuyen_den"),
    "member_transfer_out": ("movement", "chuyen_di"),
}
REPORTED = (*MEETINGS, *EVENTS)  # the intents that fill a form

DATE_ISSUES = ("invalid_date", "future_date", "old_date", "past_date", "vague_date", "ambiguous_date", "unclear_date")
COUNT_ISSUES = (
    "present_gt_total",
    "sum_mismatch",
    "excused_gt_absent",
    "negative_number",
    "implausible_number",
    "unclear_number",
    "vague_number",
    "count_mismatch",
)


@dataclass(frozen=True, slots=True)
class Card:
    """One event of a line: the form it belongs to and what the line answers of it."""

    form_id: str
    answers: Mapping[str, Any] = field(default_factory=dict)


def card_of(reading: Reading, facts: Facts | None = None) -> Card | None:
    """Return the card of a recordable reading, doubtful answers left out; None for any other intent."""
    if reading.intent in MEETINGS:
        return Card("meeting", _without_doubt(_meeting(reading, facts), reading))
    if reading.intent in EVENTS:
        form_id, event = EVENTS[reading.intent]
        return Card(form_id, _without_doubt(_event(reading.slots, event), reading))
    return None


def _meeting(reading: Reading, facts: Facts | None) -> dict[str, Any]:
    slots, outcome = reading.slots, MEETINGS[reading.intent]
    answers: dict[str, Any] = {"outcome": outcome}
    if slots.date is not None and outcome != "not_held":
        answers["held_on" if outcome == "held" else "new_on"] = slots.date.isoformat()
    if slots.date is not None and outcome == "not_held":
        answers["month"] = slots.date.isoformat()[:7]
    if outcome == "held":
        answers.update(_attendance(slots, facts), **_aside(slots))
    return answers


def _attendance(slots: Slots, facts: Facts | None) -> dict[str, Any]:
    total = slots.total
    if total is None and slots.present is not None and slots.absent is not None:
        total = slots.present + slots.absent
    if total is None and facts is not None and facts.stock is not None:
        total = facts.stock.required
    present = slots.present
    if present is None and slots.absent is not None and total is not None:
        present = total - slots.absent
    answers: dict[str, Any] = {}
    if present is not None and total is not None:
        answers |= {"present": present, "total": total}
    if slots.absent_excused is not None:
        answers["absent_excused"] = slots.absent_excused
    return answers


def _aside(slots: Slots) -> dict[str, Any]:
    answers: dict[str, Any] = {"format": slots.format} if slots.format else {}
    if slots.topic:
        answers |= {"kind": "thematic", "topic": slots.topic}
    return answers


def _event(slots: Slots, event: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"event": event}
    count = slots.count if slots.count is not None else len(slots.person_names) or None
    if count is not None:
        answers["count"] = count
    if slots.date is not None:
        answers["dates"] = [slots.date.isoformat()]
    return answers


_DATES = ("held_on", "new_on", "month", "dates")
_COUNTS = ("present", "total", "absent_excused", "count")


def with_asides(card: Card, line: str) -> Card:
    """Return a meeting's card with what the line says besides: its kind, whether it is posted to the official app."""
    if card.form_id != "meeting" or card.answers.get("outcome") != "held":
        return card
    asides = {"kind": _kind(fold(line)), "posted": additions.posted(line)}
    return Card(card.form_id, {**card.answers, **{name: said for name, said in asides.items() if said is not None}})


def _kind(said: str) -> str | None:
    """Return thematic or extraordinary where a folded line says so, None for a regular meeting."""
    if _REGULAR.search(said):
        return None
    return next((kind for kind, words in _KINDS.items() if words.search(said)), None)


_REGULAR = re.compile(r"\b(?:thuong ky|dinh ky|hang thang|thuong le)\b")
_KINDS = {
    "extraordinary": re.compile(r"\b(?:dot xuat|bat thuong)\b"),
    "thematic": re.compile(r"(?<!nghi quyet )(?<!bao cao )\b(?:chuyen de|shcd)\b"),
}


def _without_doubt(answers: dict[str, Any], reading: Reading) -> dict[str, Any]:
    codes = {issue.code for issue in reading.issues}
    doubtful: set[str] = set()
    if codes & set(DATE_ISSUES) or "ambiguous_fraction" in codes:
        doubtful |= set(_DATES)
    if codes & set(COUNT_ISSUES) or "ambiguous_fraction" in codes:
        doubtful |= set(_COUNTS)
    return {name: value for name, value in answers.items() if name not in doubtful}


def doubtful_field(issue: Issue, card: Card) -> str:
    """Return the field of the card's form that a doubt is about, "" for none of them."""
    if issue.code in DATE_ISSUES:
        held = card.answers.get("outcome") == "held"
        return ("held_on" if held else "new_on") if card.form_id == "meeting" else "dates"
    if issue.code in COUNT_ISSUES:
        return "present" if card.form_id == "meeting" else "count"
    return "held_on" if issue.code == "ambiguous_fraction" else ""


def likely_answers(issue: Issue, field_id: str, facts: Facts) -> tuple[Choice, ...]:
    """Return the readings of a doubt as choices, () where the field's own choices serve."""
    if issue.code == "ambiguous_fraction":
        return _fraction_readings(issue, facts)
    if issue.code not in DATE_ISSUES or len(issue.options) < 2:
        return ()
    days = [date.fromisoformat(option) for option in issue.options if _is_iso(option)]
    return tuple(
        Choice(full_date(day), _dated(field_id, day)) for day in days if day <= facts.today or field_id == "new_on"
    )


def _dated(field_id: str, day: date) -> dict[str, Any]:
    return {field_id: [day.isoformat()]} if field_id == "dates" else {field_id: day.isoformat()}


def as_typed(issue: Issue, line: str) -> str:
    """Return what a doubt is about as the person wrote it: the place in the line if it is found, else the line."""
    text = unicodedata.normalize("NFC", line).strip()
    folded, wanted = fold(text), fold(issue.typed)
    start = folded.find(wanted) if len(folded) == len(text) else -1
    if wanted and start >= 0:
        return text[start : start + len(wanted)]
    if _is_iso(issue.typed):
        return full_date(date.fromisoformat(issue.typed))
    return text


def _fraction_readings(issue: Issue, facts: Facts) -> tuple[Choice, ...]:
    fraction = read_fraction(issue.typed)
    if fraction is None:
        return ()
    choices = [Choice(f"{ATTENDED} {fraction[0]}/{fraction[1]}", {"present": fraction[0], "total": fraction[1]})]
    try:
        day = date(facts.today.year, fraction[1], fraction[0])
    except ValueError:
        return tuple(choices)
    day = day if day <= facts.today else day.replace(year=day.year - 1)
    return (Choice(f"{DAY} {full_date(day)}", {"held_on": day.isoformat()}), *choices)


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def correction(reading: Reading, form_id: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers a correction replaces, as the form of the report names them; before: the report's answers."""
    slots = reading.slots
    day = slots.date.isoformat() if slots.date else None
    if form_id == "meeting":
        when = {"held_on": day} if day else {}
        return {**attendance_again(slots, before), **when, **_aside(slots)}
    persons = slots.count if slots.count is not None else slots.present  # "nhầm, 1 đồng chí thôi" names no event
    counted = {"count": persons} if persons is not None else {}
    return {**counted, **({"dates": [day]} if day else {})}


def attendance_again(slots: Slots, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the corrected attendance; of the total only what the line leaves unsaid is taken from before."""
    total = slots.total if slots.total is not None else before.get("total")
    named = {"present": slots.present, "total": slots.total, "absent_excused": slots.absent_excused}
    if slots.present is None and slots.absent is not None and total is not None:
        named["present"] = total - slots.absent
    return {name: value for name, value in named.items() if value is not None}
