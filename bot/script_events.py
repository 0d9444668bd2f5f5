"""The lines of a script for `simulate`, checked before anything happens."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from bot.channels.base import ErrorKind

_DEEDS = ("text", "press", "file", "down_until", "fault")
_FROM = ("text", "press", "file")
_ERRORS = tuple(kind for kind in get_args(ErrorKind) if kind != "quota")


class InputError(Exception):
    """A line of the script that cannot be played: its number (from 1) and what is wrong with it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


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
        except json.JSONDecodeError as error:
            raise InputError(number, f"not JSON: {error.msg}") from None
        except ValueError as error:
            raise InputError(number, str(error)) from None
        if before and event.at < before:
            raise InputError(number, f'"at" goes back, from {before.isoformat()} to {event.at.isoformat()}')
        before = event.at
        yield event


def _event(number: int, row: Any) -> Event:
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # one error for whatever is wrong with a line
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
        raise ValueError(f"unknown key {unknown[0]!r}")
    deeds = [name for name in _DEEDS if name in row]
    if len(deeds) > 1:
        raise ValueError(f"both {deeds[0]!r} and {deeds[1]!r} in one line")
    if "from" in row and not any(name in row for name in _FROM):
        raise ValueError('"from" without "text", "press" or "file"')


def _moment(row: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(row[name])
    except KeyError:
        raise ValueError(f'"{name}" is missing') from None
    except (TypeError, ValueError):
        raise ValueError(f'"{name}" is not an ISO 8601 time: {row[name]!r}') from None
    if moment.tzinfo is None:
        raise ValueError(f'"{name}" has no offset: {row[name]!r}')
    return moment


def _later(moment: datetime, at: datetime) -> datetime:
    if moment < at:
        raise ValueError('"down_until" lies before "at"')
    return moment


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or (not value and name != "text"):
        raise ValueError(f'"{name}" must be a text')
    return value


def _fault(fault: Any) -> dict[str, str]:
    if not isinstance(fault, dict) or set(fault) != {"to", "error"}:
        raise ValueError('"fault" must be {"to": ..., "error": ...}')
    if fault["error"] not in _ERRORS:
        raise ValueError(f'"error" must be one of {", ".join(_ERRORS)}')
    return {"fault_to": _string(fault, "to"), "error": fault["error"]}
