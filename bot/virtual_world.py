"""A world whose clock is moved by a script: the synchronous core on a virtual clock."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from bot import desk as sending
from bot import outcomes
from bot.channels.base import File, Received, SendError
from bot.channels.script import BOT, NAME, ScriptChannel
from bot.desk import Delivery
from bot.envelope import envelope
from bot.handling import Core, HandlingError, handle_oldest, note_failure, where
from bot.intake import chat_of, store
from bot.script_events import Event, InputError
from bot.ticks import Tick
from models import sender_leases
from models.conversations import Chat
from models.database import unit_of_work
from models.inbox import InboxRow
from models.messages import Arg, Document, Incoming, Say
from models.outbox import OutboxRow
from models.outbox_states import Holder

logger = logging.getLogger(__name__)

_ROOM = 64
_FOREVER = datetime.max.replace(tzinfo=UTC)
_LEASE_SECONDS = 10**9
_MINUTE = timedelta(minutes=1)


class World:
    """The virtual clock and everything that happens on it.

    make: turns a Document into its file. folders: where the files that people send are looked for.
    """

    def __init__(
        self,
        engine: Engine,
        core: Core,
        channel: ScriptChannel,
        ticks: Sequence[Tick],
        make: Callable[[Document], File],
        folders: Sequence[Path],
    ) -> None:
        self._engine = engine
        self._core = core
        self._channel = channel
        self._ticks = ticks
        self._make = make
        self._folders = folders
        self.now: datetime | None = None
        self._down_until: datetime | None = None
        self._waiting: list[Received] = []
        self._updates = 0
        self._look_at: datetime | None = None  # when the outbox is looked at again
        self._tick_at: datetime | None = None  # when the ticks are next needed, unless something happened since
        self._ticked_at: datetime | None = None  # unless something happened since
        self._last_tick: datetime | None = None
        self._unplanned = True

    def play(self, event: Event) -> None:
        """Let time pass to an event and let it happen. Raises InputError."""
        self._pass(event.at)
        if event.down_until:
            self._down_until = event.down_until
        elif event.fault_to:
            self._channel.fail_next(event.fault_to, event.error)
        elif event.sender:
            self._receive(event)

    def finish(self) -> None:
        """Send what is due at the moment of the last event, however long the limits make it take."""
        if self._down_until:
            self._pass(self._down_until)
        end = self.now
        while end and self._look_at and self._anything_due(end):
            self.now = self._look_at
            self._send_due()

    def _pass(self, to: datetime) -> None:
        if self.now is None:
            self._begin(to)
        if self._down_until:
            if to < self._down_until:
                self.now = to
                return
            self._come_back(self._down_until)
        self._work_until(to)

    def _begin(self, now: datetime) -> None:
        self.now = now
        with unit_of_work(self._engine) as session:
            self._hold_lease(session, now)
            outcomes.recover(session, self._core.owner, now)
            self._updates = session.exec(select(func.count(col(InboxRow.id)))).one()
            numbers = session.exec(select(OutboxRow.message_id).where(OutboxRow.channel == NAME)).all()
            self._channel.begin_after(max((int(number or 0) for number in numbers), default=0))
        self._run_ticks()

    def _hold_lease(self, session: Session, now: datetime) -> None:
        lease = sender_leases.take(session, f"{NAME}/{BOT}", self._core.owner, now, _LEASE_SECONDS)
        if lease is None:
            raise RuntimeError("another process sends on the script channel of this database")
        self._core.desk.holders[NAME, BOT] = (Holder(NAME, BOT, lease.owner, lease.fencing), _FOREVER)

    def _come_back(self, moment: datetime) -> None:
        """After an outage: first what people wrote meanwhile, then what fell due."""
        self.now, self._down_until = moment, None
        waiting, self._waiting = self._waiting, []
        self._take_in(waiting)
        self._run_ticks()

    def _work_until(self, to: datetime) -> None:
        """Stop at every moment at which something is due, up to `to`."""
        while (moment := self._next_moment()) and moment <= to:
            self.now = max(moment, self._time)
            if self._tick_at and self._tick_at <= self._time:
                self._run_ticks()
            else:
                self._send_due()
        self.now = to

    @property
    def _time(self) -> datetime:
        if self.now is None:
            raise RuntimeError("the clock has not begun")
        return self.now

    def _next_moment(self) -> datetime | None:
        """Return when something is due next."""
        if self._unplanned:
            self._tick_at, self._unplanned = self._next_tick(), False
        return min((moment for moment in (self._tick_at, self._look_at) if moment), default=None)

    def _next_tick(self) -> datetime | None:
        """Return when the ticks have something to do next; what they were asked for by now, they have done."""
        with unit_of_work(self._engine) as session:
            moments = [tick.next_moment(session, self._time) for tick in self._ticks]
        done = self._ticked_at
        return min((moment for moment in moments if moment and (done is None or moment > done)), default=None)

    def _run_ticks(self) -> None:
        for tick in self._ticks:
            with unit_of_work(self._engine) as session:
                tick.run(session, self._time)
        self._ticked_at = self._last_tick = self._time
        self._unplanned = True
        self._send_due()

    def _keep_up(self) -> None:
        """Tick before an event, as the program does every minute: what happens now moves no moment gone by."""
        if self._last_tick is None or self._time - self._last_tick > _MINUTE:
            self._run_ticks()

    def _receive(self, event: Event) -> None:
        self._updates += 1
        received = Received(NAME, BOT, str(self._updates), self._incoming(event, str(self._updates)))
        if self._down_until:
            self._waiting.append(received)
        else:
            self._keep_up()
            self._take_in([received])

    def _incoming(self, event: Event, update_id: str) -> Incoming:
        said = Incoming(NAME, BOT, update_id, event.sender, event.at, text=event.text)
        if event.press:
            button = self._channel.button(event.sender, event.press)
            if button is None:
                told: dict[str, Arg] = {"label": event.press, "who": event.sender}
                raise InputError(event.line, Say("cli.script.no_button", told))
            return replace(said, kind="press", action=button[0], message_id=button[1])
        if event.file:
            file = self._file(event)
            return replace(said, kind="file", file_name=file.name, file_id=str(file))
        return said

    def _file(self, event: Event) -> Path:
        for folder in self._folders:
            if (folder / event.file).is_file():
                return folder / event.file
        raise InputError(event.line, Say("cli.script.no_file", {"name": event.file}))

    def _take_in(self, received: list[Received]) -> None:
        with unit_of_work(self._engine) as session:
            store(session, received, self._core.owner, self._time)
        for update in received:
            if update.incoming:
                self._handle(chat_of(update.incoming))
        self._unplanned, self._ticked_at = True, None
        self._send_due()

    def _handle(self, chat: Chat) -> None:
        files: dict[int, bytes | None] = {}
        while True:
            try:
                with unit_of_work(self._engine) as session:
                    handled = handle_oldest(session, self._core, chat, self._time, files)
            except HandlingError as failure:
                if self._gave_up(failure):
                    return
                continue
            if handled is None or not handled.file_wanted:
                break
            files[handled.inbox_id] = Path(handled.incoming.file_id).read_bytes()
        for delivery in handled.deliveries if handled else ():
            self._send(delivery)

    def _gave_up(self, failure: HandlingError) -> bool:
        logger.error("a handler failed: %s", where(failure.__cause__ or failure))
        with unit_of_work(self._engine) as session:
            return note_failure(session, failure, self._time)

    def _send_due(self) -> None:
        """Send whatever may leave at this moment; remember when to look again."""
        desk = self._core.desk
        while True:
            with unit_of_work(self._engine) as session:
                taken = sending.take(session, desk, self._time, _ROOM)
            self._unplanned = self._unplanned or taken.ended > 0
            for delivery in taken.to_make:
                self._make_and_send(delivery)
            for delivery in taken.ready:
                self._send(delivery)
            if not taken.ready and not taken.to_make:
                self._look_at = taken.look_at
                return

    def _make_and_send(self, delivery: Delivery) -> None:
        file = self._make(delivery.message.document) if delivery.message.document else None
        with unit_of_work(self._engine) as session:
            wanted = sending.still_wanted(session, self._core.desk, delivery, self._time)
        if wanted:
            self._send(delivery, file)

    def _send(self, delivery: Delivery, file: File | None = None) -> None:
        outgoing, more = envelope(self._core.desk, delivery, file)
        try:
            message_id = self._channel.deliver(outgoing, self._time, delivery.kind, delivery.edits)
        except SendError as error:
            with unit_of_work(self._engine) as session:
                outcomes.missed(session, self._core.desk, delivery, error, self._time)
        else:
            with unit_of_work(self._engine) as session:
                outcomes.sent(session, delivery, message_id, self._time, more=more)

    def _anything_due(self, end: datetime) -> bool:
        due = select(OutboxRow.id).where(OutboxRow.state == "pending", OutboxRow.not_before <= end)
        with unit_of_work(self._engine) as session:
            return session.exec(due.limit(1)).first() is not None
