"""Random committees over half a year: moves, pauses, units founded and dissolved, corrections, cases, approved periods.

All of it goes in the way the program takes it (`models.reporting`, `models.period_states`), in an order of chance.
"""

from datetime import date, timedelta
from random import Random

from sqlmodel import Session

from models import cases, duties, period_states, rules, targets, units
from models.clock import at
from models.directives import Directive
from models.forms.admission import EVENTS as ADMISSIONS
from models.forms.amounts import part_names
from models.forms.movement import EVENTS as MOVEMENTS
from models.forms.quarterly import asked_of, is_yes_or_no
from models.indicators import load as catalogue
from models.obligations import excuse
from models.people import Account
from models.periods import parse_period
from tests.figures_world import World

HALF_YEAR = parse_period("2022-H1")
MONTHS = HALF_YEAR.months
COMMITTEES = {"DU": None, "DB1": "DU", "DB2": "DU", "DB3": "DB1"}
BRANCHES = tuple(f"CB{number}" for number in range(1, 8))


def build(session: Session, chance: Random) -> World:
    world = World(session)
    rules.seed(session)
    session.add(Account(id=1, label="Văn phòng", created_at=at(date(2022, 1, 1))))
    _units(world, chance)
    for month in MONTHS:
        duties.ensure_meetings(session, month, at(date(2021, 12, 31)))
    if chance.random() < 0.4:
        setting = chance.choice(list(cases.COUNTED_BY))
        rules.revise(session, "admission.counted_by", setting, date(2022, 1, 1), "test", at(date(2022, 1, 1)))
    deeds = [_changes, _meetings, _events, _own_cases, _quarters, _own_figures, _study, _approvals]
    for deed in chance.sample(deeds, len(deeds)):
        if deed is not _approvals or chance.random() < 0.6:
            deed(world, chance)
    targets.put(session, world.ids["DU"], "ket_nap", "2022", "15")
    session.commit()
    return world


def _someday(chance: Random, first: date = HALF_YEAR.first, last: date = HALF_YEAR.last) -> date:
    return first + timedelta(days=chance.randint(0, (last - first).days))


def _units(world: World, chance: Random) -> None:
    for code in (*COMMITTEES, *BRANCHES):
        kind = "chi_bo" if code in BRANCHES else "dang_bo"
        world.ids[code] = units.unit_id(units.put(world.session, code, name=f"Đơn vị {code}", kind=kind))
        parent = COMMITTEES.get(code, chance.choice(list(COMMITTEES)))
        if parent:
            units.set_parent(world.session, world.ids[code], world.ids[parent], date(2022, 1, 1))
        if code in BRANCHES and chance.random() < 0.8:
            counts = (chance.randint(5, 20), chance.randint(0, 3), chance.randint(0, 2))
            units.state_membership(world.session, world.ids[code], date(2021, 12, 31), counts)


def _changes(world: World, chance: Random) -> None:
    """Let units move, pause, begin and end after their duties were made."""
    for code in BRANCHES:
        if chance.random() < 0.4:
            parent = world.ids[chance.choice(list(COMMITTEES))]
            units.set_parent(world.session, world.ids[code], parent, _someday(chance))
        if chance.random() < 0.2:
            first = _someday(chance)
            units.set_pause(world.session, world.ids[code], first, first + timedelta(days=chance.randint(0, 70)))
        if chance.random() < 0.2:
            units.put(world.session, code, valid_from=_someday(chance, last=date(2022, 3, 31)))
        if chance.random() < 0.2:
            units.put(world.session, code, valid_to=_someday(chance, first=date(2022, 4, 1)))
    world.session.flush()


def _meetings(world: World, chance: Random) -> None:
    for code in BRANCHES:
        for month in MONTHS:
            if chance.random() < 0.75:
                _corrected(world, chance, code, "meeting", _meeting(chance, month, "regular"))
            for kind in ("thematic", "extraordinary"):
                if chance.random() < 0.15:
                    _corrected(world, chance, code, "meeting", _meeting(chance, month, kind))
            owed = world.session.exec(_owed(world.ids[code], str(month))).one_or_none()
            if owed and owed.status == "open" and chance.random() < 0.2:
                excuse(world.session, owed, "thiên tai", "test", at(month.last))


def _owed(unit_id: int, month: str):
    row = duties.Obligation
    return duties.select(row).where(row.unit_id == unit_id, row.what == "meeting", row.period == month)


def _meeting(chance: Random, month, kind: str) -> dict:
    if chance.random() < 0.1:
        return {"outcome": chance.choice(["not_held", "postponed"]), "kind": kind, "month": str(month)}
    total = chance.randint(3, 20)
    answers: dict = {"outcome": "held", "kind": kind, "total": total}
    answers |= {"held_on": str(_someday(chance, month.first, month.last)), "present": chance.randint(1, total)}
    answers |= {"format": chance.choice(["in_person", "online", "hybrid"])}
    if chance.random() < 0.5:
        probationary, exempt = chance.randint(0, 2), chance.randint(0, 2)
        answers |= {"official": total + exempt, "probationary": probationary, "exempt": exempt}
    return answers


