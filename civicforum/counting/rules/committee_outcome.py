"""What a round of a committee election declares beforehand, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..result import Result
from ..shares import Share, ShareCheck
from .committee_papers import CommitteePaperRules, PaperFigures, Post


class Denominator(StrEnum):
    """What votes are compared with: persons who took part, or papers that came back.

    Abstentions, blank and spoiled papers are in both (measures of Beijing: 废票计入选票总数).
    """

    TAKING_PART = "taking_part"
    CAST = "cast"


class PollFault(StrEnum):
    """Why a whole poll is void: more papers than people who voted (选举法 art 44), or too few took part."""

    TOO_MANY_PAPERS = "too_many_papers"
    TURNOUT = "turnout"


class NextKind(StrEnum):
    """What must happen about seats that are open.

    WAIT: nothing until a tie for a higher post is settled, because one of those tied is in question here.
    """

    NEW_VOTE = "new_vote"
    ANOTHER_ROUND = "another_round"
    VACANT = "vacant"
    WAIT = "wait"
    POLL_AGAIN = "poll_again"


@dataclass(frozen=True)
class RoundRules:
    """What was declared for one round.

    Attributes:
        elected: the share that elects, `of` what; None where the most votes are enough.
        turnout: the share of the roll that has to take part; None where nothing says so.
        extra: how many more candidates than open seats another round has, at least one (art 18).
        enough_members: from so many members on, seats may stay vacant; None where they may not (Shanghai and
            Zhejiang measures let them).
        added_downwards: votes for a higher post count for a lower one as well (下加, older provincial text):
            a candidate for a lower post has the papers that choose them for it or for any post above it.
    """

    elected: Share | None
    of: Denominator = Denominator.TAKING_PART
    turnout: Share | None = None
    extra: int = 1
    enough_members: int | None = None
    added_downwards: bool = False
    papers: CommitteePaperRules = field(default_factory=CommitteePaperRules)

    def __post_init__(self) -> None:
        if self.extra < 1:
            raise ValueError("another round has more candidates than seats")


@dataclass(frozen=True)
class NextStep:
    """What must happen about one post.

    Attributes:
        seats: how many are still to be filled. candidates: who stands, the most votes first; where some are
            level at the end of the list, all of them.
        may_stay_vacant: enough members are elected for these seats to stay empty.
    """

    kind: NextKind
    post: str
    seats: int
    candidates: tuple[str, ...]
    may_stay_vacant: bool = False

    @property
    def too_few_candidates(self) -> bool:
        """Tell whether others have to be nominated, for there to be more candidates than seats."""
        return len(self.candidates) <= self.seats


@dataclass(frozen=True)
class PostOutcome:
    """What came out for one post.

    Attributes:
        result: one stage for each round in which the post was voted on. Its totals are the votes that decide,
            those added downwards included; `choices` are the marks of the last round beside each name.
        checks: the arithmetic for each candidate of the last round; empty where the most votes win.
        added: votes from higher posts, of those candidates who have any.
        elected_elsewhere: candidates here who were elected to another post.
    """

    post: str
    result: Result
    checks: Mapping[str, ShareCheck]
    added: Mapping[str, int]
    elected_elsewhere: tuple[str, ...] = ()
    step: NextStep | None = None


@dataclass(frozen=True)
class RoundOutcome:
    """What came out of a round; give it to the next one as `before`.

    Attributes:
        number: of the round, from 1.
        turnout: the arithmetic of taking part, where a share of the roll is prescribed.
        faults: why the whole poll is void; then nobody is elected in this round.
        posts: every post, the highest first, those of earlier rounds included.
        steps: what must happen next; nothing where every seat is filled.
        needs_woman: nobody elected so far is a woman (art 8); None where nobody said who is.
    """

    number: int
    papers: PaperFigures
    turnout: ShareCheck | None
    faults: tuple[PollFault, ...]
    posts: tuple[PostOutcome, ...]
    steps: tuple[NextStep, ...]
    needs_woman: bool | None = None

    @property
    def elected(self) -> dict[str, tuple[str, ...]]:
        """Return who is elected to each post, in all rounds so far."""
        return {outcome.post: outcome.result.elected for outcome in self.posts}

    def next_posts(self) -> tuple[Post, ...]:
        """Return what the next ballot paper asks, the steps that only wait left out."""
        return tuple(
            Post(step.post, step.seats, step.candidates, most_votes=step.kind is NextKind.NEW_VOTE)
            for step in self.steps
            if step.kind in (NextKind.NEW_VOTE, NextKind.ANOTHER_ROUND)
        )
