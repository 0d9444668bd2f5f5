"""The report stands in the Party's format (399-QĐ/TW, 05-HD/VPTW), and what the office writes in it is kept."""

import os
import re
import shutil
import subprocess
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from models import committee_report, report_texts, rules, targets
from models.clock import at
from models.periods import parse_period
from models.report_file import NotAReportError, read
from reports import report
from tests.figures_world import build

QUARTER = parse_period("2022-Q1")
MADE = date(2022, 2, 5)


@pytest.fixture
def world():
    built = build()
    yield built
    built.session.close()
    built.session.bind.dispose()


def written(world, unit="DU", made=date(2022, 3, 22), period=QUARTER):
    return report.docx(committee_report.load(world.session, world.ids[unit], period, made))


def opened(content):
    return Document(BytesIO(content))


def paragraphs(content):
    return [paragraph.text for paragraph in opened(content).paragraphs]


def put(world, **words):
    report_texts.put(world.session, world.ids["DU"], QUARTER, words, None, at(date(2022, 3, 22)))


def test_the_page_is_a4_with_the_margins_of_the_rule(world):
    section = opened(written(world)).sections[0]
    size = (section.page_width, section.page_height)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(length.mm) for length in (*size, *margins)] == [210, 297, 20, 20, 30, 15]


def test_the_head_names_bodies_number_party_place_and_date(world):
    left, right = opened(written(world, made=MADE)).tables[0].rows[0].cells
    assert [line.text for line in left.paragraphs] == ["ĐẢNG ỦY PHƯỜNG BÌNH MINH", "*", "Số          -BC/ĐU"]
    assert [line.text for line in right.paragraphs] == [
        "ĐẢNG CỘNG SẢN VIỆT NAM", "Bình Minh, ngày 05 tháng 02 năm 2022",
    ]  # fmt: skip
    assert (left.paragraphs[0].runs[0].bold, right.paragraphs[0].runs[0].bold) == (True, True)
    assert right.paragraphs[1].runs[0].italic
    assert right.paragraphs[0]._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")) is not None


def test_a_body_under_another_names_it_first_and_a_later_month_has_no_zero(world):
    left, right = opened(written(world, "DB1")).tables[0].rows[0].cells
    assert [line.text for line in left.paragraphs][:2] == ["ĐẢNG ỦY PHƯỜNG BÌNH MINH", "ĐẢNG ỦY BỘ PHẬN 1"]
    assert right.paragraphs[1].text.endswith("ngày 22 tháng 3 năm 2022")


def test_a_branch_signs_for_itself_and_has_its_own_symbol(world):
    document = opened(written(world, "CB1"))
    assert document.tables[0].rows[0].cells[0].paragraphs[-1].text == "Số          -BC/CB"
    signature = document.tables[1].rows[0].cells[1]
    assert [line.text for line in signature.paragraphs] == ["T/M CHI BỘ", "BÍ THƯ"]


def test_the_title_stands_in_the_middle_above_five_strokes(world):
    lines = opened(written(world)).paragraphs
    title = next(number for number, line in enumerate(lines) if line.text == "BÁO CÁO")
    assert lines[title].runs[0].bold
    assert lines[title + 1].text == "Kết quả công tác quý I năm 2022 và phương hướng, nhiệm vụ kỳ tới"
    assert lines[title + 2].text == "-----"
    assert {line.alignment for line in lines[title : title + 3]} == {WD_ALIGN_PARAGRAPH.CENTER}


def test_the_body_is_justified_14_points_on_lines_of_18_with_the_first_10_mm_in(world):
    document = opened(written(world))
    body = next(line for line in document.paragraphs if line.text.startswith("Số liệu tính đến"))
    shape = body.paragraph_format
    assert (body.alignment, shape.line_spacing) == (WD_ALIGN_PARAGRAPH.JUSTIFY, Pt(18))
    assert round(shape.first_line_indent.mm, 1) == 10
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(14))


def test_the_outline_has_its_three_parts_and_seven_sections(world):
    lines = opened(written(world)).paragraphs
    headings = [line.text for line in lines if line.runs and line.runs[0].bold and line.text[:1] in "I1234567"]
    assert headings == [
        "I- TÌNH HÌNH, KẾT QUẢ", "1. Lãnh đạo, chỉ đạo", "2. Chính trị, tư tưởng", "3. Tổ chức, đảng viên",
        "4. Kiểm tra, giám sát", "5. Dân vận, đoàn thể", "6. Nhiệm vụ chính trị", "7. Công nghệ thông tin",
        "II- HẠN CHẾ, NGUYÊN NHÂN", "III- PHƯƠNG HƯỚNG, NHIỆM VỤ QUÝ II NĂM 2022",
    ]  # fmt: skip


def test_no_sentence_ends_with_a_stroke(world):
    assert [line for line in paragraphs(written(world)) if line.endswith("./.")] == []


