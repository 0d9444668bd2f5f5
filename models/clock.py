"""The zone every local date is read in. Nothing here or elsewhere in the core asks what time it is."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local_date(moment: datetime) -> date:
    """Return the date in Viet Nam at an aware moment. Raises ValueError for a naive one."""
    return local(moment).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment on the clocks of Viet Nam. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {moment}")
    return moment.astimezone(ZONE)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the moment of a local date and time."""
    return datetime.combine(day, time(hour, minute), ZONE)
