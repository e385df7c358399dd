"""Whole boards: what cannot be changed afterwards. Single lines are among the vectors of test_vectors.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import pytest

from civicforum.sealed import (
    Board,
    Check,
    Phase,
    Refused,
    Why,
    ballot_line,
    close_line,
    enroll_line,
    manifest_line,
    seal,
    stop_line,
    tracker_of,
    void_line,
    write_line,
)
from civicforum.sealed.group import times_base
from civicforum.sealed.lines import extend, from_base64, line_digest, read_line
from civicforum.sealed.receipts import is_on_chain, issue_receipt, read_receipt, receipt_key
from tests.support.sealed_election import (
    ONE_QUESTION,
    RECEIPT_SECRET,
    UUID,
    Election,
)
from tests.support.sealed_forgers import SEED


def refusal(lines: Sequence[bytes]) -> Refused | None:
    """Return why a board does not take these lines, all of them, to the end."""
    board = Board()
    try:
        for line in lines:
            board.take(line)
        board.check_complete()
    except Refused as refused:
        return refused
    return None


def state_of(board: Board) -> tuple[Any, ...]:
    """Return everything that a line before the close may change, as it is at this moment."""
    electorate = board.electorate
    standings = {voter: astuple(standing) for voter, standing in electorate.standings.items()}
    return board.head, board.lines, board.phase, list(board.founding), standings, dict(electorate.ballots)


def at(election: Election, kind: str, number: int = 0) -> int:
    return [at for at, line in enumerate(election.lines) if read_line(line)["type"] == kind][number]


def edited(election: Election, line: int, **fields: Any) -> list[bytes]:
    lines = list(election.lines)
    lines[line] = write_line({**read_line(lines[line]), **fields})
    return lines


def test_the_honest_election_is_taken_and_counted(finished: Election) -> None:
    # Counted: OTHER (voter 0, again), OTHER (2), FULL (3), BLANK (4); voter 1 took paper.
    assert finished.board.result is not None
    assert finished.board.result["counts"][:5] == [1, 2, 1, 0, 2]
    assert finished.board.result["texts"] == [{"": 3, "王小明": 1}, {"": 1, "201": 3}]


def test_the_honest_election_is_whole_once_its_paper_is_counted(small: Election, finished: Election) -> None:
    assert refusal(small.lines) is None
    assert refusal(finished.lines).check is Check.COMPLETE  # type: ignore[union-attr]


@pytest.mark.parametrize("drop", range(10))
def test_a_dropped_line_changes_the_head_or_is_refused(small: Election, drop: int) -> None:
    lines = small.lines[:drop] + small.lines[drop + 1 :]
    board = Board()
    try:
        for line in lines:
            board.take(line)
    except Refused:
        return
    assert board.head != small.board.head
    with pytest.raises(Refused):
        board.check_complete()


def test_a_dropped_ballot_cannot_be_papered_over(small: Election) -> None:
    """Without the announced head: the close line is rewritten too, but the shares name the old board."""
    lines = edited(small, at(small, "close"), counted=1)
    del lines[at(small, "ballot")]
    assert refusal(lines).check is Check.SHARE_PROOF  # type: ignore[union-attr]


def test_ballots_in_another_order_are_another_board(small: Election) -> None:
    lines, first = list(small.lines), at(small, "ballot")
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    assert refusal(lines).check is Check.SHARE_PROOF  # type: ignore[union-attr]


@pytest.mark.parametrize("change", ["options", "revote", "least", "title", "max"])
def test_terms_changed_after_the_fact_void_every_ballot(small: Election, change: str) -> None:
    manifest = json.loads(small.lines[2])
    if change == "options":
        manifest["contests"][0]["options"].reverse()
    elif change == "max":
        manifest["contests"][0]["max"] = 3
    else:
        manifest[change] = {"revote": False, "least": 2, "title": "换届"}[change]
    refused = refusal([*small.lines[:2], write_line(manifest), *small.lines[3:]])
    assert refused is not None
    assert refused.check in (Check.BALLOT_PROOF, Check.BALLOT_LENGTH)


def test_a_roll_extended_after_the_fact_is_not_the_one_that_was_named(small: Election) -> None:
    lines = edited(small, 1, creds=[*json.loads(small.lines[1])["creds"][:1]])
    assert refusal(lines).check is Check.MANIFEST_NAMES  # type: ignore[union-attr]


def test_the_head_follows_from_the_digests_alone(small: Election) -> None:
    head = bytes(32)
    for line in small.lines:
        head = extend(head, line_digest(line))
    assert head == small.board.head


def test_only_the_last_ballot_counts_and_only_where_voting_again_is_provided_for() -> None:
    election = Election(ONE_QUESTION, voters=1, revote=False)
    election.cast(0, [1, 0, 0, 0, 0])
    with pytest.raises(Refused) as refused:
        election.cast(0, [0, 1, 0, 0, 0], sequence=1)
    assert refused.value.check is Check.BALLOT_SEQUENCE


def test_too_few_ballots_are_never_opened() -> None:
    election = Election(ONE_QUESTION, voters=3, least=3)
    election.cast(0, [1, 0, 0, 0, 0])
    election.cast(1, [1, 0, 0, 0, 0])
    election.put(stop_line())
    with pytest.raises(Refused) as refused:
        election.put(close_line(2))
    assert refused.value.check is Check.CLOSE_LEAST


def test_paper_wins_over_a_ballot_cast_before_and_after() -> None:
    election = Election(ONE_QUESTION, voters=2)
    election.cast(0, [1, 0, 0, 0, 0])
    election.cast(1, [1, 0, 0, 0, 0])
    election.void(0)
    with pytest.raises(Refused) as refused:
        election.cast(0, [1, 0, 0, 0, 0], sequence=1)
    assert refused.value.check is Check.BALLOT_ELIGIBLE
    election.put(stop_line())
    election.void(1)
    assert not election.board.electorate.ballots


def test_weights_multiply_and_need_a_hundred_ballots_and_no_texts() -> None:
    yes_no = [{"kind": "choose", "options": ["yes", "no"], "max": 1}]
    for contests, least in ((yes_no, 99), ([{"kind": "rank", "options": ["a"]}], 100)):
        with pytest.raises(Refused) as refused:
            Election(contests, voters=2, weights=[1, 5], least=least)
        assert refused.value.check is Check.MANIFEST_TERMS


def test_a_replaced_card_keeps_its_weight() -> None:
    yes_no = [{"kind": "choose", "options": ["yes", "no"], "max": 1}]
    election = Election(yes_no, voters=2, weights=[7, 5], least=100)
    election.void(0, Why.REISSUED)
    election.put(enroll_line(times_base(9), election.credentials[0]))
    assert election.board.electorate.standings[times_base(9)].weight == 7


def test_a_refused_line_changes_nothing(small: Election) -> None:
    election = Election(ONE_QUESTION, voters=2, seed="small")
    before = state_of(election.board)
    for line in (
        b"{}",
        close_line(0),
        ballot_line(bytes(2)),
        void_line(bytes(32), Why.PAPER),
        manifest_line(election.lines[0], election.lines[1]),
        small.lines[at(small, "share")],
    ):
        with pytest.raises(Refused):
            election.board.take(line)
        assert state_of(election.board) == before


def test_lines_that_were_accepted_before_are_taken_without_their_proofs(finished: Election) -> None:
    board = Board()
    for line in finished.lines:
        board.take(line, proofs=False)
    assert (board.head, board.phase, board.result) == (
        finished.board.head,
        Phase.OPENED,
        finished.board.result,
    )


def test_a_receipt_says_where_the_ballot_stands_and_convicts(small: Election) -> None:
    digests = [line_digest(line) for line in small.lines]
    ballot = from_base64(read_line(small.lines[3])["ballot"])
    board, _, heads = Election.replayed(small.lines[:4])
    receipt = issue_receipt(RECEIPT_SECRET, UUID, board.lines, tracker_of(ballot), board.head)
    assert read_receipt(receipt.raw, small.board.manifest.receipt_key) == receipt
    assert is_on_chain(receipt, digests)
    assert not is_on_chain(receipt, digests[:3])
    assert not is_on_chain(receipt, [])
    assert not is_on_chain(receipt._replace(line=100), digests[:4])
    assert not is_on_chain(receipt, [*digests[:3], digests[4], *digests[4:]])
    assert heads[-1] == receipt.head


@pytest.mark.parametrize("field", ["uuid", "line", "tracker", "head", "proof"])
def test_a_receipt_with_a_changed_field_is_refused(small: Election, field: str) -> None:
    receipt = issue_receipt(RECEIPT_SECRET, UUID, 4, bytes(32), small.board.head)
    other = issue_receipt(RECEIPT_SECRET + 1, UUID[:-1] + "2", 5, b"\1" * 32, bytes(32))
    changed = receipt._replace(**{field: getattr(other, field)})
    with pytest.raises(Refused) as refused:
        read_receipt(changed.raw, receipt_key(RECEIPT_SECRET))
    assert refused.value.check is Check.RECEIPT


def test_a_ballot_for_another_election_is_refused(small: Election) -> None:
    other = Election(ONE_QUESTION, voters=2, title="另一次选举")
    ballot = seal(other.race, [1, 0, 0, 0, 0], small.secrets[0], 2, SEED)
    board, *_ = Election.replayed(small.lines[:5])
    with pytest.raises(Refused) as refused:
        board.take(ballot_line(ballot))
    assert refused.value.check is Check.BALLOT_PROOF
