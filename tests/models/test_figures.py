from datetime import date

import pytest
from sqlalchemy.event import listen

from models import feeds, units
from models.aggregation import Amount, total
from models.feeds import FEEDS
from models.figures import figures
from models.indicators import load as catalogue
from models.periods import parse_period
from models.targets import Target
from tests.figures_world import HALF_YEAR, build, empty_session


@pytest.fixture(scope="module")
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


@pytest.fixture
def of(world):
    def ask(code, period, today=HALF_YEAR):
        return figures(world.session, world.ids[code], parse_period(period), today)

    return ask


def values(found):
    """Return what stands in each figure: a number, a numerator with its denominator, or None."""
    amounts = {figure.indicator.code: figure.amount for figure in found.indicators}
    return {
        code: None if amount is None else (amount.number, amount.of) if amount.of is not None else amount.number
        for code, amount in amounts.items()
    }


def test_the_first_quarter_of_the_committee(of):
    found = values(of("DU", "2022-Q1"))
    branches = {code for code in FEEDS if not code.startswith("hoc_tap")}
    assert {code: value for code, value in found.items() if code in branches} == {
        "sinh_hoat_dung_ky": (8, 13),
        "du_sinh_hoat": (128, 140),
        "sinh_hoat_chuyen_de": (2, 5),
        "sinh_hoat_truc_tuyen": 2,
        "tong_dang_vien": 49,
        "dang_vien_chinh_thuc": 43,
        "dang_vien_du_bi": 6,
        "dang_vien_mien": 1,
        "so_to_chuc_truc_thuoc": 3,
        "boi_duong_nhan_thuc": 0,
        "de_nghi_ket_nap": 2,
        "ket_nap": 3,
        "chinh_thuc": 1,
        "chuyen_di": 0,
        "chuyen_den": 0,
        "tu_tran": 0,
        "khai_tru": 0,
        "xoa_ten": 0,
        "cho_ra": 0,
    }


def test_the_second_quarter_of_the_committee(of):
    found = values(of("DU", "2022-Q2"))
    assert found["sinh_hoat_dung_ky"] == (8, 13)
    assert found["du_sinh_hoat"] == (24 + 10 + 6 + 26 + 20 + 8 + 8 + 7 + 8, 24 + 10 + 6 + 26 + 26 + 8 + 8 + 8 + 8)
    assert found["sinh_hoat_chuyen_de"] == (1, 5)
    assert found["tong_dang_vien"] == 27 + 8 + 8
    assert (found["dang_vien_chinh_thuc"], found["dang_vien_du_bi"]) == (21 + 8 + 7, 6 + 0 + 1)
    assert (found["ket_nap"], found["chuyen_den"], found["chuyen_di"], found["tu_tran"]) == (0, 2, 1, 1)


def test_a_committees_own_figures_add_to_those_beneath_it_and_make_it_no_branch(of):
    found = of("DU", "2022-Q1")
    assert found.figure("van_ban").text == "15 văn bản"
    assert of("DB1", "2022-Q1").figure("van_ban").amount == Amount(3)
    assert {line.code for line in found.branches} == {"CB1", "CB2", "CB3", "CB4", "CB10"}


def test_a_half_year_is_its_two_quarters_but_for_stocks(of):
    found = values(of("DU", "2022-H1"))
    assert found["sinh_hoat_dung_ky"] == (16, 26)
    assert found["sinh_hoat_chuyen_de"] == (3, 10)
    assert found["ket_nap"] == 3
    assert found["tong_dang_vien"] == 43
    assert values(of("DU", "2022-9M")) == found == values(of("DU", "2022"))


def test_a_months_figures(of):
    february = values(of("DU", "2022-02"))
    assert february["sinh_hoat_dung_ky"] == (2, 4)
    assert february["du_sinh_hoat"] == (25, 27)
    assert february["sinh_hoat_chuyen_de"] == (0, 4)
    assert february["ket_nap"] == 2
    assert february["tong_dang_vien"] == 24 + 10 + 6
    assert values(of("DU", "2022-03"))["sinh_hoat_chuyen_de"] == (2, 5)


def test_who_has_not_reported_is_named(of):
    first = of("DU", "2022-Q1")
    assert (first.expected, first.reported, first.missing) == (5, 3, ("CB2", "CB4"))
    second = of("DU", "2022-Q2")
    assert (second.expected, second.reported, second.missing) == (5, 3, ("CB4", "CB10"))
    assert of("DU", "2022-05").missing == ("CB4",)


def test_a_unit_is_counted_where_it_stood_that_month(of):
    old, new = values(of("DB1", "2022-Q2")), values(of("DB2", "2022-Q2"))
    assert old["sinh_hoat_dung_ky"] == (3, 4)
    assert new["sinh_hoat_dung_ky"] == (5, 6)
    assert (old["chuyen_di"], new["chuyen_di"]) == (1, 0)
    assert (old["tu_tran"], new["tu_tran"]) == (0, 1)
    assert (old["tong_dang_vien"], new["tong_dang_vien"]) == (27, 16)


def test_a_quarter_in_which_a_unit_moved_counts_once(of):
    assert values(of("DB1", "2022-Q2"))["sinh_hoat_chuyen_de"] == (1, 1)
    assert values(of("DB2", "2022-Q2"))["sinh_hoat_chuyen_de"] == (0, 3)


