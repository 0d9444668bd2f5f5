"""Finds where a longer line names a branch, without swallowing its dates and figures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.vietnamese._branch_forms import is_word
from models.vietnamese._branch_index import BranchIndex
from models.vietnamese._branch_ranking import SURE, Ranking, Verdict
from models.vietnamese._branch_reading import Item
from models.vietnamese._branch_report import ReportWords
from models.vietnamese._branch_runs import (
    JOINING,
    LETTERS_BEHIND,
    counts_members,
    ends,
    in_person_name,
    is_code,
    known,
    other_word,
    proper_name,
    said,
)
from models.vietnamese._branch_spelling import accent_key, is_syllable
from models.vietnamese._branch_words import Words
from models.vietnamese.tokens import Token

# Dates, fractions, times, money, phones and document numbers are never a part of a branch name.
_PROTECTED = re.compile(
    r"https?://\S+|\d+\s*[/]\s*\d+(?:\s*[/]\s*\d+)?|\b\d{1,2}(?:\s*(?:h|g|giờ|gio)\s*(?:\d{2})?|:\d{2})(?!\w)|\d{8,}"
    r"|\d+\s*%|\d{1,2}[-.]\d{1,2}[-.]\d{2,4}|\d+\s*-\s*(?:CT|NQ|KH|HD|QĐ|BC|TB|CV|TTr)\b[-/\w]*",
    re.IGNORECASE,
)
_LONGEST = 14
_FEW = 6
_DAY_PARTS = frozenset(("sang", "trua", "chieu", "toi", "dem", "hom", "ngay", "bua"))
_ABSENCE = frozenset({"vang", "v", "cp", "p", "phep", "kp"})
_SCHOOL = accent_key("trường")
_GOOD = 0.9
_LONG_KIND = 7
_MOST = 0.7  # the part of the words of a name that names it without its head


@dataclass(frozen=True, slots=True)
class Found:
    """A mention with its offsets and the decision about it."""

    start: int
    end: int
    verdict: Verdict
    headed: bool = True


def without_figures(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with each date, fraction, time and the like replaced by a comma."""
    spans = [match.span() for match in _PROTECTED.finditer(text)]
    found: list[Token] = []
    for token in tokens:
        if found and "\n" in text[found[-1].end : token.start]:
            found.append(Token(",", ",", token.start, token.start, spaced=True))
        figure = any(start <= token.start < end for start, end in spans)
        found.append(Token(",", ",", token.start, token.end, token.spaced) if figure else token)
    return found


