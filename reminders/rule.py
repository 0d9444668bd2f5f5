"""What a reminder rule is: which obligation, at which moments, to whom, unless what, in which words. Pure.

A rule holds no number: its offsets and hours are codes of dated rule values, so that a committee changes them without
a new version of the program.
"""

import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from models.rule_book import RuleBook

Anchor = Literal["opens", "planned", "due"]
Unit = Literal["days", "working_days", "months", "day_of_month", "percent"]

ANCHORS: tuple[Anchor, ...] = ("opens", "planned", "due")
UNITS: tuple[Unit, ...] = ("days", "working_days", "months", "day_of_month", "percent")
PLACEHOLDERS = frozenset({"unit", "title", "period", "planned", "due", "days"})
# The buttons a message may carry: see reminders/wording.py.
ASKS = ("ready", "meeting", "quarterly", "acknowledge", "done", "report")


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as the planner sees it.

    settled: its status is not "open". silent: its unit hears nothing now. title: what it is called (a directive).
    """

    id: int
    unit_id: int
    what: str
    period: str
    opens_on: date
    planned_on: date | None
    due_on: date
    created_at: datetime
    settled: bool = False
    silent: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Moments of a rule at equal offsets in kind: one for each number of the rule value `offsets`.

    anchor: the obligation's day they are counted from. unit: what is counted; day_of_month is that day of the
    anchor's month, clamped; percent the share of the time from opening to due. before: counted backwards. hour: the
    code of the local time. words: one sentence with {unit}, {title}, {period}, {planned}, {due} and {days}
    (late). asks: the answers offered as buttons. above: what is said instead to somebody who does not
    report for the unit, without buttons. An `audience` replaces the ladder.
    """

    name: str
    anchor: Anchor
    offsets: str
    hour: str
    words: str
    unit: Unit = "days"
    before: bool = False
    asks: tuple[str, ...] = ()
    above: str = ""
    audience: tuple[str, ...] = ()

    def id(self, number: int) -> str:
        """Return the step's name with one of its offsets: the part of a notice's unique key."""
        return f"{self.name}:{number}"

    def days_late(self, number: int) -> int:
        """Return how many days after the due day an offset lies by its declaration: the rung of the ladder."""
        return number if self.anchor == "due" and self.unit == "days" and not self.before else 0


def never(_owed: Owed) -> bool:
    """Let no obligation pass but the settled ones."""
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about obligations of one kind (`what`); `unless` silences it beside a settled obligation.

    nudge: the words when the office asks for a reminder at once.
    """

    id: str
    what: str
    steps: tuple[Step, ...]
    nudge: str = ""
    unless: Callable[[Owed], bool] = never

    def active(self, book: RuleBook, day: date) -> bool:
        """Return whether the rule is not paused on a day; a rule without a value of its own always is active."""
        code = active_code(self.id)
        return code not in book.values or book.yes(code, day)


def active_code(rule_id: str) -> str:
    """Return the code of the rule value that pauses and resumes a rule."""
    return f"rule.{rule_id}"


class RuleError(ValueError):
    """A declaration that cannot work; the text names the rule, the step and what is wrong."""


def check(rules: Iterable[Rule], book: RuleBook, day: date) -> None:
    """Refuse rules that cannot work with the values of a day. Raises RuleError naming the culprit."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"two rules are called {rule.id!r}")
        seen.add(rule.id)
        _check_rule(rule, book, day)


def _check_rule(rule: Rule, book: RuleBook, day: date) -> None:
    names = [step.name for step in rule.steps]
    if not names:
        raise RuleError(f"rule {rule.id}: no step")
    for name in names:
        if names.count(name) > 1 or ":" in name:
            raise RuleError(f"rule {rule.id}: step name {name!r} stands twice or holds a colon")
    for step in rule.steps:
        try:
            _check_words(rule.nudge or step.words)
            _check_step(step, book, day)
        except (LookupError, ValueError) as error:
            raise RuleError(f"rule {rule.id}, step {step.name}: {error}") from error


def _check_step(step: Step, book: RuleBook, day: date) -> None:
    if step.anchor not in ANCHORS or step.unit not in UNITS:
        raise ValueError(f"unknown anchor {step.anchor!r} or unit {step.unit!r}")
    if unknown := set(step.asks) - set(ASKS):
        raise ValueError(f"unknown button {min(unknown)!r}")
    book.numbers(step.offsets, day)
    book.time(step.hour, day)
    _check_words(step.words)
    _check_words(step.above or step.words)


def _check_words(words: str) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    if not words or not fields <= PLACEHOLDERS:
        raise ValueError(f"words with unknown placeholders: {sorted(fields - PLACEHOLDERS)}")


def by_what(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules by the kind of obligation they are about."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        found[rule.what] = (*found.get(rule.what, ()), rule)
    return found
