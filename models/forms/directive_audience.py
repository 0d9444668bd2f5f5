"""To whom a directive goes, as the office types or presses it: all, a sector or kind, a list, all except, the late.

Names are matched with the same caution as everywhere: what is doubtful is asked about, one name at a time.
"""

import re
from collections.abc import Iterable, Sequence

from models.forms.base import Answers, Beneath, Choice, Facts, Field, Filled, Problem, Read
from models.forms.words import short
from models.vietnamese.folding import fold

ALL, SECTOR, KIND, LIST, EXCEPT, UNREPORTED = "all", "sector", "kind", "list", "except", "unreported"
KINDS = {"dang_bo_bo_phan": "đảng bộ bộ phận", "dang_bo": "đảng bộ", "to_dang": "tổ đảng"}
MOST_SECTORS = 6
SHOWN_NAMES = 30

_ALL = frozenset(("tat ca", "tat ca chi bo", "tat ca cac chi bo", "toan bo", "toan the", "het", "all", "cac chi bo"))
_LATE = re.compile(r"\bchua (?:bao cao|nop|gui)\b")
_EXCEPT = re.compile(
    r"^(?:gui )?(?:(?:tat ca|toan bo|toan the)(?: (?:cac )?chi bo)?\s*,?\s*)?(?:ngoai tru|tru|khong gui)(?: cho)?\s+"
)
_AND = re.compile(r"\s(?:và|va)\s", re.IGNORECASE)
_INITIALS = {"dang_bo_bo_phan": "dbbp"}
_SEPARATORS = re.compile(r"[,;\n]|(?<=\s)\+(?=\s)")


def _question(_answers: Answers, _facts: Facts) -> str:
    return (
        "Gửi cho chi bộ nào? Đồng chí chọn, hoặc gõ tên cách nhau bằng dấu phẩy. "
        "Muốn bớt chi bộ nào, đồng chí gõ ví dụ: trừ tổ dân phố 5."
    )


