"""Figures become sentences: one a figure, joined by what they are about, under the report's headings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.aggregation import Number, numeral, percent, percent_words, read_goal
from models.committee_report import Report
from models.figures import Figure, Figures
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
    return [f"{state} {_reported(found)}"]


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
    words = line_words(figure) + _compared(report, figure)
    return [Part(_lead(code, figure.indicator.form or "derived"), words)]


def _lead(code: str, form: str) -> str:
    """Return how the paragraph begins: of the indicator itself, or of the form that feeds it."""
    return texts().get(f"topic.{code}") or texts().get(f"topic.{form.replace(' ', '_')}", "")


def line_words(figure: Figure) -> str:
    """Return one figure in words: its own sentence, or its label and the figure."""
    key, amount = f"line.{figure.indicator.code}", figure.amount
    label = figure.indicator.label.split(" (")[0]
    if figure.indicator.kind == "parts" and amount is not None:
        names = figure.indicator.label.partition("(")[2].rstrip(")").split(", ")
        share = [percent(part, sum(amount.parts), figure.indicator.decimals) for part in amount.parts]
        parts = [
            f"{name} {counted(part)}" + (f" ({percent_words(of)})" if of is not None and part else "")
            for name, part, of in zip(names, amount.parts, share, strict=True)
        ]
        return f"{label[:1].lower()}{label[1:]}: {', '.join(parts)}"
    if key not in texts():
        return f"{label[:1].lower()}{label[1:]}: {figure.prose(counted)}"
    pair = amount.of if amount is not None and amount.of is not None else 0
    return say(key, figure=figure.prose(counted), first=counted(amount.number if amount else 0), second=counted(pair))


def _compared(report: Report, figure: Figure) -> str:
    """Return how a figure stands to the same period of the year before, "" where there is nothing to compare."""
    if report.before is None or figure.amount is None or figure.indicator.kind not in ("flow", "stock", "ratio"):
        return ""
    old = report.before.figure(figure.indicator.code)
    if figure.indicator.kind == "ratio":
        return say("prose.same_period_share", before=percent_words(old.percent)) if old.percent is not None else ""
    if old.amount is None:
        return ""
    share = percent(figure.amount.number, old.amount.number)
    if share is None:
        return say("prose.same_period_none") if figure.amount.number else ""
    return say("prose.same_period", before=counted(old.amount.number), percent=percent_words(share))


# II and III -------------------------------------------------------------------------------------------------------


def shortcomings(report: Report) -> list[str]:
    """Return what the figures themselves show as lacking: reports missing, targets not met, numbers that disagree."""
    names = [line.name for line in report.found.branches if line.missing]
    said = []
    if names:
        said.append(
            say(
                "prose.not_reported", count=counted(len(names)), of=numeral(report.found.expected), names=_listed(names)
            )
        )
    over = report.found.period.last.month == 12  # a year's target is not missed before the year is over
    behind = [figure for figure in report.found.indicators if _is_behind(figure) and (over or not figure.of_year)]
    if behind:
        said.append(say("prose.behind", targets="; ".join(_behind(figure) for figure in behind)))
    if report.mismatches:
        said.append(say("prose.mismatches", count=counted(len(report.mismatches))))
    return said


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(names[:SHOWN_MISSING])
    return listed if len(names) <= SHOWN_MISSING else say("head.more", names=listed, count=len(names) - SHOWN_MISSING)


def _is_behind(figure: Figure) -> bool:
    goal = read_goal(figure.target or "")
    if figure.amount is None or goal.kind == "words" or not (figure.amount.of or figure.indicator.kind != "ratio"):
        return False
    if figure.measured is not None and figure.measured.goal.low is not None and goal.kind not in ("share", "ceiling"):
        return figure.measured.reached < figure.measured.goal.low
    return not goal.is_met(figure.amount)


def _behind(figure: Figure) -> str:
    label = figure.indicator.label.split(" (")[0]
    key = "prose.behind_ratio" if figure.indicator.kind == "ratio" else "prose.behind_one"
    target = _shown_target(figure.target or "")
    return say(key, label=f"{label[:1].lower()}{label[1:]}", figure=figure.prose(counted), target=target)


def directions(report: Report) -> list[str]:
    """Return the targets of the period that comes, as they were given."""
    lines = [_target_words(report, code, target) for code, target in report.targets.items()]
    told = [line for line in lines if line]
    return [say("prose.targets", targets="; ".join(told))] if told else []


def _target_words(report: Report, code: str, target: str) -> str:
    try:
        indicator = report.found.figure(code).indicator
    except KeyError:
        return ""
    label = indicator.label.split(" (")[0]
    key = "prose.target_share" if target.rstrip().endswith("%") or read_goal(target).kind == "words" else "prose.target"
    shown = _shown_target(target)
    return say(key, label=f"{label[:1].lower()}{label[1:]}", target=shown, unit=indicator.unit)


def title_words(report: Report) -> str:
    """Return what the report is about, under its title."""
    return say("report.subject", period=period_words(report.found.period))


def _shown_target(target: str) -> str:
    goal = read_goal(target)
    key = {"floor": "prose.at_least", "ceiling": "prose.at_most"}.get(goal.kind)
    return say(key, number=numeral(goal.low or 0)) if key else target