@pytest.mark.parametrize("period", ["2022-04", "2022-05", "2022-06", "2022-Q1", "2022-Q2", "2022-H1"])
def test_committees_side_by_side_add_up_to_the_one_above(of, period):
    parts = [of(code, period) for code in ("DB1", "DB2", "CB4")]
    whole = of("DU", period)
    for figure in whole.indicators:
        code = figure.indicator.code
        amounts = [part.figure(code).amount for part in parts]
        if figure.indicator.reported_by == "chi_bo":
            assert (total(amounts) or feeds.nothing(figure.indicator)) == figure.amount, code


def test_branches_add_up_to_the_figures(of):
    found = of("DU", "2022-H1")
    assert [line.code for line in found.branches] == ["CB1", "CB2", "CB3", "CB4", "CB10"]
    present = [line.amounts["du_sinh_hoat"].number for line in found.branches]
    assert sum(present) == found.figure("du_sinh_hoat").amount.number
    assert found.branches[2].expected == ("2022-01", "2022-02", "2022-03", "2022-04")


def test_a_dissolved_branch_keeps_its_flows_but_not_its_members(of):
    found = of("DB2", "2022-H1")
    assert values(found)["chinh_thuc"] == 1
    dissolved = next(line for line in found.branches if line.code == "CB3")
    assert dissolved.amounts["tong_dang_vien"] is None


def test_the_cut_off_may_lie_within_the_period(of):
    found = of("DU", "2022-Q1", today=date(2022, 2, 28))
    assert found.cutoff == date(2022, 2, 28)
    assert values(found)["sinh_hoat_dung_ky"] == (4, 8)
    assert values(found)["ket_nap"] == 2
    assert values(found)["dang_vien_du_bi"] == 4 + 1


def test_a_period_that_has_not_begun_holds_nothing(of):
    found = of("DU", "2022-Q4")
    assert (found.expected, found.reported, found.missing) == (0, 0, ())
    assert found.figure("tong_dang_vien").text == "chưa có số liệu"
    assert found.figure("du_sinh_hoat").text == "chưa có số liệu"
    assert found.figure("ket_nap").amount == Amount(0)


def test_figures_in_words(of):
    found = of("DU", "2022-Q1")
    texts = {figure.indicator.code: figure.text for figure in found.indicators}
    assert texts["du_sinh_hoat"] == "128/140 (91,4%)"
    assert texts["tong_dang_vien"] == "49 đảng viên"
    assert texts["sinh_hoat_truc_tuyen"] == "2 buổi"
    assert texts["de_nghi_ket_nap"] == "2 người (dưới chỉ tiêu 4-6, đạt 50% mức tối thiểu)"
    assert texts["ket_nap"] == "3/15 đồng chí (đạt 20%)"


def test_without_a_target_of_its_own_a_period_is_measured_from_new_year(of):
    figure = of("DU", "2022-Q2").figure("ket_nap")
    assert figure.amount == Amount(0)
    assert (figure.target, figure.percent) == ("15", 20)
    assert figure.text == "0 đồng chí, lũy kế từ đầu năm 3/15 đồng chí (đạt 20%)"


def test_a_units_own_target_only_counts_for_itself(of):
    assert of("DB1", "2022-Q1").figure("ket_nap").target is None


def test_a_single_branch_has_figures_too(of):
    found = of("CB1", "2022-Q1")
    assert (found.expected, found.reported) == (1, 1)
    assert values(found)["tong_dang_vien"] == 25
    assert values(found)["so_to_chuc_truc_thuoc"] == 0


def test_a_member_count_nobody_stated_is_unknown_not_none(of):
    assert of("CB4", "2022-Q1").figure("tong_dang_vien").amount is None


def test_every_indicator_stands_in_the_catalogues_order(of):
    codes = [figure.indicator.code for figure in of("DU", "2022-Q1").indicators]
    assert codes == [indicator.code for indicator in catalogue()]
    assert len(codes) == len(set(codes))


def test_an_unknown_unit_is_refused(world):
    with pytest.raises(LookupError, match="no unit 999"):
        figures(world.session, 999, parse_period("2022-Q1"), HALF_YEAR)


def test_a_code_that_is_no_figure_is_refused(of):
    with pytest.raises(KeyError):
        of("DU", "2022-Q1").figure("van_ban_mat")


def test_a_paused_branch_owes_nothing_while_it_is_paused():
    world = build()
    units.set_pause(world.session, world.ids["CB4"], date(2022, 2, 1), date(2022, 2, 28))
    world.session.flush()
    found = figures(world.session, world.ids["CB4"], parse_period("2022-Q1"), HALF_YEAR)
    assert found.figure("sinh_hoat_dung_ky").amount == Amount(0, 2)
    world.session.close()
    world.session.bind.dispose()


def test_an_empty_database_but_for_one_unit_gives_empty_figures():
    session = empty_session()
    unit_id = units.unit_id(units.put(session, "DU", name="Đảng bộ", kind="dang_bo"))
    session.add(Target(unit_id=unit_id, indicator="du_sinh_hoat", period="2022", target="90%"))
    session.flush()
    found = figures(session, unit_id, parse_period("2022-Q1"), HALF_YEAR)
    assert found.branches == ()
    assert (found.figure("du_sinh_hoat").target, found.figure("du_sinh_hoat").percent) == ("90%", None)
    session.close()
    session.bind.dispose()


def test_the_number_of_queries_does_not_grow_with_the_number_of_units(world):
    queries = []
    listen(world.session.bind, "before_cursor_execute", lambda *args: queries.append(args[2]))
    asked = {}
    for code in ("CB1", "DB2", "DU"):
        world.session.expunge_all()
        queries.clear()
        figures(world.session, world.ids[code], parse_period("2022-Q1"), HALF_YEAR)
        asked[code] = len(queries)
    assert asked["CB1"] == asked["DB2"] == asked["DU"] <= 24
