"""How a directive stands, as the office sees it; open screens are edited in place, at most one edit in some seconds."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from handlers.permissions import may
from models import directive_states, directives, outbox, people, units
from models.clock import local, local_date
from models.directive_acks import STUDY, study_figures
from models.directive_states import Branch, Recipient, Status
from models.directives import Directive, DirectiveQuestion
from models.forms.words import day_month, full_date, percent
from models.messages import Arg, Button, Message, Say, button, verbatim
from models.outbox import OutboxRow
from models.submissions import CURRENT, Submission

VIEW = "directive_view"  # the cause of an edit: its words are written when it leaves
EVERY = timedelta(seconds=5)
SOON = timedelta(seconds=1)  # the answer to who caused the change comes first
OPEN_FOR = timedelta(hours=24)
SHOWN_NAMES = 30
SHOWN_FAILURES = 5


def live_name(directive_id: int) -> str:
    """Return what the screens of a directive are called among the messages kept up to date."""
    return f"directive:{directive_id}"


def screen(
    session: Session, directive: Directive, now: datetime, edits: int | None = None, *, managed: bool = True
) -> Message:
    """Return how a directive stands as a message that is kept up to date while it is open.

    managed: whoever sees it may pause, correct or recall it.
    """
    status = directive_states.status(session, directive, brief=True)
    return Message(
        tuple(lines(session, status, now)),
        _buttons(directive, status, now) if managed else _table_only(directive),
        live=live_name(directive.id or 0),
        edits=edits,
    )


def part(session: Session, directive: Directive, unit_ids: Collection[int], now: datetime) -> Message:
    """Return how a directive stands in some branches, for who oversees only these."""
    found = directive_states.status(session, directive, brief=True)
    branches = tuple(branch for branch in found.branches if branch.unit_id in unit_ids)
    failures = tuple(one for one in found.failures if set(one.unit_ids) & set(unit_ids))
    return Message(tuple(lines(session, replace(found, branches=branches, failures=failures), now)))


# Kept up to date --------------------------------------------------------------------------------------------------


def touch(session: Session, directive: Directive, now: datetime) -> None:
    """Let the open screens of a directive be edited soon: whatever happens meanwhile is one edit."""
    if directive.refresh_at and directive.refresh_at > now:
        return
    name = live_name(directive.id or 0)
    shown = _open_screens(session, name, now)
    if not shown or _edit_waits(session, name):
        return
    directive.refresh_at = max(now + SOON, (directive.refresh_at or now) + EVERY)
    for row in shown:
        words = Message((), edits=row.id, live=name)
        key = f"{name}:{row.id}:{int(directive.refresh_at.timestamp() * 1000)}"
        cause = {"kind": VIEW, "directive": directive.id}
        chat = row.chat if row.native_id else None
        outbox.put(
            session, key, words, now, chat, row.account_id, lane="reply", cause=cause, not_before=directive.refresh_at
        )


def of_report(session: Session, report: Submission, now: datetime) -> None:
    """Let the screens of the directive a report belongs to follow it; a report of its own touches none."""
    directive = directives.get(session, report.answers.get("directive"))
    if directive:
        touch(session, directive, now)


def _open_screens(session: Session, name: str, now: datetime) -> list[OutboxRow]:
    """Return everybody's newest screen, shown or about to appear: an edit waits for its message."""
    rows = session.exec(
        select(OutboxRow)
        .where(
            OutboxRow.live == name,
            OutboxRow.op == "send",
            col(OutboxRow.state).in_(("pending", "claimed", "sending", "sent")),
            OutboxRow.created_at >= now - OPEN_FOR,
        )
        .order_by(col(OutboxRow.id))
        # A row that is claimed in this very transaction has only just learnt its chat.
        .execution_options(populate_existing=True)
    )
    return list({row.recipient: row for row in rows}.values())


def _edit_waits(session: Session, name: str) -> bool:
    waiting = select(OutboxRow.id).where(OutboxRow.live == name, OutboxRow.op == "edit", OutboxRow.state == "pending")
    return session.exec(waiting.limit(1)).first() is not None


