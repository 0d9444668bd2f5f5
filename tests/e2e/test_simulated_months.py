"""69 branches join and report a quarter by the guided forms; every figure equals what was sent, typed here by hand.

By hand: required of all in January 414 + 273 + 69 - 17 = 739, absent 69 and three corrected. February lacks the five
branches 7, 14, 23, 46 and 69 with their 60 required and 4 absent. In March six were admitted and five moved away, and
six thematic meetings add their 60 of 60.
"""

import io
import json
from datetime import datetime, time
from pathlib import Path

import pytest

from bot.export import find, to_json
from bot.simulate import simulate
from models import units
from models.clock import ZONE
from models.database import make_engine, unit_of_work
from tests.e2e import months
from tests.e2e.client import staged

END = datetime(2022, 3, 31, 12, tzinfo=ZONE)

# Who looks, the month: reported/expected, missing, attendance, further lines, on time.
OVERVIEWS = {
    ("vp", 1): ("69/69", "100%", (), "667/739 (90,3%)", (), "61/69"),
    ("vp", 2): (
        "67/69", "97,1%", (7, 14), "614/679 (90,4%)",
        ("Không họp: 3 chi bộ.", "Kết nạp 6 đồng chí.", "Chuyển đi 5 đồng chí."), "67/69",
    ),
    ("vp", 3): ("69/69", "100%", (), "731/800 (91,4%)", ("Sinh hoạt chuyên đề: 6 buổi.",), "69/69"),
    ("cuv1", 1): ("23/23", "100%", (), "220/244 (90,2%)", (), "21/23"),
    ("cuv1", 2): (
        "21/23", "91,3%", (7, 14), "184/204 (90,2%)",
        ("Không họp: 1 chi bộ.", "Kết nạp 2 đồng chí.", "Chuyển đi 1 đồng chí."), "21/23",
    ),
    ("cuv1", 3): ("23/23", "100%", (), "238/262 (90,8%)", ("Sinh hoạt chuyên đề: 2 buổi.",), "23/23"),
    ("cuv2", 1): ("23/23", "100%", (), "223/248 (89,9%)", (), "20/23"),
    ("cuv2", 2): (
        "23/23", "100%", (), "217/240 (90,4%)",
        ("Không họp: 1 chi bộ.", "Kết nạp 2 đồng chí.", "Chuyển đi 2 đồng chí."), "23/23",
    ),
    ("cuv2", 3): ("23/23", "100%", (), "245/267 (91,8%)", ("Sinh hoạt chuyên đề: 2 buổi.",), "23/23"),
    ("cuv3", 1): ("23/23", "100%", (), "224/247 (90,7%)", (), "20/23"),
    ("cuv3", 2): (
        "23/23", "100%", (), "213/235 (90,6%)",
        ("Không họp: 1 chi bộ.", "Kết nạp 2 đồng chí.", "Chuyển đi 2 đồng chí."), "23/23",
    ),
    ("cuv3", 3): ("23/23", "100%", (), "248/271 (91,5%)", ("Sinh hoạt chuyên đề: 2 buổi.",), "23/23"),
}  # fmt: skip

# What `export` says of every indicator these forms feed; what is not named is zero or empty.
STOCK_AT_FIRST = {"tong_dang_vien": 756, "dang_vien_chinh_thuc": 687, "dang_vien_du_bi": 69, "dang_vien_mien": 17}
STOCK_LATER = {"tong_dang_vien": 757, "dang_vien_chinh_thuc": 682, "dang_vien_du_bi": 75, "dang_vien_mien": 17}
STOCK_OF_DB2 = {"tong_dang_vien": 254, "dang_vien_chinh_thuc": 230, "dang_vien_du_bi": 24, "dang_vien_mien": 6}
EXPORTS = {
    ("DU", "2022-01"): (69, [], {
        **STOCK_AT_FIRST, "sinh_hoat_dung_ky": (69, 69), "du_sinh_hoat": (667, 739), "sinh_hoat_truc_tuyen": 1,
        "so_to_chuc_truc_thuoc": 3,
    }),
    ("DU", "2022-02"): (67, ["CB07", "CB14"], {
        **STOCK_LATER, "sinh_hoat_dung_ky": (64, 69), "du_sinh_hoat": (614, 679), "ket_nap": 6, "chuyen_di": 5,
        "so_to_chuc_truc_thuoc": 3,
    }),
    ("DU", "2022-03"): (69, [], {
        **STOCK_LATER, "sinh_hoat_dung_ky": (69, 69), "du_sinh_hoat": (731, 800), "sinh_hoat_chuyen_de": (6, 69),
        "so_to_chuc_truc_thuoc": 3,
    }),
    ("DU", "2022-Q1"): (67, ["CB07", "CB14"], {
        **STOCK_LATER, "sinh_hoat_dung_ky": (202, 207), "du_sinh_hoat": (2012, 2218), "sinh_hoat_chuyen_de": (6, 69),
        "sinh_hoat_truc_tuyen": 1, "ket_nap": 6, "chuyen_di": 5, "so_to_chuc_truc_thuoc": 3,
    }),
    ("DB2", "2022-Q1"): (23, [], {
        **STOCK_OF_DB2, "sinh_hoat_dung_ky": (68, 69), "du_sinh_hoat": (685, 755), "sinh_hoat_chuyen_de": (2, 23),
        "ket_nap": 2, "chuyen_di": 2, "so_to_chuc_truc_thuoc": 23,
    }),
}  # fmt: skip


@pytest.fixture(scope="module")
def quarter(tmp_path_factory) -> tuple[str, str]:
    return months.play(tmp_path_factory.mktemp("quarter"), reminders=False)


