import json

import pytest

from bot.script_events import InputError, read_events

AT = "2022-03-03T20:05:00+07:00"


def read(*rows) -> list:
    return list(read_events(row if isinstance(row, str) else json.dumps(row) for row in rows))


def test_each_kind_of_line_is_read():
    events = read(
        {"at": AT, "from": "u17", "text": "họp 3/3"},
        {"at": AT, "from": "u17", "press": "Gửi"},
        {"at": AT, "from": "u17", "file": "a.xlsx"},
        {"at": AT},
        "",
        {"at": AT, "down_until": "2022-03-04T20:05:00+07:00"},
        {"at": AT, "fault": {"to": "u17", "error": "refused"}},
    )
    assert [event.text or event.press or event.file or event.fault_to for event in events] == [
        *("họp 3/3", "Gửi", "a.xlsx", "", "", "u17")
    ]
    assert [event.line for event in events] == [1, 2, 3, 4, 6, 7]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "cli.script.not_json"),
        ("[1]", "cli.script.not_object"),
        ({"from": "u17", "text": "a"}, "cli.script.missing"),
        ({"at": "hôm qua"}, "cli.script.not_a_time"),
        ({"at": 5}, "cli.script.not_a_time"),
        ({"at": "2022-03-03T20:05:00"}, "cli.script.no_offset"),
        ({"at": AT, "text": "a"}, "cli.script.not_text {'name': 'from'}"),
        ({"at": AT, "from": "u17"}, "cli.script.from_alone"),
        ({"at": AT, "from": "", "text": "a"}, "cli.script.not_text {'name': 'from'}"),
        ({"at": AT, "from": "u17", "text": 5}, "cli.script.not_text {'name': 'text'}"),
        ({"at": AT, "from": "u17", "text": "a", "press": "b"}, "cli.script.two_deeds"),
        ({"at": AT, "form": "u17", "text": "a"}, "cli.script.unknown_key {'name': 'form'}"),
        ({"at": AT, "down_until": "2022-03-02T20:05:00+07:00"}, "cli.script.down_before"),
        ({"at": AT, "fault": {"to": "u17"}}, "cli.script.bad_fault"),
        ({"at": AT, "fault": {"to": "u17", "error": "lost"}}, "cli.script.bad_error"),
    ],
)
def test_a_bad_line_stops_with_its_number(line, told):
    with pytest.raises(InputError, match=r"^line 2: ") as error:
        read({"at": AT}, line)
    assert told in str(error.value)
    assert error.value.line == 2


def test_time_does_not_go_back():
    with pytest.raises(InputError, match=r"line 2: cli.script.goes_back"):
        read({"at": AT}, {"at": "2022-03-03T20:04:59+07:00"})


def test_what_came_before_a_bad_line_has_been_given():
    events = read_events([json.dumps({"at": AT}), "{"])
    assert next(events).line == 1
