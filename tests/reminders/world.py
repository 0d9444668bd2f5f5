"""A committee with branches, people and a clock, to live through months of ticks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, select

from bot.rendering import Texts
from bot.schema import create_tables
from models import obligations, people, units
from models.clock import at, local
from models.database import unit_of_work
from models.messages import Message
from models.notices import Notice, still_wanted
from models.obligations import Obligation
from models.outbox import OutboxRow
from reminders.tick import next_moment, tick

TEXTS = Texts.load()


def moment(text: str) -> datetime:
    """A local moment, as "2026-03-03 20:00"."""
    day, _, clock = text.partition(" ")
    hour, _, minute = (clock or "0:0").partition(":")
    return at(date.fromisoformat(day), int(hour), int(minute))


def memory() -> Engine:
    """An empty database in memory with the declared tables."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _autocommit)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    create_tables(engine)
    return engine


def _autocommit(connection, _record) -> None:
    connection.isolation_level = None


class World:
    """Branches CB01, CB02, ... under one committee; everyone has joined, and everything sent is kept in `sent`."""

    def __init__(self, branches: int, start: str, engine: Engine | None = None, **values) -> None:
        self.engine = engine or memory()
        self.now = moment(start)
        self.sent: list[OutboxRow] = []
        with self.session() as session:
            self.root = units.unit_id(units.put(session, "DU", name="Đảng ủy", kind="dang_bo"))
            self.branches = [self.found(session, f"CB{number:02d}", **values) for number in range(1, branches + 1)]
            self.officer = self.appoint(session, "Văn phòng", self.root, "officer")
            self.admin = self.appoint(session, "Quản trị", self.root, "admin")

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction."""
        with unit_of_work(self.engine) as session:
            yield session

    def found(self, session: Session, code: str, **values) -> int:
        """Found a branch with its people."""
        unit_id = units.unit_id(units.put(session, code, name=f"Chi bộ {code}", kind="chi_bo", **values))
        units.set_parent(session, unit_id, self.root, self.now.date())
        for role in ("secretary", "deputy", "assigned"):
            self.appoint(session, f"{role} {code}", unit_id, role)
        return unit_id

    def appoint(self, session: Session, label: str, unit_id: int, role: str, *, joined: bool = True) -> int:
        """Give a person, who has joined, a post."""
        account = people.account_labelled(session, label, self.now)
        account_id = people.account_id(account)
        if joined and not people.addresses(session, account_id):
            people.bind(session, account_id, ("script", "main", label), self.now)
        people.appoint(session, account_id, unit_id, role, self.now)
        return account_id

    def tick(self, at: str | datetime | None = None):
        """One tick at a moment, and everything due leaves."""
        self.now = moment(at) if isinstance(at, str) else at or self.now
        with self.session() as session:
            ticked = tick(session, self.now)
        self.deliver()
        return ticked

    def deliver(self) -> None:
        """Send what is due, checking each cause once more, as the dispatcher does."""
        with self.session() as session:
            due = select(OutboxRow).where(OutboxRow.state == "pending", OutboxRow.not_before <= self.now)
            for row in session.exec(due.order_by(OutboxRow.id)):
                wanted = row.cause is None or still_wanted(session, row, self.now)
                row.state, row.finished_at = ("sent" if wanted else "cancelled"), self.now
                if wanted:
                    self.sent.append(row)

    def until(self, end: str | datetime) -> None:
        """Let time pass, stopping wherever something is due."""
        end = moment(end) if isinstance(end, str) else end
        while (stop := self.next_stop()) is not None and stop <= end:
            self.tick(max(stop, self.now))
        self.now = end

    def next_stop(self) -> datetime | None:
        """When a tick or a waiting row is next due."""
        with self.session() as session:
            waiting = session.exec(select(OutboxRow.not_before).where(OutboxRow.state == "pending")).all()
            found = [next_moment(session, self.now), *waiting]
        return min((one for one in found if one is not None), default=None)

    def outage(self, end: str | datetime) -> None:
        """Nothing ticks until a moment, then one tick."""
        self.tick(end)

    def report(self, unit_id: int, what: str = "meeting", period: str = "2026-03") -> None:
        """Settle an obligation now."""
        with self.session() as session:
            row = obligations.find(session, unit_id, what, period)
            obligations.fulfil(row, None, local(self.now).date(), self.now)

    def owed(self, unit_id: int, what: str = "meeting", period: str = "2026-03") -> Obligation:
        """An obligation as it stands."""
        with self.session() as session:
            return obligations.find(session, unit_id, what, period)

    def notices(self) -> list[Notice]:
        """Every notice."""
        with self.session() as session:
            return list(session.exec(select(Notice).order_by(Notice.id)))

    def account(self, label: str) -> int:
        """A person by what they are called."""
        with self.session() as session:
            return people.account_id(people.account_labelled(session, label, self.now))

    def label(self, account_id: int | None) -> str:
        """What a person is called."""
        with self.session() as session:
            return session.get(people.Account, account_id).label

    def told(self, kind: str = "reminder") -> list[tuple[str, str]]:
        """(local time, person) of everything sent of a kind."""
        rows = [row for row in self.sent if row.kind == kind]
        return [(local(row.finished_at).strftime("%d/%m %H:%M"), self.label(row.account_id)) for row in rows]

    def texts(self, kind: str = "reminder") -> list[str]:
        """The texts sent of a kind."""
        return [TEXTS.text(Message.from_json(row.payload)) for row in self.sent if row.kind == kind]

    def buttons(self) -> list[list[str]]:
        """The labels of the last message sent."""
        return [[label for label, _ in row] for row in TEXTS.buttons(Message.from_json(self.sent[-1].payload))]


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)
