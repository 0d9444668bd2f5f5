"""Talks as Zalo has them: no buttons, lines typed ahead, notices in between, over Zalo's own adapter and its fake."""

import shutil
import unicodedata
from collections.abc import Iterator

import pytest

from bot.channels.base import Capabilities
from bot.channels.script import ScriptChannel
from bot.channels.zalo import TEXT_UNITS
from bot.rendering import Texts, compose
from bot.splitting import units
from models import outbox, people
from models.messages import Message, button, verbatim
from tests.e2e.client import BEGIN, JOINED, Screens, template
from tests.e2e.phones import OnZalo, PhoneStage

ZALO = Capabilities(buttons=False, edit=False, files=False, text_limit=TEXT_UNITS, fetch=False)


class Talk:
    """The secretary of the first branch on Zalo."""

    def __init__(self, stage: PhoneStage, phones: OnZalo) -> None:
        self.stage = stage
        self.phones = phones
        self.phone = phones.server.user("bt1")

    def says(self, text: str) -> str:
        self.stage.wait(minutes=1)
        self.stage.does("bt1", "text", text)
        return self.phone.inbox[-1]


@pytest.fixture
def talk(tmp_path) -> Iterator[Talk]:
    shutil.copy(template(), tmp_path / "stage.db")
    phones = OnZalo()
    url = f"sqlite:///{tmp_path}/stage.db"
    stage = PhoneStage(url, ScriptChannel(Screens()), Screens(), phones=phones, people=JOINED, folder=tmp_path)
    try:
        stage.at(BEGIN)
        yield Talk(stage, phones)
    finally:
        phones.closed()
        stage.engine.dispose()


def test_a_backlog_is_answered_line_by_line_against_the_menu_then_open(talk):
    """Six lines typed while the program was away: each number belongs to the menu open when its turn comes."""
    lines = ["/hop", "a", "18/20", "2", "2", "1"]  # today; 18 of 20; without excuse; not posted; send
    for line in lines:
        talk.phone.says(line)
    talk.stage._take_in(talk.phones.received(len(lines)))
    talk.stage._settle()
    (report,) = talk.stage.reports("meeting")
    assert (report.answers["present"], report.state) == (18, "submitted")
    assert "có mặt 18/20" in talk.phone.inbox[-1]


def test_a_notice_in_the_middle_of_a_form_leaves_its_menu_open(talk):
    talk.says("/hop")
    with talk.stage.session as session:
        account = people.account_id(people.account_labelled(session, JOINED["bt1"], BEGIN))
        notice = Message((verbatim("Nhắc việc khác"),), ((button(verbatim("Mở báo cáo"), "command", "viec"),),))
        outbox.put(session, "n", notice, BEGIN, account_id=account, lane="bulk", kind="reminder")
    talk.stage.wait(minutes=1)
    talk.stage._send_due()
    assert talk.phone.inbox[-1] == "Nhắc việc khác\nĐồng chí trả lời bằng cách gõ: Mở báo cáo"
    assert talk.says("a").startswith("Có mặt bao nhiêu")


def test_where_a_number_is_an_answer_letters_choose_and_digits_are_taken_as_typed(talk):
    talk.says("/hop")
    question = talk.says("3/3")
    assert "\na. Đủ 20/20" in question
    assert talk.says("18").startswith("Vắng 2")


@pytest.mark.parametrize("typed", ["1", "1.", "2)", "Gửi", "gửi", "gui", "GUI.", "Gửi!", "Sửa", "sua"])
def test_a_choice_may_be_typed_in_every_way_people_type_it(talk, typed):
    for line in ("/hop", "3/3", "20/20", "1"):
        talk.says(line)
    answer = talk.says(typed)
    sent = typed.strip(".)!") in ("1", "Gửi", "gửi", "gui", "GUI")
    assert len(talk.stage.reports("meeting")) == int(sent)
    assert answer.startswith("Đã nhận báo cáo" if sent else "Đồng chí muốn sửa mục nào?")


def test_what_an_earlier_answer_offers_may_still_be_typed(talk):
    talk.says("họp 3/3 18/20")
    talk.says("/viec")
    talk.says("rút 1")
    talk.says("giữ nguyên")
    assert talk.says("Rút 1").startswith("Rút báo cáo của Chi bộ Tổ dân phố 5")


def test_a_long_text_with_emoji_and_parted_marks_leaves_in_pieces_with_the_menu_last():
    text = unicodedata.normalize("NFD", "Họp chi bộ 🇻🇳 đủ thành phần. " * 300)
    question = Message((verbatim(text),), ((button(verbatim("Gửi"), "send"), button(verbatim("Hủy"), "stop")),))
    pieces = compose(Texts.load(), question, ZALO, question=True)
    assert len(pieces) > 2
    assert all(units(piece.text) <= TEXT_UNITS for piece in pieces)
    assert all(unicodedata.is_normalized("NFC", piece.text) for piece in pieces)
    assert ["\n1. Gửi\n2. Hủy" in piece.text for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    words = "".join("".join(piece.text.split()) for piece in pieces)
    assert words == "".join(unicodedata.normalize("NFC", text).split()) + "1.Gửi2.Hủy"


def test_a_file_that_cannot_be_sent_is_named_and_nothing_else_is_lost(talk):
    talk.stage.does("vp", "text", "/tonghop")
    talk.stage.wait(minutes=1)
    talk.stage.does("vp", "press", "Tệp Excel")
    shown = talk.phones.server.user("vp").inbox[-1]
    assert shown.startswith("Bảng tổng hợp tháng 3/2022")
    assert "không gửi được qua kênh này" in shown
    assert "http" not in shown


@pytest.mark.parametrize("kind", ["file", "photo", "voice", "sticker"])
def test_what_zalo_does_not_carry_is_answered_helpfully(talk, kind):
    talk.says("/hop")
    talk.stage.wait(minutes=1)
    talk.stage.does("bt1", kind, "")
    said, question = talk.phone.inbox[-2:]
    assert "gõ" in said
    assert question.startswith("Chi bộ Tổ dân phố 5 họp thường kỳ ngày nào?")
