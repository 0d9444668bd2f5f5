"""Makes models/data/second_reader.csv: one weighing of words for each intent, by logistic regression on labelled lines.

`python -m tests.language.teach` takes a minute or two. Sparse by its L1 penalty, so that the table can be read; see
docs/adr/0010. Sets whose name ends in "held" are never taught.
"""

import csv
from collections import Counter

import numpy as np

from handlers._reading.second_reader import BIAS, TABLE, features
from handlers.understand import as_told
from tests.language.scoring import SETS, load

STRENGTH = 3.0  # of the lines against the penalty
STEPS = 600
LEAST = 0.02  # weights below say nothing
SEEN_TWICE = 2


def taught_lines():
    """Return (features, intent) of every labelled line that may be taught, and of the lines of the tests."""
    names = sorted(path.name for path in SETS.glob("*.jsonl"))
    for name in names:
        if name == "public.jsonl" or name.endswith("_tune.jsonl"):
            labelled = load(name)
            for message in labelled.messages:
                yield features(as_told(message["text"], labelled.names)), message["gold"]["intent"]
    with (SETS / "lines_of_tests.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield features(as_told(row["text"])), row["intent"]


def weigh(matrix, wanted):
    """Return the weights (features x intents) of least loss plus penalty, by accelerated proximal steps (FISTA)."""
    vector = np.ones(matrix.shape[1], dtype=np.float32)
    for _ in range(30):
        vector = matrix.T @ (matrix @ vector)
        norm = np.linalg.norm(vector)
        vector /= norm
    step = 1 / (STRENGTH * 0.25 * norm)
    weights = np.zeros((matrix.shape[1], wanted.shape[1]), dtype=np.float32)
    ahead, speed = weights.copy(), 1.0
    for _ in range(STEPS):
        slope = STRENGTH * (matrix.T @ (1 / (1 + np.exp(-(matrix @ ahead))) - wanted))
        moved = ahead - step * slope
        moved[1:] = np.sign(moved[1:]) * np.maximum(np.abs(moved[1:]) - step, 0)  # the bias, first, is free
        faster = (1 + (1 + 4 * speed * speed) ** 0.5) / 2
        ahead = moved + (speed - 1) / faster * (moved - weights)
        weights, speed = moved, faster
    return weights


def main():
    """Teach, and write the table of the weights that say something."""
    lines = list(taught_lines())
    counts = Counter(feature for told, _ in lines for feature in told if feature != BIAS)
    known = [BIAS, *sorted(feature for feature, count in counts.items() if count >= SEEN_TWICE)]
    places = {feature: place for place, feature in enumerate(known)}
    intents = sorted({intent for _, intent in lines})
    matrix = np.zeros((len(lines), len(known)), dtype=np.float32)
    wanted = np.zeros((len(lines), len(intents)), dtype=np.float32)
    for row, (told, intent) in enumerate(lines):
        matrix[row, [places[feature] for feature in told if feature in places]] = 1
        wanted[row, intents.index(intent)] = 1
    weights = weigh(matrix, wanted)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("feature", "intent", "weight"))
        for place, feature in enumerate(known):
            for at, intent in enumerate(intents):
                if abs(weights[place, at]) >= LEAST:
                    table.writerow((feature, intent, f"{weights[place, at]:.2f}"))


if __name__ == "__main__":
    main()
