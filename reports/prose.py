"""Figures become sentences: one a figure, joined by what they are about, under the report's headings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from models.aggregation import Goal, Number, numeral, percent, percent_words, read_goal
from models.committee_report import Report
from models.figure_text import against_goal
from models.figures import Figure, Figures
from models.forms.amounts import part_names
from models.indicators import Indicator
from models.periods import parse_period
from reports.wording import day_words, period_words, say, texts

SHOWN_MISSING = 30  # names in a sentence; all of them stand in the annex


def counted(number: Number) -> str:
    """Return a count as the report's prose writes it: below 10 with a leading zero, 0 alone."""
    return f"0{numeral(number)}" if 0 < number < 10 and number == int(number) else numeral(number)


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of one figure, and how its paragraph begins: neighbours that begin alike share it."""

    lead: str
    words: str


def opening(report: Report) -> list[str]:
    """Return the paragraph above the outline: up to when, in which state, who has reported and who has not."""
    found = report.found
    state = say("prose.cutoff", day=day_words(found.cutoff), state=say(f"state.{found.state}"))
    return [f"{state} {_reported_alone(found) if is_branch(report) else _reported(found)}".rstrip()]


def is_branch(report: Report) -> bool:
    """Return whether the report is a branch's own."""
    return report.head.kind in ("chi_bo", "to_dang")


def _reported_alone(found: Figures) -> str:
    """Return which months a branch itself has not reported, "" when none is missing."""
    months = [period_words(parse_period(month)) for line in found.branches for month in line.missing]
    return say("head.missing", names=", ".join(months)) if months else ""


def _reported(found: Figures) -> str:
    if not found.expected:
        return say("head.nobody")
    share = percent(found.reported, found.expected)
    words = say(
        "head.reported", reported=found.reported, expected=found.expected,
        share="" if share is None else f" ({percent_words(share)})",
    )  # fmt: skip
    names = [line.name for line in found.branches if line.missing]
    return f"{words} {_missing(names)}"


def _missing(names: Sequence[str]) -> str:
    if not names:
        return say("head.none_missing")
    listed = ", ".join(names[:SHOWN_MISSING])
    if len(names) > SHOWN_MISSING:
        listed = say("head.more", names=listed, count=len(names) - SHOWN_MISSING)
    return say("head.missing", names=listed)


def section(report: Report, number: int) -> list[str]:
    """Return the paragraphs that the figures of a section I.1 to I.7 make."""
    parts = [
        part
        for figure in report.found.indicators
        if figure.indicator.section == number
        for part in _part(report, figure)
    ]
    return [_paragraph(lead, list(group)) for lead, group in groupby(parts, key=lambda part: part.lead)]


def _paragraph(lead: str, parts: Iterable[Part]) -> str:
    said = lead + "; ".join(part.words for part in parts)
    return f"{said[:1].upper()}{said[1:]}."


def _part(report: Report, figure: Figure) -> list[Part]:
    amount, code = figure.amount, figure.indicator.code
    told = amount is not None and bool(amount.number or amount.of or any(amount.parts))
    if not told and figure.measured is None:
        return []
    words = line_words(figure, alone=is_branch(report)) + _compared(report, figure)
    return [Part(_lead(code, figure.indicator.form or "derived"), words)]


def _lead(code: str, form: str) -> str:
    """Return how the paragraph begins: of the indicator itself, or of the form that feeds it."""
    return texts().get(f"topic.{code}") or texts().get(f"topic.{form.replace(' ', '_')}", "")


def line_words(figure: Figure, *, alone: bool = False) -> str:
    """Return one figure in words: its own sentence, or its label and the figure; alone: of a single branch."""
    indicator, amount = figure.indicator, figure.amount
    if amount is None:
        return f"{_label(indicator)}: {figure.prose(counted)}"
    if indicator.kind == "parts":
        return f"{_label(indicator)}: {_parts(indicator, amount.parts)}"
    if figure.measured is not None and not amount.number:
        return f"{_label(indicator)}: {_nothing(figure)}"
    of_one = f"line_branch.{indicator.code}" if amount.number else f"line_branch_none.{indicator.code}"
    key = of_one if alone and of_one in texts() else f"line.{indicator.code}"
    if key not in texts():
        return f"{_label(indicator)}: {figure.prose(counted)}"
    return say(key, figure=figure.prose(counted), first=counted(amount.number), second=counted(amount.of or 0))


def _label(indicator: Indicator) -> str:
    label = indicator.label.split(" (")[0]
    return f"{label[:1].lower()}{label[1:]}"


def _parts(indicator: Indicator, parts: Sequence[int]) -> str:
    shares = [percent(part, sum(parts), indicator.decimals) for part in parts]
    return ", ".join(
        f"{name} {counted(part)}" + (f" ({percent_words(share)})" if share is not None and part else "")
        for name, part, share in zip(part_names(indicator), parts, shares, strict=True)
    )


