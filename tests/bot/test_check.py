"""`check` says what works and changes nothing."""

import pytest

from bot import migrations
from bot.__main__ import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_before_the_first_start_everything_is_in_order_and_nothing_is_created(capsys, folder):
    assert main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[được] Cấu hình đọc được."
    assert any("Chưa có cơ sở dữ liệu" in line for line in lines)
    assert any("chưa đặt CHIBO_TELEGRAM__TOKEN" in line for line in lines)
    assert list(folder.iterdir()) == []


def test_a_current_database_is_said(capsys):
    migrations.upgrade("sqlite:///chibo.db")
    assert main(["check", "--database", "sqlite:///chibo.db"]) == 0
    assert "[được] Cơ sở dữ liệu kết nối được và đúng phiên bản." in capsys.readouterr().out


def test_a_database_that_cannot_be_reached_is_a_failure(capsys):
    assert main(["check", "--database", "postgresql+psycopg://127.0.0.1:1/x"]) == 1
    printed = capsys.readouterr()
    assert "[lỗi]  Không kết nối được cơ sở dữ liệu (OperationalError)." in printed.out
    assert printed.err == ""


def test_a_telegram_server_that_cannot_be_reached_is_a_failure_and_the_token_stays_unsaid(capsys, monkeypatch):
    monkeypatch.setenv("CHIBO_TELEGRAM__TOKEN", "12345:secret-part")
    monkeypatch.setenv("CHIBO_TELEGRAM__BASE_URL", "http://127.0.0.1:1")
    assert main(["check"]) == 1
    printed = capsys.readouterr()
    assert "Không kết nối được Telegram" in printed.out
    assert "secret-part" not in printed.out + printed.err
