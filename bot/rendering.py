"""Sentences by key become text; a message becomes the pieces one channel can show."""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from bot.channels.base import Capabilities
from bot.splitting import split_text, units
from models.messages import Arg, Message, Say

FOLDER = Path(__file__).parent / "texts"
CAPTION_UNITS = 1000  # a file carries less text than a message on every channel that has files
VERBATIM = "verbatim"
SMALLEST = 16  # units of text above a menu; a longer menu is cut like any text

Buttons = tuple[tuple[tuple[str, str], ...], ...]


class TextError(LookupError):
    """A sentence that cannot be said: its key is unknown, or an argument is missing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message that fits one native message; only the last one carries the buttons and the file."""

    text: str
    buttons: Buttons = ()
    last: bool = True


class Texts:
    """Every sentence of bot, page and command line, by key: "meeting.saved" stands in meeting.toml or in [meeting]."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)

    @cached_property
    def typed(self) -> "Texts":
        """The same sentences for channels where nothing can be pressed: what is pressed elsewhere is typed there."""
        pairs = [line.split(" = ") for line in self._sentences.get("system.button_words", "").splitlines()]
        return Texts({key: _replaced(sentence, pairs) for key, sentence in self._sentences.items()})

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Texts":
        """Read every .toml file of a folder. Raises ValueError naming a key that stands twice."""
        sentences: dict[str, str] = {}
        for file in sorted(folder.glob("*.toml")):
            for key, sentence in _flat(_section(file)):
                if key in sentences:
                    raise ValueError(f"{file.name}: {key} stands twice")
                sentences[key] = sentence
        return cls(sentences)

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._sentences)

    def sentence(self, key: str) -> str:
        """Return a sentence as written, with its placeholders. Raises TextError."""
        try:
            return self._sentences[key]
        except KeyError:
            raise TextError(f"no text {key!r} in bot/texts") from None

    def render(self, say: Say) -> str:
        """Return a sentence with its arguments filled in. Raises TextError naming the key."""
        if say.key == VERBATIM:
            return str(say.args["words"])
        sentence = self.sentence(say.key)
        if "{" not in sentence:
            return sentence
        try:
            return sentence.format(**{name: self._value(arg) for name, arg in say.args.items()})
        except (KeyError, IndexError, ValueError) as error:
            raise TextError(f"text {say.key!r}: {type(error).__name__} {error}") from error

    def _value(self, arg: Arg) -> str | int:
        if isinstance(arg, Say):
            return self.render(arg)
        if isinstance(arg, tuple):
            return "\n".join(self.render(part) for part in arg)
        return arg

    def text(self, message: Message) -> str:
        """Return the text of a message, one sentence a line."""
        return "\n".join(self.render(part) for part in message.parts)

    def buttons(self, message: Message) -> Buttons:
        """Return the rows of (label, action) of a message."""
        return tuple(tuple((self.render(b.label), b.action) for b in row) for row in message.buttons if row)


def menu(texts: Texts, message: Message) -> list[list[str]]:
    """Return the menu a message opens, as [label, action] in the order a numbered list shows them."""
    return [[label, action] for row in texts.buttons(message) for label, action in row]


def compose(texts: Texts, message: Message, can: Capabilities, *, question: bool) -> list[Piece]:
    """Return the pieces of a message for a channel, normalised to NFC.

    question: a typed mark answers it, so that a channel without buttons numbers or letters the menu; others only
    name what may be typed. Every piece leaves room for the heading of one that is sent again.
    """
    texts = texts if can.buttons else texts.typed
    buttons = texts.buttons(message)
    text, under, last = texts.text(message), "", 0
    if buttons and not can.buttons:
        under, buttons = _typed(texts, buttons, question=question, lettered=message.lettered), ()
    if message.document and can.files:
        last = CAPTION_UNITS
    elif message.document:
        text = f"{text}\n{texts.render(Say('zalo.file_elsewhere', {'name': message.document.name}))}"
    limit = can.text_limit - units(texts.sentence("system.resent")) - 1
    parts = _pieces(unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", under), limit, last or limit)
    return [Piece(part, last=False) for part in parts[:-1]] + [Piece(parts[-1], buttons)]


def _replaced(sentence: str, pairs: Iterable[Sequence[str]]) -> str:
    for old, new in pairs:
        sentence = sentence.replace(old, new)
    return sentence


def _pieces(text: str, under: str, limit: int, last_limit: int) -> list[str]:
    """Return a text in pieces, with what stands under it whole in the last one wherever that is possible."""
    room = last_limit - units(under) - 1
    if not under or room < SMALLEST:
        return split_text(f"{text}\n{under}" if under else text, limit, last_limit)
    *first, last = split_text(text, limit, room)
    return [*first, f"{last}\n{under}"]


def with_heading(texts: Texts, text: str) -> str:
    """Return a text headed by the note that it is sent again."""
    return f"{texts.sentence('system.resent')}\n{text}"


def _typed(texts: Texts, buttons: Buttons, *, question: bool, lettered: bool) -> str:
    labels = [label for row in buttons for label, _ in row]
    if question:
        marks = ascii_lowercase if lettered else [str(number) for number in range(1, len(labels) + 1)]
        return "\n".join(f"{mark}. {label}" for mark, label in zip(marks, labels, strict=False))
    return texts.sentence("system.type_label").format(labels=" / ".join(labels))


def _section(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        content = tomllib.load(stream)
    own = content.pop(file.stem, {})
    return {file.stem: {**own, **content}}


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        else:
            yield key, str(value)
