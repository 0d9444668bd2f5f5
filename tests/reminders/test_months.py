"""Months of a committee's life against the oracle: every reminder the domain names, none twice, none at night."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from models.clock import ZONE
from tests.reminders.life import HOUR, TET, Branch, Item, Life, Rules, Sent, clamp
from tests.reminders.living import Living, difference
from tests.reminders.oracle import Oracle
from tests.soak import sized

BRANCHES = 69


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def committee(begin: datetime, end: datetime, seed: int, count: int = BRANCHES) -> Life:
    """Branches and their people, some with posts in two; most report in time, some late, some never."""
    chance = random.Random(seed)
    branches = [
        Branch(
            f"CB{number:02d}",
            day=chance.choice([1, 3, 3, 3, 4, 5, 10, 28, 29, 30, 31]),
            secretaries=[(begin, f"S{number - (number % 23 == 0)}")],
            deputy=f"D{number}",
            assigned=f"A{number % 9}",
        )
        for number in range(1, count + 1)
    ]
    life = Life(begin, end, branches)
    _something_happens(life, chance)
    return life


def _something_happens(life: Life, chance: random.Random) -> None:
    begin, span = life.begin, (life.end - life.begin).days
    someday = lambda: (begin + timedelta(days=chance.randrange(10, span - 5))).replace(hour=12, minute=15)  # noqa: E731
    life.branches[4].secretaries.append((someday(), "S-new"))
    life.branches[7].founded = someday()
    life.branches[7].secretaries = [(life.branches[7].founded, "S8")]
    gone = someday()
    life.branches[9].dissolved_known, life.branches[9].dissolved = gone, gone.date() + timedelta(days=3)
    first = someday().date()
    life.branches[11].paused = [(first, first + timedelta(days=40))]
    for branch in life.branches:
        for year, month in _months(life):
            _a_month(life, branch, year, month, chance)
    for _ in range(3):
        down = someday().replace(hour=chance.randrange(24), minute=30)
        life.outages.append((down, down + timedelta(hours=chance.choice([5, 30, 240]))))
    _apart(life)


def _a_month(life: Life, branch: Branch, year: int, month: int, chance: random.Random) -> None:
    planned = clamp(year, month, branch.day)
    if chance.random() < 0.08:
        told = datetime(planned.year, planned.month, planned.day, 9, 45, tzinfo=ZONE) - timedelta(
            days=chance.randrange(5)
        )
        moved = planned + timedelta(days=chance.randrange(1, 12))
        if told > (branch.founded or life.begin):
            planned = moved
            life.moves[branch.name, f"{year}-{month:02d}"] = (told, planned)
    late = chance.choice([-1, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, None])
    if late is not None:
        moment = datetime(planned.year, planned.month, planned.day, 20, 15, tzinfo=ZONE) + timedelta(days=late)
        life.reports[branch.name, "meeting", f"{year}-{month:02d}"] = moment
    if month % 3 == 0 and chance.random() < 0.7:
        moment = datetime(year, month, chance.randrange(1, 28), 15, 15, tzinfo=ZONE)
        life.reports[branch.name, "thematic", f"{year}-Q{month // 3}"] = moment
    if month % 3 == 0 and chance.random() < 0.8:
        period = {3: f"{year}-Q1", 6: f"{year}-H1", 9: f"{year}-9M", 12: f"{year}"}[month]
        life.reports[branch.name, "figures", period] = datetime(
            year, month, chance.randrange(5, 19), 10, 15, tzinfo=ZONE
        )
    if month in (2, 6, 8, 11) and chance.random() < 0.3:  # the figures that say it came before the reminder
        period = {2: f"{year}-Q2", 6: f"{year}-Q3", 8: f"{year}-Q4", 11: f"{year + 1}-Q1"}[month]
        life.reports[branch.name, "badges", period] = datetime(year, month, chance.randrange(1, 20), 9, 15, tzinfo=ZONE)


def _months(life: Life) -> list[tuple[int, int]]:
    first, last = life.begin.year * 12 + life.begin.month - 1, life.end.year * 12 + life.end.month - 1
    return [(number // 12, number % 12 + 1) for number in range(first, last + 1)]


def _apart(life: Life) -> None:
    """Keep outages apart from each other and from the end."""
    life.outages.sort()
    kept: list[tuple[datetime, datetime]] = []
    for begin, end in life.outages:
        if (not kept or kept[-1][1] + timedelta(days=1) < begin) and end < life.end:
            kept.append((begin, end))
    life.outages = kept


def judge(life: Life, values: Rules | None = None, looks: Sequence[datetime] = ()) -> list[Sent]:
    """Live a life, compare it with the oracle, and say how much was told."""
    found = Living(life, values, looks).run()
    expected = Oracle(life, values).run()
    print(f"\n{len(expected)} messages expected, {len(found)} sent, {sum(len(one[2]) for one in found)} reminders")  # noqa: T201  # the counts are shown
    assert difference(expected, found) == []
    return found


def check(life: Life, found: list[Sent], values: Rules | None = None) -> None:
    """What holds whatever the oracle says."""
    rules = values or Rules()
    told = Counter((who, *item[:4], _moved(life, item, when)) for when, who, items in found for item in items)
    assert [key for key, count in told.items() if count > 1] == []
    begin, end = rules.quiet
    assert [when for when, _, _ in found if when.date() in TET or not end <= when.hour < begin] == []
    assert max(Counter((who, when.date()) for when, who, _ in found).values(), default=0) <= rules.cap
    assert max(Counter((who, when) for when, who, _ in found).values(), default=0) <= 1


def _moved(life: Life, item: Item, when: datetime) -> bool:
    """Whether the meeting had been moved by then: from there on it is another day's."""
    told, _ = life.moves.get((item[0], item[2]), (life.end, None))
    return item[1] == "meeting" and told <= when


