"""A file goes with a directive only where the committee's setting allows it."""

from datetime import timedelta

import pytest

from bot import directive_parts
from models import attachments, rules
from tests.e2e.client import Stage
from tests.e2e.directives import TEXT, directed, the_directive

PDF = b"%PDF-1.7 ..."


def made(stage: Stage, document):
    with stage.session as session:
        return directive_parts.DOCUMENTS[document.kind](session, document.args)


FILES = {
    "kh58.pdf": PDF,
    "kh59.pdf": b"%PDF-1.7 another",
    "tro-choi.exe": b"MZ",
    "lon.pdf": b"0" * (attachments.MOST_BYTES + 1),
    "KH58_MẬT.pdf": PDF,
}


@pytest.fixture
def stage():
    with directed(make=lambda document: made(one, document)) as one:
        for name, content in FILES.items():
            (one._folders[0] / name).write_bytes(content)
        yield one


def allow(stage: Stage) -> None:
    with stage.session as session:
        since = stage.clock.date() - timedelta(days=1)
        rules.revise(session, "directive.attachments", "yes", since, "account:1", stage.clock)


def show(stage: Stage, name: str, caption: str = "", who: str = "vp") -> str:
    path = stage._folders[0] / name
    return stage.client(who).show("file", file_name=name, file_id=str(path), text=caption)


def finish(stage: Stage) -> str:
    office = stage.client("vp")
    office.click("Xác nhận đã nhận")
    office.send("tất cả")
    return office.click("Được phép phổ biến")


def files(stage: Stage, who: str = "bt1"):
    return [one.file for one in stage.screens.shown if one.to == who and one.kind == "directive"]


def test_a_file_sent_while_composing_reaches_the_branches_with_the_directive(stage):
    allow(stage)
    office = stage.client("vp")
    office.send("/chidao mới")
    said = show(stage, "kh58.pdf", TEXT.format(number="58-KH/ĐU"))
    assert "Đã kèm tệp «kh58.pdf»." in said
    assert "Kèm tệp: kh58.pdf." in finish(stage)
    office.click("Gửi")
    (file,) = files(stage)
    assert (file.name, file.content, file.media_type) == ("kh58.pdf", PDF, "application/pdf")


def test_a_second_file_takes_the_place_of_the_first_and_may_be_left_out_again(stage):
    allow(stage)
    office = stage.client("vp")
    office.send(f"/chidao {TEXT.format(number='58-KH/ĐU')}")
    show(stage, "kh58.pdf")
    show(stage, "kh59.pdf")
    assert "Kèm tệp: kh59.pdf." in finish(stage)
    office.click("Sửa")
    office.click("Tệp kèm")
    assert "Kèm tệp" not in office.click("Bỏ tệp kèm")
    office.click("Gửi")
    assert files(stage) == [None]


def test_a_file_with_its_words_begins_a_directive(stage):
    allow(stage)
    said = show(stage, "kh58.pdf", TEXT.format(number="58-KH/ĐU"))
    assert "Nội dung đi cùng tệp «kh58.pdf»" in said
    assert "làm gì" in stage.client("vp").click("Gửi thành chỉ đạo")
    assert "Kèm tệp: kh58.pdf." in finish(stage)


def test_a_file_alone_asks_for_its_words(stage):
    allow(stage)
    assert "gửi tệp «kh58.pdf» cho các chi bộ" in show(stage, "kh58.pdf")
    office = stage.client("vp")
    assert "nội dung chỉ đạo" in office.click("Gửi thành chỉ đạo")
    office.send(TEXT.format(number="58-KH/ĐU"))
    assert "Kèm tệp: kh58.pdf." in finish(stage)


def test_by_default_no_file_goes_and_the_words_beside_it_still_do(stage):
    assert "không kèm tệp" in show(stage, "kh58.pdf", TEXT.format(number="58-KH/ĐU"))
    office = stage.client("vp")
    office.click("Gửi thành chỉ đạo")
    assert "Kèm tệp" not in finish(stage)
    assert "không kèm tệp" in show(stage, "kh58.pdf")
    office.click("Gửi")
    assert files(stage) == [None]
    with stage.session as session:
        assert attachments.name_of(session, 1) == ""


@pytest.mark.parametrize(("name", "why"), [("tro-choi.exe", "PDF, Word"), ("lon.pdf", "10 MB")])
def test_what_is_not_sent_on_is_refused_with_the_reason(stage, name, why):
    allow(stage)
    stage.client("vp").send(f"/chidao {TEXT.format(number='58-KH/ĐU')}")
    assert why in show(stage, name)
    assert "Kèm tệp" not in finish(stage)


def test_a_secretarys_file_is_no_directive(stage):
    allow(stage)
    assert "không đọc tệp" in show(stage, "kh58.pdf", "gửi đồng chí", who="bt1")


def test_a_marked_file_name_is_refused_before_anything_is_kept(stage):
    allow(stage)
    stage.client("vp").send(f"/chidao {TEXT.format(number='58-KH/ĐU')}")
    show(stage, "KH58_MẬT.pdf")
    with stage.session as session:
        assert attachments.name_of(session, 1) == ""


def test_a_file_kept_long_enough_is_emptied_and_the_directive_is_shown_without_it(stage):
    allow(stage)
    office = stage.client("vp")
    office.send(f"/chidao {TEXT.format(number='58-KH/ĐU')}")
    show(stage, "kh58.pdf")
    finish(stage)
    office.click("Gửi")
    kept = the_directive(stage).answers["file"]
    with stage.session as session:
        attachments.empty_before(session, stage.clock + timedelta(days=1))
        with pytest.raises(LookupError):
            attachments.get(session, kept)
    secretary = stage.client("bt1")
    secretary.send("/chidao")
    assert "Kèm tệp" not in secretary.click("58-KH/ĐU")
