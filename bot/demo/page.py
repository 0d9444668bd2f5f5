"""The page of the demonstration: everybody's phone may be picked up, and time moves when asked to."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.channels.web.page import Person
from bot.demo.builder import BOT, CHANNEL
from bot.program import App
from bot.rendering import Texts
from models.messages import Say
from models.people import ROLES, Account, Address, Post
from models.units import Unit

_BRANCH = ("secretary", "deputy")
_UPPER = tuple(role for role in ROLES if role not in _BRANCH)


class DemoPage:
    """The people of the demonstration's database, and the program's clock."""

    demo = True

    def __init__(self, app: App) -> None:
        self._app = app

    async def people(self) -> Sequence[Person]:
        """Return everybody whose phone is on the page: the office first, then the branches by code."""
        return await asyncio.to_thread(self._people)

    async def now(self) -> datetime:
        """Return the time of the demonstration."""
        return self._app.clock()

    async def advance(self, to: datetime) -> None:
        """Let time pass, and what falls due on the way happen. Raises ValueError backwards."""
        await self._app.pass_time(to)

    def _people(self) -> list[Person]:
        with Session(self._app.reader) as session:
            return people(session, self._app.texts, self._app.clock())


def people(session: Session, texts: Texts, now: datetime) -> list[Person]:
    """Return everybody with an address on the page and a post at `now`."""
    found: dict[str, list[tuple[str, Post, Unit]]] = {}
    query = (
        select(Address.native_id, Account.label, Post, Unit)
        .join(Account, col(Address.account_id) == col(Account.id))
        .join(Post, col(Post.account_id) == col(Account.id))
        .join(Unit, col(Post.unit_id) == col(Unit.id))
        .where(Address.channel == CHANNEL, Address.bot == BOT, col(Address.retired_at).is_(None))
        .order_by(col(Unit.kind) == "chi_bo", col(Unit.code_key), col(Post.id))
    )
    for address, label, post, unit in session.exec(query):
        if post.valid_from <= now and (post.valid_to is None or post.valid_to > now):
            found.setdefault(address, []).append((label, post, unit))
    listed = [_person(texts, address, held) for address, held in found.items()]
    return sorted(listed, key=lambda person: person.group != texts.sentence("demo.group_committee"))


def _person(texts: Texts, address: str, held: list[tuple[str, Post, Unit]]) -> Person:
    label, first, unit = held[0]
    group = texts.sentence("demo.group_committee" if first.role in _UPPER else "demo.group_branches")
    role = texts.render(Say(f"role.{first.role}", {"unit": unit.name}))
    if len(held) > 1:
        role = texts.render(Say("demo.more_posts", {"role": role, "more": len(held) - 1}))
    return Person(address, label, role, group)
