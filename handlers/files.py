"""Which files that come in are read at all."""

from sqlmodel import Session

from handlers.report import WRITERS, wants_file
from models import people
from models.messages import Incoming


def wanted(session: Session, incoming: Incoming) -> bool:
    """Return whether the bytes of a file are needed to answer it: a report that its office sends back, nothing else."""
    if incoming.kind != "file" or not wants_file(incoming.file_name):
        return False
    address = people.address_of(session, incoming.channel, incoming.bot, incoming.address)
    actor = people.actor(session, address.account_id, incoming.sent_at) if address else None
    return actor is not None and actor.holds(*WRITERS)
