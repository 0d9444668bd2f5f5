"""A rule value given anew from the chat or a table, and what follows: what waits under the old one is withdrawn."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from models import notices, rules
from models.import_rows import Problem, Row
from models.rule_book import CALENDAR, PAUSE, RuleBook
from models.rule_units import check_value


def change(session: Session, code: str, value: str, since: date, actor: str, now: datetime) -> int:
    """Revise a value from a day on and withdraw the reminders it concerns; return how many messages.

    Raises LookupError for an unknown code and ValueError for a value that does not fit its unit. What is open follows
    the new value with the next `duties.ensure`.
    """
    rules.revise(session, code, value, since, actor, now)
    return notices.withdraw(session, concerned(rules.book(session), code), now)


def concerned(book: RuleBook, code: str) -> list[str]:
    """Return the rules of reminding a value belongs to: its own, or all of them for what they share."""
    every = [found.removeprefix(PAUSE) for found in book.values if found.startswith(PAUSE)]
    named = code.removeprefix(PAUSE).partition(".")[0]
    return [named] if named in every else every


# The imported tables `rules` and `calendar` ---------------------------------------------------------------------


def problems(rows: Iterable[Row], book: RuleBook, today: date) -> Iterable[Problem]:
    """Give what is wrong with rows of `rules`: an unknown code, a value that does not fit, a change of the past."""
    for row in rows:
        code, since = row["code"], row["valid_from"] or today
        if code is None or row["value"] is None:
            continue
        if code not in book.values or code.startswith(CALENDAR):
            yield row.problem("code", "import.unknown_rule", value=code)
            continue
        try:
            value = check_value(book.row(code, since).unit, row["value"])
        except (LookupError, ValueError):
            yield row.problem("value", "import.bad_rule_value", value=row["value"])
            continue
        if since < today and value != book.text(code, since):
            yield row.problem("valid_from", "import.rule_in_the_past", day=since.isoformat())


def apply(session: Session, rows: Iterable[Row], today: date, actor: str, now: datetime) -> int:
    """Give the rules of checked rows their values; return how many are new."""
    changed = 0
    for row in rows:
        since = row["valid_from"] or today
        old = rules.book(session).row(row["code"], since)
        if old.value != check_value(old.unit, row["value"]):
            change(session, row["code"], row["value"], since, actor, now)
            changed += 1
    return changed


def mark_days(session: Session, rows: Iterable[Row], actor: str, now: datetime) -> int:
    """Decide about the days of rows of `calendar`; return how many decisions are new."""
    known = rules.book(session)
    marked = 0
    for row in rows:
        stored = known.values.get(f"{CALENDAR}{row['day'].isoformat()}")
        if stored is None or stored[0].value != row["kind"]:
            rules.mark_day(session, row["day"], row["kind"], actor, now)
            marked += 1
    return marked
