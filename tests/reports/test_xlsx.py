import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from models import units, views
from models.figures import figures
from models.periods import parse_period
from reports import xlsx
from tests.figures_world import HALF_YEAR, build

MARCH = parse_period("2022-03")


@pytest.fixture(scope="module")
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


@pytest.fixture(scope="module")
def quarter(world):
    return figures(world.session, world.ids["DU"], parse_period("2022-Q1"), date(2022, 3, 31))


@pytest.fixture(scope="module")
def book(quarter):
    return load_workbook(BytesIO(xlsx.figures(quarter)))


@pytest.fixture(scope="module")
def month(world):
    return load_workbook(BytesIO(xlsx.overview(views.overview(world.session, world.ids["DU"], MARCH)))).worksheets[0]


def rows(sheet):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def starting(sheet, words):
    """Return the number of the first row whose cells hold the words."""
    return next(number for number, row in enumerate(rows(sheet), start=1) if words in row)


def evaluated(book, sheet, value):
    """Return what a spreadsheet would show for the three formulas the workbooks use."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    if found := re.fullmatch(r"=SUM\(([A-Z]+)(\d+):\1(\d+)\)", value):
        letter, first, last = found.groups()
        return sum(sheet[f"{letter}{row}"].value or 0 for row in range(int(first), int(last) + 1))
    if found := re.fullmatch(r"='(.+)'!([A-Z]+\d+)", value):
        return book[found[1]][found[2]].value
    left, right, same, other = re.fullmatch(r'=IF\((\w+)=(\w+),"(\w+)","(\w+)"\)', value).groups()
    both = [evaluated(book, sheet, sheet[place].value) or 0 for place in (left, right)]
    return same if both[0] == both[1] else other


def test_the_figures_stand_as_numbers(book):
    sheet = book["Tổng hợp"]
    attendance = sheet[starting(sheet, "Đảng viên dự sinh hoạt")]
    values = [cell.value for cell in attendance]
    assert values[1:] == ["Đảng viên dự sinh hoạt", 128, 140, "đảng viên", 91.4, None, None, None, "128/140 (91,4%)"]
    assert [cell.data_type for cell in attendance[2:4]] == ["n", "n"]


def test_the_head_says_who_has_not_reported(book):
    head = [row[0] for row in rows(book["Tổng hợp"])[:5]]
    assert head == [
        "Đảng bộ phường Bình Minh",
        "SỐ LIỆU TỔNG HỢP QUÝ I NĂM 2022",
        "Số liệu tính đến ngày 31/3/2022 (chưa chốt).",
        "3/5 chi bộ đã báo cáo (60%).",
        "Chưa báo cáo: Chi bộ khu phố 2, Chi bộ Trạm Y tế.",
    ]


def test_each_branch_has_its_row_of_numbers(book):
    sheet = book["3. Tổ chức, đảng viên"]
    number = starting(sheet, "CB2")
    assert rows(sheet)[number - 1][:13] == (
        2, "CB2", "Chi bộ khu phố 2", 3, 2, "2/2022", 2, 3, 28, 30, 1, 1, 1,
    )  # fmt: skip
    numbers = [cell for row in sheet.iter_rows(min_row=5, max_row=9, min_col=7) for cell in row]
    assert {cell.data_type for cell in numbers} == {"n"}


def test_the_sums_at_the_foot_agree_with_the_figures(book):
    sheet = book["3. Tổ chức, đảng viên"]
    foot = starting(sheet, "Cộng")
    for column in range(7, sheet.max_column + 1):
        letter = get_column_letter(column)
        total, given, check = (evaluated(book, sheet, sheet[f"{letter}{foot + n}"].value) for n in range(3))
        if sheet[f"{letter}{foot + 1}"].value is not None:  # grades stand in the first sheet in words
            assert total == (given or 0), letter
            assert check == "Khớp", letter
    assert evaluated(book, sheet, sheet[f"I{foot}"].value) == 128
    assert evaluated(book, sheet, sheet[f"D{foot}"].value) == 13


def test_every_sheet_prints_on_a4_across_with_its_header_on_every_page(book, month):
    for sheet in (*book.worksheets, month):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title == "Kiểm tra":
            continue
        header = int(sheet.print_title_rows.split(":")[0].strip("$"))
        assert sheet.cell(header, 1).value == "STT"
        assert sheet.freeze_panes.endswith(str(header + 1))
        assert all(sheet.column_dimensions[get_column_letter(n)].width > 5 for n in range(1, sheet.max_column + 1))


def test_all_letters_are_of_the_prescribed_kind(book, month):
    fonts = {cell.font.name for sheet in (*book.worksheets, month) for row in sheet.iter_rows() for cell in row}
    assert fonts == {"Times New Roman"}


def test_equal_figures_are_equal_bytes(quarter, world):
    again = figures(world.session, world.ids["DU"], parse_period("2022-Q1"), date(2022, 3, 31))
    assert xlsx.figures(quarter) == xlsx.figures(again)


def test_the_month_shows_each_branch_and_marks_the_missing(month):
    found = rows(month)
    assert found[starting(month, "CB3") - 1][:7] == (3, "CB3", "Chi bộ Trường Tiểu học", "Đúng hạn", 5, 6, 83.3)
    missing = starting(month, "CB4")
    assert found[missing - 1][3:7] == ("Chưa báo cáo", None, None, None)
    assert month.cell(missing, 4).font.color.rgb == "00C00000"
    foot = starting(month, "Cộng")
    assert [evaluated(None, month, month.cell(foot, column).value) for column in (5, 6)] == [44, 45]


def test_the_months_head_counts_all_meetings(month):
    head = [row[0] for row in rows(month)[:5]]
    assert head[1] == "TỔNG HỢP BÁO CÁO CHI BỘ THÁNG 3 NĂM 2022"
    assert head[4] == "Dự các buổi họp, cả chuyên đề và đột xuất: 73/82 (89%). Báo cáo đúng hạn 4/5."


def test_a_month_in_which_nobody_owes_anything_is_still_a_workbook(world):
    seen = views.overview(world.session, world.ids["DU"], parse_period("2021-01"))
    sheet = load_workbook(BytesIO(xlsx.overview(seen))).worksheets[0]
    assert "Không có chi bộ nào phải báo cáo." in [row[0] for row in rows(sheet)]


def test_a_period_that_has_not_begun_is_still_a_workbook(world):
    found = figures(world.session, world.ids["DU"], parse_period("2022-Q4"), HALF_YEAR)
    sheet = load_workbook(BytesIO(xlsx.figures(found)))["Tổng hợp"]
    assert rows(sheet)[starting(sheet, "Tổng số đảng viên") - 1][-1] == "chưa có số liệu"


def test_a_name_is_never_a_formula():
    world = build()
    units.put(world.session, "CB4", name='=HYPERLINK("http://x")\x0b')
    seen = views.overview(world.session, world.ids["CB4"], MARCH)
    sheet = load_workbook(BytesIO(xlsx.overview(seen))).worksheets[0]
    cell = sheet.cell(starting(sheet, "CB4"), 3)
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x")', "s")
    world.session.close()
    world.session.bind.dispose()


def test_many_missing_names_are_cut_and_counted(quarter):
    names = [f"Chi bộ {number}" for number in range(1, 43)]
    told = tuple(xlsx._reported(0, 42, names))
    assert told[0] == "0/42 chi bộ đã báo cáo (0%)."
    assert told[1].endswith("Chi bộ 30 và 12 chi bộ khác.")


def test_the_same_period_of_the_year_before_stands_beside_it_with_the_percentage():
    world = build()
    world.event("CB1", "admission", "ket_nap", 2, ["2021-02-03"])
    found, before = (
        figures(world.session, world.ids["DU"], parse_period(period), date(2022, 3, 31))
        for period in ("2022-Q1", "2021-Q1")
    )
    sheet = load_workbook(BytesIO(xlsx.figures(found, (), before)))["Tổng hợp"]
    admitted = [cell.value for cell in sheet[starting(sheet, "Kết nạp đảng viên mới")]]
    assert (admitted[2], admitted[6], admitted[7], admitted[8]) == (3, 2, 150, 15)
    world.session.close()
    world.session.bind.dispose()


def test_a_pair_has_a_column_for_each_of_its_numbers(book):
    heads = [cell.value for cell in book["5. Dân vận, đoàn thể"][4]]
    assert "Công đoàn thành lập mới: số tổ chức" in heads
    assert "Công đoàn thành lập mới: số đoàn viên" in heads
    assert "Chi bộ làm điểm: số mô hình" in heads
