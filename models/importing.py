"""Brings units, posts, targets, rule values and days off in: checked as a whole, written as a whole, audited."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from models import audit, duties, people, revisions, rule_changes, rules, targets, units
from models.clock import local_date
from models.import_checks import Stored, check, counts, in_order, stored
from models.import_rows import Problem, Row, Sheet, Tables, read
from models.people import Account, Post
from models.posts import end_of_post
from models.units import FOREVER, Membership, Unit, UnitParent, UnitPause, code_key
from models.workbook import UnreadableError, from_workbook

PLAIN = ("name", "kind", "short_names", "aliases", "sector", "valid_from", "valid_to", "meeting_day")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, counted by what happened ("units.new": 3); with errors it did nothing at all."""

    counts: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[Problem, ...] = ()


def import_workbook(session: Session, data: bytes, now: datetime, actor: str) -> ImportResult:
    """Import the bytes of a workbook made by `template`, as `import_sheets` does."""
    try:
        sheets = from_workbook(data)
    except UnreadableError as error:
        return ImportResult(errors=(Problem("", 0, "", error.key, error.facts),))
    return import_sheets(session, sheets, now, actor)


def import_sheets(session: Session, sheets: Iterable[Sheet], now: datetime, actor: str) -> ImportResult:
    """Import sheets into the session, changes counting from `now`; where anything is wrong nothing is written.

    A second import changes and never doubles; what is stored and not in the sheets stays; an empty cell leaves the
    value that is stored.
    """
    today = local_date(now)
    tables, known = read(sheets), stored(session, today)
    book = rules.book(session)
    errors = in_order([*check(tables, known, now, today), *rule_changes.problems(tables.rules, book, today)])
    if errors:
        return ImportResult(errors=tuple(errors))
    work = _Import(session, now, today, actor, known)
    work.run(tables)
    return ImportResult(dict(work.done))


