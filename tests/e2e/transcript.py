"""Conversations written down: what people do stands at the margin, what they are shown is indented.

3/3/2022 20:05                 the clock; every deed takes a minute
bt1 > họp 3/3 18/20            types a line
bt1 [Gửi]                      presses the newest button of that label
bt1 (old) [Gửi]                presses the first button of that label there ever was
bt1 (edits) > họp 3/3 19/20    changes the line typed last
bt1 (forwards) > ...           forwards somebody's line
bt1 (photo)                    photo, voice, sticker, other, or: file note.pdf
bt1 (group) > ...              writes in a group
-- restart                     the program stops and starts again
-- no buttons                  from the first line on: a channel without buttons
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.channels.base import Capabilities
from bot.script_events import InputError
from tests.e2e.client import Shown, Stage, restarted, staged

FOLDER = Path(__file__).parent.parent / "transcripts"
CLOCK = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
DEED = re.compile(r"(?P<who>[\w-]+) ?(?:\((?P<how>[^)]*)\))? ?(?:\[(?P<press>[^]]*)\]|> ?(?P<text>.*))?")


def play(script: str) -> str:
    """Play what people do in a transcript and return it with what they are shown now."""
    no_buttons = "-- no buttons" in script
    options = {"capabilities": Capabilities(buttons=False, edit=False)} if no_buttons else {}
    with staged(**options) as stage:
        return "\n".join(_Player(stage).lines(script)) + "\n"


class _Player:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.typed: dict[str, str] = {}

    def lines(self, script: str) -> Iterator[str]:
        for line in script.rstrip("\n").split("\n"):
            if line.startswith(" "):
                continue
            yield line
            yield from self._happens(line)
        assert not self.stage.failures(), self.stage.failures()

    def _happens(self, line: str) -> Iterator[str]:
        clock = CLOCK.fullmatch(line)
        if clock:
            day, month, year, hour, minute = clock.groups()
            self.stage.at(datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:00+07:00"))
        elif line == "-- restart":
            self.stage = restarted(self.stage)
        elif line and not line.startswith(("#", "--")):
            deed = DEED.fullmatch(line)
            assert deed, f"not a deed: {line!r}"
            self.stage.wait(minutes=1)
            shown = self._do(**deed.groupdict())
            yield from _told(shown, deed["who"])

    def _do(self, who: str, how: str | None, press: str | None, text: str | None) -> Sequence[Shown]:
        if press is not None:
            return self._press(who, press, old=how == "old")
        if text is None:
            kind, _, name = (how or "").partition(" ")
            return self.stage.receive(who, kind=kind, file_name=name, file_id=name)
        if how == "edits":
            return self.stage.receive(who, text=text, message_id=self.typed[who], edited=True)
        shown = self.stage.receive(
            who, text=text, forwarded=how == "forwards", kind="group" if how == "group" else "text"
        )
        self.typed[who] = f"m{self.stage._updates}"
        return shown

    def _press(self, who: str, label: str, *, old: bool) -> Sequence[Shown]:
        if not old:
            try:
                return self.stage.press(who, label)
            except InputError:
                raise AssertionError(f"{who} sees no button {label}") from None
        first = next(
            action
            for shown in self.stage.screens.shown
            if shown.to == who
            for row in shown.buttons
            for text, action in row
            if text == label
        )
        return self.stage.receive(who, kind="press", action=first, message_id="1")


def _told(shown: Sequence[Shown], who: str) -> Iterator[str]:
    if not shown:
        yield "    (không trả lời)"
    for one in shown:
        heading = "" if one.to == who else f"{one.to}: "
        edited = "(sửa tại chỗ) " if one.edits else ""
        first, *rest = f"{heading}{edited}{one.text}".split("\n")
        yield f"    < {first}".rstrip()
        for line in rest:
            yield f"      {line}".rstrip()
        for row in one.buttons:
            yield "      " + " ".join(f"[{label}]" for label, _ in row)
        if one.file:
            yield f"      tệp: {one.file.name}"
