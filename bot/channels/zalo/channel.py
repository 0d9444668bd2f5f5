"""ZaloChannel: the Channel protocol over one bot of the Zalo Bot API."""

import asyncio
import logging
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from bot.channels.base import Accept, Capabilities, Limits, Outgoing, Received, SendError
from bot.channels.zalo import check, errors, incoming
from bot.channels.zalo.api import Api, ZaloError
from bot.channels.zalo.links import FileLinks
from bot.channels.zalo.polling import POLL_SECONDS, Pause, Poller, delay
from bot.channels.zalo.webhook import WebhookServer
from bot.splitting import units
from models.messages import Incoming

log = logging.getLogger(__name__)

NAME: Final = "zalo"
TEXT_UNITS: Final = 2000
# Zalo publishes no rate; a person reads no faster than this.
LIMITS: Final = Limits(per_second=10, per_chat=1, per_group=1)
TYPING_SECONDS: Final = 5.0  # "typing" is worth no longer wait
ANSWERED: Final = ("text", "photo", "voice", "sticker", "file", "other")

LinkLine = Callable[[str, str], str]  # (name of the file, address) -> the line that offers it
Close = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """Close nothing."""


class ZaloChannel:
    """One bot of Zalo, `bot` being its name in our tables.

    server and secret: by webhook at `webhook_url`; without a secret it polls. links and link_line: files go out as
    one-time links, else not at all. clock gives the aware time; pause waits some seconds; close ends the transport.
    """

    name = NAME

    def __init__(  # noqa: PLR0913  # everything it depends on is passed in
        self,
        api: Api,
        bot: str,
        clock: Callable[[], datetime],
        *,
        monthly: int = 0,
        server: WebhookServer | None = None,
        secret: str = "",
        webhook_url: str = "",
        links: FileLinks | None = None,
        link_line: LinkLine | None = None,
        typing: bool = True,
        pause: Pause = asyncio.sleep,
        poll_seconds: int = POLL_SECONDS,
        close: Close = _nothing,
    ) -> None:
        self.bot = bot
        self.limits = LIMITS
        self.capabilities = Capabilities(
            buttons=False,
            edit=False,
            files=links is not None,
            text_limit=TEXT_UNITS,
            fetch=False,
            monthly=monthly,
        )
        self._api = api
        self._clock = clock
        self._server = server
        self._secret = secret
        self._webhook_url = webhook_url
        self._links = links
        self._link_line = link_line
        self._typing = typing
        self._pause = pause
        self._close = close
        self._poller = Poller(api, self._read, pause, poll_seconds)

    async def receive(self, accept: Accept) -> None:
        """Receive until cancelled, by webhook or by polling; what has been read from Zalo is committed before."""
        if self._server is None:
            await self._poller.run(accept)
            return
        async with self._server.listening() as serving:
            if self._secret:
                await self._serve(self._server, accept, serving)
            else:
                await self._poll_beside(accept, serving)

    async def send(self, outgoing: Outgoing) -> str:
        """Send one text, a file as a one-time link under it; return the message's id. Raises SendError."""
        text = self._text(outgoing)
        if not text.strip():
            raise SendError("refused", "content")
        if units(text) > TEXT_UNITS:
            raise SendError("refused", "too_large")
        try:
            result = await self._api.call("sendMessage", {"chat_id": outgoing.address, "text": text})
        except ZaloError as error:
            raise errors.send_error(error, self._clock()) from None
        return str(result.get("message_id", "")) if isinstance(result, dict) else ""

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:  # noqa: ARG002  # the seam's signature
        """Refuse: what has been sent on Zalo cannot be changed. Raises SendError."""
        raise SendError("refused", "not_editable")

    async def fetch(self, file_id: str) -> bytes:  # noqa: ARG002  # the seam's signature
        """Refuse: bots get no files, and pictures are not read. Raises SendError."""
        raise SendError("refused", "no_file")

    async def answer(self, incoming: Incoming) -> None:
        """Show "typing" for anything a person wrote; never raises."""
        if not self._typing or incoming.kind not in ANSWERED:
            return
        try:
            await self._api.call("sendChatAction", {"chat_id": incoming.address, "action": "typing"}, TYPING_SECONDS)
        except ZaloError as error:
            log.info("A courtesy call failed: %s", errors.meaning(error)[1])

    async def set_menu(self, address: str, commands: Sequence[tuple[str, str]]) -> None:
        """Do nothing: Zalo's bots have no command menu, people type."""

    async def leave(self, address: str) -> None:
        """Do nothing: a bot cannot leave a group; what is said there is not carried."""

    async def check(self) -> check.Facts:
        """Return what Zalo says of this bot; never raises."""
        return await check.ask(self._api, self.bot, self._webhook_url if self._secret else "", self._clock())

    async def close(self) -> None:
        """Close the connections."""
        await self._close()

    async def _serve(self, server: WebhookServer, accept: Accept, serving: "asyncio.Task[None]") -> None:
        async def take(update: Any) -> None:
            received = self._read(update)
            if received is not None:
                await accept([received])

        with server.taking(self.bot, self._secret, take):
            announcing = asyncio.create_task(self._announce())
            try:
                await asyncio.shield(serving)
            finally:
                announcing.cancel()
                with suppress(asyncio.CancelledError):
                    await announcing

    async def _poll_beside(self, accept: Accept, serving: "asyncio.Task[None]") -> None:
        polling = asyncio.create_task(self._poller.run(accept))
        try:
            await asyncio.wait({polling, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    async def _announce(self) -> None:
        """Tell Zalo where to deliver, until it has heard; what it knew before may have another secret."""
        failures = 0
        while True:
            try:
                await self._api.call("setWebhook", {"url": self._webhook_url, "secret_token": self._secret})
            except ZaloError as error:
                failures += 1
                seconds = delay(error, failures)
                log.warning(
                    "setWebhook failed: %d %s; next try in %.1f s", error.code, errors.meaning(error)[1], seconds
                )
                await self._pause(seconds)
            else:
                return

    def _read(self, raw: Any) -> Received | None:
        return incoming.received(raw, self.name, self.bot, self._clock())

    def _text(self, outgoing: Outgoing) -> str:
        text = outgoing.text
        if outgoing.file and self._links and self._link_line:
            line = self._link_line(outgoing.file.name, self._links.offer(outgoing.file))
            text = f"{text}\n{line}" if text else line
        return unicodedata.normalize("NFC", text)
