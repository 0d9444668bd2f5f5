"""A stage whose people hold real phones: every deed passes a channel's own adapter and a fake of its server.

What people do goes in as the channel carries it (Telegram's updates, Zalo's events, the page's frames); what they are
told leaves through the adapter. On Zalo a button is a number, a letter or a word that is typed.
"""

import asyncio
import itertools
import re
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import md5
from typing import Any, Protocol

from sqlmodel import Session, select

from bot import parts
from bot.channels.base import Capabilities, Limits, Outgoing, Received
from bot.channels.script import ScriptChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.web.channel import WebChannel
from bot.channels.web.frames import Written, written
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.api import Api
from bot.desk import Desk
from bot.handling import Core
from bot.limiter import Limiter
from bot.rendering import Texts
from handlers import router
from models import bubbles, sender_leases
from models.database import unit_of_work
from models.outbox_states import Holder
from models.people import Address
from models.vietnamese.folding import fold
from tests.e2e.client import BEGIN, Screens, Shown, Stage
from tests.fakes.telegram_server import TOKEN, TelegramServer
from tests.fakes.web_page import Demo
from tests.fakes.zalo_server import ZaloServer


class Adapter(Protocol):
    """What a phone needs of a channel."""

    name: str
    bot: str
    capabilities: Capabilities
    limits: Limits

    async def receive(self, accept: Any) -> None: ...

    async def send(self, outgoing: Outgoing) -> str: ...

    async def edit(self, outgoing: Outgoing, message_id: str) -> None: ...

    async def close(self) -> None: ...


