"""A year's monthly reports typed as single lines by many hands: how many cost one message in and one out."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from pathlib import Path
from random import Random

from sqlmodel import select

from bot.channels.base import Capabilities, File
from bot.channels.script import BOT, NAME, Line, ScriptChannel
from bot.codes import code_maker
from bot.desk import Desk
from bot.handling import Core
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.schema import create_tables
from bot.script_events import Event
from bot.virtual_world import World
from handlers import router
from handlers.context import HandlerSettings
from models import people, units
from models.clock import ZONE
from models.database import make_engine, unit_of_work
from models.messages import Document
from models.submissions import Submission
from models.vietnamese.folding import fold

YEAR = 2022
BRANCHES = 24
PLACES = ("Tổ dân phố", "Khu phố", "Thôn", "Trường Tiểu học số", "Chợ", "Tiểu đội")
BEGIN = datetime(YEAR, 1, 1, 8, tzinfo=ZONE)
_ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a secretary has to tell: the day, who came of how many, how many absent with excuse."""

    name: str
    day: date
    present: int
    total: int

    @property
    def absent(self) -> int:
        """How many did not come."""
        return self.total - self.present


Hand = Callable[[Meeting], str]


def _teacher(m: Meeting) -> str:
    gone = f", vắng {m.absent} đồng chí có lý do" if m.absent else ", không vắng đồng chí nào"
    return (
        f"Kính báo cáo đồng chí, {m.name} đã tổ chức sinh hoạt thường kỳ vào tối ngày {m.day.day} tháng {m.day.month}, "
        f"có mặt {m.present} trên tổng số {m.total} đồng chí{gone}."
    )


def _telegraphic(m: Meeting) -> str:
    return f"hop {_d(m)} {m.present}/{m.total}"


def _southern(m: Meeting) -> str:
    gone = f", vắng {m.absent} có phép" if m.absent else ""
    return f"tụi tui họp bữa {_d(m)} rồi nghen, có mặt {m.present}/{m.total}{gone}"


def _slang(m: Meeting) -> str:
    gone = f", vắng {m.absent} cp" if m.absent else ""
    return f"SHCB thường kỳ T{m.day.month} ngày {_d(m)}/{YEAR}: dự {m.present}/{m.total}{gone}"


def _voice(m: Meeting) -> str:
    day = f"mồng {_spoken(m.day.day)}" if m.day.day <= 10 else f"ngày {_spoken(m.day.day)}"
    return f"chi bộ họp {day} tháng {_spoken(m.day.month)} có mặt {_spoken(m.present)} trên {_spoken(m.total)} đồng chí"


def _military(m: Meeting) -> str:
    gone = f" VẮNG {m.absent} CÓ PHÉP." if m.absent else ""
    return f"BÁO CÁO: HỌP CHI BỘ {_d(m)}. QUÂN SỐ {m.total}. CÓ MẶT {m.present}.{gone}"


def _yesterday(m: Meeting) -> str:
    return f"da hop hom qua {m.present}/{m.total} nhe"


def _cheerful(m: Meeting) -> str:
    return f"Họp {_d(m)} xong rồi ạ 👍 dự {m.present}/{m.total}"


def _telex(m: Meeting) -> str:
    return f"hopj ngayf {_d(m)} cos mawtj {m.present}/{m.total}"


def _listed(m: Meeting) -> str:
    gone = f" vang {m.absent}" if m.absent else ""
    return f"bao cao hop chi bo thang {m.day.month} ngay {_d(m)} tong so {m.total} co mat {m.present}{gone}"


def _all_came(m: Meeting) -> str:
    came = f"đủ {m.total}/{m.total}" if not m.absent else f"vắng {m.absent}/{m.total}"
    return f"họp chi bộ ngày {_d(m)}, {came}"


def _with_name(m: Meeting) -> str:
    return f"{fold(m.name)} hop ngay {_d(m)} co mat {m.present}/{m.total}"


def _hurried(m: Meeting) -> str:
    """Forget the day: this line cannot do without a question."""
    return f"hop roi nhe {m.present}/{m.total}"


HANDS: tuple[Hand, ...] = (
    _teacher, _telegraphic, _southern, _slang, _voice, _military, _yesterday, _cheerful, _telex, _listed, _all_came,
    _with_name,
)  # fmt: skip
SLIPS = 0.03  # of the lines forget the day


def _d(m: Meeting) -> str:
    return f"{m.day.day}/{m.day.month}"


