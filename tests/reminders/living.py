"""Lives a life told to the oracle through the real tables and ticks, and returns what was sent in the same terms."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import select

from models import duties, obligations, people, rules, units
from models.clock import local
from models.notices import Notice
from models.obligations import Obligation
from models.periods import parse_period
from tests.reminders.life import Item, Life, Rules, Sent
from tests.reminders.world import World

Event = tuple[datetime, Callable[[], None]]
EVER = date(2000, 1, 1)


class Living:
    """One run of a life. looks: moments at which it ticks without need, left out while it is down."""

    def __init__(self, life: Life, values: Rules | None = None, looks: Sequence[datetime] = ()) -> None:
        self.life = life
        self.looks = [look for look in looks if not any(begin <= look <= end for begin, end in life.outages)]
        self.world = World(0, life.begin.strftime("%Y-%m-%d %H:%M"))
        self.ids: dict[str, int] = {}
        self.founded = {branch.founded for branch in life.branches if branch.founded}
        if values:
            self._revise(values)
        for branch in life.branches:
            if branch.founded is None:
                self._found(branch)

    def run(self) -> list[Sent]:
        """Live it; outages swallow the events within them until their end."""
        self.world.tick()
        for moment, happen in sorted(self._events(), key=lambda one: one[0]):
            self._pass(moment)
            happen()
            if moment in self.founded and not any(begin <= moment < end for begin, end in self.life.outages):
                self.world.tick(moment)
        self._pass(self.life.end)
        return self.sent()

    def _pass(self, moment: datetime) -> None:
        """Let time pass; nothing ticks in an outage, and everything missed is ticked at its end."""
        for begin, end in self.life.outages:
            if self.world.now < begin <= moment:
                self.world.until(begin - timedelta(seconds=1))
                self.world.now = begin
            if begin <= self.world.now < end:
                if moment < end:
                    self.world.now = moment
                    return
                self.world.tick(end)
        self.world.until(moment)
        self.world.tick()  # as the program does every minute: what happens now moves no step of an hour gone by

    def _events(self) -> list[Event]:
        events: list[Event] = []
        for branch in self.life.branches:
            if branch.founded:
                events.append((branch.founded, lambda branch=branch: self._found(branch)))
            if branch.dissolved_known:
                events.append((branch.dissolved_known, lambda branch=branch: self._dissolve(branch)))
            for since, who in branch.secretaries[1:]:
                events.append((since, lambda branch=branch, who=who: self._appoint(who, branch.name, "secretary")))
        for key, moment in self.life.reports.items():
            events.append((moment, lambda key=key: self._report(*key)))
        for key, (told, new_on) in self.life.moves.items():
            events.append((told, lambda key=key, new_on=new_on: self._move(*key, new_on)))
        events.extend((look, lambda look=look: self.world.tick(look)) for look in self.looks)
        return [event for event in events if self.life.begin < event[0] <= self.life.end]

    def _found(self, branch) -> None:
        with self.world.session() as session:
            founded = branch.founded.date() if branch.founded else EVER
            unit = units.put(
                session, branch.name, name=branch.name, kind="chi_bo", meeting_day=branch.day, valid_from=founded
            )
            self.ids[branch.name] = units.unit_id(unit)
            units.set_parent(session, units.unit_id(unit), self.world.root, EVER)
            for first, last in branch.paused:
                units.set_pause(session, units.unit_id(unit), first, last)
        for role, who in (
            ("secretary", branch.secretaries[0][1]),
            ("deputy", branch.deputy),
            ("assigned", branch.assigned),
        ):
            self._appoint(who, branch.name, role)

    def _appoint(self, who: str, branch: str, role: str) -> None:
        with self.world.session() as session:
            self.world.appoint(session, who, self.ids[branch], role)

    def _dissolve(self, branch) -> None:
        with self.world.session() as session:
            units.put(session, branch.name, valid_to=branch.dissolved)
            if not any(begin <= self.world.now < end for begin, end in self.life.outages):
                duties.ensure(session, self.world.now)

    def _report(self, branch: str, what: str, period: str) -> None:
        with self.world.session() as session:
            row = obligations.find(session, self.ids.get(branch, 0), what, period)
            if row and row.status == "open":
                obligations.fulfil(row, None, local(self.world.now).date(), self.world.now)

    def _move(self, branch: str, period: str, new_on: date) -> None:
        with self.world.session() as session:
            row = obligations.find(session, self.ids.get(branch, 0), "meeting", period)
            if row and row.status == "open":
                duties.meeting_postponed(session, row, parse_period(period), new_on)

    def _revise(self, values: Rules) -> None:
        changes = {
            "meeting.remind_before": _list(values.before),
            "meeting.remind_after": _list(values.after),
            "thematic.remind_on": _list(values.thematic),
            "figures.remind_before": _list(values.figures),
            "remind.morning": f"{values.morning:02d}:00",
            "remind.evening": f"{values.evening:02d}:00",
            "remind.quiet_from": f"{values.quiet[0]:02d}:00",
            "remind.quiet_to": f"{values.quiet[1]:02d}:00",
            "remind.cap_a_day": str(values.cap),
        }
        with self.world.session() as session:
            for code, value in changes.items():
                rules.revise(session, code, value, EVER, "test", self.world.now)

    def sent(self) -> list[Sent]:
        """Everything reminders told, in the oracle's terms."""
        with self.world.session() as session:
            names = dict(session.exec(select(people.Account.id, people.Account.label)).all())
            codes = dict(session.exec(select(units.Unit.id, units.Unit.code)).all())
            owed = {row.id: row for row in session.exec(select(Obligation))}
            carried: dict[int, set[Item]] = {}
            for notice in session.exec(select(Notice)):
                row = owed[notice.obligation_id]
                item = (codes[row.unit_id], row.what, row.period, step_name(notice.step), notice.late)
                carried.setdefault(notice.outbox_id, set()).add(item)
        return [
            (local(row.finished_at).replace(minute=0, second=0), names[row.account_id], frozenset(carried[row.id]))
            for row in self.world.sent
            if row.kind == "reminder"
        ]


def step_name(step: str) -> str:
    """The oracle's name of a step."""
    name, _, number = step.partition("@")[0].partition(":")
    return {"before": f"-{number}", "day": "day", "late": f"+{number}", "month": f"on{number}"}[name]


def _list(numbers: tuple[int, ...]) -> str:
    return " ".join(str(number) for number in numbers)


def difference(expected: list[Sent], found: list[Sent]) -> list[str]:
    """The first messages only one of the two has, in words."""
    missing, extra = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    lines = [(when, f"missing {when:%d/%m/%Y %H}h {who}: {sorted(what)}") for when, who, what in missing]
    lines += [(when, f"extra   {when:%d/%m/%Y %H}h {who}: {sorted(what)}") for when, who, what in extra]
    return [line for _, line in sorted(lines)][:12]
