"""How many messages a month makes: from the units, the posts and the rules, before anybody has written a word.

Assumed, because it cannot be known: until its meeting a branch hears every step; half of them then report unasked, and
of those that are asked one in `SLOW` waits for the next step. Every directive is acknowledged, by one in `SLOW` only
when it is reminded. Half of the branches ask or look something up once. The office works on the page, whose messages
are not numbered.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil

from sqlmodel import Session, select

from models import rules, terms, units
from models.clock import local_date
from models.directives import ACK
from models.periods import Period, month_of, next_month, previous_month, quarter_after, quarter_of
from models.rule_book import RuleBook
from models.units import Unit, UnitPause
from reminders import facts
from reminders.rule import Owed
from reminders.rules import RULES
from reminders.schedule import Moment, People, Schedules, audience, hour_of

SLOW = 5
HALF = Fraction(1, 2)
OFFICE = ("officer", "admin")
DIRECTIVE_DAYS = 7  # from a directive's sending to the day it is due

_BEGINNING = datetime.min.replace(tzinfo=UTC)  # nothing here was created too late
Share = Fraction  # of the branches that hear a step
Message = tuple[int, datetime]  # the account and the hour: what falls into it is one message


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a month makes. people: everyone with a post but the office; worst: if nobody wrote before the last step."""

    branches: int
    people: int
    receipts: int
    reminders: int
    directives: int
    questions: int
    worst_reminders: int

    @property
    def total(self) -> int:
        """Return how many messages leave as things usually go."""
        return self.receipts + self.reminders + self.directives + self.questions

    @property
    def worst(self) -> int:
        """Return how many leave where everybody waits for the last reminder."""
        return self.total - self.reminders + self.worst_reminders


def of_month(session: Session, month: Period, directives: int, now: datetime) -> Estimate:
    """Return what a month makes with so many directives to every branch, for the posts as they are held now."""
    book = rules.book(session)
    branches = _branches(session, month)
    known = facts.people(session, now, {unit.id or 0 for unit in units.listed(session)}, everyone=True)
    owed = [one for branch, pauses in branches for one in _owed(book, branch, pauses, month)]
    shares = _reminders(book, known, month, owed, _directives(month, branches, directives))
    secretaries = {one for branch, _ in branches for one in known[branch.id or 0].get("secretary", ())}
    return Estimate(
        branches=len(branches),
        people=len(
            {one for roles in known.values() for role, held in roles.items() if role not in OFFICE for one in held}
        ),
        receipts=sum(one.what in terms.WHATS and one.due_on in month for one in owed),
        reminders=ceil(sum(shares.values())),
        directives=2 * directives * len(secretaries),  # itself, and the receipt of its acknowledgement
        questions=ceil(HALF * len(branches)),
        worst_reminders=len(shares),
    )


Pauses = tuple[tuple[date, date], ...]


def _branches(session: Session, month: Period) -> list[tuple[Unit, Pauses]]:
    pauses: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for pause in session.exec(select(UnitPause)):
        pauses[pause.unit_id].append((pause.paused_from, pause.paused_to))
    there = (
        unit
        for unit in units.listed(session, kinds=("chi_bo",))
        if unit.valid_from <= month.last and unit.valid_to >= month.first
    )
    return [(unit, tuple(pauses[unit.id or 0])) for unit in there]


def _owed(book: RuleBook, branch: Unit, pauses: Pauses, month: Period) -> Iterator[Owed]:
    """Give what a branch owes of which a step or the report may fall into the month."""
    quarter = quarter_of(month.first)
    duties = [(terms.MEETING, one) for one in (previous_month(month), month, next_month(month))]
    duties += [(terms.THEMATIC, quarter), (terms.FIGURES, terms.figures_period(quarter))]
    duties += [(terms.BADGES, quarter_after(quarter))]
    for what, period in duties:
        term = terms.term(book, what, period, branch.meeting_day)
        if terms.owes(term, (branch.valid_from, branch.valid_to), pauses):
            days = (term.opens_on, term.planned_on, term.due_on)
            yield Owed(0, branch.id or 0, what, str(period), *days, _BEGINNING)


def _directives(month: Period, branches: Iterable[tuple[Unit, Pauses]], directives: int) -> list[Owed]:
    days = [month.first + timedelta(days=28 * number // directives) for number in range(directives)]
    return [
        Owed(0, unit.id or 0, ACK, "", day, None, day + timedelta(days=DIRECTIVE_DAYS), _BEGINNING)
        for day in days
        for unit, _ in branches
    ]


def _reminders(
    book: RuleBook, known: People, month: Period, owed: Iterable[Owed], directives: Iterable[Owed]
) -> dict[Message, Share]:
    """Return every message the rules can make in the month, and for how many of those it is meant for it is made."""
    schedules = Schedules(RULES, book, month.first)
    shares: defaultdict[Message, Share] = defaultdict(Share)
    steps = [(one, *step) for one in owed for step in _shared(one, schedules.of(one), HALF)]
    steps += [(one, *step) for one in directives for step in _shared(one, schedules.of(one), Share(1, SLOW))]
    for one, moment, share in steps:
        if local_date(moment.at) in month:
            for account in audience(moment, one.unit_id, known, book, month.first):
                message = (account, hour_of(moment.at))
                shares[message] = max(shares[message], share)
    return shares


def _shared(owed: Owed, moments: Iterable[Moment], unanswered: Share) -> Iterator[tuple[Moment, Share]]:
    """Give each moment with the share of branches that hear it; unanswered: that of the first one that asks."""
    for moment in moments:
        if owed.planned_on and local_date(moment.at) < owed.planned_on:
            yield moment, Share(1)
        else:
            yield moment, unanswered
            unanswered /= SLOW


def bots_needed(estimate: Estimate, users: int, monthly: int) -> int:
    """Return how many bots take the people and the messages, each so many."""
    return max(1, ceil(estimate.people / users), ceil(estimate.total / monthly))


def month_at(now: datetime) -> Period:
    """Return the month of a moment."""
    return month_of(local_date(now))
