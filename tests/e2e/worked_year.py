"""The worked example as a year of messages: 69 branches with 727 members in 2022, everything told in chat.

Branches 1 to 37 have 11 members, 38 to 69 have 10; 1 to 7 have one probationary among them, branch 1 one exempt. Three
committees stand between: DB1 over 1 to 23, DB2 over 24 to 46, DB3 over 47 to 69. Branch 69 is dissolved on 30 June.
The totals that follow are typed by hand in test_worked_year.py.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import TextIO

from sqlalchemy import event as sqlalchemy_event

from bot import directive_parts, migrations, parts
from bot.channels.base import Capabilities
from bot.channels.script import BOT, NAME, ScriptChannel
from bot.codes import code_maker
from bot.desk import Desk
from bot.handling import Core
from bot.importing import import_path
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.script_events import read_events
from bot.simulate import Printer, World
from handlers import router
from handlers.context import HandlerSettings
from models.clock import ZONE
from models.database import make_engine, unit_of_work
from models.invitations import invite_all
from tests.e2e.client import forget_power_cuts, no_file
from tests.e2e.months import Script

BRANCHES = range(1, 70)
IMPORTED = datetime(2022, 1, 1, 8, tzinfo=ZONE)
DISSOLVED = 69
ABSENT = range(1, 11)  # one absent at every meeting
SENT_TO_CLASS, PROPOSED_EARLY, MADE_OFFICIAL, MOVED_AWAY = range(20, 39), range(1, 9), range(1, 8), range(40, 55)
PROPOSED_LATER = range(9, 24)
ADMITTED = {5: range(1, 11), 8: range(11, 21), 11: range(21, 24)}  # on 19/5, 19/8 and 2/11
ADMITTED_ON = {5: "19/5", 8: "19/8", 11: "2/11"}
MISSED_THE_STUDY = range(1, 14)  # one each
THEMATIC = range(61, 66)
ONLINE = 66
OFFICE_IN_MARCH = (
    "đã ban hành 8 văn bản", "đã triển khai 2 chương trình", "đã ban hành 1 nghị quyết chuyên đề",
    "đã đăng 120 tin bài", "đã viết 4 bài chuyên sâu", "đã thành lập 1 tổ chức đảng", "đã kiện toàn 2 cấp ủy",
    "đã tiến hành 5 cuộc kiểm tra", "đã tiến hành 3 cuộc giám sát", "đã có 3 chi bộ được giám sát",
    "đã trao 6 huy hiệu đảng", "đã cấp 9 thẻ mới", "đã đổi 4 thẻ đổi", "đã chọn 3 chi bộ làm điểm 3 mô hình",
    "đã thành lập 12 công đoàn với 1.608 đoàn viên", "đã thành lập 2 chi đoàn với 30 đoàn viên",
    "đã thành lập 1 hội phụ nữ với 25 hội viên", "hỏa táng 5/8",
)  # fmt: skip
OFFICE_IN_AUGUST = ("đã thành lập 2 tổ chức đảng", "đã ban hành 5 văn bản")
OFFICE_IN_DECEMBER = (
    "đã tiến hành 17 cuộc kiểm tra", "đã tiến hành 12 cuộc giám sát", "xếp loại tổ chức đảng 12/50/6"
)  # fmt: skip
LEAVING = {55: "Từ trần", 56: "Khai trừ", 57: "Xóa tên", 58: "Xin ra khỏi Đảng"}  # one each on 15/12
ARRIVED = 59  # one official on 15/12
TARGETS = ("đề nghị 15", "kết nạp 15", "thành lập tổ chức đảng 2", "kiểm tra 20", "giám sát 12")


def members(i: int) -> int:
    return 11 if i <= 37 else 10


def present_at(i: int, day: date) -> int:
    """Return how many must attend in branch i on a day."""
    moved = i in MOVED_AWAY and day > date(2022, 2, 15)
    joined = {5: date(2022, 5, 19), 8: date(2022, 8, 19), 11: date(2022, 11, 2)}
    admitted = any(i in who and day > joined[month] for month, who in ADMITTED.items())
    return members(i) - (i == 1) - moved + admitted


def write_tables(folder: Path, *, dissolved: bool = False) -> None:
    """Write units.csv and posts.csv; dissolved: as it is told in June."""
    units = ["code,name,kind,parent_code,official,probationary,exempt,valid_to"]
    units += ["DU,Đảng bộ Khối Doanh nghiệp huyện Bình Minh,dang_bo,,,,,"]
    units += [f"DB{n},Đảng bộ bộ phận {n},dang_bo_bo_phan,DU,,,," for n in (1, 2, 3)]
    for i in BRANCHES:
        probationary = int(i in MADE_OFFICIAL)
        ends = "2022-06-30" if dissolved and i == DISSOLVED else ""
        counts = "" if dissolved else f"{members(i) - probationary},{probationary},{int(i == 1)}"
        counts = counts or ",,"
        units.append(f"CB{i:02},Chi bộ Doanh nghiệp {i},chi_bo,DB{(i - 1) // 23 + 1},{counts},{ends}")
    posts = [
        "unit_code,role,holder",
        "DU,officer,Văn phòng",
        *(f"CB{i:02},secretary,Bí thư CB{i:02}" for i in BRANCHES),
    ]
    folder.mkdir(exist_ok=True)
    (folder / "units.csv").write_text("\n".join(units), encoding="utf-8")
    (folder / "posts.csv").write_text("\n".join(posts), encoding="utf-8")


# What people say ------------------------------------------------------------------------------------------------


def first_half(codes: dict[str, str]) -> list[str]:
    """Return the script of January to June."""
    script = Script()
    script.do(
        date(2022, 1, 2), "vp", f"/start {codes['Văn phòng']}", *(f"/chitieu {one}" for one in TARGETS), at=time(9)
    )
    for i in BRANCHES:
        script.do(date(2022, 1, 2), f"u{i}", f"/start {codes[f'Bí thư CB{i:02}']}", at=time(10))
        for month in range(1, 7):
            _meeting(script, i, month)
        _events_of_the_quarter(script, i)
        _first_quarterly(script, i)
        _admission(script, i, 5)
    _study(script)
    script.do(date(2022, 3, 22), "vp", *OFFICE_IN_MARCH, "/baocao quý 1 2022", at=time(8))
    script.do(date(2022, 6, 30), "vp", "/baocao 6 tháng 2022", at=time(8))
    return list(script.lines())


def second_half() -> list[str]:
    """Return the script of July to December."""
    script = Script()
    for i in BRANCHES:
        if i == DISSOLVED:
            continue
        for month in range(7, 13):
            _meeting(script, i, month)
        _admission(script, i, 8)
        _admission(script, i, 11)
        if i in PROPOSED_LATER:
            _event(script, i, date(2022, 7, 10), "/ketnap", "[Đề nghị xét kết nạp]", "10/7")
        _later_quarterly(script, i)
        _leaving(script, i)
    script.do(date(2022, 8, 20), "vp", *OFFICE_IN_AUGUST, at=time(8))
    script.do(date(2022, 12, 30), "vp", *OFFICE_IN_DECEMBER, "/baocao năm 2022", at=time(8))
    return list(script.lines())


def _meeting(script: Script, i: int, month: int) -> None:
    day = date(2022, month, 3)
    total = present_at(i, day)
    came = total - (i in ABSENT)
    how = " trực tuyến" if i == ONLINE and month == 1 else ""
    script.do(day, f"u{i}", f"họp{how} ngày 3/{month}, có mặt {came}/{total}")
    if i in THEMATIC and month == 3:
        said = (
            "/hop",
            "[Họp chuyên đề]",
            "[Hôm nay 17/3]",
            "Chuyển đổi số",
            f"[Đủ {total}/{total}]",
            "[Đã đăng]",
            "[Gửi]",
        )
        script.do(date(2022, 3, 17), f"u{i}", *said)


def _event(script: Script, i: int, day: date, command: str, event: str, typed: str, *more: str) -> None:
    script.do(day, f"u{i}", command, event, "[1]", *more, typed, "[Gửi]")


def _events_of_the_quarter(script: Script, i: int) -> None:
    if i in SENT_TO_CLASS:
        _event(script, i, date(2022, 2, 10), "/ketnap", "[Cử học lớp nhận thức về Đảng]", "10/2")
    if i in PROPOSED_EARLY:
        _event(script, i, date(2022, 3, 5), "/ketnap", "[Đề nghị xét kết nạp]", "5/3")
    if i in MADE_OFFICIAL:
        _event(script, i, date(2022, 3, 6), "/ketnap", "[Công nhận đảng viên chính thức]", "6/3")
    if i in MOVED_AWAY:
        _event(script, i, date(2022, 2, 15), "/biendong", "[Chuyển đi (chính thức)]", "15/2")


def _admission(script: Script, i: int, month: int) -> None:
    if i in ADMITTED[month]:
        day, on = ADMITTED_ON[month].split("/")
        _event(script, i, date(2022, int(on), int(day)), "/ketnap", "[Kết nạp đảng viên mới]", ADMITTED_ON[month])


def _first_quarterly(script: Script, i: int) -> None:
    arising = ("[Có]", "2", "1", "3", "4") if i == 1 else ("[Không có]",)
    all_of = present_at(i, date(2022, 3, 10)) + (i == 1)
    plans = f"{all_of - (i == 2)}/{all_of}"
    script.do(date(2022, 3, 10), f"u{i}", "/quy", *arising, "[Chưa đến kỳ]", "[Đã làm]", plans, "[Gửi]")


def _later_quarterly(script: Script, i: int) -> None:
    plans = ("11/11",) if i == 2 else ()
    script.do(date(2022, 9, 10), f"u{i}", "/quy", "[Không có]", "[Đã làm]", *plans, "[Gửi]")
    everybody = present_at(i, date(2022, 12, 10)) + (i == 1)
    script.do(date(2022, 12, 10), f"u{i}", "/quy", "[Không có]", f"2/{everybody - 2}/0/0", "[Gửi]")


def _leaving(script: Script, i: int) -> None:
    if i in LEAVING:
        _event(script, i, date(2022, 12, 15), "/biendong", f"[{LEAVING[i]}]", "15/12")
    if i == ARRIVED:
        _event(script, i, date(2022, 12, 15), "/biendong", "[Chuyển đến (chính thức)]", "15/12", "[Chính thức]")


def _study(script: Script) -> None:
    text = "13-NQ/ĐU Nghị quyết đại hội, các chi bộ tổ chức học tập, hạn 20/2, toàn văn tại Sổ tay đảng viên"
    answers = ("[Báo cáo số liệu]", "[Học tập, quán triệt nghị quyết]", "tất cả", "[Được phép phổ biến]", "[Gửi]")
    script.do(date(2022, 2, 8), "vp", f"/chidao {text}", *answers, at=time(8))
    for i in BRANCHES:
        required = members(i)
        came = f"{required - (i in MISSED_THE_STUDY)}/{required}"
        script.do(date(2022, 2, 12), f"u{i}", "[Báo cáo]", "[Đã tổ chức]", came, "[Gửi]")


# Playing it -----------------------------------------------------------------------------------------------------


def play(folder: Path) -> tuple[str, str, str]:
    """Live through the year; return the database as it was in June, as it is in December, and what was printed."""
    url, out = f"sqlite:///{folder}/year.db", io.StringIO()
    _play(url, first_half(_import(url, folder / "january", IMPORTED)), out)
    june = f"sqlite:///{folder}/june.db"
    source, target = make_engine(url), make_engine(june)
    with source.connect() as old, target.connect() as new:
        old.connection.driver_connection.backup(new.connection.driver_connection)
    source.dispose()
    target.dispose()
    _import(url, folder / "june", datetime(2022, 6, 30, 20, tzinfo=ZONE), dissolved=True)
    _play(url, second_half(), out)
    return june, url, out.getvalue()


def _import(url: str, folder: Path, at: datetime, *, dissolved: bool = False) -> dict[str, str]:
    write_tables(folder, dissolved=dissolved)
    migrations.upgrade(url)
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        result = import_path(session, folder, at)
        assert not result.errors, result.errors
        invited = [] if dissolved else invite_all(session, code_maker(Random(7)), at, days=14, actor="test")
    engine.dispose()
    return {one.holder: one.code for one in invited}


def _play(url: str, script: list[str], out: TextIO) -> None:
    with _world(url, out) as year:
        for event in read_events(script):
            year.play(event)
        year.finish()


@contextmanager
def _world(url: str, out: TextIO) -> Iterator[World]:
    """Give the world of `simulate` with directives and without reminders, in a quarter of the time."""
    engine = make_engine(url)
    sqlalchemy_event.listen(engine, "connect", forget_power_cuts)
    channel = ScriptChannel(Printer(out, None))
    desk = Desk(Texts.load(), {(NAME, BOT): Capabilities()}, Limiter({(NAME, BOT): channel.limits}), parts.RECHECKS)
    core = Core(router.answer, HandlerSettings(code_maker(Random(0))), desk, "year")
    yield World(engine, core, channel, (directive_parts.TICK,), no_file, ())
    engine.dispose()
