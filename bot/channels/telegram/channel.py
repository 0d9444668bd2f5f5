"""TelegramChannel: the Channel protocol over python-telegram-bot's Bot."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatAction
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import Accept, Capabilities, File, Limits, Outgoing, Received, SendError
from bot.channels.telegram import check, errors
from bot.channels.telegram import incoming as updates
from bot.channels.telegram.polling import Pause, Poller
from bot.channels.telegram_request import AiohttpRequest
from models.messages import Incoming

log = logging.getLogger(__name__)

OFFICIAL: Final = "https://api.telegram.org"
LIMITS: Final = Limits(per_second=25, per_chat=1, per_group=20 / 60)
CAPTION_UNITS: Final = 1024
PHOTO_BYTES: Final = 10_000_000
FILE_BYTES: Final = 50_000_000
POLL_SECONDS: Final = 30
ANSWER_SECONDS: Final = 5  # a spinner or "typing" is worth no longer wait
PRESSES_KEPT: Final = 4096
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")


def utc_now() -> datetime:
    """Return the machine's time, aware."""
    return datetime.now(UTC)


def quiet_loggers() -> None:
    """Keep tokens and people's words out of logs: HTTP libraries log addresses, PTB whole updates."""
    for name in ("httpx", "httpcore", "aiohttp", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)


def invite_link(username: str, code: str) -> str:
    """Return the deep link that opens the bot and sends `/start CODE`."""
    return f"https://t.me/{username}?start={code}"


