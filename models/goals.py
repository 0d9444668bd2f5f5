"""The targets that bear on a unit's period: its own, or else its year's."""

from sqlalchemy import Table, bindparam, select
from sqlmodel import Session

from models.database import plain_rows
from models.periods import Period
from models.targets import Target

_TARGETS: Table = Target.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_GIVEN = select(_TARGETS.c.indicator, _TARGETS.c.period, _TARGETS.c.target).where(
    _TARGETS.c.unit_id == bindparam("unit"), _TARGETS.c.period.in_(bindparam("periods", expanding=True))
)


class Goals:
    """What was given for each indicator, as it was written."""

    def __init__(self, session: Session, unit_id: int, period: Period) -> None:
        self._own, self._year = str(period), str(period.year)
        rows = plain_rows(session, _GIVEN, unit=unit_id, periods=(self._own, self._year))
        self._given = {(row.indicator, row.period): row.target for row in rows}

    def given(self, code: str) -> str | None:
        """Return the target as it was given, or None."""
        return self._given.get((code, self._own), self._given.get((code, self._year)))

    def is_years(self, code: str) -> bool:
        """Return whether only the year has a target."""
        return (code, self._own) not in self._given and (code, self._year) in self._given

    def codes(self) -> tuple[str, ...]:
        """Return the indicators that have a target, in order."""
        return tuple(sorted({code for code, _ in self._given}))