@dataclass(slots=True)
class _Import:
    session: Session
    now: datetime
    today: date
    actor: str
    known: Stored
    done: Counter[str] = field(default_factory=Counter)
    ids: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    led: set[int] = field(default_factory=set)

    def run(self, tables: Tables) -> None:
        self.ids = {key: units.unit_id(unit) for key, unit in self.known.units.items()}
        self.accounts = dict(self.known.accounts)
        # Units first, whole: a row may name a parent or a successor that stands below it.
        self.new_units(row for row in tables.units if code_key(row["code"]) not in self.ids)
        for row in tables.units:
            self.unit(row)
        pauses = {(pause.unit_id, pause.paused_from): pause for pause in self.session.exec(select(UnitPause))}
        for row in tables.units:
            self.place(row)
            self.membership(row)
            self.pause(row, pauses)
        self.new_accounts(dict.fromkeys(row["holder"] for row in tables.posts if row["holder"] not in self.accounts))
        held = {(post.account_id, post.unit_id, post.role) for post in self.known.posts}
        self.led = {post.unit_id for post in self.known.posts if post.role == "secretary"}
        for row in tables.posts:
            self.post(row, held)
        for row in tables.targets:
            self.target(row)
        self.rules(tables)
        self.session.flush()

    def rules(self, tables: Tables) -> None:
        marked = rule_changes.mark_days(self.session, tables.calendar, self.actor, self.now)
        changed = rule_changes.apply(self.session, tables.rules, self.today, self.actor, self.now)
        for deed, number in (("calendar.marked", marked), ("rules.changed", changed)):
            if number:
                self.done[deed] += number
        if marked or changed:
            duties.ensure(self.session, self.now)

    def new_units(self, rows: Iterable[Row]) -> None:
        # In one go: one by one, 10,000 units hold the only writer for a minute.
        made = {
            code_key(row["code"]): Unit(code=row["code"], code_key=code_key(row["code"]), **_given(row)) for row in rows
        }
        self.session.add_all(made.values())
        self.session.flush()
        for key, unit in made.items():
            self.ids[key] = units.unit_id(unit)
            new = {name: getattr(unit, name) for name in ("code", "name", "kind")}
            self.note("units.new", self.ids[key], None, new)
        if made:
            revisions.bump(self.session, "names")

    def new_accounts(self, labels: Iterable[str]) -> None:
        made = [Account(label=label, created_at=self.now) for label in labels]
        self.session.add_all(made)
        self.session.flush()
        for account in made:
            self.accounts[account.label] = people.account_id(account)
            self.note("accounts.new", None, None, {"account_id": account.id})

    def unit(self, row: Row) -> None:
        unit = self.known.units.get(code_key(row["code"]))
        changed = {name: value for name, value in _given(row).items() if unit and getattr(unit, name) != value}
        if unit and changed:
            old = {name: getattr(unit, name) for name in changed}
            units.put(self.session, row["code"], **changed)
            self.note("units.changed", units.unit_id(unit), old, changed)

    def place(self, row: Row) -> None:
        unit_id = self.ids[code_key(row["code"])]
        if row["successor"]:
            self.succeed(row, unit_id, self.ids[code_key(row["successor"])])
        if row["parent_code"]:
            self.move(unit_id, self.ids[code_key(row["parent_code"])])

    def move(self, unit_id: int, parent_id: int) -> None:
        before = self.known.parents.get(unit_id)
        if before is None:
            self.session.add(UnitParent(unit_id=unit_id, parent_id=parent_id))
            self.note("units.placed", unit_id, None, {"parent_id": parent_id})
            return
        old = {"parent_id": before.parent_id}
        if units.set_parent(self.session, unit_id, parent_id, self.today):
            self.note("units.moved", unit_id, old, {"parent_id": parent_id})

    def succeed(self, row: Row, unit_id: int, successor_id: int) -> None:
        old = units.get(self.session, unit_id).successor_id
        if old != successor_id:
            units.put(self.session, row["code"], successor_id=successor_id)
            self.note("units.succeeded", unit_id, {"successor_id": old}, {"successor_id": successor_id})

    def membership(self, row: Row) -> None:
        # A file imported again states nothing new: it must not replace what the unit has reported since.
        unit_id, stated = self.ids[code_key(row["code"])], counts(row, self.known)
        before = self.known.stated.get(unit_id)
        if stated is None or stated == before:
            return
        if code_key(row["code"]) in self.known.units:
            units.state_membership(self.session, unit_id, self.today, stated)
        else:
            self.session.add(Membership(unit_id=unit_id, on=self.today, **_members(stated)))
        self.note("membership.stated", unit_id, _members(before) if before else None, _members(stated))

    def pause(self, row: Row, pauses: Mapping[tuple[int, date], UnitPause]) -> None:
        if row["paused_from"] is None:
            return
        unit_id = self.ids[code_key(row["code"])]
        known = pauses.get((unit_id, row["paused_from"]))
        until = row["paused_to"] or (known.paused_to if known else FOREVER)
        if known is None or known.paused_to != until:
            new = {"paused_from": row["paused_from"], "paused_to": until}
            units.set_pause(self.session, unit_id, **new)
            self.note("units.paused", unit_id, None, new)

    def post(self, row: Row, held: set[tuple[int, int, str]]) -> None:
        unit_id, role = self.ids[code_key(row["unit_code"])], row["role"]
        account_id = self.accounts[row["holder"]]
        # Also a post that begins later than this import counts from is held: it gets no double.
        if (account_id, unit_id, role) in held:
            return
        if role == "secretary" and unit_id in self.led:
            self.succeed_in_post(account_id, unit_id, role)
        else:
            self.session.add(Post(account_id=account_id, unit_id=unit_id, role=role, valid_from=self.now))
        held.add((account_id, unit_id, role))
        self.note("posts.new", unit_id, None, {"account_id": account_id, "role": role})

    def succeed_in_post(self, account_id: int, unit_id: int, role: str) -> None:
        for ended in people.appoint(self.session, account_id, unit_id, role, self.now):
            end_of_post(self.session, ended, unit_id, self.now)
            self.note("posts.ended", unit_id, {"account_id": ended, "role": role}, None)

    def target(self, row: Row) -> None:
        unit_id = self.ids[code_key(row["unit_code"])]
        place = (unit_id, row["indicator"], row["period"])
        known = targets.find(self.session, *place)
        old = known.target if known else None
        if old != row["target"]:
            targets.put(self.session, *place, row["target"])
            subject = f"{row['indicator']} {row['period']}"
            self.note(
                "targets.changed" if known else "targets.new",
                unit_id,
                {"target": old},
                {"target": row["target"]},
                subject,
            )

    def note(self, deed: str, unit_id: int | None, old: Any, new: Any, subject: str = "") -> None:
        self.done[deed] += 1
        details = {"unit_id": unit_id, "subject": subject, "old": _plain(old), "new": _plain(new)}
        audit.record(self.session, self.now, self.actor, deed, **details)


def _given(row: Row) -> dict[str, Any]:
    return {column: row[column] for column in PLAIN if row[column] is not None}


def _members(stated: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("official", "probationary", "exempt"), stated, strict=True))


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