def test_signature_and_recipients(world):
    left, right = opened(written(world)).tables[1].rows[0].cells
    assert [line.text for line in right.paragraphs] == ["T/M ĐẢNG ỦY", "BÍ THƯ"]
    assert left.paragraphs[0].text == "Nơi nhận"
    assert left.paragraphs[0].runs[0].underline
    assert {line.runs[0].font.size for line in left.paragraphs[1:]} == {Pt(12)}


def test_the_page_number_stands_above_in_the_middle_from_page_two(world):
    section = opened(written(world)).sections[0]
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.first_page_header.paragraphs[0].text == ""


def test_the_footnote_says_which_date_of_a_case_counts(world):
    def note():
        parts = opened(written(world)).part.package.iter_parts()
        return next(part.blob.decode() for part in parts if part.partname.endswith("footnotes.xml"))

    assert "tính theo ngày tổ chức lễ kết nạp." in note()
    rules.revise(world.session, "admission.counted_by", "decision", date(2022, 1, 1), "test", at(MADE))
    assert "tính theo ngày quyết định kết nạp." in note()


def test_the_tone_mark_is_a_setting(world):
    rules.revise(world.session, "report.spelling", "uỷ", date(2022, 1, 1), "test", at(MADE))
    content = written(world)
    text = "\n".join(cell.text for table in opened(content).tables for row in table.rows for cell in row.cells)
    assert "UỶ" in text
    assert "ỦY" not in text + "\n".join(paragraphs(content))


def test_the_sentences_say_figures_with_a_leading_zero_and_who_is_missing(world):
    text = "\n".join(paragraphs(written(world, made=date(2022, 3, 31))))
    assert "3/5 chi bộ đã báo cáo (60%). Chưa báo cáo: Chi bộ khu phố 2, Chi bộ Trạm Y tế." in text
    assert "kết nạp đảng viên mới 03/15 đồng chí (đạt 20%)" in text
    assert "128/140 (91,4%) lượt đảng viên dự sinh hoạt" in text
    assert "đề nghị xét kết nạp 02 người (dưới chỉ tiêu 4-6, đạt 50% mức tối thiểu)" in text
    assert "Còn 02/5 chi bộ chưa báo cáo đủ số liệu trong kỳ." in text


def test_nothing_yet_of_a_target_is_said_in_words_and_not_as_0_of_15(world):
    for code, given in {"tin_bai": ">=300", "xoa_ten": "<=3", "kiem_tra": "25", "giam_sat": "4-6"}.items():
        targets.put(world.session, world.ids["DU"], code, "2022", given)
    text = "\n".join(paragraphs(written(world, made=date(2022, 3, 31))))
    assert "xóa tên: không có (trong mức không quá 03 đồng chí)" in text
    assert "cuộc kiểm tra: chưa có (chỉ tiêu 25 cuộc)" in text
    assert "tin bài đăng cổng thông tin: chưa có (chỉ tiêu từ 300 tin bài trở lên)" in text
    assert not re.search(r"\b0(/\d+)? (đồng chí|người|cuộc|tin bài)", text)


def test_what_came_before_the_period_is_told_where_nothing_came_in_it(world):
    text = "\n".join(paragraphs(written(world, made=date(2022, 6, 30), period=parse_period("2022-06"))))
    assert "kết nạp đảng viên mới: trong kỳ không có, lũy kế từ đầu năm 03/15 đồng chí (đạt 20%)" in text


def test_the_coming_targets_are_told_in_the_words_of_their_figures_in_the_catalogues_order(world):
    given = {"tin_bai": ">=300", "xoa_ten": "<=3", "du_sinh_hoat": "90%", "giam_sat": "4-6", "van_ban": "không đặt"}
    for code, target in given.items():
        targets.put(world.session, world.ids["DU"], code, "2022", target)
    assert paragraphs(written(world))[-6].removeprefix("Phấn đấu thực hiện các chỉ tiêu: ").split("; ") == [
        "90% lượt đảng viên dự sinh hoạt", "kết nạp đảng viên mới 15 đồng chí", "xóa tên không quá 03 đồng chí",
        "giám sát 04-06 cuộc", "văn bản ban hành (không đặt)", "đăng trên cổng thông tin từ 300 tin bài trở lên.",
    ]  # fmt: skip


def test_a_branch_speaks_of_itself(world):
    world.report("CB1", "quarterly", date(2022, 3, 10), {"quarter": "2022-Q1", "ke_hoach_ktgs": [1, 1]})
    lines = paragraphs(written(world, "CB1", made=date(2022, 3, 31)))
    assert "Số liệu tính đến ngày 31/3/2022 (chưa chốt)." in lines
    assert "Trong kỳ, đã xây dựng kế hoạch kiểm tra, giám sát." in lines
    assert any("01/1 (100%) quý có sinh hoạt chuyên đề" in line for line in lines)
    assert "(Chi bộ bổ sung nội dung.)" in lines
    assert not any("Văn phòng" in line or "Tất cả" in line for line in lines)
    late = paragraphs(written(world, "CB2", made=date(2022, 3, 31)))
    assert "Số liệu tính đến ngày 31/3/2022 (chưa chốt). Chưa báo cáo: tháng 2 năm 2022." in late


