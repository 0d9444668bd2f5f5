"""The figures of a subtree computed the obvious way: unit by unit and month by month, a row at a time, from all rows.

Slow and plain on purpose; `models.figures` must say the same.
"""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, select

from models.aggregation import Amount, total
from models.cases import AdmissionCase, counted_column
from models.clock import local_date
from models.directives import STANDING, Directive
from models.feeds import nothing
from models.forms.amounts import amount_of
from models.forms.quarterly import adds_up, asked_of, of_everybody, stored_answers
from models.indicators import load as catalogue
from models.obligations import Obligation
from models.period_states import PeriodState, contains
from models.periods import month_of, parse_period, quarter_of
from models.stock import Event, Stated, expected
from models.submissions import Submission
from models.units import Membership, Unit, UnitParent, UnitPause


@dataclass
class Line:
    """One unit: the months it owed here, those it owes still, and its amounts."""

    expected: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    amounts: dict = field(default_factory=dict)

    @property
    def says_something(self):
        known = [amount for amount in self.amounts.values() if amount is not None]
        return any(amount.number or amount.of or any(amount.parts) for amount in known)


class Naive:
    """Every row of the database in lists, and what follows from them for one root, period and day."""

    def __init__(self, session: Session, root: int, period, today: date) -> None:
        self.units = session.exec(select(Unit)).all()
        self.parents = session.exec(select(UnitParent)).all()
        self.pauses = session.exec(select(UnitPause)).all()
        self.duties = [row for row in session.exec(select(Obligation)) if row.what == "meeting"]
        self.reports = [row for row in session.exec(select(Submission)) if row.state in ("submitted", "locked")]
        self.stated = session.exec(select(Membership)).all()
        self.cases = session.exec(select(AdmissionCase)).all()
        self.directives = session.exec(select(Directive)).all()
        states = session.exec(select(PeriodState)).all()
        self.frozen = [row for row in states if row.unit_id == root and row.state != "open"]
        self.root, self.period, self.cutoff = root, period, min(period.last, today)
        self.months = [month for month in period.months if month.first <= today]
        self.counted_by = counted_column(session, self.cutoff)
        self.lines = {unit.id: self.line(unit) for unit in self.units} if self.months else {}

    # Where units stand

    def beneath(self, unit_id: int, day: date) -> bool:
        seen = set()
        while unit_id != self.root:
            links = [one for one in self.parents if one.unit_id == unit_id and one.valid_from <= day <= one.valid_to]
            if not links or unit_id in seen:
                return False
            seen.add(unit_id)
            unit_id = links[0].parent_id
        return True

    def here(self, unit_id: int, month) -> bool:
        return self.beneath(unit_id, min(month.last, self.cutoff))

    def here_last(self, unit_id: int) -> bool:
        return self.beneath(unit_id, self.cutoff)

    def counts(self, unit_id: int, day: date) -> bool:
        return day <= self.cutoff and month_of(day) in self.months and self.here(unit_id, month_of(day))

    # What one unit owed, held and said

    def line(self, unit: Unit) -> Line:
        if not any(self.here(unit.id, month) for month in self.months):
            return Line(amounts=dict.fromkeys(row.code for row in catalogue()))
        owed = [month for month in self.months if self.owes(unit, month)]
        here = [month for month in owed if self.here(unit.id, month)]
        missing = [month for month in here if self.duty(unit, month).status not in ("on_time", "late")]
        amounts = {**self.meetings(unit, owed), **self.members(unit), **self.events(unit), **self.study(unit)}
        for row in catalogue():
            if row.code not in amounts:
                amounts[row.code] = self.said(unit, row, owed)
        return Line([str(month) for month in here], [str(month) for month in missing], amounts)

    def duty(self, unit: Unit, month):
        return next((one for one in self.duties if (one.unit_id, one.period) == (unit.id, str(month))), None)

    def owes(self, unit: Unit, month) -> bool:
        row = self.duty(unit, month)
        if row is None:
            return False
        containing = [one for one in self.frozen if contains(parse_period(one.period), month)]
        if containing:
            shortest = min(containing, key=lambda one: parse_period(one.period).length)
            if self.beneath(unit.id, parse_period(shortest.period).last):
                return unit.id in shortest.expected.get("meeting", {}).get(str(month), [])
        if row.status in ("on_time", "late"):
            return True
        day = row.planned_on or month.first
        paused = any(one.unit_id == unit.id and one.paused_from <= day <= one.paused_to for one in self.pauses)
        exists = unit.valid_from <= day <= unit.valid_to
        return row.status not in ("cancelled", "excused") and exists and not paused

    def meetings(self, unit: Unit, owed) -> dict:
        held = []
        for row in self.reports:
            if row.unit_id == unit.id and row.form_id == "meeting" and row.answers["outcome"] == "held":
                month = parse_period(row.period)
                if month in self.months and date.fromisoformat(row.answers["held_on"]) <= self.cutoff:
                    held.append((month, row.answers))
        here = [answers for month, answers in held if self.here(unit.id, month)]
        expected_here = [month for month in owed if self.here(unit.id, month)]
        regular = {month for month, answers in held if answers.get("kind", "regular") == "regular"}
        return {
            "sinh_hoat_dung_ky": Amount(sum(month in regular for month in expected_here), len(expected_here)),
            "du_sinh_hoat": Amount(sum(one["present"] for one in here), sum(one["total"] for one in here)),
            "sinh_hoat_truc_tuyen": Amount(sum(one.get("format") == "online" for one in here)),
            "sinh_hoat_chuyen_de": self.thematic(unit, owed, held),
        }

    def thematic(self, unit: Unit, owed, held) -> Amount:
        span = (lambda month: month) if self.period.length == 1 else (lambda month: quarter_of(month.first))
        done = {span(month) for month, answers in held if answers.get("kind") == "thematic"}
        number = of = 0
        for one in {span(month) for month in owed}:
            last = max(month for month in owed if span(month) == one)
            if self.here(unit.id, last):
                of += 1
                number += one in done
        return Amount(number, of)

    def members(self, unit: Unit) -> dict:
        stock = self.stock(unit)
        children = {
            one.unit_id
            for one in self.parents
            for child in self.units
            if child.id == one.unit_id and one.parent_id == unit.id and one.valid_from <= self.cutoff <= one.valid_to
            and child.valid_from <= self.cutoff <= child.valid_to
        }  # fmt: skip
        return {
            "tong_dang_vien": Amount(stock.members) if stock else None,
            "dang_vien_chinh_thuc": Amount(stock.official) if stock else None,
            "dang_vien_du_bi": Amount(stock.probationary) if stock else None,
            "dang_vien_mien": Amount(stock.exempt) if stock else None,
            "so_to_chuc_truc_thuoc": Amount(len(children)) if unit.id == self.root else None,
        }

    def stock(self, unit: Unit):
        rows = [row for row in self.stated if row.unit_id == unit.id and row.on <= self.cutoff]
        exists = unit.valid_from <= self.cutoff <= unit.valid_to
        if not rows or not exists or unit.kind != "chi_bo" or not self.here_last(unit.id):
            return None
        last = max(rows, key=lambda row: (row.on, row.id))
        stated = Stated(last.on, last.official, last.probationary, last.exempt, last.submission_id or 0)
        people = ("admission", "movement")
        reports = [row for row in self.reports if row.unit_id == unit.id and row.form_id in people]
        return expected(stated, [Event(row.id, row.answers) for row in reports], self.cutoff)

    def events(self, unit: Unit) -> dict:
        joined = ("ket_nap", "chinh_thuc", "de_nghi_ket_nap", "boi_duong_nhan_thuc", "chuyen_den")
        found = dict.fromkeys((*joined, "chuyen_di", "tu_tran", "khai_tru", "xoa_ten", "cho_ra"), 0)
        for row in self.reports:
            if row.unit_id != unit.id or row.answers.get("event") not in found:
                continue
            if row.answers["event"] == "ket_nap" and row.answers.get("case") and self.counted_by != "held_on":
                continue
            days = row.answers["dates"]
            days = days * row.answers["count"] if len(days) == 1 else days
            found[row.answers["event"]] += sum(self.counts(unit.id, date.fromisoformat(day)) for day in days)
        if self.counted_by != "held_on":
            days = [getattr(case, self.counted_by) for case in self.cases if case.unit_id == unit.id]
            found["ket_nap"] += sum(day is not None and self.counts(unit.id, day) for day in days)
        return {code: Amount(number) for code, number in found.items()}

    def study(self, unit: Unit) -> dict:
        studied = {"hoc_tap_chi_bo": None, "hoc_tap_dang_vien": None}
        for directive in sorted(self.directives, key=lambda one: -one.id):
            addressed = [unit_id for unit_id in directive.unit_ids if self.here_last(unit_id)]
            sent = self.period.first <= local_date(directive.send_at) <= self.cutoff
            if directive.form_id != "study" or directive.state not in STANDING or not addressed or not sent:
                continue
            if unit.id not in addressed:
                return studied
            kind = f"D{directive.id}"
            asked = (unit.id, "study", kind)
            said = [row.answers for row in self.reports if (row.unit_id, row.form_id, row.kind) == asked]
            answers = said[0] if said else {}
            stock = self.stock(unit)
            required = answers.get("total", stock.required if stock else 0)
            return {
                "hoc_tap_chi_bo": Amount(int(answers.get("held", False)), 1),
                "hoc_tap_dang_vien": Amount(answers.get("present", 0), required),
            }
        return studied

    def said(self, unit: Unit, indicator, owed) -> Amount | None:
        stated = [*self.quarters(unit, indicator), *self.own(unit, indicator)] if self.here_last(unit.id) else []
        if unit.valid_to < self.cutoff and not adds_up(indicator):
            return None
        if stated and indicator.over_time.startswith("sum / last"):
            return Amount(sum(one.number for _, one, _ in stated), max(stated, key=lambda one: one[0])[1].of)
        if adds_up(indicator):
            stated = [one for one in stated if one[2]]
            return total(amount for _, amount, _ in stated)
        if stated:
            return max(stated, key=lambda one: one[0])[1]
        last = max(owed, default=None)
        owes = last is not None and self.here(unit.id, last) and last.first_month >= 3
        return Amount(0, 1) if of_everybody(indicator) and owes else None

    def quarters(self, unit: Unit, indicator):
        for row in sorted(self.reports, key=lambda row: row.id):
            if (row.unit_id, row.form_id) != (unit.id, "quarterly") or indicator not in asked_of(catalogue()):
                continue
            quarter = parse_period(row.period)
            whole = quarter.first <= self.cutoff and quarter.last <= self.period.last
            if whole and quarter.year == self.period.year and row.answers.get(indicator.code) is not None:
                amount = amount_of(stored_answers(row.answers[indicator.code], indicator), indicator)
                yield quarter.last, amount, quarter.first >= self.period.first

    def own(self, unit: Unit, indicator):
        for row in sorted(self.reports, key=lambda row: row.id):
            if (row.unit_id, row.form_id, row.answers.get("event")) == (unit.id, "own_figures", indicator.code):
                day = date.fromisoformat(row.answers["dates"][0])
                if day <= self.cutoff and day.year == self.period.year:
                    yield day, amount_of(row.answers, indicator), day >= self.period.first

    # The subtree

    def total(self, indicator) -> Amount | None:
        return total(line.amounts[indicator.code] for line in self.lines.values()) or nothing(indicator)

    @property
    def branches(self) -> dict[str, Line]:
        theirs = [row.code for row in catalogue() if row.reported_by == "chi_bo"]
        return {
            unit.code: line
            for unit in self.units
            if (line := self.lines.get(unit.id))
            and (line.expected or Line(amounts={code: line.amounts[code] for code in theirs}).says_something)
        }
