"""Complete reports and the noise phones, input methods and haste put on them, meaning kept."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

TODAY = date(2026, 4, 9)
_TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
_TONES = {"\u0301": "s1", "\u0300": "f2", "\u0309": "r3", "\u0303": "x4", "\u0323": "j5"}
_SHORT = {
    "chi bộ": ("cb",), "đồng chí": ("đ/c", "đc", "dc"), "đảng viên": ("đv", "dv"), "sinh hoạt chi bộ": ("shcb",),
    "có phép": ("cp",), "không phép": ("kp",), "hôm qua": ("hqua", "hôm wa"), "hôm nay": ("hnay",), "tổng số": ("ts",),
    "có mặt": ("cm",), "không": ("ko",), "rồi": ("r",),
}  # fmt: skip
_KEYWORDS = ("ngày", "tháng", "vắng", "đồng", "chuyển", "tổng")
_EMOJI = ("🎉", "👍", "✅", "🙏", "😄")
_ORDINARY = "bcdghklmnpqrstvxaeiouy"


@dataclass(frozen=True)
class Report:
    """One complete line with what it says."""

    text: str
    day: date
    present: int
    total: int


def reports(pick: random.Random, branches=("",)):
    """Yield complete, consistent reports of a meeting without end."""
    while True:
        total = pick.randint(13, 60)
        absent = pick.randint(0, min(6, total - 8))
        phrase, day = pick.choice(_days(pick))
        branch = pick.choice(branches)
        text = pick.choice(_FRAMES).format(
            cb=branch or "chi bộ", ngày=phrase, p=total - absent, t=total, v=_absence(pick, absent)
        )
        yield Report(text.strip(), day, total - absent, total)


_FRAMES = (
    "{cb} họp {ngày}, có mặt {p}/{t}{v}",
    "{cb} họp {ngày} {p}/{t}{v}",
    "{ngày} {cb} họp, {p}/{t} đồng chí{v}",
    "{cb} đã sinh hoạt {ngày}, tổng số {t}, có mặt {p}{v}",
    "{ngày} {cb} sinh hoạt có {p} trên {t} đảng viên dự{v}",
    "báo cáo {cb} họp {ngày} dự {p}/{t} đồng chí{v}",
    "{cb} họp rồi, {ngày}, {p}/{t}{v}",
)


def _days(pick):
    back = pick.randint(1, 25)
    day = TODAY - timedelta(days=back)
    named = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    weekday = pick.randint(0, 6)
    return [
        (f"ngày {day.day}/{day.month}", day),
        (f"ngày {day.day} tháng {day.month}", day),
        (f"ngày {day.day}/{day.month}/{day.year}", day),
        ("hôm qua", TODAY - timedelta(days=1)),
        ("tối qua", TODAY - timedelta(days=1)),
        ("hôm nay", TODAY),
        ("hôm kia", TODAY - timedelta(days=2)),
        ("mùng 5", date(2026, 4, 5)),
        (f"{named[weekday]} tuần trước", monday + timedelta(days=weekday)),
    ]


def _absence(pick, absent):
    if not absent:
        return ""
    return pick.choice((f", vắng {absent}", f", vắng {absent} có phép", f", vắng {absent} không phép", ""))


def strip_marks(text, _pick=None):
    """Type without Vietnamese marks."""
    return (
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        .replace("đ", "d")
        .replace("Đ", "D")
    )


def decomposed(text, _pick=None):
    """Type as some systems store it: letters and marks apart."""
    return unicodedata.normalize("NFD", text)


def _raw(word, shapes, tone_at):
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char][tone_at]
        else:
            letters.append(char)
    toneless = unicodedata.normalize("NFC", "".join(letters)).lower()
    return "".join(shapes.get(char, char) for char in toneless) + tone


def _domain(text, shapes, tone_at):
    return " ".join(
        word if word.isascii() or not word.isalpha() else _raw(word, shapes, tone_at) for word in text.split(" ")
    )


def telex(text, _pick=None):
    """Type in Telex with the input method off."""
    return _domain(text, _TELEX, 0)


def vni(text, _pick=None):
    """Type in VNI with the input method off."""
    return _domain(text, _VNI, 1)


def abbreviated(text, pick):
    """Shorten what everybody shortens."""
    for full, shorts in _SHORT.items():
        text = text.replace(full, pick.choice(shorts))
    return text


def slipped(text, pick):
    """Let a finger slip once inside a keyword: two letters swapped or one doubled."""
    known = [word for word in _KEYWORDS if word in text.split()]
    if not known:
        return text
    word = pick.choice(known)
    at = pick.randint(1, len(word) - 2)
    slip = pick.choice((word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at] + word[at:]))
    return text.replace(word, slip, 1)


def shouted(text, _pick=None):
    """Leave the capitals on."""
    return text.upper()


def decorated(text, pick):
    """Add pictures and politeness."""
    return f"{pick.choice(_EMOJI)} {text} {pick.choice(('ạ', 'nhé', 'nha chị', 'ạ em'))} {pick.choice(_EMOJI)}"


def keycaps(text, _pick=None):
    """Type digits as keycap pictures."""
    return "".join(f"{char}\ufe0f\u20e3" if char in "0123456789" else char for char in text)


def wide(text, _pick=None):
    """Type digits in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if char in "0123456789" else char for char in text)


def unpunctuated(text, _pick=None):
    """Speak it: no commas."""
    return text.replace(",", "")


def reordered(text, pick):
    """Move the last clause to the front."""
    head, comma, tail = text.rpartition(", ")
    return f"{tail}, {head}" if comma and "vắng" in tail else text


NOISES: dict[str, Callable] = {
    noise.__name__: noise
    for noise in (
        strip_marks, decomposed, telex, vni, abbreviated, slipped,
        shouted, decorated, keycaps, wide, unpunctuated, reordered,
    )
}  # fmt: skip
