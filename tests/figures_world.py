"""Five branches over two quarters of 2022; the figures that follow from them are typed by hand in the tests.

DU is the committee, DB1 and DB2 stand beneath it, CB4 too; CB1 and CB2 begin under DB1, CB3 and CB10 under DB2.
CB10 is founded on 10 February, CB3 dissolved on 30 April, CB2 moves to DB2 on 16 May. CB4 never reports anything.
"""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

from models import duties, reporting, rules, tables, targets, units
from models.clock import at
from models.periods import parse_period
from models.reporting import Sender
from models.submissions import Submission

HALF_YEAR = date(2022, 6, 30)
NAMES = {
    "DU": ("Đảng bộ phường Bình Minh", "dang_bo", None),
    "DB1": ("Đảng bộ bộ phận 1", "dang_bo_bo_phan", "DU"),
    "DB2": ("Đảng bộ bộ phận 2", "dang_bo_bo_phan", "DU"),
    "CB1": ("Chi bộ khu phố 1", "chi_bo", "DB1"),
    "CB2": ("Chi bộ khu phố 2", "chi_bo", "DB1"),
    "CB3": ("Chi bộ Trường Tiểu học", "chi_bo", "DB2"),
    "CB4": ("Chi bộ Trạm Y tế", "chi_bo", "DU"),
    "CB10": ("Chi bộ khu phố 10", "chi_bo", "DB2"),
}


@dataclass
class World:
    session: Session
    ids: dict[str, int] = field(default_factory=dict)

    def report(self, code, form, on, answers, *, replaces=None) -> Submission:
        return reporting.submit(self.session, self.ids[code], form, answers, _sender(on), replaces=replaces)

    def meet(self, code, on, present, total, **more) -> Submission:
        day = date.fromisoformat(on)
        answers = {
            "outcome": "held",
            "kind": "regular",
            "format": "in_person",
            "held_on": on,
            "present": present,
            "total": total,
        }
        return self.report(code, "meeting", day, {**answers, **more}, replaces=None)

    def skip(self, code, month, outcome) -> Submission:
        answers = {"outcome": outcome, "kind": "regular", "month": month}
        return self.report(code, "meeting", date.fromisoformat(f"{month}-05"), answers)

    def event(self, code, form, event, count, dates, reported=None, **more) -> Submission:
        answers = {"event": event, "count": count, "dates": dates, **more}
        return self.report(code, form, date.fromisoformat(reported or dates[-1]), answers)

    def withdraw(self, submission) -> None:
        reporting.withdraw(self.session, submission, _sender(submission.reported_on))


def _sender(on: date) -> Sender:
    return Sender(account_id=None, now=at(on, 20), reported_on=on)


def empty_session() -> Session:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    tables.declare()
    tables.metadata.create_all(engine)
    return Session(engine, expire_on_commit=False)


def build() -> World:
    world = World(empty_session())
    rules.seed(world.session)
    _units(world)
    _first_quarter(world)
    _second_quarter(world)
    world.session.commit()
    return world


def _units(world: World) -> None:
    for code, (name, kind, parent) in NAMES.items():
        unit = units.put(world.session, code, name=name, kind=kind)
        world.ids[code] = units.unit_id(unit)
        if parent:
            units.set_parent(world.session, world.ids[code], world.ids[parent], date(2022, 1, 1))
    units.put(world.session, "CB10", valid_from=date(2022, 2, 10))
    for code, counts in {"CB1": (20, 2, 1), "CB2": (10, 0, 0), "CB3": (5, 1, 0)}.items():
        units.state_membership(world.session, world.ids[code], date(2021, 12, 31), counts)
    for month in parse_period("2022-H1").months:
        duties.ensure_meetings(world.session, month, at(date(2021, 12, 31)))
    # The rest of the duties stand already: what a body no longer owes must not be counted.
    units.put(world.session, "CB3", valid_to=date(2022, 4, 30))
    units.set_parent(world.session, world.ids["CB2"], world.ids["DB2"], date(2022, 5, 16))
    targets.put(world.session, world.ids["DU"], "ket_nap", "2022", "15")
    targets.put(world.session, world.ids["DU"], "de_nghi_ket_nap", "2022-Q1", "4-6")
    world.session.flush()


def _first_quarter(world: World) -> None:
    world.meet("CB1", "2022-01-03", 20, 21)
    world.meet("CB2", "2022-01-03", 10, 10)
    world.skip("CB3", "2022-01", "not_held")
    wrong = world.meet("CB1", "2022-02-03", 18, 21)
    right = {**wrong.answers, "present": 19}
    world.report("CB1", "meeting", date(2022, 3, 1), right, replaces=wrong)
    world.withdraw(world.meet("CB2", "2022-02-03", 9, 10))
    world.meet("CB3", "2022-02-03", 6, 6, format="online")
    world.meet("CB1", "2022-03-03", 21, 21)
    world.meet("CB1", "2022-03-17", 15, 21, kind="thematic", format="hybrid", topic="Nghị quyết")
    world.meet("CB2", "2022-03-04", 10, 10)
    world.meet("CB2", "2022-03-18", 8, 10, kind="thematic", format="online", topic="Chuyển đổi số")
    world.meet("CB3", "2022-03-03", 5, 6)
    world.meet("CB3", "2022-03-20", 6, 6, kind="extraordinary")
    world.meet("CB10", "2022-03-05", 8, 8, official=7, probationary=1, exempt=0)
    world.event("CB1", "admission", "ket_nap", 2, ["2022-02-03", "2022-02-19"])
    proposed = world.event("CB2", "admission", "de_nghi_ket_nap", 3, ["2022-03-10"])
    world.report("CB2", "admission", date(2022, 4, 2), {**proposed.answers, "count": 2}, replaces=proposed)
    world.withdraw(world.event("CB2", "admission", "boi_duong_nhan_thuc", 4, ["2022-03-01"]))
    world.event("CB3", "admission", "chinh_thuc", 1, ["2022-03-15"])
    world.event("CB1", "admission", "ket_nap", 1, ["2022-03-26"], reported="2022-04-05")
    world.event("DU", "own_figures", "van_ban", 12, ["2022-03-15"])
    world.event("DB1", "own_figures", "van_ban", 3, ["2022-02-15"])


def _second_quarter(world: World) -> None:
    world.meet("CB1", "2022-04-04", 24, 24)
    world.meet("CB2", "2022-04-04", 10, 10)
    world.meet("CB3", "2022-04-04", 6, 6)
    world.skip("CB10", "2022-04", "postponed")
    world.meet("CB1", "2022-05-03", 26, 26)
    world.meet("CB1", "2022-05-19", 20, 26, kind="thematic", topic="Nêu gương")
    world.meet("CB2", "2022-05-04", 8, 8)
    world.meet("CB10", "2022-05-03", 8, 8)
    world.skip("CB1", "2022-06", "not_held")
    world.meet("CB2", "2022-06-03", 7, 8)
    world.meet("CB10", "2022-06-03", 8, 8)
    world.event("CB2", "movement", "chuyen_di", 1, ["2022-04-20"])
    world.event("CB1", "movement", "chuyen_den", 2, ["2022-05-10"], probationary=1)
    world.event("CB2", "movement", "tu_tran", 1, ["2022-05-10"])
