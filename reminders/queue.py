"""Planned notices become rows of the outbox: one message for each person and hour, written before it is told twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models import notices, nudges, outbox
from models.clock import local_date
from models.conversations import Conversation
from models.database import new_id
from models.messages import Message
from models.notices import KIND, Notice
from models.obligations import Obligation
from models.outbox import OutboxRow
from models.rule_book import RuleBook
from models.units import Unit
from reminders.facts import reachable_accounts, reporters
from reminders.planner import Due
from reminders.rule import Owed, Rule, Step
from reminders.schedule import hour_of
from reminders.wording import Line, last_lines, message

Group = tuple[int, datetime]  # an account and the hour of its message


class Queue:
    """Writes messages within one tick; what it needs to word them is read once."""

    def __init__(self, session: Session, rules: Iterable[Rule], book: RuleBook, now: datetime) -> None:
        self._session, self._book, self._now = session, book, now
        self._steps = {(rule.id, step.name): step for rule in rules for step in (*rule.steps, _nudge(rule))}
        self._names: dict[int, str] = {}
        self._reporters: set[tuple[int, int]] | None = None
        self._hours = book.sending_hours(local_date(now))

    def add(self, planned: Sequence[Due]) -> int:
        """Write new notices with their messages, joining those that still wait; return how many messages."""
        groups: dict[Group, list[Notice]] = {}
        for one in planned:
            groups.setdefault((one.account_id, hour_of(one.send_at)), []).append(_notice(one, self._now))
        waiting = self._waiting(groups)
        owed = self._owed(groups.values(), waiting.values())
        rows: list[tuple[OutboxRow, list[Notice]]] = []
        for key, group in groups.items():
            row = waiting.get(key)
            carried = notices.of_rows(self._session, [new_id(row.id)])[new_id(row.id)] if row else []
            rows.append((self._written(row, [*carried, *group], owed), group))
        self._store(rows)
        return len(rows)

    def _store(self, rows: Iterable[tuple[OutboxRow, list[Notice]]]) -> None:
        rows = list(rows)
        new = [row for row, _ in rows if row.id is None]
        for row, row_id in zip(new, outbox.add_all(self._session, new), strict=True):
            row.id = row_id
        for row, group in rows:
            for notice in group:
                notice.outbox_id = row.id
        notices.add_all(self._session, [notice for _, group in rows for notice in group if notice.id is None])
        self._session.flush()

    def _waiting(self, groups: Mapping[Group, object]) -> dict[Group, OutboxRow]:
        """Return the rows that have not left yet, locked, for the hours of new notices."""
        if not groups:
            return {}
        first = min(hour for _, hour in groups)
        found: dict[Group, OutboxRow] = {}
        for slot in notices.slots(self._session, local_date(first), [account for account, _ in groups]):
            if slot.waiting and (slot.account_id, slot.hour) in groups:
                row = self._lock(slot.outbox_id)
                if row is not None:
                    found[slot.account_id, slot.hour] = row
        return found

    def _lock(self, outbox_id: int) -> OutboxRow | None:
        return self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.id == outbox_id, OutboxRow.state == "pending")
            .with_for_update(skip_locked=True)
        ).one_or_none()

    def _written(self, row: OutboxRow | None, group: list[Notice], owed: Mapping[int, Owed]) -> OutboxRow:
        """Return a new row, or a waiting one brought up to date, that carries the notices."""
        first = group[0]
        cause = notices.cause_of(first.account_id, {n.obligation_id: _days(owed[n.obligation_id]) for n in group})
        text = self._message(group, owed)
        if row is not None:
            row.payload, row.cause = text.to_json(), cause
            return row
        # The notices' own key prevents doubles; the moment lets a step be planned anew after its rule was revised.
        told = f"{first.rule_id}:{first.obligation_id}:{first.step}:{first.account_id}"
        key = f"{KIND}:{told}:{self._now.isoformat()}"
        return outbox.draft(
            key, text, self._now, account_id=first.account_id, lane="bulk", kind=KIND, cause=cause,
            not_before=self._hours.next_allowed(max(first.send_at, self._now)),
        )  # fmt: skip

    def _message(self, group: Iterable[Notice], owed: Mapping[int, Owed]) -> Message:
        lines = [self._line(notice, owed[notice.obligation_id]) for notice in group]
        return message(last_lines(lines))

    def _line(self, notice: Notice, owed: Owed) -> Line:
        name, _, _ = notice.step.partition(":")
        step: Step = self._steps[notice.rule_id, name]
        reports = (notice.account_id, owed.unit_id) in self._who_report()
        return Line(owed, step, self._name(owed.unit_id), local_date(notice.send_at), notice.late, reports=reports)

    def _who_report(self) -> set[tuple[int, int]]:
        if self._reporters is None:
            self._reporters = reporters(self._session, self._now)
        return self._reporters

    def _name(self, unit_id: int) -> str:
        if not self._names:
            for unit in self._session.exec(select(Unit.id, Unit.name)):
                self._names[unit[0] or 0] = unit[1]
        return self._names[unit_id]

    def _owed(self, groups: Iterable[Sequence[Notice]], rows: Iterable[OutboxRow]) -> dict[int, Owed]:
        wanted = {notice.obligation_id for group in groups for notice in group}
        wanted.update(number for row in rows for number in (row.cause or {})["obligations"])
        return {number: owed_of(row) for number, row in obligations_by_id(self._session, wanted).items()}

    # What was cancelled in part, and what waits while its reader is talking ------------------------------------

    def write_anew(self) -> int:
        """Put what is left of messages that were cancelled before leaving into new ones; return how many."""
        groups: dict[Group, list[Notice]] = {}
        held = notices.partly_cancelled(self._session, self._now)
        living = reachable_accounts(self._session, {notice.account_id for notice in held})
        for notice in held:
            if self._holds(notice, living):
                groups.setdefault((notice.account_id, hour_of(notice.send_at)), []).append(notice)
            else:
                self._session.delete(notice)
        self._session.flush()
        owed = self._owed(groups.values(), ())
        rows = [(self._written(None, group, owed), group) for group in groups.values()]
        for row, group in rows:
            for notice in group:
                notice.send_at = row.not_before
        self._store(rows)
        return len(groups)

    def _holds(self, notice: Notice, living: set[int]) -> bool:
        row = self._session.get(OutboxRow, notice.outbox_id)
        owed = self._session.get_one(Obligation, notice.obligation_id)
        terms = (row.cause or {}).get("terms", {}) if row else {}
        same = terms.get(str(owed.id)) == [str(owed.planned_on), str(owed.due_on)]
        known = (notice.rule_id, notice.step.partition(":")[0]) in self._steps
        if not (known and same and owed.status == "open" and notice.account_id in living):
            return False
        return not notices.unheard(self._session, [notice.obligation_id], notice.account_id, self._now)

    def hold(self) -> int:
        """Let due messages wait whose reader is filling in a form, or while nothing may go out; return how many."""
        today = local_date(self._now)
        pause = timedelta(minutes=self._book.number("remind.hold_minutes", today))
        hours = self._hours
        talking = self._talking(self._now - pause)
        due = select(OutboxRow).where(
            OutboxRow.kind == KIND, OutboxRow.state == "pending", OutboxRow.not_before <= self._now
        )
        if hours.allows(self._now):
            due = due.where(col(OutboxRow.recipient).in_(list(talking)))
        rows = self._session.exec(due).all()
        carried = notices.of_rows(self._session, [new_id(row.id) for row in rows])
        for row in rows:
            begun = talking.get(row.recipient)
            row.not_before = hours.next_allowed(begun + pause if begun else self._now)
            for notice in carried[new_id(row.id)]:
                notice.send_at = row.not_before
        return len(rows)

    def _talking(self, since: datetime) -> dict[str, datetime]:
        found = self._session.exec(select(Conversation).where(Conversation.updated_at > since))
        return {talk.key: talk.updated_at for talk in found if talk.draft is not None}


def _nudge(rule: Rule) -> Step:
    """Return the step the office's own reminders are kept under."""
    return replace(rule.steps[-1], name=nudges.STEP, words=rule.nudge or rule.steps[-1].words)


def _notice(one: Due, now: datetime) -> Notice:
    return Notice(
        rule_id=one.rule_id,
        obligation_id=one.obligation_id,
        step=one.step_id,
        account_id=one.account_id,
        moment=one.moment,
        send_at=one.send_at,
        late=one.late,
        created_at=now,
    )


def _days(owed: Owed) -> tuple[date | None, date]:
    return owed.planned_on, owed.due_on


def owed_of(row: Obligation) -> Owed:
    """Return an obligation row as the planner sees it."""
    days = (row.opens_on, row.planned_on, row.due_on)
    return Owed(
        new_id(row.id), row.unit_id, row.what, row.period, *days, row.created_at,
        settled=row.status != "open", title=str(row.details.get("label", "")),
    )  # fmt: skip


def obligations_by_id(session: Session, ids: Iterable[int]) -> dict[int, Obligation]:
    """Return obligations by id."""
    wanted, chunk = sorted(ids), 500
    found: dict[int, Obligation] = {}
    for start in range(0, len(wanted), chunk):
        rows = session.exec(select(Obligation).where(col(Obligation.id).in_(wanted[start : start + chunk])))
        found.update((new_id(row.id), row) for row in rows)
    return found
