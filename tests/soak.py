"""How much of a storm is run: all of it by `make soak`, a small part (CHIBO_SOAK=small) on every change in CI."""

import os
from typing import TypeVar

T = TypeVar("T")


def sized(whole: T, small: T) -> T:
    """Return the size of a storm as the environment asks for it."""
    return small if os.environ.get("CHIBO_SOAK") == "small" else whole