def _nothing(figure: Figure) -> str:
    """Return what a report says instead of "0 of 15 people": nothing yet, or nothing in this period."""
    measured, indicator = figure.measured, figure.indicator
    if measured is not None and measured.reached:
        return say("prose.none_in_period", reached=against_goal(indicator.unit, measured, counted))
    goal = read_goal(figure.target or "")
    key = "prose.none_allowed" if goal.kind == "ceiling" else "prose.none_yet"
    return say(key, target=_goal_words(goal, indicator.unit))


def _compared(report: Report, figure: Figure) -> str:
    """Return how a figure stands to the same period of the year before, "" where there is nothing to compare."""
    if report.before is None or figure.amount is None or figure.indicator.kind not in ("flow", "stock", "ratio"):
        return ""
    old = report.before.figure(figure.indicator.code)
    if figure.indicator.kind == "ratio":
        return say("prose.same_period_share", before=percent_words(old.percent)) if old.percent is not None else ""
    if old.amount is None:
        return ""
    share = against_before(figure, old)
    if share is None:
        return say("prose.same_period_none") if figure.amount.number else ""
    return say("prose.same_period", before=counted(old.amount.number), percent=percent_words(share))


def against_before(figure: Figure, old: Figure) -> Decimal | None:
    """Return a flow or stock in per cent of what it was a year before; None where that was nothing."""
    if figure.amount is None or old.amount is None or figure.indicator.kind not in ("flow", "stock"):
        return None
    return percent(figure.amount.number, old.amount.number)


# II and III -------------------------------------------------------------------------------------------------------


def shortcomings(report: Report) -> list[str]:
    """Return what the figures themselves show as lacking: reports missing, targets not met, numbers that disagree."""
    missing = sum(1 for line in report.found.branches if line.missing)
    said = []
    if missing and not is_branch(report):
        said.append(say("prose.not_reported", count=counted(missing), of=numeral(report.found.expected)))
    over = report.found.period.last.month == 12  # a year's target is not missed before the year is over
    behind = [figure for figure in report.found.indicators if _is_behind(figure) and (over or not figure.of_year)]
    if behind:
        said.append(say("prose.behind", targets="; ".join(_behind(figure) for figure in behind)))
    if report.mismatches:
        said.append(say("prose.mismatches", count=counted(len(report.mismatches))))
    return said


def _is_behind(figure: Figure) -> bool:
    goal = read_goal(figure.target or "")
    if figure.amount is None or goal.kind == "words" or not (figure.amount.of or figure.indicator.kind != "ratio"):
        return False
    if (
        figure.measured is not None
        and figure.measured.goal.low is not None
        and goal.kind in ("exact", "range", "floor")
    ):
        return figure.measured.reached < figure.measured.goal.low
    return not goal.is_met(figure.amount)


def _behind(figure: Figure) -> str:
    words = line_words(figure)
    if figure.indicator.kind != "ratio":
        return words
    target = _goal_words(read_goal(figure.target or ""), figure.indicator.unit)
    return say("prose.behind_ratio", figure=words, target=target)


def directions(report: Report) -> list[str]:
    """Return the targets of the period that comes, in the catalogue's order."""
    rows = [figure.indicator for figure in report.found.indicators if figure.indicator.code in report.targets]
    told = [_target_words(row, report.targets[row.code]) for row in rows]
    return [say("prose.targets", targets="; ".join(told))] if told else []


def _target_words(indicator: Indicator, target: str) -> str:
    """Return a target in the words its figure will be told in; one given in words stands beside the label."""
    goal, key = read_goal(target), f"line.{indicator.code}"
    if goal.kind == "words":
        return say("prose.target_in_words", label=_label(indicator), target=target)
    wanted = _goal_words(goal, indicator.unit)
    numbers = indicator.kind != "pair" and key in texts()
    return say(key, figure=wanted) if numbers else f"{_label(indicator)} {wanted}"


def _goal_words(goal: Goal, unit: str) -> str:
    """Return a target as the report writes it: 15 đồng chí, từ 300 tin bài trở lên, 90%."""
    if goal.low is None:
        return goal.text
    if goal.kind in ("share", "share_at_most"):
        wanted = percent_words(goal.low)
    else:
        wanted = f"{counted(goal.low)}{'' if goal.high is None else f'-{counted(goal.high)}'} {unit}"
    key = {"floor": "prose.at_least", "ceiling": "prose.at_most", "share_at_most": "prose.at_most"}.get(goal.kind)
    return say(key, wanted=wanted) if key else wanted


def goal_as_shown(target: str) -> str:
    """Return a target as a table shows it: "≥ 300"."""
    return target.replace(">=", "≥ ").replace("<=", "≤ ")


def title_words(report: Report) -> str:
    """Return what the report is about, under its title."""
    return say("report.subject", period=period_words(report.found.period))
