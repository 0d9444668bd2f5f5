"""A typed line on its way to a report: how it reads, for which unit, and its row in the reading log."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers import cards
from handlers.context import Context
from handlers.dialog import Draft
from handlers.permissions import REPORTERS
from handlers.talk import Replies
from handlers.understand import Lexicon, Reading, persons, read
from models import readings
from models.forms.base import Facts
from models.readings import ReadingRow
from models.vietnamese.branch_names import BranchMatch
from models.vietnamese.folding import fold

LINE = "line"  # the source of a report that was typed in one line
SHOWN_TEXT = 80
LINED = ("meeting", "admission", "movement")  # the forms a line typed anywhere may fill


@dataclass(frozen=True, slots=True)
class Line:
    """A typed line, its reading, and the unit and the intent that questions about them were answered with."""

    text: str
    reading: Reading
    unit_id: int | None = None
    meant: str = ""

    @property
    def shown(self) -> str:
        """The line cut to what fits a sentence."""
        return self.text[:SHOWN_TEXT]


@dataclass(slots=True)
class Outcome:
    """What a line led to: the answer, what the log calls it, and the report stored."""

    replies: Replies
    called: str = "answered"
    submission_id: int | None = None


def understand(context: Context, line: str, meant: str = "") -> Reading:
    """Return the reading of a line with the branches and abbreviations as they stand now; `meant` was chosen."""
    words = context.settings.words.words(context.session)
    return read(line, context.today, words.names, words.lexicon, meant)


def answers_of(context: Context, line: str, draft: Draft, facts: Facts | None = None) -> Mapping[str, Any]:
    """Return what a line says of a draft's form, {} when it is doubtful or says something else."""
    if draft.form_id not in LINED:
        return {}
    reading = understand(context, line)
    if reading.needs_confirm:
        return {}
    if reading.intent == "correction":
        return cards.correction(reading, draft.form_id, draft.answers)
    card = cards.card_of(reading, facts)
    if card is None or card.form_id != draft.form_id:
        return {}
    answers = dict(cards.with_asides(card, line).answers)
    if "total" in draft.answers and reading.slots.total is None:
        # The number of those who must attend is known better from this very report than from the record.
        return {**answers, **cards.attendance_again(reading.slots, draft.answers)}
    return answers


def unit_of(context: Context, named: BranchMatch | None) -> int | None:
    """Return the unit a line reports for: its own where none is named or the name fits it, else None."""
    own = context.reports_for(*REPORTERS)
    if named is None:
        return own[0] if len(own) == 1 else None
    fitting = [unit_id for unit_id in own if str(unit_id) in (named.branch_id, *_candidates(named))]
    return fitting[0] if len(fitting) == 1 else None


def _candidates(named: BranchMatch) -> tuple[str, ...]:
    return named.candidates if named.status == "ambiguous" else ()


def log(context: Context, line: str, reading: Reading, outcome: Outcome) -> None:
    """Append a line to the reading log, names of persons masked."""
    slots = {name: getattr(reading.slots, name) for name in ("present", "total", "absent", "absent_excused", "count")}
    said = {"date": reading.slots.date.isoformat() if reading.slots.date else None, **slots}
    readings.record(
        context.session,
        ReadingRow(
            at=context.now,
            account_id=context.who.account_id,
            text=masked(line, persons(line, _lexicon(context))),
            folded="",
            intent=reading.intent,
            slots={name: value for name, value in said.items() if value is not None},
            issues=[issue.code for issue in reading.issues],
            outcome=outcome.called,
            submission_id=outcome.submission_id,
        ),
    )


def masked(line: str, names: Sequence[str]) -> str:
    """Return a line without the names of persons in it, those typed in small or capital letters too."""
    text = unicodedata.normalize("NFC", line)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "…")
    folded = fold(text)
    if len(folded) == len(text):
        for found in reversed(list(_FULL_NAME.finditer(folded))):
            text = f"{text[: found.start()]}…{text[found.end() :]}"
    return text[:500]


# A family name and "văn" or "thị" are a person even where no capital and no title says so.
_FULL_NAME = re.compile(
    r"\b(?:nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|truong|trinh|mai|dao|luong)"
    r"\s+(?:van|thi)\s+(?!van|thi)[a-z]+(?:\s+(?!hom|ngay|vao|va|da|xin|sang|toi|nghi|vang|om|co|chuyen|la)[a-z]+)?"
)


def _lexicon(context: Context) -> Lexicon:
    return context.settings.words.words(context.session).lexicon