def write_edit(session: Session, row: OutboxRow, now: datetime) -> bool:
    """Write the words of an edit that is about to leave; whether there is anything to show."""
    cause = row.cause or {}
    directive = directives.get(session, cause.get("directive"))
    if directive is None or row.payload is None:
        return False
    managed = _may_manage(session, directive, row, now)
    shown = screen(session, directive, now, edits=row.payload["edits"], managed=managed)
    row.payload = shown.to_json()
    if directive_states.counts(session, directive).sending:
        directive.refresh_at = now
        session.flush()
        _next_edit(session, directive, row, now)
    return True


def _may_manage(session: Session, directive: Directive, row: OutboxRow, now: datetime) -> bool:
    if row.account_id is None:
        return False
    lineage = units.lineage(session, directive.unit_id, local_date(now))
    return may(people.actor(session, row.account_id, now), "direct", lineage)


def _next_edit(session: Session, directive: Directive, row: OutboxRow, now: datetime) -> None:
    """Look once more when what is on its way has arrived."""
    directive.refresh_at = now + EVERY
    key = (
        f"{live_name(directive.id or 0)}:{(row.payload or {})['edits']}:{int(directive.refresh_at.timestamp() * 1000)}"
    )
    words = Message.from_json(row.payload or {})
    outbox.put(
        session, key, words, now, row.chat, row.account_id, lane="reply", cause=row.cause,
        not_before=directive.refresh_at,
    )  # fmt: skip


# The lines --------------------------------------------------------------------------------------------------------


def lines(session: Session, status: Status, now: datetime) -> list[Say]:
    """Return how a directive stands, one fact a line."""
    directive = status.directive
    told = [_head(directive), _days(directive), _progress(directive, status, now)]
    told += _failures(status)
    sending = directive.state in directives.RUNNING and status.counts.waiting
    if sending or directive.state not in directives.STANDING or not status.branches:
        return told
    told += _answers(session, status)
    waiting = open_questions(session, directive)
    return [*told, *([Say("directive.status.questions", {"count": waiting})] if waiting else [])]


def _head(directive: Directive) -> Say:
    title = verbatim(directive.title.rstrip("."))
    if directive.number:
        return Say("directive.status.head", {"label": directive.number, "title": title})
    return Say("directive.status.head_plain", {"title": title})


def _days(directive: Directive) -> Say:
    sent = day_month(local_date(directive.send_at))
    return Say("directive.status.days", {"sent": sent, "due": full_date(directive.deadline)})


def _progress(directive: Directive, status: Status, now: datetime) -> Say:
    if directive.state in ("approval", "refused"):
        return Say(f"directive.status.{directive.state}")
    if directive.state in ("recalled", "corrected"):
        ended = day_month(local_date(directive.ended_at or directive.send_at))
        return Say(f"directive.status.{directive.state}", {"day": ended})
    counts = status.counts
    if directive.send_at > now and directive.state == "active":
        at = local(directive.send_at)
        told: dict[str, Arg] = {"time": f"{at:%H:%M}", "day": day_month(at.date()), "all": counts.all}
        return Say("directive.status.scheduled", told)
    key = {"active": "running" if counts.waiting else "finished"}.get(directive.state, directive.state)
    return Say(f"directive.status.{key}", {"sent": counts.sent, "all": counts.all})


def _failures(status: Status) -> list[Say]:
    if status.directive.state not in directives.STANDING:
        return []
    failed = [one for one in status.failures if one.state == "failed"]
    told = []
    if failed:
        shown = tuple(_failure(one) for one in failed[:SHOWN_FAILURES])
        more = (verbatim("…"),) if len(failed) > SHOWN_FAILURES else ()
        told.append(Say("directive.status.failed", {"count": len(failed), "lines": (*shown, *more)}))
    uncertain = sum(1 for one in status.failures if one.state == "uncertain")
    return [*told, *([Say("directive.status.uncertain", {"count": uncertain})] if uncertain else [])]


def _failure(one: Recipient) -> Say:
    return Say(
        "directive.status.failure",
        {"who": one.label, "reason": Say(f"directive.reason.{directive_states.reason(one)}")},
    )


