"""The command line: what it prints where, and how it ends."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.__main__ import main

ROOT = Path(__file__).parents[2]
MARCH = "2026-03-01T08:00:00+07:00"
UNITS = "code,name,kind,parent_code,official\nDU,Đảng ủy,dang_bo,,\nCB1,Chi bộ Một,chi_bo,DU,20\n"
POSTS = "unit_code,role,holder\nCB1,secretary,Bí thư CB1\nCB1,deputy,Phó bí thư CB1\nDU,officer,Văn phòng\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test works in a folder of its own, with tables to import."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "tables" / "posts.csv").write_text(POSTS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def url():
    return "sqlite:///chibo.db"


def _run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_an_import_says_on_stderr_what_it_did(capsys, url):
    code, out, err = _run(capsys, "import", "tables", "--database", url, "--at", MARCH)
    assert (code, out) == (0, "")
    assert err.splitlines()[0] == "Đơn vị mới: 2"


def test_an_import_with_faults_names_each_and_ends_with_2(capsys, folder, url):
    (folder / "tables" / "posts.csv").write_text("unit_code,role,holder\nX,secretary,A\n", encoding="utf-8")
    code, out, err = _run(capsys, "import", "tables", "--database", url)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "Bảng posts, dòng 2, cột unit_code: không có đơn vị mã X.",
        "Chưa nhập gì. Sửa các lỗi trên rồi nhập lại.",
    ]


def test_of_many_faults_the_first_twenty_are_shown(capsys, folder, url):
    rows = "".join(f"X{n},secretary,A\n" for n in range(30))
    (folder / "tables" / "posts.csv").write_text("unit_code,role,holder\n" + rows, encoding="utf-8")
    _, _, err = _run(capsys, "import", "tables", "--database", url)
    assert err.splitlines()[20:] == ["… và 10 lỗi nữa.", "Chưa nhập gì. Sửa các lỗi trên rồi nhập lại."]


def test_the_template_is_a_workbook_that_imports_as_nothing(capsys, url):
    assert _run(capsys, "template", "--output", "mau.xlsx")[0] == 0
    book = load_workbook("mau.xlsx")
    assert book.sheetnames == ["units", "posts", "targets", "rules", "calendar", "Hướng dẫn"]
    assert [cell.value for cell in book["posts"][1]] == ["unit_code", "role", "holder"]
    assert [rule.formula1 for rule in book["units"].data_validations.dataValidation] == [
        '"dang_bo,dang_bo_bo_phan,chi_bo,to_dang"'
    ]
    code, _, err = _run(capsys, "import", "mau.xlsx", "--database", url)
    assert (code, err) == (0, "Không có gì thay đổi.\n")


def test_a_filled_in_template_is_imported(capsys, url):
    _run(capsys, "template", "--output", "mau.xlsx")
    book = load_workbook("mau.xlsx")
    book["units"].append(["DU", "Đảng ủy", "dang_bo"])
    book["targets"].append(["DU", "ket_nap", "2026", "4-6"])
    book.save("mau.xlsx")
    code, _, err = _run(capsys, "import", "mau.xlsx", "--database", url)
    assert (code, err) == (0, "Đơn vị mới: 1\nChỉ tiêu mới: 1\n")


def test_figures_are_exported_and_their_files_named_on_stdout(capsys, url):
    _run(capsys, "import", "tables", "--database", url, "--at", MARCH)
    code, out, _ = _run(
        capsys, "export", "--period", "2026-03", "--unit", "DU", "--output", "out", "--at", MARCH, "--database", url
    )
    assert code == 0
    assert str(Path("out/figures.json")) in out.splitlines()
    assert json.loads(Path("out/figures.json").read_text(encoding="utf-8"))["unit"] == "DU"


WRONG = {
    "no command": ([], ""),
    "unknown command": (["bao-cao"], "Lệnh chưa đúng: No such command 'bao-cao'."),
    "missing option": (["export", "--unit", "DU"], "Lệnh chưa đúng: Missing option '--period'."),
    "no file": (["import", "none.xlsx"], "Không tìm thấy none.xlsx."),
    "time without offset": (["import", "tables", "--at", "2026-03-01"], "--at 2026-03-01: không phải là thời điểm"),
    "no configuration": (["check", "--config", "none.toml"], "Cấu hình chưa đúng: "),
    "no address": (["migrate", "--database", "nonsense"], "Cấu hình chưa đúng: database.url"),
    "no driver": (["migrate", "--database", "oracle+none://x"], "Cấu hình chưa đúng: database.url"),
    "unknown period": (["export", "--period", "2026-13", "--unit", "DU", "--output", "o"], "Không có đơn vị mã DU."),
    "no units": (["match-branch", "--database", "sqlite:///none.db"], "Chưa có danh sách đơn vị"),
    "no branches": (["parse", "--branches", "none.csv"], "Không đọc được none.csv"),
    "unknown channel": (["run", "--channel", "viber"], "--channel viber: không có kênh này"),
    "restore nothing": (["restore", "none.db"], "Không có tệp none.db."),
    "back up nothing": (["backup"], "Không có cơ sở dữ liệu"),
    "back up PostgreSQL": (["backup", "--database", "postgresql+psycopg://h/x"], "Với PostgreSQL hãy dùng pg_dump"),
    "invite whom": (["invite", "--all"], "Dùng invite --all --output"),
    "invite to no role": (["invite", "--unit", "DU", "--role", "chu_tich"], "không có vai trò chu_tich"),
    "invite to no unit": (["invite", "--unit", "DU", "--role", "secretary"], "không có đơn vị mã DU"),
    "write nowhere": (["template", "--output", "none/mau.xlsx"], "Không ghi được none/mau.xlsx"),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_one_line_on_stderr_and_ends_with_2(capsys, arguments, told):
    code, out, err = _run(capsys, *arguments)
    assert code == 2
    assert err.startswith(told)
    assert err.count("\n") == (1 if arguments else 0)
    assert arguments == [] or out == ""


def test_a_database_that_is_away_ends_with_1(capsys):
    code, _, err = _run(capsys, "migrate", "--database", "postgresql+psycopg://127.0.0.1:1/x")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("Cơ sở dữ liệu không dùng được")


def test_lines_are_read_with_the_units_of_the_database_by_their_codes(capsys, url, monkeypatch):
    _run(capsys, "import", "tables", "--database", url)
    line = json.dumps({"id": "1", "text": "chi bộ một họp ngày 3/3, có mặt 18/20", "today": "2026-03-04"})
    monkeypatch.setattr("sys.stdin", StringIO(line + "\nno json\n"))
    code, out, err = _run(capsys, "parse", "--json", "--database", url)
    first, second = (json.loads(answer) for answer in out.splitlines())
    assert (code, err) == (0, "")
    assert (first["branch_id"], first["slots"]["present"]) == ("CB1", 18)
    assert second["id"] is None


def test_branches_are_matched_from_a_file(capsys, folder, monkeypatch):
    (folder / "b.csv").write_text("id,name,kind,aliases\nB1,Chi bộ Tổ dân phố 5,,\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", StringIO('{"id": "1", "text": "tdp 5"}\n'))
    code, out, _ = _run(capsys, "match-branch", "--json", "--branches", "b.csv")
    assert (code, json.loads(out)["branch_id"]) == (0, "B1")


def test_a_script_is_played(folder):
    event = json.dumps({"at": MARCH, "from": "u1", "text": "/start"}) + "\n"
    played = _process("simulate", typed=event.encode())
    assert played.returncode == 0
    assert json.loads(played.stdout)["to"] == "u1"


def test_a_script_that_cannot_be_played_is_named_by_its_line(folder):
    played = _process("simulate", typed=b"no json\n")
    assert played.returncode == 2
    assert played.stderr.decode().startswith("Dòng 1: ")


def test_text_is_utf8_whatever_the_machine_speaks(folder):
    played = _process("frobnicate", typed=b"", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert played.stderr.decode("utf-8").startswith("Lệnh chưa đúng")


def _process(*arguments: str, typed: bytes, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", *arguments],
        input=typed, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT), **(env or {})},
    )  # fmt: skip