def test_three_months_over_tet_and_a_leap_day():
    life = committee(local(2024, 1, 10, 9), local(2024, 4, 10, 9), seed=5)
    check(life, judge(life))


def numbers(least: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Up to three different numbers."""
    return st.lists(st.integers(least, most), max_size=3, unique=True).map(tuple)


RULES = st.builds(
    Rules,
    before=numbers(1, 9),
    after=numbers(1, 4),
    thematic=numbers(1, 28),
    figures=numbers(0, 9),
    morning=st.integers(5, 12),
    evening=st.integers(17, 23),
    quiet=st.tuples(st.integers(19, 23), st.integers(5, 9)),
    cap=st.integers(1, 4),
)


@dataclass(frozen=True)
class Plan:
    """What a random life is made of; small, so that a failure can be read. outages: hours from the begin, length."""

    begin: date
    days: int
    seed: int
    outages: tuple[tuple[int, int], ...]
    looks: tuple[int, ...]  # minutes from the begin at which the bot looks without need


PLANS = st.builds(
    Plan,
    begin=st.dates(date(2022, 1, 5), date(2026, 9, 1)),
    days=st.integers(30, 45),
    seed=st.integers(0, 10**6),
    outages=st.lists(st.tuples(st.integers(1, 30 * 24), st.integers(1, 300)), max_size=3).map(tuple),
    looks=st.lists(st.integers(1, 30 * 24 * 60), max_size=20).map(tuple),
)


def judge_any(plan: Plan, values: Rules) -> None:
    """Whatever the rules, the clock and the outages: what the oracle expects, and what always holds."""
    begin = local(plan.begin.year, plan.begin.month, plan.begin.day, 9)
    life = committee(begin, begin + timedelta(days=plan.days), plan.seed, count=12)
    half = begin + timedelta(minutes=30)
    life.outages = [(half + down * HOUR, half + (down + length) * HOUR) for down, length in plan.outages]
    _apart(life)
    looks = [begin + timedelta(minutes=look) for look in plan.looks if look % 60]
    check(life, judge(life, values, looks), values)


@settings(max_examples=5, derandomize=True, phases=(Phase.generate,))
@given(PLANS, RULES)
def test_random_rules_clocks_and_outages(plan, values):
    judge_any(plan, values)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=sized(300, 20), phases=(Phase.generate,))
@given(PLANS, RULES)
def test_many_random_rules_clocks_and_outages(plan, values):
    judge_any(plan, values)


@pytest.mark.soak
@pytest.mark.timeout(1800)  # measured: some minutes, longer where other work runs beside it
def test_two_years():
    end = sized(local(2025, 1, 1, 9), local(2023, 7, 1, 9))
    life = committee(local(2023, 1, 1, 9), end, seed=7)
    found = judge(life)
    check(life, found)
    days = {when.date() for when, _, _ in found}
    assert end < local(2024, 3, 1) or date(2024, 2, 29) in days
    assert Counter(item[4] for _, _, items in found for item in items)[True] > 0