class Phones:
    """The phones of one channel: `adapter` is the product's, what people do is the subclass's."""

    adapter: Adapter

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.now = BEGIN
        self._came: list[Received] = []
        self._more = asyncio.Event()
        self._receiving: asyncio.Task[None] | None = None

    # What the world of `simulate` asks of its channel ------------------------------------------------------------

    def begin_after(self, number: int) -> None:
        """Do nothing: the servers number their messages themselves."""

    def deliver(self, outgoing: Outgoing, now: datetime, _kind: str, edits: str = "") -> str:
        self.now = now
        if not edits:
            return self.run(self.adapter.send(outgoing))
        self.run(self.adapter.edit(outgoing, edits))
        return edits

    def seconds(self) -> float:
        """Return the time as the fakes read it."""
        return self.now.timestamp()

    # What a stage asks ------------------------------------------------------------------------------------------

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 20))

    def opened(self, stage: "PhoneStage") -> None:
        self.run(self._open(stage))

    async def _open(self, _stage: "PhoneStage") -> None:
        self._receiving = asyncio.create_task(self.adapter.receive(self._accept))
        await asyncio.sleep(0)

    async def _accept(self, batch: Sequence[Received]) -> None:
        self._came.extend(batch)
        self._more.set()

    def received(self, expected: int) -> list[Received]:
        """Return what the adapter has read of what people did."""
        self.run(self._until(expected))
        came, self._came = self._came, []
        return came

    async def _until(self, expected: int) -> None:
        while len(self._came) < expected:
            self._more.clear()
            await self._more.wait()

    def closed(self) -> None:
        self.run(self._close())
        self.loop.run_until_complete(self._end_tasks())
        self.loop.close()

    async def _end_tasks(self) -> None:
        """End what a server still does for connections that are cut."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _close(self) -> None:
        if self._receiving:
            self._receiving.cancel()
            with suppress(asyncio.CancelledError):
                await self._receiving
        await self.adapter.close()

    def native_id(self, who: str) -> str:
        raise NotImplementedError

    def looked_at(self, who: str) -> None:
        """Let a person look at the screen before the next deed."""

    def does(self, who: str, deed: str, said: str, how: str) -> int:
        """Let a person do something; return how many updates come of it, 0 for what the channel has no way to do."""
        raise NotImplementedError


class OnTelegram(Phones):
    def __init__(self) -> None:
        super().__init__()
        self.server = TelegramServer(clock=self.seconds)
        self.server.world.windows.enabled = False  # the limiter runs on the stage's clock, this server on no clock
        self._ever: dict[tuple[str, str], tuple[int, str]] = {}  # (who, label) -> the first button of that label

    async def _open(self, stage: "PhoneStage") -> None:
        await self.server.__aenter__()
        self.adapter = TelegramChannel(TOKEN, TOKEN.partition(":")[0], self.server.url, clock=lambda: self.now)
        for who in stage.people:
            self.server.user(who).chat.closed = ""
        await super()._open(stage)

    async def _close(self) -> None:
        await super()._close()
        await self.server.__aexit__(None, None, None)

    def native_id(self, who: str) -> str:
        return str(self.server.user(who).id)

    def looked_at(self, who: str) -> None:
        for sent in self.server.user(who).inbox:
            for label, data in (button for row in sent.buttons for button in row):
                self._ever.setdefault((who, label), (sent.message_id, data))

    def does(self, who: str, deed: str, said: str, how: str) -> int:
        user = self.server.user(who)
        match deed:
            case "press" if how == "old":
                user.presses_on(*self._ever[who, said])
            case "press":
                user.presses(said)
            case "photo":
                user.sends_photo()
            case "voice":
                user.sends_voice()
            case "sticker":
                user.sends_sticker()
            case "file":
                user.sends_document(said, b"")
            case "group":
                user.writes_in(user.adds_to_group(), said)
                return 2
            case "text":
                user.says(said)
            case _:
                return 0
        return 1


class OnZalo(Phones):
    """A button is its number or letter, its label, or the label without accents, in turns."""

    def __init__(self) -> None:
        super().__init__()
        self.server = ZaloServer(clock=self.seconds)
        self.server.bot.monthly = 10_000
        self.adapter = ZaloChannel(Api(self.server.transport()), "mot", lambda: self.now, poll_seconds=60)
        self._turns = itertools.count()

    async def _open(self, stage: "PhoneStage") -> None:
        for who in stage.people:
            self.server.bot.users[self.server.user(who).id] = who
        await super()._open(stage)

    async def _close(self) -> None:
        self.server.world.idle_seconds = 0.001
        self.server.user("bt1").says("tạm biệt")  # ends the open poll, which a stop waits for
        await super()._close()

    def native_id(self, who: str) -> str:
        return self.server.user(who).id

    def does(self, who: str, deed: str, said: str, how: str) -> int:
        user = self.server.user(who)
        match deed:
            case "press" if how == "old":
                return 0  # a menu that is no longer open has no number
            case "press":
                user.says(self._typed(user.inbox, said))
            case "photo":
                user.sends_photo()
            case "voice":
                user.sends_voice()
            case "sticker":
                user.sends_sticker()
            case "file" | "other":
                user.sends_file()
            case "group":
                user.mentions_in_group(said)
            case "text":
                user.says(said)
            case _:
                return 0
        return 1

    def _typed(self, inbox: Sequence[str], label: str) -> str:
        turn = next(self._turns) % 3
        mark = next(filter(None, (_mark(text, label) for text in reversed(inbox))), "")
        assert mark or any(label in text for text in inbox), f"nobody offered {label!r}: {inbox[-3:]}"
        if turn == 0 and mark and mark == _mark_of_last_menu(inbox, label):
            return mark
        return fold(label) + "." if turn == 1 else label


_MENU = re.compile(r"(?m)^(\d+|[a-z])\. ")


def _mark(text: str, label: str) -> str:
    found = re.search(rf"(?m)^(\d+|[a-z])\. {re.escape(label)}$", text)
    return found.group(1) if found else ""


def _mark_of_last_menu(inbox: Sequence[str], label: str) -> str:
    last = next((text for text in reversed(inbox) if _MENU.search(text)), "")
    return _mark(last, label)


class OnThePage(Phones):
    def __init__(self) -> None:
        super().__init__()
        self._ids = itertools.count(1)
        self._ever: dict[tuple[str, str], dict[str, Any]] = {}

    async def _open(self, stage: "PhoneStage") -> None:
        async def run(work: Any) -> Any:
            with unit_of_work(stage.engine) as session:
                return work(session)

        self.engine = stage.engine
        self.adapter = WebChannel(run, 0, Demo(demo=False), lambda: self.now, marked=stage.marked)
        await super()._open(stage)
        while self.adapter._accept is None:  # noqa: ASYNC110  # it serves from its first turn on
            await asyncio.sleep(0)

    def native_id(self, who: str) -> str:
        return md5(who.encode(), usedforsecurity=False).hexdigest()

    def does(self, who: str, deed: str, said: str, how: str) -> int:
        frame: dict[str, Any] = {"type": "text", "id": f"{next(self._ids):08}", "text": said}
        match deed:
            case "press":
                frame |= {"type": "press", "label": said, **self._button(who, said, old=how == "old")}
            case "file":
                file = Written(frame["id"], file_name=said, content=b"", media_type="application/pdf")
                self.run(self.adapter.take(self.native_id(who), file))
                return 1
            case "text":
                pass
            case _:
                return 0
        self.run(self.adapter.take(self.native_id(who), written(frame)))
        return 1

    def looked_at(self, who: str) -> None:
        for label, button in self._buttons(who):
            self._ever.setdefault((who, label), button)

    def _button(self, who: str, label: str, *, old: bool) -> dict[str, Any]:
        return self._ever[who, label] if old else dict(self._buttons(who))[label]

    def _buttons(self, who: str) -> list[tuple[str, dict[str, Any]]]:
        """Return every button on a screen by its label, the newest last."""
        with Session(self.engine) as session:
            shown = bubbles.history(session, self.native_id(who), 1000)
        return [
            (label, {"bubble": bubble.id, "action": action})
            for bubble in shown
            for row in bubble.buttons
            for label, action in row
        ]


class PhoneStage(Stage):
    """The stage of the transcripts, its people reached on a channel's own adapter."""

    def __init__(self, url: str, channel: ScriptChannel, screens: Screens, *, phones: Phones, people: Any, **rest: Any):
        super().__init__(url, channel, screens, **rest)
        self.people = people
        self.phones = phones
        self.marked = lambda text: False
        phones.opened(self)
        self._channel = phones  # type: ignore[assignment]
        self._where = (phones.adapter.name, phones.adapter.bot)
        self._build()
        self._move_in()

    def _build(self) -> None:
        adapter = self.phones.adapter
        desk = Desk(
            Texts.load(), {self._where: adapter.capabilities}, Limiter({self._where: adapter.limits}), parts.RECHECKS
        )
        self._core = Core(router.answer, self.settings, desk, "stage")

    def restart(self) -> None:
        """Let the program stop and start again; the phones keep what they show."""
        self.engine.dispose()
        self._build()
        with self.session as session:
            self._hold_lease(session, self.clock)

    def _move_in(self) -> None:
        channel, bot = self._where
        with self.session as session:
            for address in session.exec(select(Address)):
                address.channel, address.bot = channel, bot
                address.native_id = self.phones.native_id(address.native_id)

    def _hold_lease(self, session: Session, now: datetime) -> None:
        channel, bot = self._where
        lease = sender_leases.take(session, f"{channel}/{bot}", self._core.owner, now, 10**9)
        assert lease
        holder = Holder(channel, bot, lease.owner, lease.fencing)
        self._core.desk.holders[channel, bot] = (holder, datetime.max.replace(tzinfo=UTC))

    def receive(self, who: str, **said: Any) -> list[Shown]:
        """Let a person do something, and let everything be shown because of it."""
        text, kind = said.get("text", ""), said.get("kind", "text")
        if kind == "press":
            raise AssertionError("an old button is pressed by its label")
        self.does(who, kind, said.get("file_name") or text)
        return []

    def press(self, who: str, label: str) -> list[Shown]:
        self.does(who, "press", label)
        return []

    def does(self, who: str, deed: str, said: str, how: str = "") -> None:
        self.at(self.clock)
        self.phones.now = self.clock
        expected = self.phones.does(who, deed, said, how)
        self._take_in(self.phones.received(expected))
        self._settle()
        for one in self.people:
            self.phones.looked_at(one)


PHONES = {"telegram": OnTelegram, "zalo": OnZalo, "web": OnThePage}
