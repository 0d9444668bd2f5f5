"""What the tests of directives share: a stage with the program's own ticks, more branches, and a directive sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from bot import parts
from bot.channels.script import BOT, NAME
from models import people, units
from models.directives import Directive
from models.outbox import OutboxRow
from tests.e2e.client import IMPORTED, Client, Stage, staged

TEXT = "Kế hoạch {number} về việc ra quân tổng vệ sinh môi trường, hạn 15/3, toàn văn tại Văn phòng đảng ủy"


@contextmanager
def directed(branches: int = 0, **options: Any) -> Iterator[Stage]:
    """Give a stage with reminders, and as many further branches whose secretaries have joined (b1, b2, ...)."""
    with staged(**options) as stage:
        stage._ticks = parts.TICKS
        stage._settle = lambda: _settle(stage)
        if branches:
            more(stage, branches)
        yield stage


def _settle(stage: Stage) -> None:
    """Wait for what follows within seconds; what is hours away is nothing to wait for."""
    for _ in range(200):
        moment = stage._look_at
        if moment is None or moment - stage.clock > timedelta(seconds=30):
            return
        stage._pass(max(moment, stage.clock))
        stage.clock = max(moment, stage.clock)


def more(stage: Stage, number: int, sector: str = "Khối phố") -> None:
    with stage.session as session:
        root = units.by_code(session, "DU")
        for place in range(1, number + 1):
            unit = units.put(session, f"X{place:05}", name=f"Chi bộ Xóm {place}", kind="chi_bo", sector=sector)
            units.set_parent(session, unit.id, root.id, date(2022, 1, 1))
            account = people.account_labelled(session, f"Bí thư X{place:05}", IMPORTED)
            people.appoint(session, account.id, unit.id, "secretary", IMPORTED)
            account.joined_at = IMPORTED
            people.bind(session, account.id, (NAME, BOT, f"b{place}"), IMPORTED)


def compose(
    stage: Stage, number: str = "58-KH/ĐU", asks: str = "Thực hiện rồi báo lại", to: str = "tất cả", who: str = "vp"
) -> Client:
    """Compose a directive up to its preview."""
    office = stage.client(who)
    office.send(f"/chidao {TEXT.format(number=number)}")
    office.click(asks)
    office.send(to)
    office.click("Được phép phổ biến")
    return office


def start(stage: Stage, label: str = "Gửi", who: str = "vp") -> None:
    """Press a button and let nobody wait for what follows from it."""
    action, message_id = stage._channel.button(who, label)
    settle, stage._settle = stage._settle, lambda: None
    try:
        stage.receive(who, kind="press", action=action, message_id=message_id)
    finally:
        stage._settle = settle


def send(stage: Stage, **said: Any) -> Client:
    """Compose and send a directive; everything that can leave has left."""
    office = compose(stage, **said)
    office.click("Gửi")
    return office


def the_directive(stage: Stage) -> Directive:
    with stage.session as session:
        found = session.exec(select(Directive).order_by(Directive.id.desc())).first()
        session.expunge_all()
    return found


def rows(stage: Stage, directive: Directive | None = None) -> list[OutboxRow]:
    """The outbox rows of a directive, in order."""
    wanted = (directive or the_directive(stage)).id
    with stage.session as session:
        found = session.exec(select(OutboxRow).where(OutboxRow.kind == "directive").order_by(OutboxRow.id)).all()
        session.expunge_all()
    return [row for row in found if (row.cause or {}).get("directive") == wanted]


def received(stage: Stage, who: str, words: str = "Chỉ đạo") -> list[str]:
    """The directives somebody was shown."""
    return [one.text for one in stage.screens.shown if one.to == who and one.kind == "directive" and words in one.text]
