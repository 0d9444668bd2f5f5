"""The synchronous core with one fake bot, and people to talk to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import inf

from sqlalchemy import Engine
from sqlmodel import select

from bot.channels.base import Capabilities, Limits
from bot.desk import Desk
from bot.handling import Answer, Core
from bot.limiter import Limiter
from bot.rendering import Texts
from handlers.context import HandlerSettings
from models import people, sender_leases
from models.conversations import Chat
from models.database import unit_of_work
from models.messages import Message, verbatim
from models.outbox import OutboxRow
from models.outbox_states import Holder
from models.units import Unit
from tests.fakes.channel import NOW

BOT = ("fake", "main")
CHAT = Chat(*BOT, "5")
ABLE = Capabilities()
FAST = Limits(inf, inf, inf)
FOREVER = datetime.max.replace(tzinfo=UTC)


def echo(_context, incoming):
    return [Message((verbatim(incoming.text),))]


def make_core(
    engine: Engine,
    answer: Answer = echo,
    *,
    limits: Limits = FAST,
    can: Capabilities = ABLE,
    owner: str = "me",
    texts: Texts | None = None,
    holding: bool = True,
) -> Core:
    desk = Desk(texts or Texts.load(), {BOT: can}, Limiter({BOT: limits}))
    if holding:
        with unit_of_work(engine) as session:
            lease = sender_leases.take(session, "fake/main", owner, NOW, 15)
            assert lease is not None
            desk.holders[BOT] = (Holder(*BOT, owner, lease.fencing), FOREVER)
    return Core(answer, HandlerSettings(lambda: "CODE"), desk, owner)


def person(engine: Engine, label: str, address: str, role: str = "", at: datetime = NOW) -> int:
    """Let someone be bound to an address, and hold a role in the one unit there is."""
    with unit_of_work(engine) as session:
        account_id = people.account_id(people.account_labelled(session, label, at))
        people.bind(session, account_id, (*BOT, address), at)
        if role:
            people.appoint(session, account_id, _unit(session), role, at)
        return account_id


def _unit(session) -> int:
    unit = session.exec(select(Unit)).first()
    if unit is None:
        unit = Unit(code="DU", code_key="du", name="Đảng ủy", kind="dang_bo")
        session.add(unit)
        session.flush()
    return unit.id


def rows(engine: Engine, where: Callable[[OutboxRow], bool] = lambda _row: True) -> list[OutboxRow]:
    with unit_of_work(engine) as session:
        return [row for row in session.exec(select(OutboxRow).order_by(OutboxRow.id)) if where(row)]
