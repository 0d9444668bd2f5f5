"""Names of persons typed in a line are said back in the answer and kept nowhere else."""

import json
import unicodedata

import pytest
from sqlmodel import select

from models.conversations import Conversation
from models.readings import ReadingRow
from models.submissions import Submission
from tests.e2e.client import staged

LINES = (
    "kết nạp 1 đồng chí Nguyễn Văn Tèo ngày 2/3",
    "KẾT NẠP 1 ĐỒNG CHÍ NGUYỄN VĂN TÈO NGÀY 2/3",
    "ket nap 1 dong chi nguyen van teo hom qua",
    "kết nạp đồng chí Nguyễn  Văn Tèo hôm qua",
    "họp 2/3 18/20, vắng đồng chí Nguyễn Văn Tèo và đồng chí Lê Thị Nụ",
    "kết nạp 2 đồng chí Nguyễn Văn Tèo",
    "đồng chí Nguyễn Văn Tèo xin nghỉ ốm",
)


@pytest.mark.parametrize("line", [*LINES, *(unicodedata.normalize("NFD", line) for line in LINES)])
def test_a_name_is_in_no_log_and_in_no_report(line):
    with staged() as stage:
        stage.client("bt1").send(line)
        with stage.session as session:
            kept = [row.text for row in session.exec(select(ReadingRow))]
            kept += [json.dumps(row.answers, ensure_ascii=False) for row in session.exec(select(Submission))]
            kept += [json.dumps(row.draft, ensure_ascii=False) for row in session.exec(select(Conversation))]

    assert kept
    assert "tèo" not in unicodedata.normalize("NFC", " ".join(kept)).lower()
    assert "teo" not in " ".join(kept).lower()


def test_the_receipt_says_the_name_back():
    with staged() as stage:
        assert "Tên trong tin (bot không lưu): Nguyễn Văn Tèo." in stage.client("bt1").send(LINES[0])


def test_the_question_about_a_line_says_the_name_back():
    with staged() as stage:
        asked = stage.client("bt1").send("kết nạp đồng chí Nguyễn Văn Tèo")

    assert "Tên trong tin (bot không lưu): Nguyễn Văn Tèo." in asked
    assert "Vào ngày nào?" in asked
