"""What the rules of reminding expect, found naively hour by hour: the planner's judge, sharing no code with it.

A life is told in plain values. The oracle walks through every full hour of it, looks at every branch and duty, and asks
of each step: is this its moment? It keeps what was told, what waits, and who got how much on which day.
"""

from datetime import date, datetime

from tests.reminders.life import DAY, HOUR, TET, Branch, Days, Item, Life, Rules, Sent, clamp, midnight


class Oracle:
    """Walks through a life; `sent` is what everybody must have got."""

    def __init__(self, life: Life, rules: Rules | None = None) -> None:
        self.life, self.rules = life, rules or Rules()
        self.told: set[tuple[str, str, str, str, str, Days]] = set()  # a postponed meeting is another one
        self.waiting: dict[tuple[datetime, str], dict[Item, Days]] = {}
        self.used: dict[tuple[str, date], set[datetime]] = {}
        self.sent: list[Sent] = []
        # Days and hours do not change while a life is walked through: found once for each duty, they are remembered.
        self.known_steps: dict[tuple[str, date | None, date], list[tuple[datetime, str]]] = {}

    def run(self) -> list[Sent]:
        """Walk from the beginning to the end."""
        hour = self.life.begin.replace(minute=0)
        missed: list[datetime] = []
        while hour <= self.life.end:
            back = next((end for begin, end in self.life.outages if begin <= hour < end), None)
            if back is not None:
                missed.append(hour)
                if back.replace(minute=0) == hour:
                    self.come_back(back, missed)
                    missed = []
            elif hour > self.life.begin and self.anything_can_be_due(hour):
                self.plan(hour, [(hour, False)])
                self.deliver(hour)
            hour += HOUR
        return self.sent

    def anything_can_be_due(self, hour: datetime) -> bool:
        """The hours steps have, the end of the night, and whatever waits."""
        r = self.rules
        return hour.hour in (r.morning, r.evening, r.quiet[1]) or any(at <= hour for at, _ in self.waiting)

    def come_back(self, now: datetime, missed: list[datetime]) -> None:
        """After an outage: everything missed at once, what is over an hour old as late."""
        self.plan(now, [(hour, now - hour > HOUR) for hour in missed])
        self.deliver(now)

    # Which steps are there ------------------------------------------------------------------------------------------

    def duties(self, branch: Branch, now: datetime) -> list[tuple[str, str, date | None, date]]:
        """(duty, period, planned, due) of everything that may be reminded of around now."""
        found = []
        for ahead in range(-2, 3):
            number = now.year * 12 + now.month - 1 + ahead
            year, month = number // 12, number % 12 + 1
            found.append(self.meeting(branch, year, month, now))
            if month % 3 == 0:
                last = clamp(year, month, 31)
                found.append(("thematic", f"{year}-Q{month // 3}", None, last))
                due = date(year, month, 15)
                while due.weekday() >= 5:
                    due += DAY
                names = {3: f"{year}-Q1", 6: f"{year}-H1", 9: f"{year}-9M", 12: f"{year}"}
                found.append(("figures", names[month], None, due))
        for year in (now.year, now.year + 1):
            for quarter, (day, month) in enumerate(((3, 2), (19, 5), (2, 9), (7, 11)), start=1):
                awarded = date(year, month, day)
                found.append(("badges", f"{year}-Q{quarter}", awarded, awarded - 45 * DAY))
        return [one for one in found if self.owes(branch, one, now)]

    def meeting(self, branch: Branch, year: int, month: int, now: datetime) -> tuple[str, str, date | None, date]:
        """The monthly meeting, on its day or where its secretary has moved it by now."""
        period = f"{year}-{month:02d}"
        planned = clamp(year, month, branch.day)
        moved = self.life.moves.get((branch.name, period))
        if moved and moved[0] <= now:
            planned = moved[1]
        return "meeting", period, planned, min(planned + 2 * DAY, date(year, month, 25))

    def owes(self, branch: Branch, duty: tuple[str, str, date | None, date], now: datetime) -> bool:
        """Whether a branch is expected, as far as is known now."""
        what, _, planned, due = duty
        days = {"meeting": [planned], "thematic": [due.replace(day=1), due], "figures": [due], "badges": [due]}[what]
        known = branch.dissolved_known is not None and branch.dissolved_known <= now
        for day in days:
            if day is None or (branch.founded and day < branch.founded.date()):
                return False
            if known and branch.dissolved and day > branch.dissolved:
                return False
            if any(first <= day <= last for first, last in branch.paused):
                return False
        # What was due before the bot began, or the branch was there, was never created; but this month's meeting was.
        start = self.known_since(branch).date()
        return due >= start or (what == "meeting" and (due.year, due.month) >= (start.year, start.month))

    def known_since(self, branch: Branch) -> datetime:
        """When the bot learnt of a branch: one founded while the bot was down begins when it is back."""
        founded = branch.founded or self.life.begin
        return next((back for down, back in self.life.outages if down <= founded < back), founded)

    def raw_steps(self, duty: tuple[str, str, date | None, date], now: datetime) -> list[tuple[datetime, str]]:
        """Every step of a duty with the moment it is counted for, in order."""
        what, _, planned, due = duty
        r = self.rules
        days: list[tuple[date, int, str]] = []
        if what == "meeting" and planned:
            days += [(planned - n * DAY, r.morning, f"-{n}") for n in r.before]
            days += [(planned, r.evening, "day")]
            days += [(due + n * DAY, r.morning, f"+{n}") for n in r.after]
        elif what == "thematic":
            days += [(clamp(due.year, due.month, n), r.morning, f"on{n}") for n in r.thematic]
        elif what == "figures":
            days += [(due - n * DAY, r.morning, f"-{n}") for n in r.figures]
            days += [(due + DAY, r.morning, "+1")]
        elif what == "badges" and planned:
            days += [(planned - 90 * DAY, r.morning, "-90")]
        moments = [(midnight(day, now) + clock * HOUR, name) for day, clock, name in days]
        return sorted(
            moments, key=lambda one: one[0]
        )  # of two at one moment the one counted from the later day is next

    def steps(self, duty: tuple[str, str, date | None, date], now: datetime) -> list[tuple[datetime, str]]:
        """The steps with the moment they go out: moved out of night and Tết, dropped if the next is due by then."""
        known = (duty[0], *duty[2:])
        if known not in self.known_steps:
            self.known_steps[known] = self.moved_steps(self.raw_steps(duty, now))
        return self.known_steps[known]

    def moved_steps(self, raw: list[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
        """The steps of a duty, moved or dropped."""
        kept = []
        for place, (moment, name) in enumerate(raw):
            moved = self.allowed_from(moment)
            overtaken = moved != moment and place + 1 < len(raw) and raw[place + 1][0] <= moved
            if not overtaken:
                kept.append((moved, name))
        return kept

    def allowed_from(self, moment: datetime) -> datetime:
        """Walk on until it is neither night nor Tết: the next morning, if it is not allowed at once."""
        if not self.silent_hour(moment):
            return moment
        moment = moment.replace(minute=0)
        while self.silent_hour(moment) or moment.hour != self.rules.quiet[1]:
            moment += HOUR
        return moment

    def silent_hour(self, moment: datetime) -> bool:
        """Night or Tết."""
        begin, end = self.rules.quiet
        return moment.date() in TET or moment.hour >= begin or moment.hour < end

    def who(self, branch: Branch, name: str, now: datetime) -> list[str]:
        """The ladder: up to the due day the secretary, +1 the deputy too, +2 the assigned member, then the digest."""
        secretary = [who for since, who in branch.secretaries if since <= now][-1:]
        if not name.startswith("+"):
            return secretary
        return {1: [*secretary, branch.deputy], 2: [branch.assigned]}.get(int(name[1:]), [])

    # Planning and delivering ----------------------------------------------------------------------------------------

    def settled(self, branch: Branch, duty: tuple[str, str, date | None, date], now: datetime) -> bool:
        """Reported by now, and not before the bot knew of the branch."""
        reported = self.life.reports.get((branch.name, duty[0], duty[1]))
        return reported is not None and self.known_since(branch) < reported <= now

    def hushed(self, branch: Branch, now: datetime) -> bool:
        """Paused today, or not there."""
        today = now.date()
        gone = (
            branch.dissolved_known and branch.dissolved_known <= now and branch.dissolved and today > branch.dissolved
        )
        early = branch.founded is not None and now < branch.founded
        return bool(gone) or early or any(first <= today <= last for first, last in branch.paused)

    def plan(self, now: datetime, hours: list[tuple[datetime, bool]]) -> None:
        """Find what is due in the hours given (an outage has many), and give every message its hour and day."""
        due: dict[tuple[datetime, str], list[tuple[Item, Days, list[datetime]]]] = {}
        late_of = dict(hours)
        for branch in self.life.branches:
            for duty in self.duties(branch, now):
                if self.settled(branch, duty, now) or self.hushed(branch, now):
                    continue
                for who, item, send_at, later in self.due_of(branch, duty, now, late_of):
                    due.setdefault((send_at, who), []).append((item, duty[2:], later))
        for (send_at, who), items in sorted(due.items(), key=lambda one: one[0]):
            self.place(send_at, who, items, now)

    def due_of(self, branch, duty, now, late_of):
        """(whom, what, when it is sent, when later steps tell the same person) of one duty."""
        steps = self.steps(duty, now)
        for moment, name in steps:
            if moment not in late_of or moment <= self.known_since(branch):
                continue
            late = late_of[moment]
            old = late or moment.replace(minute=0) < now.replace(minute=0)
            send_at = self.allowed_from(now) if old else moment
            for who in self.who(branch, name, now):
                later = [at for at, other in steps if at > moment and who in self.who(branch, other, now)]
                key = (branch.name, duty[0], duty[1], name, who, duty[2:])
                if key in self.told or (late and any(at <= send_at for at in later)):
                    continue
                yield who, (branch.name, duty[0], duty[1], name, late), send_at, later

    def place(self, send_at: datetime, who: str, items: list[tuple[Item, Days, list[datetime]]], now: datetime) -> None:
        """One message an hour, so many a day; the rest a day later unless overtaken."""
        wanted = send_at
        while True:
            hour = send_at.replace(minute=0)
            if (hour, who) in self.waiting:
                break
            used = self.used.setdefault((who, hour.date()), set())
            if hour in used:
                send_at = self.allowed_from(hour + HOUR)
            elif len(used) >= self.rules.cap:
                send_at = self.allowed_from(send_at + DAY)
            else:
                break
        on_time = send_at == wanted
        kept = {item: days for item, days, later in items if on_time or not any(at <= send_at for at in later)}
        if kept:
            hour = send_at.replace(minute=0)
            self.waiting.setdefault((hour, who), {}).update(kept)
            self.used.setdefault((who, hour.date()), set()).add(hour)
            self.told.update((*item[:4], who, days) for item, days in kept.items())

    def deliver(self, now: datetime) -> None:
        """Send what waits for this hour or an earlier one, as far as it is still true."""
        for hour, who in sorted(self.waiting):
            if hour > now:
                continue
            items = self.waiting.pop((hour, who))
            true = {item: days for item, days in items.items() if self.still_true(item, days, who, now)}
            self.told -= {(*item[:4], who, days) for item, days in items.items() if item not in true}
            if not true:
                self.used[who, hour.date()].discard(hour)
            elif self.silent_hour(now):
                self.put_off(hour, who, true, now)
            else:
                self.sent.append((now.replace(minute=0), who, frozenset(true)))

    def put_off(self, hour: datetime, who: str, items: dict[Item, Days], now: datetime) -> None:
        """Left over from an outage that ended at night: the morning."""
        self.used[who, hour.date()].discard(hour)
        later = self.allowed_from(now)
        self.waiting.setdefault((later, who), {}).update(items)
        self.used.setdefault((who, later.date()), set()).add(later)

    def still_true(self, item: Item, days: Days, who: str, now: datetime) -> bool:
        """Still open, still on the same days, still heard, and still that person's business."""
        branch = next(one for one in self.life.branches if one.name == item[0])
        duty = next((one for one in self.duties(branch, now) if one[:2] == item[1:3]), None)
        if duty is None or days != duty[2:] or self.settled(branch, duty, now):
            return False
        posts = {*self.who(branch, "day", now), branch.deputy, branch.assigned}
        return who in posts and not self.hushed(branch, now)
