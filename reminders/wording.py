"""From notices to one message: the rule's own words, one line an obligation, and the buttons that answer it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.messages import Button, Message, Rows, Say, button, verbatim
from reminders.rule import Owed, Step
from reminders.rules.period_words import period_words

BUTTONS_FOR = 4  # obligations that get buttons of their own; beyond it a line says what to type


@dataclass(frozen=True, slots=True)
class Line:
    """What one message says of one obligation: the words of its last step.

    today: the day it is said. reports: whether its reader reports for the unit, and can answer by a button.
    """

    owed: Owed
    step: Step
    unit_name: str
    today: date
    late: bool = False
    reports: bool = True

    @property
    def words(self) -> Say:
        """The sentence, marked where it comes late."""
        days = max((self.today - self.owed.due_on).days, 0)
        planned = self.owed.planned_on or self.owed.due_on
        words = self.step.words if self.reports else self.step.above or self.step.words
        said = words.format(
            unit=self.unit_name,
            period=period_words(self.owed.period) if "{period}" in words else self.owed.period,
            title=self.owed.title,
            planned=day_month(planned),
            due=day_month(self.owed.due_on),
            days=days,
        )
        return Say("reminders.late", {"line": verbatim(said)}) if self.late else verbatim(said)


def day_month(day: date) -> str:
    """Return a date as day/month."""
    return f"{day.day}/{day.month}"


def last_lines(lines: Iterable[Line]) -> list[Line]:
    """Return one line an obligation, that of its last step, in the order the obligations come."""
    found: dict[int, Line] = {}
    for line in lines:
        found[line.owed.id] = line
    return list(found.values())


def message(lines: Sequence[Line]) -> Message:
    """Return what a person is told in one hour."""
    if len(lines) == 1:
        return Message((lines[0].words,), _rows(lines))
    head = Say("reminders.several", {"count": len(lines)})
    said = tuple(Say("reminders.item", {"line": line.words}) for line in lines)
    return Message((head, *said), _rows(lines))


def _rows(lines: Sequence[Line]) -> Rows:
    asked = [line for line in lines if line.step.asks and line.reports][:BUTTONS_FOR]
    names = len({line.owed.unit_id for line in asked}) > 1
    rows: list[tuple[Button, ...]] = []
    seen: set[str] = set()
    for line in asked:
        offered = (_button(line, ask, named=names) for ask in line.step.asks)
        row = tuple(one for one in offered if one.action not in seen)
        seen.update(one.action for one in row)
        rows.extend([row] if row and not names else [(one,) for one in row])
    return tuple(rows)


def _button(line: Line, ask: str, *, named: bool) -> Button:
    label = Say(f"reminders.button.{ask}")
    if named:
        label = Say("reminders.button.of_unit", {"label": label, "unit": line.unit_name})
    verb, *args = _ACTIONS[ask](line)
    return button(label, str(verb), *args)


def _ready(line: Line) -> tuple[str | int, ...]:
    held_on = line.owed.planned_on or line.owed.due_on
    return ("ready", line.owed.unit_id, line.owed.period, held_on.isoformat())


def _meeting(line: Line) -> tuple[str | int, ...]:
    return ("begin", "meeting", line.owed.unit_id)


def _quarterly(line: Line) -> tuple[str | int, ...]:
    return ("begin", "quarterly", line.owed.unit_id)


def _of_directive(verb: str) -> Callable[[Line], tuple[str | int, ...]]:
    # A directive's obligations are kept under "D12" in place of a period.
    return lambda line: (verb, line.owed.period.removeprefix("D"), line.owed.unit_id)


_ACTIONS: Mapping[str, Callable[[Line], tuple[str | int, ...]]] = {
    "ready": _ready,
    "meeting": _meeting,
    "quarterly": _quarterly,
    "acknowledge": _of_directive("d_ack"),
    "done": _of_directive("d_done"),
    "report": _of_directive("d_report"),
}
