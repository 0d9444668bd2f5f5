"""The report's file goes out, is written into by whose report it is, comes back, and keeps what was written."""

import io
import json
from datetime import datetime

from docx import Document

from bot.simulate import simulate
from models.clock import ZONE
from tests.e2e import worked_year

IMPORTED = datetime(2022, 1, 1, 8, tzinfo=ZONE)


def said(url, folder, *events):
    out = io.StringIO()
    lines = [json.dumps({"at": at, "from": who, **deed}) for at, who, deed in events]
    simulate(url, lines, out, files=folder, folders=(folder,))
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    return [row for row in rows if row["kind"] == "reply"]


def sent_out(folder, author):
    """Let the author write one section and get the report's file; return the database and the file opened."""
    url = f"sqlite:///{folder}/report.db"
    codes = worked_year._import(url, folder / "units", IMPORTED)
    said(
        url, folder,
        ("2022-01-02T08:00:00+07:00", "vp", {"text": f"/start {codes['Văn phòng']}"}),
        ("2022-01-02T08:00:30+07:00", "u1", {"text": f"/start {codes['Bí thư CB01']}"}),
        ("2022-01-02T08:00:40+07:00", "u2", {"text": f"/start {codes['Bí thư CB02']}"}),
        ("2022-03-22T08:01:00+07:00", author, {"text": "/baocao ghi 7 quý 1 2022: Bản cũ."}),
        ("2022-03-22T08:02:00+07:00", author, {"text": "/baocao quý 1 2022"}),
    )  # fmt: skip
    return url, Document(folder / "bao-cao-2022-Q1.docx")


def test_what_the_office_writes_into_the_file_is_read_back(tmp_path):
    url, document = sent_out(tmp_path, "vp")
    next(line for line in document.paragraphs if line.text == "Bản cũ.").runs[0].text = "Bản mới của văn phòng."
    document.save(tmp_path / "da-sua.docx")

    shown = said(
        url, tmp_path,
        ("2022-03-22T09:00:00+07:00", "vp", {"file": "da-sua.docx"}),
        ("2022-03-22T09:01:00+07:00", "vp", {"text": "/baocao ghi 7 quý 1 2022"}),
        ("2022-03-22T09:02:00+07:00", "u1", {"file": "da-sua.docx"}),
        ("2022-03-22T09:03:00+07:00", "vp", {"text": "/baocao quý 1 2022"}),
    )  # fmt: skip

    assert "đã đổi ở mục: 7." in shown[0]["text"]
    assert shown[1]["text"].endswith("Bản mới của văn phòng.")
    assert "đồng chí không viết báo cáo ấy" in shown[2]["text"]
    again = next(row["file"] for row in shown if row["file"] and row["file"].endswith(".docx"))
    assert "Bản mới của văn phòng." in [line.text for line in Document(tmp_path / again).paragraphs]


def test_a_secretary_writes_into_the_file_of_the_branch_and_nobody_else_into_it(tmp_path):
    url, document = sent_out(tmp_path, "u1")
    next(line for line in document.paragraphs if line.text == "Bản cũ.").runs[0].text = "Bản mới của chi bộ."
    document.save(tmp_path / "da-sua.docx")
    next(line for line in document.paragraphs if line.text == "Bản mới của chi bộ.").runs[0].text = "Văn bản TỐI MẬT."
    document.save(tmp_path / "co-dau.docx")

    shown = said(
        url, tmp_path,
        ("2022-03-22T09:00:00+07:00", "u2", {"file": "da-sua.docx"}),
        ("2022-03-22T09:01:00+07:00", "vp", {"file": "da-sua.docx"}),
        ("2022-03-22T09:02:00+07:00", "u1", {"file": "da-sua.docx"}),
        ("2022-03-22T09:03:00+07:00", "u1", {"file": "co-dau.docx"}),
        ("2022-03-22T09:04:00+07:00", "u1", {"text": "/baocao ghi 7 quý 1 2022"}),
    )  # fmt: skip

    assert "đồng chí không viết báo cáo ấy" in shown[0]["text"]
    assert "đồng chí không viết báo cáo ấy" in shown[1]["text"]
    assert "đã đổi ở mục: 7." in shown[2]["text"]
    assert "có dấu TỐI MẬT nên bot không đọc" in shown[3]["text"]
    assert shown[4]["text"].endswith("Bản mới của chi bộ.")
