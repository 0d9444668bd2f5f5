"""Accounts, their addresses on the channels, the posts they hold, and the invitations that bind them."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, col, or_, select

from models.database import BigId, new_id

ROLES = ("secretary", "deputy", "officer", "assigned", "inspector", "viewer", "admin")


class Account(SQLModel, table=True):
    """One person, known by a label ("Bí thư CB05"); `removed_at` when they erased themselves."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    label: str
    created_at: datetime
    joined_at: datetime | None = None
    removed_at: datetime | None = None


class Address(SQLModel, table=True):
    """Where an account is reached: the native id of a chat on one bot of one channel."""

    __table_args__ = (UniqueConstraint("channel", "bot", "native_id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    channel: str
    bot: str
    native_id: str
    bound_at: datetime
    used_at: datetime
    retired_at: datetime | None = None
    retired_reason: str = ""


class Post(SQLModel, table=True):
    """A role an account holds in a unit from one moment to another (valid_to excluded, None: still)."""

    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        # One secretary a unit: two processes cannot both give the post away.
        Index(
            "uq_post_secretary",
            "unit_id",
            unique=True,
            sqlite_where=text("role = 'secretary' AND valid_to IS NULL"),
            postgresql_where=text("role = 'secretary' AND valid_to IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", index=True, sa_type=BigId)
    role: str
    valid_from: datetime
    valid_to: datetime | None = None


class Invitation(SQLModel, table=True):
    """A single-use code that binds an address to an account; only its hash is stored.

    `retires` tells that using it retires the account's earlier addresses (a new phone);
    for a new person the account itself is new and takes over the post.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=BigId)
    code_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    replaced_at: datetime | None = None
    unit_id: int | None = Field(default=None, foreign_key="unit.id", sa_type=BigId)
    role: str = ""


class Stranger(SQLModel, table=True):
    """An address nobody is bound to: its wrong codes, its lockout, and when it was last answered."""

    __table_args__ = (UniqueConstraint("channel", "bot", "native_id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    channel: str
    bot: str
    native_id: str
    wrong_codes: int = 0
    locked_until: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account and the posts it holds at that moment, as (role, unit id)."""

    account_id: int
    label: str
    posts: tuple[tuple[str, int], ...]

    def holds(self, *roles: str) -> bool:
        """Return whether any post is one of the roles."""
        return any(role in roles for role, _ in self.posts)

    def units(self, *roles: str) -> tuple[int, ...]:
        """Return the ids of the units where one of the roles is held, each once, in order."""
        return tuple(dict.fromkeys(unit_id for role, unit_id in self.posts if role in roles))


def hash_code(code: str) -> str:
    """Return the hash an invitation code is stored and looked up by."""
    return hashlib.sha256(code.strip().encode()).hexdigest()


def actor(session: Session, account_id: int, now: datetime) -> Actor:
    """Return the account with the posts it holds at `now`. Raises LookupError."""
    account = session.get(Account, account_id)
    if account is None:
        raise LookupError(f"no account {account_id}")
    posts = session.exec(select(Post).where(Post.account_id == account_id, *_held_at(now)).order_by(col(Post.id)))
    return Actor(account_id, account.label, tuple((post.role, post.unit_id) for post in posts))


def _held_at(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Post.valid_from) <= now, or_(col(Post.valid_to).is_(None), col(Post.valid_to) > now)


def holders(session: Session, unit_id: int, roles: Sequence[str], now: datetime) -> list[int]:
    """Return the ids of the accounts that hold one of the roles in a unit at `now`, each once."""
    rows = session.exec(
        select(Post.account_id)
        .where(Post.unit_id == unit_id, col(Post.role).in_(roles), *_held_at(now))
        .order_by(col(Post.id))
    )
    return list(dict.fromkeys(rows))


def account_labelled(session: Session, label: str, now: datetime) -> Account:
    """Return the account of a label, created where there is none; a label names one person."""
    label = label.strip()
    account = session.exec(select(Account).where(Account.label == label, col(Account.removed_at).is_(None))).first()
    if account is None:
        account = Account(label=label, created_at=now)
        session.add(account)
        session.flush()
    return account


def appoint(session: Session, account_id: int, unit_id: int, role: str, now: datetime) -> list[int]:
    """Give an account a post from `now` on; return the accounts whose post it ended (one secretary a unit)."""
    held = session.exec(select(Post).where(Post.unit_id == unit_id, Post.role == role, *_held_at(now))).all()
    if any(post.account_id == account_id for post in held):
        return []
    ended = list(held) if role == "secretary" else []
    for post in ended:
        post.valid_to = now
    session.flush()
    session.add(Post(account_id=account_id, unit_id=unit_id, role=role, valid_from=now))
    session.flush()
    return [post.account_id for post in ended]


def issue_invitation(
    session: Session,
    account_id: int,
    code: str,
    now: datetime,
    days: int,
    post: tuple[int, str] | None = None,
) -> Invitation:
    """Store a new code for an account; codes of the same account that were not used end. `post`: (unit id, role)."""
    cancel_codes(session, account_id, now)
    unit_id, role = post or (None, "")
    invitation = Invitation(
        account_id=account_id,
        code_hash=hash_code(code),
        created_at=now,
        expires_at=now + timedelta(days=days),
        unit_id=unit_id,
        role=role,
    )
    session.add(invitation)
    session.flush()
    return invitation


def cancel_codes(session: Session, account_id: int, now: datetime) -> None:
    """End the codes of an account that were not used."""
    for old in session.exec(
        select(Invitation).where(
            Invitation.account_id == account_id,
            col(Invitation.used_at).is_(None),
            col(Invitation.replaced_at).is_(None),
        )
    ):
        old.replaced_at = now


def find_invitation(session: Session, code: str) -> Invitation | None:
    """Return the invitation of a code as typed, whatever its state, or None."""
    return session.exec(select(Invitation).where(Invitation.code_hash == hash_code(code))).one_or_none()


def address_of(session: Session, channel: str, bot: str, native_id: str) -> Address | None:
    """Return the address bound at a chat, or None; a retired one counts as none."""
    return session.exec(
        select(Address).where(
            Address.channel == channel,
            Address.bot == bot,
            Address.native_id == native_id,
            col(Address.retired_at).is_(None),
        )
    ).one_or_none()


def bind(session: Session, account_id: int, chat: tuple[str, str, str], now: datetime) -> Address:
    """Bind a chat (channel, bot, native id) to an account."""
    channel, bot, native_id = chat
    row = session.exec(
        select(Address).where(Address.channel == channel, Address.bot == bot, Address.native_id == native_id)
    ).one_or_none()
    row = row or Address(
        account_id=account_id, channel=channel, bot=bot, native_id=native_id, bound_at=now, used_at=now
    )
    row.account_id, row.bound_at, row.used_at, row.retired_at, row.retired_reason = (
        account_id,
        now,
        now,
        None,
        "",
    )
    session.add(row)
    session.flush()
    return row


def retire_addresses(session: Session, account_id: int, now: datetime, reason: str, keep: int | None = None) -> None:
    """Retire every address of an account but `keep`."""
    for row in addresses(session, account_id):
        if row.id != keep:
            row.retired_at, row.retired_reason = now, reason


def addresses(session: Session, account_id: int) -> list[Address]:
    """Return the living addresses of an account, the last used first."""
    return list(
        session.exec(
            select(Address)
            .where(Address.account_id == account_id, col(Address.retired_at).is_(None))
            .order_by(col(Address.used_at).desc(), col(Address.id).desc())
        )
    )


def reachable(session: Session, account_ids: Collection[int]) -> set[int]:
    """Return those of some accounts that have a living address."""
    wanted = set(account_ids)
    living = select(Address.account_id).where(col(Address.retired_at).is_(None))
    if len(wanted) <= 500:  # a longer list is sifted here: a statement takes some thousands of values
        living = living.where(col(Address.account_id).in_(wanted))
    found = session.exec(living).all()
    return wanted & set(found)


def stranger(session: Session, chat: tuple[str, str, str]) -> Stranger:
    """Return the record of an unbound chat, created where there is none."""
    channel, bot, native_id = chat
    row = session.exec(
        select(Stranger).where(Stranger.channel == channel, Stranger.bot == bot, Stranger.native_id == native_id)
    ).one_or_none()
    if row is None:
        row = Stranger(channel=channel, bot=bot, native_id=native_id)
        session.add(row)
        session.flush()
    return row


def account_id(account: Account) -> int:
    """Return the id of a stored account."""
    return new_id(account.id)