class TelegramChannel:
    """One bot of Telegram.

    `base_url` is a Bot API server other than Telegram's own, without a path; `clock` gives the aware
    time; `pause` waits some seconds.
    """

    name = "telegram"

    def __init__(  # noqa: PLR0913  # everything it depends on is passed in
        self,
        token: str,
        bot: str,
        base_url: str | None = None,
        limits: Limits = LIMITS,
        *,
        clock: Callable[[], datetime] = utc_now,
        pause: Pause = asyncio.sleep,
        poll_seconds: int = POLL_SECONDS,
        proxy: str | None = None,
    ) -> None:
        self.bot = bot
        self.capabilities = Capabilities()
        self.limits = limits
        self._clock = clock
        self._pause = pause
        self._presses: OrderedDict[str, str] = OrderedDict()
        self._request = AiohttpRequest(proxy)
        server = (base_url or OFFICIAL).rstrip("/")
        # Bot.initialize is never called: it asks getMe and quotes the token in its error.
        self._api = Bot(
            token,
            f"{server}/bot",
            f"{server}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._poller = Poller(self._api, self._read, pause, poll_seconds)

    async def receive(self, accept: Accept) -> None:
        """Poll until cancelled; what `accept` raises ends it, with its batch unconfirmed."""
        await self._poller.run(accept)

    async def send(self, outgoing: Outgoing) -> str:
        """Send one message and return its id; a text too long for a caption goes ahead of its file.

        Raises SendError; reason "partial" where the text has left and its file has not.
        """
        file = outgoing.file
        if file is None:
            return await self._said(self._text(outgoing))
        if len(file.content) > FILE_BYTES:
            raise SendError("refused", "too_large")
        if _units(outgoing.text) <= CAPTION_UNITS:
            return await self._said(self._file(outgoing, file, outgoing.text))
        return await self._text_then_file(outgoing, file)

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Replace the text and the buttons of a message; equal ones are no error. Raises SendError.

        A message with a file cannot be replaced: refused as "not_editable".
        """
        if outgoing.file is not None or not message_id.isdecimal():
            raise SendError("refused", "not_editable")
        try:
            await self._api.edit_message_text(
                outgoing.text,
                outgoing.address,
                int(message_id),
                reply_markup=_keyboard(outgoing),
                link_preview_options=_NO_PREVIEW,
            )
        except TelegramError as error:
            if not errors.is_unchanged(error):
                raise errors.send_error(error, self._clock()) from error

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes of a file that came in (Telegram gives up to 20 MB). Raises SendError."""
        try:
            file = await self._called(self._api.get_file(file_id))
            return await self._called(self._download(file.file_path or ""))
        except SendError as error:
            raise errors.retriable(error) from error

    async def answer(self, incoming: Incoming) -> None:
        """Stop the spinner of a press, show "typing" for anything a person wrote; never raises."""
        if incoming.kind == "press":
            query = self._presses.pop(incoming.update_id, "")
            if query:
                await self._try(self._api.answer_callback_query(query, read_timeout=ANSWER_SECONDS))
        elif incoming.kind not in ("group", "blocked", "migrated"):
            await self._try(
                self._api.send_chat_action(incoming.address, ChatAction.TYPING, read_timeout=ANSWER_SECONDS)
            )

    async def set_menu(self, address: str, commands: Sequence[tuple[str, str]]) -> None:
        """Show these (command, description) in the person's menu, none for the bot's own; never raises."""
        scope = BotCommandScopeChat(address)
        menu = [BotCommand(command.lstrip("/"), words) for command, words in commands]
        if menu:
            await self._try(self._api.set_my_commands(menu, scope))
        else:
            await self._try(self._api.delete_my_commands(scope))

    async def leave(self, address: str) -> None:
        """Leave a group; never raises."""
        await self._try(self._api.leave_chat(address))

    async def check(self) -> check.Facts:
        """Return what Telegram says of this bot; never raises."""
        try:
            username, webhook_set = await check.ask(self._api)
        except TelegramError as error:
            return check.failed(error, self._clock_difference())
        return check.Facts(
            ok=True, username=username, webhook_set=webhook_set, clock_difference=self._clock_difference()
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    def _clock_difference(self) -> float | None:
        return check.difference(self._request.date, self._clock())

    def _read(self, raw: dict[str, Any]) -> Received | None:
        query = updates.callback_id(raw)
        if query:
            self._presses[str(raw["update_id"])] = query
            if len(self._presses) > PRESSES_KEPT:
                self._presses.popitem(last=False)
        return updates.received(raw, self.name, self.bot, self._clock())

    async def _text(self, outgoing: Outgoing, *, buttons: bool = True) -> Message:
        return await self._api.send_message(
            outgoing.address,
            outgoing.text,
            reply_markup=_keyboard(outgoing) if buttons else None,
            link_preview_options=_NO_PREVIEW,
        )

    async def _text_then_file(self, outgoing: Outgoing, file: File) -> str:
        await self._said(self._text(outgoing, buttons=False))
        await self._pause(1 / self.limits.per_chat)
        try:
            return await self._said(self._file(outgoing, file, ""))
        except SendError as error:
            # A second try would say the text twice: that is for the dispatcher's policy to decide.
            if error.kind == "unsent":
                raise SendError("uncertain", "partial") from error
            raise

    async def _file(self, outgoing: Outgoing, file: File, caption: str) -> Message:
        document = InputFile(file.content, filename=file.name)
        keyboard = _keyboard(outgoing)
        if file.media_type == "image/png" and len(file.content) <= PHOTO_BYTES:
            try:
                return await self._api.send_photo(
                    outgoing.address, document, caption=caption or None, reply_markup=keyboard
                )
            except TelegramError as error:
                if not errors.is_picture_refused(error):
                    raise
        return await self._api.send_document(outgoing.address, document, caption=caption or None, reply_markup=keyboard)

    async def _download(self, url: str) -> bytes:
        try:
            return await self._request.retrieve(url)
        except InvalidToken as error:  # PTB's word for any 404: here the link has expired
            raise SendError("refused", "no_file") from error

    async def _said(self, call: Awaitable[Message]) -> str:
        return str((await self._called(call)).message_id)

    async def _called(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except TelegramError as error:
            raise errors.send_error(error, self._clock()) from error

    async def _try(self, call: Awaitable[object]) -> None:
        try:
            await call
        except TelegramError as error:
            log.info("A courtesy call failed: %s (%s)", errors.meaning(error)[1], type(error).__name__)


def _keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    if not outgoing.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=action) for label, action in row] for row in outgoing.buttons]
    )


def _units(text: str) -> int:
    """Return the length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
