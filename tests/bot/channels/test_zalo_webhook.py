"""The webhook over a real socket: stored before the 200, the secret, both forms, probes, several bots, links."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.channels.base import File
from bot.channels.zalo.api import Api
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.links import FileLinks
from bot.channels.zalo.webhook import MOST_BYTES, PageWords, WebhookServer
from tests.bot.channels.zalo_parts import NOW, Core, Pauses, stopped
from tests.fakes.zalo_server import HEADER, SECRET, ZaloServer

PUBLIC = "https://bot.example.vn"
WORDS = PageWords("Trợ lý chi bộ", "Tải tệp về", "Tệp này không còn.")
UPDATE = {
    "event_name": "message.text.received",
    "message": {"chat": {"id": "ab", "chat_type": "PRIVATE"}, "message_id": "m1", "text": "họp 3/3", "date": 1},
}


class Site:
    """A webhook server with one or two bots behind it."""

    def __init__(self, zalo: ZaloServer, links: FileLinks | None = None) -> None:
        self.zalo = zalo
        self.links = links
        self.server = WebhookServer("127.0.0.1", 0, links, WORDS)
        self.pauses = Pauses()
        self.core = Core()

    def channel(self, bot: str = "mot") -> ZaloChannel:
        return ZaloChannel(
            Api(self.zalo.transport()),
            bot,
            lambda: NOW,
            server=self.server,
            secret=SECRET,
            webhook_url=f"{PUBLIC}/zalo/{bot}",
            pause=self.pauses,
        )

    def url(self, bot: str = "mot") -> str:
        return f"http://127.0.0.1:{self.server.port}/zalo/{bot}"

    async def post(self, content, bot="mot", secret=SECRET, **body) -> int:
        given = body or {"json": content}
        headers = {} if secret is None else {HEADER: secret}
        async with aiohttp.ClientSession() as client, client.post(self.url(bot), headers=headers, **given) as response:
            return response.status

    async def announced(self, bots: int) -> None:
        """Wait until so many bots have told Zalo where to deliver."""
        calls = self.zalo.world.calls
        await self.zalo.world.until(lambda: sum(method == "setWebhook" for method, _ in calls) >= bots)

    @asynccontextmanager
    async def receiving(self, *bots: str) -> AsyncIterator[None]:
        self.zalo.world.calls.clear()
        tasks = [asyncio.create_task(self.channel(bot).receive(self.core.accept)) for bot in bots or ("mot",)]
        await self.announced(len(tasks))
        try:
            yield
        finally:
            for task in tasks:
                await stopped(task)


@pytest.fixture
def site() -> Site:
    return Site(ZaloServer())


async def test_zalo_is_told_where_to_deliver(site):
    async with site.receiving():
        assert (site.zalo.bot.webhook, site.zalo.bot.secret) == (f"{PUBLIC}/zalo/mot", SECRET)


@pytest.mark.parametrize("form", ["flat", "wrapped"])
async def test_both_forms_reach_the_core(site, form):
    site.zalo.user("lan").says("họp 3/3 18/20")
    async with site.receiving():
        assert await site.zalo.post_updates(site.url(), form=form) == [200]
        assert await site.core.until(1) == ["họp 3/3 18/20"]


async def test_the_200_comes_after_the_commit(site):
    site.core.held = asyncio.Event()
    async with site.receiving():
        posting = asyncio.create_task(site.post(UPDATE))
        await site.core.until_offered(1)
        assert not posting.done()
        site.core.held.set()
        assert await posting == 200
    assert len(site.core.committed) == 1


async def test_what_could_not_be_stored_is_not_confirmed(site):
    site.core.failures = 1
    async with site.receiving():
        assert await site.post(UPDATE) == 500
        assert await site.post(UPDATE) == 200
    assert len(site.core.committed) == 1


async def test_a_duplicate_is_the_same_update(site):
    async with site.receiving():
        assert [await site.post(UPDATE) for _ in range(3)] == [200, 200, 200]
    assert site.core.offered == 3
    assert len(site.core.committed) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong-secret", SECRET + "x", "mật-khẩu".encode().decode("latin-1")])
async def test_without_the_secret_nothing_is_taken(site, secret):
    async with site.receiving():
        assert await site.post(UPDATE, secret=secret) == 401
    assert site.core.offered == 0


async def test_an_empty_probe_is_answered_even_without_the_secret(site):
    async with site.receiving():
        assert await site.post(None, secret=None, data=b"") == 200
        assert await site.post(None, secret=None, data=b" \n") == 200
        assert await site.post(None, data=b"{}") == 200
        async with aiohttp.ClientSession() as client, client.get(site.url()) as response:
            assert response.status == 200
    assert site.core.offered == 0


async def test_what_cannot_be_read_is_parked_and_confirmed(site):
    async with site.receiving():
        assert await site.post(None, data=b"{not json \xff") == 200
    assert site.core.committed[0].incoming is None


async def test_a_huge_body_is_refused_before_it_is_kept(site):
    async with site.receiving():
        assert await site.post(None, data=b"x" * (MOST_BYTES + 1)) == 413
    assert site.core.offered == 0


async def test_two_bots_share_the_port_and_are_told_apart(site):
    async with site.receiving("mot", "hai"):
        assert await site.post(UPDATE, "mot") == 200
        assert await site.post({**UPDATE, "message": {**UPDATE["message"], "message_id": "m2"}}, "hai") == 200
        assert await site.post(UPDATE, "ba") == 503
    assert [one.bot for one in site.core.committed] == ["mot", "hai"]


async def test_one_bot_may_stop_without_the_other(site):
    async with site.receiving():
        leaving = asyncio.create_task(site.channel("hai").receive(site.core.accept))
        await site.announced(2)
        await stopped(leaving)
        assert await site.post(UPDATE, "hai") == 503
        assert await site.post(UPDATE, "mot") == 200


async def test_the_port_is_free_again_after_the_last_has_stopped(site):
    async with site.receiving():
        port = site.server.port
    with pytest.raises(aiohttp.ClientConnectorError):
        await site.post(UPDATE)
    again = Site(site.zalo)
    again.server = WebhookServer("127.0.0.1", port, None, WORDS)
    async with again.receiving():
        assert await again.post(UPDATE) == 200


async def test_zalo_is_told_again_until_it_has_heard(site):
    site.zalo.world.fail_next("setWebhook", times=2, code=403, description="Internal server error")
    async with site.receiving():
        assert len(site.pauses.seconds) == 2


async def test_other_machines_cannot_reach_the_port():
    for host in ("0.0.0.0", "192.168.1.5", "bot.example.vn", ""):
        with pytest.raises(ValueError, match="only listens on this machine"):
            WebhookServer(host, 0, None, WORDS)


async def test_a_link_shows_a_button_first_and_gives_its_file_once(site):
    links = FileLinks(PUBLIC, 30, lambda: NOW)
    site = Site(ZaloServer(), links)
    path = "/tep/" + links.offer(File("Báo cáo <quý> I.docx", b"PK", "application/msword")).rpartition("/")[2]
    async with site.receiving(), aiohttp.ClientSession(f"http://127.0.0.1:{site.server.port}") as client:
        for _ in range(2):  # a chat program draws its preview
            async with client.get(path) as response:
                page = await response.text()
                assert response.status == 200
                assert "Báo cáo &lt;quý&gt; I.docx" in page
                assert response.headers["Cache-Control"] == "no-store"
        async with client.post(path) as response:
            assert await response.read() == b"PK"
            assert "B%C3%A1o%20c%C3%A1o" in response.headers["Content-Disposition"]
        for method in (client.get, client.post):
            async with method(path) as response:
                assert response.status == 404
                assert "không còn" in await response.text()


async def test_a_polling_bot_serves_links_too():
    zalo = ZaloServer()
    zalo.world.idle_seconds = 0.05
    links = FileLinks(PUBLIC, 30, lambda: NOW)
    server, core = WebhookServer("127.0.0.1", 0, links, WORDS), Core()
    channel = ZaloChannel(Api(zalo.transport()), "mot", lambda: NOW, server=server, links=links, pause=Pauses())
    task = asyncio.create_task(channel.receive(core.accept))
    zalo.user("lan").says("chào")
    assert await core.until(1) == ["chào"]
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{server.port}/tep/x") as response:
        assert response.status == 404
    await stopped(task)
    assert task.cancelled()
