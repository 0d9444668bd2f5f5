"""Every conversation of `tests/transcripts` on the phone page, on Telegram and on Zalo leaves the same data behind.

The deeds are the transcript's, the words that are shown may differ. Not played: what is written for a channel without
buttons (that is Zalo already), and what is about editing and forwarding, which only Telegram knows. A group and an old
button are there only where the channel has them; they must store nothing.
"""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from bot.channels.script import ScriptChannel
from tests.e2e.client import BEGIN, JOINED, Screens, template
from tests.e2e.phones import PHONES, PhoneStage
from tests.e2e.transcript import CLOCK, DEED, FOLDER

ONLY_ON_TELEGRAM = ("25-forwarded-edited", "62-directive-forwarded")
SCRIPTS = [
    path
    for path in sorted(FOLDER.glob("*.txt"))
    if path.stem not in ONLY_ON_TELEGRAM and "-- no buttons" not in path.read_text(encoding="utf-8")
]
# What belongs to a channel, or to the way a talk took there.
OF_THE_CHANNEL = {
    "inbox", "outbox", "address", "bubble", "page_menu", "sender_lease", "send_count", "bot_plan", "conversation",
    "sent_menu", "stranger", "audit", "reading",
}  # fmt: skip


def play(path: Path, channel: str, folder: Path) -> dict[str, list[Any]]:
    """Play a transcript on a channel and return what is stored in the end, table by table."""
    folder.mkdir()
    shutil.copy(template(), folder / "stage.db")
    phones = PHONES[channel]()
    stage = PhoneStage(
        f"sqlite:///{folder}/stage.db",
        ScriptChannel(Screens()),
        Screens(),
        phones=phones,
        people=JOINED,
        folder=folder,
    )
    try:
        stage.at(BEGIN)
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith(" "):
                _happens(stage, line)
        assert not stage.failures()
        return stored(stage)
    finally:
        phones.closed()
        stage.engine.dispose()


def _happens(stage: PhoneStage, line: str) -> None:
    clock = CLOCK.fullmatch(line)
    if clock:
        day, month, year, hour, minute = clock.groups()
        stage.at(datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:00+07:00"))
    elif line == "-- restart":
        stage.restart()
    elif line and not line.startswith(("#", "--")):
        stage.wait(minutes=1)
        _deed(stage, **DEED.fullmatch(line).groupdict())


def _deed(stage: PhoneStage, who: str, how: str | None, press: str | None, text: str | None) -> None:
    if press is not None:
        stage.does(who, "press", press, how or "")
    elif text is not None:
        stage.does(who, how or "text", text)
    else:
        kind, _, name = (how or "").partition(" ")
        stage.does(who, kind, name)


def stored(stage: PhoneStage) -> dict[str, list[Any]]:
    """Return the rows of every table of the domain, without the moments they were written at."""
    with stage.session as session:
        return {
            table.name: sorted(_timeless(row) for row in session.execute(table.select()))
            for table in SQLModel.metadata.sorted_tables
            if table.name not in OF_THE_CHANNEL
        }


def _timeless(row: Sequence[Any]) -> str:
    return repr([value for value in row if not isinstance(value, datetime)])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_channel_leaves_the_same_behind(path, tmp_path):
    on = {channel: play(path, channel, tmp_path / channel) for channel in PHONES}

    assert on["zalo"] == on["telegram"]
    assert on["web"] == on["telegram"]
