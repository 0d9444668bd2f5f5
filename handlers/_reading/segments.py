"""Each event of a line read in its own part of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from handlers._reading.attendance import Attendance, read_attendance
from handlers._reading.canvas import Canvas
from handlers._reading.caution import range_issues, share_issues
from handlers._reading.checks import attendance_issues, count_issues, date_issues
from handlers._reading.corrections import is_step, lone_value
from handlers._reading.counts import count_doubts, read_count, split_person
from handlers._reading.days import impossible_day, sort_dates
from handlers._reading.events import Event
from handlers._reading.excuses import REASON, excused_alone, read_excused
from handlers._reading.moments import choose_moment, is_reason
from handlers._reading.people import Name, find_names, in_order, names_after
from handlers._reading.result import Issue, Reading, Slots
from models.vietnamese.branch_names import Mention
from models.vietnamese.lines import Line

_PERSONAL = frozenset(("admission", "official_transfer", "member_transfer_in", "member_transfer_out"))
_MEETING = "meeting_held"
_ABSENCE = re.compile(
    r"\b(?:vang(?: mat)?|nghi|thieu|xin phep|xin nghi|om|khong di duoc|khong den duoc|khong du duoc)\b"
)
_MOVED = re.compile(r"\b(?:hoan(?! thanh)|lui|khat)\b|(?<!quan )\bdoi (?:lich|hop|sang|qua|den)\b")
_BOUNDARY = re.compile(r"[,;\n]|\.(?!\d)|\b(?:va|tien|dong thoi_?|ngoai ra|con|sau do|kem|roi|cung)\b")
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """What all events of a line share."""

    line: Line
    today: date
    mentions: tuple[Mention, ...]
    names: tuple[Name, ...]


def segments(text: str, told: Sequence[Event]) -> list[Part]:
    """Return the part of the line that belongs to each event: cut at the last comma or "và" between them."""
    cuts = [0]
    for before, after in pairwise(told):
        marks = [m.start() for m in _BOUNDARY.finditer(text, before.end, after.start)]
        cuts.append(marks[-1] if marks else after.start)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _part(canvas: Canvas, part: Part) -> Canvas:
    """Return the part of a line in its own place, the rest blank."""
    own = Canvas(canvas.text)
    own.cover(0, part[0], " ")
    own.cover(part[1], len(own.text), " ")
    return own


def read_event(scene: Scene, canvas: Canvas, event: Event, part: Part, base: Reading) -> Reading:
    """Return the reading of one event; names come before dates, because "Mai" may be a person."""
    own = _part(canvas, part)
    names = [n for n in scene.names if part[0] <= _place(scene.line, n)[0] < part[1]]
    for name in names:
        own.cover(*_place(scene.line, name))
    moved, meeting = event.intent == "meeting_postponed", event.intent == _MEETING
    mentions, issues = sort_dates(own, scene.today, ahead=moved, meeting=meeting)
    if moved and (impossible := impossible_day(own)):
        issues.append(impossible)
    if event.intent == "meeting_not_held":
        gone = {m for m in mentions if m.reading.date is not None and m.reading.date <= scene.today}
        mentions = [m for m in mentions if not is_reason(own.text, m.start, event.end, gone=m in gone)]
    moment = choose_moment(mentions, own.text, (event.start, event.end), scene.today, moved=moved)
    if moment.issue and not (moment.stretch and event.intent == "meeting_not_held"):
        issues.append(moment.issue)
    slots = replace(base.slots, date=moment.date)
    issues += date_issues(moment.date, scene.today, moved=moved)
    reading = Reading(event.intent, slots, base.branch, (*base.issues, *issues))
    if meeting:
        return _meeting(scene, own, names, reading)
    return _personal(scene, own, event, names, reading) if event.intent in _PERSONAL else _who_came(own, reading)


def _who_came(own: Canvas, reading: Reading) -> Reading:
    """Add who came for nothing, "chỉ có 7/20 nên không họp": only where both figures are plain."""
    found = read_attendance(own)
    if found.present == 0 and reading.intent == "meeting_not_held":  # a meeting to which nobody came, or none at all
        doubt = Issue("ambiguous_intent", "0", (reading.intent, "meeting_held"))
        return replace(reading, issues=(*reading.issues, doubt))
    plain = found.present is not None and found.total is not None and not found.issues
    return replace(reading, slots=_with_numbers(reading.slots, found)) if plain else reading


def _meeting(scene: Scene, own: Canvas, names: Sequence[Name], reading: Reading) -> Reading:
    found = read_attendance(own)
    told = max(names_after(names, scene.line, _ABSENCE), _missing(scene.line, names, found), key=len)
    absent = tuple(name.text for name in told)
    if found.absent is None and absent:
        found = _absent_by_name(own, found, len(absent))
    issues = [*reading.issues, *found.issues, *attendance_issues(found), *share_issues(scene.line.text)]
    if found.absent is not None and len(absent) > found.absent:
        issues.append(Issue("count_mismatch", str(found.absent), (str(found.absent), str(len(absent)))))
    slots = replace(_with_numbers(reading.slots, found), person_names=absent)
    return replace(reading, slots=slots, issues=tuple(issues))


def _missing(line: Line, names: Sequence[Name], found: Attendance) -> Sequence[Name]:
    """Return the names where each has a reason and as many are missing: "18/20. Cụ Tứ ốm, chị Lan trông cháu"."""
    missing = found.total - found.present if found.present is not None and found.total is not None else found.absent
    if missing != len(names) or not names:
        return ()
    after = (" ".join(token.norm for token in line.tokens[name.last : name.last + 6]) for name in names)
    return names if all(map(REASON.match, after)) else ()


def _absent_by_name(own: Canvas, found: Attendance, number: int) -> Attendance:
    """Read the leave of persons absent by name; their number counts only where nothing else tells it."""
    told = _ABSENCE.search(own.text)
    excused = read_excused(own.text, told.start(), told.start(), number)[1] if told else None
    absent = number if found.present is None and found.total is not None else None
    return replace(found, absent=absent, excused=excused)


def _with_numbers(slots: Slots, found: Attendance) -> Slots:
    """Return the slots with the third number derived where two are said and agree."""
    present, total, absent = found.present, found.total, found.absent
    guessed = any(issue.code in ("vague_number", "unclear_number") for issue in found.issues)
    if not found.exempt and not guessed:
        if absent is None and present is not None and total is not None and 0 <= present <= total:
            absent = total - present
        elif present is None and total is not None and absent is not None and 0 <= absent <= total:
            present = total - absent
    return replace(slots, present=present, total=total, absent=absent, absent_excused=found.excused)


def _personal(scene: Scene, own: Canvas, event: Event, names: Sequence[Name], reading: Reading) -> Reading:
    told = own.text
    count = read_count(own, (event.start, event.end))
    persons = tuple(name.text for name in names)
    issues = (*reading.issues, *count_issues(count, persons))
    listed = len(in_order(scene.line.typed))
    issues = (*issues, *range_issues(told), *count_doubts(told, own.text, known=bool(persons) or count is not None))
    if listed and len(persons) != listed and count in (None, len(persons)):
        issues = (*issues, Issue("count_mismatch", str(listed), (str(listed), str(len(persons)))))
    if split_person(told):
        count = None
    if count is None and persons:
        count = len(persons)
    return replace(reading, slots=replace(reading.slots, count=count, person_names=persons), issues=issues)


def names_outside(line: Line, mentions: Sequence[Mention], topic: Part) -> tuple[Name, ...]:
    """Return the persons a line names, outside branch names and the topic."""
    taken = {index for index, token in enumerate(line.tokens) if any(m.start <= token.start < m.end for m in mentions)}
    taken |= {line.owners[at] for at in range(*topic)}
    return tuple(find_names(line, frozenset(taken)))


def without_names(scene: Scene, text: str) -> str:
    """Return a text of the line with persons covered: "Sao" at its end may be a name, not a question."""
    canvas = Canvas(text)
    for name in scene.names:
        canvas.cover(*_place(scene.line, name))
    return canvas.text


def _place(line: Line, name: Name) -> Part:
    inside = range(name.first, name.last)
    at = [i for i, owner in enumerate(line.owners) if owner in inside and line.text[i] != " "]
    return (at[0], at[-1] + 1) if at else (0, 0)


def read_correction(scene: Scene, canvas: Canvas, base: Reading) -> Reading:
    """Return the new values of a correction; the old ones are covered already."""
    names = scene.names
    right = tuple(name.text for name in names if canvas.text[slice(*_place(scene.line, name))].strip())
    for name in names:
        canvas.cover(*_place(scene.line, name))
    personal = re.search(r"\b(?:ket nap|chinh thuc|chuyen)\b", canvas.text)
    counts = read_count(canvas, personal.span()) if personal else None
    day_only = re.search(r"\bngay\b", scene.line.text) is not None and len(re.findall(r"\d+/\d+", canvas.text)) == 1
    moved = _MOVED.search(canvas.text) is not None
    mentions, issues = sort_dates(canvas, scene.today, ahead=moved, meeting=not day_only)
    moment = choose_moment(mentions, canvas.text, (0, 0), scene.today, moved=False)
    if moment.issue and not moment.stretch:
        issues.append(moment.issue)
    left = canvas.text
    found = read_attendance(canvas)
    if found.excused is None and found.absent is None:
        found = replace(found, excused=excused_alone(canvas.text))
    slots = replace(_with_numbers(base.slots, found), date=moment.date, count=counts, person_names=right)
    alone = None if counts is not None else lone_value(scene.line.text, left, slots)
    issues += [] if alone else [*found.issues, *attendance_issues(found)]
    if is_step(left) and counts is None:
        issues.append(Issue("vague_number", left.strip()))
    return replace(base, slots=alone or slots, issues=(*base.issues, *issues))
