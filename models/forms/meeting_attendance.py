"""Who attended: present of required, the members on record, absent with and without excuse, and their checks."""

import re

from models.forms.base import Answers, Choice, Facts, Field, Filled, Problem, Read
from models.forms.meeting_answers import absent, held
from models.forms.words import MANY, full_date, short
from models.vietnamese.folding import fold
from models.vietnamese.numbers import read_fraction, read_number

_ALL_EXCUSED = ("het", "ca", "tat ca", "co phep het", "deu co phep", "co phep ca", "co phep")
_NONE_EXCUSED = ("khong phep", "khong co phep", "khong ai", "khong ai co phep", "deu khong phep", "khong phep ca")
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+va\s+|(?<=phep)\s+(?=\w+ (?:co|khong) phep)")
_PART = re.compile(r"(?:vang )?(?:co (?!phep))?(?:(co|khong) phep:? )?(?:ca )?(.+?)(?: (?:deu )?(co|khong) phep)?")


# What people say around the number who came: "nhầm, có mặt 19 đồng chí ạ".
_AROUND = re.compile(
    r"\b(?:nham|roi|la|co mat|du hop|du|tham gia|tham|so|dong chi|d/c|nguoi|dang vien|a|nhe|thua|bao cao)\b"
    r"|\b(?:toi|chi bo|co)\b|[,.!]"
)


def _ask_present(answers: Answers, facts: Facts) -> str:
    required = _required(answers, facts)
    if required is None:
        return "Có mặt bao nhiêu, trên tổng số bao nhiêu đảng viên phải dự? Ví dụ: 18/20."
    return f"Có mặt bao nhiêu trên {required} đảng viên phải dự? Ví dụ: {max(required - 2, 1)}/{required}."


def _required(answers: Answers, facts: Facts) -> int | None:
    if {"official", "probationary", "exempt"} <= answers.keys():
        return int(answers["official"]) + int(answers["probationary"]) - int(answers["exempt"])
    return facts.stock.required if facts.stock else None


def _present_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    required = _required(answers, facts)
    if not required:
        return ()
    full = Choice(f"Đủ {required}/{required}", {"present": required, "total": required, "absent_excused": 0})
    one, two = ({"present": required - n, "total": required} for n in (1, 2))
    fewer = [Choice(f"{fills['present']}/{required}", fills) for fills in (one, two) if fills["present"] > 0]
    return (full, *fewer)


def _read_present(text: str, answers: Answers, facts: Facts) -> Read:
    required = _required(answers, facts)
    words = fold(text).strip(" .!")
    if required and words in ("du", "du ca", "dong du", "day du", "khong vang ai"):
        return Filled({"present": required, "total": required, "absent_excused": 0})
    bare = " ".join(_AROUND.sub(" ", fold(text)).split())
    fraction = read_fraction(text) or read_fraction(bare)
    if fraction:
        return Filled({"present": fraction[0], "total": fraction[1]})
    number = read_number(text)
    number = read_number(bare) if number is None else number
    if number is None:
        return Problem(f"Bot chưa đọc được số trong «{short(text)}». Đồng chí gõ như: 18/20.")
    if required is None:
        return Problem(f"Có mặt {number}, trên tổng số bao nhiêu? Đồng chí gõ cả hai số, ví dụ: {number}/{number + 2}.")
    return Filled({"present": number, "total": required})


def _ask_members(answers: Answers, facts: Facts) -> str:
    typed = answers.get("total")
    example = "Đồng chí gõ ba số: chính thức, dự bị, được miễn. Ví dụ: 19 2 1."
    if facts.stock is None:
        return f"Bot chưa biết số đảng viên của chi bộ. {example}"
    return f"Đồng chí ghi {typed} đảng viên phải dự, khác với {_reckoning(facts)}. Số nào đúng?"


def _reckoning(facts: Facts) -> str:
    stock = facts.stock
    if stock is None:
        return ""
    since = f"số đã báo ngày {full_date(stock.stated_on)}"
    moved = f" {stock.stated_total} + {stock.came} - {stock.left} = {stock.members}" if stock.came or stock.left else ""
    exempt = f", miễn {stock.exempt}" if stock.exempt else ""
    return f"{since} (đảng viên{moved or f' {stock.members}'}{exempt}, phải dự {stock.required})"


def _members_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    """Offer the two likely truths: the number on record, or all members typed by habit where some are exempt."""
    stock, total, present = facts.stock, answers.get("total"), answers.get("present")
    if stock is None or total is None:
        return ()
    as_recorded = {"official": stock.official, "probationary": stock.probationary, "exempt": stock.exempt}
    kept = Choice(f"Phải dự {stock.required}", {**as_recorded, "total": stock.required})
    offered = (kept,) if present is None or present <= stock.required else ()
    if total == stock.members:
        return (*offered, Choice(f"Phải dự {total}, không ai miễn", {**as_recorded, "exempt": 0}))
    official = stock.official + int(total) - stock.required
    if official < 0:
        return offered
    changed = {"official": official, "probationary": stock.probationary, "exempt": stock.exempt}
    return (*offered, Choice(f"Đúng là {total}", changed))


def _members_asked(answers: Answers, facts: Facts) -> bool:
    if not held(answers) or answers.get("total") is None:
        return False
    return facts.stock is None or answers["total"] != facts.stock.required


_LABELLED = {"official": r"chinh thuc", "probationary": r"du bi", "exempt": r"(?:duoc )?mien"}


