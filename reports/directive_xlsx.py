"""The workbook of a directive: a row a branch with what it said and reported, and a row a person with what arrived."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from models import directive_states, directives, units
from models.clock import local, local_date
from models.directive_states import Branch, Recipient, Status
from models.directives import ACK, WHATS, Directive
from models.obligations import DONE as FULFILLED
from models.obligations import Obligation
from models.submissions import CURRENT, Submission
from reports.sheets import Book, Column, Sheet, Value
from reports.wording import day_words, say


def workbook(session: Session, directive: Directive) -> bytes:
    """Return the workbook; equal rows give equal bytes."""
    status = directive_states.status(session, directive)
    book = Book()
    _branches(book.sheet(say("directive.branches")), session, status)
    _people(book.sheet(say("directive.people")), session, directive)
    return book.to_bytes(local_date(directive.send_at))


def _head(sheet: Sheet, session: Session, directive: Directive) -> None:
    sheet.line(units.get(session, directive.unit_id).name, "title")
    sheet.line(say("directive.title", label=directives.label(directive)), "title")
    sheet.paragraph(directive.title, columns=6, characters=100)
    sent, due = day_words(local_date(directive.send_at)), day_words(directive.deadline)
    sheet.line(say("directive.days", sent=sent, due=due))


def _branches(sheet: Sheet, session: Session, status: Status) -> None:
    directive = status.directive
    _head(sheet, session, directive)
    everybody = len(status.branches)
    acked, done = everybody - len(status.not_acknowledged), everybody - len(status.not_done)
    counted = say("directive.counted", acked=acked, all=everybody)
    if directive.asks != "acknowledge":
        counted += " " + say("directive.counted_done", done=done, all=everybody)
    sheet.line(counted)
    names = ("number", "code", "branch", "acknowledged", "done", "content")
    widths = (6, 12, 34, 20, 20, 48)
    sheet.header([Column(_column(name), width) for name, width in zip(names, widths, strict=True)], fixed=3)
    said, reports = _said(session, directive), _reports(session, directive)
    for number, branch in enumerate(status.branches, start=1):
        values = _branch_row(number, branch, said, reports.get(branch.unit_id, {}))
        missing = ["text" if state in (*FULFILLED, "") else "alarm" for state in (branch.acknowledged, branch.done)]
        sheet.cells(values, ["center", "text", "text", *missing, "text"])


def _column(name: str) -> str:
    return say(f"column.{name}") if name in ("number", "code", "branch", "content") else say(f"directive.{name}")


def _branch_row(
    number: int, branch: Branch, said: Mapping[tuple[int, bool], str], answers: Mapping[str, Any]
) -> tuple[Value, ...]:
    acknowledged = said.get((branch.unit_id, True), "") or say("directive.not_yet")
    done = "" if not branch.done else said.get((branch.unit_id, False), "") or say("directive.not_yet")
    return (number, branch.code, branch.name, acknowledged, done, _reported(answers))


def _said(session: Session, directive: Directive) -> dict[tuple[int, bool], str]:
    """Return by branch, and whether it is about receiving, when it was said and whether late; "" where it was not."""
    rows = session.exec(
        select(Obligation).where(
            col(Obligation.what).in_(WHATS), Obligation.period == directives.period_of(directive.id or 0)
        )
    )
    return {(row.unit_id, row.what == ACK): _moment(row) for row in rows}


def _moment(row: Obligation) -> str:
    if row.done_at is None:
        return ""
    late = " " + say("directive.late") if row.status == "late" else ""
    return f"{local(row.done_at):%H:%M %d/%m/%Y}{late}"


def _reports(session: Session, directive: Directive) -> dict[int, Mapping[str, Any]]:
    rows = session.exec(
        select(Submission).where(
            Submission.kind == directives.period_of(directive.id or 0), col(Submission.state).in_(CURRENT)
        )
    )
    return {row.unit_id: row.answers for row in rows}


def _reported(answers: Mapping[str, Any]) -> str:
    if "number" in answers:
        return str(answers["number"])
    if "held" not in answers:
        return ""
    if not answers["held"]:
        return say("directive.not_held")
    return say("directive.held", present=answers["present"], total=answers["total"])


def _people(sheet: Sheet, session: Session, directive: Directive) -> None:
    _head(sheet, session, directive)
    names = ("number", "person", "branch", "state", "reason")
    widths = (6, 34, 40, 18, 40)
    sheet.header([Column(_column(name), width) for name, width in zip(names, widths, strict=True)], fixed=2)
    named = {unit.id: unit.name for unit in units.listed(session, directive.unit_ids)}
    for number, one in enumerate(directive_states.everyone(session, directive), start=1):
        branches = ", ".join(named[unit_id] for unit_id in one.unit_ids)
        state = "alarm" if one.state in ("failed", "uncertain") else "text"
        values = (number, one.label, branches, say(f"directive.state_{one.state}"), _reason(one))
        sheet.cells(values, ["center", "text", "text", state, "text"])


def _reason(one: Recipient) -> str:
    found = directive_states.reason(one)
    return say(f"directive.reason_{found}") if found else ""
