"""A long text in pieces a channel can show, cut where a reader would pause."""

import unicodedata

_BORDERS = ("\n\n", "\n", ". ", "; ", ", ", " ")  # the best place to cut first


def units(text: str) -> int:
    """Return the length in UTF-16 code units, by which chat services count."""
    return len(text) + sum(char > "\uffff" for char in text)


def split_text(text: str, limit: int, last_limit: int | None = None) -> list[str]:
    """Return the text in pieces of at most `limit` units, the last one at most `last_limit`; at least one piece.

    Raises ValueError for a limit too small to hold any text.
    """
    last_limit = min(limit, last_limit or limit)
    if last_limit < 16:
        raise ValueError(f"a limit of {last_limit} units holds no text")
    pieces: list[str] = []
    while units(text) > limit:
        head, text = _cut(text, limit)
        pieces.append(head)
    while units(text) > last_limit:
        head, text = _cut(text, last_limit)
        pieces.append(head)
    return [*pieces, text]


def _cut(text: str, limit: int) -> tuple[str, str]:
    fitting = _fitting(text, limit)
    for border in _BORDERS:
        # The mark itself stays with the head; a cut in the first third would only make more pieces.
        found = text.rfind(border, fitting // 3, fitting)
        if found > 0:
            end = found + len(border.rstrip())
            return text[:end].rstrip(), text[end:].lstrip()
    return text[:fitting], text[fitting:]


def _fitting(text: str, limit: int) -> int:
    """Return how many characters fit, never parting a letter from its marks."""
    count = size = 0
    for char in text:
        size += 2 if char > "\uffff" else 1
        if size > limit:
            break
        count += 1
    while 1 < count < len(text) and unicodedata.combining(text[count]):
        count -= 1
    return count
