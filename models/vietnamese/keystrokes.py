"""What the keyboard leaves behind when the Vietnamese input method is off.

Forms are generated from known words and looked up, never undone by rule: a name or a number that
merely looks like Telex is left alone.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from models.vietnamese.folding import fold

_TONES = {"\u0301": "s1'", "\u0300": "f2`", "\u0309": "r3?", "\u0303": "x4~", "\u0323": "j5."}
_SHAPES = {
    "â": ("aa", "a6", "a^"), "ê": ("ee", "e6", "e^"), "ô": ("oo", "o6", "o^"),
    "ă": ("aw", "a8", "a("), "ơ": ("ow", "o7", "o+"), "ư": ("uw", "u7", "u+"), "đ": ("dd", "d9", "dd"),
}  # fmt: skip
_VOWELS = frozenset("aeiouyâêôăơư")
TELEX, VNI, VIQR = 0, 1, 2


def split_tone(word: str) -> tuple[str, str]:
    """Return a word without its tone mark, shapes kept, and the mark."""
    tone = ""
    letters = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = char
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def _shaped(letters: str, method: int) -> set[str]:
    """Return the ways of typing the shapes of a toneless word, at their letter or at the end."""
    at_letter = "".join(_SHAPES[c][method] if c in _SHAPES else c for c in letters)
    forms = {at_letter}
    if "ươ" in letters:
        short = {TELEX: ("uow", "uwo"), VNI: ("uo7", "u7o"), VIQR: ("uo+", "u+o")}[method]
        rest = letters.split("ươ", 1)
        forms |= {_shaped_plain(rest[0], method) + s + _shaped_plain(rest[1], method) for s in short}
    marks = [_SHAPES[c][method][1] for c in letters if c in _SHAPES and c != "đ"]
    if len(marks) == 1:
        late = "".join(_SHAPES[c][method] if c == "đ" else fold(c) for c in letters)
        forms.add(late + marks[0])
    if letters.startswith("đ") and method != VIQR:
        forms |= {"d" + form[2:] + form[1] for form in list(forms) if form[:2] in ("dd", "d9")}
    return forms


def _shaped_plain(letters: str, method: int) -> str:
    return "".join(_SHAPES[c][method] if c in _SHAPES else c for c in letters)


def _toned(form: str, key: str) -> Iterator[str]:
    """Yield a form with its tone key at the end or after a vowel."""
    yield form + key
    for at, char in enumerate(form):
        if char in _VOWELS or char in "w6789^+(":
            yield form[: at + 1] + key + form[at + 1 :]


def raw_forms(word: str) -> set[str]:
    """Return the raw and half-converted keystrokes of a word, folded, without the word itself."""
    letters, tone = split_tone(word.lower())
    forms: set[str] = set()
    for method in (TELEX, VNI, VIQR):
        shaped = _shaped(letters, method)
        if not tone:
            forms |= shaped
            continue
        key = _TONES[tone][method]
        forms |= {toned for form in shaped for toned in _toned(form, key)}
        forms |= shaped
        if method != VNI or len(shaped) > 1 or shaped == {fold(word)}:
            forms |= set(_toned(fold(word), key))
    forms |= {form[0] + form[2:] for form in forms if form.startswith("dd") and len(form) > 4 and tone}
    return {form for form in forms if form != fold(word)}


def keystroke_table(words: Iterable[str]) -> dict[str, str]:
    """Return raw form -> word; a form that two words share, or that is itself a word, is left out."""
    known = list(dict.fromkeys(words))
    plain = {fold(word) for word in known}
    table: dict[str, str] = {}
    shared: set[str] = set()
    for word, form in ((w, f) for w in known for f in raw_forms(w)):
        if form in table and fold(table[form]) != fold(word):
            shared.add(form)
        table.setdefault(form, word)
    return {form: word for form, word in table.items() if form not in shared and form not in plain}
