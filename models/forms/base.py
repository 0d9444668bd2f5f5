"""What a form is: fields with their own words, choices, readers and checks. Declarations only, no storage.

Answers are a flat JSON object; dates are ISO text. A field owns one answer (its id), but what a person types or
presses may fill several ("18/20" fills `present` and `total`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.vietnamese.branch_names import BranchNames

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stock:
    """The members a unit is expected to have: what it stated on `stated_on`, plus `came`, minus `left` since then."""

    official: int
    probationary: int
    exempt: int
    stated_on: date
    stated_total: int
    came: int = 0
    left: int = 0

    @property
    def members(self) -> int:
        """All members."""
        return self.official + self.probationary

    @property
    def required(self) -> int:
        """Those who must attend: the exempt are a part of the members and not in the denominator."""
        return self.members - self.exempt


@dataclass(frozen=True, slots=True)
class Beneath:
    """The branches beneath a committee: their names and sectors by id, and how names are typed.

    unreported: those whose report of the running month is still owed. others: units of other kinds that have a
    secretary or deputy, by kind; their names stand among the rest.
    """

    names: Mapping[int, str]
    sectors: Mapping[int, str]
    typed: BranchNames
    unreported: frozenset[int] = frozenset()
    others: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def branches(self) -> list[int]:
        """The chi bộ, in the order of the list."""
        others = frozenset[int]().union(*self.others.values())
        return [unit_id for unit_id in self.names if unit_id not in others]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before a question is asked, so that it need not be asked.

    existing: for (period, kind) the answers already reported. open_months: the months, oldest first, whose regular
    meeting is still owed. early_window: up to which day of a month a meeting may make up for last month's.
    beneath: the branches a directive may go to, for the committee's office only. quarter: whose figures are due.
    known: quarterly figures by indicator that stand from an earlier quarter of the year. cases: the admission cases
    that are open, by serial, with what each waits for.
    """

    today: date
    unit_name: str = ""
    stock: Stock | None = None
    planned_on: date | None = None
    open_months: tuple[str, ...] = ()
    early_window: int = 10
    existing: Mapping[tuple[str, str], Answers] = field(default_factory=dict)
    beneath: Beneath | None = None
    quarter: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)
    cases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a question: its label and the answers it fills."""

    label: str
    fills: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was read: answers by field id."""

    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in words, at which field ("" for the one asked), and the likely answers as buttons."""

    words: str
    field: str = ""
    choices: tuple[Choice, ...] = ()


Read = Filled | Problem


def _no_choices(_answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return ()


def always(_answers: Answers, _facts: Facts) -> bool:
    """Ask whatever else was answered."""
    return True


def on_request(_answers: Answers, _facts: Facts) -> bool:
    """Never ask; the person may still change it from the summary."""
    return False


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    label names it in the summary and in the list of what can be changed. `asked` tells whether the guided talk asks
    it; `numeric` that a bare number is an answer; `needed` that a report typed in one line must name it too.
    clears: the answers forgotten when it is asked again; rechecked: those of them that `Form.check` holds against
    a new answer, so that they stay where they still agree.
    """

    id: str
    label: str
    question: Callable[[Answers, Facts], str]
    read: Callable[[str, Answers, Facts], Read]
    choices: Callable[[Answers, Facts], tuple[Choice, ...]] = _no_choices
    asked: Callable[[Answers, Facts], bool] = always
    changeable: Callable[[Answers], bool] = lambda _answers: True
    clears: tuple[str, ...] = ()
    rechecked: tuple[str, ...] = ()
    numeric: bool = False
    needed: bool = True

    @property
    def outdates(self) -> tuple[str, ...]:
        """The answers that a new answer to this field puts out of date."""
        return tuple(name for name in self.clears if name not in self.rechecked)


@dataclass(frozen=True, slots=True)
class Form:
    """A form a secretary fills.

    check: what is wrong with the answers so far, or None. period / kind: where the report belongs once complete
    ("" while unknown). single: whether there is one report of that kind and period. lines: the summary, one fact a
    line. headline: the same in one sentence for a receipt. complete: fills in what follows from answers and facts.
    reporters: the roles that fill it, each for its own unit.
    """

    id: str
    version: int
    title: str
    fields: tuple[Field, ...]
    check: Callable[[Answers, Facts], Problem | None]
    period: Callable[[Answers], str]
    kind: Callable[[Answers], str]
    single: Callable[[Answers], bool]
    lines: Callable[[Answers], tuple[str, ...]]
    headline: Callable[[Answers], str]
    complete: Callable[[Answers, Facts], Answers] = lambda answers, _facts: answers
    reporters: tuple[str, ...] = ("secretary", "deputy")
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def field(self, field_id: str) -> Field:
        """Return a field by id. Raises KeyError."""
        for found in self.fields:
            if found.id == field_id:
                return found
        raise KeyError(f"form {self.id} has no field {field_id}")
