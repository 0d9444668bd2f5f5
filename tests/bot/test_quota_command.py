"""`quota`, `invite` and `check` for Zalo: what is used, what a month needs, who goes to which bot, what works."""

import asyncio
import csv
import threading
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import machine_time
from bot.migrations import upgrade
from models import quota
from models.database import make_engine, unit_of_work
from models.quota import BotPlan
from tests.e2e.months import write_tables
from tests.fakes.zalo_server import TOKEN, ZaloServer

URL = "sqlite:///chibo.db"
AT = "2022-01-05T08:00:00+07:00"
CONFIG = """\
[zalo.bots.mot]
title = "Bot Chi bộ 1"
link = "https://zalo.example/mot"
[zalo.bots.hai]
title = "Bot Chi bộ 2"
users = 30
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def imported(folder, capsys):
    (folder / "tables").mkdir()
    write_tables(folder / "tables")
    assert main(["import", "tables", "--database", URL, "--at", AT]) == 0
    capsys.readouterr()


def run(*arguments: str) -> int:
    return main([*arguments, "--database", URL, "--at", AT])


def test_a_plain_month_of_69_branches_is_estimated_from_the_rules(imported, capsys):
    Path("config.toml").write_text(CONFIG, encoding="utf-8")

    assert run("quota", "--plan", "--month", "2022-05") == 0

    # 69 branches hear of this month's meeting on the 1st and of the next one's on the 27th. Half of them are asked on
    # the evening of the 3rd, a tenth on the 6th, a fiftieth, with its committee's member, on the 7th; the four
    # directives remind a fifth of them once, and a fifth of those again, and so on.
    assert capsys.readouterr().out.splitlines() == [
        "Ước tính tháng 05/2022: 69 chi bộ, 72 người, 4 chỉ đạo.",
        "– trả lời báo cáo: 69 tin",
        "– nhắc việc: 249 tin",
        "– chỉ đạo và xác nhận: 552 tin",
        "– hỏi lại và xem việc: 35 tin",
        "Cộng: 905 tin, mỗi chi bộ 13 tin.",
        "Nếu chi bộ nào cũng đợi đến lần nhắc cuối: 2039 tin.",
        "Cần ít nhất 3 bot Zalo (30 người và 2900 tin mỗi bot).",
        "Không vừa: đang cấu hình 2 bot, cần 3.",
    ]


def test_the_end_of_a_quarter_makes_more_and_directives_are_counted_as_told(imported, capsys):
    def lines(*more: str) -> list[str]:
        assert run("quota", "--plan", *more) == 0
        return capsys.readouterr().out.splitlines()

    plain, quarter = lines("--month", "2022-05"), lines("--month", "2022-06")
    assert quarter[1] == "– trả lời báo cáo: 207 tin"  # the meeting, the thematic one, the figures
    assert plain[1] == "– trả lời báo cáo: 69 tin"
    without = lines("--month", "2022-05", "--directives", "0")
    assert without[3] == "– chỉ đạo và xác nhận: 0 tin"
    assert lines()[0].startswith("Ước tính tháng 01/2022")


def test_bots_that_take_everybody_fit(imported, capsys):
    Path("config.toml").write_text(CONFIG.replace("users = 30", ""), encoding="utf-8")
    assert run("quota", "--plan") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Vừa với 2 bot đang cấu hình."


@pytest.mark.parametrize("month", ["2022-Q1", "2022", "tháng 5"])
def test_only_a_month_is_estimated(imported, capsys, month):
    assert run("quota", "--plan", "--month", month) == 2
    assert capsys.readouterr().err == f"--month {month}: không phải là tháng; viết như 2026-05.\n"


def test_without_branches_there_is_nothing_to_estimate(capsys):
    assert run("quota", "--plan") == 2
    assert "nhập danh sách đơn vị trước" in capsys.readouterr().err


def test_what_is_used_is_shown_by_bot(imported, capsys):
    Path("config.toml").write_text(CONFIG, encoding="utf-8")
    engine = make_engine(URL)
    with unit_of_work(engine) as session:
        for _ in range(29):
            quota.add(session, "zalo", "mot", "2022-01")
    engine.dispose()

    assert run("quota") == 0

    assert capsys.readouterr().out.splitlines() == [
        "Số tin đã gửi tháng 01/2022:",
        "– Zalo, Bot Chi bộ 2: 0/2900 tin (0%); 0/30 người.",
        "– Zalo, Bot Chi bộ 1: 29/2900 tin (1%); 0/50 người.",
    ]


def test_everybody_but_the_office_is_sent_to_a_bot_with_room(imported, capsys):
    Path("config.toml").write_text(CONFIG.replace("users = 30", "users = 20"), encoding="utf-8")

    assert run("invite", "--all", "--output", "codes.csv") == 0

    with Path("codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = [(row["channel"], row["bot"]) for row in rows]
    assert places.count(("zalo", "Bot Chi bộ 1")) == 50
    assert places.count(("zalo", "Bot Chi bộ 2")) == 20
    assert [row["channel"] for row in rows if row["role"] == "officer"] == ["web"]
    assert {row["link"] for row in rows if row["bot"] == "Bot Chi bộ 1"} == {"https://zalo.example/mot"}
    assert "2 người chưa có chỗ" in capsys.readouterr().err


# check ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def zalo(monkeypatch):
    """A fake server in a thread of its own: `check` runs an event loop in this one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = ZaloServer()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    monkeypatch.setenv("CHIBO_ZALO__BASE_URL", server.url)
    monkeypatch.setenv("CHIBO_ZALO__BOTS__MOT__TOKEN", TOKEN)
    yield server
    asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def check(capsys, *, fine: bool) -> list[str]:
    assert main(["check", "--channel", "zalo", "--database", URL]) == (0 if fine else 1)
    printed = capsys.readouterr()
    assert TOKEN not in printed.out + printed.err
    return printed.out.splitlines()[3:]


