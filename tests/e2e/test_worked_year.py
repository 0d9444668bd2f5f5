"""The worked example lived through from messages alone; every row of the catalogue, typed by hand.

By hand: 727 members, one exempt, so 726 must attend in January and February; 15 moved away on 15/2: 711 in March,
April and May; ten admitted on 19/5: 721 in June; branch 69 with its ten is gone: 711 in July and August; ten on 19/8:
721 in September and October; three on 2/11: 724 in November and December. Ten are absent from every month's meetings.
Thematic: five branches of ten, everybody came. First quarter 2163 + 50; half a year + 711 + 711 + 721; the year + 4312.
"""

import json
from datetime import datetime
from io import BytesIO

import pytest
from docx import Document
from sqlmodel import Session

from bot.export import export, find, to_json
from models import committee_report, units
from models.clock import ZONE
from models.database import make_reader
from models.indicators import load as catalogue
from models.periods import parse_period
from reports import report
from tests.e2e import worked_year

IN_MARCH = datetime(2022, 3, 31, 20, tzinfo=ZONE)
IN_JUNE = datetime(2022, 6, 30, 20, tzinfo=ZONE)
IN_DECEMBER = datetime(2022, 12, 31, 12, tzinfo=ZONE)

# The figure as printed: the whole in the first quarter, in half a year, in the year; "-" where nothing is known.
WHOLE = {
    "hoc_tap_chi_bo": ("69/69 (100%)", "69/69 (100%)", "69/69 (100%)"),
    "hoc_tap_dang_vien": ("714/727 (98,2%)", "714/727 (98,2%)", "714/727 (98,2%)"),
    "sinh_hoat_dung_ky": ("207/207 (100%)", "414/414 (100%)", "822/822 (100%)"),
    "du_sinh_hoat": ("2.183/2.213 (98,6%)", "4.296/4.356 (98,6%)", "8.548/8.668 (98,6%)"),
    "sinh_hoat_chuyen_de": ("5/69 (7,2%)", "5/138 (3,6%)", "5/274 (1,8%)"),
    "sinh_hoat_truc_tuyen": ("1 buổi", "1 buổi", "1 buổi"),
    "tong_dang_vien": ("712 đảng viên", "722 đảng viên", "722 đảng viên"),
    "dang_vien_chinh_thuc": ("712 đảng viên", "712 đảng viên", "699 đảng viên"),
    "dang_vien_du_bi": ("0 đảng viên", "10 đảng viên", "23 đảng viên"),
    "dang_vien_mien": ("1 đảng viên", "1 đảng viên", "1 đảng viên"),
    "so_to_chuc_truc_thuoc": ("3 tổ chức", "3 tổ chức", "3 tổ chức"),
    "boi_duong_nhan_thuc": ("19 người", "19 người", "19 người"),
    "de_nghi_ket_nap": ("8/15 người (đạt 53,3%)", "8/15 người (đạt 53,3%)", "23/15 người (đạt 153%)"),
    "ket_nap": ("0/15 đồng chí (đạt 0%)", "10/15 đồng chí (đạt 66,7%)", "23/15 đồng chí (đạt 153%)"),
    "chinh_thuc": ("7 đồng chí", "7 đồng chí", "7 đồng chí"),
    "chuyen_di": ("15 đồng chí", "15 đồng chí", "15 đồng chí"),
    "chuyen_den": ("0 đồng chí", "0 đồng chí", "1 đồng chí"),
    "tu_tran": ("0 đồng chí", "0 đồng chí", "1 đồng chí"),
    "khai_tru": ("0 đồng chí", "0 đồng chí", "1 đồng chí"),
    "xoa_ten": ("0 đồng chí", "0 đồng chí", "1 đồng chí"),
    "cho_ra": ("0 đồng chí", "0 đồng chí", "1 đồng chí"),
    "huy_hieu_de_nghi": ("2 đồng chí", "2 đồng chí", "2 đồng chí"),
    "huy_hieu_trao": ("6 đồng chí", "6 đồng chí", "6 đồng chí"),
    "the_moi": ("9 thẻ", "9 thẻ", "9 thẻ"),
    "the_doi": ("4 thẻ", "4 thẻ", "4 thẻ"),
    "dai_hoi_chi_bo": ("-", "-", "68/68 (100%)"),
    "thanh_lap_to_chuc_dang": ("1/2 tổ chức (đạt 50%)", "1/2 tổ chức (đạt 50%)", "3/2 tổ chức (đạt 150%)"),
    "kien_toan_cap_uy": ("2 cấp ủy", "2 cấp ủy", "2 cấp ủy"),
    "ke_hoach_ktgs": ("69/69 (100%)", "69/69 (100%)", "68/68 (100%)"),
    "kiem_tra": ("5/20 cuộc (đạt 25%)", "5/20 cuộc (đạt 25%)", "22/20 cuộc (đạt 110%)"),
    "giam_sat": ("3/12 cuộc (đạt 25%)", "3/12 cuộc (đạt 25%)", "15/12 cuộc (đạt 125%)"),
    "chi_bo_duoc_giam_sat": ("3 chi bộ", "3 chi bộ", "3 chi bộ"),
    "hoan_thanh_ktgs": ("8/32 (25%)", "8/32 (25%)", "37/32 (116%)"),
    "dan_van_kheo_tap_the": ("1 tập thể", "1 tập thể", "1 tập thể"),
    "dan_van_kheo_ca_nhan": ("3 cá nhân", "3 cá nhân", "3 cá nhân"),
    "dan_van_kheo_noi_dung": ("4 nội dung", "4 nội dung", "4 nội dung"),
    "mo_hinh_diem": ("3/3", "3/3", "3/3"),
    "cong_doan": ("12/1.608", "12/1.608", "12/1.608"),
    "doan_thanh_nien": ("2/30", "2/30", "2/30"),
    "hoi_phu_nu": ("1/25", "1/25", "1/25"),
    "ke_hoach_tu_duong": ("711/712 (99,9%)", "711/712 (99,9%)", "702/702 (100%)"),
    "van_ban": ("8 văn bản", "8 văn bản", "13 văn bản"),
    "chuong_trinh": ("2 chương trình", "2 chương trình", "2 chương trình"),
    "nghi_quyet_chuyen_de": ("1 nghị quyết", "1 nghị quyết", "1 nghị quyết"),
    "tin_bai": ("120 tin bài", "120 tin bài", "120 tin bài"),
    "bai_chuyen_sau": ("4 bài", "4 bài", "4 bài"),
    "hoa_tang": ("5/8 (62,5%)", "5/8 (62,5%)", "5/8 (62,5%)"),
    "xep_loai_to_chuc": ("-", "-", "12; 50; 6; 0"),
    "xep_loai_dang_vien": ("-", "-", "136; 589; 0; 0"),
    "chi_tieu_hoan_thanh": ("0/5 (0%)", "0/5 (0%)", "5/5 (100%)"),
}  # fmt: skip

