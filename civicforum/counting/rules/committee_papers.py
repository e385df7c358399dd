"""One ballot paper for several posts: which parts of it stand, and which figures have to agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..columns import ImpossibleBallot
from ..contest import ImpossibleContest
from ..shares import ImpossibleCount
from .papers import Ground, Mark, Paper, PaperRules, read_paper

CommitteePaper = Mapping[str, Paper]
"""What one ballot paper says, by post."""

Marks = Mapping[str, Mark]


@dataclass(frozen=True)
class Post:
    """A post on the ballot paper.

    Attributes:
        seats: how many are to be elected to it in this round.
        candidates: whoever is listed; their order decides nothing.
        most_votes: a new vote among those who were tied, where more votes win without a share to reach
            (选举法 art 45).

    Raises ImpossibleContest.
    """

    name: str
    seats: int
    candidates: tuple[str, ...]
    most_votes: bool = False

    def __post_init__(self) -> None:
        if self.seats < 1 or not self.candidates or len(set(self.candidates)) < len(self.candidates):
            raise ImpossibleContest(f"{self.name} needs a seat, and candidates of different names")


@dataclass(frozen=True)
class CommitteePaperRules:
    """What was declared before the vote.

    Attributes:
        names: whether names may be written in, and what follows where they may not.
        whole: grounds that void the whole paper; any other voids the part of the paper that it is about.
            An over-marked paper is void as a whole by 选举法 art 44, one that elects a person to two posts by
            the measures of Zhejiang; some older provincial measures void the part alone.
        two_posts_stand: one person may be chosen for several posts, as where each takes the highest won.
    """

    names: PaperRules = field(default_factory=PaperRules)
    whole: frozenset[Ground] = frozenset({Ground.TOO_MANY, Ground.TWICE, Ground.TWO_POSTS})
    two_posts_stand: bool = False


@dataclass(frozen=True)
class PollFigures:
    """What the election committee signs before the papers are counted.

    Attributes:
        roll: voters, household representatives or residents' representatives, as the way of electing is.
        issued: ballot papers given out.
        voted: persons who took part, those who voted by proxy included.
        spoiled: papers that the election committee set aside, by ground.

    Raises ImpossibleCount.
    """

    roll: int
    issued: int
    voted: int
    spoiled: Mapping[Ground, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min([self.voted, *self.spoiled.values()]) < 0 or self.voted > min(self.roll, self.issued):
            raise ImpossibleCount(f"impossible figures: {self}")


@dataclass(frozen=True)
class PaperFigures:
    """Where every paper went: `returned` is always `valid` + `blank` + all the `spoiled`.

    Attributes:
        void_parts: parts that cannot stand on papers that are otherwise valid, by post and ground.
    """

    issued: int
    returned: int
    valid: int
    blank: int
    spoiled: Mapping[Ground, int]
    void_parts: Mapping[str, Mapping[Ground, int]]

    @property
    def not_returned(self) -> int:
        """Return how many papers were given out and did not come back; negative where too many came."""
        return self.issued - self.returned


class ReadPaper(NamedTuple):
    """One paper that stands: marks by post, and the parts that do not stand."""

    parts: Mapping[str, Marks]
    void: Mapping[str, Ground]


@dataclass(frozen=True)
class ReadPapers:
    """The papers that stand, each with how many are alike, and the figures of all of them."""

    standing: tuple[tuple[ReadPaper, int], ...]
    figures: PaperFigures

    def of(self, post: str) -> list[tuple[Marks, int]]:
        """Return the marks in this part of every paper that stands, nothing for a part that is void."""
        return [(paper.parts.get(post, {}), count) for paper, count in self.standing]

    def for_any(self, posts: Sequence[str], name: str) -> int:
        """Return how many papers are for this person in at least one of these posts."""
        return sum(
            count
            for paper, count in self.standing
            if any(paper.parts.get(post, {}).get(name) is Mark.FOR for post in posts)
        )

    def void_in(self, post: str) -> int:
        """Return how many papers that stand are void in the part of this post."""
        return sum(self.figures.void_parts.get(post, {}).values())


def read_papers(
    posts: Sequence[Post],
    papers: Iterable[tuple[CommitteePaper, int]],
    figures: PollFigures,
    rules: CommitteePaperRules,
) -> ReadPapers:
    """Read every paper, and reconcile the figures.

    Raises ImpossibleBallot on a post or a name that the paper does not list, ImpossibleCount on a negative
    number of papers.
    """
    standing: list[tuple[ReadPaper, int]] = []
    spoiled, blank = Counter(figures.spoiled), 0
    void: dict[str, Counter[Ground]] = {post.name: Counter() for post in posts}
    for paper, count in papers:
        if count < 0:
            raise ImpossibleCount(f"impossible count: {count} papers")
        read = read_one(posts, paper, rules)
        if read is None:
            blank += count
        elif isinstance(read, Ground):
            spoiled[read] += count
        else:
            standing.append((read, count))
            for post, ground in read.void.items():
                void[post][ground] += count
    valid = sum(count for _, count in standing)
    returned = valid + blank + spoiled.total()
    return ReadPapers(
        tuple(standing),
        PaperFigures(
            figures.issued,
            returned,
            valid,
            blank,
            _in_order(spoiled),
            {post: _in_order(void[post]) for post in void},
        ),
    )


def read_one(
    posts: Sequence[Post], paper: CommitteePaper, rules: CommitteePaperRules
) -> ReadPaper | Ground | None:
    """Return the parts of a paper that stand, why the whole of it is spoiled, or None for a blank paper."""
    strangers = sorted(paper.keys() - {post.name for post in posts})
    if strangers:
        raise ImpossibleBallot(f"there is no post {strangers[0]}")
    read = {
        post.name: read_paper(paper[post.name], post.candidates, post.seats, rules.names)
        for post in posts
        if post.name in paper and not paper[post.name].blank
    }
    parts = {post: marks for post, marks in read.items() if not isinstance(marks, Ground)}
    void = {post: ground for post, ground in read.items() if isinstance(ground, Ground)}
    if not rules.two_posts_stand:
        void |= dict.fromkeys(_posts_of_one_person(parts), Ground.TWO_POSTS)
    grounds = [ground for ground in Ground if ground in void.values()]
    whole = [ground for ground in grounds if ground in rules.whole]
    if whole or (grounds and len(void) == len(read)):
        return (whole or grounds)[0]
    return ReadPaper({post: parts[post] for post in parts if post not in void}, void) if read else None


def _posts_of_one_person(parts: Mapping[str, Marks]) -> list[str]:
    """Return the posts in which the paper chooses somebody whom it also chooses in another."""
    chosen = {
        post: {name for name, mark in marks.items() if mark is Mark.FOR} for post, marks in parts.items()
    }
    times = Counter(name for names in chosen.values() for name in names)
    return [post for post, names in chosen.items() if any(times[name] > 1 for name in names)]


def _in_order(counts: Counter[Ground]) -> dict[Ground, int]:
    return {ground: counts[ground] for ground in Ground if counts[ground]}
