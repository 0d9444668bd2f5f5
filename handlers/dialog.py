"""One conversation for every form: what is answered, what is asked next, what is wrong. Pure.

A draft is a value; `advance` and its siblings return the next one with the question to put. Where the talk stands
follows from the form's declared fields and the answers, never from a numbered state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models.forms.base import Answers, Choice, Facts, Field, Form, Problem

SUMMARY = ""  # the draft's field when everything is answered


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-filled form.

    serial tells drafts of one conversation apart, step the questions of one draft: a button carries both, so that an
    old one never answers today's question. offered: the choices as they were shown. sources: the native id of the
    message each field was answered by. replaces: the submission being corrected. brief: typed in one line,
    so that only what a report cannot do without is asked. touched: when it was last worked on, as ISO text.
    """

    form_id: str
    unit_id: int
    serial: int
    step: int = 0
    answers: Mapping[str, Any] = field(default_factory=dict)
    asking: str = SUMMARY
    offered: tuple[Choice, ...] = ()
    replaces: int | None = None
    brief: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    touched: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object the conversation stores."""
        values = {name: getattr(self, name) for name in self.__slots__}
        offered = [{"label": choice.label, "fills": dict(choice.fills)} for choice in self.offered]
        return {**values, "answers": dict(self.answers), "sources": dict(self.sources), "offered": offered}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Draft":
        """Return the draft that `to_json` stored."""
        return cls(**{**stored, "offered": tuple(Choice(**choice) for choice in stored["offered"])})


@dataclass(frozen=True, slots=True)
class Step:
    """What to say next: a problem in words (or ""), and a question ("" when the form is complete)."""

    draft: Draft
    question: str = ""
    problem: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything is answered and the summary is due."""
        return not self.question


def begin(form: Form, draft: Draft, facts: Facts) -> Step:
    """Start or resume a draft: ask the first question not answered yet."""
    return _next(form, replace(draft, answers={**form.defaults, **draft.answers}), facts)


def advance(form: Form, draft: Draft, text: str, facts: Facts, message_id: str = "") -> Step:
    """Take a typed answer to the open question."""
    asked = form.field(draft.asking)
    read = asked.read(text, draft.answers, facts)
    if isinstance(read, Problem):
        return _ask_again(form, draft, read, facts)
    return _fill(form, _heard(draft, asked.id, message_id), read.answers, facts)


def _heard(draft: Draft, field_id: str, message_id: str) -> Draft:
    """Note which message answered a field, so that the message may be edited later."""
    return replace(draft, sources={**draft.sources, field_id: message_id}) if message_id and field_id else draft


def pick(form: Form, draft: Draft, number: int, facts: Facts, message_id: str = "") -> Step:
    """Take the choice of a number, from 0, as it was offered. Raises IndexError."""
    return _fill(form, _heard(draft, draft.asking, message_id), draft.offered[number].fills, facts)


def fill(form: Form, draft: Draft, answers: Answers, facts: Facts) -> Step:
    """Take several answers at once, as a line typed anywhere names them."""
    return _fill(form, draft, answers, facts)


def change(form: Form, draft: Draft, field_id: str, facts: Facts, choices: tuple[Choice, ...] = ()) -> Step:
    """Ask one field again, with its own choices or these; what follows from it is forgotten. Raises KeyError."""
    chosen = form.field(field_id)
    forgotten = {chosen.id, *chosen.clears}
    answers = {name: value for name, value in draft.answers.items() if name not in forgotten}
    return _ask(replace(draft, answers=answers), chosen, facts, choices)


def offer(form: Form, draft: Draft, field_id: str, facts: Facts, choices: tuple[Choice, ...]) -> Step:
    """Ask one field with these choices; until it is answered everything stays as it was. Raises KeyError."""
    return _ask(draft, form.field(field_id), facts, choices)


def changeable(form: Form, draft: Draft) -> tuple[Field, ...]:
    """Return the fields a person may change, given what the report is."""
    return tuple(found for found in form.fields if found.changeable(draft.answers))


def _fill(form: Form, draft: Draft, answers: Answers, facts: Facts) -> Step:
    filled = replace(draft, answers={**_still_true(form, draft.answers, answers), **answers})
    problem = form.check(filled.answers, facts)
    if problem is None:
        return _next(form, filled, facts)
    # What cannot be true is not kept; everything else is.
    wrong = form.field(problem.field or draft.asking)
    kept = {name: value for name, value in filled.answers.items() if name not in {wrong.id, *wrong.clears}}
    if wrong.id in draft.answers and wrong.id not in answers and _rechecked(form, wrong.id):
        # An earlier answer no longer agrees with what is said now: it is asked anew.
        return _fill(form, replace(filled, answers=kept), {}, facts)
    return _ask_again(form, replace(filled, answers=kept, asking=wrong.id), problem, facts)


def _rechecked(form: Form, field_id: str) -> bool:
    return any(field_id in found.rechecked for found in form.fields)


def _still_true(form: Form, before: Answers, answers: Answers) -> Answers:
    """Return the earlier answers that new ones do not put out of date."""
    changed = [found for found in form.fields if found.id in answers and before.get(found.id) != answers[found.id]]
    outdated = {name for found in changed for name in found.outdates if name not in answers}
    return {name: value for name, value in before.items() if name not in outdated}


def _next(form: Form, draft: Draft, facts: Facts) -> Step:
    for candidate in form.fields:
        skipped = draft.brief and not candidate.needed
        if candidate.id not in draft.answers and not skipped and candidate.asked(draft.answers, facts):
            return _ask(draft, candidate, facts)
    answers = form.complete(draft.answers, facts)
    return Step(replace(draft, answers=answers, asking=SUMMARY, offered=(), step=draft.step + 1))


def _ask(draft: Draft, asked: Field, facts: Facts, choices: tuple[Choice, ...] = ()) -> Step:
    offered = choices or asked.choices(draft.answers, facts)
    asking = replace(draft, asking=asked.id, offered=offered, step=draft.step + 1)
    return Step(asking, asked.question(draft.answers, facts))


def _ask_again(form: Form, draft: Draft, problem: Problem, facts: Facts) -> Step:
    return replace(_ask(draft, form.field(draft.asking), facts, problem.choices), problem=problem.words)
