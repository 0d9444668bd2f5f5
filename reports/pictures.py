"""Pictures beside a report: progress against targets, attendance over time; for a phone, and without colours.

Colours are those of Okabe and Ito, which colour-blind people tell apart; every bar and point also carries its number.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from models.aggregation import numeral, percent, percent_words, read_goal
from models.attendance import MonthOfAttendance
from models.figures import Figure as OneFigure
from models.figures import Figures
from reports.wording import day_words, period_words, say

MET, BEHIND, LINE = "#009E73", "#E69F00", "#0072B2"
TITLE_LETTERS, LABEL_LETTERS = 52, 22  # of one line, at the sizes below
_DPI, _WIDTH = 150, 7.2  # a phone shows 1080 pixels sharply
_WIDEST = 200  # per cent: what goes beyond keeps its number
_BESIDE = 0.75  # the room for the words beside the longest bar, as a part of it


def progress(found: Figures) -> bytes | None:
    """Return the PNG of each target and how far it is reached, or None where no target is a number."""
    shown = [(figure, reached) for figure in found.indicators if (reached := _reached(figure)) is not None]
    if not shown:
        return None
    figure, axes = _canvas(1.6 + 0.55 * len(shown), say("picture.progress", period=period_words(found.period)), found)
    for place, (one, reached) in enumerate(shown):
        _bar(axes, place, one, reached)
    axes.axvline(100, color="black", linewidth=1, linestyle="--", zorder=0)
    names = [fill(one.indicator.label.split(" (")[0], LABEL_LETTERS) for one, _ in shown]
    axes.set_yticks(range(len(shown)), names, fontsize=11)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    longest = max(100.0, min(_WIDEST, max(reached for _, reached in shown)))
    axes.set_xlim(0, longest * (1 + _BESIDE))
    axes.set_xticks(range(0, int(longest) + 1, 50))
    axes.set_xlabel(say("picture.percent_of_target"), fontsize=11)
    return _png(figure)


def _reached(figure: OneFigure) -> float | None:
    """Return how much of its target a figure has reached, in per cent."""
    if figure.target is None or figure.percent is None:
        return None
    goal = read_goal(figure.target)
    if figure.indicator.kind != "ratio":
        return float(figure.percent)
    return 100 * float(figure.percent) / float(goal.low) if goal.low and goal.kind.startswith("share") else None


def _bar(axes: Axes, place: int, one: OneFigure, reached: float) -> None:
    goal = read_goal(one.target or "")
    met = reached <= 100 if goal.kind in ("ceiling", "share_at_most") else reached >= 100
    axes.barh(
        place,
        min(reached, _WIDEST),
        color=MET if met else BEHIND,
        height=0.6,
        hatch=None if met else "//",
        edgecolor="white",
    )
    words = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    axes.text(min(reached, _WIDEST) + 3, place, bar_words(one), va="center", fontsize=11, bbox=words)


def bar_words(one: OneFigure) -> str:
    """Return what stands beside a bar: "53,3% (8/15)", "85, chỉ tiêu từ 300"."""
    goal = read_goal(one.target or "")
    own = percent_words(one.percent or Decimal(0))
    number = one.measured.reached if one.measured else 0
    high = "" if goal.high is None else f"-{numeral(goal.high)}"
    target = f"{numeral(goal.low or 0)}{high}{'%' if goal.kind.startswith('share') else ''}"
    keys = {"share": "picture.bar_share", "floor": "picture.bar_floor"}
    keys |= {"ceiling": "picture.bar_ceiling", "share_at_most": "picture.bar_ceiling"}
    reached = own if goal.kind.startswith("share") else numeral(number)
    return say(keys.get(goal.kind, "picture.bar"), percent=own, reached=reached, target=target)


def attendance(found: Figures, months: Sequence[MonthOfAttendance], wanted: Decimal) -> bytes | None:
    """Return the PNG of attendance month by month beside what is wanted (%), or None where no meeting was reported."""
    begun = next((place for place, month in enumerate(months) if month.required), len(months))
    months = months[begun:]
    told = [percent(month.present, month.required) for month in months]
    points = [(place, share) for place, share in enumerate(told) if share is not None]
    if not points:
        return None
    figure, axes = _canvas(4.2, say("picture.attendance", period=period_words(found.period)), found)
    places, shares = [place for place, _ in points], [float(share) for _, share in points]
    axes.plot(places, shares, color=LINE, marker="o", linewidth=2)
    for place, share in points:
        _point(axes, place, share)
    axes.axhline(float(wanted), color="black", linewidth=1, linestyle="--", zorder=0)
    names = [f"{one.month.first_month}/{one.month.year % 100:02d}" for one in months]
    axes.set_xticks(range(len(months)), names, fontsize=10)
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_ylim(max(0, min(60, min(shares) - 10)), 106)
    axes.set_ylabel(say("picture.percent_present", wanted=percent_words(wanted)), fontsize=11)
    return _png(figure)


def _point(axes: Axes, place: int, share: Decimal) -> None:
    at = (place, float(share))
    axes.annotate(percent_words(share), at, (0, 8), textcoords="offset points", ha="center", fontsize=10)


def _canvas(height: float, title: str, found: Figures) -> tuple[Figure, Axes]:
    told = say("picture.cutoff", day=day_words(found.cutoff), state=say(f"state.{found.state}"))
    head = [fill(title, TITLE_LETTERS), fill(found.name, TITLE_LETTERS), told]
    lines = sum(words.count("\n") + 1 for words in head)
    figure = Figure(figsize=(_WIDTH, height + 0.22 * (lines - 3)), dpi=_DPI, facecolor="white", layout="constrained")
    figure.suptitle("\n".join(head), x=0.02, ha="left", fontsize=12)
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    FigureCanvasAgg(figure)  # a canvas of its own: nothing global, no window
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
