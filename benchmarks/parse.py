"""How many typed lines are read a second, beside rapidfuzz looking up the branch of each line and nothing else."""

from datetime import date
from time import process_time

from rapidfuzz import fuzz, process

from handlers.understand import read
from models.vietnamese.folding import fold
from tests.language.scoring import load

SETS = ("c_tune.jsonl", "d_tune.jsonl", "e_tune.jsonl")
_SHOWN = 6


def run() -> list[str]:
    """Return lines a second over labelled lines of three authors, each against its own list of branches."""
    took = looked_up = 0.0
    lines = names = 0
    for name in SETS:
        labelled = load(name)
        typed = [(row["text"], date.fromisoformat(row["reference_date"])) for row in labelled.messages]
        folded = [fold(row.name) for row in labelled.listed]
        read(*typed[0], labelled.names)  # the tables are read once in the life of a process
        began = process_time()
        for text, today in typed:
            read(text, today, labelled.names)
        took += process_time() - began
        began = process_time()
        for text, _ in typed:
            process.extract(fold(text), folded, scorer=fuzz.WRatio, limit=_SHOWN)
        looked_up += process_time() - began
        lines, names = lines + len(typed), max(names, len(folded))
    rate = f"{lines / took:.0f} a second, {1000 * took / lines:.2f} ms a line"
    beside = f"rapidfuzz WRatio over the names alone {1000 * looked_up / lines:.2f} ms, ratio {took / looked_up:.1f}"
    return [f"{lines} lines read against up to {names} branches: {rate}; {beside}"]


if __name__ == "__main__":
    print("\n".join(run()))
