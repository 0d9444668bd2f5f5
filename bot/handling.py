"""One stored update becomes its answer: the deed, the state of the talk and the reply commit together."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.alerts import alert
from bot.desk import Delivery, Desk, at_once
from bot.intake import chat_of
from bot.outcomes import bound_at, move_chat, retire
from bot.rendering import menu
from handlers.context import Context, HandlerSettings
from handlers.files import wanted
from models import conversations, inbox, outbox, people
from models.clock import local_date
from models.conversations import Chat, Conversation, account_key
from models.database import new_id
from models.inbox import InboxRow
from models.messages import Arg, Incoming, Message, Say
from models.people import Address

Answer = Callable[[Context, Incoming], list[Message]]


@dataclass(frozen=True, slots=True)
class Core:
    """What handling needs: the handlers' settings, their router, the sending desk, and this process's name."""

    answer: Answer
    settings: HandlerSettings
    desk: Desk
    owner: str


@dataclass(slots=True)
class Handled:
    """What came of one row: replies to send this instant; a file to fetch before it can be handled at all."""

    inbox_id: int
    incoming: Incoming
    deliveries: list[Delivery] = field(default_factory=list)
    immediate: bool = True
    queued: bool = False
    file_wanted: bool = False


class HandlingError(Exception):
    """A handler failed on an inbox row; its cause is what it raised, and nothing of it was kept."""

    def __init__(self, inbox_id: int) -> None:
        super().__init__(f"inbox row {inbox_id}")
        self.inbox_id = inbox_id


@dataclass(frozen=True, slots=True)
class _Talk:
    """Who is being answered: the chat, the address bound there, and the conversation that is locked."""

    chat: Chat
    address: Address | None
    conversation: Conversation


def handle_oldest(
    session: Session,
    core: Core,
    chat: Chat,
    now: datetime,
    files: Mapping[int, bytes | None] | None = None,
    *,
    immediate: bool = True,
) -> Handled | None:
    """Handle the chat's oldest waiting update in this transaction; None when nothing waits (for this process).

    files: what was fetched for rows that asked for it, None where it could not be had. immediate: a reply may leave
    as soon as the transaction is committed; otherwise it waits its turn. Raises HandlingError.
    """
    talk = _talk(session, chat, now)
    row = inbox.oldest_new(session, chat.key, core.owner, now)
    if row is None:
        return None
    handled = Handled(new_id(row.id), Incoming.from_json(row.payload or {}), immediate=immediate)
    fetched = files or {}
    try:
        if handled.inbox_id not in fetched and handled.incoming.file_id and wanted(session, handled.incoming):
            handled.file_wanted = True
            return handled
        _handle(session, core, talk, row, handled, now, file=fetched.get(handled.inbox_id))
    except Exception as error:
        raise HandlingError(handled.inbox_id) from error
    return handled


def _talk(session: Session, chat: Chat, now: datetime) -> _Talk:
    address = bound_at(session, chat, now)
    key = account_key(address.account_id) if address else chat.key
    return _Talk(chat, address, conversations.lock(session, key, now))


def _handle(
    session: Session, core: Core, talk: _Talk, row: InboxRow, handled: Handled, now: datetime, *, file: bytes | None
) -> None:
    incoming = handled.incoming
    if incoming.kind in _EVENTS:
        _EVENTS[incoming.kind](session, talk, incoming, now)
    else:
        context = _context(session, core, talk, row, file, now)
        messages = core.answer(context, incoming)
        if talk.address is None and context.actor is not None:
            # Joined by this very message: the menu it is shown is the account's, where the next line is read.
            account = account_key(context.actor.account_id)
            talk = replace(talk, conversation=conversations.lock(session, account, now))
        _reply(session, core, talk, handled, messages, now)
    inbox.done(session, row, now)


def _context(session: Session, core: Core, talk: _Talk, row: InboxRow, file: bytes | None, now: datetime) -> Context:
    if talk.address:
        talk.address.used_at = now
    can = core.desk.can.get((talk.chat.channel, talk.chat.bot))
    return Context(
        session=session,
        settings=core.settings,
        now=now,
        today=local_date(min(row.sent_at, row.received_at)),
        chat=talk.chat,
        conversation=talk.conversation,
        actor=people.actor(session, talk.address.account_id, now) if talk.address else None,
        inbox_id=new_id(row.id),
        can_edit=can is not None and can.edit,
        has_buttons=can is None or can.buttons,
        file=file,
    )


def _reply(session: Session, core: Core, talk: _Talk, handled: Handled, messages: list[Message], now: datetime) -> None:
    account_id = talk.address.account_id if talk.address else None
    for number, message in enumerate(messages):
        key = f"{handled.inbox_id}:{number}"
        row = outbox.draft(key, message, now, chat=talk.chat, account_id=account_id)
        delivery = at_once(session, core.desk, row, message, now, immediate=handled.immediate)
        if delivery:
            handled.deliveries.append(delivery)
        else:
            handled.queued = True
        if message.buttons:
            talk.conversation.menu = menu(core.desk.texts, message)
            talk.conversation.lettered = message.lettered
            talk.conversation.updated_at = now


def _blocked(session: Session, talk: _Talk, _incoming: Incoming, now: datetime) -> None:
    retire(session, talk.chat, now, "blocked")


def _migrated(session: Session, talk: _Talk, incoming: Incoming, _now: datetime) -> None:
    move_chat(session, talk.chat, incoming.new_address)


def _group(_session: Session, _talk: _Talk, _incoming: Incoming, _now: datetime) -> None:
    """Say nothing to a group: the shell leaves it."""


_EVENTS: dict[str, Callable[[Session, _Talk, Incoming, datetime], None]] = {
    "blocked": _blocked,
    "migrated": _migrated,
    "group": _group,
}


def note_failure(session: Session, failure: HandlingError, now: datetime) -> bool:
    """Count a failed attempt; after the last one park the row, apologise, and alert. Return whether it was parked."""
    row = inbox.failed(session, failure.inbox_id, where(failure.__cause__ or failure), now)
    if row is None or row.state != "parked":
        return row is None
    incoming = Incoming.from_json(row.payload or {})
    apology = Message((Say("system.sorry"),))
    outbox.put(session, f"sorry:{row.id}", apology, now, chat=chat_of(incoming))
    facts: dict[str, Arg] = {"tries": row.tries, "number": new_id(row.id), "channel": row.channel}
    alert(session, f"parked:{row.id}", Say("system.parked_alert", facts), now)
    return True


def where(error: BaseException) -> str:
    """Return the kind of an error and the place it was raised, never its words: they may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
