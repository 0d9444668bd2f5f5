"""Figures reported under a directive: 69/69 branches, 714/727 members, and the workbook of who did what."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session

from bot import parts
from models import reporting, units
from models.directive_acks import StudyFigures, studies, study_figures
from models.directives import Directive
from models.figures import figures
from models.messages import Document
from models.periods import parse_period
from models.reporting import Sender
from tests.e2e.client import IMPORTED
from tests.e2e.directives import compose, directed, send, the_directive

TEXT = "13-NQ/ĐU Nghị quyết về chuyển đổi số, các chi bộ học tập xong, hạn 20/3, toàn văn tại Sổ tay đảng viên"


def study(stage, to="tất cả"):
    office = stage.client("vp")
    for said in (f"/chidao {TEXT}", "báo cáo số liệu"):
        office.send(said)
    office.click("Học tập, quán triệt nghị quyết")
    office.send(to)
    office.click("Được phép phổ biến")
    office.click("Gửi")
    return the_directive(stage)


def report(session, directive, unit_id, present, total, **more):
    answers = {"directive": directive.id, "label": "13-NQ/ĐU", "month": "2022-03", "held": True}
    answers |= {"present": present, "total": total, **more}
    sender = Sender(1, IMPORTED, date(2022, 3, 10))
    return reporting.submit(session, unit_id, "study", answers, sender)


def test_the_study_of_69_branches_and_714_of_727_members():
    with directed(64) as stage:
        directive = study(stage)
        with stage.session as session:
            branches = [unit.id for unit in units.listed(session, kinds=["chi_bo"])]
            assert len(branches) == 69
            for place, unit_id in enumerate(branches):
                total = 11 if place < 37 else 10
                report(session, directive, unit_id, total - (1 if place < 13 else 0), total)

        with stage.session as session:
            assert study_figures(session, directive.id) == StudyFigures(69, 69, 714, 727)
            root = units.by_code(session, "DU").id
            (found,) = studies(session, [root], parse_period("2022-Q1"))
            assert found.id == directive.id
            assert studies(session, [root], parse_period("2022-02")) == []
        shown = stage.client("vp").send("/chidao 13")
        assert "Đã tổ chức học tập 69/69 chi bộ, 714/727 đảng viên tham gia (98,2%)." in shown
        assert "69/69 đã nhận.\n69/69 đã báo cáo." in shown


def test_the_figures_of_the_quarter_take_them_over():
    with directed() as stage:
        directive = study(stage, "tdp 5, tdp 15")
        with stage.session as session:
            for code, present, total in (("CB01", 18, 20), ("CB02", 11, 12)):
                report(session, directive, units.by_code(session, code).id, present, total)
        with stage.session as session:
            found = figures(session, units.by_code(session, "DU").id, parse_period("2022-Q1"), date(2022, 3, 31))
            by_code = {figure.indicator.code: figure.amount for figure in found.indicators}
            held, attended = by_code["hoc_tap_chi_bo"], by_code["hoc_tap_dang_vien"]
            assert (held.number, held.of, attended.number, attended.of) == (2, 2, 29, 32)


def test_a_branch_that_has_not_held_it_counts_in_the_denominators():
    with directed() as stage:
        directive = study(stage, "tdp 5, tdp 15")
        with stage.session as session:
            report(session, directive, units.by_code(session, "CB01").id, 18, 20)
            sent = report(session, directive, units.by_code(session, "CB02").id, 0, 1, held=False)
            # CB02 stated 14 official, 1 probationary and 3 exempt members.
            assert study_figures(session, directive.id) == StudyFigures(1, 2, 18, 32)
            assert study_figures(session, directive.id, [units.by_code(session, "CB01").id]).addressed == 1
            reporting.withdraw(session, sent, Sender(1, IMPORTED, date(2022, 3, 10)))


def test_a_withdrawn_report_is_owed_again():
    with directed() as stage:
        study(stage, "tdp 5")
        secretary = stage.client("bt1")
        for label in ("Báo cáo", "Đã tổ chức", "Đủ 20/20", "Gửi"):
            secretary.click(label)
        assert "1/1 đã báo cáo." in stage.client("vp").send("/chidao 13")
        secretary.click("Hủy")
        shown = stage.client("vp").send("/chidao 13")
        assert "1/1 đã nhận.\n0/1 đã báo cáo." in shown


def test_two_who_report_the_same_are_told_of_each_other():
    with directed() as stage:
        study(stage, "tdp 5")
        for label in ("Báo cáo", "Đã tổ chức", "Đủ 20/20", "Gửi"):
            stage.client("bt1").click(label)
        deputy = stage.client("pbt1")
        said = deputy.forge(f"d_report:{the_directive(stage).id}")
        assert said.startswith("Chi bộ Tổ dân phố 5 đã có báo cáo này:\nĐã tổ chức học tập\nTham gia 20/20")


# The workbook ---------------------------------------------------------------------------------------------------


def workbook(stage, document: Document):
    with Session(stage.engine) as session:
        return load_workbook(BytesIO(parts.DOCUMENTS[document.kind](session, document.args).content))


def cells(sheet):
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_names_branches_people_moments_and_reasons():
    with directed() as stage:
        made = []
        stage._make = lambda document: made.append(document) or _file(stage, document)
        office = compose(stage)
        stage._channel.fail_next("bt34", "refused")
        office.click("Gửi")
        stage.client("bt1").click("Đã nhận")
        stage.client("bt2").click("Đã thực hiện")
        assert office.click("Tệp Excel").startswith("Bảng theo dõi 58-KH/ĐU.")

        book = workbook(stage, made[-1])
        branches, people = (cells(sheet) for sheet in book.worksheets)
        assert made[-1].name == "chi-dao-58-KH-ĐU.xlsx"
        assert ["2/5 chi bộ đã nhận. 1/5 chi bộ đã thực hiện."] in branches
        first, second, third = branches[-5:-2]
        assert first[:3] == [1, "CB01", "Chi bộ Tổ dân phố 5"]
        assert first[3].endswith("03/03/2022")
        assert first[4] == "Chưa"
        assert second[4].endswith("03/03/2022")
        assert third[3:5] == ["Chưa", "Chưa"]
        assert [row[1:] for row in people[-4:]] == [
            ["Bí thư CB01", "Chi bộ Tổ dân phố 5", "Đã nhận"],
            ["Bí thư CB02", "Chi bộ Tổ dân phố 15", "Đã thực hiện"],
            [
                "Bí thư CB03", "Chi bộ Trường Mầm non Cỏ May, Chi bộ Ban Quản lý chợ", "Không gửi được",
                "Đã chặn hoặc xóa cuộc trò chuyện",
            ],
            ["Bí thư CB05", "Chi bộ Quân sự", "Không gửi được", "Chưa tham gia hoặc không còn liên lạc được"],
        ]  # fmt: skip


def _file(stage, document):
    with Session(stage.engine) as session:
        return parts.DOCUMENTS[document.kind](session, document.args)


def test_equal_data_give_equal_bytes():
    with directed() as stage:
        send(stage)
        document = Document("directive_xlsx", {"directive": the_directive(stage).id}, "a.xlsx")
        with stage.session as session:
            assert session.get(Directive, the_directive(stage).id).asks == "do"
        assert _file(stage, document).content == _file(stage, document).content
