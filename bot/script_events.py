"""The lines of a script for `simulate`, checked before anything happens."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from bot.channels.base import ErrorKind
from models.messages import Arg, Say

_DEEDS = ("text", "press", "file", "down_until", "fault")
_FROM = ("text", "press", "file")
_ERRORS = tuple(kind for kind in get_args(ErrorKind) if kind != "quota")


class InputError(Exception):
    """A line of the script that cannot be played: its number (from 1) and what is wrong, as the texts say it."""

    def __init__(self, line: int, problem: Say) -> None:
        super().__init__(f"line {line}: {problem.key} {dict(problem.args)}")
        self.line = line
        self.problem = problem


class _WrongLineError(ValueError):
    """What is wrong with a line, whatever its number."""

    def __init__(self, key: str, **facts: Arg) -> None:
        super().__init__(key)
        self.problem = Say(key, facts)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens at a moment; without anything else the clock only moves."""

    line: int
    at: datetime
    sender: str = ""
    text: str = ""
    press: str = ""
    file: str = ""
    down_until: datetime | None = None
    fault_to: str = ""
    error: ErrorKind = "unsent"


def read_events(lines: Iterable[str]) -> Iterator[Event]:
    """Give the events of a script one by one. Raises InputError at the first bad line."""
    before: datetime | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = _event(number, json.loads(line.lstrip("\ufeff")))
        except json.JSONDecodeError:
            raise InputError(number, Say("cli.script.not_json")) from None
        except _WrongLineError as error:
            raise InputError(number, error.problem) from None
        if before and event.at < before:
            told: dict[str, Arg] = {"before": before.isoformat(), "at": event.at.isoformat()}
            raise InputError(number, Say("cli.script.goes_back", told))
        before = event.at
        yield event


def _event(number: int, row: Any) -> Event:
    if not isinstance(row, dict):
        raise _WrongLineError("cli.script.not_object")
    _known_keys(row)
    at = _moment(row, "at")
    values: dict[str, Any] = {name: _string(row, name) for name in _FROM if name in row}
    if values:
        values["sender"] = _string(row, "from")
    if "down_until" in row:
        values["down_until"] = _later(_moment(row, "down_until"), at)
    if "fault" in row:
        values |= _fault(row["fault"])
    return Event(number, at, **values)


def _known_keys(row: dict[str, Any]) -> None:
    unknown = sorted(set(row) - {"at", "from", *_DEEDS})
    if unknown:
        raise _WrongLineError("cli.script.unknown_key", name=unknown[0])
    deeds = [name for name in _DEEDS if name in row]
    if len(deeds) > 1:
        raise _WrongLineError("cli.script.two_deeds", first=deeds[0], second=deeds[1])
    if "from" in row and not any(name in row for name in _FROM):
        raise _WrongLineError("cli.script.from_alone")


def _moment(row: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(row[name])
    except KeyError:
        raise _WrongLineError("cli.script.missing", name=name) from None
    except (TypeError, ValueError):
        raise _WrongLineError("cli.script.not_a_time", name=name, value=str(row[name])) from None
    if moment.tzinfo is None:
        raise _WrongLineError("cli.script.no_offset", name=name, value=str(row[name]))
    return moment


def _later(moment: datetime, at: datetime) -> datetime:
    if moment < at:
        raise _WrongLineError("cli.script.down_before")
    return moment


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or (not value and name != "text"):
        raise _WrongLineError("cli.script.not_text", name=name)
    return value


def _fault(fault: Any) -> dict[str, str]:
    if not isinstance(fault, dict) or set(fault) != {"to", "error"}:
        raise _WrongLineError("cli.script.bad_fault")
    if fault["error"] not in _ERRORS:
        raise _WrongLineError("cli.script.bad_error", names=", ".join(_ERRORS))
    return {"fault_to": _string(fault, "to"), "error": fault["error"]}
