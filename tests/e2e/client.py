"""A conversation as people have it: `Client("lan").send("/hop")`, `.click("Gửi")`, read the answer.

The stage is the world of `simulate`: the same inbox, handlers and outbox, on a virtual clock. What a script cannot
express (an edited or forwarded message, a photo, a forged button) is put into the same inbox here.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event as sqlalchemy_event
from sqlmodel import Session, col, select

from bot import parts
from bot.channels.base import Capabilities, File, Received
from bot.channels.script import BOT, NAME, Line, ScriptChannel
from bot.codes import code_maker
from bot.desk import Desk
from bot.handling import Core
from bot.importing import import_path
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.schema import create_tables
from bot.script_events import Event
from bot.simulate import World
from handlers import router
from handlers.context import HandlerSettings
from models import people
from models.clock import local
from models.database import make_engine, unit_of_work
from models.inbox import InboxRow
from models.messages import Document, Incoming
from models.submissions import CURRENT, Submission
from reminders.preview import preview

BEGIN = datetime.fromisoformat("2022-03-03T20:00:00+07:00")
IMPORTED = datetime.fromisoformat("2022-02-01T08:00:00+07:00")

UNITS = """\
code,name,kind,parent_code,aliases,meeting_day,official,probationary,exempt
DU,Đảng bộ phường Hòa Xuân,dang_bo,,,,,,
DB1,Đảng bộ bộ phận Chợ Mới,dang_bo_bo_phan,DU,,,,,
CB01,Chi bộ Tổ dân phố 5,chi_bo,DU,tdp 5,,18,2,0
CB02,Chi bộ Tổ dân phố 15,chi_bo,DU,tdp 15,,14,1,3
CB03,Chi bộ Trường Mầm non Cỏ May,chi_bo,DU,mn cỏ may,,9,1,0
CB04,Chi bộ Ban Quản lý chợ,chi_bo,DB1,bql chợ,,,,
CB05,Chi bộ Quân sự,chi_bo,DB1,,,7,0,0
"""
POSTS = """\
unit_code,role,holder
CB01,secretary,Bí thư CB01
CB01,deputy,Phó bí thư CB01
CB02,secretary,Bí thư CB02
CB03,secretary,Bí thư CB03
CB04,secretary,Bí thư CB03
CB05,secretary,Bí thư CB05
DU,officer,Văn phòng
DU,admin,Quản trị
DB1,assigned,Cấp ủy viên
"""
# Who has joined when a conversation begins: the name of the phone, the label of the account.
JOINED = {
    "bt1": "Bí thư CB01",
    "pbt1": "Phó bí thư CB01",
    "bt2": "Bí thư CB02",
    "bt34": "Bí thư CB03",
    "vp": "Văn phòng",
    "qt": "Quản trị",
    "cuv": "Cấp ủy viên",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on somebody's screen; `edits` is the number of the message it replaced."""

    number: int
    to: str
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    file: File | None
    edits: int | None
    kind: str = "reply"

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label, _ in row]

    @property
    def actions(self) -> list[str]:
        return [action for row in self.buttons for _, action in row]


@dataclass
class Screens:
    """Everything anybody was shown, in order."""

    shown: list[Shown] = field(default_factory=list)

    def __call__(self, line: Line, now: datetime, kind: str) -> None:
        out = line.outgoing
        self.shown.append(Shown(line.number, out.address, out.text, out.buttons, out.file, line.edits, kind))


class Stage(World):
    """The world of `simulate` with a clock that a test moves, without reminders."""

    def __init__(
        self,
        url: str,
        channel: ScriptChannel,
        screens: Screens,
        *,
        make: Any = None,
        capabilities: Capabilities | None = None,
        folder: Path | None = None,
        settings: HandlerSettings | None = None,
        seed: int = 0,
    ) -> None:
        self.engine = make_engine(url)
        sqlalchemy_event.listen(self.engine, "connect", forget_power_cuts)
        can = {(NAME, BOT): capabilities or Capabilities()}
        texts = Texts.load()
        desk = Desk(texts, can, Limiter({(NAME, BOT): channel.limits}), parts.RECHECKS)
        self.settings = settings or HandlerSettings(code_maker(Random(seed)), label=texts.render, preview=preview)
        core = Core(router.answer, self.settings, desk, "stage")
        super().__init__(self.engine, core, channel, (), make or no_file, (folder or Path(),))
        self.screens = screens
        self.clock = BEGIN
        self._events = 0

    def at(self, moment: datetime) -> None:
        """Move the clock."""
        self.clock = moment
        self._pass(moment)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.at(self.clock + timedelta(**span))

    def receive(self, who: str, **said: Any) -> list[Shown]:
        """Put an update into the inbox and return everything shown because of it, to whomever."""
        before = len(self.screens.shown)
        self.at(self.clock)
        self._updates += 1
        update = str(self._updates)
        incoming = Incoming(NAME, BOT, update, who, self.clock, **{"message_id": f"m{update}", **said})
        self._take_in([Received(NAME, BOT, update, incoming)])
        self._settle()
        return self.screens.shown[before:]

    def press(self, who: str, label: str) -> list[Shown]:
        """Press the newest button of a label that a person is shown."""
        before = len(self.screens.shown)
        self.play(Event(0, self.clock, sender=who, press=label))
        self._settle()
        return self.screens.shown[before:]

    def _settle(self) -> None:
        """Wait as long as the limits make a second message to one chat wait."""
        for _ in range(50):
            if self._look_at is None:
                return
            moment = self._look_at
            self._pass(moment)
            self.clock = max(self.clock, moment)

    @property
    def session(self) -> Any:
        """A unit of work on the stage's database."""
        return unit_of_work(self.engine)

    def failures(self) -> list[str]:
        """Return the errors of updates that a handler could not handle."""
        with self.session as session:
            return [
                row.error
                for row in session.exec(select(InboxRow).where(col(InboxRow.state).not_in(("done", "refused"))))
            ]

    def reports(self, form_id: str | None = None) -> list[Submission]:
        """Return the reports that stand."""
        with self.session as session:
            rows = session.exec(select(Submission).where(col(Submission.state).in_(CURRENT)).order_by(Submission.id))
            found = [row for row in rows if form_id in (None, row.form_id)]
            session.expunge_all()
        return found

    def client(self, who: str) -> "Client":
        """Return a person's phone."""
        return Client(self, who)


