"""The branches and abbreviations a line is read with, rebuilt only when their rows have changed."""

from dataclasses import dataclass, field

from sqlmodel import Session

from handlers.understand import Lexicon, load_lexicon
from models import revisions, vocabulary
from models.vietnamese.branch_names import BranchNames


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Names of units and abbreviations as they stand at one revision."""

    revision: int
    names: BranchNames
    lexicon: Lexicon


@dataclass(slots=True)
class WordsCache:
    """The last known words; two threads may build the same value twice, which harms nothing."""

    _latest: list[KnownWords] = field(default_factory=list)

    def words(self, session: Session) -> KnownWords:
        """Return the words as of this transaction."""
        revision = revisions.number(session, vocabulary.NAMES)
        if not self._latest or self._latest[-1].revision != revision:
            names = BranchNames(vocabulary.branch_rows(session))
            lexicon = load_lexicon().with_abbreviations(vocabulary.abbreviations(session))
            self._latest[:] = [KnownWords(revision, names, lexicon)]
        return self._latest[-1]
