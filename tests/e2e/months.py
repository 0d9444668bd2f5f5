"""A first quarter of 69 branches as a script for `simulate`: everybody joins by code and answers the guided forms.

Every figure follows from the branch's number i: 6 + i mod 9 official, i mod 3 probationary, one exempt where 4 divides
i; (i + month) mod 3 absent. What differs from the plain month stands in the sets below. The totals that follow are
typed by hand in test_simulated_months.py.
"""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, TextIO

from sqlalchemy import event as sqlalchemy_event

from bot import migrations
from bot.channels.base import Capabilities
from bot.channels.script import BOT, NAME, ScriptChannel
from bot.codes import code_maker
from bot.desk import Desk
from bot.handling import Core
from bot.importing import import_path
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.script_events import read_events
from bot.simulate import Printer, World, simulate
from handlers import router
from handlers.context import HandlerSettings
from models.clock import ZONE
from models.database import make_engine, unit_of_work
from models.invitations import invite_all
from tests.e2e.client import forget_power_cuts, no_file

BRANCHES = range(1, 70)
IMPORTED = datetime(2022, 1, 1, 8, tzinfo=ZONE)
JOINING = date(2022, 1, 2)
OVERSEERS = {"vp": "Văn phòng", "cuv1": "Cấp ủy viên 1", "cuv2": "Cấp ủy viên 2", "cuv3": "Cấp ủy viên 3"}

LATE_IN_JANUARY = frozenset(range(8, 70, 8))  # reported on the 10th
ONLINE_IN_JANUARY = frozenset({5})
CORRECTED_IN_JANUARY = frozenset({19, 38, 57})  # one fewer was present
SILENT_IN_FEBRUARY = frozenset({7, 14})
NOT_HELD_IN_FEBRUARY = frozenset({23, 46, 69})
ADMITTED_IN_FEBRUARY = frozenset(range(11, 70, 11))  # one each, on the 10th
MOVED_AWAY_IN_FEBRUARY = frozenset(range(13, 70, 13))  # one official member each, on the 15th
POSTPONED_IN_MARCH = frozenset({17, 34, 51, 68})  # to the 12th
THEMATIC_IN_MARCH = frozenset(range(10, 70, 10))  # besides the regular one, on the 20th, everybody came


def official(i: int) -> int:
    return 6 + i % 9


def probationary(i: int) -> int:
    return i % 3


def exempt(i: int) -> int:
    return int(i % 4 == 0)


def required(i: int, month: int) -> int:
    moved = (i in ADMITTED_IN_FEBRUARY) - (i in MOVED_AWAY_IN_FEBRUARY) if month == 3 else 0
    return official(i) + probationary(i) - exempt(i) + moved


def committee(i: int) -> int:
    """Return under which of the three committees a branch stands: 23 each."""
    return (i - 1) // 23 + 1


# What is imported -----------------------------------------------------------------------------------------------


def write_tables(folder: Path) -> None:
    """Write units.csv and posts.csv as a committee would hand them in."""
    units = ["code,name,kind,parent_code,official,probationary,exempt", "DU,Đảng bộ phường,dang_bo,,,,"]
    units += [f"DB{n},Đảng bộ bộ phận {n},dang_bo_bo_phan,DU,,," for n in (1, 2, 3)]
    units += [
        f"CB{i:02},Chi bộ Tổ dân phố {i},chi_bo,DB{committee(i)},{official(i)},{probationary(i)},{exempt(i)}"
        for i in BRANCHES
    ]
    posts = ["unit_code,role,holder", "DU,officer,Văn phòng"]
    posts += [f"DB{n},assigned,Cấp ủy viên {n}" for n in (1, 2, 3)]
    posts += [f"CB{i:02},secretary,Bí thư CB{i:02}" for i in BRANCHES]
    (folder / "units.csv").write_text("\n".join(units), encoding="utf-8")
    (folder / "posts.csv").write_text("\n".join(posts), encoding="utf-8")


def import_and_invite(url: str, folder: Path) -> dict[str, str]:
    """Import the tables into a fresh database and return the code of every holder."""
    write_tables(folder)
    migrations.upgrade(url)
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        result = import_path(session, folder, IMPORTED)
        assert not result.errors, result.errors
        invited = invite_all(session, code_maker(Random(7)), IMPORTED, days=14, actor="test")
    engine.dispose()
    return {one.holder: one.code for one in invited}


# What people do -------------------------------------------------------------------------------------------------


@dataclass
class Script:
    """Events in order of time; each person's next deed comes a few seconds after the one before."""

    events: list[tuple[datetime, int, dict[str, str]]] = field(default_factory=list)

    def do(self, day: date, who: str, *deeds: str, at: time = time(19)) -> None:
        """Let a person do one thing after another: "[Gửi]" is pressed, anything else typed."""
        i = int(who[1:]) if who[1:].isdecimal() else 0
        moment = datetime.combine(day, at, ZONE) + timedelta(seconds=97 * i)
        for number, deed in enumerate(deeds):
            said = {"press": deed[1:-1]} if deed.startswith("[") else {"text": deed}
            when = moment + timedelta(seconds=3 * number)
            self.events.append((when, len(self.events), {"at": when.isoformat(), "from": who, **said}))

    def lines(self) -> Iterator[str]:
        """Give the events as lines of JSON."""
        return (json.dumps(event, ensure_ascii=False) for _, _, event in sorted(self.events))