class Client:
    """One person's phone."""

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage = stage
        self.who = who
        self.heard: list[Shown] = []

    def send(self, text: str, **said: Any) -> str:
        """Type a line and return the answer."""
        return self._heard(self.stage.receive(self.who, text=text, **said))

    def click(self, label: str) -> str:
        """Press the newest button of a label and return the answer."""
        return self._heard(self.stage.press(self.who, label))

    def forge(self, action: str) -> str:
        """Send a button's action, whoever's button it was."""
        return self._heard(self.stage.receive(self.who, kind="press", action=action, message_id="1"))

    def show(self, kind: str, **said: Any) -> str:
        """Send a photo, a voice message, a sticker, a file."""
        return self._heard(self.stage.receive(self.who, kind=kind, **said))

    def edit(self, message_id: str, text: str) -> str:
        """Edit a message that was sent."""
        return self.send(text, message_id=message_id, edited=True)

    def _heard(self, shown: Sequence[Shown]) -> str:
        self.heard = [one for one in shown if one.to == self.who]
        return "\n".join(one.text for one in self.heard)

    @property
    def labels(self) -> list[str]:
        """The buttons of the last answer."""
        return [label for one in self.heard for label in one.labels]

    @property
    def actions(self) -> list[str]:
        """The actions of the last answer's buttons."""
        return [action for one in self.heard for action in one.actions]


@contextmanager
def staged(**options: Any) -> Iterator[Stage]:
    """Give a stage with the small committee of this module, its people joined."""
    with tempfile.TemporaryDirectory(prefix="chibo-stage-") as folder:
        shutil.copy(template(), Path(folder) / "stage.db")
        screens = Screens()
        channel = ScriptChannel(screens)
        stage = Stage(f"sqlite:///{folder}/stage.db", channel, screens, folder=Path(folder), **options)
        try:
            stage.at(BEGIN)
            yield stage
        finally:
            stage.engine.dispose()


def restarted(stage: Stage) -> Stage:
    """Return the stage after the program was stopped and started again; the phones keep what they show."""
    stage.engine.dispose()
    again = Stage(
        stage.engine.url.render_as_string(hide_password=False),
        stage._channel,
        stage.screens,
        make=stage._make,
        settings=replace(stage.settings),
    )
    again.at(stage.clock)
    return again


@cache
def template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="chibo-stage-"))
    atexit.register(shutil.rmtree, folder)
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "posts.csv").write_text(POSTS, encoding="utf-8")
    engine = make_engine(f"sqlite:///{folder}/template.db")
    create_tables(engine)
    with unit_of_work(engine) as session:
        result = import_path(session, folder, IMPORTED)
        assert not result.errors, result.errors
        for who, label in JOINED.items():
            _join(session, who, label)
        quan_su = people.account_labelled(session, "Bí thư CB05", IMPORTED)
        people.issue_invitation(session, people.account_id(quan_su), "QUANSU2345", IMPORTED, 60)
    engine.dispose()
    return folder / "template.db"


def _join(session: Session, who: str, label: str) -> None:
    account = people.account_labelled(session, label, IMPORTED)
    account.joined_at = IMPORTED
    people.bind(session, people.account_id(account), (NAME, BOT, who), IMPORTED)


def forget_power_cuts(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def no_file(document: Document) -> File:
    return File(document.name, b"", "application/octet-stream")


def local_time(moment: datetime) -> str:
    """Return hours and minutes as people here read them."""
    return f"{local(moment):%H:%M}"
