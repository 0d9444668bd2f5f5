"""The bots whose messages are numbered by the month: how people find them, whom they take, and what has been sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.clock import local
from models.people import Address


class BotPlan(SQLModel, table=True):
    """One bot as the settings declare it: at most `users` people, `monthly` messages; title and link name it."""

    __tablename__ = "bot_plan"
    channel: str = Field(primary_key=True)
    bot: str = Field(primary_key=True)
    title: str = ""
    link: str = ""
    users: int
    monthly: int


class SendCount(SQLModel, table=True):
    """How many messages a bot began to send in a month of Viet Nam ("2026-03")."""

    __tablename__ = "send_count"
    channel: str = Field(primary_key=True)
    bot: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    sent: int = 0


_COUNTS: Table = SendCount.__table__  # type: ignore[attr-defined]  # set by the table's metaclass
_PLANS: Table = BotPlan.__table__  # type: ignore[attr-defined]  # likewise


@dataclass(frozen=True, slots=True)
class BotUse:
    """One bot's plan and what of it is used this month."""

    channel: str
    bot: str
    title: str
    link: str
    users: int
    most_users: int
    sent: int
    monthly: int

    @property
    def free(self) -> int:
        """How many more people the bot takes."""
        return max(0, self.most_users - self.users)


def month_of(now: datetime) -> str:
    """Return the month a message counts for: quotas begin anew on the first in Viet Nam."""
    return f"{local(now):%Y-%m}"


def declare(session: Session, channel: str, plans: Iterable[BotPlan]) -> None:
    """Make a channel's plans those of the settings; what was sent stays counted."""
    session.execute(delete(_PLANS).where(_PLANS.c.channel == channel))
    session.add_all(plans)
    session.flush()


def add(session: Session, channel: str, bot: str, month: str) -> int:
    """Count one message and return how many that makes this month."""
    dialect = sqlite if inspect(session.connection()).dialect.name == "sqlite" else postgresql
    new = dialect.insert(_COUNTS).values(channel=channel, bot=bot, month=month, sent=1)
    counted = new.on_conflict_do_update(
        index_elements=["channel", "bot", "month"], set_={"sent": _COUNTS.c.sent + 1}
    ).returning(_COUNTS.c.sent)
    return session.execute(counted).scalar_one()  # type: ignore[no-any-return]


def take_back(session: Session, channel: str, bot: str, month: str) -> None:
    """Count one message less: it surely did not leave."""
    there = _row(channel, bot, month) & (_COUNTS.c.sent > 0)
    session.execute(update(_COUNTS).where(there).values(sent=_COUNTS.c.sent - 1))


def sent(session: Session, channel: str, bot: str, month: str) -> int:
    """Return how many messages a bot has sent in a month."""
    found = session.execute(_COUNTS.select().where(_row(channel, bot, month))).one_or_none()
    return found.sent if found else 0


def monthly(session: Session, channel: str, bot: str) -> int:
    """Return how many messages a month a declared bot may send; 0 for any other."""
    plan = session.get(BotPlan, (channel, bot))
    return plan.monthly if plan else 0


def uses(session: Session, now: datetime) -> list[BotUse]:
    """Return every declared bot with what of it is used, by name."""
    month, people = month_of(now), _people(session)
    plans = session.exec(select(BotPlan).order_by(col(BotPlan.channel), col(BotPlan.bot)))
    return [
        BotUse(
            plan.channel,
            plan.bot,
            plan.title,
            plan.link,
            people.get((plan.channel, plan.bot), 0),
            plan.users,
            sent(session, plan.channel, plan.bot, month),
            plan.monthly,
        )
        for plan in plans
    ]


class Places:
    """The places left on the bots of a channel, given out one by one: the emptiest bot first."""

    def __init__(self, session: Session, channel: str, now: datetime) -> None:
        self._uses = [one for one in uses(session, now) if one.channel == channel]
        self._given = {one.bot: 0 for one in self._uses}

    def take(self) -> BotUse | None:
        """Return the bot that takes the next person; None where every one is full."""
        free = [one for one in self._uses if one.free > self._given[one.bot]]
        if not free:
            return None
        chosen = min(free, key=lambda one: one.users + self._given[one.bot])
        self._given[chosen.bot] += 1
        return chosen


def _people(session: Session) -> dict[tuple[str, str], int]:
    living = (
        select(Address.channel, Address.bot, func.count())
        .where(col(Address.retired_at).is_(None))
        .group_by(Address.channel, Address.bot)
    )
    return {(channel, bot): number for channel, bot, number in session.exec(living)}


def _row(channel: str, bot: str, month: str) -> ColumnElement[bool]:
    return (_COUNTS.c.channel == channel) & (_COUNTS.c.bot == bot) & (_COUNTS.c.month == month)
