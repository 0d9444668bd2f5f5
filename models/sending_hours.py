"""When an unasked message may go out: not in quiet hours, not on a day of Tết. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models.clock import at, local
from models.working_days import Calendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SendingHours:
    """Quiet from one local time to another, over midnight where the first is the later; equal times: never quiet."""

    quiet_from: time
    quiet_to: time
    calendar: Calendar

    def allows(self, moment: datetime) -> bool:
        """Return whether a message may go out at a moment."""
        here = local(moment)
        return not self.calendar.is_tet(here.date()) and not self._quiet(here.time())

    def _quiet(self, clock: time) -> bool:
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to

    def next_allowed(self, moment: datetime) -> datetime:
        """Return the moment itself where it is allowed, else the next end of quiet hours on a day that is not Tết."""
        if self.allows(moment):
            return moment
        here = local(moment)
        day = here.date() if here.time() < self.quiet_to else here.date() + _DAY
        while self.calendar.is_tet(day):
            day += _DAY
        return at(day, self.quiet_to.hour, self.quiet_to.minute)
