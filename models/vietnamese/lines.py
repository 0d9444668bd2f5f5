"""One typed line brought into the one form the grammar reads, with the way back to what was typed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from models.vietnamese.folding import LONGEST, fold, has_marks
from models.vietnamese.lexicon import Abbreviation, Lexicon
from models.vietnamese.number_tokens import join_numbers
from models.vietnamese.tokens import Token, chunks

_TRAILING = re.compile(r"[.,;:!?)\]\"']+$")
_DIGIT_END = re.compile(r"^[a-z]+\d$")
_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|th|tr|qu|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x)?"
# A glide closes a syllable: "ao" and "ai" take no consonant, so "haot" is a slip.
_RIME = (
    "(?:a[iouy]|e[ou]|i(?:eu|u)|o(?:a[iy]|eo|i)|u(?:ay|i|o[iu]|u|y(?:a|u))|yeu"
    "|(?:a|e|i[ae]?|o[aeo]?|u(?:a|e|o|ye?)?|ye?)(?:ch|nh|ng|[cmnpt])?)"
)
_SYLLABLE = re.compile(f"{_ONSET}{_RIME}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `typed` as it came, `text` in the form of the grammar (folded, expanded, digits)."""

    typed: str
    text: str
    tokens: tuple[Token, ...]
    owners: tuple[int, ...]
    marked: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the typed text of [start, end) of the normalised text."""
        owned = [self.owners[at] for at in range(start, min(end, len(self.owners))) if self.text[at] != " "]
        if not owned:
            return 0, 0
        return self.tokens[owned[0]].start, self.tokens[owned[-1]].end

    def verbatim(self, start: int, end: int) -> str:
        """Return what was typed at [start, end) of the normalised text."""
        first, last = self.span(start, end)
        return self.typed[first:last]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the normalised text that covers [start, end) of the typed text."""
        inside = {i for i, token in enumerate(self.tokens) if token.start < end and token.end > start}
        at = [i for i, owner in enumerate(self.owners) if owner in inside and self.text[i] != " "]
        return (at[0], at[-1] + 1) if at else (0, 0)


def normal_line(text: str, lexicon: Lexicon) -> Line:
    """Return the line with keystrokes, joined words, slips, abbreviations and number words resolved."""
    typed = text[:LONGEST]
    tokens = list(_tokens(typed, lexicon))
    marked = has_marks(typed)
    tokens = join_numbers(_expanded(tokens, lexicon), marked=marked)
    tokens = [_homograph(token, lexicon) for token in tokens]
    return _composed(typed, tokens, marked=marked)


def _composed(typed: str, tokens: Sequence[Token], *, marked: bool) -> Line:
    letters: list[str] = []
    owners: list[int] = []
    before: Token | None = None
    for index, token in enumerate(tokens):
        joins = before is not None and before.norm[-1:].isalnum() and token.norm[:1].isalnum()
        lead = " " if token.spaced or joins else ""
        part = (lead if letters else "") + token.norm
        letters.append(part)
        owners.extend([index] * len(part))
        before = token
    return Line(typed, "".join(letters), tuple(tokens), tuple(owners), marked)


def _tokens(text: str, lexicon: Lexicon) -> Iterator[Token]:
    """Yield the tokens, raw keystrokes converted and joined or mistyped words mended."""
    groups = chunks(text)
    spelled = ["".join(token.norm for token in group) for group in groups]
    by_number = sum(any(map(str.isdigit, s)) and s in lexicon.keystrokes for s in spelled) > 1
    before = 0
    for group, form in zip(groups, spelled, strict=True):
        if "\n" in text[before : group[0].start].strip(" ") and text[:before].rstrip()[-1:] not in "-:;,.":
            yield Token(";", ";", before, before + 1, spaced=False)
        before = group[-1].end
        word = _converted(form, lexicon, by_number=by_number)
        if word is not None:
            kept = len(_TRAILING.sub("", form)) if form not in lexicon.keystrokes else len(form)
            yield from _whole(group, word, kept)
        else:
            meant = _slip_of_vni(group, lexicon) if by_number else None
            yield from [meant] if meant else (part for token in group for part in _mended(token, lexicon))


def _slip_of_vni(group: Sequence[Token], lexicon: Lexicon) -> Token | None:
    """Return the keyword a mistyped word with VNI marks stands for: "thhang1 3" is March, not January."""
    marks = [token.norm for token in group if token.norm.isdigit()]
    letters = "".join(token.norm for token in group if token.norm.isalpha())
    whole = len(letters) + len(marks) == sum(len(token.norm) for token in group)
    meant = _slip(letters, lexicon.keywords) if marks and whole and group[0].norm.isalpha() else None
    return Token(meant, meant, group[0].start, group[-1].end, group[0].spaced) if meant else None


def _converted(form: str, lexicon: Lexicon, *, by_number: bool) -> str | None:
    """Return the word a run of raw keystrokes stands for; "to5" is a number unless all is VNI."""
    bare = _TRAILING.sub("", form)
    if bare in lexicon.known or bare.isdigit():
        return None
    for candidate in (form, bare):
        word = lexicon.keystrokes.get(candidate)
        if word and (by_number or not _DIGIT_END.match(candidate)):
            return word
    return None


