"""Invitation codes: short enough to type, too many to guess, safe in a Telegram deep link."""

import random
from collections.abc import Callable

# Without the characters that look alike on paper: 0 O, 1 I L.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10


def code_maker(source: random.Random | None = None) -> Callable[[], str]:
    """Return a function that makes codes; from the system's randomness, unless a seeded source is given."""
    dice = source or random.SystemRandom()
    return lambda: "".join(dice.choice(_LETTERS) for _ in range(_LENGTH))
