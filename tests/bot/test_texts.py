"""Wording stands where it belongs: no Vietnamese in code, every sentence used exists with the same placeholders."""

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.rendering import FOLDER, Texts

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "models", "reminders", "reports")
# A form or a rule carries its own words; the demonstration invents names.
CARRY_WORDS = ("models/forms/", "reminders/rules/", "bot/demo/", "models/migrations/versions/")
# What is recognised in what people type, or how a name is spelt: nothing of it is said by the program.
RECOGNISE = (
    "models/vietnamese/",
    "models/directive_text.py",
    "models/rule_units.py",
    "handlers/directive_office.py",
    "handlers/period_names.py",
    "reports/party_document.py",
    "reports/report.py",
)
VIETNAMESE = set("ăâđêôơưĂÂĐÊÔƠƯ")
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")))


@cache
def trees() -> dict[str, ast.Module]:
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sources()}


def is_vietnamese(text: str) -> bool:
    marks = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    return bool(VIETNAMESE & set(text)) or bool(marks & set(unicodedata.normalize("NFD", text)))


@cache
def strings() -> list[tuple[str, ast.Constant]]:
    """Return (module, literal) of every text in the code that is no docstring."""
    return [
        (name, node)
        for name, tree in trees().items()
        for spoken in [docstrings(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in spoken
    ]


@cache
def pieces() -> set[ast.expr]:
    """Return the fixed parts of texts that are put together at run time."""
    joined = (node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return {part for node in joined for part in node.values}


def docstrings(tree: ast.Module) -> set[ast.expr]:
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    bodies += [node.body for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    first = [body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)]
    return {value for value in first if isinstance(value, ast.Constant)}


def test_vietnamese_stands_only_where_wording_belongs():
    found = [
        f"{name}:{node.lineno}: {node.value[:50]!r}"
        for name, node in strings()
        if not name.startswith((*CARRY_WORDS, *RECOGNISE)) and is_vietnamese(str(node.value))
    ]
    assert found == []


# Keys -----------------------------------------------------------------------------------------------------------


@cache
def texts() -> Texts:
    return Texts.load()


@cache
def sections() -> set[str]:
    return {key.partition(".")[0] for key in texts().keys}


@cache
def literal_keys() -> list[tuple[str, str]]:
    """Return (place, key) of every literal that is written like a key of a section there is.

    The printed report has sentences of its own, in reports/texts.toml.
    """
    return [
        (f"{name}:{node.lineno}", str(node.value))
        for name, node in strings()
        if not name.startswith("reports/") and node not in pieces() and is_key(str(node.value))
    ]


def is_key(text: str) -> bool:
    return KEY.fullmatch(text) is not None and text.partition(".")[0] in sections()


def composed_keys() -> Iterator[tuple[str, str]]:
    """Give (place, pattern) of every key put together at run time: f"role.{role}" matches every role."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant | ast.FormattedValue):
                parts = [
                    re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[a-z0-9_.]+" for v in node.values
                ]
                pattern = "".join(parts)
                if "." in pattern and re.match(r"[a-z_]+\\\.", pattern) and pattern.partition("\\.")[0] in sections():
                    yield f"{name}:{node.lineno}", pattern


def test_every_sentence_that_is_said_exists():
    said = [(place, key) for place, key in literal_keys() if key not in texts().keys and not is_other_name(place, key)]
    assert said == []


def is_other_name(place: str, key: str) -> bool:
    """Return whether a literal is a deed of the audit trail, a file's name or a rule's code, not a sentence."""
    line = (ROOT / place.partition(":")[0]).read_text(encoding="utf-8").splitlines()[int(place.rpartition(":")[2]) - 1]
    said = re.search(r"\b(?:Say|say|press|sentence|note|wrong)\(\s*f?\"" + re.escape(key), line)
    return said is None


def test_no_sentence_is_left_over():
    literal = {key for _, key in literal_keys()}
    patterns = [re.compile(pattern) for _, pattern in composed_keys()]
    prefixes = ("page.", *by_prefix())
    unused = [
        key
        for key in sorted(texts().keys)
        if key not in literal and not any(pattern.fullmatch(key) for pattern in patterns)
        if not key.startswith(prefixes)
    ]
    assert unused == []


def by_prefix() -> tuple[str, ...]:
    """Return prefixes that are joined to a name by the code that renders them ("overview.event" + "." + event)."""
    literal = [key for _, key in literal_keys()]
    return tuple(f"{key}." for key in literal if any(other.startswith(f"{key}.") for other in texts().keys))


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(texts().sentence(key)) if name}


def given() -> Iterator[tuple[str, str, set[str]]]:
    """Give (place, key, arguments) of every Say("key", {...}) and say("key", name=...) written out in full."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            key = node.args[0].value
            if called(node) == "say" and all(keyword.arg for keyword in node.keywords):
                yield f"{name}:{node.lineno}", str(key), {str(keyword.arg) for keyword in node.keywords}
            elif called(node) == "Say" and len(node.args) == 1:
                yield f"{name}:{node.lineno}", str(key), set()
            elif called(node) == "Say" and isinstance(node.args[1], ast.Dict):
                names = node.args[1].keys
                if all(isinstance(one, ast.Constant) for one in names):
                    yield f"{name}:{node.lineno}", str(key), {str(one.value) for one in names}  # type: ignore[union-attr]


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_every_sentence_is_given_exactly_what_it_names():
    wrong = [
        (place, key, sorted(names ^ placeholders(key)))
        for place, key, names in given()
        if key in texts().keys and names != placeholders(key)
    ]
    assert wrong == []


# How it reads ---------------------------------------------------------------------------------------------------

FIXED = {"button.send": "Gửi", "button.change": "Sửa", "button.cancel": "Hủy"}


@pytest.mark.parametrize("key", FIXED)
def test_labels_that_scripts_press_stay_as_they_are(key):
    assert texts().sentence(key) == FIXED[key]


def test_sentences_are_composed_letters_without_stray_spaces():
    for key in texts().keys:
        sentence = texts().sentence(key)
        assert sentence == unicodedata.normalize("NFC", sentence), key
        assert "  " not in sentence.strip(), key


TECHNICAL = ("database", "server", "token", "inbox", "outbox", "error", "null", "timeout", "api", "json", "login")


def test_people_are_not_told_technical_words():
    said = {
        key: texts().sentence(key).lower() for key in texts().keys if not key.startswith(("cli.", "import.", "check."))
    }
    assert [(key, word) for key, text in said.items() for word in TECHNICAL if re.search(rf"\b{word}\b", text)] == []


def test_each_file_of_sentences_says_what_it_is_for():
    assert [file.name for file in FOLDER.glob("*.toml") if not file.read_text(encoding="utf-8").startswith("#")] == []
