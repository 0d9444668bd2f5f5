import json
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.export import ExportError, export
from bot.reports_registry import MAKERS, XLSX
from models.clock import at
from tests.figures_world import build

QUARTER_END = at(date(2022, 3, 31), 17)
KEYS = ["unit", "period", "state", "expected", "reported", "missing", "indicators"]
OF_EACH = ["code", "label", "kind", "value", "numerator", "denominator", "parts", "target", "percent", "text"]


@pytest.fixture(scope="module")
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


@pytest.fixture
def exported(world, tmp_path):
    files = export(world.session, "2022-Q1", "du", tmp_path / "new" / "folder", QUARTER_END)
    return {file.name: file for file in files}


def read(exported):
    return json.loads(exported["figures.json"].read_text(encoding="utf-8"))


def test_the_files_are_named_and_whole(exported):
    assert list(exported) == [
        "figures.json", "bao-cao-2022-Q1.docx", "so-lieu-2022-Q1.xlsx", "chi-tieu-2022-Q1.png",
        "du-sinh-hoat-2022-Q1.png", "sinh-hoat-2022-Q1.png",
    ]  # fmt: skip
    folder = exported["figures.json"].parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(exported)
    assert load_workbook(exported["so-lieu-2022-Q1.xlsx"]).sheetnames == [
        "Tổng hợp",
        "1. Lãnh đạo, chỉ đạo",
        "2. Chính trị, tư tưởng",
        "3. Tổ chức, đảng viên",
        "4. Kiểm tra, giám sát",
        "5. Dân vận, đoàn thể",
        "Kiểm tra",
    ]


def test_the_keys_are_those_agreed_and_in_their_order(exported):
    found = read(exported)
    assert list(found) == KEYS
    assert all(list(indicator) == OF_EACH for indicator in found["indicators"])
    assert exported["figures.json"].read_bytes().endswith(b"}\n")


def test_the_head_of_the_figures(exported):
    found = read(exported)
    assert [found[key] for key in KEYS[:-1]] == ["DU", "2022-Q1", "open", 5, 3, ["CB2", "CB4"]]


def test_a_ratio_a_flow_a_target_and_a_stock(exported):
    by_code = {indicator["code"]: indicator for indicator in read(exported)["indicators"]}
    assert by_code["du_sinh_hoat"] == {
        "code": "du_sinh_hoat",
        "label": "Đảng viên dự sinh hoạt",
        "kind": "ratio",
        "value": None,
        "numerator": 128,
        "denominator": 140,
        "parts": [],
        "target": None,
        "percent": 91.4,
        "text": "128/140 (91,4%)",
    }
    admitted = by_code["ket_nap"]
    assert (admitted["value"], admitted["target"], admitted["percent"]) == (3, "15", 20)
    assert admitted["text"] == "3/15 đồng chí (đạt 20%)"
    members = by_code["tong_dang_vien"]
    assert (members["value"], members["numerator"], members["percent"]) == (49, None, None)


def test_the_same_data_gives_the_same_bytes(world, tmp_path):
    first = export(world.session, "2022-Q1", "DU", tmp_path / "a", QUARTER_END)
    second = export(world.session, "2022-Q1", "DU", tmp_path / "b", QUARTER_END)
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


@pytest.mark.parametrize("period", ["2022-03", "2022-Q1", "2022-H1", "2022-9M", "2022"])
def test_every_kind_of_period(world, tmp_path, period):
    files = export(world.session, period, "DU", tmp_path, at(date(2022, 12, 31)))
    assert json.loads(files[0].read_text(encoding="utf-8"))["period"] == period


@pytest.mark.parametrize(
    ("period", "unit", "key", "facts"),
    [
        ("2022-Q5", "DU", "export.bad_period", {"period": "2022-Q5"}),
        ("2022-13", "DU", "export.bad_period", {"period": "2022-13"}),
        ("2022-Q1", "CB99", "export.unknown_unit", {"unit": "CB99"}),
    ],
)
def test_what_cannot_be_exported_is_said(world, tmp_path, period, unit, key, facts):
    with pytest.raises(ExportError) as raised:
        export(world.session, period, unit, tmp_path / "none", QUARTER_END)
    assert isinstance(raised.value, ValueError)
    assert (raised.value.key, raised.value.facts) == (key, facts)
    assert not (tmp_path / "none").exists()


def test_the_chats_overview_is_a_workbook(world):
    file = MAKERS["overview_xlsx"](world.session, {"period": "2022-03", "unit": world.ids["DU"]})
    assert (file.name, file.media_type) == ("tong-hop-2022-03.xlsx", XLSX)
    assert load_workbook(BytesIO(file.content)).sheetnames == ["Tổng hợp tháng"]
