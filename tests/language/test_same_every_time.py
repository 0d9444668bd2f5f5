"""The same lines are read the same in every process, down to the order in which branches are offered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = """
from datetime import date
from handlers.understand import read
from tests.language.scoring import load
labelled = load("o_tune.jsonl")
for row in labelled.messages:
    reading = read(row["text"], date.fromisoformat(row["reference_date"]), labelled.names)
    print(row["id"], reading)
"""


def read_in_a_process(seed):
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", READ]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=True).stdout


@pytest.mark.parametrize("seed", [2, 3])
def test_no_order_of_a_set_settles_what_is_read(seed):
    once = read_in_a_process(1)
    assert len(once.splitlines()) > 200
    assert read_in_a_process(seed) == once