def test_a_branchs_annex_has_its_own_figures_and_none_of_the_committees_that_are_nought(world):
    rows = [row.cells[1].text for row in opened(written(world, "CB1")).tables[-1].rows]
    assert "Kết nạp đảng viên mới" in rows
    assert not {"Văn bản ban hành", "Kiện toàn cấp ủy", "Tổ chức đảng trực thuộc"} & set(rows)
    assert "Văn bản ban hành" in {row.cells[1].text for row in opened(written(world)).tables[2].rows}


def test_the_signature_never_stands_on_a_page_alone(world):
    body = [one for one in opened(written(world)).paragraphs if not one.paragraph_format.page_break_before]
    at = next(place for place, line in enumerate(body) if line.text == "PHỤ LỤC")
    assert all(line.paragraph_format.keep_with_next for line in body[at - 2 : at])


def test_the_place_is_of_the_nearest_body_whose_name_tells_one(world):
    right = opened(written(world, "CB1")).tables[0].rows[0].cells[1]
    assert right.paragraphs[1].text == "Bình Minh, ngày 22 tháng 3 năm 2022"


def test_the_same_period_of_the_year_before_is_compared(world):
    world.event("CB1", "admission", "ket_nap", 2, ["2021-02-03"])
    assert "(đạt 20%), bằng 150% so với cùng kỳ năm trước (02)" in "\n".join(
        paragraphs(written(world, made=date(2022, 3, 31)))
    )


def test_a_years_target_is_not_missed_before_the_year_is_over(world):
    targets.put(world.session, world.ids["DU"], "tin_bai", "2022", "300")
    short = [line for line in paragraphs(written(world)) if line.startswith("Chỉ tiêu chưa đạt")]
    assert not any("tin bài" in line for line in short)


def test_the_same_report_is_the_same_bytes(world):
    assert written(world) == written(world)


def test_own_words_stand_in_their_section_and_are_kept_when_it_is_made_again(world):
    put(world, **{"6": "Thu ngân sách đạt 27% dự toán.\nĐời sống ổn định.", "II": "Sinh hoạt còn đơn điệu."})
    lines = paragraphs(written(world))
    place = lines.index("6. Nhiệm vụ chính trị")
    assert lines[place + 1 : place + 3] == ["Thu ngân sách đạt 27% dự toán.", "Đời sống ổn định."]
    assert paragraphs(written(world)) == lines


def test_the_file_gives_the_own_words_back_and_no_sentence_of_ours(world):
    words = {"6": "Thu ngân sách đạt 27% dự toán.\nĐời sống ổn định.", "II": "Sinh hoạt còn đơn điệu."}
    put(world, **words)
    found = read(written(world))
    assert (found.unit, found.period) == ("DU", "2022-Q1")
    assert {section: text for section, text in found.words.items() if text} == words
    assert set(found.words) == set(report_texts.SECTIONS)


def test_what_is_typed_into_the_file_is_read_and_our_figures_are_not_taken_from_it(world):
    document = opened(written(world))
    heading = next(line for line in document.paragraphs if line.text.startswith("4. Kiểm tra"))
    heading.insert_paragraph_before("Câu thêm ở cuối mục 3.")
    ours = next(line for line in document.paragraphs if "đồng chí" in line.text)
    ours.runs[0].text = "Kết nạp 99 đồng chí."
    todo = next(line for line in document.paragraphs if line.text == "(Văn phòng bổ sung nội dung.)")
    todo.runs[0].text = "Đã làm xong."
    saved = BytesIO()
    document.save(saved)

    found = read(saved.getvalue())

    assert {section: text for section, text in found.words.items() if text} == {
        "2": "Đã làm xong.", "3": "Câu thêm ở cuối mục 3.",
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"<xml/>"])
def test_what_is_no_report_is_refused(content):
    with pytest.raises(NotAReportError):
        read(content)


def test_another_document_is_refused():
    other = BytesIO()
    Document().save(other)
    with pytest.raises(NotAReportError):
        read(other.getvalue())


@pytest.fixture
def office():
    """LibreOffice; where CI runs it must be there."""
    found = shutil.which("soffice")
    if found is None and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed")
    assert found, "CI installs LibreOffice"
    return found


def convert(office, folder, content, kind):
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "report.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        str(folder / "in/report.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"report.{kind}"


def test_an_office_program_opens_it_and_gives_the_own_words_back(world, office, tmp_path):
    put(world, **{"6": "Thu ngân sách đạt 27% dự toán."})
    content = written(world)
    assert read(convert(office, tmp_path, content, "docx").read_bytes()).words["6"] == "Thu ngân sách đạt 27% dự toán."
    text = subprocess.run(
        ["pdftotext", "-layout", str(convert(office, tmp_path, content, "pdf")), "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    first, second = text.split("\f")[:2]
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in first.split("\n")[0]
    assert second.strip().split("\n")[0].strip() == "2"
    assert not first.strip().startswith("1")
