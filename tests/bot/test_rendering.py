from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.base import Capabilities
from bot.rendering import TextError, Texts, compose, menu, with_heading
from bot.splitting import units
from models.messages import Document, Message, Say, button, verbatim

TEXTS = Texts(
    {
        "meeting.saved": "Đã ghi {present}/{total}.",
        "list": "Gồm:\n{lines}",
        "plain": "Xong {không phải chỗ trống",
        "quoted": "«{what}»",
        "system.resent": "(gửi lại)",
        "system.type_label": "Gõ: {labels}",
    }
)
QUESTION = Message(
    (verbatim("Gửi chứ?"),),
    ((button(verbatim("Gửi"), "send"), button(verbatim("Sửa"), "edit")), (button(verbatim("Hủy"), "stop"),)),
)


def test_arguments_are_filled_in():
    assert TEXTS.render(Say("meeting.saved", {"present": 18, "total": 20})) == "Đã ghi 18/20."


def test_a_tuple_of_sentences_is_one_a_line_and_sentences_nest():
    lines = (verbatim("một"), Say("quoted", {"what": Say("meeting.saved", {"present": 1, "total": 2})}))
    assert TEXTS.render(Say("list", {"lines": lines})) == "Gồm:\nmột\n«Đã ghi 1/2.»"


def test_words_of_people_are_never_read_as_a_pattern():
    assert TEXTS.render(verbatim("{present} %s")) == "{present} %s"
    assert TEXTS.render(Say("quoted", {"what": "{x}"})) == "«{x}»"


def test_an_unknown_key_is_named():
    with pytest.raises(TextError, match=r"no\.such\.key"):
        TEXTS.render(Say("no.such.key"))


def test_a_missing_argument_is_named_with_its_key():
    with pytest.raises(TextError, match=r"meeting\.saved.*total"):
        TEXTS.render(Say("meeting.saved", {"present": 1}))


def test_a_broken_sentence_is_named():
    with pytest.raises(TextError, match="plain"):
        TEXTS.render(Say("plain"))


def test_a_key_is_its_file_and_the_tables_inside(tmp_path: Path):
    (tmp_path / "meeting.toml").write_text('saved = "a"\n[ask]\ndate = "b"\n', encoding="utf-8")
    (tmp_path / "page.toml").write_text('[page]\ntitle = "c"\n[page.menu]\nopen = "d"\n', encoding="utf-8")
    texts = Texts.load(tmp_path)
    assert texts.keys == {"meeting.saved", "meeting.ask.date", "page.title", "page.menu.open"}


def test_a_key_that_stands_twice_is_refused(tmp_path: Path):
    (tmp_path / "a.toml").write_text('b.c = "1"\n', encoding="utf-8")
    (tmp_path / "a.b.toml").write_text('c = "2"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.b\.c stands twice"):
        Texts.load(tmp_path)


def test_the_delivered_texts_can_be_loaded():
    assert "system.sorry" in Texts.load().keys


def test_a_message_that_fits_is_one_piece_with_its_buttons():
    (piece,) = compose(TEXTS, QUESTION, Capabilities(), question=True)
    assert piece.text == "Gửi chứ?"
    assert piece.buttons == ((("Gửi", "send"), ("Sửa", "edit")), (("Hủy", "stop"),))


def test_without_buttons_the_menu_is_numbered_as_the_conversation_numbers_it():
    (piece,) = compose(TEXTS, QUESTION, Capabilities(buttons=False), question=True)
    assert piece.text == "Gửi chứ?\n1. Gửi\n2. Sửa\n3. Hủy"
    assert menu(TEXTS, QUESTION) == [["Gửi", "send"], ["Sửa", "edit"], ["Hủy", "stop"]]


def test_where_a_number_is_an_answer_the_menu_is_lettered():
    (piece,) = compose(TEXTS, replace(QUESTION, lettered=True), Capabilities(buttons=False), question=True)
    assert piece.text == "Gửi chứ?\na. Gửi\nb. Sửa\nc. Hủy"


def test_without_buttons_a_notice_names_its_labels_without_numbers():
    (piece,) = compose(TEXTS, QUESTION, Capabilities(buttons=False), question=False)
    assert piece.text == "Gửi chứ?\nGõ: Gửi / Sửa / Hủy"


def test_only_the_last_piece_of_a_long_message_has_the_buttons():
    message = Message((verbatim("câu này dài. " * 40),), QUESTION.buttons)
    pieces = compose(TEXTS, message, Capabilities(text_limit=100), question=True)
    assert [bool(piece.buttons) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert all(units(with_heading(TEXTS, piece.text)) <= 100 for piece in pieces)


def test_text_that_goes_with_a_file_is_a_caption():
    message = Message((verbatim("câu. " * 600),), document=Document("x", {}, "x.pdf"))
    pieces = compose(TEXTS, message, Capabilities(), question=False)
    assert units(pieces[-1].text) <= 1000


def test_letters_leave_composed():
    (piece,) = compose(TEXTS, Message((verbatim("ho\u0323p"),)), Capabilities(), question=False)
    assert piece.text == "họp"
