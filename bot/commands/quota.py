"""`quota`: what the numbered messages of this month are used for, and what a month will need."""

import sys
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from bot.channels.zalo import Zalo, ZaloBot, declare_plans
from bot.commands.console import database, wrong
from bot.config import Settings
from bot.rendering import Texts
from handlers import quota_view
from models import quota
from models.clock import local
from models.database import unit_of_work
from models.messages import Say
from models.periods import Period, parse_period
from reminders import estimate
from reminders.estimate import Estimate

_FREE_PLAN = ZaloBot()


def show(settings: Settings, now: datetime) -> None:
    """Print what of this month is used on each bot."""
    with database(settings, now) as engine, unit_of_work(engine) as session:
        declare_plans(session, settings.zalo)
        _print(_used(session, now))


def plan(settings: Settings, month: str | None, directives: int, now: datetime) -> None:
    """Print what a month will need and whether the configured bots are enough. Raises CommandError."""
    period = _month(month) if month else estimate.month_at(now)
    with database(settings, now) as engine, unit_of_work(engine) as session:
        estimated = estimate.of_month(session, period, directives, now)
    if not estimated.branches:
        raise wrong("quota.plan.no_branches")
    _print(plan_lines(estimated, period, directives, settings.zalo))


def _month(typed: str) -> Period:
    try:
        period = parse_period(typed)
    except ValueError:
        raise wrong("cli.not_a_month", value=typed) from None
    if len(period.months) != 1:
        raise wrong("cli.not_a_month", value=typed)
    return period


def _used(session: Session, now: datetime) -> Iterator[Say]:
    bots = quota.uses(session, now)
    if not bots:
        yield Say("quota.none")
        return
    yield Say("quota.head", {"month": f"{local(now):%m/%Y}"})
    for use in bots:
        yield quota_view.line(use)


def plan_lines(estimated: Estimate, month: Period, directives: int, zalo: Zalo) -> Iterator[Say]:
    """Give what is said of an estimate: the messages by kind, how many bots they need, and whether there are enough."""
    bots = list(zalo.bots.values())
    users, monthly = min(bot.users for bot in bots or [_FREE_PLAN]), min(bot.monthly for bot in bots or [_FREE_PLAN])
    needed = estimate.bots_needed(estimated, users, monthly)
    facts = {"branches": estimated.branches, "people": estimated.people, "directives": directives}
    yield Say("quota.plan.head", {"month": f"{month.first:%m/%Y}", **facts})
    for kind in ("receipts", "reminders", "directives", "questions"):
        yield Say("quota.plan.kind", {"what": Say(f"quota.what.{kind}"), "messages": getattr(estimated, kind)})
    yield Say("quota.plan.total", {"messages": estimated.total, "each": round(estimated.total / estimated.branches)})
    yield Say("quota.plan.worst", {"messages": estimated.worst})
    yield Say("quota.plan.needed", {"bots": needed, "users": users, "monthly": monthly})
    if needed <= len(bots):
        yield Say("quota.plan.fits", {"bots": len(bots)})
    else:
        yield Say("quota.plan.does_not_fit", {"bots": len(bots), "needed": needed})


def _print(says: Iterator[Say]) -> None:
    texts = Texts.load()
    for say in says:
        sys.stdout.write(texts.render(say) + "\n")
