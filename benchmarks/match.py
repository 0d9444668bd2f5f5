"""Matching a typed branch name beside rapidfuzz's own search over the same names and queries."""

import random
import time
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from models.vietnamese.branch_names import BranchName, BranchNames
from models.vietnamese.folding import fold

SIZES = (160, 10_000)
QUERIES = 120
GOAL = 0.5
_SHOWN = 6
_SEED = 20260424
_PLACES = (
    "An", "Bình", "Cầu", "Châu", "Đa", "Đại", "Đông", "Giang", "Hà", "Hải", "Hạ", "Hoà", "Hoàng", "Hồng", "Hưng",
    "Khánh", "Kim", "La", "Lạc", "Lam", "Long", "Lộc", "Mai", "Minh", "Mỹ", "Nam", "Nga", "Ngọc", "Nhân", "Ninh",
    "Phong", "Phú", "Phúc", "Quang", "Sơn", "Tân", "Tây", "Thanh", "Thành", "Thái", "Thịnh", "Thuỷ", "Thượng",
    "Tiên", "Trung", "Trúc", "Vân", "Vĩnh", "Xuân", "Yên",
)  # fmt: skip
_HEADS = (
    "Tổ dân phố số {n}", "Khu phố {n} phường {p}", "Thôn {p}", "Trường Mầm non {p}", "Trường Tiểu học {p} A",
    "Trường Tiểu học {p} B", "Trường THCS {p}", "Công an phường {p}", "Trạm Y tế phường {p}", "Chợ {p}",
    "Công ty Cổ phần {p}", "Công ty TNHH Thương mại {p}", "Hợp tác xã Nông nghiệp {p}", "Chung cư {p} toà CT{n}",
)  # fmt: skip


def names(size: int) -> list[str]:
    """Return that many distinct branch names of the kinds a committee has."""
    rng = random.Random(_SEED)
    found: dict[str, None] = {}
    while len(found) < size:
        place = " ".join(rng.sample(_PLACES, rng.choice((2, 2, 3))))
        found["Chi bộ " + rng.choice(_HEADS).format(n=rng.randint(1, max(60, size // 4)), p=place)] = None
    return list(found)


def queries(listed: Sequence[str]) -> list[str]:
    """Return names as people type them: shortened, without marks, with courtesy words or slips."""
    rng = random.Random(_SEED + 1)
    forms: tuple[Callable[[str], str], ...] = (
        lambda text: fold(text.removeprefix("Chi bộ ")),
        lambda text: text.removeprefix("Chi bộ "),
        lambda text: f"bí thư {text} đây ạ",
        lambda text: fold(text).replace("to dan pho so", "tdp").replace("cong ty co phan", "ctcp"),
        lambda text: fold(text)[:-3] + fold(text)[-2:],
    )
    return [forms[i % len(forms)](rng.choice(listed)) for i in range(QUERIES)]


def _milliseconds(search: Callable[[str], object], asked: Sequence[str]) -> float:
    """Return the time a query takes; one round only, so that nothing is remembered from an earlier one."""
    started = time.perf_counter()
    for text in asked:
        search(text)
    return (time.perf_counter() - started) * 1000 / len(asked)


def measure(size: int) -> tuple[float, float, float]:
    """Return the milliseconds of matching, of rapidfuzz, and of reading the list."""
    listed = names(size)
    asked = queries(listed)
    started = time.perf_counter()
    known = BranchNames(BranchName(str(place), name) for place, name in enumerate(listed))
    built = (time.perf_counter() - started) * 1000
    folded = [fold(name) for name in listed]
    plain = _milliseconds(lambda text: process.extract(fold(text), folded, scorer=fuzz.WRatio, limit=_SHOWN), asked)
    return _milliseconds(known.match, asked), plain, built


def run() -> list[str]:
    """Return one line for each size of list."""
    lines = []
    for size in SIZES:
        ours, plain, built = measure(size)
        lines.append(
            f"match {size:>6} names: {ours:7.3f} ms a query, rapidfuzz WRatio {plain:7.3f} ms,"
            f" ratio {ours / plain:.2f} (goal at {SIZES[-1]}: {GOAL}); list read in {built:.0f} ms"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(run()))
