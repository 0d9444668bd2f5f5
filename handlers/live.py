"""Overviews that stay open on the committee's screens are edited in place as reports arrive."""

from datetime import timedelta

from sqlmodel import col, select

from handlers import overview
from handlers.context import Context
from models import outbox, units
from models.messages import Message
from models.outbox import OutboxRow
from models.periods import parse_period


def refresh(context: Context, unit_id: int, period: str) -> None:
    """Put an edit of every open overview that counts this unit into the outbox."""
    since = context.now - timedelta(hours=context.settings.live_hours)
    for ancestor in units.lineage(context.session, unit_id, parse_period(period).last):
        for shown in outbox.live_rows(context.session, overview.live_name(period, ancestor), since):
            _put_edit(context, shown, overview.message(context, period, ancestor, edits=shown.id))


def _put_edit(context: Context, shown: OutboxRow, message: Message) -> None:
    """Add an edit, or bring the one still waiting up to date: twenty reports at once are one edit."""
    waiting = context.session.exec(
        select(OutboxRow).where(
            OutboxRow.op == "edit",
            OutboxRow.state == "pending",
            col(OutboxRow.unique_key).startswith(f"edit:{shown.id}:"),
        )
    ).first()
    if waiting is not None:
        waiting.payload = message.to_json()
        return
    key = f"edit:{shown.id}:{context.inbox_id}"
    outbox.put(context.session, key, message, context.now, shown.chat, shown.account_id, lane="bulk")
