"""What ends with a post: the holder's open draft and the reminders still waiting to leave."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from models import outbox, units
from models.conversations import Conversation, account_key
from models.database import new_id
from models.messages import Message, Say
from models.notices import Notice
from models.obligations import Obligation
from models.outbox import OutboxRow


def end_of_post(session: Session, account_id: int, unit_id: int, now: datetime) -> None:
    """Drop the open draft about a unit and cancel the notices not yet sent, of an account whose post there ended.

    A person may hold posts elsewhere: a draft about another unit stays, and so does a message that carries notices
    of other units too (what it says is checked once more when it leaves).
    """
    talk = session.exec(select(Conversation).where(Conversation.key == account_key(account_id))).one_or_none()
    dropped = bool(talk and talk.draft and talk.draft.get("unit_id", unit_id) == unit_id)
    if talk and dropped:
        talk.draft, talk.menu, talk.updated_at = None, [], now
    for row_id in _waiting_notices(session, account_id):
        if _units_told_of(session, row_id) == {unit_id}:
            _cancel(session, row_id, now)
    _tell(session, account_id, unit_id, now, dropped=dropped)


def _tell(session: Session, account_id: int, unit_id: int, now: datetime, *, dropped: bool) -> None:
    """Tell the former holder that somebody else reports now: else what they type is refused without a word."""
    ended = Say("join.post_ended", {"unit": units.get(session, unit_id).name})
    parts = (ended, Say("join.draft_dropped")) if dropped else (ended,)
    key = f"post-ended:{account_id}:{unit_id}:{now.isoformat()}"
    outbox.put(session, key, Message(parts), now, account_id=account_id)


def _waiting_notices(session: Session, account_id: int) -> list[int]:
    carries = select(Notice.outbox_id).where(Notice.account_id == account_id, col(Notice.outbox_id).is_not(None))
    rows = select(OutboxRow.id).where(OutboxRow.state == "pending", col(OutboxRow.id).in_(carries))
    return [new_id(row_id) for row_id in session.exec(rows)]


def _units_told_of(session: Session, row_id: int) -> set[int]:
    told = select(Obligation.unit_id).join(Notice, col(Notice.obligation_id) == col(Obligation.id))
    return set(session.exec(told.where(Notice.outbox_id == row_id)))


def _cancel(session: Session, row_id: int, now: datetime) -> None:
    # Only while it is still pending: a sender in another process may have claimed it meanwhile.
    pending = (col(OutboxRow.id) == row_id, col(OutboxRow.state) == "pending")
    session.execute(update(OutboxRow).where(*pending).values(state="cancelled", finished_at=now, error="post_ended"))
