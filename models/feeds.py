"""How each indicator is fed by what one unit reported: a line here, or an event's id, and a row of the catalogue.

The figure of a subtree is the sum of its units' amounts, so a branch's line and the committee's always agree.
"""

from collections.abc import Callable, Iterable, Mapping

from models.aggregation import Amount
from models.figure_sources import UnitFacts
from models.forms.admission import EVENTS as ADMISSIONS
from models.forms.base import Stock
from models.forms.movement import EVENTS as MOVEMENTS
from models.forms.own_figures import own_figures

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


FEEDS: Mapping[str, Feed] = {
    "sinh_hoat_dung_ky": _regular_meetings,
    "du_sinh_hoat": _attendance,
    "sinh_hoat_chuyen_de": _thematic,
    "sinh_hoat_truc_tuyen": _online,
    "tong_dang_vien": _members(lambda stock: stock.members),
    "dang_vien_chinh_thuc": _members(lambda stock: stock.official),
    "dang_vien_du_bi": _members(lambda stock: stock.probationary),
    "dang_vien_mien": _members(lambda stock: stock.exempt),
    "so_to_chuc_truc_thuoc": _children,
    **{event: _event(event) for event in (*ADMISSIONS, *MOVEMENTS, *own_figures())},
}


def amounts(facts: UnitFacts, codes: Iterable[str]) -> dict[str, Amount | None]:
    """Return a unit's amounts by indicator. Raises KeyError for one that nothing feeds."""
    return {code: FEEDS[code](facts) for code in codes}
