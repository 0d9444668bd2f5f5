"""One typed line of Vietnamese -> what it reports, with every doubt named."""

import re
from dataclasses import dataclass, replace
from datetime import date

from handlers._reading.branches import (
    branch_issue,
    cover_branches,
    find_branches,
    match_of,
    name_branches,
    outside_documents,
    outside_topic,
    reporting,
    several,
)
from handlers._reading.canvas import Canvas
from handlers._reading.caution import garbled_issues, hearsay_issues, moved_issues
from handlers._reading.corrections import cover_old_values, cover_slips
from handlers._reading.decision import RECORDED, Decision, chosen, decide, reconsider
from handlers._reading.intents import trips
from handlers._reading.people import find_names
from handlers._reading.protected import Documents, protect
from handlers._reading.result import Issue, Reading, Slots
from handlers._reading.second_reader import opinion
from handlers._reading.segments import (
    Scene,
    names_outside,
    read_correction,
    read_event,
    segments,
    without_names,
)
from handlers._reading.topics import read_format, read_topic
from models.vietnamese.branch_names import BranchNames, Mention
from models.vietnamese.lexicon import Lexicon, load_lexicon
from models.vietnamese.lines import Line, normal_line

__all__ = ["Issue", "Lexicon", "Reading", "Slots", "as_told", "load_lexicon", "persons", "read"]

_MOVES = ("member_transfer_in", "member_transfer_out")


def read(
    text: str,
    today: date,
    names: BranchNames | None = None,
    lexicon: Lexicon | None = None,
    meant: str = "",
) -> Reading:
    """Return what a line reports; `needs_confirm` means it must not be stored without a question.

    `today` is the local date of sending (Asia/Ho_Chi_Minh). Numbers, dates and names are only ever
    taken from unambiguous words; what is doubtful is an issue. Any text is answered, none is run.
    `meant`: the intent its writer chose when asked.
    """
    heard = _hear(text, today, names, lexicon or load_lexicon())
    line = heard.scene.line
    decision = decide(heard.told, heard.canvas.text, today)
    if meant:
        return _answer(heard, chosen(decision, meant))
    decision = reconsider(decision, opinion(heard.told), heard.told)
    if decision.events and trips(line.text, "mass_body") and not _says_branch(line.text):
        body = Issue("ambiguous_intent", line.typed, (decision.intent, "unknown"))
        decision = replace(decision, issues=(*decision.issues, body))
    return _answer(heard, decision)


def as_told(text: str, names: BranchNames | None = None) -> str:
    """Return a line as its intent is decided on: normalised, branches "@b", documents "@doc", persons and topic "#"."""
    return _hear(text, date.min, names, load_lexicon()).told


@dataclass(frozen=True, slots=True)
class _Heard:
    """A line with its parts told apart: `told` is what the intent is decided on, `canvas` what is left to be read."""

    scene: Scene
    canvas: Canvas
    documents: Documents
    topic: str | None
    told: str


def _hear(text: str, today: date, names: BranchNames | None, lexicon: Lexicon) -> _Heard:
    line = normal_line(text, lexicon)
    mentions = find_branches(line, names)
    canvas = Canvas(line.text)
    cover_branches(line, canvas, [m for m in mentions if m.match.status == "match"])
    documents = protect(line, canvas)
    mentions = outside_documents(line, mentions, documents.text)
    topic, topic_span = read_topic(line, canvas.text)
    mentions = outside_topic(line, mentions, topic_span)
    canvas.cover(*topic_span)
    cover_branches(line, canvas, mentions)
    scene = Scene(line, today, mentions, names_outside(line, mentions, topic_span))
    told = without_names(scene, _without_topic(documents.text, topic_span))
    return _Heard(scene, canvas, documents, topic, name_branches(line, told, mentions))


def persons(text: str, lexicon: Lexicon | None = None) -> tuple[str, ...]:
    """Return the persons a line names, verbatim, whatever the line is about: a log masks them."""
    return tuple(name.text for name in find_names(normal_line(text, lexicon or load_lexicon()), frozenset()))


def _says_branch(text: str) -> bool:
    return re.search(r"\b(?:chi bo|dang)\b", text) is not None


def _without_topic(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + "#" * (span[1] - span[0]) + text[span[1] :]


def _answer(heard: _Heard, decision: Decision) -> Reading:
    scene, canvas, intent = heard.scene, heard.canvas, decision.intent
    mention = reporting(scene.line, scene.mentions, intent)
    base = Reading(intent, Slots(branch=_typed(scene.line, mention)), match_of(mention), decision.issues)
    if intent == "correction":
        cover_old_values(canvas)
        base = read_correction(scene, canvas, base)
        base = replace(base, slots=replace(base.slots, format=read_format(canvas.text)))
    elif decision.events:
        cover_slips(canvas)
        base = _events(scene, canvas, decision, base)
    elif intent == "ack_directive":
        base = replace(base, slots=replace(base.slots, doc_ref=heard.documents.first))
    if intent == "meeting_held":
        slots = replace(base.slots, topic=heard.topic, format=read_format(canvas.text))
        base = replace(base, slots=slots)
    return _finished(base, mention, heard)


def _typed(line: Line, mention: Mention | None) -> str | None:
    return line.typed[mention.start : mention.end] if mention else None


def _events(scene: Scene, canvas: Canvas, decision: Decision, base: Reading) -> Reading:
    """Read each event in its own part of the line; the first one is the intent."""
    parts = segments(canvas.text, decision.events)
    readings = [
        read_event(scene, canvas, event, part, base) for event, part in zip(decision.events, parts, strict=True)
    ]
    first, *others = readings
    if not others:
        return first
    bare = first.intent == "meeting_held" and first.slots.present is None and first.slots.total is None
    if first.slots.date is None or bare:
        first = _whole(scene, canvas, decision, first, base)
    count = next((r.slots.count for r in readings if r.slots.count is not None), None)
    issues = (*first.issues, Issue("multi_event", scene.line.typed, tuple(r.intent for r in readings)))
    return replace(first, slots=replace(first.slots, count=count), issues=issues, others=tuple(others))


def _whole(scene: Scene, canvas: Canvas, decision: Decision, first: Reading, base: Reading) -> Reading:
    """Return the first event read from the whole line where its own part names no day."""
    whole = read_event(scene, canvas, decision.events[0], (0, len(canvas.text)), base)
    if first.intent != "meeting_held":
        return replace(first, slots=replace(first.slots, date=whole.slots.date))
    return whole


def _finished(reading: Reading, mention: Mention | None, heard: _Heard) -> Reading:
    """Add the doubts about the branch and settle whether a question is due."""
    scene, issues = heard.scene, list(reading.issues)
    if reading.intent in RECORDED:
        issues += [] if issues else hearsay_issues(scene.line.text, reading.intent)
        if reading.intent == "meeting_held":
            issues += [*moved_issues(scene.line, reading.slots), *garbled_issues(scene.line)]
        doubt = branch_issue(mention, reading.slots.branch or "")
        issues += [doubt] if doubt else []
        if reading.intent not in _MOVES and several(scene.line, scene.mentions) and not reading.others:
            issues.append(Issue("multi_event", scene.line.typed))
    return replace(reading, issues=tuple(issues), needs_confirm=bool(issues))