def _whole(group: Sequence[Token], word: str, kept: int) -> Iterator[Token]:
    """Yield one token for the first `kept` characters of a group, then its closing signs."""
    taken = 0
    for at, token in enumerate(group):
        taken += len(token.norm)
        if taken >= kept:
            yield Token(fold(word), word, group[0].start, token.end, group[0].spaced)
            yield from group[at + 1 :]
            return


def _mended(token: Token, lexicon: Lexicon) -> Iterator[Token]:
    word = lexicon.keystrokes.get(token.norm) if token.norm not in lexicon.known else None
    if word:
        yield replace(token, norm=fold(word), raw=word)
        return
    if token.norm in lexicon.known or not token.norm.isalpha() or len(token.norm) < 3:
        yield token
        return
    parts = _cut(token.norm, lexicon.glued) if len(token.norm) >= 5 else None
    if parts and len(parts) > 1:
        yield from _parts(token, parts)
        return
    named = token.capital and token.start > 0 and not is_syllable(token.norm)  # "Bhăm" is a person's name, no slip
    meant = None if named else _slip(token.norm, lexicon.keywords)
    yield replace(token, norm=meant, raw=meant) if meant else token


@lru_cache(maxsize=4096)
def _cut(word: str, pieces: frozenset[str]) -> tuple[str, ...] | None:
    """Return a word typed without spaces cut into known pieces, or None."""
    if not word:
        return ()
    for length in range(min(len(word), 7), 1, -1):
        if word[:length] in pieces:
            rest = _cut(word[length:], pieces)
            if rest is not None:
                return (word[:length], *rest)
    return None


def _parts(token: Token, parts: Sequence[str]) -> Iterator[Token]:
    start = token.start
    for at, part in enumerate(parts):
        end = token.end if at == len(parts) - 1 else min(start + len(part), token.end)
        yield Token(part, part, start, end, spaced=token.spaced or at > 0)
        start = end


@lru_cache(maxsize=8192)
def _slip(word: str, keywords: tuple[str, ...]) -> str | None:
    """Return the one keyword a mistyped word stands for; a real syllable is never a slip."""
    if _SYLLABLE.fullmatch(word):
        return None
    near = [k for k in keywords if abs(len(k) - len(word)) < 2 and OSA.distance(k, word, score_cutoff=1) == 1]
    if len(word) == 3:
        near = [k for k in near if sorted(k) == sorted(word)]
    return near[0] if len(near) == 1 else None


def is_syllable(word: str) -> bool:
    """Tell whether a folded word can be spoken in Vietnamese."""
    return _SYLLABLE.fullmatch(word) is not None


def _expanded(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    done: list[Token] = []
    at = 0
    while at < len(tokens):
        entry = _abbreviation_at(tokens, at, done, lexicon)
        if entry is None:
            done.append(tokens[at])
            at += 1
            continue
        last = tokens[at + len(entry.short) - 1]
        done.extend(_meaning(entry, tokens[at], last))
        at += len(entry.short)
    return done


def _meaning(entry: Abbreviation, first: Token, last: Token) -> Iterator[Token]:
    """Yield the words of an abbreviation; all of them stand where it was typed."""
    for at, word in enumerate(entry.means.split()):
        yield Token(fold(word), word, first.start, last.end, spaced=first.spaced or at > 0)


def _abbreviation_at(tokens: Sequence[Token], at: int, done: Sequence[Token], lexicon: Lexicon) -> Abbreviation | None:
    entries = lexicon.abbreviations.get(tokens[at].norm)
    if not entries:
        return None
    before = after = None
    for entry in entries:
        stop = at + len(entry.short)
        if tuple(token.norm for token in tokens[at:stop]) != entry.short:
            continue
        if entry.glued and any(token.spaced for token in tokens[at + 1 : stop]):
            continue
        if not _spelling_allows(entry, tokens[at:stop]):
            continue
        if before is None:
            before = " ".join(token.norm for token in done[-8:]) + " " if done else ""
        after = _spaced(tokens[stop : stop + 8])
        if entry.fits(before, after):
            return entry
    return None


def _spelling_allows(entry: Abbreviation, tokens: Sequence[Token]) -> bool:
    """Tell whether the accents typed allow an entry: "dự" is not "đu", nor "cd" surely "cđ"."""
    raw = "".join(token.raw for token in tokens)
    if raw.isascii():
        return not entry.exact
    accented = entry.accented.split()
    if len(accented) != len(tokens):
        return raw == entry.accented or (len(entry.short) > 1 and bool(entry.accented))
    return all(token.raw.isascii() or token.raw == word for token, word in zip(tokens, accented, strict=True))


def _spaced(tokens: Sequence[Token]) -> str:
    return "".join((" " if token.spaced else "") + token.norm for token in tokens)


def _homograph(token: Token, lexicon: Lexicon) -> Token:
    norm = lexicon.homographs.get(token.raw)
    return replace(token, norm=norm) if norm and fold(token.raw) == token.norm else token
