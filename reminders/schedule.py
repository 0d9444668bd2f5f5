"""The moments of an obligation's steps, whoever is told: counted, moved out of quiet hours, dropped. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.clock import at, local, local_date
from models.periods import month_of, next_month
from models.rule_book import RuleBook, Upcoming
from models.sending_hours import SendingHours
from reminders.rule import Owed, Rule, Step, by_what

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a rule at one of its offsets. raw: as counted; at: when it is due, out of quiet hours and Tết."""

    rule_id: str
    step: Step
    number: int
    raw: datetime
    at: datetime

    @property
    def step_id(self) -> str:
        """The step's part of a notice's unique key."""
        return self.step.id(self.number)


class Schedules:
    """The moments of obligations by the values of one day; obligations with equal days share one computation."""

    def __init__(self, rules: Iterable[Rule], book: RuleBook, day: date) -> None:
        self._rules = by_what(rule for rule in rules if rule.active(book, day))
        self._book, self._day = book, day
        self._hours = book.sending_hours(day)
        self._known: dict[tuple[object, ...], tuple[Moment, ...]] = {}

    @property
    def hours(self) -> SendingHours:
        """When messages may go out."""
        return self._hours

    def of(self, owed: Owed) -> tuple[Moment, ...]:
        """Return the moments of every active rule about an obligation, in order."""
        rules = [rule for rule in self._rules.get(owed.what, ()) if not rule.unless(owed)]
        key = (owed.opens_on, owed.planned_on, owed.due_on, *(rule.id for rule in rules))
        if key not in self._known:
            found = (moment for rule in rules for moment in self._of_rule(rule, owed))
            self._known[key] = tuple(sorted(found, key=lambda moment: moment.at))
        return self._known[key]

    def _of_rule(self, rule: Rule, owed: Owed) -> Iterator[Moment]:
        counted = sorted(self._counted(rule, owed), key=lambda one: one[2])
        for place, (step, number, raw) in enumerate(counted):
            moved = self._hours.next_allowed(raw)
            following = counted[place + 1][2] if place + 1 < len(counted) else None
            if moved != raw and following is not None and following <= moved:
                continue
            yield Moment(rule.id, step, number, raw, moved)

    def _counted(self, rule: Rule, owed: Owed) -> Iterator[tuple[Step, int, datetime]]:
        for step in rule.steps:
            for number in self._book.numbers(step.offsets, self._day):
                day = self._day_of(step, number, owed)
                if day is not None:
                    clock = self._book.time(step.hour, self._day)
                    yield step, number, at(day, clock.hour, clock.minute)

    def _day_of(self, step: Step, number: int, owed: Owed) -> date | None:
        anchor = {"opens": owed.opens_on, "planned": owed.planned_on, "due": owed.due_on}[step.anchor]
        if anchor is None:
            return None
        signed = -number if step.before else number
        match step.unit:
            case "working_days":
                return self._hours.calendar.add_working_days(anchor, signed)
            case "months":
                return _months_after(anchor, signed)
            case "day_of_month":
                return month_of(anchor).day(number)
            case "percent":
                return owed.opens_on + (owed.due_on - owed.opens_on) * number // 100
        return anchor + timedelta(days=signed)


def _months_after(day: date, count: int) -> date:
    """Return the same day `count` months later, clamped to that month."""
    ordinal = day.year * 12 + day.month - 1 + count
    first = date(ordinal // 12, ordinal % 12 + 1, 1)
    return min(date(first.year, first.month, 1) + timedelta(days=day.day - 1), month_of(first).last)


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the local hour a moment lies in."""
    return local(moment).replace(minute=0, second=0, microsecond=0)


def upcoming(
    rules: Iterable[Rule], owed: Iterable[tuple[Owed, int]], book: RuleBook, after: datetime, limit: int
) -> tuple[Upcoming, ...]:
    """Return the next moments of open obligations (each standing for so many) by the values in force, soonest first."""
    schedules = Schedules(rules, book, local_date(after))
    counted: dict[tuple[datetime, str, str], int] = {}
    for one, many in owed:
        if not one.settled and not one.silent:
            for moment in schedules.of(one):
                if moment.at > max(after, one.created_at):
                    key = (moment.at, moment.rule_id, moment.step_id)
                    counted[key] = counted.get(key, 0) + many
    return tuple(Upcoming(*key, count) for key, count in sorted(counted.items())[:limit])


def first_of_next_month(moment: datetime) -> datetime:
    """Return the local midnight at which the next month begins."""
    return at(next_month(month_of(local_date(moment))).first)


People = Mapping[int, Mapping[str, tuple[int, ...]]]


def audience(moment: Moment, unit_id: int, people: People, book: RuleBook, day: date) -> tuple[int, ...]:
    """Return the accounts a step tells: its own audience, else the rung of the ladder; nobody beyond the last rung."""
    roles = moment.step.audience or book.words(f"ladder.{moment.step.days_late(moment.number)}", day)
    here = people.get(unit_id, {})
    return tuple(dict.fromkeys(account for role in roles for account in here.get(role, ())))