class MentionFinder:
    """Finds mentions among the items of a line."""

    def __init__(self, index: BranchIndex, ranking: Ranking, words: Words) -> None:
        """Look for the branches of one index."""
        self._index, self._ranking, self._words = index, ranking, words
        self._report = ReportWords(index, words)

    def find(self, text: str, items: Sequence[Item]) -> list[Found]:
        """Return the mentions in order; they never overlap.

        A partial name without a head that fits several branches counts only when nothing else does.
        """
        found: list[Found] = []
        at = 0
        while at < len(items):
            one, used = self._at(text, items, at)
            found.extend([one] if one else [])
            at += max(1, used, 0 if one else self._report.length(text, items, at))
        firm = [one for one in found if one.headed or one.verdict.sure]
        return firm or found

    def stands_out(self, found: Found, items: Sequence[Item]) -> bool:
        """Tell whether what is said around a mention has nothing to do with a name."""
        inside = [item for item in items if found.start <= item.start < found.end]
        around = [item for item in items if not found.start <= item.start < found.end]
        if inside[0].role == "generic":
            return not any(item.role == "kind" and item.hard for item in around)
        return not any(
            item.role in ("kind", "number", "letter") or (item.role == "word" and known(item)) for item in around
        )

    def _at(self, text: str, items: Sequence[Item], at: int) -> tuple[Found | None, int]:
        if self._is_head(text, items, at):
            run = self._run(text, items, at)
            found = self._headed(text, run)
            if found:
                return found, sum(item.end <= found.end for item in run)
        run = self._loose_run(text, items, at)
        if not run:
            return None, 0
        run += self._kind_behind(text, items, at + len(run), run)
        return Found(run[0].start, run[-1].end, self._ranking.decide(run), headed=False), len(run)

    def _loose_run(self, text: str, items: Sequence[Item], at: int) -> list[Item]:
        """Return the items of a name without a head here; "nghề nghiệp Tiên Lãm" is a piece of another body's name."""
        before = items[at - 1] if at and not items[at].breaks else None
        stray = before is not None and before.role == "word" and not known(before)
        stray = stray and not self._report.length(text, items, at - 1)
        if in_person_name(text, items, at, self._index) or stray:
            return []
        return self._bare_run(text, items, at)

    def _is_head(self, text: str, items: Sequence[Item], at: int) -> bool:
        item = items[at]
        if item.norm == "cn" and at and items[at - 1].norm in _DAY_PARTS:  # "sáng CN" is on Sunday
            return False
        if item.role == "generic":
            probation = item.norm == "db" and any(i.norm in ("ct", "chinh") for i in items[max(0, at - 5) : at])
            return item.choices[0].tokens == ("CB",) and not probation  # "ct 18, db 2": dự bị
        if item.optional or (item.norm == "kp" and any(i.norm in _ABSENCE for i in items[max(0, at - 3) : at])):
            return False
        if item.role == "kind":
            families = {self._words.kinds[t].family for c in item.choices for t in c.tokens if t in self._words.kinds}
            return not families <= {"place", "legal"} and not self._report.length(text, items, at)
        return item.norm == "truong" and bool(item.choices) and item.accent in ("", _SCHOOL)

    def _run(self, text: str, items: Sequence[Item], at: int) -> list[Item]:
        """Return the items from a head up to where the name must have ended."""
        run = [items[at], *proper_name(text, items, at)]
        for place in range(at + len(run), min(len(items), at + _LONGEST)):
            over = ends(run, items[place], text) and not is_code(items, place)
            if items[place].breaks or self._report.length(text, items, place) or over:
                break
            run.append(items[place])
        while len(run) > 1 and run[-1].role == "generic" and run[-1].norm in JOINING:  # "sở" is no "số"
            run.pop()
        return run

    def _headed(self, text: str, run: list[Item]) -> Found | None:
        if other_word(run, self._index):
            return None
        verdict = self._ranking.decide(run)
        shorter = None if verdict.sure else self._up_to_number(run, verdict)
        if shorter and shorter.verdict.sure:  # "thôn 2 Nguyễn Văn An"
            return shorter
        return self._by_words(text, run, verdict) if said(run) else self._by_kind(run, verdict)

    def _by_kind(self, run: list[Item], verdict: Verdict) -> Found | None:
        told = self._kind_says_it(run) if verdict.sure else self._one_of_few(run, verdict)
        return Found(run[0].start, run[-1].end, verdict) if told else None

    def _by_words(self, text: str, run: list[Item], verdict: Verdict) -> Found | None:
        start, sure = run[0].start, list(run)
        while len(sure) > 1 and not known(sure[-1]):
            sure.pop()
        if not said(sure):
            named = self._names_unknown(text, run)
            return Found(start, run[-1].end, verdict) if named and not verdict.sure else None
        if len(sure) < len(run) and not verdict.sure:
            # "Thanh Bình Minh" is not "Thanh Bình": unknown words keep the doubt they raise.
            likely = self._ranking.decide(sure).branches
            return Found(start, sure[-1].end, Verdict(likely, score=verdict.score, known=bool(likely)))
        if not verdict.known and not self._names_outsider(run):
            return None
        return self._up_to_number(sure, verdict) or Found(start, sure[-1].end, verdict)

    def _kind_says_it(self, run: Sequence[Item]) -> bool:
        """Tell whether kinds alone ("trạm y tế") are a mention; a short "qs" or "cn" is not."""
        length = run[0].end - run[0].start
        return len(run) > 1 or length > 3 or (length == 3 and not is_syllable(run[0].norm))  # "tyt", "vks"

    def _one_of_few(self, run: Sequence[Item], verdict: Verdict) -> bool:
        """Tell whether a body named by its kind alone ("quỹ tín dụng", "chi bộ thcs") leaves a few to choose from."""
        kinds = {
            self._words.kinds[t].family for i in run for c in i.choices for t in c.tokens if t in self._words.kinds
        }
        few = verdict.known and len(verdict.branches) <= _FEW
        called = run[0].role == "generic" and len(run) > 1 and "school" in kinds and run[-1].end - run[-1].start > 2
        return few and (called or ("body" in kinds and run[-1].end - run[0].start > 9))

    def _names_outsider(self, run: Sequence[Item]) -> bool:
        """Tell whether a run that fits no branch names one all the same; "qs 20" does not."""
        if run[0].role == "generic" or any(item.bound for item in run):
            return True
        length = run[0].end - run[0].start
        numbered = length > _LONG_KIND and any(item.role == "number" for item in run)  # "thuế cơ sở 3"
        return numbered or (length > 3 and any(item.role == "word" for item in said(run)))

    def _names_unknown(self, text: str, run: Sequence[Item]) -> bool:
        """Tell whether unknown words after a head are a name: after "chi bộ" only with a capital."""
        unknown = said(run)[0]
        if all(item.role == "generic" for item in run if item.start < unknown.start):
            return text[unknown.start].isupper() and not text.isupper()
        return unknown.role == "word" and len(unknown.norm) > 1 and any(i.end - i.start > 2 for i in run[:1])

    def _up_to_number(self, run: list[Item], verdict: Verdict) -> Found | None:
        """Return the mention that ends at its number, when what follows fits no name."""
        if verdict.sure and verdict.score > _GOOD:
            return None
        best: Found | None = None
        for end in range(len(run) - 1, 1, -1):
            head, rest = run[:end], run[end:]
            if not any(item.role == "number" for item in head) or any(i.role == "kind" or i.glued for i in rest):
                continue
            shorter = self._ranking.decide(head)
            least = best.verdict.score if best else verdict.score
            if shorter.known and (not (best or verdict.known) or shorter.score > least + 0.05):
                best = Found(run[0].start, head[-1].end, shorter)
        return best

    def _bare_run(self, text: str, items: Sequence[Item], at: int) -> list[Item]:
        """Return the items of a name without a head that begins here, as far as it names something."""
        if items[at].role not in ("word", "kind") or items[at].optional or self._report.length(text, items, at):
            return []
        tokens, run, best = list(self._said_as(items[at], "")), [items[at]], 0
        if not tokens:
            return []
        for item in items[at + 1 : at + _LONGEST]:
            if self._names_all(tokens, run):
                best = len(run)
            following = () if item.breaks else self._said_as(item, tokens[-1])
            if not following and not (item.norm == "so" and not item.breaks):
                break
            tokens.extend(following)
            run.append(item)
        else:
            item = Item(0, 0, (), 0.0, "courtesy")
        if self._names_all(tokens, run):
            best = len(run)
        stray = item.role == "number" and item not in run and not item.breaks and not counts_members(text, item)
        return [] if stray else run[:best]

    def _kind_behind(self, text: str, items: Sequence[Item], at: int, run: list[Item]) -> list[Item]:
        """Return the kind said behind a name, "may xuân mai cổ phần", where it tells which branch is meant."""
        if at >= len(items) or items[at].breaks or not (items[at].role == "kind" or items[at].norm in LETTERS_BEHIND):
            return []
        if self._report.length(text, items, at):
            return []
        return [items[at]] if self._ranking.decide([*run, items[at]]).sure else []

    def _said_as(self, item: Item, last: str) -> tuple[str, ...]:
        """Return the tokens of an item that go on after the last one as in some name."""
        if item.accent and item.accent not in self._index.spellings.get(item.norm, {item.accent}):
            return ()
        fitting = [choice.tokens for choice in item.choices if choice.quality >= _GOOD or len(choice.tokens) > 2]
        if last:
            fitting = [tokens for tokens in fitting if any((last, token) in self._index.pairs for token in tokens)]
        else:
            fitting = [tokens for tokens in fitting if tokens[0] in self._index.postings]
        return min(fitting, key=lambda tokens: tokens[0] not in self._index.firsts, default=())

    def _names_all(self, tokens: Sequence[str], run: Sequence[Item]) -> bool:
        """Tell whether tokens are all words of a name, or its beginning."""
        words = frozenset(token for token in tokens if is_word(token))
        brand = len(tokens) == 1 and len(tokens[0]) > 4 and is_word(tokens[0]) and not is_syllable(tokens[0])
        if not brand and (len(tokens) < 2 or not words or (len(run) == 1 and len(run[0].norm) < 4)):
            return False
        whole = words in self._index.names or tuple(tokens[:2]) in self._index.openings
        verdict = self._ranking.decide(run)
        most = any(name > words and len(words) >= _MOST * len(name) for name in self._index.names)
        return verdict.known and verdict.score >= SURE and (brand or whole or (verdict.sure and most))
