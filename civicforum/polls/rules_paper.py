"""Paper: whom the desk may give one, lists typed from paper, and what counts of a box are possible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from civicforum.rulebook import Rulebook, Verdict
from civicforum.sealed import Contest, Kind, write_ranking
from civicforum.sealed.paper import sums_of
from civicforum.sealed.races import Rule, sum_in
from civicforum.sealed.texts import LONGEST_TEXT

EXCESS = "ballot.excess_papers_void_poll"
ROVING_SUPERVISORS = "election.roving_box.supervisors"
# A list is typed from paper: nobody means more numbers than any roll has.
MOST_NUMBERS = 20_000


class Word(StrEnum):
    """The one word that the desk sees beside a name."""

    MAY_VOTE = "may_vote"
    HAS_VOTED = "has_voted"
    NOT_ON_ROLL = "not_on_roll"


class PaperFault(StrEnum):
    """Why somebody gets no paper, or a row of an offline list cannot be entered."""

    NOT_OPEN = "not_open"
    NOT_ON_ROLL = "not_on_roll"
    STRUCK_OFF = "struck_off"
    HAS_PAPER = "has_paper"
    VOTED_ON_SCREEN = "voted_on_screen"
    NO_REVOTE = "no_revote"
    NO_CREDENTIAL = "no_credential"
    NO_MANDATE = "no_mandate"
    TWICE = "twice"
    OFFLINE = "offline"


class Ground(StrEnum):
    """Why a paper does not count (eight grounds of a posted notice, DOMAIN.md B19)."""

    BLANK = "blank"
    OVER_CHOICE = "over_choice"
    DEFACED = "defaced"
    TORN = "torn"
    NOT_OFFICIAL = "not_official"
    UNCLEAR_NAME = "unclear_name"
    HELPER_OVERRODE = "helper_overrode"
    OTHER = "other"


def word_of(*, is_struck_off: bool, has_paper: bool, voted_on_screen: bool) -> Word:
    """Return the one word for somebody who stands on the roll."""
    if is_struck_off:
        return Word.NOT_ON_ROLL
    return Word.HAS_VOTED if has_paper or voted_on_screen else Word.MAY_VOTE


class NotNumbers(ValueError):
    """Part of a typed list is neither a number nor a range."""


def read_numbers(text: str) -> list[int]:
    """Return the numbers of a typed list in its order, such as "3, 7-9": 3, 7, 8, 9; one typed twice is there
    twice.

    Full-width digits and Chinese signs are read as well. Raises NotNumbers with the part that is neither.
    """
    numbers: list[int] = []
    for part in re.split(r"[\s,;、。]+", unicodedata.normalize("NFKC", text).replace("~", "-")):
        if not part:
            continue
        match = re.fullmatch(r"(\d{1,9})(?:[-–—至到](\d{1,9}))?", part)
        if match is None:
            raise NotNumbers(part)
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last or len(numbers) + last - first >= MOST_NUMBERS:
            raise NotNumbers(part)
        numbers += range(first, last + 1)
    return numbers


@dataclass(frozen=True)
class BoxSheet:
    """What one person counted in one box.

    Attributes:
        counts: by mark slot; texts: for each question with texts, how often each was found; as on the board's
            line `paper`.
        grounds: how many of the invalid papers for each ground; grounds with none are left out.
    """

    found: int
    invalid: int
    counts: tuple[int, ...]
    texts: tuple[dict[str, int], ...] = ()
    grounds: dict[str, int] = field(default_factory=dict)

    @property
    def valid(self) -> int:
        return self.found - self.invalid


class BoxFault(StrEnum):
    """What cannot be in a count. The arithmetic stands beside it."""

    MORE_FOUND = "more_found"
    MORE_INVALID = "more_invalid"
    GROUNDS = "grounds"
    TOO_MANY_MARKS = "too_many_marks"
    TOO_FEW_MARKS = "too_few_marks"
    TOO_MANY_TEXTS = "too_many_texts"


@dataclass(frozen=True)
class Impossible:
    """A fault with its sum, such as "12 > 3 + 8 = 11", and where it is.

    `where` is "found", "invalid", "grounds", "mark-<slot>" or "pool-<number>".
    """

    fault: BoxFault
    where: str
    arithmetic: str


def check_box(contests: Sequence[Contest], sheet: BoxSheet, *, issued: int) -> list[Impossible]:
    """Return what cannot be in a count, given the papers handed out here; empty where all of it can be.

    Sums are held to the same rules as the line `paper` (civicforum.sealed.paper).
    """
    wrong = []
    if sheet.found > issued:
        wrong.append(Impossible(BoxFault.MORE_FOUND, "found", f"{sheet.found} > {issued}"))
    if sheet.invalid > sheet.found:
        # Nothing else makes sense before this is mended.
        return [*wrong, Impossible(BoxFault.MORE_INVALID, "invalid", f"{sheet.invalid} > {sheet.found}")]
    if sum(sheet.grounds.values()) != sheet.invalid:
        parts = " + ".join(str(number) for number in sheet.grounds.values()) or "0"
        wrong.append(Impossible(BoxFault.GROUNDS, "grounds", f"{parts} ≠ {sheet.invalid}"))
    return wrong + list(_impossible_marks(contests, sheet)) + list(_impossible_texts(contests, sheet))


def _impossible_marks(contests: Sequence[Contest], sheet: BoxSheet) -> Iterator[Impossible]:
    seen: set[int] = set()
    for one in sums_of(rules_of_paper(contests), sheet.counts, sheet.valid, sheet.valid):
        # A slot that is too large alone makes every sum too large that it is in.
        if one.is_possible or not seen.isdisjoint(one.slots):
            continue
        seen.update(one.slots)
        parts = " + ".join(str(sheet.counts[slot]) for slot in one.slots)
        total = f"{parts} = {one.found}" if len(one.slots) > 1 else parts
        if one.found > one.most:
            yield Impossible(BoxFault.TOO_MANY_MARKS, f"mark-{one.slots[0]}", f"{total} > {one.most}")
        else:
            yield Impossible(BoxFault.TOO_FEW_MARKS, f"mark-{one.slots[0]}", f"{total} < {one.least}")


def _impossible_texts(contests: Sequence[Contest], sheet: BoxSheet) -> Iterator[Impossible]:
    slots = [contest.texts for contest in contests if contest.texts]
    for number, (pool, own) in enumerate(zip(sheet.texts, slots, strict=True)):
        found, most = sum(pool.values()), own * sheet.valid
        if found > most:
            yield Impossible(BoxFault.TOO_MANY_TEXTS, f"pool-{number}", f"{found} > {own} × {sheet.valid}")


def rules_of_paper(contests: Sequence[Contest]) -> list[Rule]:
    """Return the rules of one ballot that bound its marks: each is 0 or 1, and what the questions ask for."""
    rules = [sum_in((slot,), (0, 1)) for slot in range(sum(contest.marks for contest in contests))]
    texts = len(rules)
    mark = 0
    for contest in contests:
        rules += contest.rules(range(mark, mark + contest.marks), range(texts, texts + contest.texts))
        mark, texts = mark + contest.marks, texts + contest.texts
    return rules


class NotLines(ValueError):
    """A line of a list of names or rankings cannot be read."""


def read_names(text: str) -> dict[str, int]:
    """Return how often each written name was found, from lines such as "王秀英 3". Raises NotLines."""
    found: dict[str, int] = {}
    for name, number in _counted_lines(text):
        if len(name.encode()) > LONGEST_TEXT:
            raise NotLines(name)
        found[name] = found.get(name, 0) + number
    return found


def read_rankings(text: str, contest: Contest) -> dict[str, int]:
    """Return how often each order was found, from lines such as "2 1 3 = 5", options from 1, best first.

    Raises NotLines.
    """
    found: dict[str, int] = {}
    for line, number in _counted_lines(text):
        signs = [sign for sign in re.split(r"[\s,、>\-]+", line) if sign]
        order = [int(sign) - 1 for sign in signs if sign.isdecimal()]
        fits = all(0 <= option < len(contest.options) for option in order)
        if len(order) != len(signs) or not fits or not 0 < len(set(order)) == len(order) <= contest.depth:
            raise NotLines(line)
        key = write_ranking(order)
        found[key] = found.get(key, 0) + number
    return found


def _counted_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield what stands before the number at the end of each line, and that number."""
    for line in unicodedata.normalize("NFKC", text).splitlines():
        if not line.strip():
            continue
        # One blank for many: otherwise the expression would try each of them with every other.
        plain = " ".join(line.split())
        match = re.fullmatch(r"([^ =:×](?:.*?[^ ])?)(?: ?[=:×] ?| )(\d{1,6})", plain)
        if match is None or int(match[2]) == 0:
            raise NotLines(line.strip())
        yield match[1], int(match[2])


