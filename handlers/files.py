"""Which files that come in are read at all."""

from sqlmodel import Session

from handlers import directive_attachment
from handlers.permissions import OFFICE, REPORTERS
from handlers.report_words import wants_file
from models import attachments, people
from models.clock import local_date
from models.messages import Incoming


def wanted(session: Session, incoming: Incoming) -> bool:
    """Return whether the bytes of a file are needed: a report its writers send back, what goes with a directive."""
    today = local_date(incoming.sent_at)
    goes_on = attachments.media_type(incoming.file_name) and directive_attachment.allowed(session, today)
    if incoming.kind != "file" or not (wants_file(incoming.file_name) or goes_on):
        return False
    address = people.address_of(session, incoming.channel, incoming.bot, incoming.address)
    actor = people.actor(session, address.account_id, incoming.sent_at) if address else None
    if actor is None:
        return False
    return actor.holds(*OFFICE) or (wants_file(incoming.file_name) and actor.holds(*REPORTERS))