# DB1 stands over branches 1 to 23 of 11 members: 253. 252 must attend, 242 came; ten were admitted in May, ten in
# August, three in November: 5 x 252 + 262, then 262 + 262 + 272 + 272 + 275 + 275. Four of 20 to 38 were sent to class.
SUBTREE = {
    "hoc_tap_chi_bo": ("23/23 (100%)", "23/23 (100%)", "23/23 (100%)"),
    "hoc_tap_dang_vien": ("240/253 (94,9%)", "240/253 (94,9%)", "240/253 (94,9%)"),
    "sinh_hoat_dung_ky": ("69/69 (100%)", "138/138 (100%)", "276/276 (100%)"),
    "du_sinh_hoat": ("726/756 (96%)", "1.462/1.522 (96,1%)", "3.020/3.140 (96,2%)"),
    "sinh_hoat_chuyen_de": ("0/23 (0%)", "0/46 (0%)", "0/92 (0%)"),
    "tong_dang_vien": ("253 đảng viên", "263 đảng viên", "276 đảng viên"),
    "dang_vien_chinh_thuc": ("253 đảng viên", "253 đảng viên", "253 đảng viên"),
    "dang_vien_du_bi": ("0 đảng viên", "10 đảng viên", "23 đảng viên"),
    "dang_vien_mien": ("1 đảng viên", "1 đảng viên", "1 đảng viên"),
    "so_to_chuc_truc_thuoc": ("23 tổ chức", "23 tổ chức", "23 tổ chức"),
    "boi_duong_nhan_thuc": ("4 người", "4 người", "4 người"),
    "de_nghi_ket_nap": ("8 người", "8 người", "23 người"),
    "ket_nap": ("0 đồng chí", "10 đồng chí", "23 đồng chí"),
    "chinh_thuc": ("7 đồng chí", "7 đồng chí", "7 đồng chí"),
    "huy_hieu_de_nghi": ("2 đồng chí", "2 đồng chí", "2 đồng chí"),
    "dai_hoi_chi_bo": ("-", "-", "23/23 (100%)"),
    "ke_hoach_ktgs": ("23/23 (100%)", "23/23 (100%)", "23/23 (100%)"),
    "dan_van_kheo_tap_the": ("1 tập thể", "1 tập thể", "1 tập thể"),
    "dan_van_kheo_ca_nhan": ("3 cá nhân", "3 cá nhân", "3 cá nhân"),
    "dan_van_kheo_noi_dung": ("4 nội dung", "4 nội dung", "4 nội dung"),
    "ke_hoach_tu_duong": ("252/253 (99,6%)", "252/253 (99,6%)", "253/253 (100%)"),
    "xep_loai_dang_vien": ("-", "-", "46; 230; 0; 0"),
}  # fmt: skip

