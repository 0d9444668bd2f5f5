"""Rule values: thresholds, offsets and dates that change several times a year, as dated rows, never constants."""

import csv
from datetime import date
from pathlib import Path

from sqlmodel import Field, Session, SQLModel, col, or_, select

from models.database import BigId

SEED = Path(__file__).parent / "data" / "rule_values.csv"


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


def seed(session: Session) -> None:
    """Add the delivered values whose code is not stored yet; what a committee changed stays."""
    stored = set(session.exec(select(RuleValue.code)))
    with SEED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["code"] not in stored:
                session.add(
                    RuleValue(
                        code=row["code"],
                        value=row["value"],
                        unit=row["unit"],
                        valid_from=date.fromisoformat(row["valid_from"]),
                        legal_ref=row["legal_ref"],
                    )
                )
    session.flush()


def value_on(session: Session, code: str, day: date) -> str:
    """Return the value of a rule on a day. Raises LookupError naming the code and the day."""
    row = session.exec(
        select(RuleValue)
        .where(
            RuleValue.code == code,
            RuleValue.valid_from <= day,
            or_(col(RuleValue.valid_to).is_(None), col(RuleValue.valid_to) >= day),
        )
        .order_by(col(RuleValue.valid_from).desc(), col(RuleValue.id).desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise LookupError(f"no value of rule {code!r} on {day}")
    return row.value


def number_on(session: Session, code: str, day: date) -> int:
    """Return a rule's value on a day as a whole number. Raises LookupError or ValueError."""
    return int(value_on(session, code, day))
