"""Rule values: thresholds, offsets and dates that change several times a year, as dated rows, never constants."""

from datetime import date, datetime, timedelta

from sqlalchemy import Table, bindparam, delete
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, or_, select

from models import audit
from models.database import BigId
from models.rule_book import CALENDAR, DatedValue, RuleBook, book_of, delivered
from models.rule_units import check_value

CALENDAR_UNIT = "day"


class RuleValue(SQLModel, table=True):
    """One value of one rule from one day to another (valid_to included, None: still), with its legal reference."""

    __tablename__ = "rule_value"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(index=True)
    value: str
    unit: str
    valid_from: date
    valid_to: date | None = None
    legal_ref: str = ""


_TABLE: Table = RuleValue.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_ON = (
    select(RuleValue)
    .where(
        RuleValue.code == bindparam("code"),
        RuleValue.valid_from <= bindparam("day"),
        or_(col(RuleValue.valid_to).is_(None), col(RuleValue.valid_to) >= bindparam("day")),
    )
    .order_by(col(RuleValue.valid_from).desc(), col(RuleValue.id).desc())
    .limit(1)
)


def book(session: Session) -> RuleBook:
    """Return every stored rule value."""
    columns = (_TABLE.c[name] for name in ("code", "value", "unit", "valid_from", "valid_to", "legal_ref"))
    rows = session.execute(sql_select(*columns).order_by(_TABLE.c.id))
    return book_of((row[0], DatedValue(*row[1:])) for row in rows)


def seed(session: Session) -> None:
    """Add the delivered values whose code is not stored yet; what a committee changed stays."""
    stored = set(session.exec(select(RuleValue.code)))
    session.add_all(
        RuleValue(code=code, value=row.value, unit=row.unit, valid_from=row.valid_from, legal_ref=row.legal_ref)
        for code, row in delivered()
        if code not in stored
    )
    session.flush()


def value_on(session: Session, code: str, day: date) -> str:
    """Return the value of a rule on a day. Raises LookupError naming the code and the day."""
    row = _row_on(session, code, day)
    if row is None:
        raise LookupError(f"no value of rule {code!r} on {day}")
    return row.value


def _row_on(session: Session, code: str, day: date) -> RuleValue | None:
    return session.exec(_ON, params={"code": code, "day": day}).one_or_none()


def number_on(session: Session, code: str, day: date) -> int:
    """Return a rule's value on a day as a whole number. Raises LookupError or ValueError."""
    return int(value_on(session, code, day))


def revise(session: Session, code: str, value: str, since: date, actor: str, now: datetime) -> RuleValue:
    """Give a rule another value from a day on; the old row ends the day before, nothing is overwritten.

    Raises LookupError for an unknown code and ValueError for a value that does not fit its unit.
    """
    old = _row_on(session, code, since)
    if old is None:
        raise LookupError(f"no value of rule {code!r} on {since}")
    new = RuleValue(
        code=code, value=check_value(old.unit, value), unit=old.unit, valid_from=since, legal_ref=old.legal_ref
    )
    if old.valid_from < since:
        old.valid_to, new.valid_to = since - timedelta(days=1), old.valid_to
    audit.record(
        session, now, actor, "rule.revise", subject=f"rule:{code}", old={"value": old.value},
        new={"value": new.value, "since": since.isoformat()},
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def mark_day(session: Session, day: date, kind: str, actor: str, now: datetime) -> None:
    """Decide that a day is off, worked, or one of Tết. Raises ValueError."""
    value = check_value(CALENDAR_UNIT, kind)
    code = f"{CALENDAR}{day.isoformat()}"
    session.add(RuleValue(code=code, value=value, unit=CALENDAR_UNIT, valid_from=date(2000, 1, 1)))
    audit.record(session, now, actor, "calendar.mark", subject=code, new={"value": value})
    session.flush()


def unmark_day(session: Session, day: date, actor: str, now: datetime) -> None:
    """Take back what was decided about a day: it is again what the public holidays make it."""
    code = f"{CALENDAR}{day.isoformat()}"
    taken = session.execute(delete(_TABLE).where(_TABLE.c.code == code))
    if taken.rowcount:  # type: ignore[attr-defined]  # what a DELETE returns has it
        audit.record(session, now, actor, "calendar.unmark", subject=code)
