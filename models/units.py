"""Units of the Party's tree: names, validity, parents over time, pauses, and the membership they stated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, Index, Table, UniqueConstraint, bindparam
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, or_, select

from models import revisions
from models.database import BigId, Query, among, new_id, plain_rows

COMMITTEES = ("dang_bo", "dang_bo_bo_phan")
KINDS = (*COMMITTEES, "chi_bo", "to_dang")
ALWAYS = date.min  # an empty valid_from means always
FOREVER = date.max  # an empty valid_to means until further notice


class Unit(SQLModel, table=True):
    """A body of the Party; a code is unique whatever dots a 14-digit one is written with."""

    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(max_length=20)
    code_key: str = Field(unique=True, max_length=20)
    name: str
    kind: str
    short_names: list[str] = Field(default_factory=list, sa_type=JSON)
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    sector: str = ""
    valid_from: date = ALWAYS
    valid_to: date = FOREVER
    successor_id: int | None = Field(default=None, foreign_key="unit.id", sa_type=BigId)
    meeting_day: int | None = None


class UnitParent(SQLModel, table=True):
    """Where a unit stood in the tree from one day to another, both included."""

    __tablename__ = "unit_parent"
    __table_args__ = (UniqueConstraint("unit_id", "valid_from"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    parent_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    valid_from: date = ALWAYS
    valid_to: date = FOREVER


_PARENTS: Table = UnitParent.__table__  # type: ignore[attr-defined]  # set by the table's metaclass


def _links() -> Query:
    """Return the query of every (unit, parent) on a day."""
    table, day = _PARENTS.c, bindparam("day", type_=Date)
    return sql_select(table.unit_id, table.parent_id).where(table.valid_from <= day, table.valid_to >= day)


def _links_above() -> Query:
    """Return the query of every (unit, parent) from a unit up on a day."""
    above = _LINKS.where(_PARENTS.c.unit_id == bindparam("unit")).cte(recursive=True)
    # UNION, not UNION ALL: a circle ends where it began.
    return sql_select(above.union(_LINKS.where(_PARENTS.c.unit_id == above.c.parent_id)))


_LINKS = _links()  # built once, as the next
_ABOVE = _links_above()


class UnitPause(SQLModel, table=True):
    """Days, both included, on which a unit owes nothing and is not reminded."""

    __tablename__ = "unit_pause"
    __table_args__ = (UniqueConstraint("unit_id", "paused_from"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    paused_from: date
    paused_to: date = FOREVER


class Membership(SQLModel, table=True):
    """The members a unit stated on a day: official, probationary, and of these the exempt."""

    __table_args__ = (Index("ix_membership_unit_id_on", "unit_id", "on"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    on: date
    official: int
    probationary: int
    exempt: int
    submission_id: int | None = Field(default=None, unique=True, sa_type=BigId)


def code_key(code: str) -> str:
    """Return what a code is compared by: no spaces, capitals, and no dots where it has 14 digits."""
    plain = "".join(code.split()).upper()
    bare = plain.replace(".", "")
    return bare if len(bare) == 14 and bare.isdigit() else plain


def by_code(session: Session, code: str) -> Unit | None:
    """Return the unit of a code as people write it, or None."""
    return session.exec(select(Unit).where(Unit.code_key == code_key(code))).one_or_none()


def get(session: Session, unit_id: int) -> Unit:
    """Return a unit by id. Raises LookupError."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise LookupError(f"no unit {unit_id}")
    return unit


def valid_on(unit: Unit, day: date) -> bool:
    """Return whether the unit exists on a day."""
    return unit.valid_from <= day <= unit.valid_to


def parents_on(session: Session, day: date) -> dict[int, int]:
    """Return the parent's id of every unit that has one on a day."""
    return dict(plain_rows(session, _LINKS, day=day))


def subtree(session: Session, roots: Iterable[int], day: date) -> set[int]:
    """Return the ids of the roots and of everything beneath them on a day."""
    children: dict[int, list[int]] = defaultdict(list)
    for unit_id, parent_id in parents_on(session, day).items():
        children[parent_id].append(unit_id)
    level = set(roots)
    reached = set(level)
    while level:
        level = {child for unit_id in level & children.keys() for child in children[unit_id]} - reached
        reached |= level
    return reached