def _read_members(text: str, _answers: Answers, _facts: Facts) -> Read:
    """Read "19 2 1", or the numbers beside their names in any order; whoever is not named is none."""
    said = fold(text)
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    if not 1 < len(numbers) <= len(_LABELLED) or not re.fullmatch(r"[\d\s,;.+]+|.*\bchinh thuc\b.*", said):
        return Problem("Đồng chí gõ ba số cách nhau: chính thức, dự bị, được miễn. Ví dụ: 19 2 1.")
    named = _labelled(said)
    if named and len(named) != len(numbers):
        return Problem("Đồng chí gõ ba số cách nhau: chính thức, dự bị, được miễn. Ví dụ: 19 2 1.")
    in_order = dict(zip(_LABELLED, numbers, strict=False))
    return Filled({**dict.fromkeys(_LABELLED, 0), **(named or in_order)})


def _labelled(said: str) -> dict[str, int]:
    """Return the numbers that stand before or behind the name of what they count."""
    before = {name: re.search(rf"(\d+)(?: dong chi| dang vien)* {words}\b", said) for name, words in _LABELLED.items()}
    behind = {name: re.search(rf"\b{words}\W+(?:la )?(\d+)", said) for name, words in _LABELLED.items()}
    found = before if said.find("chinh thuc") > said.find(re.findall(r"\d", said)[0]) else behind
    return {name: int(match[1]) for name, match in found.items() if match}


def _ask_excused(answers: Answers, _facts: Facts) -> str:
    return f"Vắng {absent(answers)}, trong đó có phép mấy đồng chí?"


def _excused_choices(answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    missing = absent(answers)
    all_label = "Có phép" if missing == 1 else f"Cả {missing} có phép"
    return (Choice(all_label, {"absent_excused": missing}), Choice("Không phép", {"absent_excused": 0}))


def _read_excused(text: str, answers: Answers, _facts: Facts) -> Read:
    missing, words = absent(answers), fold(text).strip(" .!")
    if words in _ALL_EXCUSED:
        return Filled({"absent_excused": missing})
    if words in _NONE_EXCUSED:
        return Filled({"absent_excused": 0})
    parts = dict(_excused_part(part) for part in _BETWEEN.split(words))
    excused, without = parts.get("co"), parts.get("khong")
    if excused is None and without is not None:
        excused = missing - without
    agree = without is None or excused == missing - without
    if excused is None or excused < 0 or not agree or None in parts.values():
        return Problem(f"Vắng {missing}, bot chưa rõ «{short(text)}». Đồng chí gõ số có phép, ví dụ: 1.")
    return Filled({"absent_excused": excused})


def _excused_part(words: str) -> tuple[str, int | None]:
    """Return with ("co") or without ("khong") excuse, and how many, as "1 có phép", "có phép 1" or "1" say."""
    match = _PART.fullmatch(words)
    if match is None:
        return "co", None
    return match[1] or match[3] or "co", read_number(match[2])


def check(answers: Answers, facts: Facts) -> Problem | None:
    """Find what cannot be true of the attendance and the members."""
    present, total = answers.get("present"), answers.get("total")
    if present is None or total is None or not held(answers):
        return None
    return _check_attendance(int(present), int(total)) or _check_members(answers, facts) or _check_excused(answers)


def _check_attendance(present: int, total: int) -> Problem | None:
    if present > total:
        words = f"Có mặt {present} lại nhiều hơn tổng số {total}. Đồng chí gõ lại, ví dụ: {total}/{present}."
        return Problem(words, "present", (Choice(f"{total}/{present}", {"present": total, "total": present}),))
    if present == 0 or total > MANY:
        return Problem(f"Số dự {present}/{total} không hợp. Đồng chí gõ lại, ví dụ: 18/20.", "present")
    return None


def _check_members(answers: Answers, _facts: Facts) -> Problem | None:
    if "official" not in answers:
        return None
    official, probationary, exempt = (int(answers[name]) for name in ("official", "probationary", "exempt"))
    required = official + probationary - exempt
    if exempt > official + probationary or required != int(answers["total"]):
        words = (
            f"Chính thức {official} + dự bị {probationary} - miễn {exempt} = {required}, "
            f"nhưng phải dự là {answers['total']}. Đồng chí gõ lại ba số."
        )
        return Problem(words, "official")
    return None


def _check_excused(answers: Answers) -> Problem | None:
    excused = answers.get("absent_excused")
    if excused is None or int(excused) <= absent(answers):
        return None
    return Problem(f"Vắng {absent(answers)} mà có phép {excused}. Đồng chí gõ lại số có phép.", "absent_excused")


def _excused_asked(answers: Answers, _facts: Facts) -> bool:
    return held(answers) and absent(answers) > 0


PRESENT = Field(
    "present",
    "Có mặt",
    _ask_present,
    _read_present,
    _present_choices,
    asked=held,
    changeable=held,
    clears=("total", "absent_excused", "official", "probationary", "exempt"),
    rechecked=("total", "official", "probationary", "exempt"),
    numeric=True,
)
MEMBERS = Field(
    "official",
    "Số đảng viên",
    _ask_members,
    _read_members,
    _members_choices,
    asked=_members_asked,
    changeable=held,
    clears=("probationary", "exempt"),
    numeric=True,
)
EXCUSED = Field(
    "absent_excused",
    "Vắng có phép",
    _ask_excused,
    _read_excused,
    _excused_choices,
    asked=_excused_asked,
    changeable=lambda answers: held(answers) and absent(answers) > 0,
    numeric=True,
    needed=False,
)
