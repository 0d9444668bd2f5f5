"""How well lines are read, judged against what careful people noted beside them."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handlers.understand import Reading, read
from models.vietnamese.branch_names import BranchName, BranchNames
from models.vietnamese.folding import fold

SETS = Path(__file__).parent
NUMBERS = ("present", "total", "absent", "absent_excused", "count")
SLOTS = ("date", *NUMBERS, "person_names", "format", "topic", "branch")
HARMLESS = ("unknown", "help", "ask_status")
RECORDED = frozenset(
    (
        *("meeting_held", "meeting_postponed", "meeting_not_held", "admission", "official_transfer"),
        *("member_transfer_in", "member_transfer_out", "ack_directive", "correction"),
    )
)


@dataclass(frozen=True)
class LabelledSet:
    listed: tuple[BranchName, ...]
    names: BranchNames
    messages: tuple[dict, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one labelled line."""

    message: dict
    reading: Reading
    right_intent: bool
    wrong: tuple[str, ...]

    @property
    def flagged(self):
        return self.reading.needs_confirm

    @property
    def known_problem(self):
        gold = self.message["gold"]
        return bool(gold["issues"]) and gold["intent"] in RECORDED

    @property
    def complete(self):
        gold = self.message["gold"]
        slots = gold["slots"]
        enough = (slots["present"] is not None and slots["total"] is not None) or slots["count"] is not None
        return gold["intent"] in RECORDED and not gold["issues"] and bool(slots["date"]) and enough

    @property
    def exact(self):
        return self.right_intent and not [slot for slot in self.wrong if slot != "branch"]

    @property
    def silent_error(self):
        if self.flagged or self.reading.intent not in RECORDED:
            return False
        filled = [s for s in self.wrong if s not in ("branch", "topic") and _value(self.reading, s) not in (None, [])]
        given = self.reading.branch.branch_id if self.reading.branch else None
        stray = given is not None and given not in self.message["gold"]["branch_ids"]
        return not self.right_intent or bool(filled) or stray


@dataclass(frozen=True)
class Score:
    intent: float
    exact: float
    silent: float
    flags: float
    alarms: float


def load(name):
    """Return the branches and messages of a file of this folder."""
    rows = [json.loads(line) for line in (SETS / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    branches = next(row["rows"] for row in rows if row["type"] == "branches")
    messages = tuple(row for row in rows if row["type"] == "message")
    listed = tuple(BranchName(branch["id"], branch["name"]) for branch in branches)
    return LabelledSet(listed, BranchNames(listed), messages)


def outcomes(labelled):
    """Read every line of a set and judge it."""
    return [_judge(message, labelled.names) for message in labelled.messages]


def score(judged):
    """Return the shares over a set; flags and alarms over the lines they concern."""
    problems = [one for one in judged if one.known_problem]
    complete = [one for one in judged if one.complete]
    return Score(
        intent=_share(judged, lambda one: one.right_intent),
        exact=_share(judged, lambda one: one.exact),
        silent=_share(judged, lambda one: one.silent_error),
        flags=_share(problems, lambda one: one.flagged),
        alarms=_share(complete, lambda one: one.flagged),
    )


def _share(judged, holds):
    return sum(map(holds, judged)) / len(judged) if judged else 0.0


def _judge(message, names):
    reading = read(message["text"], date.fromisoformat(message["reference_date"]), names)
    gold, accept = message["gold"], message["accept"]
    right = reading.intent in (gold["intent"], *accept.get("intent", ()))
    if gold["intent"] in ("unknown", "help") and reading.intent in HARMLESS:
        return Outcome(message, reading, right, ())
    wrong = tuple(slot for slot in SLOTS if not _right(slot, reading, gold, accept.get(slot, ())))
    return Outcome(message, reading, right, wrong)


def _value(reading, slot):
    value = getattr(reading.slots, slot)
    if slot == "date":
        return value.isoformat() if value else None
    return list(value) if slot == "person_names" else value


def _right(slot, reading, gold, accepted):
    value, wanted = _value(reading, slot), [gold["slots"][slot], *accepted]
    if slot in NUMBERS:
        return value in wanted or (wanted[0] is None and value == _derived(slot, gold["slots"]))
    if slot == "person_names":
        return any(sorted(map(fold, value)) == sorted(map(fold, names or [])) for names in wanted)
    given = reading.branch.branch_id if reading.branch else None
    if slot == "branch" and value is not None and given is not None and given == gold["branch_id"]:
        return True
    if slot in ("topic", "branch"):
        return any(_alike(value, one) for one in wanted)
    return value in wanted


def _derived(slot, slots):
    present, total, absent = slots["present"], slots["total"], slots["absent"]
    pairs = {"present": (total, absent, -1), "absent": (total, present, -1), "total": (present, absent, 1)}
    if slot not in pairs or None in pairs[slot][:2]:
        return None
    first, second, sign = pairs[slot]
    return first + sign * second if first + sign * second >= 0 else None


def _alike(value, wanted):
    """Same words but for "chi bộ", or three quarters of them."""
    if not value or not wanted:
        return not value and not wanted
    mine, theirs = (set(re.findall(r"\w+", re.sub(r"^(chi bo|cb)\b", "", fold(text)))) for text in (value, wanted))
    shared = len(mine & theirs)
    return mine == theirs or 2 * shared >= 1.5 * (len(mine) + len(theirs)) / 2 or theirs <= mine
