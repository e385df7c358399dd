"""Sealed ballots on the board of a poll: once, in order, and only from whom they may come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.polls.errors import BallotRefused
from civicforum.polls.rules import MOST_BALLOTS, PollFault
from civicforum.polls.services import boards
from civicforum.polls.services.casting import Cast, cast_sealed_ballot, keep_as_tested
from civicforum.sealed import Why, void_line
from tests.factories import NOW, make_community
from tests.support.polls import AGAINST, FOR, SealedPoll, make_poll, settings_now


@pytest.fixture
def poll(session: Session) -> SealedPoll:
    return make_poll(make_community())


def cast(poll: SealedPoll, voter: int, ballot: bytes, *, entry: int | None = None) -> Cast:
    return cast_sealed_ballot(
        poll_id=poll.id,
        entry_id=poll.entries[voter if entry is None else entry],
        ballot=ballot,
        actor=poll.actor(voter),
        settings=settings_now(),
        now=NOW,
    )


def fault_of(poll: SealedPoll, voter: int, ballot: bytes, *, entry: int | None = None) -> PollFault:
    with pytest.raises(BallotRefused) as refused:
        cast(poll, voter, ballot, entry=entry)
    return refused.value.fault


def test_a_ballot_gets_its_line_and_a_receipt_that_leads_to_it(session: Session, poll: SealedPoll) -> None:
    ballot = poll.seal(0, [FOR])
    done = cast(poll, 0, ballot)
    assert (done.number, done.tracker, done.is_new) == (4, sealed.tracker_of(ballot), True)
    manifest = boards.manifest_of(session, poll.id)
    receipt = sealed.read_receipt(done.receipt.raw, manifest.receipt_key)
    digests = [sealed.line_digest(line) for line in boards.list_lines(session, poll.id)]
    assert sealed.is_on_chain(receipt, digests)


def test_the_same_bytes_again_are_the_same_ballot(session: Session, poll: SealedPoll) -> None:
    ballot = poll.seal(0, [FOR])
    first, second = cast(poll, 0, ballot), cast(poll, 0, ballot)
    assert (second.number, second.head, second.is_new) == (first.number, first.head, False)
    assert len(boards.replay(session, poll.id).electorate.ballots) == 1


def test_a_later_ballot_takes_the_place_of_the_earlier(session: Session, poll: SealedPoll) -> None:
    cast(poll, 0, poll.seal(0, [FOR]))
    later = poll.seal(0, [AGAINST], sequence=1)
    cast(poll, 0, later)
    assert list(boards.replay(session, poll.id).electorate.ballots.values()) == [later]


def test_a_ballot_out_of_step_is_refused(poll: SealedPoll) -> None:
    assert fault_of(poll, 0, poll.seal(0, [FOR], sequence=1)) is PollFault.OUT_OF_STEP
    cast(poll, 0, poll.seal(0, [FOR]))
    assert fault_of(poll, 0, poll.seal(0, [AGAINST])) is PollFault.OUT_OF_STEP


def test_voting_again_is_refused_where_the_poll_does_not_provide_for_it(session: Session) -> None:
    poll = make_poll(make_community(), revote=False)
    cast(poll, 0, poll.seal(0, [FOR]))
    assert fault_of(poll, 0, poll.seal(0, [AGAINST], sequence=1)) is PollFault.NO_REVOTE


def test_one_voter_cannot_fill_the_board(poll: SealedPoll) -> None:
    for sequence in range(MOST_BALLOTS):
        cast(poll, 0, poll.seal(0, [FOR], sequence=sequence))
    assert fault_of(poll, 0, poll.seal(0, [FOR], sequence=MOST_BALLOTS)) is PollFault.TOO_MANY


def test_nobody_casts_with_the_place_or_the_credential_of_another(poll: SealedPoll) -> None:
    assert fault_of(poll, 0, poll.seal(1, [FOR])) is PollFault.WRONG_CREDENTIAL
    assert fault_of(poll, 0, poll.seal(1, [FOR]), entry=1) is PollFault.NOT_ON_ROLL


def test_a_ballot_with_one_changed_byte_is_refused(poll: SealedPoll) -> None:
    ballot = bytearray(poll.seal(0, [FOR]))
    ballot[-1] ^= 1
    assert fault_of(poll, 0, bytes(ballot)) is PollFault.BAD_BALLOT


def test_after_paper_was_issued_the_screen_takes_no_ballot(session: Session, poll: SealedPoll) -> None:
    ballot = poll.seal(0, [FOR])
    cast(poll, 0, ballot)
    row = session.get_one(boards.Poll, poll.id)
    credential = bytes(sealed.parse_ballot(boards.manifest_of(session, poll.id).race, ballot).credential)
    boards.append(session, poll=row, line=void_line(credential, Why.PAPER), credential=credential)
    session.commit()
    assert fault_of(poll, 0, poll.seal(0, [AGAINST], sequence=1)) is PollFault.PAPER_ISSUED
    assert not boards.replay(session, poll.id).electorate.ballots


def test_a_tested_ballot_is_never_cast_and_a_cast_one_never_tested(poll: SealedPoll) -> None:
    tested = poll.seal(0, [FOR])
    where = {"poll_id": poll.id, "entry_id": poll.entries[0], "actor": poll.actor(0), "now": NOW}
    assert keep_as_tested(ballot=tested, **where) == sealed.tracker_of(tested)
    keep_as_tested(ballot=tested, **where)
    assert fault_of(poll, 0, tested) is PollFault.TESTED
    other = poll.seal(0, [FOR])
    cast(poll, 0, other)
    with pytest.raises(BallotRefused):
        keep_as_tested(ballot=other, **where)


def test_no_ballot_comes_after_the_hour(poll: SealedPoll) -> None:
    with pytest.raises(BallotRefused) as refused:
        cast_sealed_ballot(
            poll_id=poll.id,
            entry_id=poll.entries[0],
            ballot=poll.seal(0, [FOR]),
            actor=poll.actor(0),
            settings=settings_now(),
            now=NOW + timedelta(days=3),
        )
    assert refused.value.fault is PollFault.NOT_OPEN
