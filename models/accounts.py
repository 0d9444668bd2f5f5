"""Beginning and ending an account: a new person in a post, and someone who erases themselves."""

from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from models.people import Account, Address, Invitation, Post, account_id
from models.submissions import Submission


def new_account(session: Session, label: str, now: datetime) -> int:
    """Create an account for a new person and return its id; a label in use gets a number."""
    taken = set(session.exec(select(Account.label).where(col(Account.label).startswith(label))))
    free = (
        label
        if label not in taken
        else next(f"{label} ({n})" for n in range(2, len(taken) + 3) if f"{label} ({n})" not in taken)
    )
    account = Account(label=free, created_at=now)
    session.add(account)
    session.flush()
    return account_id(account)


def remove_account(session: Session, removed_id: int, now: datetime) -> None:
    """Erase a person: addresses, codes and label go, posts end; reports stay, they are the branch's."""
    account = session.get(Account, removed_id)
    if account is None:
        return
    account.label, account.removed_at = "", now
    for post in session.exec(select(Post).where(Post.account_id == removed_id, col(Post.valid_to).is_(None))):
        post.valid_to = now
    session.execute(delete(Address).where(col(Address.account_id) == removed_id))
    session.execute(delete(Invitation).where(col(Invitation.account_id) == removed_id))


def reports_sent(session: Session, sender_id: int) -> int:
    """Return how many reports, corrections included, a person has sent."""
    return session.exec(select(func.count()).select_from(Submission).where(Submission.account_id == sender_id)).one()
