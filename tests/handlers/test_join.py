"""Joining by code: one use, one person, one phone; wrong codes lock out; one's own data are shown and removed."""

import pytest
from sqlmodel import select

from models import people
from models.audit import AuditEntry
from models.people import Account, Address
from tests.e2e.client import staged

CODE = "QUANSU2345"


def test_a_code_binds_the_phone_and_tells_the_privacy_notice_once():
    with staged() as stage:
        phone = stage.client("may9")

        assert "không lưu tên đảng viên" in phone.send(f"/start {CODE}")
        assert "không lưu tên đảng viên" not in phone.send("/start")
        assert phone.send("/viec").startswith("Chi bộ Quân sự")


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f" /start  {CODE} ", f"/START {CODE}"])
def test_a_code_may_be_typed_alone_or_in_small_letters(typed):
    with staged() as stage:
        assert "Bí thư Chi bộ Quân sự" in stage.client("may9").send(typed)


def test_wrong_codes_lock_the_chat_for_a_while_and_nobody_else():
    with staged() as stage:
        phone, other = stage.client("may9"), stage.client("may8")
        answers = [phone.send(f"/start SAI{n}") for n in range(5)]

        assert [answer.count("còn") for answer in answers] == [1, 1, 1, 1, 0]
        assert "thử lại sau" in phone.send(f"/start {CODE}")
        stage.wait(minutes=31)
        assert "còn 4 lần" in phone.send("/start SAI9")
        assert "Bí thư" in other.send(f"/start {CODE}")


def test_a_used_code_serves_nobody_else():
    with staged() as stage:
        stage.client("may9").send(f"/start {CODE}")

        assert "đã dùng rồi" in stage.client("may8").send(f"/start {CODE}")


def test_a_new_phone_retires_the_old_one_and_takes_the_open_report_along():
    with staged() as stage:
        stage.client("bt1").send("/hop")
        code = code_in(stage.client("vp").send("/maimoi CB01 bí thư"))
        stage.wait(minutes=1)

        stage.client("may9").send(code)

        assert "mã mời" in stage.client("bt1").send("3/3")
        assert stage.client("may9").send("3/3").startswith("Có mặt")


def test_a_new_person_takes_the_post_and_the_old_code_ends():
    with staged() as stage:
        office = stage.client("vp")
        first = code_in(office.send("/maimoi CB01 bí thư"))
        second = code_in(office.click("Người mới"))

        assert "hết hạn" in stage.client("may9").send(first)
        assert "Bí thư Chi bộ Tổ dân phố 5" in stage.client("may9").send(second)
        assert "không phụ trách báo cáo" in stage.client("bt1").send("họp 3/3 18/20")


@pytest.mark.parametrize(
    ("who", "words", "allowed"),
    [
        ("vp", "CB01 bí thư", True),
        ("vp", "DU văn phòng", True),
        ("vp", "DU quản trị", False),
        ("qt", "DU quản trị", True),
        ("cuv", "CB05 bí thư", False),
        ("bt1", "CB01 phó bí thư", False),
    ],
)
def test_only_who_may_invite_is_given_a_code(who, words, allowed):
    with staged() as stage:
        answer = stage.client(who).send(f"/maimoi {words}")

        assert answer.startswith("Mã mời cho") == allowed


def test_removing_oneself_takes_the_addresses_and_the_name_and_leaves_the_reports():
    with staged() as stage:
        secretary = stage.client("bt1")
        secretary.send("họp 3/3 18/20")
        secretary.send("/xoataikhoan")
        secretary.click("Xóa")

        with stage.session as session:
            assert not session.exec(select(Address).where(Address.native_id == "bt1")).all()
            assert not session.exec(select(Account).where(Account.label == "Bí thư CB01")).all()
            deeds = [row.deed for row in session.exec(select(AuditEntry))]
        assert "account.remove" in deeds
        assert len(stage.reports()) == 1


def test_a_person_on_two_phones_goes_on_where_the_other_left_off():
    with staged() as stage:
        with stage.session as session:
            account = people.account_labelled(session, "Bí thư CB01", stage.clock)
            people.bind(session, people.account_id(account), ("script", "script", "may2"), stage.clock)
        stage.client("bt1").send("/hop")
        stage.wait(minutes=1)

        assert stage.client("may2").send("3/3").startswith("Có mặt")


def code_in(answer: str) -> str:
    return answer.split(": ", 1)[1].split("\n", 1)[0]
