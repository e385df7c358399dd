"""A committee elected on one ballot paper, in as many rounds as it takes.

Source: 城市居民委员会组织法 (in force 2026-01-01) art 19. A poll is valid when enough of the roll take part;
whoever has the votes of enough of those who took part is elected, the most votes first; seats that stay open
are filled in another round (另行选举) among the best not elected, where the most votes win from a share of
the ballots cast. The law is silent on ties: those tied are voted on again (选举法 art 45; measures of
Shanghai, Zhejiang and Beijing). All shares are passed in, since they differ with the way of electing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ..contest import Contest, Rule
from ..result import Amount, Choices, Result, Stage, Step
from ..shares import Share, ShareCheck
from .committee_outcome import (
    Denominator,
    NextKind,
    NextStep,
    PollFault,
    PostOutcome,
    RoundOutcome,
    RoundRules,
)
from .committee_papers import CommitteePaper, PaperFigures, PollFigures, Post, ReadPapers, read_papers
from .selection import count_choices, elect, profile_of

K = TypeVar("K")


def count_round(
    posts: Sequence[Post],
    papers: Iterable[tuple[CommitteePaper, int]],
    figures: PollFigures,
    rules: RoundRules,
    *,
    before: RoundOutcome | None = None,
    women: Collection[str] | None = None,
) -> RoundOutcome:
    """Count one round.

    Args:
        posts: the highest first. The order decides from where votes are added downwards, and that whoever is
            elected to one post is not elected to a lower one.
        papers: each different paper with how many are alike, without those in `figures.spoiled`.
        before: the round before this one; `posts` are then its `next_posts()`.
        women: who is a woman, if that is to be reported on.

    Raises ImpossibleBallot, ImpossibleCount, and ValueError for a post that has fewer seats open.
    """
    read = read_papers(posts, papers, figures, rules.papers)
    turnout = rules.turnout.check(figures.voted, figures.roll) if rules.turnout else None
    faults = _faults(read.figures, figures, turnout)
    outcomes = before.posts if before else ()
    if faults:
        steps = before.steps if before else tuple(_again(post) for post in posts)
    else:
        outcomes = _Round(posts, read, figures.voted, rules).decide(outcomes)
        steps = tuple(outcome.step for outcome in outcomes if outcome.step)
    elected = {name for outcome in outcomes for name in outcome.result.elected}
    return RoundOutcome(
        number=before.number + 1 if before else 1,
        papers=read.figures,
        turnout=turnout,
        faults=faults,
        posts=outcomes,
        steps=steps,
        needs_woman=None if women is None else elected.isdisjoint(women),
    )


def _faults(papers: PaperFigures, figures: PollFigures, turnout: ShareCheck | None) -> tuple[PollFault, ...]:
    found = {
        PollFault.TOO_MANY_PAPERS: papers.returned > figures.voted,
        PollFault.TURNOUT: turnout is not None and not turnout.holds,
    }
    return tuple(fault for fault, is_so in found.items() if is_so)


def _again(post: Post) -> NextStep:
    return NextStep(NextKind.POLL_AGAIN, post.name, post.seats, post.candidates)


class _Round:
    """A valid round, decided from the highest post down.

    `taken` are those who are elected to a post, `pending` those whom an open tie for a higher post may elect.
    """

    def __init__(self, posts: Sequence[Post], read: ReadPapers, voted: int, rules: RoundRules) -> None:
        self.posts = {post.name: post for post in posts}
        self.read = read
        self.rules = rules
        self.whole = voted if rules.of is Denominator.TAKING_PART else read.figures.returned
        self.taken: set[str] = set()
        self.pending: set[str] = set()

    def decide(self, before: Sequence[PostOutcome]) -> tuple[PostOutcome, ...]:
        self.taken = {name for outcome in before for name in outcome.result.elected}
        earlier = {outcome.post: outcome for outcome in before}
        decided = []
        for name in dict.fromkeys([*earlier, *self.posts]):
            outcome = self.count(self.posts[name], earlier.get(name)) if name in self.posts else earlier[name]
            if name in self.posts or (outcome.step and outcome.step.kind is NextKind.WAIT):
                outcome = self.elect(outcome)
            self.taken.update(outcome.result.elected)
            if outcome.result.tied:
                self.pending.update(outcome.result.tied.names)
            decided.append(outcome)
        return tuple(self.with_step(outcome) for outcome in decided)

    def count(self, post: Post, before: PostOutcome | None) -> PostOutcome:
        """Return the votes of one post as the last stage of its result, nobody elected by it yet."""
        marks = self.read.of(post.name)
        written_in = sorted({name for paper, _ in marks for name in paper} - set(post.candidates))
        profile = profile_of((*post.candidates, *written_in), marks)
        choices = count_choices(profile.options, profile.marks, profile.weights)
        added = self.added(post, choices)
        totals = {name: choice.in_favour + added.get(name, 0) for name, choice in choices.items()}
        share = None if post.most_votes else self.rules.elected
        least = share.least(self.whole) if share else None
        void, papers = self.read.void_in(post.name), self.read.figures
        result = Result(
            contest=_contest(post, before, totals, share),
            valid=profile.valid,
            blank=papers.blank + profile.blank - void,
            spoiled=sum(papers.spoiled.values()) + void,
            stages=(Stage(1, Step.COUNT, totals, quota=least),),
            elected=(),
            quota=least,
            choices=choices,
        )
        return PostOutcome(
            post=post.name,
            result=_after(before.result, result) if before else result,
            checks={name: share.check(votes, self.whole) for name, votes in totals.items()} if share else {},
            added=added,
        )

    def added(self, post: Post, choices: Mapping[str, Choices]) -> dict[str, int]:
        """Return what higher posts add to the votes of each candidate; a paper counts once for a person."""
        if not self.rules.added_downwards:
            return {}
        names = list(self.posts)
        down_to_here = names[: names.index(post.name) + 1]
        more = {
            name: self.read.for_any(down_to_here, name) - choice.in_favour for name, choice in choices.items()
        }
        return {name: votes for name, votes in more.items() if votes}

    def elect(self, outcome: PostOutcome) -> PostOutcome:
        """Fill the open seats of a post from the votes of its last stage."""
        result, stage = outcome.result, outcome.result.stages[-1]
        already = tuple(name for earlier in result.stages[:-1] for name in earlier.elected)
        taken = self.taken.difference(stage.elected)
        free = {name: int(stage.totals[name]) for name in result.choices if name not in taken}
        seats = result.contest.seats - len(already)
        least = None if stage.quota is None else int(stage.quota)
        found = elect(replace(result.contest, seats=seats), free, least)
        waits = not self.pending.isdisjoint((*found.elected, *(found.tied.names if found.tied else ())))
        if waits:
            found = replace(found, elected=(), ties=(), tied=None)
        return replace(
            outcome,
            result=replace(
                result,
                stages=(*result.stages[:-1], replace(stage, elected=found.elected)),
                elected=already + found.elected,
                ties=(*result.ties, *(replace(tie, stage=stage.number) for tie in found.ties)),
                tied=replace(found.tied, certain=already + found.elected) if found.tied else None,
            ),
            elected_elsewhere=tuple(sorted(taken.intersection(result.choices).difference(already))),
            step=NextStep(NextKind.WAIT, outcome.post, seats, ()) if waits else None,
        )

    def with_step(self, outcome: PostOutcome) -> PostOutcome:
        """Say what must happen about the seats of a post that are open."""
        result = outcome.result
        if result.tied:
            step = NextStep(NextKind.NEW_VOTE, outcome.post, result.tied.seats, result.tied.names)
            return replace(outcome, step=step)
        if not result.seats_open:
            return replace(outcome, step=None)
        if outcome.step and outcome.step.kind is NextKind.WAIT:
            return outcome
        return replace(outcome, step=self.another_round(outcome))

    def another_round(self, outcome: PostOutcome) -> NextStep:
        candidates = self.best_not_elected(outcome)
        kind = NextKind.ANOTHER_ROUND if candidates else NextKind.VACANT
        if not self.pending.isdisjoint(candidates):
            kind = NextKind.WAIT
        enough = self.rules.enough_members
        vacant = enough is not None and len(self.taken) >= enough
        return NextStep(kind, outcome.post, outcome.result.seats_open, candidates, may_stay_vacant=vacant)

    def best_not_elected(self, outcome: PostOutcome) -> tuple[str, ...]:
        """Return who stands in another round."""
        votes = outcome.result.stages[-1].totals
        left = {name: votes[name] for name in outcome.result.choices if name not in self.taken}
        return best_of(left, outcome.result.seats_open + self.rules.extra)


def best_of(votes: Mapping[K, Amount], room: int) -> tuple[K, ...]:
    """Return those with the most votes, best first; whoever is level with the last of them is there too."""
    ranked = sorted(votes, key=lambda one: (-votes[one], str(one)))
    if len(ranked) <= room:
        return tuple(ranked)
    return tuple(one for one in ranked if votes[one] >= votes[ranked[room - 1]])


def _contest(post: Post, before: PostOutcome | None, names: Iterable[str], share: Share | None) -> Contest:
    """Return the contest of a post over all its rounds: everybody who stood, and all its seats."""
    if before is None:
        return Contest(tuple(names), Rule.SELECTION, seats=post.seats, threshold=share)
    result = before.result
    if post.seats > result.seats_open + (result.tied.seats if result.tied else 0):
        raise ValueError(f"{post.name} has fewer seats open than {post.seats}")
    return replace(result.contest, options=tuple(dict.fromkeys((*result.contest.options, *names))))


def _after(before: Result, result: Result) -> Result:
    """Return this result with the stages of earlier rounds before its own."""
    options = result.contest.options
    stages = tuple(
        replace(stage, number=number, totals={name: stage.totals.get(name, 0) for name in options})
        for number, stage in enumerate((*before.stages, *result.stages), start=1)
    )
    return replace(result, stages=stages, ties=before.ties, quota=stages[0].quota)
