"""The Bot API methods of the fake, with Telegram's rules: (world, parameters) -> result, or RefusalError."""

import json
import re
import struct
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_world import Button, Chat, RefusalError, Sent, World

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
FILE_BYTES = 50_000_000
PHOTO_BYTES = 10_000_000
DOWNLOAD_BYTES = 20_000_000
COMMAND = re.compile(r"[a-z0-9_]{1,32}")

Params = dict[str, Any]
Method = Callable[[World, Params], Any]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def structure(params: Params, name: str) -> Any:
    """Return a parameter that is JSON, as text (forms) or as itself (JSON bodies)."""
    given = params.get(name)
    try:
        return json.loads(given) if isinstance(given, str) else given
    except ValueError:
        raise RefusalError(400, f"Bad Request: can't parse {name} JSON object") from None


def text_of(params: Params) -> str:
    text = str(params.get("text", "")).strip()
    if not text:
        raise RefusalError(400, "Bad Request: message text is empty")
    if units(text) > TEXT_UNITS:
        raise RefusalError(400, "Bad Request: message is too long")
    return text


def caption_of(params: Params) -> str:
    caption = str(params.get("caption", "")).strip()
    if units(caption) > CAPTION_UNITS:
        raise RefusalError(400, "Bad Request: message caption is too long")
    return caption


