"""A month of 69 branches on Zalo with four directives: how many messages leave, by kind, and what was estimated.

Everything is as it would be: the rules of the seed, the calendar, the reminders, one line typed for each report, on a
channel without buttons. Two branches in three report on the day of the meeting; the others wait to be reminded, and
one in ten is late. Every branch acknowledges every directive, one in ten only when it is reminded; one in three looks
up once what it owes. The office works on the page of its computer, whose messages cost nothing. (A directive to be
reported as done makes one more receipt a branch.)
"""

import io
import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from bot import migrations, parts
from bot.channels.base import Capabilities
from bot.channels.script import BOT, NAME, ScriptChannel
from bot.channels.zalo import TEXT_UNITS
from bot.codes import code_maker
from bot.desk import Desk
from bot.handling import Core
from bot.importing import import_path
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.script_events import read_events
from bot.simulate import Printer
from bot.virtual_world import World
from handlers import router
from handlers.context import HandlerSettings
from models import people
from models.clock import ZONE
from models.database import make_engine, unit_of_work
from models.periods import parse_period
from reminders import estimate
from reminders.estimate import Estimate
from tests.e2e.client import no_file
from tests.e2e.months import BRANCHES, OVERSEERS, Script, write_tables

MOST = 900
IMPORTED = datetime(2022, 4, 1, 8, tzinfo=ZONE)
BEGIN = date(2022, 4, 1)
MONTH = parse_period("2022-05")
# The day it is sent, what it is, what is asked.
DIRECTIVES = (
    (date(2022, 5, 4), "51-TB/ĐU Thông báo lịch tiếp xúc cử tri, hạn 11/5", "Xác nhận đã nhận"),
    (date(2022, 5, 10), "52-KH/ĐU Kế hoạch tổng vệ sinh môi trường, hạn 19/5", "Xác nhận đã nhận"),
    (date(2022, 5, 16), "53-CV/ĐU Công văn rà soát hồ sơ đảng viên, hạn 25/5", "Xác nhận đã nhận"),
    (date(2022, 5, 21), "54-TB/ĐU Thông báo phân công trực lễ, hạn 30/5", "Xác nhận đã nhận"),
)
CAN = Capabilities(buttons=False, edit=False, files=False, text_limit=TEXT_UNITS, fetch=False, monthly=2900)


def run() -> list[str]:
    """Return the figures of the month. Raises AssertionError where it does not stay within the goal."""
    with TemporaryDirectory(prefix="chibo-quota-") as folder:
        rows, estimated = _play(Path(folder))
    month = [row for row in rows if _in_month(row) and row["to"].startswith("u")]
    kinds = Counter(row["kind"] for row in month)
    if len(month) > MOST:
        raise AssertionError(f"{len(month)} messages: {kinds}")
    each = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    return [
        f"{len(BRANCHES)} branches, {len(DIRECTIVES)} directives: {len(month)} messages on Zalo (goal {MOST})",
        f"of these {each}; {len(month) / len(BRANCHES):.1f} a branch",
        f"estimated beforehand from the rules (quota --plan): {estimated.total}, at worst {estimated.worst}",
        f"the longest has {max(_units(row) for row in month)} of {TEXT_UNITS} units",
    ]


def _units(row: dict[str, str]) -> int:
    return len(row["text"].encode("utf-16-le")) // 2


def _in_month(row: dict[str, str]) -> bool:
    return datetime.fromisoformat(row["at"]).date() in MONTH


def _play(folder: Path) -> tuple[list[dict[str, str]], Estimate]:
    url = f"sqlite:///{folder}/month.db"
    _found(url, folder)
    out = io.StringIO()
    engine = make_engine(url)
    channel = ScriptChannel(Printer(out, None))
    desk = Desk(Texts.load(), {(NAME, BOT): CAN}, Limiter({(NAME, BOT): channel.limits}), parts.RECHECKS)
    core = Core(router.answer, HandlerSettings(code_maker()), desk, "month")
    world = World(engine, core, channel, parts.TICKS, no_file, ())
    for event in read_events(_script()):
        world.play(event)
    world.finish()
    with unit_of_work(engine) as session:
        estimated = estimate.of_month(session, MONTH, len(DIRECTIVES), IMPORTED)
    engine.dispose()
    return [json.loads(line) for line in out.getvalue().splitlines()], estimated


def _found(url: str, folder: Path) -> None:
    write_tables(folder)
    migrations.upgrade(url)
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        result = import_path(session, folder, IMPORTED)
        if result.errors:
            raise AssertionError(result.errors)
        for i in BRANCHES:
            _join(session, f"Bí thư CB{i:02}", f"u{i}")
        for who, holder in OVERSEERS.items():
            _join(session, holder, who)
    engine.dispose()


def _join(session: Session, holder: str, who: str) -> None:
    account = people.account_labelled(session, holder, IMPORTED)
    account.joined_at = IMPORTED
    people.bind(session, people.account_id(account), (NAME, BOT, who), IMPORTED)


def _script() -> list[str]:
    script = Script()
    script.do(BEGIN, "vp", "/tonghop", at=time(8))
    for i in BRANCHES:
        script.do(date(2022, 4, 3), f"u{i}", "họp 3/4 đủ")
        late = timedelta(days=4 if i % 10 == 0 else 0)
        script.do(date(2022, 5, 3) + late, f"u{i}", "họp 3/5 đủ", at=time(17) if i % 3 else time(20, 30))
        if i % 3 == 1:
            script.do(date(2022, 5, 12), f"u{i}", "/viec")
    for day, text, asks in DIRECTIVES:
        script.do(day, "vp", f"/chidao {text}, toàn văn tại Văn phòng đảng ủy", at=time(9))
        script.do(day, "vp", asks, "tất cả", "Được phép phổ biến", "Gửi", at=time(9, 2))
        for i in BRANCHES:
            when = day + timedelta(days=4 if i % 10 == 0 else 0)
            script.do(when, f"u{i}", f"đã nhận {text.split()[0]}", at=time(9, 30))
    script.do(MONTH.last, "vp", "/tonghop", at=time(22))
    return list(script.lines())


if __name__ == "__main__":
    print("\n".join(run()))
