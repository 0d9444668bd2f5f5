"""How each indicator is fed by what units reported: a line here, an event's id, or what was stated as a figure.

A feed gives a column: what every unit of a subtree adds. A branch's line and the committee's figure are read from the
same column, so they always agree.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain

from models.aggregation import Amount
from models.columns import Column, Numbers
from models.figure_sources import Sources
from models.forms.admission import EVENTS as ADMISSIONS
from models.forms.movement import EVENTS as MOVEMENTS
from models.forms.quarterly import adds_up, of_everybody
from models.indicators import Indicator
from models.stated_figures import together

Feed = Callable[[Sources], Column]
NONE, NONE_OF_NONE = Amount(0), Amount(0, 0)


def _regular_meetings(known: Sources) -> Column:
    """Regular meetings held of those owed; one nobody owed (before a branch's first duty) is not counted."""
    expected = [month.expected for month in known.months]
    held = [owed & month.regular for owed, month in zip(expected, known.months, strict=True)]
    return Column((_times(held), _times(expected)), NONE_OF_NONE)


def _attendance(known: Sources) -> Column:
    """Present of required, over all meetings reported as held."""
    present: dict[int, int] = defaultdict(int)
    required: dict[int, int] = defaultdict(int)
    for unit_id, here, of in chain.from_iterable(month.attended for month in known.months):
        present[unit_id] += here
        required[unit_id] += of
    return Column((present, required), NONE_OF_NONE)


def _thematic(known: Sources) -> Column:
    """Quarters with a thematic meeting of quarters expected; in a month's figures: the month alone.

    A quarter in which a unit moved counts once, for the committee it stood under in its last month owed.
    """
    expected: dict[str, set[int]] = {}
    found: dict[str, set[int]] = {}
    for month in known.months:
        expected[month.span] = (expected.get(month.span, set()) - month.owed) | month.expected
        found[month.span] = found.get(month.span, set()) | month.thematic
    held = [units & found[span] for span, units in expected.items()]
    return Column((_times(held), _times(expected.values())), NONE_OF_NONE)


def _online(known: Sources) -> Column:
    """Meetings held online; one partly in person is not."""
    return Column((_times(month.online for month in known.months),), NONE)


def _members(known: Sources) -> Column:
    found = known.stock
    return Column(({unit_id: number + found.probationary[unit_id] for unit_id, number in found.official.items()},))


def _event(name: str) -> Feed:
    return lambda known: Column((known.events.get(name, {}),), NONE)


def _children(known: Sources) -> Column:
    return Column((known.children,))


def _studied(known: Sources) -> Column:
    """Whether the unit addressed held the study."""
    held = {unit_id: int(study.held) for unit_id, study in known.studies.items()}
    return Column((held, dict.fromkeys(held, 1)))


def _study_attendance(known: Sources) -> Column:
    """Members who attended of those required, whether the unit reported or not."""
    studies = known.studies.items()
    present = {unit_id: study.present for unit_id, study in studies}
    required = {
        unit_id: known.stock.required(unit_id) if study.total is None else study.total for unit_id, study in studies
    }
    return Column((present, required))


def _times(groups: Iterable[Iterable[int]]) -> Numbers:
    """Return how often each unit stands in some groups."""
    return Counter(chain.from_iterable(groups))


FEEDS: Mapping[str, Feed] = {
    "hoc_tap_chi_bo": _studied,
    "hoc_tap_dang_vien": _study_attendance,
    "sinh_hoat_dung_ky": _regular_meetings,
    "du_sinh_hoat": _attendance,
    "sinh_hoat_chuyen_de": _thematic,
    "sinh_hoat_truc_tuyen": _online,
    "tong_dang_vien": _members,
    "dang_vien_chinh_thuc": lambda known: Column((known.stock.official,)),
    "dang_vien_du_bi": lambda known: Column((known.stock.probationary,)),
    "dang_vien_mien": lambda known: Column((known.stock.exempt,)),
    "so_to_chuc_truc_thuoc": _children,
    **{event: _event(event) for event in (*ADMISSIONS, *MOVEMENTS)},
}


def _stated(known: Sources, indicator: Indicator) -> Column:
    """Return what the units stated themselves; a branch that owes a report and says nothing has not done it."""
    # What is true of a unit ends with it; what happened in it stays.
    gone: AbstractSet[int] = frozenset() if adds_up(indicator) else known.bodies.gone
    found = together(indicator, known.stated.get(indicator.code, [])).without(gone)
    if not of_everybody(indicator):
        return found
    done, of = found.numbers or ({}, {})
    return Column((done, {**dict.fromkeys(_owing_a_quarter(known) - gone, 1), **of}))


def _owing_a_quarter(known: Sources) -> set[int]:
    """Return for whom, standing here, a quarter has ended, or ends: its last month owed tells, once it is March."""
    owing: set[int] = set()
    for month in known.months:
        owing -= month.owed
        if month.name[5:] >= "03":
            owing |= month.expected
    return owing


def column(known: Sources | None, indicator: Indicator) -> Column:
    """Return an indicator's column; one without a feed of its own is what the units stated. Without sources: empty."""
    if known is None:
        return Column()
    feed = FEEDS.get(indicator.code)
    return feed(known) if feed else _stated(known, indicator)


def total(found: Column, indicator: Indicator) -> Amount | None:
    """Return what a subtree amounts to, of no unit at all too: a stock nobody stated is unknown, not 0."""
    return found.total() or nothing(indicator)


def nothing(indicator: Indicator) -> Amount | None:
    """Return the amount of no unit at all; a stock nobody stated, a pair and parts are unknown, not 0."""
    if indicator.kind == "ratio":
        return Amount(0, 0)
    return Amount(0) if indicator.kind == "flow" and adds_up(indicator) else None