def write_in_marks(contest: Contest, names: Mapping[str, int], valid: int) -> list[int]:
    """Return the marks of a question's lines for names, the first line filled on all papers first.

    Which line a name stood on, no count by hand says; only the sum means something.
    """
    left, marks = sum(names.values()), []
    for line in range(contest.write_ins):
        is_last = line == contest.write_ins - 1
        marks.append(left if is_last else min(left, max(valid, 0)))
        left -= marks[-1]
    return marks


def blanks(contest: Contest, orders: Mapping[str, int], valid: int) -> dict[str, int]:
    """Return the rankings together with the papers that rank nothing, which are what is left of the valid."""
    rest = valid - sum(orders.values())
    return {**orders, "": rest} if contest.kind is Kind.RANK and rest > 0 else dict(orders)


@dataclass(frozen=True)
class PaperSum:
    """How the papers of one station, or of all, add up."""

    issued: int
    found: int
    invalid: int
    exchanged: int = 0

    @property
    def not_returned(self) -> int:
        """Papers handed out and not found; below 0 where more were found than handed out."""
        return self.issued - self.found

    @property
    def valid(self) -> int:
        return self.found - self.invalid

    def __add__(self, other: PaperSum) -> PaperSum:
        return PaperSum(
            self.issued + other.issued,
            self.found + other.found,
            self.invalid + other.invalid,
            self.exchanged + other.exchanged,
        )


