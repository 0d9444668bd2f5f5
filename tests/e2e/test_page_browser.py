"""The phone page in a real browser: sizes, keyboard, edits in place, two phones side by side, lost connections."""

import json
import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

import bot.channels.web
from bot.channels.base import File, Outgoing
from handlers import fill_form
from tests.fakes.web_page import Server
from tests.fakes.web_script import Script

pytestmark = pytest.mark.browser
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
WEB = Path(bot.channels.web.__file__).parent
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path, reply=Script())
    yield server
    server.stop()


@pytest.fixture
def browser(chromium):
    """A context whose pages may raise no script error and load nothing from elsewhere."""
    context = chromium.new_context(viewport=PHONE, locale="vi-VN")
    context.set_default_timeout(8000)
    troubles = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("request", lambda request: troubles.append(request.url) if "127.0.0.1" not in request.url else None)
    yield context
    context.close()
    assert troubles == []


def phone(browser, server, address, viewport=PHONE):
    page = browser.new_page()
    page.set_viewport_size(viewport)
    page.goto(f"{server.url}#{address}")
    expect(page.locator("#state")).to_have_text("Đã kết nối")
    return page


def write(page, text):
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def bubbles(page):
    return page.locator(".row .text").all_inner_texts()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_letters_and_targets_are_large_enough_and_nothing_is_cut_off(browser, server, viewport):
    page = phone(browser, server, "bt05", viewport)
    write(page, "họp ngày 3/3, có mặt 18/20")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
    write(page, "/baocao")
    expect(page.locator("a.card")).to_be_visible()
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.text, textarea, .buttons button, .card-name, .name')]
            .filter(e => e.offsetParent).map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 18
    for opener in (None, "#menu-open", "#clock-open"):
        if opener:
            page.click(opener)
        assert small_targets(page) == []
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def small_targets(page):
    """Return the visible controls under 44 pixels; a command inside a sentence is as high as its line."""
    return page.evaluate(
        """() => [...document.querySelectorAll('button:not(.command), textarea, input:not([type=file]), nav a, #back')]
            .filter(e => e.checkVisibility()).map(e => [e.id || e.textContent, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser, server, scheme):
    page = phone(browser, server, "bt05", DESK)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    write(page, "họp rồi")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".changed")).to_be_visible()
    write(page, "/baocao")
    expect(page.locator("a.card")).to_be_visible()
    page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")
    assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c; } return [255, 255, 255]; };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('.aloud')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push([e.className || e.tagName, e.textContent.slice(0, 30), ratio.toFixed(2)]);
  }
  return low;
}"""


def test_a_person_is_found_without_typing_the_marks(browser, server):
    page = browser.new_page()
    page.goto(server.url)
    page.get_by_role("searchbox").fill("pho bi thu")
    expect(page.locator(".person:visible")).to_have_count(1)
    page.locator(".person:visible .open").click()
    expect(page).to_have_title("Phó bí thư CB05 · Trợ lý chi bộ")
    assert page.url.endswith("#pbt05")


def test_a_report_can_be_made_with_the_keyboard_alone(browser, server):
    page = browser.new_page()
    page.set_viewport_size(DESK)
    page.goto(server.url)
    keyboard = page.keyboard
    expect(page.get_by_role("searchbox")).to_be_focused()
    keyboard.type("bi thu cb05")
    keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    keyboard.type("họp ngày 3/3")
    keyboard.press("Shift+Enter")
    keyboard.type("có mặt 18/20")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
    keyboard.press("ArrowUp")  # from the empty box to the newest buttons; Shift+Tab leads there too
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keyboard.press("Enter")
    expect(page.get_by_text("Cảm ơn đồng chí")).to_be_visible()
    keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    assert bubbles(page)[0] == "họp ngày 3/3\ncó mặt 18/20"


def test_every_control_is_reached_with_the_tab_key(browser, server):
    page = phone(browser, server, "bt05")
    write(page, "họp")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
    page.focus("#back")
    reached = []
    for _ in range(10):
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert reached == ["back", "clock-open", "log", "Gửi", "Sửa", "Hủy", "menu-open", "attach", "text", "send"]


def test_the_menu_opens_closes_and_sends_a_command_by_keyboard(browser, server):
    page = phone(browser, server, "bt05")
    server.do(server.channel.set_menu("bt05", [("viec", "Việc cần làm"), ("hop", "Báo cáo họp")]))
    page.focus("#menu-open")
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("#menu-open")).to_be_focused()
    page.click("#menu-open")
    page.get_by_role("button", name="Báo cáo họp /hop").press("Enter")
    expect(page.locator(".row.mine .text")).to_have_text("/hop")


