"""`export`: a period's figures of a unit as files, for people and for programs."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.report_files import ReportFiles
from models import figures, units
from models.aggregation import plain_number
from models.clock import local_date
from models.figures import Figure, Figures
from models.periods import Period, parse_period


class ExportError(ValueError):
    """What cannot be exported; `key` is the sentence, in bot/texts, that says why."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(f"{key}: {facts}")
        self.key = key
        self.facts = facts


def export(session: Session, period: str, unit_code: str, folder: Path, now: datetime) -> list[Path]:
    """Write the figures of a unit's subtree for a period, as they stand at `now`; return the files.

    Raises ExportError, a ValueError, for a period that is none and for a unit that is not known.
    """
    files = _files(session, period, unit_code, now)
    contents = {"figures.json": to_json(files.report.found), **files.all()}
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / name, content) for name, content in contents.items()]


def find(session: Session, period: str, unit_code: str, now: datetime) -> Figures:
    """Return the figures of a period and unit as they were typed. Raises ExportError."""
    asked = _files(session, period, unit_code, now)
    return figures.figures(session, asked.unit_id, asked.period, asked.today)


def _files(session: Session, period: str, unit_code: str, now: datetime) -> ReportFiles:
    unit = units.by_code(session, unit_code)
    if unit is None:
        raise ExportError("export.unknown_unit", unit=unit_code)
    return ReportFiles(session, units.unit_id(unit), _period(period), local_date(now))


def _period(typed: str) -> Period:
    try:
        return parse_period(typed)
    except ValueError:
        raise ExportError("export.bad_period", period=typed) from None


def to_json(found: Figures) -> bytes:
    """Return figures.json: UTF-8, its keys and indicators always in one order, ended by a line break."""
    content = {
        "unit": found.unit,
        "period": str(found.period),
        "state": found.state,
        "expected": found.expected,
        "reported": found.reported,
        "missing": list(found.missing),
        "indicators": [_indicator(figure) for figure in found.indicators],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _indicator(figure: Figure) -> Mapping[str, Any]:
    indicator, amount = figure.indicator, figure.amount
    single = amount is not None and indicator.kind in ("flow", "stock")
    double = amount is not None and indicator.kind in ("ratio", "pair")
    return {
        "code": indicator.code,
        "label": indicator.label,
        "kind": indicator.kind,
        "value": amount.number if amount and single else None,
        "numerator": amount.number if amount and double else None,
        "denominator": amount.of if amount and double else None,
        "parts": list(amount.parts) if amount else [],
        "target": figure.target,
        "percent": None if figure.percent is None else plain_number(figure.percent),
        "text": figure.text,
    }


def _write(path: Path, content: bytes) -> Path:
    # A reader never finds half a file.
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    return unfinished.replace(path)