def _spoken(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _ONES[ones]
    head = "mười" if tens == 1 else f"{_ONES[tens]} mươi"
    last = {0: "", 5: " lăm", 1: " mốt" if tens > 1 else " một"}.get(ones, f" {_ONES[ones]}")
    return head + last


# The year -------------------------------------------------------------------------------------------------------


def run() -> list[str]:
    """Return the share of lines that were stored at once with one answer, by hand where one did worse."""
    counted: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder, _committee(Path(folder)) as committee:
        for hand, meeting, sent_at, who in sorted(_year(Random(YEAR)), key=itemgetter(2)):  # the same lines every time
            counted[hand.__name__.strip("_"), committee.cost(who, hand(meeting), meeting, sent_at)] += 1
    return _told(counted)


def _told(counted: Counter[tuple[str, str]]) -> list[str]:
    total = sum(counted.values())
    by_outcome: Counter[str] = Counter()
    for (_, outcome), number in counted.items():
        by_outcome[outcome] += number
    lines = [
        (
            f"{total} monthly reports typed in one line by {len(HANDS)} hands: {by_outcome['one'] / total:.1%} cost "
            f"one message in and one out (goal 90 %), {by_outcome['asked']} needed a question, "
            f"{by_outcome['wrong']} stored wrong"
        )
    ]
    for name in sorted({name for name, _ in counted}):
        good, all_of_it = counted[name, "one"], sum(counted[name, kind] for kind in ("one", "asked", "wrong"))
        if good < all_of_it:
            lines.append(f"  {name}: {good} of {all_of_it}")
    return lines


def _year(dice: Random) -> Iterator[tuple[Hand, Meeting, datetime, int]]:
    for month in range(1, 13):
        for i in range(1, BRANCHES + 1):
            day = date(YEAR, month, dice.randint(1, 5))
            hand = HANDS[(i + month) % len(HANDS)] if dice.random() > SLIPS else _hurried
            total = _members(i)
            meeting = Meeting(_name(i), day, total - dice.choice((0, 0, 1, 1, 2, 3)), total)
            sent_on = day + timedelta(days=1 if hand is _yesterday else dice.choice((0, 0, 1)))
            yield hand, meeting, datetime.combine(sent_on, time(19, i), ZONE), i


def _members(i: int) -> int:
    return 8 + 3 * i % 23


def _name(i: int) -> str:
    return f"Chi bộ {PLACES[i % len(PLACES)]} {i}"


class _Committee:
    """A committee whose secretaries have joined, in the world of `simulate` without reminders."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self._shown: list[str] = []
        self._counts: Counter[int] = Counter()
        channel = ScriptChannel(self._show)
        desk = Desk(Texts.load(), {(NAME, BOT): Capabilities()}, Limiter({(NAME, BOT): channel.limits}), {})
        settings = HandlerSettings(code_maker(Random(0)))  # a script's codes are the same every time
        self._world = World(self._engine, Core(router.answer, settings, desk, "one_line"), channel, (), _no_file, ())
        self._now = BEGIN

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def found(self) -> None:
        """Write the branches and their secretaries."""
        create_tables(self._engine)
        with unit_of_work(self._engine) as session:
            root = units.put(session, "DU", name="Đảng bộ phường", kind="dang_bo")
            for i in range(1, BRANCHES + 1):
                unit = units.put(session, f"CB{i:02}", name=_name(i), kind="chi_bo")
                units.set_parent(session, units.unit_id(unit), units.unit_id(root), BEGIN.date())
                units.state_membership(session, units.unit_id(unit), BEGIN.date(), (_members(i), 0, 0))
                account = people.account_id(people.account_labelled(session, f"Bí thư CB{i:02}", BEGIN))
                people.appoint(session, account, units.unit_id(unit), "secretary", BEGIN)
                people.bind(session, account, (NAME, BOT, f"u{i}"), BEGIN)

    def cost(self, i: int, line: str, meeting: Meeting, at: datetime) -> str:
        """Return "one" for a report stored right with one answer, else "wrong", or "asked" where a question came."""
        self._now = max(self._now, at)
        before = len(self._shown)
        self._say(i, line)
        answers = len(self._shown) - before
        stored = self._reports(i)
        if len(stored) > self._counts[i]:
            self._counts[i] = len(stored)
            told = (meeting.day.isoformat(), meeting.present, meeting.total)
            return "one" if answers == 1 and stored[-1] == told else "wrong"
        self._answer(i, meeting)
        return "asked"

    def _answer(self, i: int, meeting: Meeting) -> None:
        """Answer the question as people do, or give up."""
        for said in (_d(meeting), "gửi", "hủy"):
            self._say(i, said)
            if len(self._reports(i)) > self._counts[i]:
                self._counts[i] += 1
                return

    def _say(self, i: int, line: str) -> None:
        self._now += timedelta(seconds=2)
        self._world.play(Event(0, self._now, sender=f"u{i}", text=line))

    def _reports(self, i: int) -> list[tuple[str, int, int]]:
        """Return (day, present, total) of what a branch has reported, in order of writing."""
        with unit_of_work(self._engine) as session:
            unit = units.by_code(session, f"CB{i:02}")
            rows = session.exec(select(Submission).where(Submission.unit_id == (unit.id if unit else 0)))
            answers = [row.answers for row in sorted(rows, key=lambda row: row.id or 0)]
            return [(one.get("held_on", ""), one.get("present", 0), one.get("total", 0)) for one in answers]

    def _show(self, line: Line, _now: datetime, _kind: str) -> None:
        self._shown.append(line.outgoing.text)


@contextmanager
def _committee(folder: Path) -> Iterator[_Committee]:
    committee = _Committee(f"sqlite:///{folder}/one_line.db")
    try:
        committee.found()
        yield committee
    finally:
        committee.close()


def _no_file(_document: Document) -> File:
    raise NotImplementedError