def _answers(session: Session, status: Status) -> list[Say]:
    """Return who has received and done it, the missing by name."""
    directive, everybody = status.directive, len(status.branches)
    not_received, not_done = status.not_acknowledged, status.not_done
    told = [Say("directive.status.acknowledged", {"number": everybody - len(not_received), "all": everybody})]
    figures = directive.asks == "figures"
    if directive.asks != "acknowledge":
        key = "directive.status.reported" if figures else "directive.status.done"
        told.append(Say(key, {"number": everybody - len(not_done), "all": everybody}))
    told += _figures(session, directive, [branch.unit_id for branch in status.branches]) if figures else []
    if not not_received and not not_done:
        return [*told, Say("directive.status.all_there")]
    told += _missing("directive.status.missing_ack", not_received)
    # Who has not even received it is named once: there is nothing to carry out yet.
    received = [branch for branch in not_done if branch not in not_received]
    kind = "report" if figures else "do"
    return told + _missing(f"directive.status.{'received' if not_received else 'missing'}_{kind}", received)


def _missing(key: str, found: Sequence[Branch]) -> list[Say]:
    if not found:
        return []
    names = tuple(verbatim(f"– {branch.name}") for branch in found[:SHOWN_NAMES])
    more = (Say("overview.more", {"count": len(found) - SHOWN_NAMES}),) if len(found) > SHOWN_NAMES else ()
    return [Say(key, {"count": len(found), "names": (*names, *more)})]


def _figures(session: Session, directive: Directive, unit_ids: Collection[int]) -> list[Say]:
    if directive.form_id == STUDY:
        found = study_figures(session, directive.id or 0, unit_ids)
        share = percent(found.attended, found.members)
        told: dict[str, Arg] = {
            "held": found.held,
            "units": found.addressed,
            "attended": found.attended,
            "members": found.members,
        }
        return [Say("directive.status.study", {**told, "share": share})]
    return [
        Say(
            "directive.status.tally",
            {"what": verbatim(directive.counted), "sum": tallied(session, directive, unit_ids)},
        )
    ]


def tallied(session: Session, directive: Directive, unit_ids: Collection[int]) -> int:
    """Return the sum of the numbers some branches reported under a directive."""
    rows = session.exec(
        select(Submission.unit_id, Submission.answers).where(
            Submission.kind == directives.period_of(directive.id or 0), col(Submission.state).in_(CURRENT)
        )
    )
    wanted = set(unit_ids)
    return sum(int(answers.get("number", 0)) for unit_id, answers in rows if unit_id in wanted)


def open_questions(session: Session, directive: Directive) -> int:
    """Return how many questions about a directive wait for an answer."""
    waiting = (DirectiveQuestion.directive_id == directive.id, col(DirectiveQuestion.answered_at).is_(None))
    return len(session.exec(select(DirectiveQuestion.id).where(*waiting)).all())


# The buttons ------------------------------------------------------------------------------------------------------


def _table_only(directive: Directive) -> tuple[tuple[Button, ...], ...]:
    if directive.state in ("approval", "refused"):
        return ()
    return ((button(Say("directive.button.xlsx"), "d_xlsx", directive.id or 0),),)


def _buttons(directive: Directive, status: Status, now: datetime) -> tuple[tuple[Button, ...], ...]:
    number = directive.id or 0

    def deed(name: str) -> Button:
        return button(Say(f"directive.button.{name}"), f"d_{name}", number)

    if directive.state not in directives.STANDING:
        return ((deed("xlsx"),),) if directive.state in ("recalled", "corrected") else ()
    first: list[str] = []
    if directive.state == "paused":
        first = ["resume", "stop"]
    elif directive.state == "active" and status.counts.waiting:
        first = ["pause", "stop"] if directive.send_at <= now else ["stop"]
    elif status.counts.failed or status.counts.uncertain or status.counts.cancelled:
        first = ["again"]
    rows = [tuple(deed(name) for name in first)] if first else []
    return (*rows, (deed("xlsx"), deed("correct"), deed("recall")))
