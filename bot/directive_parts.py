"""What directives need of the running program: is a message still to be sent, the next portion, screens, the table."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from bot.channels.base import File
from bot.report_files import XLSX
from bot.ticks import Tick
from handlers import directive_message, directive_screen
from models import attachments, directive_sending
from models.directives import Directive, DirectiveRecipient
from models.outbox import OutboxRow
from reports import directive_xlsx


def still_to_send(session: Session, row: OutboxRow, now: datetime) -> bool:
    """Return whether a directive still counts and its recipient is still the one; write what comes after it."""
    cause = row.cause or {}
    number = int(cause.get("directive", 0))
    # Asked for every message: the row itself names all the branches it goes to, thousands perhaps.
    found = session.exec(_HOW_FAR.where(Directive.id == number)).one_or_none()
    if found is None or found[0] != "active" or row.account_id is None:
        return False
    _, roles, prepared, refresh_at = found
    if cause.get("upto", 0) >= prepared:
        prepare(session, session.get_one(Directive, number), now)
    if refresh_at is None or refresh_at <= now:
        directive_screen.touch(session, session.get_one(Directive, number), now)
    return directive_sending.still_addressed(session, number, roles, row.account_id, now)


_HOW_FAR = select(Directive.state, Directive.roles, Directive.prepared, Directive.refresh_at)


def prepare(session: Session, directive: Directive, now: datetime) -> None:
    """Write the next portion of a directive, if there is one."""
    if directive.prepared < len(directive.unit_ids):
        message = directive_message.message(session, directive)
        directive_sending.prepare(session, directive, message, now)


def tick(session: Session, now: datetime) -> None:
    """Write the next portion of directives of which nothing waits: none of its rows came as far as being sent."""
    for directive in _unfinished(session):
        prepare(session, directive, now)


def next_moment(session: Session, now: datetime) -> datetime | None:
    """Return `now` while there is a portion to write."""
    return now if _unfinished(session) else None


def _unfinished(session: Session) -> list[Directive]:
    active = session.exec(
        select(Directive).where(Directive.state == "active").order_by(col(Directive.id).desc()).limit(50)
    )
    return [one for one in active if one.prepared < len(one.unit_ids) and not _waits(session, one)]


def _waits(session: Session, directive: Directive) -> bool:
    waiting = (
        select(OutboxRow.id)
        .join(DirectiveRecipient, col(DirectiveRecipient.outbox_id) == col(OutboxRow.id))
        .where(
            DirectiveRecipient.directive_id == directive.id,
            col(OutboxRow.state).in_(("pending", "claimed", "sending")),
        )
    )
    return session.exec(waiting.limit(1)).first() is not None


def table(session: Session, args: Mapping[str, str | int]) -> File:
    """Return the workbook of who received and did what; args: directive (its id)."""
    directive = session.get_one(Directive, int(args["directive"]))
    return File("chi-dao.xlsx", directive_xlsx.workbook(session, directive), XLSX)


def attachment(session: Session, args: Mapping[str, str | int]) -> File:
    """Return the file that goes with a directive; args: file (its id). Raises LookupError once it was emptied."""
    name, content = attachments.get(session, int(args["file"]))
    return File(name, content, attachments.media_type(name))


RECHECKS = {directive_sending.CAUSE: still_to_send, directive_screen.VIEW: directive_screen.write_edit}
DOCUMENTS = {"directive_xlsx": table, "directive_file": attachment}
TICK = Tick("directives", tick, next_moment)