class BoxState(StrEnum):
    """Where a box is between the opening and the signed count."""

    WAITING = "waiting"
    OPEN = "open"
    AWAITS_LIST = "awaits_list"
    SHUT = "shut"
    COUNTING = "counting"
    COUNTED = "counted"
    SIGNED = "signed"


def judge_excess(book: Rulebook, papers: PaperSum) -> Verdict:
    """Judge whether no more papers were found than handed out, in all boxes together.

    Source: 选举法 art 44, which calls the whole poll invalid; within one box alone, voters may have taken
    their papers from one place to the other.
    """
    rule = book.switch(EXCESS)
    holds = papers.found <= papers.issued or not rule.on
    return Verdict(
        holds, f"{papers.found} {'≤' if papers.found <= papers.issued else '>'} {papers.issued}", rule
    )


def added(counts: Iterable[Sequence[int]], slots: int) -> tuple[int, ...]:
    """Return counts of several boxes by slot, added."""
    total = [0] * slots
    for own in counts:
        total = [before + more for before, more in zip(total, own, strict=True)]
    return tuple(total)


def merged(texts: Iterable[Sequence[Mapping[str, int]]], pools: int) -> tuple[dict[str, int], ...]:
    """Return texts of several boxes by pool, added."""
    total: list[dict[str, int]] = [{} for _ in range(pools)]
    for own in texts:
        for pool, found in zip(total, own, strict=True):
            for text, number in found.items():
                pool[text] = pool.get(text, 0) + number
    return tuple(total)
