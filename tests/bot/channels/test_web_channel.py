"""The page's protocol over a real server: who may talk, nothing twice, nothing lost, edits and files."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.channels.base import File, Outgoing, SendError
from bot.channels.web.binding import bind
from bot.channels.web.channel import WebChannel
from bot.channels.web.frames import Written
from bot.channels.web.tabs import QUEUE, Tabs
from bot.channels.web.tabs import Tab as OpenTab
from models import bubbles
from models.messages import Incoming
from tests.fakes.web_page import NOW, OWN, Core, Demo, Writer, serving

ID = "018e0000-0000-7000-8000-00000000000{}"


@pytest.fixture
def writer(tmp_path):
    writer = Writer(tmp_path / "page.db")
    yield writer
    writer.close()


@pytest.fixture
async def page(writer):
    demo = Demo()
    core = Core(WebChannel(writer.run, 0, demo, demo.clock))
    async with serving(core.channel, core) as url, aiohttp.ClientSession(url) as client:
        yield Opened(core, client, url)


class Opened:
    def __init__(self, core, client, url):
        self.core, self.channel, self.client, self.url = core, core.channel, client, url

    @asynccontextmanager
    async def tab(self, address):
        async with self.client.ws_connect("/talk", origin=self.url) as socket:
            await socket.send_json({"type": "hello", "address": address})
            yield Tab(socket)


class Tab:
    def __init__(self, socket):
        self.socket = socket

    async def next(self, kind):
        """Return the next frame of a kind, passing over others."""
        async with asyncio.timeout(5):
            while (frame := await self.socket.receive_json())["type"] != kind:
                pass
            return frame

    async def say(self, text, number=1):
        await self.socket.send_json({"type": "text", "id": ID.format(number), "text": text})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::", ""])
def test_a_host_other_machines_could_reach_is_refused(host):
    with pytest.raises(ValueError, match="only listens on this machine"):
        bind(host, 0)


def test_a_busy_port_gives_way_to_the_next_free_one():
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with bind("localhost", port) as second:
            assert port < second.getsockname()[1] <= port + 20


async def test_another_program_on_the_port_is_not_disturbed(writer):
    with socket.create_server(("127.0.0.1", 0)) as other:
        channel = WebChannel(writer.run, other.getsockname()[1], Demo(), Demo().clock)
        assert channel.url != f"http://127.0.0.1:{other.getsockname()[1]}/"
        await channel.close()


async def test_a_name_pointed_at_this_machine_is_refused(page):
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", ""):
        async with page.client.get("/", headers={"Host": host}) as response:
            assert response.status in (400, 403), host


async def test_a_foreign_website_can_neither_talk_nor_post(page):
    query = {"address": "bt05", "id": ID.format(1), "name": "a.txt"}
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", None):
        headers = {"Origin": origin} if origin else {}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await page.client.ws_connect("/talk", headers=headers)
        assert refused.value.status == 403
        async with page.client.post("/upload", params=query, data=b"x", headers=headers) as response:
            assert response.status == 403
    assert page.core.got == []


async def test_every_answer_carries_a_policy_that_loads_nothing_from_elsewhere(page):
    for path in ("/", "/static/page.js", "/start.json"):
        async with page.client.get(path) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_itself_holds_no_words_of_its_own(page):
    async with page.client.get("/start.json") as response:
        start = await response.json()
    assert start["demo"] is True
    assert start["words"]["send"] == "Gửi tin nhắn"
    assert start["people"][0]["address"] == "vp"
    async with page.client.get("/") as response:
        assert "$" not in await response.text()


async def test_a_text_reaches_the_core_and_shows_in_both_tabs(page):
    async with page.tab("bt05") as one, page.tab("bt05") as two:
        await one.next("history")
        await two.next("history")
        await one.say(" họp ngày 3/3\ncó mặt 18/20 ")
        assert (await one.next("ack"))["id"] == ID.format(1)
        bubble = (await two.next("bubble"))["bubble"]
    assert bubble["mine"] is True
    assert bubble["text"] == "họp ngày 3/3\ncó mặt 18/20"
    (incoming,) = page.core.got
    assert incoming == Incoming(
        channel="web",
        bot="page",
        update_id=ID.format(1),
        address="bt05",
        sent_at=incoming.sent_at,
        text="họp ngày 3/3\ncó mặt 18/20",
        message_id=str(bubble["id"]),
    )
    assert incoming.sent_at - NOW < timedelta(seconds=1)


async def test_one_persons_bubbles_never_show_on_anothers_phone(page):
    async with page.tab("bt06") as other, page.tab("bt05") as own:
        await other.next("history")
        await own.next("history")
        await page.core.say("bt05", "Riêng")
        await page.core.say("bt06", "Chung")
        assert (await own.next("bubble"))["bubble"]["text"] == "Riêng"
        assert (await other.next("bubble"))["bubble"]["text"] == "Chung"


async def test_the_persons_bubble_stands_above_its_answer(page):
    async def reply(core, incoming):
        await core.say(incoming.address, "Đã nhận")

    page.core.reply = reply
    async with page.tab("bt05") as tab:
        await tab.say("chào")
        await tab.next("ack")
    async with page.tab("bt05") as again:
        history = await again.next("history")
    assert [bubble["text"] for bubble in history["bubbles"]] == ["chào", "Đã nhận"]


async def test_a_message_sent_again_after_a_lost_connection_counts_once(page):
    for _ in range(3):
        async with page.tab("bt05") as tab:
            await tab.say("họp rồi")
            await tab.next("ack")
    async with page.tab("bt05") as tab:
        history = await tab.next("history")
    assert len(history["bubbles"]) == 1
    assert len(page.core.got) == 1


async def test_a_press_carries_its_action_and_shows_the_label(page):
    message = await page.core.say("bt05", "Gửi báo cáo?", [("Gửi", "send:1:2"), ("Hủy", "cancel:1:2")])
    async with page.tab("bt05") as tab:
        frame = {"type": "press", "id": ID.format(1), "bubble": int(message), "action": "send:1:2", "label": "Gửi"}
        await tab.socket.send_json(frame)
        bubble = (await tab.next("bubble"))["bubble"]
        await tab.next("ack")
    assert (bubble["text"], bubble["press"], bubble["mine"]) == ("Gửi", True, True)
    (incoming,) = page.core.got
    assert (incoming.kind, incoming.action, incoming.message_id) == ("press", "send:1:2", message)


async def test_an_edit_changes_the_bubble_in_every_open_tab(page):
    message = await page.core.say("vp", "3/69 chi bộ đã báo cáo")
    async with page.tab("vp") as tab:
        before = (await tab.next("history"))["bubbles"][0]
        await page.channel.edit(Outgoing("vp", "4/69 chi bộ đã báo cáo"), message)
        after = (await tab.next("bubble"))["bubble"]
    assert after["id"] == before["id"]
    assert (before["revision"], after["revision"]) == (0, 1)
    assert after["text"] == "4/69 chi bộ đã báo cáo"


async def test_an_equal_edit_is_neither_an_error_nor_a_change(page):
    message = await page.core.say("vp", "3/69")
    await page.channel.edit(Outgoing("vp", "3/69"), message)
    async with page.tab("vp") as tab:
        assert (await tab.next("history"))["bubbles"][0]["revision"] == 0


async def test_an_edit_of_a_bubble_that_is_gone_is_refused(page):
    for message in ("999", "không phải số", ""):
        with pytest.raises(SendError) as refused:
            await page.channel.edit(Outgoing("vp", "x"), message)
        assert refused.value.kind == "refused"


async def test_an_edit_never_reaches_another_address(page):
    message = await page.core.say("vp", "của văn phòng")
    with pytest.raises(SendError):
        await page.channel.edit(Outgoing("bt05", "x"), message)


async def test_an_uploaded_file_reaches_the_core_and_comes_back_byte_for_byte(page):
    content = bytes(range(256)) * 1000
    query = {"address": "bt05", "id": ID.format(1), "name": r"C:\báo cáo\tháng 3.docx"}
    headers = {"Origin": page.url, "Content-Type": "application/msword"}
    for _ in range(2):  # the second is the same upload sent again
        async with page.client.post("/upload", params=query, data=content, headers=headers) as response:
            assert await response.json() == {"type": "ack", "id": ID.format(1)}
    (incoming,) = page.core.got
    assert (incoming.kind, incoming.file_name) == ("file", "tháng 3.docx")
    assert await page.channel.fetch(incoming.file_id) == content
    async with page.client.get(f"/files/bt05/{incoming.file_id}") as response:
        assert await response.read() == content
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert "attachment" in response.headers["Content-Disposition"]
    async with page.client.get(f"/files/bt06/{incoming.file_id}") as response:
        assert response.status == 404


async def test_a_file_over_ten_megabytes_is_refused(page):
    query = {"address": "bt05", "id": ID.format(1), "name": "a.bin"}

    async def endless():
        for _ in range(11):
            yield bytes(1024 * 1024)

    headers = {"Origin": page.url}
    async with page.client.post("/upload", params=query, data=endless(), headers=headers) as response:
        assert response.status == 413
        assert await response.json() == {"type": "refused", "reason": "file_too_big"}
    assert page.core.got == []


async def test_a_picture_may_be_shown_but_a_document_that_runs_scripts_may_not(page):
    picture = File("biểu đồ.png", b"\x89PNG", "image/png")
    drawing = File("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    first = await page.channel.send(Outgoing("vp", "", file=picture))
    second = await page.channel.send(Outgoing("vp", "", file=drawing))
    async with page.client.get(f"/files/vp/{first}") as response:
        assert response.headers["Content-Type"] == "image/png"
    async with page.client.get(f"/files/vp/{second}") as response:
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_file_that_is_gone_is_refused(page):
    with pytest.raises(SendError):
        await page.channel.fetch("77")


async def test_the_history_comes_in_parts(page):
    for number in range(130):
        await page.core.say("bt05", str(number))
    async with page.tab("bt05") as tab:
        last = await tab.next("history")
        await tab.socket.send_json({"type": "earlier", "before": last["bubbles"][0]["id"]})
        middle = await tab.next("earlier")
        await tab.socket.send_json({"type": "earlier", "before": middle["bubbles"][0]["id"]})
        first = await tab.next("earlier")
    texts = [bubble["text"] for part in (first, middle, last) for bubble in part["bubbles"]]
    assert texts == [str(number) for number in range(130)]
    assert [part["more"] for part in (last, middle, first)] == [True, True, False]


async def test_the_menu_is_shown_at_once_and_after_a_restart(page):
    async with page.tab("vp") as tab:
        assert (await tab.next("history"))["menu"] == []
        await page.channel.set_menu("vp", [("tonghop", "Tổng hợp")])
        assert (await tab.next("menu"))["commands"] == [["tonghop", "Tổng hợp"]]
    async with page.tab("vp") as tab:
        assert (await tab.next("history"))["menu"] == [["tonghop", "Tổng hợp"]]


async def test_typing_shows_while_the_answer_is_made(page):
    async def reply(core, incoming):
        await core.channel.answer(incoming)

    page.core.reply = reply
    async with page.tab("bt05") as tab:
        await tab.say("chào")
        await tab.next("typing")


async def test_the_demonstrations_clock_moves_forward_for_every_tab_and_never_back(page):
    async with page.tab("bt05") as one, page.tab("vp") as two:
        await one.next("history")
        await two.next("history")
        await one.socket.send_json({"type": "advance", "by": "day"})
        assert (await two.next("now"))["now"] == "2026-03-25T13:05:00+00:00"
        await one.socket.send_json({"type": "advance", "day": "2026-03-01"})
        assert (await one.next("refused"))["reason"] == "not_ahead"
    assert page.channel.page.moment == NOW + timedelta(days=1)


async def test_a_frame_not_understood_is_refused_and_the_talk_goes_on(page):
    async with page.tab("bt05") as tab:
        for frame in ({"type": "text"}, {"type": "earlier"}, {"type": "nonsense"}, {}):
            await tab.socket.send_json(frame)
            assert (await tab.next("refused"))["reason"] == "unreadable"
        await tab.socket.send_json(["not", "an", "object"])
        await tab.say("vẫn nói được", 2)
        await tab.next("ack")
    assert len(page.core.got) == 1


async def test_in_the_demonstration_only_its_people_are_admitted(page):
    for address in ("ai-do", OWN, 7, None):
        async with page.tab(address) as tab:
            await tab.next("unknown")


async def test_on_real_data_only_an_address_made_by_a_browser_is_admitted(writer):
    demo = Demo(demo=False)
    core = Core(WebChannel(writer.run, 0, demo, demo.clock))
    async with serving(core.channel, core) as url, aiohttp.ClientSession(url) as client:
        opened = Opened(core, client, url)
        async with opened.tab("bt05") as tab:
            await tab.next("unknown")
        async with opened.tab(OWN) as tab:
            await tab.next("history")
            await tab.socket.send_json({"type": "advance", "by": "day"})
            assert (await tab.next("refused"))["reason"] == "unreadable"
    assert demo.moment == NOW


async def test_a_marked_text_is_handed_over_but_never_stored(writer):
    demo = Demo()
    core = Core(WebChannel(writer.run, 0, demo, demo.clock, marked=lambda text: "TUYỆT MẬT" in text))
    async with serving(core.channel, core) as url, aiohttp.ClientSession(url) as client:
        opened = Opened(core, client, url)
        async with opened.tab("bt05") as tab:
            await tab.say("văn bản TUYỆT MẬT")
            await tab.next("ack")
        query = {"address": "bt05", "id": ID.format(2), "name": "TUYỆT MẬT.docx"}
        async with client.post("/upload", params=query, data=b"secret", headers={"Origin": url}) as response:
            assert response.status == 200
    assert [incoming.text + incoming.file_name for incoming in core.got] == ["văn bản TUYỆT MẬT", "TUYỆT MẬT.docx"]
    files = b"".join(path.read_bytes() for path in sorted(writer_folder(writer).glob("page.db*")))
    assert "MẬT".encode() not in files
    assert b"secret" not in files


def writer_folder(writer):
    return Path(writer.engine.url.database).parent


async def test_what_a_crash_left_between_page_and_core_is_handed_over_at_the_next_start(writer):
    demo = Demo()

    async def crash(_core, _incoming):
        raise ConnectionResetError

    first = Core(WebChannel(writer.run, 0, demo, demo.clock), crash)
    first.channel._accept = first.accept
    with pytest.raises(ConnectionResetError):
        await first.channel.take("bt05", Written(ID.format(1), text="họp rồi"))
    second = Core(WebChannel(writer.run, 0, demo, demo.clock))
    async with serving(second.channel, second) as url, aiohttp.ClientSession(url) as client, client.get("/"):
        assert [incoming.text for incoming in second.got] == ["họp rồi"]
    assert await writer.run(bubbles.waiting) == []


async def test_a_restart_takes_the_same_port_and_shows_the_same_history(writer):
    demo = Demo()
    first = Core(WebChannel(writer.run, 0, demo, demo.clock))
    async with serving(first.channel, first) as url, aiohttp.ClientSession(url) as client:
        opened = Opened(first, client, url)
        async with opened.tab("bt05") as tab:
            await tab.next("history")
            await first.say("bt05", "trước")
    second = Core(WebChannel(writer.run, int(url.rsplit(":", 1)[1]), demo, demo.clock))
    async with serving(second.channel, second) as again, aiohttp.ClientSession(again) as client:
        opened = Opened(second, client, again)
        async with opened.tab("bt05") as tab:
            history = await tab.next("history")
    assert again == url
    assert [bubble["text"] for bubble in history["bubbles"]] == ["trước"]


async def test_a_core_that_fails_leaves_the_message_unacknowledged_and_the_page_alive(page):
    async def fail(_core, _incoming):
        raise ConnectionResetError

    page.core.reply = fail
    async with page.tab("bt05") as tab:
        await tab.say("họp rồi")
        async with asyncio.timeout(5):
            kinds = [json.loads(frame.data)["type"] async for frame in tab.socket]
    assert "ack" not in kinds
    page.core.reply = None
    async with page.tab("bt05") as tab:
        await tab.say("họp rồi")
        await tab.next("ack")


async def test_a_tab_far_behind_is_closed_and_the_others_go_on():
    slow, quick = OpenTab(None, "vp"), OpenTab(None, "vp")
    tabs = Tabs()
    tabs.add(slow)
    for number in range(QUEUE):
        tabs.push("vp", {"number": number})
    tabs.add(quick)
    tabs.push("vp", {"number": QUEUE})
    assert slow._queue.get_nowait() is None
    assert quick._queue.get_nowait() == {"number": QUEUE}
