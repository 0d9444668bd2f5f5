"""A line on which what has been read is covered, so that nothing is read twice."""

import re
from collections.abc import Iterator

COVER = "#"


class Canvas:
    """The normalised text of a line; covering keeps its length, so places stay comparable."""

    def __init__(self, text: str) -> None:
        self._letters = list(text)

    @property
    def text(self) -> str:
        """Return the text with covered places as "#"."""
        return "".join(self._letters)

    def cover(self, start: int, end: int, sign: str = COVER) -> None:
        """Cover [start, end); spaces at its ends stay."""
        while start < end and self._letters[start] == " ":
            start += 1
        while end > start and self._letters[end - 1] == " ":
            end -= 1
        self._letters[start:end] = sign * (end - start)

    def pause(self, at: int) -> None:
        """Put a stop where words were spoken without one; a comma before a figure might make it a decimal."""
        self._letters[at] = ";"

    def take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern and cover each of them."""
        for match in list(pattern.finditer(self.text)):
            self.cover(match.start(), match.end())
            yield match
