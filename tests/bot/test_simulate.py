import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels.base import File
from bot.channels.script import BOT, NAME, ScriptChannel
from bot.desk import Desk
from bot.handling import Core
from bot.limiter import Limiter
from bot.rendering import Texts
from bot.script_events import InputError, read_events
from bot.simulate import Printer, simulate
from bot.ticks import Tick
from bot.virtual_world import World
from handlers.context import HandlerSettings
from models import outbox, people
from models.database import unit_of_work
from models.messages import Document, Message, button, verbatim
from models.outbox import OutboxRow

DAY = "2022-03-03T"


def at(clock: str) -> str:
    return f"{DAY}{clock}+07:00"


def say(text, *labels, **values):
    return Message((verbatim(text),), (tuple(button(verbatim(label), "do", label) for label in labels),), **values)


def echo(_context, incoming):
    return [say(incoming.text or incoming.action)]


class Play:
    """A small world with an answer of its own; `run` plays events and returns the lines people saw."""

    def __init__(self, engine, answer=echo, ticks=(), folders=(Path(),), files=None):
        self.out = io.StringIO()
        channel = ScriptChannel(Printer(self.out, files))
        desk = Desk(Texts.load(), {(NAME, BOT): channel.capabilities}, Limiter({(NAME, BOT): channel.limits}))
        core = Core(answer, HandlerSettings(lambda: "CODE"), desk, "simulate")
        self.desk = desk
        self.world = World(engine, core, channel, ticks, self.make, folders)

    def make(self, document):
        return File(document.name, document.kind.encode(), "text/plain")

    def run(self, *events):
        for event in read_events(json.dumps(event) for event in events):
            self.world.play(event)
        self.world.finish()
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


def test_an_answer_leaves_at_the_moment_of_the_question(engine):
    (line,) = Play(engine).run({"at": at("20:05:00"), "from": "u17", "text": "chào"})
    assert line == {
        "at": at("20:05:00"),
        "to": "u17",
        "kind": "reply",
        "text": "chào",
        "buttons": [],
        "file": None,
        "edits": None,
    }


def test_the_limits_run_on_the_virtual_clock_and_the_end_waits_for_them(engine):
    lines = Play(engine, lambda _c, _i: [say("một"), say("hai")]).run(
        {"at": at("20:05:00"), "from": "u1", "text": "a"}, {"at": at("20:05:00"), "from": "u2", "text": "a"}
    )
    assert [(line["to"], line["at"][11:-6]) for line in lines] == [
        ("u1", "20:05:00"),
        ("u2", "20:05:00.040000"),
        ("u1", "20:05:01"),
        ("u2", "20:05:01.040000"),
    ]


def asks(context, incoming):
    if incoming.kind == "press":
        return [say(f"{incoming.action} {incoming.message_id}")]
    return [say("Chọn", *incoming.text.split())]


def test_a_press_goes_to_the_newest_button_of_that_label(engine):
    lines = Play(engine, asks).run(
        {"at": at("20:00:00"), "from": "u1", "text": "Gửi Sửa"},
        {"at": at("20:01:00"), "from": "u2", "text": "Gửi"},
        {"at": at("20:02:00"), "from": "u1", "text": "Gửi Hủy"},
        {"at": at("20:03:00"), "from": "u1", "press": "Gửi"},
        {"at": at("20:04:00"), "from": "u1", "press": "Sửa"},
    )
    assert [line["buttons"] for line in lines[:3]] == [[["Gửi", "Sửa"]], [["Gửi"]], [["Gửi", "Hủy"]]]
    assert [line["text"] for line in lines[3:]] == ["do:Gửi 3", "do:Sửa 1"]


def test_a_press_on_what_was_never_shown_is_a_bad_line(engine):
    with pytest.raises(InputError, match=r"line 1: cli.script.no_button .*'Gửi'"):
        Play(engine, asks).run({"at": at("20:00:00"), "from": "u1", "press": "Gửi"})