# Branch 1: 11 members, one exempt and one absent each time; one admitted on 19/5.
BRANCH = {
    "hoc_tap_chi_bo": ("1/1 (100%)", "1/1 (100%)", "1/1 (100%)"),
    "hoc_tap_dang_vien": ("10/11 (90,9%)", "10/11 (90,9%)", "10/11 (90,9%)"),
    "sinh_hoat_dung_ky": ("3/3 (100%)", "6/6 (100%)", "12/12 (100%)"),
    "du_sinh_hoat": ("27/30 (90%)", "55/61 (90,2%)", "115/127 (90,6%)"),
    "sinh_hoat_chuyen_de": ("0/1 (0%)", "0/2 (0%)", "0/4 (0%)"),
    "tong_dang_vien": ("11 đảng viên", "12 đảng viên", "12 đảng viên"),
    "dang_vien_chinh_thuc": ("11 đảng viên", "11 đảng viên", "11 đảng viên"),
    "dang_vien_du_bi": ("0 đảng viên", "1 đảng viên", "1 đảng viên"),
    "dang_vien_mien": ("1 đảng viên", "1 đảng viên", "1 đảng viên"),
    "de_nghi_ket_nap": ("1 người", "1 người", "1 người"),
    "ket_nap": ("0 đồng chí", "1 đồng chí", "1 đồng chí"),
    "chinh_thuc": ("1 đồng chí", "1 đồng chí", "1 đồng chí"),
    "huy_hieu_de_nghi": ("2 đồng chí", "2 đồng chí", "2 đồng chí"),
    "dai_hoi_chi_bo": ("-", "-", "1/1 (100%)"),
    "ke_hoach_ktgs": ("1/1 (100%)", "1/1 (100%)", "1/1 (100%)"),
    "dan_van_kheo_tap_the": ("1 tập thể", "1 tập thể", "1 tập thể"),
    "dan_van_kheo_ca_nhan": ("3 cá nhân", "3 cá nhân", "3 cá nhân"),
    "dan_van_kheo_noi_dung": ("4 nội dung", "4 nội dung", "4 nội dung"),
    "ke_hoach_tu_duong": ("11/11 (100%)", "11/11 (100%)", "11/11 (100%)"),
    "xep_loai_dang_vien": ("-", "-", "2; 10; 0; 0"),
}  # fmt: skip
TABLES = {"DU": WHOLE, "DB1": SUBTREE, "CB01": BRANCH}
PERIODS = {"2022-Q1": 0, "2022-H1": 1, "2022": 2}
# What the article says, as the report's prose writes it.
PRINTED = {
    "2022-Q1": (
        "69/69 (100%) chi bộ tổ chức học tập", "714/727 (98,2%) đảng viên tham gia",
        "bồi dưỡng nhận thức về Đảng 19 người",
        "đề nghị xét kết nạp 08/15 người (đạt 53,3%)", "công nhận đảng viên chính thức 07 đồng chí",
        "giới thiệu chuyển sinh hoạt đảng đi 15 đồng chí", "ban hành 08 văn bản",
        "69/69 (100%) chi bộ đã xây dựng kế hoạch kiểm tra, giám sát", "03 chi bộ làm điểm 03 mô hình",
        "thành lập mới 12 tổ chức công đoàn với 1.608 đoàn viên",
    ),
    "2022": (
        "68/68 (100%) chi bộ đã tổ chức đại hội", "kết nạp đảng viên mới 23/15 đồng chí (đạt 153%)",
        "thành lập tổ chức đảng trong doanh nghiệp 03/2 tổ chức (đạt 150%)", "hoàn thành 37/32 (116%) kế hoạch",
        "69/69 chi bộ đã báo cáo (100%)",
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def year(tmp_path_factory) -> tuple[str, str, str]:
    """The database in June and in December, and everything that was printed."""
    return worked_year.play(tmp_path_factory.mktemp("year"))


@pytest.fixture
def session(year):
    """A session that reads the database as a period's report saw it."""
    opened = []

    def open_at(period: str) -> tuple[Session, datetime]:
        june, december, _ = year
        engine = make_reader(december if period == "2022" else june)
        opened.append((Session(engine), engine))
        return opened[-1][0], {"2022-Q1": IN_MARCH, "2022-H1": IN_JUNE}.get(period, IN_DECEMBER)

    yield open_at
    for found, engine in opened:
        found.close()
        engine.dispose()


def test_the_table_names_every_row_of_the_catalogue():
    assert list(WHOLE) == [row.code for row in catalogue()]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("unit", TABLES)
def test_every_figure_is_printed_as_typed_by_hand(session, unit, period):
    reader, now = session(period)

    found = json.loads(to_json(find(reader, period, unit, now)))

    printed = {one["code"]: one["text"] for one in found["indicators"]}
    expected = {code: texts[PERIODS[period]].replace("-", "chưa có số liệu") for code, texts in TABLES[unit].items()}
    assert {code: printed[code] for code in expected} == expected
    others = {code: text for code, text in printed.items() if code not in expected}
    assert all(text.startswith("0 ") or text == "chưa có số liệu" for text in others.values()), others


@pytest.mark.parametrize("period", PRINTED)
def test_the_report_says_it_as_the_article_does(session, period):
    reader, now = session(period)
    unit = units.by_code(reader, "DU")

    written = report.docx(committee_report.load(reader, units.unit_id(unit), parse_period(period), now.date()))

    words = "\n".join(paragraph.text for paragraph in Document(BytesIO(written)).paragraphs)
    assert [sentence for sentence in PRINTED[period] if sentence not in words] == []


@pytest.mark.parametrize("period", ["2022-Q1", "2022"])
def test_the_chat_says_the_same_figures(year, period):
    rows = [json.loads(line) for line in year[2].splitlines()]
    name = {"2022-Q1": "quý I/2022", "2022": "năm 2022"}[period]
    said = next(row["text"] for row in rows if row["to"] == "vp" and row["text"].startswith(f"Báo cáo {name}"))

    shown = [texts[PERIODS[period]] for texts in WHOLE.values() if not texts[PERIODS[period]].startswith(("-", "0 "))]

    assert [text for text in shown if not any(line.endswith(f": {text}") for line in said.split("\n"))] == []


def test_the_export_of_the_year_has_every_file(session, tmp_path):
    reader, now = session("2022")

    files = export(reader, "2022", "DU", tmp_path, now)

    assert [path.suffix for path in files] == [".json", ".docx", ".xlsx", ".png", ".png", ".png"]