def listed(session: Session, ids: Iterable[int] | None = None, kinds: Sequence[str] = KINDS) -> list[Unit]:
    """Return units of the kinds, by code; only those of `ids` where given."""
    wanted = None if ids is None else set(ids)
    query = select(Unit).where(col(Unit.kind).in_(kinds), among(col(Unit.id), wanted)).order_by(Unit.code_key)
    found = session.exec(query).all()
    return [unit for unit in found if wanted is None or unit.id in wanted]


def paused_ids(session: Session, day: date) -> set[int]:
    """Return the units that are paused on a day."""
    rows = session.exec(select(UnitPause.unit_id).where(UnitPause.paused_from <= day, UnitPause.paused_to >= day))
    return set(rows)


def put(session: Session, code: str, **values: Any) -> Unit:
    """Create or update the unit of a code; only the values given are changed."""
    unit = by_code(session, code)
    if unit is None:
        unit = Unit(code=code.strip(), code_key=code_key(code), **values)
    for name, value in values.items():
        setattr(unit, name, value)
    session.add(unit)
    revisions.bump(session, "names")
    session.flush()
    return unit


def set_parent(session: Session, unit_id: int, parent_id: int, since: date) -> bool:
    """Move a unit under a parent from a day on; return whether anything changed.

    The first parent counts from the unit's beginning: before an import nothing was known of another.
    """
    rows = session.exec(
        select(UnitParent).where(UnitParent.unit_id == unit_id).order_by(col(UnitParent.valid_from).desc())
    ).all()
    if not rows:
        session.add(UnitParent(unit_id=unit_id, parent_id=parent_id))
        return True
    if rows[0].parent_id == parent_id and rows[0].valid_to == FOREVER:
        return False
    for row in rows:
        # Where it was said to stand later on is said anew: a unit has one parent a day.
        if row.valid_from >= since:
            session.delete(row)
        else:
            row.valid_to = min(row.valid_to, date.fromordinal(since.toordinal() - 1))
    session.flush()
    session.add(UnitParent(unit_id=unit_id, parent_id=parent_id, valid_from=since))
    return True


def set_pause(session: Session, unit_id: int, paused_from: date, paused_to: date) -> None:
    """Pause a unit between two days; a pause from the same day is changed, not doubled."""
    row = session.exec(
        select(UnitPause).where(UnitPause.unit_id == unit_id, UnitPause.paused_from == paused_from)
    ).one_or_none()
    row = row or UnitPause(unit_id=unit_id, paused_from=paused_from)
    row.paused_to = paused_to
    session.add(row)


def state_membership(
    session: Session, unit_id: int, on: date, counts: tuple[int, int, int], submission_id: int | None = None
) -> None:
    """Record the members (official, probationary, exempt) a unit stated on a day."""
    same = Membership.submission_id == submission_id if submission_id else Membership.on == on
    row = session.exec(
        select(Membership).where(
            Membership.unit_id == unit_id,
            same,
            or_(bool(submission_id), col(Membership.submission_id).is_(None)),
        )
    ).one_or_none()
    row = row or Membership(unit_id=unit_id, on=on, official=0, probationary=0, exempt=0)
    row.on, row.submission_id = on, submission_id
    row.official, row.probationary, row.exempt = counts
    session.add(row)


def last_membership(session: Session, unit_id: int, until: date) -> Membership | None:
    """Return what a unit last stated up to a day, or None."""
    return session.exec(
        select(Membership)
        .where(Membership.unit_id == unit_id, Membership.on <= until)
        .order_by(col(Membership.on).desc(), col(Membership.id).desc())
        .limit(1)
    ).one_or_none()


def unit_id(unit: Unit) -> int:
    """Return the id of a stored unit."""
    return new_id(unit.id)


def lineage(session: Session, unit_id: int, day: date) -> tuple[int, ...]:
    """Return a unit's id and then its ancestors' ids on a day, nearest first."""
    parents = dict(plain_rows(session, _ABOVE, unit=unit_id, day=day))
    chain = [unit_id]
    while chain[-1] in parents and parents[chain[-1]] not in chain:
        chain.append(parents[chain[-1]])
    return tuple(chain)
