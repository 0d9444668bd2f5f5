"""The sending desk: takes rows of the outbox, makes them `sending`, and writes down what became of each.

Plain functions over a Session and `now`, so that the asynchronous dispatcher and the virtual clock of `simulate`
share them.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import failover, metering
from bot.channels.base import Capabilities
from bot.limiter import Bot, Limiter
from bot.rendering import Texts
from models import outbox, people
from models import outbox_states as states
from models.conversations import Chat
from models.database import new_id
from models.messages import Message
from models.outbox import OutboxRow
from models.outbox_states import Holder

logger = logging.getLogger(__name__)

_PAGE = 8  # rows looked at together: where the limits are narrow, most of a longer page is read for nothing
_SOON = timedelta(seconds=1)  # how long an edit waits for its message to have left
LEASE_PAUSE = timedelta(seconds=2)  # how long to wait for the right to send to come (back)

Recheck = Callable[[Session, OutboxRow, datetime], bool]


@dataclass(slots=True)
class Desk:
    """What sending needs to know.

    can: what each bot's channel can do (only bots of this process). rechecks: by the kind of a cause, whether a row
    is still to be sent; it may change the row's payload. holders: the bots this process may send on, until when.
    """

    texts: Texts
    can: Mapping[Bot, Capabilities]
    limiter: Limiter
    rechecks: Mapping[str, Recheck] = field(default_factory=dict)
    holders: dict[Bot, tuple[Holder, datetime]] = field(default_factory=dict)

    def holder(self, bot: Bot, now: datetime) -> Holder | None:
        """Return the right to send on a bot, or None when it is not held or was not renewed in time."""
        held = self.holders.get(bot)
        return held[0] if held and held[1] > now else None

    def needs_file(self, chat: Chat, message: Message) -> bool:
        """Return whether a message's document is to be made: some channels carry none and say where it is."""
        can = self.can.get((chat.channel, chat.bot))
        return message.document is not None and (can is None or can.files)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row goes; `edits` is the native message it changes ("" for a new one), `edited_row` its row.

    detour: the chat is another way to the person than the one last used.
    """

    chat: Chat
    edits: str = ""
    edited_row: int | None = None
    detour: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """The row goes nowhere: the state it ends in, and why."""

    state: str
    error: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The row waits for the message it edits."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row on its way: where it goes, what it says, which native message it edits ("" for a new one).

    again: it repeats an uncertain one, and must say so: no piece of it has left yet.
    """

    row_id: int
    holder: Holder
    chat: Chat
    message: Message
    kind: str
    parts_sent: int
    edits: str = ""
    edited_row: int | None = None
    again: bool = False


@dataclass(slots=True)
class Taken:
    """What `take` found: what may leave now, claimed rows whose file must be made first, and when to look again.

    ended: how many rows were found to go nowhere (cancelled, nobody to be reached).
    """

    ready: list[Delivery] = field(default_factory=list)
    to_make: list[Delivery] = field(default_factory=list)
    look_at: datetime | None = None
    ended: int = 0

    def later(self, moment: datetime) -> None:
        """Ask to be looked at again at a moment."""
        self.look_at = min(moment, self.look_at or moment)


def take(session: Session, desk: Desk, now: datetime, room: int) -> Taken:
    """Claim up to `room` due rows the limits let go at `now`, and make `sending` those without a file to be made."""
    first = outbox.first_due(session)
    if first is None or first > now:
        return Taken(look_at=first)
    taken, passed = Taken(look_at=outbox.next_due(session, now)), set[int]()
    while room > 0 and not _all_wait(desk, now, taken):
        rows = outbox.due(session, desk.can, now, min(room, _PAGE), passed)
        for row in rows:
            if _all_wait(desk, now, taken):
                break
            delivery = _claim(session, desk, row, now, taken)
            if delivery:
                room -= 1
                _begin(session, desk, delivery, now, taken)
        passed.update(new_id(row.id) for row in rows)
        if not rows:
            break
    return taken


def _all_wait(desk: Desk, now: datetime, taken: Taken) -> bool:
    free = min((desk.limiter.bot_free(bot, now) for bot in desk.can), default=now)
    if free > now:
        taken.later(free)
    return free > now


def _begin(session: Session, desk: Desk, delivery: Delivery, now: datetime, taken: Taken) -> None:
    if desk.needs_file(delivery.chat, delivery.message):
        taken.to_make.append(delivery)
    elif states.begin(session, delivery.row_id, delivery.holder, now):
        metering.count(session, desk.can, delivery.chat, now)
        taken.ready.append(delivery)


