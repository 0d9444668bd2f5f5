"""A directive on its way: approved, paused, stopped, refused, sent again; nobody gets it twice, nobody is left out."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from bot.channels.script import BOT, NAME
from models import people, rules, units
from models.directive_states import counts, status
from models.directives import Directive
from models.obligations import Obligation
from models.outbox import OutboxRow
from tests.e2e.client import BEGIN
from tests.e2e.directives import compose, directed, received, rows, send, start, the_directive

CLOCK_DAY = date(2022, 3, 3)


def how_it_stands(stage):
    with stage.session as session:
        return status(session, session.get(Directive, the_directive(stage).id))


def owed(stage, state="open"):
    with stage.session as session:
        rows = session.exec(select(Obligation).where(Obligation.what == "directive_ack", Obligation.status == state))
        return len(rows.all())


# A second person ------------------------------------------------------------------------------------------------


@pytest.fixture
def approved():
    with directed() as stage:
        with stage.session as session:
            rules.revise(session, "directive.second_approval", "yes", CLOCK_DAY, "account:1", BEGIN)
        yield stage


def test_a_second_person_approves_and_the_composer_follows_it(approved):
    office = compose(approved)
    assert office.click("Gửi") == "58-KH/ĐU chờ người thứ hai duyệt: Quản trị."
    assert not received(approved, "bt1")

    admin = approved.client("qt")
    assert admin.click("Duyệt") == "Đã duyệt 58-KH/ĐU. Bot đang gửi."

    assert len(received(approved, "bt1")) == 1
    assert "Đã gửi 3/4 người." in [one for one in approved.screens.shown if one.to == "vp"][-1].text
    assert admin.click("Duyệt") == "58-KH/ĐU đã được xử lý rồi."


def test_whoever_composed_it_cannot_approve_it(approved):
    office = compose(approved)
    office.click("Gửi")

    assert office.forge(f"d_approve:{the_directive(approved).id}") == "Đồng chí không có quyền làm việc này."
    assert approved.client("bt1").forge(f"d_approve:{the_directive(approved).id}").endswith("quyền làm việc này.")
    assert not received(approved, "bt1")


def test_a_refusal_reaches_the_composer_and_nothing_leaves(approved):
    compose(approved).click("Gửi")

    assert approved.client("qt").click("Không duyệt") == "Không duyệt 58-KH/ĐU. Chưa có gì được gửi."

    assert approved.screens.shown[-1].text == "Quản trị không duyệt 58-KH/ĐU. Chưa có gì được gửi."
    assert approved.screens.shown[-1].to == "vp"
    assert not received(approved, "bt1")


# Pause, resume, stop --------------------------------------------------------------------------------------------


def test_paused_nothing_more_leaves_and_resumed_everybody_has_it_once():
    with directed(60) as stage:
        compose(stage)
        start(stage)
        stage.wait(seconds=1)
        start(stage, "Tạm dừng")
        at_the_pause = len([row for row in rows(stage) if row.state == "sent"])
        stage.wait(minutes=30)

        assert 10 < at_the_pause < 60
        assert len([row for row in rows(stage) if row.state == "sent"]) == at_the_pause
        assert "Đang tạm dừng: đã gửi" in stage.client("vp").send("/chidao 58")

        stage.client("vp").click("Gửi tiếp")
        stage.wait(minutes=1)

        assert all(len(received(stage, f"b{number}")) == 1 for number in range(1, 61))
        assert how_it_stands(stage).counts.sent == 63


def test_stopped_the_rest_gets_nothing_and_owes_nothing():
    with directed(150) as stage:
        compose(stage)
        start(stage)
        stage.wait(seconds=1)
        start(stage, "Dừng hẳn")
        stage.wait(seconds=1)
        start(stage, "Dừng hẳn ngay")
        stage.wait(minutes=5)

        found = how_it_stands(stage)
        assert found.counts.waiting == 0
        assert found.counts.cancelled > 50
        assert len(found.branches) < 100
        assert owed(stage) == len(found.branches)
        assert stage.client("vp").forge(f"d_resume:{the_directive(stage).id}").endswith("không làm được việc này.")


def test_the_screen_of_the_composer_is_edited_at_most_every_five_seconds():
    with directed(300) as stage:
        compose(stage)
        start(stage)
        stage.wait(seconds=60)

        edits = [row for row in _edits(stage) if row.state == "sent"]
        moments = [row.finished_at for row in edits]
        assert 2 <= len(edits) <= 5
        assert all(later - earlier >= timedelta(seconds=4) for earlier, later in pairwise(moments))
        assert "Đã gửi 303/304 người." in stage.screens.shown[-1].text


def _edits(stage):
    with stage.session as session:
        found = session.exec(select(OutboxRow).where(OutboxRow.op == "edit").order_by(OutboxRow.id)).all()
        session.expunge_all()
    return found


# What a channel does with it ------------------------------------------------------------------------------------


def test_a_refusal_is_told_with_its_reason_and_sent_again_only_to_whoever_missed_it():
    with directed() as stage:
        office = compose(stage)
        stage._channel.fail_next("bt1", "refused")
        office.click("Gửi")

        shown = office.send("/chidao 58")
        assert "Đã gửi 2/4 người." in shown
        assert "– Bí thư CB01: người nhận đã chặn hoặc xóa cuộc trò chuyện" in shown
        assert any(one.kind == "alert" and "Bí thư CB01" in one.text for one in stage.screens.shown if one.to == "vp")

        with stage.session as session:
            account = people.account_labelled(session, "Bí thư CB01", BEGIN)
            people.bind(session, account.id, (NAME, BOT, "bt1"), stage.clock)
        assert "Đang gửi lại cho 2 người chưa nhận được." in office.click("Gửi lại")

        assert len(received(stage, "bt1")) == 1
        assert len(received(stage, "bt2")) == 1
        assert "Đã gửi 3/4 người." in office.send("/chidao 58")


def test_a_doubtful_one_is_sent_once_more_headed_so():
    with directed() as stage:
        office = compose(stage)
        stage._channel.fail_next("bt2", "uncertain")
        office.click("Gửi")

        (shown,) = received(stage, "bt2")
        assert shown.startswith("(gửi lại)\nChỉ đạo 58-KH/ĐU")
        assert how_it_stands(stage).counts.sent == 3
        assert len([row for row in rows(stage) if row.repeat_of]) == 1


def test_what_stays_in_doubt_is_shown_as_such():
    with directed() as stage:
        office = compose(stage)
        for _ in range(2):
            stage._channel.fail_next("bt2", "uncertain")
        office.click("Gửi")

        assert "Chưa chắc đến nơi: 1 người." in office.send("/chidao 58")
        assert "Đang gửi lại cho 2 người chưa nhận được." in office.click("Gửi lại")
        assert received(stage, "bt2")[-1].startswith("(gửi lại)\n")


# Between writing and sending ------------------------------------------------------------------------------------


@pytest.fixture
def scheduled():
    """A directive written at 20:00 that leaves at 7:30."""
    with directed() as stage:
        office = compose(stage)
        office.click("Sửa")
        office.click("Giờ gửi")
        office.click("7 giờ 30 sáng mai (4/3)")
        office.click("Gửi")
        assert not received(stage, "bt1")
        yield stage


def morning(stage):
    stage.at(datetime.fromisoformat("2022-03-04T07:31:00+07:00"))


def test_a_scheduled_one_leaves_at_its_time(scheduled):
    assert "Sẽ gửi lúc 07:30 ngày 4/3 cho 4 người." in scheduled.screens.shown[-1].text
    morning(scheduled)
    assert [len(received(scheduled, who)) for who in ("bt1", "bt2", "bt34")] == [1, 1, 1]


def test_before_its_time_the_branches_do_not_see_it(scheduled):
    assert "Chưa có chỉ đạo nào" in scheduled.client("bt1").send("/chidao")
    assert "không còn chỉ đạo nào" in scheduled.client("bt1").send("rõ")


def test_recalled_before_its_time_it_never_leaves(scheduled):
    scheduled.client("vp").click("Thu hồi")
    scheduled.client("vp").click("Thu hồi ngay")
    morning(scheduled)
    assert not received(scheduled, "bt1", "")
    assert owed(scheduled) == 0


def test_a_branch_paused_meanwhile_is_left_alone(scheduled):
    with scheduled.session as session:
        units.set_pause(session, units.by_code(session, "CB01").id, date(2022, 3, 4), date(2022, 3, 31))
    morning(scheduled)
    assert [len(received(scheduled, who)) for who in ("bt1", "bt2")] == [0, 1]


def test_whoever_lost_the_post_gets_nothing_and_the_new_secretary_is_reached_by_sending_again(scheduled):
    with scheduled.session as session:
        unit = units.by_code(session, "CB02")
        account = people.account_labelled(session, "Bí thư mới CB02", scheduled.clock)
        people.bind(session, account.id, (NAME, BOT, "moi"), scheduled.clock)
        people.appoint(session, account.id, unit.id, "secretary", scheduled.clock)
    morning(scheduled)
    assert not received(scheduled, "bt2")

    scheduled.client("vp").send("/chidao 58")
    scheduled.client("vp").click("Gửi lại")
    assert len(received(scheduled, "moi")) == 1
    assert not received(scheduled, "bt2")


# Portions -------------------------------------------------------------------------------------------------------


def test_a_long_list_is_written_in_portions_and_nobody_is_left_out():
    with directed(600) as stage:
        compose(stage)
        start(stage)
        assert the_directive(stage).prepared == 25
        stage.wait(seconds=40)

        assert the_directive(stage).prepared == 605
        assert all(len(received(stage, f"b{number}")) == 1 for number in range(1, 601))
        with stage.session as session:
            found = counts(session, session.get(Directive, the_directive(stage).id))
        assert (found.sent, found.waiting, found.failed) == (603, 0, 1)


def test_a_portion_whose_people_cannot_be_reached_does_not_end_the_broadcast():
    with directed(600) as stage:
        with stage.session as session:
            for number in range(1, 300):
                address = people.address_of(session, NAME, BOT, f"b{number}")
                address.retired_at, address.retired_reason = stage.clock, "blocked"
        compose(stage)
        start(stage)
        stage.wait(seconds=60)

        assert all(len(received(stage, f"b{number}")) == 1 for number in range(300, 601))


# Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["pause", "resume", "stop", "stop_now", "again", "recall", "recall_now", "correct"])
def test_only_the_office_manages_a_directive(verb):
    with directed() as stage:
        send(stage)
        for who in ("bt1", "cuv", "qt"):
            assert (
                stage.client(who).forge(f"d_{verb}:{the_directive(stage).id}")
                == "Đồng chí không có quyền làm việc này."
            )
        assert the_directive(stage).state == "active"


def test_a_secretary_cannot_compose():
    with directed() as stage:
        assert "Soạn chỉ đạo" not in stage.client("bt1").send("/chidao")
        assert stage.client("bt1").forge("d_compose:") == "Chỉ văn phòng đảng ủy gửi được chỉ đạo."


def test_a_branch_not_addressed_cannot_answer():
    with directed() as stage:
        send(stage, to="tdp 5")
        number = the_directive(stage).id
        for action in (f"d_ack:{number}", f"d_done:{number}", f"d_show:{number}"):
            assert stage.client("bt2").forge(action) == "Đồng chí không có quyền làm việc này."
        assert stage.client("bt2").forge(f"d_ask:{number}").startswith("Nút này đã cũ")


def test_a_text_with_a_secrecy_mark_never_becomes_a_directive():
    with directed() as stage:
        told = stage.client("vp").send("/chidao Công văn 12-CV/ĐU độ MẬT về việc kiểm tra hồ sơ, hạn 15/3")
        assert "dấu chỉ độ mật" in told
        assert stage.client("vp").send("/chidao").startswith("Chưa có chỉ đạo nào")