def test_the_offices_open_overview_changes_while_a_secretary_reports_in_another_tab(browser, server):
    office, secretary = phone(browser, server, "vp"), phone(browser, server, "bt05")
    write(office, "/tonghop")
    expect(office.get_by_text("3/69 chi bộ")).to_be_visible()
    write(secretary, "họp ngày 3/3, có mặt 18/20")
    secretary.get_by_role("button", name="Gửi", exact=True).click()
    expect(secretary.locator(".row", has_text="✓ Đã gửi.")).to_be_visible()
    expect(office.locator(".row.theirs .text")).to_have_text(re.compile("4/69 chi bộ"))
    assert office.locator(".row.theirs").count() == 1
    expect(office.locator(".row.changed")).to_be_visible()
    assert office.title() != secretary.title()


def test_a_pressed_button_shows_as_a_small_bubble_and_a_double_tap_counts_once(browser, server):
    page = phone(browser, server, "bt05")
    write(page, "chào")
    page.get_by_role("button", name="Đã họp").dblclick()
    expect(page.get_by_text("Đã ghi nhận.")).to_be_visible()
    expect(page.locator(".row.press .text")).to_have_text("Đã họp")
    assert [incoming.action for incoming in server.core.got] == ["", "held:1"]


def test_the_buttons_of_an_answered_question_rest(browser, server):
    """What came before the newest question cannot be pressed any more, nor what was sent; "Sửa" leaves it open."""
    page = phone(browser, server, "bt05")
    live = page.locator(".buttons button:visible")
    write(page, "họp ngày 3/3, có mặt 18/20")
    expect(live).to_have_text(["Gửi", "Sửa", "Hủy"])
    live.get_by_text("Sửa").click()
    expect(page.get_by_text("Đã ghi nhận.")).to_be_visible()
    expect(live).to_have_count(3)
    write(page, "họp ngày 4/3, có mặt 18/20")
    expect(page.locator(".row.answered")).to_have_count(1)
    expect(live).to_have_count(3)
    page.get_by_role("button", name="Hủy", exact=True).click()
    expect(live).to_have_count(0)
    page.reload()
    expect(page.locator(".row.answered")).to_have_count(2)


def test_the_page_knows_which_buttons_belong_to_a_question():
    listed = re.search(r"BOUND = (\[.*?\])", (WEB / "static" / "answered.js").read_text(encoding="utf-8"))
    assert set(json.loads(listed[1])) == set(fill_form.VERBS) - {"begin"}


def test_words_that_look_like_code_stay_words(browser, server):
    page = phone(browser, server, "bt05")
    nasty = "<img src=x onerror=alert(1)> javascript:alert(1) https://example.org/a?b=1. x\n  y"
    server.do(server.core.say("bt05", nasty))
    expect(page.locator(".row .text")).to_have_count(1)
    assert page.locator(".row .text").inner_text() == nasty
    assert page.locator(".row a").get_attribute("href") == "https://example.org/a?b=1"
    assert page.locator(".row img").count() == 0


def test_a_restart_of_the_program_loses_and_doubles_nothing(browser, server, tmp_path):
    page = phone(browser, server, "bt05")
    write(page, "chào")
    expect(page.get_by_role("button", name="Đã họp")).to_be_visible()
    server.stop()
    expect(page.locator("#state")).to_have_text("Mất kết nối, đang nối lại…")
    write(page, "họp ngày 3/3, có mặt 18/20")
    expect(page.get_by_text("đang gửi")).to_be_visible()
    again = Server(tmp_path, port=server.port, reply=Script())
    try:
        expect(page.locator("#state")).to_have_text("Đã kết nối", timeout=20000)
        expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
        assert [text.split("\n")[0] for text in bubbles(page)] == [
            "chào",
            "Tháng 3/2026 chi bộ đã họp thường kỳ chưa?",
            "họp ngày 3/3, có mặt 18/20",
            "Tôi hiểu như sau:",
        ]
        page.reload()
        expect(page.locator(".row")).to_have_count(4)
    finally:
        again.stop()


def test_a_message_written_without_a_connection_survives_a_closed_tab(browser, server, tmp_path):
    page = phone(browser, server, "bt05")
    server.stop()
    expect(page.locator("#state")).to_have_text("Mất kết nối, đang nối lại…")
    write(page, "chào")
    page.close()
    again = Server(tmp_path, port=server.port, reply=Script())
    try:
        page = phone(browser, again, "bt05")
        expect(page.locator(".row.theirs")).to_have_count(1)
        assert [incoming.text for incoming in again.core.got] == ["chào"]
    finally:
        again.stop()