def _claim(session: Session, desk: Desk, row: OutboxRow, now: datetime, taken: Taken) -> Delivery | None:
    place = locate(session, desk, row, now)
    if not isinstance(place, Place):
        _give_up(session, row, place, now, taken)
        return None
    if (place.chat.channel, place.chat.bot) not in desk.can:
        if place.detour:  # this process alone may know why; the one that sends there would wait for it
            states.pin(session, row, place.chat, now)
        return None
    holder = desk.holder((place.chat.channel, place.chat.bot), now)
    free = desk.limiter.earliest(place.chat, now)
    if holder is None or free > now:
        taken.later(free if free > now else now + LEASE_PAUSE)
        return None
    wanted = _still_wanted(session, desk, row, now)
    if not wanted or not metering.allows(session, desk.can, place.chat, row, now):
        states.end(session, row, "cancelled", now, "quota" if wanted else "")
        taken.ended += 1
        return None
    if not states.claim(session, row, place.chat, holder, now, edits=bool(place.edits)):
        return None
    desk.limiter.note(place.chat, now)
    return delivery_of(row, place, holder)


def _give_up(session: Session, row: OutboxRow, place: Over | Wait, now: datetime, taken: Taken) -> None:
    if isinstance(place, Over):
        states.end(session, row, place.state, now, place.error)
        taken.ended += 1
    else:
        states.postpone(session, row, place.until)
        taken.later(place.until)


def delivery_of(row: OutboxRow, place: Place, holder: Holder) -> Delivery:
    """Return what leaves for a row at the place found for it."""
    return Delivery(
        row_id=new_id(row.id),
        holder=holder,
        chat=place.chat,
        message=Message.from_json(row.payload or {}),
        kind=row.kind,
        parts_sent=row.parts_sent if row.chat == place.chat else 0,
        edits=place.edits,
        edited_row=place.edited_row,
        again=row.repeat_of is not None and not row.message_id,
    )


def locate(session: Session, desk: Desk, row: OutboxRow, now: datetime) -> Place | Over | Wait:
    """Return where a row goes now: the chat it names, the message it edits, or the account's last used address."""
    if row.payload is None:
        return Over("failed", "emptied")
    if row.op == "edit" and (edited := _edited(session, desk, row, now)):
        return edited
    if not row.to_account:
        return Place(row.chat)
    reached = people.addresses(session, new_id(row.account_id))
    if not reached:
        return Over("failed", "no_address")
    last_used = Chat(reached[0].channel, reached[0].bot, reached[0].native_id)
    chat = failover.detour(session, desk, row, last_used, now)
    return Place(chat, detour=chat != last_used)


def _edited(session: Session, desk: Desk, row: OutboxRow, now: datetime) -> Place | Over | Wait | None:
    """Return the place of the message a row edits; None where the words are sent anew instead."""
    target = session.get(OutboxRow, (row.payload or {})["edits"])
    if target and target.state in ("pending", "claimed", "sending"):
        return Wait(max(target.not_before, now) + _SOON)
    if target and target.message_id:
        can = desk.can.get((target.channel, target.bot))
        if can is None or can.edit:
            return Place(target.chat, target.message_id, target.id)
    return Over("cancelled", "cannot_edit") if row.live else None


def still_wanted(session: Session, desk: Desk, delivery: Delivery, now: datetime) -> bool:
    """Check the cause of a claimed row again and make it `sending`; a row no longer wanted is cancelled."""
    row = session.get_one(OutboxRow, delivery.row_id, populate_existing=True)
    if _still_wanted(session, desk, row, now):
        begun = states.begin(session, delivery.row_id, delivery.holder, now)
        if begun:
            metering.count(session, desk.can, delivery.chat, now)
        return begun
    states.finish(session, delivery.row_id, delivery.holder, "cancelled", now, was="claimed")
    return False


def _still_wanted(session: Session, desk: Desk, row: OutboxRow, now: datetime) -> bool:
    """Ask the cause again. One that nobody can judge any more is no reason to keep silent."""
    if row.cause is None:
        return True
    recheck = desk.rechecks.get(row.cause.get("kind", ""))
    if recheck is None:
        logger.error("row %d: nobody knows its cause %s", row.id, row.cause.get("kind"))
        return True
    return recheck(session, row, now)


def at_once(
    session: Session, desk: Desk, row: OutboxRow, message: Message, now: datetime, *, immediate: bool = True
) -> Delivery | None:
    """Store a reply, born `sending` if it may leave this instant; else it waits its turn as `pending`."""
    place, holder = _instantly(session, desk, row, message, now) if immediate else (None, None)
    if place and holder:
        states.born_sending(row, holder, now, edits=bool(place.edits))
        metering.count(session, desk.can, place.chat, now)
    outbox.add(session, row)
    return delivery_of(row, place, holder) if place and holder else None


def _instantly(
    session: Session, desk: Desk, row: OutboxRow, message: Message, now: datetime
) -> tuple[Place | None, Holder | None]:
    if desk.needs_file(row.chat, message) or not outbox.is_free(session, row, now):
        return None, None
    place = locate(session, desk, row, now)
    if not isinstance(place, Place) or place.chat != row.chat:
        return None, None
    holder = desk.holder((place.chat.channel, place.chat.bot), now)
    if holder is None or not desk.limiter.reserve(place.chat, now):
        return None, None
    return place, holder
