"""Identities the figures must keep; what does not agree is listed, never hidden and never mended in silence.

Members: D = A + B - C against the next stock a branch states. Parts must add up to the whole.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlmodel import Session, col, select

from models import stock
from models.aggregation import Amount
from models.database import among
from models.stock import Stated, expected
from models.units import Membership

PARTS_OF = {"xep_loai_dang_vien": "tong_dang_vien"}  # the grades may leave out who was not graded, never exceed


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One identity that does not hold: of members (on a day) or of parts (day None)."""

    unit_id: int
    code: str
    stated: int
    expected: int
    day: date | None = None


def members(session: Session, first: date, last: date, unit_ids: Collection[int]) -> list[Mismatch]:
    """Return where a branch stated other members, between two days, than follow from before, came and went."""
    stated = _statements(session, last, unit_ids)
    earliest = min((rows[0].on for rows in stated.values()), default=last)
    events = stock.events_since(session, earliest, last, unit_ids)
    return [
        found
        for unit_id, rows in stated.items()
        for before, after in pairwise(rows)
        if after.on >= first and (found := _compared(unit_id, before, after, events.get(unit_id, ())))
    ]


def _statements(session: Session, last: date, unit_ids: Collection[int]) -> dict[int, list[Stated]]:
    found: dict[int, list[Stated]] = defaultdict(list)
    rows = session.exec(
        select(Membership)
        .where(Membership.on <= last, among(col(Membership.unit_id), unit_ids))
        .order_by(col(Membership.on), col(Membership.id))
    )
    for row in rows:
        if row.unit_id in unit_ids:
            known = Stated(row.on, row.official, row.probationary, row.exempt, row.submission_id or 0)
            found[row.unit_id].append(known)
    return found


def _compared(unit_id: int, before: Stated, after: Stated, events: Sequence[stock.Event]) -> Mismatch | None:
    # An event reported after the statement of its own day is counted from the statement on.
    known = [event for event in events if event.submission_id < after.submission_id or not after.submission_id]
    follows = expected(before, known, after.on).members
    stated = after.official + after.probationary
    return None if follows == stated else Mismatch(unit_id, "tong_dang_vien", stated, follows, after.on)


def parts(unit_id: int, amounts: dict[str, Amount | None]) -> list[Mismatch]:
    """Return where the parts of one unit add up to more than the whole they are parts of."""
    found = []
    for code, whole in PARTS_OF.items():
        inner, outer = amounts.get(code), amounts.get(whole)
        if inner is not None and outer is not None and sum(inner.parts) > outer.number:
            found.append(Mismatch(unit_id, code, sum(inner.parts), outer.number))
    return found