def _choices(_answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    beneath = facts.beneath
    if beneath is None:
        return ()
    choices = [Choice(f"Tất cả {len(beneath.branches)} chi bộ", {"audience": ALL})]
    if beneath.unreported:
        late = len(beneath.unreported)
        choices.append(Choice(f"{late} chi bộ chưa báo cáo tháng này", {"audience": UNREPORTED}))
    choices.extend(
        Choice(f"{_sector_words(sector)} ({len(of_sector(beneath, sector))})", _sector(sector))
        for sector in sectors(beneath)[:MOST_SECTORS]
    )
    choices.extend(Choice(f"{len(units)} {KINDS[kind]}", _kind(kind)) for kind, units in beneath.others.items())
    return tuple(choices)


def _sector(sector: str) -> dict[str, object]:
    return {"audience": SECTOR, "sector": sector}


def _sector_words(sector: str) -> str:
    return sector if fold(sector).startswith("khoi ") else f"Khối {sector}"


def _kind(kind: str) -> dict[str, object]:
    return {"audience": KIND, "kind": kind}


def sectors(beneath: Beneath) -> list[str]:
    """Return the sectors there are, in order of the alphabet."""
    return sorted({sector for unit_id in beneath.branches if (sector := beneath.sectors.get(unit_id, ""))})


def of_sector(beneath: Beneath, sector: str) -> list[int]:
    """Return the branches of a sector."""
    return [unit_id for unit_id in beneath.branches if beneath.sectors.get(unit_id) == sector]


def _read(text: str, _answers: Answers, facts: Facts) -> Read:
    beneath = facts.beneath
    if beneath is None:
        return Problem("Chưa có danh sách chi bộ.")
    folded = " ".join(fold(text).split()).strip(" .!")
    if folded in _ALL:
        return Filled({"audience": ALL})
    if _LATE.search(folded):
        return Filled({"audience": UNREPORTED})
    without = _EXCEPT.match(folded)
    if without:
        return _read_names(_from_word(text, len(without.group().split())), EXCEPT, beneath)
    sector, kind = _sector_typed(folded, beneath), _kind_typed(folded, beneath)
    if sector or kind:
        return Filled(_sector(sector) if sector else _kind(kind))
    return _read_names(text, LIST, beneath)


def _from_word(text: str, number: int) -> str:
    return " ".join(text.replace("\n", " , ").split()[number:])


def _sector_typed(folded: str, beneath: Beneath) -> str | None:
    whole = re.sub(r"^(?:cac )?(?:chi bo )?(?:trong |thuoc )?", "", folded)
    plain = re.sub(r"^(?:khoi|nganh|linh vuc) ", "", whole)
    return next((sector for sector in sectors(beneath) if fold(sector) in (folded, whole, plain)), None)


def _kind_typed(folded: str, beneath: Beneath) -> str:
    plain = re.sub(r"^(?:gui )?(?:tat ca )?(?:cac )?(?:\d+ )?", "", folded)
    return next((kind for kind in beneath.others if plain in (fold(KINDS[kind]), _INITIALS.get(kind))), "")


def _read_names(text: str, audience: str, beneath: Beneath) -> Read:
    named, unresolved = match_names(_SEPARATORS.split(text), beneath)
    if not named and not unresolved:
        return Problem("Đồng chí gõ tên chi bộ, cách nhau bằng dấu phẩy.")
    if not named and len(unresolved) == 1 and not candidates(unresolved[0], beneath):
        return Problem(f"Bot không thấy «{short(unresolved[0])}» trong danh sách chi bộ. Đồng chí gõ lại tên.")
    return Filled({"audience": audience, "named": named, "unresolved": unresolved})


def match_names(typed: Iterable[str], beneath: Beneath) -> tuple[list[int], list[str]]:
    """Return the branches surely meant, those of a sector by its name, and the names that must be asked about."""
    named: list[int] = []
    unresolved: list[str] = []
    for name in (part.strip() for part in typed):
        if not name:
            continue
        sector = _sector_typed(" ".join(fold(name).split()), beneath)
        if sector:
            named += of_sector(beneath, sector)
            continue
        sure = _sure(name, beneath)
        if sure is None and len(halves_typed := _AND.split(name)) > 1:
            halves, doubtful = match_names(halves_typed, beneath)
            named += halves
            unresolved += doubtful
        elif sure is None:
            unresolved.append(name)
        else:
            named.append(sure)
    return list(dict.fromkeys(named)), list(dict.fromkeys(unresolved))


def _sure(name: str, beneath: Beneath) -> int | None:
    found = beneath.typed.match(name)
    if found.status == "match" and found.branch_id and int(found.branch_id) in beneath.names:
        return int(found.branch_id)
    here = candidates(name, beneath)
    # Its other readings belong to another committee.
    return here[0] if found.status == "ambiguous" and len(here) == 1 else None


def candidates(name: str, beneath: Beneath) -> list[int]:
    """Return the branches a name may mean, the likeliest first."""
    found = beneath.typed.match(name)
    return [int(unit_id) for unit_id in found.candidates if int(unit_id) in beneath.names]


AUDIENCE = Field(
    "audience",
    "Gửi cho",
    _question,
    _read,
    _choices,
    clears=("named", "unresolved", "sector", "kind"),
)


# One doubtful name after the other ------------------------------------------------------------------------------


def _which_asked(answers: Answers, _facts: Facts) -> bool:
    return bool(answers.get("unresolved"))


def _which_question(answers: Answers, facts: Facts) -> str:
    name = short(answers["unresolved"][0])
    if facts.beneath and facts.beneath.typed.match(answers["unresolved"][0]).status == "ambiguous":
        return f"«{name}» là chi bộ nào?"
    return f"Bot không thấy «{name}» trong danh sách. Đồng chí chọn, gõ lại tên, hoặc chọn «Bỏ qua tên này»."


def _which_choices(answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    if facts.beneath is None or not answers.get("unresolved"):
        return ()
    names = facts.beneath.names
    found = candidates(answers["unresolved"][0], facts.beneath)
    choices = tuple(Choice(names[unit_id], _resolved(answers, [unit_id])) for unit_id in found)
    return (*choices, Choice("Bỏ qua tên này", _resolved(answers, [])))


def _resolved(answers: Answers, chosen: Sequence[int]) -> dict[str, object]:
    named = list(dict.fromkeys([*answers.get("named", ()), *chosen]))
    return {"named": named, "unresolved": list(answers["unresolved"][1:])}


def _read_which(text: str, answers: Answers, facts: Facts) -> Read:
    if facts.beneath is None:
        return Problem("Chưa có danh sách chi bộ.")
    if " ".join(fold(text).split()).strip(" .!") in _ALL:
        return Filled({"audience": ALL, "named": [], "unresolved": []})
    named, unresolved = match_names(_SEPARATORS.split(text), facts.beneath)
    filled = _resolved(answers, named)
    return Filled({**filled, "unresolved": [*unresolved, *answers["unresolved"][1:]]})


WHICH = Field(
    "which",
    "Tên chưa rõ",
    _which_question,
    _read_which,
    _which_choices,
    asked=_which_asked,
    changeable=lambda _answers: False,
)


# What was chosen ------------------------------------------------------------------------------------------------


def chosen(answers: Answers, beneath: Beneath) -> list[int]:
    """Return the branches that were chosen, in the order of the list of branches."""
    named = set(answers.get("named", ()))
    wanted = {
        ALL: set(beneath.branches),
        SECTOR: set(of_sector(beneath, answers.get("sector", ""))),
        KIND: set(beneath.others.get(answers.get("kind", ""), ())),
        LIST: named,
        EXCEPT: set(beneath.branches) - named,
        UNREPORTED: set(beneath.unreported),
    }[answers["audience"]]
    return [unit_id for unit_id in beneath.names if unit_id in wanted]


def audience_words(answers: Answers) -> str:
    """Return in a few words to whom it goes; "" while unknown."""
    words = {
        ALL: "tất cả chi bộ",
        SECTOR: _sector_words(answers.get("sector", "")).lower(),
        KIND: f"các {KINDS.get(answers.get('kind', ''), '')}",
        LIST: f"{len(answers.get('named', ()))} chi bộ được chọn",
        EXCEPT: f"tất cả, trừ {len(answers.get('named', ()))} chi bộ",
        UNREPORTED: "các chi bộ chưa báo cáo tháng này",
    }
    return words.get(answers.get("audience", ""), "")
