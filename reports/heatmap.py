"""The picture branch by month: reported in time, late, not held, missing; readable on a phone and without colours.

Colours are those of Okabe and Ito, which colour-blind people tell apart; every cell also carries a sign.
"""

import io
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from sqlmodel import Session

from models import timeliness
from models.periods import Period, next_month, parse_period
from models.timeliness import CELLS, NOTHING, Grid

TEXTS = Path(__file__).parent / "heatmap.toml"
# Face, sign and the sign's colour of each cell.
_LOOKS: Mapping[str, tuple[str, str, str]] = {
    timeliness.ON_TIME: ("#0072B2", "●", "white"),
    timeliness.LATE: ("#E69F00", "◐", "black"),
    timeliness.NOT_HELD: ("#999999", "–", "white"),
    timeliness.MISSING: ("#D55E00", "×", "white"),
    timeliness.EXCUSED: ("#DDDDDD", "○", "black"),
    timeliness.WAITING: ("#F4F4F4", "…", "#777777"),
    NOTHING: ("white", "", "white"),
}
_DPI = 150
_WIDTH, _NAMES, _RATES = 7.2, 2.45, 0.85  # inches: a phone shows 1080 pixels sharply
_ROW, _HEAD, _LEGEND = 0.3, 0.7, 0.8
_TITLE_LINE, _TITLE_LETTERS = 0.22, 50
_TALLEST = 50.0  # a channel refuses pictures much taller
_NAME_LETTERS = 26


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def heatmap(grid: Grid, today: date) -> bytes:
    """Return the PNG of a grid, a row a branch and a column a month, about 1080 pixels wide."""
    rows = max(len(grid.rows), 1)
    row = min(_ROW, (_TALLEST - 2 - _LEGEND) / rows)
    title = fill(_words()["title"].format(unit=grid.unit_name), _TITLE_LETTERS)
    head = _HEAD + _TITLE_LINE * (title.count("\n") + 1)
    height = head + _LEGEND + row * rows
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    axes = figure.add_axes(
        (
            _NAMES / _WIDTH,
            _LEGEND / height,
            (_WIDTH - _NAMES - _RATES) / _WIDTH,
            row * rows / height,
        )
    )
    _cells(axes, grid, size=min(10.5, 34 * row))
    _labels(axes, grid, size=min(10.0, 32 * row))
    _title(figure, title, grid, today)
    _legend(figure, height)
    return _png(figure)


def _cells(axes: Axes, grid: Grid, size: float) -> None:
    axes.set_xlim(0, max(len(grid.months), 1))
    axes.set_ylim(max(len(grid.rows), 1), 0)
    for down, line in enumerate(grid.rows):
        for across, cell in enumerate(line.cells):
            face, sign, ink = _LOOKS[cell]
            axes.add_patch(Rectangle((across, down), 1, 1, facecolor=face, edgecolor="white", linewidth=1.2))
            axes.text(across + 0.5, down + 0.5, sign, ha="center", va="center", color=ink, fontsize=size)


def _labels(axes: Axes, grid: Grid, size: float) -> None:
    axes.set_xticks([at + 0.5 for at in range(len(grid.months))], _month_labels(grid))
    axes.set_yticks([at + 0.5 for at in range(len(grid.rows))], [_short(line.name) for line in grid.rows])
    axes.tick_params(length=0, labelsize=size, labeltop=True, labelbottom=False)
    for side in axes.spines.values():
        side.set_visible(False)
    for down, (_, rate) in enumerate(grid.by_branch()):
        text = f"{rate.in_time}/{rate.due}" if rate.due else ""
        axes.text(len(grid.months) + 0.15, down + 0.5, text, ha="left", va="center", fontsize=size)
    axes.text(len(grid.months) + 0.15, -0.35, _words()["rate"], ha="left", va="bottom", fontsize=size * 0.85)


def _month_labels(grid: Grid) -> list[str]:
    """Return the months' numbers, with the year at the first one and every January."""
    return [
        _month(month) if at == 0 or month.first_month == 1 else str(month.first_month)
        for at, month in enumerate(grid.months)
    ]


def _month(month: Period) -> str:
    return f"{month.first_month}/{month.year % 100:02d}"


def _short(name: str) -> str:
    """Shorten a name between two of its words: branches of one company differ at the end, all begin alike."""
    if len(name) <= _NAME_LETTERS:
        return name
    words = name.split()
    cuts = [(f"{' '.join(words[:2])} … {' '.join(words[at:])}") for at in range(3, len(words))]
    half = _NAME_LETTERS // 2
    fitting = (cut for cut in cuts if len(cut) <= _NAME_LETTERS)
    return next(fitting, f"{name[:half].rstrip()}…{name[-half + 1 :].lstrip()}")


def _title(figure: Figure, title: str, grid: Grid, today: date) -> None:
    height = figure.get_figheight()
    figure.text(0.02, 1 - 0.12 / height, title, fontsize=13, weight="bold", va="top")
    if grid.months:
        first, last = _month(grid.months[0]), _month(grid.months[-1])
        said = _words()["subtitle"].format(first=first, last=last, day=f"{today.day}/{today.month}/{today.year}")
        below = 0.18 + _TITLE_LINE * (title.count("\n") + 1)
        figure.text(0.02, 1 - below / height, said, fontsize=10, va="top", color="#444444")


def _legend(figure: Figure, height: float) -> None:
    for place, cell in enumerate(cell for cell in CELLS if cell != NOTHING):
        face, sign, ink = _LOOKS[cell]
        left, bottom = 0.03 + 0.32 * (place % 3), (0.45 - 0.3 * (place // 3)) / height
        box = {"facecolor": face, "edgecolor": "#BBBBBB", "boxstyle": "square,pad=0.25"}
        figure.text(left, bottom, sign or " ", color=ink, fontsize=9.5, bbox=box, ha="center", va="center")
        figure.text(left + 0.035, bottom, _words()["cell"][cell], fontsize=10, va="center")


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    FigureCanvasAgg(figure)  # a canvas of its own: nothing global, no window
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


def from_args(session: Session, args: Mapping[str, str | int]) -> bytes:
    """Return the PNG of a document's args: unit (its id), first and last month, and the day it shows (`on`, ISO)."""
    first, last = parse_period(str(args["first"])), parse_period(str(args["last"]))
    today = date.fromisoformat(str(args["on"]))
    months = [first]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return heatmap(timeliness.grid(session, int(args["unit"]), months, today), today)
