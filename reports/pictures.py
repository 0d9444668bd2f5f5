"""Pictures beside a report: progress against targets, attendance over time; for a phone, and without colours.

Colours are those of Okabe and Ito, which colour-blind people tell apart; every bar and point also carries its number.
"""

import io
from collections.abc import Sequence
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from models.aggregation import percent, percent_words
from models.attendance import MonthOfAttendance
from models.figures import Figure as OneFigure
from models.figures import Figures
from reports.wording import day_words, period_words, say

MET, BEHIND, LINE = "#009E73", "#E69F00", "#0072B2"
_DPI, _WIDTH = 150, 7.2  # a phone shows 1080 pixels sharply
_LABEL_LETTERS = 34
_WIDEST = 200  # per cent: what goes beyond keeps its number


def progress(found: Figures) -> bytes | None:
    """Return the PNG of each target and how far it is reached, or None where no target is a number."""
    shown = [figure for figure in found.indicators if _reached(figure) is not None]
    if not shown:
        return None
    figure, axes = _canvas(1.6 + 0.55 * len(shown), say("picture.progress"), found)
    for place, one in enumerate(shown):
        _bar(axes, place, one)
    axes.axvline(100, color="black", linewidth=1, linestyle="--")
    axes.set_yticks(range(len(shown)), [_short(one.indicator.label.split(" (")[0]) for one in shown], fontsize=10)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, _WIDEST * 1.3)
    axes.set_xlabel(say("picture.percent_of_target"), fontsize=10)
    return _png(figure)


def _reached(figure: OneFigure) -> float | None:
    """Return how much of its target a figure has reached, in per cent."""
    if figure.target is None or figure.percent is None:
        return None
    if figure.indicator.kind != "ratio":
        return float(figure.percent)
    goal = figure.target.strip().lstrip(">=≥ ").removesuffix("%").replace(",", ".")
    return 100 * float(figure.percent) / float(goal) if goal.replace(".", "", 1).isdecimal() and float(goal) else None


def _bar(axes: Axes, place: int, one: OneFigure) -> None:
    reached = _reached(one) or 0.0
    axes.barh(
        place,
        min(reached, _WIDEST),
        color=MET if reached >= 100 else BEHIND,
        height=0.6,
        hatch=None if reached >= 100 else "//",
        edgecolor="white",
    )
    amount = one.measured.reached if one.measured else one.amount.number if one.amount else 0
    target = (one.target or "").replace(">=", "≥").replace("<=", "≤")
    shown = f"{amount}/{target}" if one.indicator.kind != "ratio" and one.measured else target
    own = percent_words(one.percent) if one.percent is not None else ""
    axes.text(min(reached, _WIDEST) + 3, place, f"{own} ({shown})", va="center", fontsize=10)


def attendance(found: Figures, months: Sequence[MonthOfAttendance]) -> bytes | None:
    """Return the PNG of attendance month by month, or None where no meeting was reported."""
    begun = next((place for place, month in enumerate(months) if month.required), len(months))
    months = months[begun:]
    told = [(month, percent(month.present, month.required)) for month in months]
    points = [(place, float(share)) for place, (_, share) in enumerate(told) if share is not None]
    if not points:
        return None
    figure, axes = _canvas(4.2, say("picture.attendance"), found)
    axes.plot([place for place, _ in points], [share for _, share in points], color=LINE, marker="o", linewidth=2)
    for place, share in points:
        axes.annotate(
            percent_words(told[place][1] or Decimal(0)),
            (place, share),
            (0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axes.axhline(90, color="black", linewidth=1, linestyle="--")
    axes.set_xticks(
        range(len(months)), [f"{one.month.first_month}/{one.month.year % 100:02d}" for one in months], fontsize=9
    )
    lowest = min(share for _, share in points)
    axes.set_ylim(max(0, min(60, lowest - 10)), 106)
    axes.set_ylabel(say("picture.percent_present"), fontsize=10)
    return _png(figure)


def _canvas(height: float, title: str, found: Figures) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    told = say("picture.cutoff", day=day_words(found.cutoff), state=say(f"state.{found.state}"))
    axes.set_title(f"{title} {period_words(found.period)}\n{found.name}\n{told}", fontsize=11, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _short(label: str) -> str:
    """Break a label in two lines, or cut it."""
    if len(label) <= _LABEL_LETTERS // 2 + 5:
        return label
    middle = min(
        (at for at, sign in enumerate(label) if sign == " "), key=lambda at: abs(at - len(label) // 2), default=0
    )
    return f"{label[:middle]}\n{label[middle + 1 :]}" if middle else label


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    FigureCanvasAgg(figure)  # a canvas of its own: nothing global, no window
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
