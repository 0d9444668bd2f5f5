"""The wire of `parse` and `match-branch`: one JSON object a line in, one a line out."""

import csv
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from handlers.understand import Reading, load_lexicon, read
from models.vietnamese.branch_names import BranchName, BranchNames

Answer = dict[str, Any]


def read_branches(path: Path) -> BranchNames:
    """Return the branches of a CSV file with the columns id, name, kind, aliases (split at ";").

    Raises OSError for a missing file and ValueError for one without the columns id and name.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"id", "name"} <= set(rows.fieldnames or ()):
            raise ValueError(f"{path}: the columns id and name are needed")
        return BranchNames(_branch(row) for row in rows if row["id"] and row["name"])


def _branch(row: Mapping[str, str | None]) -> BranchName:
    aliases = tuple(part.strip() for part in (row.get("aliases") or "").split(";") if part.strip())
    return BranchName(row["id"] or "", row["name"] or "", row.get("kind") or "", aliases)


def parse_lines(stdin: TextIO, stdout: TextIO, names: BranchNames | None) -> None:
    """Answer every line `{"id", "text", "today"}` with its reading; a broken line with an error."""
    lexicon = load_lexicon()

    def answer(request: Mapping[str, Any]) -> Answer:
        today = date.fromisoformat(request["today"])
        return _reading(read(_text(request), today, names, lexicon))

    _answer_lines(stdin, stdout, answer)


def match_lines(stdin: TextIO, stdout: TextIO, names: BranchNames) -> None:
    """Answer every line `{"id", "text"}` with the branch it names; a broken line with an error."""

    def answer(request: Mapping[str, Any]) -> Answer:
        match = names.match(_text(request))
        return {"status": match.status, "branch_id": match.branch_id, "candidates": list(match.candidates)}

    _answer_lines(stdin, stdout, answer)


def _answer_lines(stdin: TextIO, stdout: TextIO, answer: Callable[[Mapping[str, Any]], Answer]) -> None:
    for line in stdin:
        stdout.write(json.dumps(_one(line, answer), ensure_ascii=False) + "\n")
        stdout.flush()


def _text(request: Mapping[str, Any]) -> str:
    text = request["text"]
    if not isinstance(text, str):
        raise TypeError("text is no string")
    return text


def _one(line: str, answer: Callable[[Mapping[str, Any]], Answer]) -> Answer:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:  # a hundred thousand brackets are no request either
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(request, dict):
        return {"id": None, "error": "not a JSON object"}
    try:
        return {"id": request.get("id"), **answer(request)}
    except (KeyError, TypeError, ValueError) as error:
        return {"id": request.get("id"), "error": f"{type(error).__name__}: {error}"}


def _reading(reading: Reading) -> Answer:
    slots = asdict(reading.slots)
    slots["date"] = reading.slots.date.isoformat() if reading.slots.date else None
    slots["person_names"] = list(reading.slots.person_names)
    return {
        "intent": reading.intent,
        "slots": slots,
        "branch_id": reading.branch.branch_id if reading.branch else None,
        "needs_confirm": reading.needs_confirm,
        "issues": [issue.code for issue in reading.issues],
    }


def _main(arguments: list[str]) -> int:
    names = read_branches(Path(arguments[arguments.index("--branches") + 1]))
    if arguments[0] == "parse":
        parse_lines(sys.stdin, sys.stdout, names)
    else:
        match_lines(sys.stdin, sys.stdout, names)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
