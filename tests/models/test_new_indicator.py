"""An indicator is a row: one more is asked, rolled up, printed and exported, without a line of code."""

import json
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.export import to_json
from handlers import dialog
from handlers.dialog import Draft
from handlers.figure_lines import read
from models import committee_report, figures, indicators
from models.forms import FORMS, quarterly
from models.forms.base import Facts
from models.periods import parse_period
from reports import report, xlsx
from tests.figures_world import build

QUARTER = parse_period("2022-Q1")
TODAY = date(2022, 3, 31)
ROWS = """\
tu_sach,Tủ sách chi bộ xây dựng mới,flow,,,sum,sum,0,tủ sách,chi_bo,libraries,2,yes,
hop_thu,Chi bộ đặt hộp thư góp ý,ratio,units with a box,units expected,last,sum,1,chi bộ,chi_bo,libraries,2,no,
toa_dam,Tọa đàm và số người dự,pair,talks,listeners,sum,sum,0,buổi/người,dang_uy,talks,2,no,
"""


@pytest.fixture
def catalogue(monkeypatch, tmp_path):
    path = tmp_path / "indicators.csv"
    path.write_text(indicators.CATALOGUE.read_text(encoding="utf-8") + ROWS, encoding="utf-8")
    monkeypatch.setattr(indicators, "CATALOGUE", path)
    indicators.load.cache_clear()
    monkeypatch.setitem(FORMS, "quarterly", quarterly.quarterly(indicators.load()))
    yield indicators.load()
    monkeypatch.undo()
    indicators.load.cache_clear()


@pytest.fixture
def world(catalogue):
    built = build()
    for code, shelves, box in (("CB1", 2, [1, 1]), ("CB3", 3, [0, 1])):
        built.report(code, "quarterly", TODAY, {"quarter": "2022-Q1", "tu_sach": shelves, "hop_thu": box})
    built.event("DU", "own_figures", "toa_dam", 4, ["2022-03-20"], of=120)
    yield built
    built.session.close()
    built.session.bind.dispose()


def test_it_is_asked(catalogue):
    form, facts = FORMS["quarterly"], Facts(today=TODAY, unit_name="Chi bộ A")
    asked, step = [], dialog.begin(form, Draft("quarterly", 1, 1), facts)
    while not step.complete:
        asked.append(step.draft.asking)
        fills = step.draft.offered[-1].fills if step.draft.offered else {step.draft.asking: [1, 1]}
        step = dialog.fill(form, step.draft, fills, facts)
    assert {"tu_sach", "hop_thu"} <= set(asked)
    (claim,) = read("tọa đàm và số người dự 4/120", TODAY).claims
    assert (claim.code, claim.doubt, claim.answers) == ("toa_dam", "", {"count": 4, "of": 120})


def test_it_is_rolled_up_and_missing_branches_stand_in_the_denominator(world):
    found = figures.figures(world.session, world.ids["DU"], QUARTER, TODAY)
    assert found.figure("tu_sach").text == "5 tủ sách"
    assert found.figure("hop_thu").text == "1/5 (20%)"
    assert found.figure("toa_dam").text == "4/120"


def test_it_is_printed(world):
    made = report.docx(committee_report.load(world.session, world.ids["DU"], QUARTER, TODAY))
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(made)).paragraphs)
    assert "ủ sách chi bộ xây dựng mới: 05 tủ sách" in text
    assert "ọa đàm và số người dự: 04/120" in text


def test_it_is_exported(world):
    found = figures.figures(world.session, world.ids["DU"], QUARTER, TODAY)
    by_code = {one["code"]: one for one in json.loads(to_json(found))["indicators"]}
    assert (by_code["tu_sach"]["value"], by_code["hop_thu"]["denominator"]) == (5, 5)
    sheet = load_workbook(BytesIO(xlsx.figures(found)))["2. Chính trị, tư tưởng"]
    header = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "STT")
    branch = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "CB3")
    assert branch[header.index("Tủ sách chi bộ xây dựng mới")] == 3
