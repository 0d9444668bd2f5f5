"""Months of a committee's life against the oracle: every reminder the domain names, none twice, none at night."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from models.clock import ZONE
from tests.reminders.living import Living, difference
from tests.reminders.oracle import TET, Branch, Item, Life, Oracle, Sent, clamp
from tests.soak import sized

BRANCHES = 69


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def committee(begin: datetime, end: datetime, seed: int) -> Life:
    """69 branches and their people, some with posts in two; most report in time, some late, some never."""
    chance = random.Random(seed)
    branches = [
        Branch(
            f"CB{number:02d}",
            day=chance.choice([1, 3, 3, 3, 4, 5, 10, 28, 29, 30, 31]),
            secretaries=[(begin, f"S{number - (number % 23 == 0)}")],
            deputy=f"D{number}",
            assigned=f"A{number % 9}",
        )
        for number in range(1, BRANCHES + 1)
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


def judge(life: Life) -> list[Sent]:
    """Live a life, compare it with the oracle, and say how much was told."""
    living = Living(life)
    found = living.run()
    expected = Oracle(life).run()
    print(f"\n{len(expected)} messages expected, {len(found)} sent, {sum(len(one[2]) for one in found)} reminders")  # noqa: T201  # the counts are shown
    assert difference(expected, found) == []
    return found


def check(life: Life, found: list[Sent]) -> None:
    """What holds whatever the oracle says."""
    told = Counter((who, *item[:4], _moved(life, item, when)) for when, who, items in found for item in items)
    assert [key for key, count in told.items() if count > 1] == []
    assert [when for when, _, _ in found if when.date() in TET or not 7 <= when.hour < 21] == []
    assert max(Counter((who, when.date()) for when, who, _ in found).values()) <= 3
    assert max(Counter((who, when) for when, who, _ in found).values()) == 1


def _moved(life: Life, item: Item, when: datetime) -> bool:
    """Whether the meeting had been moved by then: from there on it is another day's."""
    told, _ = life.moves.get((item[0], item[2]), (life.end, None))
    return item[1] == "meeting" and told <= when


def test_three_months_over_tet_and_a_leap_day():
    life = committee(local(2024, 1, 10, 9), local(2024, 4, 10, 9), seed=5)
    check(life, judge(life))


@pytest.mark.soak
def test_two_years():
    end = sized(local(2025, 1, 1, 9), local(2023, 7, 1, 9))
    life = committee(local(2023, 1, 1, 9), end, seed=7)
    found = judge(life)
    check(life, found)
    days = {when.date() for when, _, _ in found}
    assert end < local(2024, 3, 1) or date(2024, 2, 29) in days
    assert Counter(item[4] for _, _, items in found for item in items)[True] > 0