def _corrected(world: World, chance: Random, code: str, form: str, answers: dict, changed: dict | None = None) -> None:
    """Report something; now and then correct it, or take it back."""
    on = date.fromisoformat(answers.get("held_on") or answers.get("dates", [None])[-1] or f"{answers['month']}-05")
    sent = world.report(code, form, on, answers)
    if chance.random() < 0.2:
        fewer = {"present": 1} if "present" in answers else {}
        sent = world.report(code, form, on + timedelta(days=40), {**answers, **(changed or fewer)}, replaces=sent)
    if chance.random() < 0.1:
        world.withdraw(sent)


def _events(world: World, chance: Random) -> None:
    for code in BRANCHES:
        for form, events in (("admission", ADMISSIONS), ("movement", MOVEMENTS)):
            for _ in range(chance.randint(0, 3)):
                month, count = chance.choice(MONTHS), chance.randint(1, 3)
                days = [str(_someday(chance, month.first, month.last)) for _ in range(chance.choice([1, count]))]
                answers = {"event": chance.choice(list(events)), "count": count, "dates": sorted(days)}
                if form == "movement" and chance.random() < 0.4:
                    answers["probationary"] = 1
                one = {"count": 1, "dates": answers["dates"][:1]}
                _corrected(world, chance, code, form, answers, one)


def _own_cases(world: World, chance: Random) -> None:
    for code in chance.sample(BRANCHES, 3):
        days = sorted(str(_someday(chance)) for _ in range(5))
        first = world.report(code, "case_step", date.fromisoformat(days[0]), {"step": "open", "dates": [days[0]]})
        case = first.answers["case"]
        for step, day in zip(("resolution", "decision"), (days[1], days[3]), strict=True):
            if chance.random() < 0.8:
                answers = {"step": step, "dates": [day], "case": case}
                world.report(code, "case_step", date.fromisoformat(day), answers)
        for event, day in (("de_nghi_ket_nap", days[2]), ("ket_nap", days[4])):
            if chance.random() < 0.8:
                answers = {"event": event, "count": 1, "dates": [day], "case": case}
                _corrected(world, chance, code, "admission", answers, {})


def _quarters(world: World, chance: Random) -> None:
    for code in BRANCHES:
        for quarter in ("2022-Q1", "2022-Q2"):
            if chance.random() < 0.6:
                answers = {"quarter": quarter, "month": quarter[:4] + ("-03" if quarter.endswith("1") else "-06")}
                said = {row.code: _value(chance, row) for row in asked_of(catalogue()) if chance.random() < 0.7}
                _corrected(world, chance, code, "quarterly", {**answers, **said}, {})


def _value(chance: Random, indicator):
    if is_yes_or_no(indicator):
        return chance.choice([[1, 1], [0, 1]])
    if indicator.kind == "parts":
        return [chance.randint(0, 9) for _ in part_names(indicator)]
    return [chance.randint(0, 9), 9] if indicator.kind in ("ratio", "pair") else chance.randint(0, 4)


def _own_figures(world: World, chance: Random) -> None:
    rows = [row for row in catalogue() if row.reported_by == "dang_uy"]
    for _ in range(chance.randint(0, 8)):
        row, day = chance.choice(rows), str(_someday(chance))
        value = _value(chance, row)
        answers = {"event": row.code, "dates": [day]}
        if row.kind == "parts":
            answers |= {"count": sum(value), "parts": value}
        else:
            answers |= {"count": value[0], "of": value[1]} if isinstance(value, list) else {"count": value}
        _corrected(world, chance, chance.choice(list(COMMITTEES)), "own_figures", answers, {})


def _study(world: World, chance: Random) -> None:
    for _ in range(chance.randint(0, 2)):
        day = _someday(chance)
        addressed = [world.ids[code] for code in BRANCHES if chance.random() < 0.7]
        directive = Directive(
            unit_id=world.ids["DU"], title="Học tập", deadline=day, asks="figures", form_id="study", audience="all",
            roles=[], unit_ids=addressed, send_at=at(day), state=chance.choice(["active", "stopped", "recalled"]),
            created_by=1, created_at=at(day),
        )  # fmt: skip
        world.session.add(directive)
        world.session.flush()
        for code in BRANCHES:
            if world.ids[code] in addressed and chance.random() < 0.6:
                held = {"held": True, "present": chance.randint(1, 9), "total": 9}
                answers = held if chance.random() < 0.8 else {"held": False}
                said = {"directive": directive.id, "month": f"{day:%Y-%m}", **answers}
                world.report(code, "study", day, said)


def _approvals(world: World, chance: Random) -> None:
    """Approve periods one within the other, the tree changing in between; open some of them again."""
    for code in chance.sample(list(COMMITTEES), 2):
        for period in chance.sample(("2022-Q1", "2022-02", "2022-H1"), 2):
            period_states.approve(world.session, world.ids[code], period, 1, at(date(2022, 7, 10)))
            if chance.random() < 0.2:
                period_states.reopen(world.session, world.ids[code], period, "bổ sung", 1, at(date(2022, 7, 11)))
            _changes(world, chance)