def quarter(codes: dict[str, str], branches: Iterable[int] = BRANCHES) -> list[str]:
    """Return the script of the quarter."""
    script = Script()
    for who, holder in OVERSEERS.items():
        script.do(JOINING, who, f"/start {codes[holder]}", at=time(9))
    for i in branches:
        script.do(JOINING, f"u{i}", f"/start {codes[f'Bí thư CB{i:02}']}")
        _january(script, i)
        _february(script, i)
        _march(script, i)
    for number, who in enumerate(OVERSEERS):
        for month in (1, 2, 3):
            script.do(date(2022, 3, 31), who, f"/tonghop {month}", at=time(8, 10 * month + number))
    return list(script.lines())


def _january(script: Script, i: int) -> None:
    way = ("/hop", "[Họp trực tuyến]") if i in ONLINE_IN_JANUARY else ("/hop",)
    if i in LATE_IN_JANUARY:
        script.do(date(2022, 1, 10), f"u{i}", "/hop", "3/1", *_attendance(i, 1), "[Gửi]")
    else:
        script.do(date(2022, 1, 3), f"u{i}", *way, "[Hôm nay 3/1]", *_attendance(i, 1), "[Gửi]")
    if i in CORRECTED_IN_JANUARY:
        came = required(i, 1) - _absent(i, 1) - 1
        script.do(date(2022, 1, 4), f"u{i}", f"nhầm, có mặt {came}/{required(i, 1)} mới đúng")


def _february(script: Script, i: int) -> None:
    who = f"u{i}"
    if i in NOT_HELD_IN_FEBRUARY:
        script.do(date(2022, 2, 4), who, "/hop", "[Chưa họp]", "[Không đủ người]", "[Gửi]")
    elif i not in SILENT_IN_FEBRUARY:
        script.do(date(2022, 2, 3), who, "/hop", "[Hôm nay 3/2]", *_attendance(i, 2), "[Gửi]")
    if i in ADMITTED_IN_FEBRUARY:
        script.do(date(2022, 2, 10), who, "/ketnap", "[Kết nạp đảng viên mới]", "[1]", "[Hôm nay 10/2]", "[Gửi]")
    if i in MOVED_AWAY_IN_FEBRUARY:
        which = ("[Chính thức]",) if probationary(i) else ()
        day = date(2022, 2, 15)
        script.do(day, who, "/biendong", "[Chuyển đi (chính thức)]", "[1]", *which, "[Hôm nay 15/2]", "[Gửi]")


def _march(script: Script, i: int) -> None:
    who = f"u{i}"
    which = ("[Tháng 3/2022]",) if i in SILENT_IN_FEBRUARY else ()
    if i in POSTPONED_IN_MARCH:
        script.do(date(2022, 3, 2), who, "/hop", "[Hoãn họp]", "12/3", "[Gửi]")
        script.do(date(2022, 3, 12), who, "/hop", "[Hôm nay 12/3]", *_attendance(i, 3), "[Gửi]")
    else:
        script.do(date(2022, 3, 3), who, "/hop", "[Hôm nay 3/3]", *which, *_attendance(i, 3), "[Gửi]")
    if i in THEMATIC_IN_MARCH:
        everybody = (f"[Đủ {required(i, 3)}/{required(i, 3)}]", "[Đã đăng]")
        script.do(
            date(2022, 3, 20), who, "/hop", "[Họp chuyên đề]", "[Hôm nay 20/3]", "Chuyển đổi số", *everybody, "[Gửi]"
        )


def _absent(i: int, month: int) -> int:
    return (i + month) % 3


def _attendance(i: int, month: int) -> Sequence[str]:
    """Return the answers about attendance: with excuse in branches of even number, posted in odd sums."""
    total, absent = required(i, month), _absent(i, month)
    posted = "[Đã đăng]" if (i + month) % 2 else "[Chưa đăng]"
    if not absent:
        return (f"[Đủ {total}/{total}]", posted)
    excused = "[Có phép]" if absent == 1 else "[Cả 2 có phép]"
    return (f"[{total - absent}/{total}]", excused if i % 2 == 0 else "[Không phép]", posted)


def play(folder: Path, branches: Iterable[int] = BRANCHES, *, reminders: bool = True) -> tuple[str, str]:
    """Import, join and report; return the database's address and what `simulate` prints.

    Without reminders the same world runs with nothing falling due as time passes, in a quarter of the time.
    """
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder}/months.db"
    script = quarter(import_and_invite(url, folder), branches)
    out = io.StringIO()
    if reminders:
        simulate(url, script, out)
    else:
        with world(url, out) as quiet:
            for event in read_events(script):
                quiet.play(event)
            quiet.finish()
    return url, out.getvalue()


@contextmanager
def world(url: str, out: TextIO) -> Iterator[World]:
    """Give the world of `simulate` without anything that falls due by itself."""
    engine = make_engine(url)
    sqlalchemy_event.listen(engine, "connect", forget_power_cuts)
    channel = ScriptChannel(Printer(out, None))
    desk = Desk(Texts.load(), {(NAME, BOT): Capabilities()}, Limiter({(NAME, BOT): channel.limits}), {})
    core = Core(router.answer, HandlerSettings(code_maker(Random(0))), desk, "simulate")
    yield World(engine, core, channel, (), no_file, ())
    engine.dispose()


def answers(printed: str, who: str) -> list[dict[str, Any]]:
    """Return the replies a person was shown."""
    rows = [json.loads(line) for line in printed.splitlines()]
    return [row for row in rows if row["to"] == who and row["kind"] == "reply"]
