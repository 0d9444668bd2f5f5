"""What people do to the bot in the fake Telegram, and what they see of it."""

from typing import Any

from tests.fakes.telegram_world import Chat, Sent, World


class User:
    """A person with a private chat, and what they do; every deed returns its message or update id."""

    def __init__(self, world: World, user_id: int, name: str) -> None:
        self.id = user_id
        self.name = name
        self._world = world
        self.chat = Chat(user_id, "private", name, closed="bot can't initiate conversation with a user")
        world.chats[user_id] = self.chat

    @property
    def inbox(self) -> list[Sent]:
        """The bot's messages here, oldest first."""
        return list(self.chat.messages.values())

    def says(self, text: str) -> int:
        return self._writes(text=text)

    def forwards(self, text: str) -> int:
        origin = {"type": "hidden_user", "sender_user_name": "Một người", "date": self._now()}
        return self._writes(text=text, forward_origin=origin)

    def edits(self, message_id: int, text: str) -> int:
        """Change what they wrote; return the update's id."""
        message = {**self._message(message_id), "edit_date": self._now(), "text": text}
        return self._world.push("edited_message", message)

    def sends_photo(self, caption: str = "") -> int:
        size = {"file_id": "photo", "file_unique_id": "p", "width": 90, "height": 90}
        return self._writes(photo=[size], **_caption(caption))

    def sends_voice(self) -> int:
        return self._writes(voice={"file_id": "voice", "file_unique_id": "v", "duration": 3})

    def sends_sticker(self) -> int:
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._writes(sticker={"file_id": "sticker", "file_unique_id": "s", **shape})

    def sends_document(self, name: str, content: bytes, caption: str = "") -> str:
        """Send a file and return its file id."""
        file_id = f"file-{self._world.next_id()}"
        self._world.files[file_id] = (name, content)
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name}
        self._writes(document={**document, "file_size": len(content)}, **_caption(caption))
        return file_id

    def presses(self, label_or_data: str) -> str:
        """Press the newest button of that label or data and return the query's id."""
        for sent in reversed(self.inbox):
            for label, data in (button for row in sent.buttons for button in row):
                if label_or_data in (label, data):
                    return self.presses_on(sent.message_id, data)
        raise AssertionError(f"no button {label_or_data!r} in the inbox of {self.name}")

    def presses_on(self, message_id: int, data: str) -> str:
        """Press a button of a message, however old, and return the query's id."""
        query = f"query-{self._world.next_id()}"
        self._world.queries.add(query)
        bot = {"id": 1, "is_bot": True, "first_name": "bot"}
        message = {"message_id": message_id, "date": self._now(), "chat": self.chat.as_json(), "from": bot}
        content = {"id": query, "from": self._as_json(), "chat_instance": "1", "data": data}
        self._world.push("callback_query", {**content, "message": message})
        return query

    def blocks(self) -> int:
        """Block the bot; return the update's id."""
        self.chat.closed = "bot was blocked by the user"
        return self._membership(self.chat, "kicked", until_date=0)

    def unblocks(self) -> int:
        self.chat.closed = ""
        return self._membership(self.chat, "member")

    def vanishes(self) -> None:
        """Delete the account: nothing is told to the bot, sends are refused."""
        self.chat.closed = "user is deactivated"

    def adds_to_group(self, title: str = "Nhóm", kind: str = "group") -> "Group":
        group = Group(self._world, title, kind)
        self._membership(group.chat, "member")
        return group

    def writes_in(self, group: "Group", text: str) -> int:
        """Say something in a group; return the update's id."""
        return self._world.push("message", {**self._message(chat=group.chat), "text": text})

    def _writes(self, **content: Any) -> int:
        self.chat.closed = ""
        message = self._message()
        self._world.push("message", {**message, **content})
        return int(message["message_id"])

    def _message(self, message_id: int = 0, chat: Chat | None = None) -> dict[str, Any]:
        chat = chat or self.chat
        message_id = message_id or self._world.next_id()
        chat.written.add(message_id)
        place = {"chat": chat.as_json(), "from": self._as_json()}
        return {"message_id": message_id, "date": self._now(), **place}

    def _membership(self, chat: Chat, status: str, **details: Any) -> int:
        bot = {"id": 1, "is_bot": True, "first_name": "bot"}
        old, new = {"status": "left", "user": bot}, {"status": status, "user": bot, **details}
        change = {"chat": chat.as_json(), "from": self._as_json(), "date": self._now()}
        return self._world.push("my_chat_member", {**change, "old_chat_member": old, "new_chat_member": new})

    def _as_json(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}

    def _now(self) -> int:
        return int(self._world.clock())


class Group:
    """A group the bot was added to."""

    def __init__(self, world: World, title: str, kind: str) -> None:
        self._world = world
        self.chat = Chat(-(1000 + world.next_id()), kind, title)
        world.chats[self.chat.chat_id] = self.chat

    def migrates(self) -> int:
        """Become a supergroup; return its new chat id."""
        new = Chat(-1_000_000_000_000 + self.chat.chat_id, "supergroup", self.chat.title)
        self._world.chats[new.chat_id] = new
        self.chat.moved_to = new.chat_id
        place = {"chat": self.chat.as_json(), "date": int(self._world.clock())}
        message = {"message_id": self._world.next_id(), **place, "migrate_to_chat_id": new.chat_id}
        self._world.push("message", message)
        return new.chat_id

    def removes_bot(self) -> None:
        self.chat.closed = "bot was kicked from the group chat"


def _caption(caption: str) -> dict[str, str]:
    return {"caption": caption} if caption else {}
