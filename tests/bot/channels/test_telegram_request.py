"""The transport tells "never left" from "left, no answer", and says nothing of the address."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram_request import (
    AiohttpRequest,
    FloodWaitError,
    NotSentError,
    environment_proxy,
)

SECRET = "bot12:SECRET"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest(proxy="")
    yield request
    await request.shutdown()


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Handler], Awaitable[str]]]:
    servers: list[asyncio.Server] = []

    async def begin(handler: Handler) -> str:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{SECRET}/sendMessage"

    yield begin
    for server in servers:
        server.close()
        await server.wait_closed()


def data(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def failing(request: AiohttpRequest, url: str, **timeouts: float) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await request.post(url, data(text="x"), **timeouts)
    error = caught.value
    assert "SECRET" not in repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None, "the context would carry the address into a log"
    return error


async def test_refused_connection_was_not_sent(request_: AiohttpRequest) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert isinstance(await failing(request_, f"http://127.0.0.1:{port}/{SECRET}"), NotSentError)


async def test_unknown_name_was_not_sent(request_: AiohttpRequest) -> None:
    assert isinstance(await failing(request_, f"http://nowhere.invalid/{SECRET}"), NotSentError)


async def test_address_that_is_none_was_not_sent(request_: AiohttpRequest) -> None:
    assert isinstance(await failing(request_, f"http://:80:80/{SECRET}"), NotSentError)


async def test_broken_certificate_was_not_sent(request_: AiohttpRequest, serve) -> None:
    async def no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"this is not TLS")
        writer.close()

    url = (await serve(no_tls)).replace("http:", "https:")
    assert isinstance(await failing(request_, url), NotSentError)


async def test_handshake_that_takes_too_long_was_not_sent(request_: AiohttpRequest, serve) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    url = (await serve(silent)).replace("http:", "https:")
    assert isinstance(await failing(request_, url, connect_timeout=0.05), NotSentError)


async def test_answer_that_does_not_come_may_have_been_sent(request_: AiohttpRequest, serve) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    error = await failing(request_, await serve(silent), read_timeout=0.05)
    assert isinstance(error, TimedOut)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{", b"nonsense\r\n\r\n"])
async def test_cut_or_garbled_answer_may_have_been_sent(request_: AiohttpRequest, serve, begun) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(begun)
        writer.close()

    error = await failing(request_, await serve(cut))
    assert isinstance(error, NetworkError)
    assert not isinstance(error, NotSentError)


def answering(status: str, body: bytes) -> Handler:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nDate: Thu, 03 Mar 2022 13:05:00 GMT\r\n\r\n"
        writer.write(head.encode() + body)
        writer.close()

    return answer


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("429 Slow", b'{"ok":false,"parameters":{"retry_after":9}}', FloodWaitError),
        ("429 Slow", b"[]", FloodWaitError),
        ("413 Big", b"<html>", BadRequest),
        ("502 Bad", b"<html>/bot12:SECRET/</html>", NetworkError),
        ("301 Moved", b"", NetworkError),
        ("200 OK", b"<html>bot12:SECRET</html>", TelegramError),
        ("200 OK", b'{"ok":true}', TelegramError),
        ("200 OK", b'["result"]', TelegramError),
        ("200 OK", b'"result" {', TelegramError),
    ],
)
async def test_answers_that_are_no_result(request_: AiohttpRequest, serve, status, body, kind) -> None:
    assert type(await failing(request_, await serve(answering(status, body)))) is kind


async def test_result_and_date_are_read(request_: AiohttpRequest, serve) -> None:
    assert request_.date == ""
    url = await serve(answering("200 OK", b'{"ok":true,"result":{"id":1}}'))
    assert await request_.post(url, data(text="x")) == {"id": 1}
    assert request_.date == "Thu, 03 Mar 2022 13:05:00 GMT"


async def test_closing_twice_and_opening_again_is_no_error(request_: AiohttpRequest, serve) -> None:
    url = await serve(answering("200 OK", b'{"ok":true,"result":true}'))
    await request_.initialize()
    await request_.shutdown()
    await request_.shutdown()
    assert await request_.post(url, data(text="x")) is True


async def test_proxy_is_used_where_one_is_named(serve) -> None:
    proxy = (await serve(answering("200 OK", b'{"ok":true,"result":true}'))).rsplit("/", 2)[0]
    request = AiohttpRequest(proxy=proxy)
    assert await request.post("http://nowhere.invalid/x", data(text="x")) is True
    await request.shutdown()


def test_proxy_of_the_environment_is_taken_but_not_for_this_machine(monkeypatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert environment_proxy("https://api.telegram.org/x") == "http://proxy.example:3128"
    assert environment_proxy("http://127.0.0.1:8081/x") == ""
    monkeypatch.setenv("no_proxy", "api.telegram.org")
    assert environment_proxy("https://api.telegram.org/x") == ""
