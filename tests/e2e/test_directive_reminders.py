"""A directive nobody answers is reminded by the ladder, and one that is answered never again."""

from datetime import datetime

import pytest

from tests.e2e.directives import directed, send


def reminders(stage, until=18):
    """Let the days pass; return (day, who) of every reminder of the directive, with its words."""
    told = []
    for day in range(stage.clock.day + 1, until):
        for hour in (7, 8, 20):
            before = len(stage.screens.shown)
            stage.at(datetime.fromisoformat(f"2022-03-{day:02}T{hour:02}:01:00+07:00"))
            told += [
                (day, one.to, line, one.labels)
                for one in stage.screens.shown[before:]
                if one.kind == "reminder"
                for line in one.text.split("\n")
                if "58-KH/ĐU" in line
            ]
    return told


def test_halfway_the_day_before_the_day_and_the_day_after():
    with directed() as stage:
        send(stage, asks="Xác nhận đã nhận", to="tdp 5")
        told = reminders(stage)

        assert [(day, who) for day, who, _, _ in told] == [
            (9, "bt1"), (14, "bt1"), (15, "bt1"), (16, "bt1"), (16, "pbt1"),
        ]  # fmt: skip
        assert told[0][2] == "Chi bộ Tổ dân phố 5: đề nghị đồng chí xác nhận đã nhận chỉ đạo 58-KH/ĐU. Hạn 15/3."
        assert told[-1][2].endswith("Chi bộ Tổ dân phố 5: chưa xác nhận đã nhận chỉ đạo 58-KH/ĐU, đã quá hạn 15/3.")
        assert "Đã nhận" in told[0][3]


def test_where_more_is_asked_it_is_to_be_acknowledged_within_three_days():
    with directed() as stage:
        send(stage, to="tdp 15")
        assert [day for day, _, line, _ in reminders(stage) if "xác nhận" in line] == [4, 5, 6, 7]


@pytest.mark.parametrize("answer", ["đã nhận kh 58", "đã thực hiện kh 58", "rõ"])
def test_an_acknowledgement_silences_every_later_step(answer):
    with directed() as stage:
        send(stage, asks="Xác nhận đã nhận", to="tdp 15")
        stage.client("bt2").send(answer)
        assert reminders(stage) == []


def test_done_before_it_is_asked_nothing_is_reminded():
    with directed() as stage:
        send(stage, to="tdp 15")
        stage.client("bt2").click("Đã thực hiện")
        assert reminders(stage) == []


def test_a_reminders_button_answers_it():
    with directed() as stage:
        send(stage, to="tdp 15")
        stage.client("bt2").click("Đã nhận")
        stage.at(datetime.fromisoformat("2022-03-09T08:01:00+07:00"))
        bt2 = stage.client("bt2")
        assert bt2.click("Đã thực hiện").startswith("Đã ghi: Chi bộ Tổ dân phố 15 đã thực hiện 58-KH/ĐU.")
        assert reminders(stage) == []


def test_a_recalled_directive_is_reminded_no_more():
    with directed() as stage:
        office = send(stage)
        office.click("Thu hồi")
        office.click("Thu hồi ngay")
        assert reminders(stage) == []


def test_the_offices_morning_names_who_is_late():
    with directed() as stage:
        send(stage, asks="Xác nhận đã nhận", to="tdp 5, tdp 15")
        stage.client("bt2").click("Đã nhận")
        stage.at(datetime.fromisoformat("2022-03-18T07:31:00+07:00"))

        digest = [one.text for one in stage.screens.shown if one.to == "vp" and one.kind == "digest"][-1]
        assert "Chỉ đạo 58-KH/ĐU: 1/2 chi bộ đã nhận.\nQuá hạn (1): Chi bộ Tổ dân phố 5." in digest
