"""The whole product in a real browser: join by a code, report by typing and by buttons, correct; the office watches."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
UNITS = """code,name,kind,parent_code,official,probationary,exempt
DU,Đảng bộ phường Thử,dang_bo,,,,
CB1,Chi bộ Tổ dân phố 1,chi_bo,DU,18,2,0
CB2,Chi bộ Tổ dân phố 2,chi_bo,DU,20,0,0
"""
POSTS = """unit_code,role,holder
DU,officer,Văn phòng
CB1,secretary,Bí thư CB1
CB2,secretary,Bí thư CB2
"""


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()


def command(folder, *words, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CHIBO_WEB__PORT": "0"}
    environment.pop("CHIBO_TELEGRAM__TOKEN", None)
    config = ["--config", str(ROOT / "config.toml")]
    words = [sys.executable, "-m", "bot", words[0], *words[1:], *config]
    return subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, **options)


def finished(process):
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out


@pytest.fixture
def served(tmp_path):
    """Start `run` in a folder and give the page's address; whatever was started ends with the test."""
    running = []

    def start(*options):
        process = command(tmp_path, "run", *options)
        running.append(process)
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=30)


def open_page(chromium, address, size):
    context = chromium.new_context(viewport=size, locale="vi-VN")
    context.set_default_timeout(15000)
    page = context.new_page()
    page.goto(address)
    return page


def choose(page, name):
    page.get_by_text(name, exact=True).click()
    expect(page.locator("#state")).to_have_text("Đã kết nối")


def join(page, code):
    page.locator("#code-input").fill(code)
    page.locator("#code-input").press("Enter")
    expect(last(page)).to_contain_text("Kính chào đồng chí")


def write(page, text):
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def press(page, label, then=""):
    page.locator(".buttons").get_by_role("button", name=re.compile(f"^{label}")).last.click()
    expect(last(page)).to_contain_text(then)


def last(page):
    return page.locator(".row.theirs .bubble").last


def test_a_code_joins_and_a_typed_report_edits_the_overview_open_at_the_office(chromium, served, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "in" / "posts.csv").write_text(POSTS, encoding="utf-8")
    finished(command(tmp_path, "import", "in"))
    finished(command(tmp_path, "invite", "--all", "--output", "codes.csv"))
    rows = [line.split(",") for line in (tmp_path / "codes.csv").read_text(encoding="utf-8").splitlines()[1:]]
    codes = {row[2]: row[5] for row in rows}
    address = served()
    secretary, office = open_page(chromium, address, PHONE), open_page(chromium, address, DESK)
    join(secretary, codes["Bí thư CB1"])
    join(office, codes["Văn phòng"])
    write(office, "/tonghop")
    expect(last(office)).to_contain_text("0/2 chi bộ đã báo cáo")
    write(secretary, "họp hôm nay 18/20 vắng 2 có phép")
    expect(last(secretary)).to_contain_text("có mặt 18/20 (90%), vắng 2 (có phép 2)")
    expect(last(office)).to_contain_text("1/2 chi bộ đã báo cáo (50%)")
    write(secretary, "nhầm, 19/20 mới đúng")
    expect(last(secretary)).to_contain_text("có mặt 19/20 (95%)")
    expect(last(office)).to_contain_text("Dự họp 19/20 (95%)")
    expect(office.locator(".row.theirs .bubble")).to_have_count(2)  # the greeting and one overview, edited in place


def test_the_demonstration_takes_a_report_by_buttons_and_its_correction(chromium, served):
    address = served("--demo")
    secretary, office = open_page(chromium, address, PHONE), open_page(chromium, address, DESK)
    choose(secretary, "Bí thư Tổ dân phố 1")
    choose(office, "Văn phòng Đảng ủy")
    write(office, "/tonghop")
    expect(last(office)).to_contain_text("0/12 chi bộ đã báo cáo")
    write(secretary, "/hop")
    expect(last(secretary)).to_contain_text("ngày nào")
    press(secretary, "Hôm nay", then="Có mặt bao nhiêu")
    press(secretary, "Đủ", then="Sổ tay đảng viên điện tử chưa")
    press(secretary, "Đã đăng", then="Đúng thì bấm «Gửi»")
    press(secretary, "Gửi", then="Đã nhận báo cáo của Chi bộ Tổ dân phố 1")
    expect(last(office)).to_contain_text("1/12 chi bộ đã báo cáo")
    press(secretary, "Sửa", then="sửa mục nào")
    press(secretary, "Sổ tay đảng viên", then="điện tử chưa")
    press(secretary, "Chưa đăng", then="Chưa đăng Sổ tay")
    press(secretary, "Gửi", then="Đã sửa báo cáo")


def test_a_month_of_reminders_is_lived_through_by_moving_the_clock(chromium, served):
    page = open_page(chromium, served("--demo"), PHONE)
    choose(page, "Bí thư Tổ dân phố 2")
    before = page.locator(".row.theirs .bubble").count()
    page.locator("#clock-open").click()
    page.get_by_role("button", name="1 tuần").click()
    page.keyboard.press("Escape")
    expect(page.locator(".row.theirs .bubble").nth(before)).to_be_visible()
    assert not re.search(r"[A-Za-z]+Error", page.inner_text("body"))
