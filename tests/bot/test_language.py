import io
import json

import pytest

from bot.language import match_lines, parse_lines, read_branches

CSV = "id,name,kind,aliases\nE02,Chi bộ Tổ dân phố số 5,,\nE05,Chi bộ 6,,cb sáu;chi bộ số sáu\n"


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "branches.csv"
    path.write_text("\ufeff" + CSV, encoding="utf-8")
    return read_branches(path)


def _run(function, names, *lines):
    out = io.StringIO()
    function(io.StringIO("\n".join(lines) + "\n"), out, names)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_parsed_onto_the_wire(names):
    request = {"id": "X", "text": "cb tdp so 5 hop ngay 3/3 co mat 18/20 vang 2 co phep", "today": "2026-03-05"}
    answer = _run(parse_lines, names, json.dumps(request))[0]
    assert (answer["id"], answer["intent"], answer["branch_id"]) == ("X", "meeting_held", "E02")
    assert (answer["needs_confirm"], answer["issues"]) == (False, [])
    assert answer["slots"] == {
        "date": "2026-03-03",
        "present": 18,
        "total": 20,
        "absent": 2,
        "absent_excused": 2,
        "count": None,
        "person_names": [],
        "format": None,
        "topic": None,
        "branch": "cb tdp so 5",
        "doc_ref": None,
    }


def test_a_branch_is_matched_onto_the_wire(names):
    answer = _run(match_lines, names, json.dumps({"id": "Y", "text": "cb sáu"}))[0]
    assert (answer["id"], answer["status"], answer["branch_id"]) == ("Y", "match", "E05")


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("x" * 100_000, "not JSON"),
        ('{"id": 1, "text": 5, "today": "2026-03-05"}', "TypeError"),
        ('{"id": 1, "text": "x", "today": 20260305}', "TypeError"),
        ('{"id": 1}', "KeyError"),
        ('{"id": 1, "text": "x", "today": "hm"}', "ValueError"),
    ],
)
def test_a_broken_line_is_answered_and_the_rest_goes_on(names, line, about):
    good = json.dumps({"id": "2", "text": "họp", "today": "2026-03-05"})
    broken, after = _run(parse_lines, names, line, good)
    assert about in broken["error"]
    assert after["id"] == "2"


def test_a_list_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("code,title\n1,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="id and name"):
        read_branches(path)
