"""Lines that report nothing: greetings, thanks, and words people type instead of a command. Pure."""

import re
import unicodedata

from models.vietnamese.folding import fold

# Thanks and greetings report nothing; folded.
_GREETS = re.compile(r"(?:(?:da|vang|xin|toi|em) )*(?:chao|kinh chao|alo|hello|hi)(?: \w+){0,4}")
_THANKS = re.compile(
    r"(?:(?:da|vang|ok|oke|okie|u|rat|xin|toi|em) )*(?:cam on|chuc|thanks?|tks)(?: \w+){0,8}"
    r"|(?:(?:ok|oke|okie|okay|vang|da|u|uh|um|a|nhe|tot|tot qua|hay qua|tuyet voi)(?: |$))+"
)

# Words people type instead of a command.
_SPOKEN = {
    "hop": "hop", "bao cao": "hop", "bao cao hop": "hop", "ket nap": "ketnap", "bien dong": "biendong",
    "viec": "viec", "tong hop": "tonghop", "tro giup": "trogiup", "help": "trogiup", "huong dan": "trogiup",
    "giup": "trogiup", "menu": "trogiup", "du lieu": "dulieu", "chi dao": "chidao",
    "sua bao cao": "viec",
    "nhac": "chuabaocao", "nhac tat ca": "chuabaocao", "nhac nho": "chuabaocao", "nhac ngay": "chuabaocao",
    "chua bao cao": "chuabaocao", "don doc": "chuabaocao",
}  # fmt: skip
_WITHDRAWS = re.compile(
    r"(?:\w+ ){0,3}?(?:rut|xoa|huy)(?: lai| bo)? bao cao(?: (?:giup|ho|cho|toi|nhe|nay|cu|di|vua|gui))*"
)


def greets(line: str) -> bool:
    """Return whether a line is a greeting and nothing else."""
    return _GREETS.fullmatch(_said(line)) is not None


def thanks(line: str) -> bool:
    """Return whether a line is thanks, assent or a smile and nothing else."""
    said = _said(line)
    smiles = not said and any(unicodedata.category(sign) == "So" for sign in line)
    return smiles or _THANKS.fullmatch(said) is not None


def command(line: str) -> str:
    """Return the command a line asks for in words, "" where it asks for none."""
    said = _said(line)
    return "viec" if _WITHDRAWS.fullmatch(said) else _SPOKEN.get(said, "")


def _said(line: str) -> str:
    return " ".join(re.findall(r"\w+", fold(line)))
