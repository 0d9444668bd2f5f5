"""The methods of the fake Zalo Bot API, with Zalo's rules: (world, bot, parameters) -> result, or RefusalError."""

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.zalo_world import Bot, RefusalError, World

TEXT_UNITS = 2000
Params = dict[str, Any]
Method = Callable[[World, Bot, Params], Any]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def chat_of(bot: Bot, params: Params) -> str:
    chat_id = params.get("chat_id")
    if not isinstance(chat_id, str) or not chat_id:
        raise RefusalError(400, "chat_id must be a string")
    if chat_id not in bot.users:
        raise RefusalError(400, "chat not found")
    return chat_id


def words_of(params: Params, name: str) -> str:
    text = params.get(name)
    if not isinstance(text, str) or not text.strip():
        raise RefusalError(400, f"{name} is empty")
    if units(text) > TEXT_UNITS:
        raise RefusalError(400, f"{name} is too long")
    return text


def get_me(_world: World, bot: Bot, _params: Params) -> Any:
    return {"id": bot.bot_id, "account_name": bot.name, "account_type": "BASIC", "can_join_groups": False}


def send_message(world: World, bot: Bot, params: Params) -> Any:
    sent = world.deliver(bot, chat_of(bot, params), words_of(params, "text"))
    return {"message_id": sent.message_id, "date": int(sent.at * 1000)}


def send_photo(world: World, bot: Bot, params: Params) -> Any:
    chat = chat_of(bot, params)
    if urlsplit(str(params.get("photo", ""))).scheme != "https":
        raise RefusalError(400, "photo must be a public https URL")
    caption = words_of(params, "caption") if "caption" in params else ""
    return {"message_id": world.deliver(bot, chat, caption).message_id}


def send_chat_action(_world: World, bot: Bot, params: Params) -> Any:
    if params.get("action") != "typing":
        raise RefusalError(400, "unknown action")
    bot.typing.append(chat_of(bot, params))
    return True


def set_webhook(world: World, bot: Bot, params: Params) -> Any:
    url, secret = urlsplit(str(params.get("url", ""))), params.get("secret_token")
    if url.scheme != "https" or not url.hostname or _private(url.hostname):
        raise RefusalError(400, "url must be a public https address")
    if not isinstance(secret, str) or not 8 <= len(secret) <= 256:
        raise RefusalError(400, "secret_token must have 8 to 256 characters")
    bot.webhook, bot.secret = url.geturl(), secret
    return {"url": bot.webhook, "updated_at": int(world.clock() * 1000)}


def _private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host


def delete_webhook(world: World, bot: Bot, _params: Params) -> Any:
    bot.webhook = bot.secret = ""
    return {"url": "", "updated_at": int(world.clock() * 1000)}


def get_webhook_info(world: World, bot: Bot, _params: Params) -> Any:
    return {"url": bot.webhook, "updated_at": int(world.clock() * 1000)}


# Every other parameter is refused, unlike Zalo: one more is a mistake, parse_mode above all.
METHODS: dict[str, tuple[Method, set[str]]] = {
    "getMe": (get_me, set()),
    "sendMessage": (send_message, {"chat_id", "text"}),
    "sendPhoto": (send_photo, {"chat_id", "photo", "caption"}),
    "sendChatAction": (send_chat_action, {"chat_id", "action"}),
    "setWebhook": (set_webhook, {"url", "secret_token"}),
    "deleteWebhook": (delete_webhook, set()),
    "getWebhookInfo": (get_webhook_info, set()),
}