def test_a_good_token_is_said_with_the_way_in_the_quota_and_the_clock(zalo, capsys):
    upgrade(URL)
    token, way_in, used, clock = check(capsys, fine=True)
    assert token == "[được] Bot mot: mã truy cập đúng, tên trên Zalo là «Bot Chi bộ», gói BASIC."
    assert way_in == "[được] Nhận tin: bot tự hỏi Zalo (không dùng webhook)."
    assert used == "[được] Tháng này đã gửi 0/2900 tin; 0/50 người đã gắn với bot."
    assert clock.startswith("[được] Đồng hồ máy chủ lệch")
    assert [method for method, _ in zalo.world.calls] == ["getMe", "getWebhookInfo"]


def test_a_webhook_in_the_way_is_said(zalo, capsys):
    zalo.bot.webhook = "https://other.example/x"
    assert check(capsys, fine=False)[1].startswith("[lỗi]  Nhận tin: Zalo đang gửi đến https://other.example/x.")


def test_a_webhook_that_is_not_announced_yet_is_said(zalo, capsys, monkeypatch):
    monkeypatch.setenv("CHIBO_ZALO__MODE", "webhook")
    monkeypatch.setenv("CHIBO_ZALO__PUBLIC_URL", "https://bot.example.vn")
    monkeypatch.setenv("CHIBO_ZALO__BOTS__MOT__SECRET", "a-long-secret")
    assert "chưa ghi nhận webhook https://bot.example.vn/zalo/mot" in check(capsys, fine=False)[1]
    zalo.bot.webhook = "https://bot.example.vn/zalo/mot"
    assert "Zalo đã ghi nhận" in check(capsys, fine=True)[1]


def test_a_token_zalo_does_not_know_is_said(zalo, capsys, monkeypatch):
    monkeypatch.setenv("CHIBO_ZALO__BOTS__MOT__TOKEN", "4123456789:reset")
    assert check(capsys, fine=False) == [
        "[lỗi]  Bot mot: Zalo không nhận mã truy cập. Đồng chí lấy lại trong Bot Creator."
    ]


def test_a_spent_month_is_a_failure(zalo, capsys):
    upgrade(URL)
    engine = make_engine(URL)
    with unit_of_work(engine) as session:
        quota.declare(session, "zalo", [BotPlan(channel="zalo", bot="mot", users=50, monthly=1)])
        quota.add(session, "zalo", "mot", quota.month_of(machine_time()))
    engine.dispose()
    Path("config.toml").write_text("[zalo.bots.mot]\nmonthly = 1\n", encoding="utf-8")
    assert check(capsys, fine=False)[2] == "[lỗi]  Tháng này đã gửi 1/1 tin; 0/50 người đã gắn với bot."


def test_a_server_that_cannot_be_reached_is_said(capsys, monkeypatch):
    monkeypatch.setenv("CHIBO_ZALO__BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CHIBO_ZALO__BOTS__MOT__TOKEN", TOKEN)
    assert check(capsys, fine=False) == [
        "[lỗi]  Bot mot: chưa liên lạc được với Zalo. Đồng chí kiểm tra mạng của máy chủ."
    ]


def test_a_channel_asked_for_must_be_in_use_and_another_name_is_a_mistake(capsys):
    assert "chưa có bot nào có mã truy cập" in check(capsys, fine=False)[0]
    assert main(["check", "--channel", "viber"]) == 2
    assert "dùng telegram, zalo hoặc web" in capsys.readouterr().err
