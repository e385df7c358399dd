"""One person, one ballot, whatever happens at one moment: two desks, or the desk and the phone of a voter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from civicforum.database import db
from civicforum.polls.errors import BallotRefused, PaperRefused
from civicforum.polls.models import PaperIssue
from civicforum.polls.rules import PollFault
from civicforum.polls.rules_paper import PaperFault
from civicforum.polls.services.casting import cast_sealed_ballot
from tests.factories import NOW, make_community
from tests.support.paper import Hall, board_of, make_hall, voids_for_paper
from tests.support.polls import FOR, settings_now

ROUNDS = 30


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of it at the same moment, each in a thread; return what each gave, a refusal included."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context():
            start.wait()
            try:
                return act()
            except (PaperRefused, BallotRefused) as refusal:
                return refusal.fault
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def issued_of(hall: Hall) -> int:
    papers = select(func.count()).select_from(PaperIssue).where(PaperIssue.poll_id == hall.poll.id)
    return db.session.scalar(papers) or 0


def test_of_two_desks_one_hands_out_the_paper_and_the_other_is_told(committed: Flask) -> None:
    with committed.app_context():
        hall = make_hall(make_community(), voters=10)
    for voter in range(10):
        told = at_once(
            committed,
            [lambda v=voter: hall.issue(v), lambda v=voter: hall.issue(v, by=hall.second)],  # type: ignore[misc]
        )
        assert sorted(told, key=str) == [None, PaperFault.HAS_PAPER]
    with committed.app_context():
        assert issued_of(hall) == voids_for_paper(hall.poll) == 10


def test_a_voter_who_casts_while_paper_is_handed_out_has_one_ballot(committed: Flask) -> None:
    with committed.app_context():
        hall = make_hall(make_community(), voters=ROUNDS)
        ballots = [hall.poll.seal(voter, [FOR]) for voter in range(ROUNDS)]
    on_paper = 0
    for voter in range(ROUNDS):

        def cast(voter: int = voter) -> object:
            return cast_sealed_ballot(
                poll_id=hall.poll.id,
                entry_id=hall.poll.entries[voter],
                ballot=ballots[voter],
                actor=hall.poll.actor(voter),
                settings=settings_now(),
                now=NOW,
            )

        paper, screen = at_once(committed, [lambda v=voter: hall.issue(v), cast])  # type: ignore[misc]
        # Either the phone was first, and the desk asks before it takes the vote's place, or it is told.
        if paper is None:
            assert screen is PollFault.PAPER_ISSUED
            on_paper += 1
        else:
            assert paper is PaperFault.VOTED_ON_SCREEN
            assert not isinstance(screen, PollFault)
    with committed.app_context():
        assert issued_of(hall) == voids_for_paper(hall.poll) == on_paper
        assert len(board_of(hall.poll).electorate.ballots) == ROUNDS - on_paper


def test_paper_wins_over_a_ballot_cast_at_the_same_moment_once_the_voter_was_asked(committed: Flask) -> None:
    with committed.app_context():
        hall = make_hall(make_community(), voters=10)
        ballots = [hall.poll.seal(voter, [FOR]) for voter in range(10)]
    for voter in range(10):

        def cast(voter: int = voter) -> object:
            return cast_sealed_ballot(
                poll_id=hall.poll.id,
                entry_id=hall.poll.entries[voter],
                ballot=ballots[voter],
                actor=hall.poll.actor(voter),
                settings=settings_now(),
                now=NOW,
            )

        told = at_once(committed, [lambda v=voter: hall.issue(v, despite_screen=True), cast])  # type: ignore[misc]
        assert told[0] is None
        assert told[1] is PollFault.PAPER_ISSUED or not isinstance(told[1], PollFault)
    with committed.app_context():
        assert issued_of(hall) == voids_for_paper(hall.poll) == 10
        assert not board_of(hall.poll).electorate.ballots
