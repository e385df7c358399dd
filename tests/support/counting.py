"""Random small polls for property tests: options, and rankings or approvals as written on the papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from civicforum.counting import BallotKind, Contest, Profile, Rule

Groups = tuple[tuple[str, ...], ...]
"""A ballot: names in groups, best first; an approval ballot is one group, a blank one none."""

NAMES = ("Ana", "Bo", "Cai", "Dee", "Eli", "Fen", "Gao", "Hui")


@dataclass(frozen=True)
class Poll:
    """What was asked and every paper that came in, one by one."""

    options: tuple[str, ...]
    ballots: tuple[Groups, ...]
    kind: BallotKind = BallotKind.RANKING

    def contest(self, rule: Rule, seats: int = 1) -> Contest:
        return Contest(self.options, rule, seats=seats)

    def profile(self) -> Profile:
        """Return the papers with equal ones merged."""
        return replace(Profile.of_rankings(self.options, self.ballots), kind=self.kind)

    def unmerged_profile(self) -> Profile:
        """Return the same papers, one row for each."""
        number = {name: str(index) for index, name in enumerate(self.options, start=1)}
        lines = "".join(
            ">".join("=".join(number[name] for name in group) for group in ballot) + "\t1\n"
            for ballot in self.ballots
        )
        return replace(Profile.of_lines(self.options, lines.encode()), kind=self.kind)

    def with_ballots(self, *ballots: Groups) -> Poll:
        return replace(self, ballots=self.ballots + ballots)


@st.composite
def rankings(draw: st.DrawFn, options: Sequence[str], *, ties: bool = False, whole: bool = False) -> Groups:
    """Draw a ballot that ranks some options, or all of them where it is `whole`."""
    order = draw(st.permutations(options))
    length = len(options) if whole else draw(st.integers(0, len(options)))
    groups: list[tuple[str, ...]] = []
    for name in order[:length]:
        if groups and ties and draw(st.booleans()):
            groups[-1] += (name,)
        else:
            groups.append((name,))
    return tuple(groups)


@st.composite
def approvals(draw: st.DrawFn, options: Sequence[str]) -> Groups:
    """Draw a ballot that approves some options."""
    names = draw(st.lists(st.sampled_from(options), unique=True))
    return (tuple(names),) if names else ()


@st.composite
def contests_with_rankings(
    draw: st.DrawFn,
    max_options: int = 5,
    max_ballots: int = 12,
    *,
    ties: bool = False,
    whole: bool = False,
) -> Poll:
    """Draw a poll of 2 to `max_options` options (8 at the most) and 0 to `max_ballots` rankings."""
    options = NAMES[: draw(st.integers(2, max_options))]
    papers = st.lists(rankings(options, ties=ties, whole=whole), max_size=max_ballots)
    return Poll(options, tuple(draw(papers)))


@st.composite
def contests_with_approvals(draw: st.DrawFn, max_options: int = 5, max_ballots: int = 12) -> Poll:
    """Draw a poll of 2 to `max_options` options (8 at the most) and 0 to `max_ballots` approval ballots."""
    options = NAMES[: draw(st.integers(2, max_options))]
    papers = st.lists(approvals(options), max_size=max_ballots)
    return Poll(options, tuple(draw(papers)), BallotKind.APPROVAL)


@st.composite
def shuffled(draw: st.DrawFn, polls: st.SearchStrategy[Poll]) -> tuple[Poll, Poll]:
    """Draw a poll, and the same with its ballots and its options in another order."""
    poll = draw(polls)
    options = tuple(draw(st.permutations(poll.options)))
    ballots = tuple(draw(st.permutations(poll.ballots)))
    return poll, replace(poll, options=options, ballots=ballots)


@st.composite
def renamed(draw: st.DrawFn, polls: st.SearchStrategy[Poll]) -> tuple[Poll, Poll, dict[str, str]]:
    """Draw a poll, the same with the names exchanged, and which name became which."""
    poll = draw(polls)
    names = dict(zip(poll.options, draw(st.permutations(poll.options)), strict=True))
    ballots = tuple(
        tuple(tuple(names[name] for name in group) for group in ballot) for ballot in poll.ballots
    )
    return poll, replace(poll, ballots=ballots), names
