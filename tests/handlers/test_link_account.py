"""/lienket joins two channels of one person by a one-time code; /hanmuc shows the month to whom it concerns."""

import re

from sqlmodel import select

from models import people, quota
from models.people import Address
from models.quota import BotPlan
from tests.e2e.client import Stage, staged


def code_of(stage: Stage, who: str = "bt1") -> str:
    return re.search(r": ([A-Z0-9]+)$", stage.client(who).send("/lienket"), re.MULTILINE).group(1)


def addresses(stage: Stage, label: str = "Bí thư CB01") -> list[str]:
    with stage.session as session:
        account = people.account_labelled(session, label, stage.clock)
        return [one.native_id for one in people.addresses(session, people.account_id(account))]


def elsewhere(stage: Stage, who: str = "bt1") -> None:
    """Let a person have joined on another channel than the one of the stage."""
    with stage.session as session:
        address = session.exec(select(Address).where(Address.native_id == who)).one()
        address.channel = "zalo"


def test_the_code_joins_the_other_channel_as_the_same_person():
    with staged() as stage:
        code = code_of(stage)
        elsewhere(stage)
        answer = stage.client("new").send(code)
        assert "Đã liên kết" in answer
        assert sorted(addresses(stage)) == ["bt1", "new"]
        stage.wait(minutes=1)
        stage.client("new").send("/viec")
        assert stage.screens.shown[-1].to == "new"
        assert stage.screens.shown[-1].text.startswith("Chi bộ Tổ dân phố 5")


def test_a_code_is_good_once_and_for_a_quarter_of_an_hour():
    with staged() as stage:
        used, late = code_of(stage), code_of(stage, "bt2")
        stage.client("new").send(used)
        assert "đã hết hạn hoặc đã dùng" in stage.client("thief").send(used)
        stage.wait(minutes=16)
        assert "đã hết hạn hoặc đã dùng" in stage.client("other").send(late)


def test_a_new_code_ends_the_one_before():
    with staged() as stage:
        first = code_of(stage)
        code_of(stage)
        assert "đã hết hạn hoặc đã dùng" in stage.client("new").send(first)


def test_one_who_has_joined_as_somebody_else_is_not_moved():
    with staged() as stage:
        assert "đang gắn với tài khoản" in stage.client("bt2").send(f"/lienket {code_of(stage)}")
        assert addresses(stage) == ["bt1"]


def test_only_the_office_and_the_administrator_see_the_month():
    with staged() as stage:
        with stage.session as session:
            plan = BotPlan(channel="zalo", bot="mot", title="Bot Chi bộ 1", users=50, monthly=2900)
            quota.declare(session, "zalo", [plan])
            for _ in range(2320):
                quota.add(session, "zalo", "mot", "2022-03")
        shown = stage.client("qt").send("/hanmuc")
        assert shown.split("\n") == [
            "Số tin đã gửi tháng 03/2022:",
            "– Zalo, Bot Chi bộ 1: 2320/2900 tin (80%); 0/50 người.",
        ]
        assert stage.client("vp").send("/hanmuc") == shown
        assert "Bot Chi bộ 1" not in stage.client("bt1").send("/hanmuc")