def test_files_go_both_ways(browser, server, tmp_path):
    page = phone(browser, server, "bt05")
    document = tmp_path / "Danh sách tháng 3.xlsx"
    document.write_bytes(b"PK" * 500)
    page.locator("#file").set_input_files(document)
    expect(page.get_by_text("Đã nhận tệp Danh sách tháng 3.xlsx.")).to_be_visible()
    expect(page.locator(".row.mine")).to_have_count(1)
    server.do(server.channel.send(Outgoing("bt05", "Báo cáo", file=File("Báo cáo quý I.docx", b"PKdocx", "x/y"))))
    with page.expect_download() as download:
        page.locator(".theirs a.card").click()
    assert download.value.suggested_filename == "Báo cáo quý I.docx"
    assert download.value.path().read_bytes() == b"PKdocx"


def test_a_file_too_large_is_refused_with_a_sentence(browser, server, tmp_path):
    page = phone(browser, server, "bt05")
    large = tmp_path / "lon.bin"
    large.write_bytes(bytes(10 * 1024 * 1024 + 1))
    page.locator("#file").set_input_files(large)
    expect(page.get_by_role("alert")).to_have_text("Tệp lớn hơn 10 MB nên không gửi được.")
    assert server.core.got == []


def test_new_bubbles_below_are_counted_and_a_press_leads_to_them(browser, server):
    page = phone(browser, server, "bt05")
    for number in range(20):
        server.do(server.core.say("bt05", f"tin {number}"))
    expect(page.get_by_text("tin 19")).to_be_in_viewport()
    page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    expect(page.locator("#jump")).to_be_visible()
    server.do(server.core.say("bt05", "tin mới nhất"))
    page.get_by_role("button", name="1 tin mới").click()
    expect(page.get_by_text("tin mới nhất")).to_be_in_viewport()
    expect(page.locator("#jump")).to_be_hidden()


def test_older_bubbles_are_read_on_demand_in_order(browser, server):
    for number in range(100):
        server.do(server.core.say("bt05", f"tin {number}"))
    page = phone(browser, server, "bt05")
    expect(page.locator(".row")).to_have_count(60)
    page.locator("#earlier").click()
    expect(page.locator(".row")).to_have_count(100)
    assert bubbles(page) == [f"tin {number}" for number in range(100)]
    expect(page.locator("#earlier")).to_be_hidden()
    expect(page.locator(".day")).to_have_count(1)


def test_the_demonstrations_clock_moves_a_day_for_every_phone(browser, server):
    one, two = phone(browser, server, "bt05"), phone(browser, server, "vp")
    server.do(server.core.say("vp", "hôm nay"))
    expect(two.locator(".day")).to_have_text(re.compile("Hôm nay · Thứ Ba, 24/3/2026"))
    one.click("#clock-open")
    one.get_by_role("button", name="+1 ngày").click()
    expect(one.locator("#clock-now")).to_have_text("Thứ Tư, 25/3/2026 · 20:05")
    expect(two.locator("#clock-now")).to_have_text("Thứ Tư, 25/3/2026 · 20:05")
    expect(two.locator(".day")).to_have_text("Hôm qua · Thứ Ba, 24/3/2026")


def test_on_real_data_a_person_joins_with_a_code_and_sees_no_other_phone(browser, tmp_path):
    server = Server(tmp_path, demo=False, reply=Script())
    try:
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_label("Mã mời").fill("AB12-CD34")
        page.get_by_role("button", name="Bắt đầu").click()
        expect(page.locator(".row.theirs")).to_have_count(1)
        assert server.core.got[0].text == "/start AB12-CD34"
        assert re.fullmatch("[0-9a-f]{32}", server.core.got[0].address)
        expect(page.locator("#people")).to_be_hidden()
        expect(page.locator("#clock")).to_be_hidden()
        page.reload()
        expect(page.locator(".row")).to_have_count(2)
    finally:
        server.stop()


def test_reminders_on_another_phone_are_marked_in_the_list(browser, server):
    page = phone(browser, server, "bt05", DESK)
    expect(page.locator(".news:visible")).to_have_count(0)
    server.do(server.core.say("bt06", "Nhắc đồng chí"))
    expect(page.locator(".person", has_text="Bí thư CB06").locator(".news")).to_be_visible()


def test_the_port_is_given_back(server):
    server.stop()
    with socket.create_server(("127.0.0.1", server.port)):
        pass