def test_the_overview_of_every_month_and_committee_is_the_sum_of_what_was_sent(quarter):
    _, printed = quarter
    shown = {who: [row["text"] for row in months.answers(printed, who)][-3:] for who in months.OVERSEERS}

    for (who, month), expected in OVERVIEWS.items():
        assert shown[who][month - 1].split("\n")[1:] == _overview(*expected), (who, month)


def _overview(reported, share, missing, attendance, further, on_time) -> list[str]:
    names = [f"– Chi bộ Tổ dân phố {i}" for i in missing]
    owing = [f"Chưa báo cáo ({len(missing)}):", *names] if missing else ["Tất cả đã báo cáo."]
    return [f"{reported} chi bộ đã báo cáo ({share}).", *owing, f"Dự họp {attendance}.", *further,
            f"Đúng hạn {on_time}."]  # fmt: skip


@pytest.mark.parametrize(("unit", "period"), EXPORTS)
def test_the_export_is_the_sum_of_what_was_sent(quarter, unit, period):
    url, _ = quarter
    reported, missing, expected = EXPORTS[unit, period]

    found = _exported(url, unit, period)

    assert (found["reported"], found["missing"]) == (reported, missing)
    assert found["expected"] == (23 if unit == "DB2" else 69)
    assert {figure["code"]: _value(figure) for figure in found["indicators"] if _value(figure)} == expected


def _exported(url: str, unit: str, period: str):
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        found = json.loads(to_json(find(session, period, unit, END)))
    engine.dispose()
    return found


def _value(figure):
    if figure["value"] is None:
        return (figure["numerator"], figure["denominator"]) if figure["numerator"] else None
    return figure["value"]


def test_every_answer_a_secretary_gave_was_taken_by_the_form(quarter):
    _, printed = quarter
    rows = [json.loads(line) for line in printed.splitlines()]
    receipts = [row for row in rows if row["text"].startswith(("Đã nhận báo cáo", "Đã sửa báo cáo"))]

    # 69 in January, 3 corrected; 64 and 3 not held in February, 6 and 5 members; 69, 4 postponed and 6 thematic.
    assert len(receipts) == 69 + 3 + 64 + 3 + 6 + 5 + 69 + 4 + 6


def test_the_plain_meeting_takes_four_answers_and_a_confirmation(quarter):
    _, printed = quarter
    texts = [row["text"] for row in months.answers(printed, "u1") if row["at"].startswith("2022-01-03")]

    assert len(texts) == 6  # four questions, the summary, the receipt
    assert texts[-1].startswith("Đã nhận báo cáo")


def test_the_same_script_gives_the_same_bytes_with_reminders(tmp_path):
    few = (7, 11, 17)
    _, once = months.play(tmp_path / "once", few)
    _, again = months.play(tmp_path / "again", few)

    assert once == again
    assert '"kind": "reminder"' in once


@pytest.mark.soak
def test_all_of_it_with_reminders_gives_the_same_bytes(tmp_path):
    url, once = months.play(tmp_path / "once")
    _, again = months.play(tmp_path / "again")

    assert once == again
    assert _exported(url, "DU", "2022-Q1")["reported"] == 67


# Two who report for one branch ----------------------------------------------------------------------------------


def test_secretary_and_deputy_fill_the_form_at_once_and_only_one_report_stands():
    with staged() as stage:
        secretary, deputy = stage.client("bt1"), stage.client("pbt1")
        for answer in ("/hop", "3/3", "18/20", "2", "đã đăng"):
            secretary.send(answer)
            deputy.send(answer.replace("18/20", "17/20"))

        assert secretary.click("Gửi").startswith("Đã nhận báo cáo")
        seen = deputy.click("Gửi")

        assert "đã có báo cáo này" in seen
        assert "Có mặt 17/20 (85%)" in seen
        deputy.click("Sửa báo cáo")
        assert deputy.click("Gửi").startswith("Đã sửa báo cáo")
        [report] = stage.reports("meeting")
        assert (report.answers["present"], report.version) == (17, 2)


def test_the_deputy_may_leave_the_secretarys_report_as_it_is():
    with staged() as stage:
        secretary, deputy = stage.client("bt1"), stage.client("pbt1")
        secretary.send("họp 3/3 18/20")
        deputy.send("họp 3/3 17/20")
        deputy.click("Giữ nguyên")

        [report] = stage.reports("meeting")
        assert (report.answers["present"], report.version) == (18, 1)


def test_a_correction_begun_before_a_colleagues_correction_is_refused_not_lost_in_silence():
    with staged() as stage:
        secretary, deputy = stage.client("bt1"), stage.client("pbt1")
        secretary.send("họp 3/3 18/20")
        deputy.send("/viec")
        deputy.click("Sửa 1")
        deputy.click("Vắng có phép")
        secretary.send("nhầm, 17/20 mới đúng")
        deputy.send("2")
        deputy.send("đã đăng")

        assert "đã được sửa" in deputy.click("Gửi")
        [report] = stage.reports("meeting")
        assert report.answers["present"] == 17


def test_a_second_run_on_the_same_database_goes_on_where_the_first_ended(tmp_path: Path):
    url, _ = months.play(tmp_path, (1,), reminders=False)
    engine = make_engine(url)
    with unit_of_work(engine) as session:
        assert units.by_code(session, "CB01") is not None
    engine.dispose()
    script = months.Script()
    script.do(END.date(), "u1", "/viec", at=time(20))
    out = io.StringIO()

    simulate(url, script.lines(), out)

    assert "Họp thường kỳ ngày 3/3/2022" in json.loads(out.getvalue().splitlines()[0])["text"]
