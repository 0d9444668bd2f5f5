"""How each indicator is fed by what one unit reported: a line here, an event's id, or what was stated as a figure.

The figure of a subtree is the sum of its units' amounts, so a branch's line and the committee's always agree.
"""

from collections.abc import Callable, Iterable, Mapping

from models.aggregation import Amount
from models.figure_sources import UnitFacts
from models.forms.admission import EVENTS as ADMISSIONS
from models.forms.base import Stock
from models.forms.movement import EVENTS as MOVEMENTS
from models.forms.quarterly import adds_up, of_everybody
from models.indicators import Indicator
from models.stated_figures import together

Feed = Callable[[UnitFacts], Amount | None]


def _regular_meetings(facts: UnitFacts) -> Amount:
    """Regular meetings held of those owed; one nobody owed (before a branch's first duty) is not counted."""
    owed = {duty.month for duty in facts.duties if duty.here}
    held = {meeting.month for meeting in facts.meetings if meeting.kind == "regular"}
    return Amount(len(owed & held), len(owed))


def _attendance(facts: UnitFacts) -> Amount:
    """Present of required, over all meetings reported as held."""
    here = [meeting for meeting in facts.meetings if meeting.here]
    return Amount(sum(meeting.present for meeting in here), sum(meeting.required for meeting in here))


def _thematic(facts: UnitFacts) -> Amount:
    """Quarters with a thematic meeting of quarters expected; in a month's figures: the month alone.

    A quarter in which a unit moved counts once, for the committee it stood under in its last month owed.
    """
    home = {duty.span: duty.here for duty in sorted(facts.duties, key=lambda duty: duty.month)}
    expected = {span for span, here in home.items() if here}
    found = {meeting.span for meeting in facts.meetings if meeting.kind == "thematic"}
    return Amount(len(expected & found), len(expected))


def _online(facts: UnitFacts) -> Amount:
    """Meetings held online; one partly in person is not."""
    return Amount(sum(1 for meeting in facts.meetings if meeting.here and meeting.format == "online"))


def _members(count: Callable[[Stock], int]) -> Feed:
    return lambda facts: Amount(count(facts.stock)) if facts.stock else None


def _event(name: str) -> Feed:
    return lambda facts: Amount(facts.events[name])


def _children(facts: UnitFacts) -> Amount | None:
    return None if facts.children is None else Amount(facts.children)


def _studied(facts: UnitFacts) -> Amount | None:
    """Whether the unit addressed held the study."""
    return Amount(int(facts.study.held), 1) if facts.study else None


def _study_attendance(facts: UnitFacts) -> Amount | None:
    """Members who attended of those required, whether the unit reported or not."""
    if facts.study is None:
        return None
    required = facts.stock.required if facts.stock else 0
    return Amount(facts.study.present, required if facts.study.total is None else facts.study.total)


FEEDS: Mapping[str, Feed] = {
    "hoc_tap_chi_bo": _studied,
    "hoc_tap_dang_vien": _study_attendance,
    "sinh_hoat_dung_ky": _regular_meetings,
    "du_sinh_hoat": _attendance,
    "sinh_hoat_chuyen_de": _thematic,
    "sinh_hoat_truc_tuyen": _online,
    "tong_dang_vien": _members(lambda stock: stock.members),
    "dang_vien_chinh_thuc": _members(lambda stock: stock.official),
    "dang_vien_du_bi": _members(lambda stock: stock.probationary),
    "dang_vien_mien": _members(lambda stock: stock.exempt),
    "so_to_chuc_truc_thuoc": _children,
    **{event: _event(event) for event in (*ADMISSIONS, *MOVEMENTS)},
}


def _stated(facts: UnitFacts, indicator: Indicator) -> Amount | None:
    """Return what the unit stated itself; a branch that owes a report and says nothing has not done it."""
    if facts.gone and not adds_up(indicator):
        return None  # what is true of a unit ends with it; what happened in it stays
    amount = together(indicator, facts.stated.get(indicator.code, []))
    return Amount(0, 1) if amount is None and of_everybody(indicator) and _owes_a_quarter(facts) else amount


def _owes_a_quarter(facts: UnitFacts) -> bool:
    """Whether a quarter has ended, or ends, for a unit that stands here: its last month tells, once it is March."""
    last = max(facts.duties, key=lambda duty: duty.month, default=None)
    return last is not None and last.here and last.month[5:] >= "03"


def amounts(facts: UnitFacts, indicators: Iterable[Indicator]) -> dict[str, Amount | None]:
    """Return a unit's amounts by indicator; one without a feed of its own is what the unit stated."""
    if facts.stated:
        return {row.code: FEEDS[row.code](facts) if row.code in FEEDS else _stated(facts, row) for row in indicators}
    # Most units of most periods state nothing: ten thousand of them must not be asked thirty times each.
    found: dict[str, Amount | None] = {code: feed(facts) for code, feed in FEEDS.items()}
    for row in indicators:
        if row.code not in found:
            found[row.code] = _stated(facts, row) if of_everybody(row) else None
    return found


def nothing(indicator: Indicator) -> Amount | None:
    """Return the amount of no unit at all; a stock nobody stated, a pair and parts are unknown, not 0."""
    if indicator.kind == "ratio":
        return Amount(0, 0)
    return Amount(0) if indicator.kind == "flow" and adds_up(indicator) else None