def buttons_of(params: Params) -> list[list[Button]]:
    markup = structure(params, "reply_markup")
    if not markup:
        return []
    if set(markup) != {"inline_keyboard"}:
        raise RefusalError(400, "Bad Request: object expected as reply markup")
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"]]
    if any(len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise RefusalError(400, "Bad Request: reply markup is too long")
    return [row for row in rows if row]


def _button(button: Params) -> Button:
    data = button.get("callback_data", "")
    if not 1 <= len(data.encode()) <= 64:
        raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    if not button.get("text", "").strip():
        raise RefusalError(400, 'Bad Request: field "text" of the InlineKeyboardButton must be non-empty')
    return button["text"], data


def _has_preview(params: Params) -> bool:
    return not (structure(params, "link_preview_options") or {}).get("is_disabled", False)


def message_json(chat: Chat, sent: Sent) -> dict[str, Any]:
    """Return the Message the Bot API answers with."""
    result: dict[str, Any] = {"message_id": sent.message_id, "date": int(sent.at), "chat": chat.as_json()}
    if sent.kind == "text":
        return {**result, "text": sent.text}
    size = {"file_id": f"sent-{sent.message_id}", "file_unique_id": "u", "file_size": len(sent.content)}
    if sent.kind == "photo":
        return {**result, "photo": [{**size, "width": 90, "height": 90}]}
    return {**result, "document": {**size, "file_name": sent.file_name}}


def get_me(world: World, _params: Params) -> Any:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
    return {"id": 1, "is_bot": True, "first_name": "bot", "username": world.username, **abilities}


def send_message(world: World, params: Params) -> Any:
    chat = world.open_chat(str(params.get("chat_id", "")))
    content = {"text": text_of(params), "buttons": buttons_of(params), "has_preview": _has_preview(params)}
    return message_json(chat, world.deliver(chat, "sendMessage", kind="text", **content))


def send_document(world: World, params: Params) -> Any:
    chat, content = _upload(world, params, "document")
    return message_json(chat, world.deliver(chat, "sendDocument", kind="document", **content))


def send_photo(world: World, params: Params) -> Any:
    chat, content = _upload(world, params, "photo")
    _check_picture(content["content"])
    return message_json(chat, world.deliver(chat, "sendPhoto", kind="photo", **content))


def _upload(world: World, params: Params, name: str) -> tuple[Chat, Params]:
    chat = world.open_chat(str(params.get("chat_id", "")))
    file = params.get(name)
    if not isinstance(file, tuple):
        raise RefusalError(400, f"Bad Request: there is no {name} in the request")
    file_name, content = file
    if not content:
        raise RefusalError(400, "Bad Request: file must be non-empty")
    if len(content) > FILE_BYTES:
        raise RefusalError(413, "Request Entity Too Large")
    caption, buttons = caption_of(params), buttons_of(params)
    return chat, {"text": caption, "buttons": buttons, "file_name": file_name, "content": content}


def _check_picture(content: bytes) -> None:
    if len(content) > PHOTO_BYTES:
        raise RefusalError(400, "Bad Request: file is too big")
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 24:
        raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise RefusalError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


def edit_message_text(world: World, params: Params) -> Any:
    chat = world.open_chat(str(params.get("chat_id", "")))
    text, buttons = text_of(params), buttons_of(params)
    sent = _editable(chat, int(params.get("message_id", 0)))
    if (sent.text, sent.buttons) == (text, buttons):
        same = "specified new message content and reply markup are exactly the same"
        raise RefusalError(400, f"Bad Request: message is not modified: {same} as a current content")
    sent.edits.append(sent.text)
    sent.text, sent.buttons = text, buttons
    return message_json(chat, sent)


def _editable(chat: Chat, message_id: int) -> Sent:
    sent = chat.messages.get(message_id)
    if sent is None:
        why = "can't be edited" if message_id in chat.written else "to edit not found"
        raise RefusalError(400, f"Bad Request: message {why}")
    if sent.kind != "text":
        raise RefusalError(400, "Bad Request: there is no text in the message to edit")
    return sent


def get_file(world: World, params: Params) -> Any:
    file_id = str(params.get("file_id", ""))
    if file_id not in world.files:
        raise RefusalError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    size = len(world.files[file_id][1])
    if size > DOWNLOAD_BYTES:
        raise RefusalError(400, "Bad Request: file is too big")
    return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": f"documents/{file_id}"}


def answer_callback_query(world: World, params: Params) -> Any:
    query = str(params.get("callback_query_id", ""))
    if query not in world.queries:
        old = "query is too old and response timeout expired or query ID is invalid"
        raise RefusalError(400, f"Bad Request: {old}")
    world.answered.append(query)
    return True


def set_my_commands(world: World, params: Params) -> Any:
    menu = [(one["command"], one["description"]) for one in structure(params, "commands")]
    for command, words in menu:
        if not COMMAND.fullmatch(command):
            raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(words) <= 256:
            raise RefusalError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    world.menus[_scope(world, params).chat_id] = menu
    return True


def delete_my_commands(world: World, params: Params) -> Any:
    world.menus.pop(_scope(world, params).chat_id, None)
    return True


def _scope(world: World, params: Params) -> Chat:
    scope = structure(params, "scope") or {}
    if scope.get("type") != "chat":
        raise RefusalError(400, "Bad Request: this fake knows only the scope of a chat")
    return world.open_chat(str(scope["chat_id"]))


def send_chat_action(world: World, params: Params) -> Any:
    world.typing.append(world.open_chat(str(params.get("chat_id", ""))).chat_id)
    return True


def leave_chat(world: World, params: Params) -> Any:
    chat = world.open_chat(str(params.get("chat_id", "")))
    if chat.kind == "private":
        raise RefusalError(400, "Bad Request: chat member status can't be changed in private chats")
    chat.closed = "bot is not a member of the group chat"
    return True


def get_webhook_info(world: World, _params: Params) -> Any:
    waiting = {"has_custom_certificate": False, "pending_update_count": len(world.updates)}
    return {"url": world.webhook, **waiting}


def set_webhook(world: World, params: Params) -> Any:
    world.webhook = str(params.get("url", ""))
    return True


def delete_webhook(world: World, params: Params) -> Any:
    world.webhook = ""
    if str(params.get("drop_pending_updates", "")).lower() == "true":
        world.updates.clear()
        world.arrived.clear()
    return True


_SEND = {"chat_id", "reply_markup", "disable_notification", "protect_content", "reply_parameters"}
# Every other parameter is refused, unlike Telegram: one more is a mistake, parse_mode above all.
METHODS: dict[str, tuple[Method, set[str]]] = {
    "getMe": (get_me, set()),
    "sendMessage": (send_message, _SEND | {"text", "link_preview_options"}),
    "sendDocument": (send_document, _SEND | {"document", "caption"}),
    "sendPhoto": (send_photo, _SEND | {"photo", "caption"}),
    "editMessageText": (
        edit_message_text,
        {"chat_id", "message_id", "text", "reply_markup", "link_preview_options"},
    ),
    "getFile": (get_file, {"file_id"}),
    "answerCallbackQuery": (answer_callback_query, {"callback_query_id", "text", "show_alert"}),
    "setMyCommands": (set_my_commands, {"commands", "scope", "language_code"}),
    "deleteMyCommands": (delete_my_commands, {"scope", "language_code"}),
    "sendChatAction": (send_chat_action, {"chat_id", "action"}),
    "leaveChat": (leave_chat, {"chat_id"}),
    "getWebhookInfo": (get_webhook_info, set()),
    "setWebhook": (set_webhook, {"url", "allowed_updates", "secret_token", "drop_pending_updates"}),
    "deleteWebhook": (delete_webhook, {"drop_pending_updates"}),
}
