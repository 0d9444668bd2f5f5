import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import views
from models.periods import parse_period
from models.views import code_order
from tests.figures_world import build


@pytest.fixture(scope="module")
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


@pytest.fixture
def of(world):
    return lambda code, month: views.overview(world.session, world.ids[code], parse_period(month))


def test_a_month_of_the_committee(of):
    seen = of("DU", "2022-03")
    assert (seen.unit_name, seen.expected, seen.reported, seen.on_time) == ("Đảng bộ phường Bình Minh", 5, 4, 4)
    assert [row.code for row in seen.missing] == ["CB4"]
    assert (seen.present, seen.required) == (73, 82)
    assert seen.meetings == {"regular": 4, "thematic": 2, "extraordinary": 1}
    assert seen.events == {"de_nghi_ket_nap": 2, "chinh_thuc": 1, "ket_nap": 1}


def test_a_branchs_row_shows_its_regular_meeting(of):
    row = next(row for row in of("DU", "2022-03").rows if row.code == "CB1")
    assert (row.status, row.present, row.total, row.version) == ("on_time", 21, 21, 1)
    assert row.headline.startswith("Họp thường kỳ ngày 3/3/2022")


def test_a_correction_counts_once_and_is_numbered(of):
    seen = of("CB1", "2022-02")
    assert (seen.present, seen.required) == (19, 21)
    assert (seen.rows[0].present, seen.rows[0].version) == (19, 2)
    assert seen.rows[0].status == "on_time"


def test_a_withdrawn_report_is_owed_again(of):
    row = of("CB2", "2022-02").rows[0]
    assert (row.status, row.headline, row.present) == ("open", "", None)


def test_a_meeting_not_held_is_reported_and_one_postponed_is_not(of):
    assert of("CB3", "2022-01").meetings == {"not_held": 1}
    assert of("CB3", "2022-01").missing == ()
    assert of("CB10", "2022-04").meetings == {"postponed": 1}
    assert [row.code for row in of("CB10", "2022-04").missing] == ["CB10"]


def test_a_moved_branch_is_seen_where_it_stands_at_the_months_end(of):
    assert [row.code for row in of("DB1", "2022-04").rows] == ["CB1", "CB2"]
    assert [row.code for row in of("DB1", "2022-05").rows] == ["CB1"]
    assert "CB2" in [row.code for row in of("DB2", "2022-05").rows]


def test_all_reports_of_a_branch_and_month_stand_in_order(world):
    reports = views.reports_of(world.session, world.ids["CB1"], parse_period("2022-03"))
    assert [(report.form_id, report.kind) for report in reports] == [
        ("meeting", "regular"),
        ("meeting", "thematic"),
        ("admission", "ket_nap"),
    ]
    assert [views.stated_on(report).isoformat() for report in reports] == ["2022-03-03", "2022-03-17", "2022-04-05"]


def test_codes_stand_in_the_order_people_expect():
    assert sorted(["CB10", "CB2", "CB1", "A3", "CB2b"], key=code_order) == ["A3", "CB1", "CB2", "CB2b", "CB10"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_codes_can_be_put_in_order(one, other):
    assert (code_order(one) == code_order(other)) or (code_order(one) < code_order(other)) ^ (
        code_order(other) < code_order(one)
    )


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_numbers_in_codes_are_compared_as_numbers(one, other):
    assert (code_order(f"CB{one}") < code_order(f"CB{other}")) == (one < other)