def replaces(context, incoming):
    shown = context.session.exec(select(OutboxRow.id).order_by(OutboxRow.id)).first()
    return [say("Xong", edits=shown) if incoming.kind == "press" else say("Chọn", "Gửi")]


def test_an_edit_names_the_line_it_replaces_and_its_buttons_are_gone(engine):
    play = Play(engine, replaces)
    lines = play.run(
        {"at": at("20:00:00"), "from": "u2", "text": "a"},
        {"at": at("20:00:01"), "from": "u2", "press": "Gửi"},
    )
    assert [(line["edits"], line["buttons"]) for line in lines] == [(None, [["Gửi"]]), (1, [])]
    again = play.run({"at": at("20:00:03"), "from": "u2", "press": "Gửi"})
    assert again[-1]["edits"] == 1  # an old finger still finds the button it saw


@pytest.mark.parametrize("error", ["unsent", "uncertain", "refused"])
def test_a_fault_is_the_outcome_of_the_next_send(engine, error):
    lines = Play(engine).run(
        {"at": at("20:00:00"), "fault": {"to": "u1", "error": error}},
        {"at": at("20:00:00"), "from": "u1", "text": "chào"},
        {"at": at("20:00:30")},
    )
    texts = [(line["at"][11:19], line["text"]) for line in lines]
    expected = {"unsent": [("20:00:01", "chào")], "uncertain": [("20:00:01", "(gửi lại)\nchào")], "refused": []}
    assert texts == expected[error]


def test_after_an_outage_messages_come_in_order_and_then_time_goes_on(engine):
    ticked = []
    tick = Tick("t", lambda _s, now: ticked.append(now), lambda _s, now: now + timedelta(minutes=30))
    lines = Play(engine, ticks=[tick]).run(
        {"at": at("20:00:00"), "down_until": at("22:00:00")},
        {"at": at("20:10:00"), "from": "u1", "text": "một"},
        {"at": at("21:10:00"), "from": "u1", "text": "hai"},
        {"at": at("22:10:00"), "from": "u1", "text": "ba"},
    )
    assert [(line["at"][11:19], line["text"]) for line in lines] == [
        ("22:00:00", "một"),
        ("22:00:01", "hai"),
        ("22:10:00", "ba"),
    ]
    assert [f"{moment:%H:%M}" for moment in ticked] == ["20:00", "22:00", "22:10"]  # none within the outage


def test_the_ticks_keep_up_with_the_events_as_every_minute(engine):
    ticked = []
    tick = Tick("t", lambda _s, now: ticked.append(now), lambda _s, _now: None)
    clocks = ("20:00:00", "20:00:40", "20:01:30", "20:31:00")
    Play(engine, ticks=[tick]).run(*({"at": at(clock), "from": "u1", "text": "a"} for clock in clocks))
    assert [f"{moment:%H:%M:%S}" for moment in ticked] == ["20:00:00", "20:01:30", "20:31:00"]


def test_an_outage_that_outlasts_the_script_ends_it(engine):
    lines = Play(engine).run(
        {"at": at("20:00:00"), "down_until": at("22:00:00")}, {"at": at("20:10:00"), "from": "u1", "text": "một"}
    )
    assert [line["at"] for line in lines] == [at("22:00:00")]


def reminding(moments):
    """Ticks that write one row at each moment to whoever `u1` is."""
    waiting = list(moments)

    def run(session, now):
        while waiting and waiting[0] <= now:
            account = session.exec(select(people.Account)).first()
            moment = waiting.pop(0)
            text = Message((verbatim(f"{moment:%d}"),))
            outbox.put(session, f"r{moment}", text, now, account_id=account.id, lane="bulk", kind="reminder")

    return Tick("reminders", run, lambda _session, _now: waiting[0] if waiting else None)


def bound(engine):
    with unit_of_work(engine) as session:
        account = people.account_labelled(session, "Bí thư CB05", datetime.fromisoformat(at("00:00:00")))
        people.bind(session, account.id, (NAME, BOT, "u1"), datetime.fromisoformat(at("00:00:00")))


