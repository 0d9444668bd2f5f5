"""Which months, units and days figures are made of.

A month of a unit belongs to whom it stood under on the month's last day (on the cut-off in the month that runs), so
that the figures of neighbouring committees add up to those of the committee above them.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, Table, bindparam, or_, select
from sqlmodel import Session

from models import frozen_duties, units
from models.database import plain_rows
from models.frozen_duties import Frozen
from models.periods import Period, quarter_of
from models.units import UnitParent

_PARENTS: Table = UnitParent.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_BETWEEN = (bindparam("first", type_=Date), bindparam("last", type_=Date))
_TURNS = select(_PARENTS.c.valid_from, _PARENTS.c.valid_to).where(
    or_(_PARENTS.c.valid_from.between(*_BETWEEN), _PARENTS.c.valid_to.between(*_BETWEEN))
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The months of a period that have begun, up to which day, and which units stood in the subtree in each.

    spans: the quarter each month falls in (in a month's figures: the month). frozen: for the months of approved
    periods, who owes nothing though it stands there: it was not expected then.
    """

    root: int
    first: date
    last: date
    cutoff: date
    places: Mapping[str, AbstractSet[int]]
    spans: Mapping[str, str]
    frozen: Mapping[str, Frozen]
    everyone: AbstractSet[int]

    @property
    def months(self) -> list[str]:
        """The months that have begun, in order."""
        return list(self.places)

    @property
    def at_cutoff(self) -> AbstractSet[int]:
        """The units that stand in the subtree at the cut-off; a unit speaks for the committee it stood under last."""
        return self.places[max(self.places)]

    def counted(self, unit_id: int, days: Iterable[str]) -> int:
        """Return on how many days, in ISO format, what happened in a unit counts here."""
        until = self.cutoff.isoformat()
        return sum(1 for day in days if day <= until and unit_id in self.places.get(day[:7], ()))


def load(session: Session, root: int, months: Sequence[Period], today: date) -> Frame | None:
    """Return the frame of a subtree's months up to their end or today, None where no month has begun."""
    begun = [month for month in months if month.first <= today]
    if not begun:
        return None
    cutoff = min(months[-1].last, today)
    days = [min(month.last, cutoff) for month in begun]
    stood = _stood_on(session, root, days)
    places = {str(month): stood[day] for month, day in zip(begun, days, strict=True)}
    # A quarter of which one month has begun is a quarter still; a month by itself stands for itself.
    spans = {str(month): str(month if len(months) == 1 else quarter_of(month.first)) for month in begun}
    frozen = frozen_duties.load(session, root, begun)
    everyone = frozenset().union(*stood.values()) if len(stood) > 1 else stood[cutoff]
    return Frame(root, months[0].first, months[-1].last, cutoff, places, spans, frozen, everyone)


def _stood_on(session: Session, root: int, days: Sequence[date]) -> dict[date, AbstractSet[int]]:
    turns = _turns(session, days[0], days[-1])
    found: dict[date, AbstractSet[int]] = {}
    before = date.min
    for day in days:
        same = before in found and not any(before < turn <= day for turn in turns)
        found[day] = found[before] if same else units.subtree(session, [root], day)
        before = day
    return found


def _turns(session: Session, first: date, last: date) -> set[date]:
    rows = plain_rows(session, _TURNS, first=first, last=last)
    return {turn for begins, ends in rows for turn in (begins, min(ends, last) + timedelta(days=1))}