def test_the_clock_stops_wherever_something_is_due(engine):
    bound(engine)
    first = datetime.fromisoformat(at("08:00:00"))
    play = Play(engine, ticks=[reminding([first + timedelta(days=number) for number in range(60)])])
    lines = play.run({"at": at("07:00:00")}, {"at": "2022-06-01T00:00:00+07:00"})
    assert len(lines) == 60
    assert {line["at"][11:] for line in lines} == {"08:00:00+07:00"}
    assert {line["kind"] for line in lines} == {"reminder"}


def test_what_is_written_for_later_leaves_then(engine):
    bound(engine)

    def answer(context, _incoming):
        later = context.now + timedelta(days=3)
        outbox.put(context.session, "x", say("mai"), context.now, account_id=1, not_before=later, kind="digest")
        return []

    (line,) = Play(engine, answer).run(
        {"at": at("20:00:00"), "from": "u1", "text": "a"}, {"at": "2022-04-01T00:00:00Z"}
    )
    assert line["at"] == "2022-03-06T20:00:00+07:00"


def test_files_go_out_under_the_folder_and_names_are_not_taken_twice(engine, tmp_path):
    document = Message((verbatim("Đây"),), document=Document("figures", {}, "bao cao.xlsx"))
    play = Play(engine, lambda _c, _i: [document], files=tmp_path / "out")
    lines = play.run(
        {"at": at("20:00:00"), "from": "u1", "text": "a"}, {"at": at("20:01:00"), "from": "u1", "text": "a"}
    )
    assert [line["file"] for line in lines] == ["bao cao.xlsx", "bao cao (2).xlsx"]
    assert (tmp_path / "out" / "bao cao (2).xlsx").read_bytes() == b"figures"


def test_a_file_comes_in_from_one_of_the_folders(engine, tmp_path):
    (tmp_path / "b.xlsx").write_bytes(b"x")
    play = Play(engine, lambda _c, i: [say(f"{i.kind} {i.file_name}")], folders=[tmp_path / "none", tmp_path])
    assert play.run({"at": at("20:00:00"), "from": "u1", "file": "b.xlsx"})[0]["text"] == "file b.xlsx"
    with pytest.raises(InputError, match=r"no_file .*'c'"):
        play.run({"at": at("20:00:00"), "from": "u1", "file": "c"})


def test_a_broken_handler_ends_in_one_apology(engine):
    def answer(_context, incoming):
        if incoming.text == "lành":
            return [say(incoming.text)]
        raise ZeroDivisionError

    lines = Play(engine, answer).run(
        {"at": at("20:00:00"), "from": "u1", "text": "hỏng"}, {"at": at("20:00:05"), "from": "u1", "text": "lành"}
    )
    assert lines[0]["text"].startswith("Xin lỗi")
    assert lines[1]["text"] == "lành"


EVENTS = [
    {"at": at("20:00:00"), "from": "u1", "text": "/start SAI"},
    {"at": at("20:00:01"), "from": "u2", "text": "công văn tối mật"},
    {"at": at("20:00:02"), "from": "u3", "text": "xin chào"},
    {"at": "2022-05-01T08:00:00+07:00"},
]


def simulated(url=None, **values) -> str:
    out = io.StringIO()
    simulate(url, [json.dumps(event) for event in EVENTS], out, **values)
    return out.getvalue()


def test_the_same_script_and_seed_give_the_same_bytes():
    assert simulated(seed=7) == simulated(seed=7)
    assert "TỐI MẬT" in simulated()


def test_a_database_can_be_gone_on_with(sqlite_url):
    first = simulated(sqlite_url)
    with pytest.raises(InputError):
        simulate(sqlite_url, ["{"], io.StringIO())
    assert len(first.splitlines()) == 3
    second = io.StringIO()
    event = {"at": "2022-05-02T08:00:00+07:00", "from": "u3", "text": "xin chào"}
    simulate(sqlite_url, [json.dumps(event)], second)
    assert len(second.getvalue().splitlines()) == 1
