"""The same bytes as the prototype of the protocol, and either side takes what the other makes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from civicforum.config import ROOT
from civicforum.sealed import Board, race_of, seal, write_line
from civicforum.sealed import ceremony as ceremonies
from civicforum.sealed.contests import Kind
from civicforum.sealed.group import times_base
from civicforum.sealed.hashing import hash_to_scalar
from civicforum.sealed.trustees import Trustee
from civicforum.sealed.writing import ballot_line, close_line, result_line, stop_line
from tests.support.sealed_election import PICKS, QUESTIONS, Election, contest_of, played

REFERENCE = ROOT.parent / "shared" / "reference" / "sealed"
MODULES = ("archive", "ballot", "group", "shuffle", "trustees")


@pytest.fixture(scope="module")
def prototype() -> Iterator[SimpleNamespace]:
    if not REFERENCE.exists():
        pytest.skip("needs ../shared/reference/sealed: the prototype is not kept in the repository")
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(REFERENCE))
    try:
        yield SimpleNamespace(**{name: __import__(name) for name in MODULES})
    finally:
        sys.path.remove(str(REFERENCE))
        sys.dont_write_bytecode = before
        for name in MODULES:
            sys.modules.pop(name, None)


def papers() -> list[tuple[Any, Any]]:
    key = times_base(hash_to_scalar("k"))
    found: list[tuple[Any, Any]] = [(QUESTIONS, picks) for picks in PICKS]
    for kind in (Kind.CHOOSE, Kind.REVIEW, Kind.RATE, Kind.TABLE, Kind.RANK):
        for size in (1, 2, 4):
            contest = contest_of(kind, size)
            race = race_of(write_line({"contests": [contest], "key": key}))
            found.append(([contest], [1, *[0] * (race.slots - 1)] if race.marks else [0]))
    return found


def test_races_and_ballots_are_the_same_bytes(prototype: SimpleNamespace) -> None:
    for contests, picks in papers():
        raw = write_line({"contests": contests, "key": times_base(hash_to_scalar("k"))})
        ours, theirs = race_of(raw), prototype.archive.race_of(raw)
        assert (ours.id, ours.ballot_bytes) == (theirs.id, theirs.size)
        for sequence in (0, 7):
            ballot = seal(ours, picks, hash_to_scalar("s"), sequence, bytes(range(32)))
            assert ballot == prototype.ballot.seal(
                theirs, list(picks), hash_to_scalar("s"), sequence, bytes(range(32))
            )


def test_ceremonies_are_the_same_bytes(prototype: SimpleNamespace) -> None:
    election = Election()
    theirs = [
        prototype.trustees.Trustee(election.ceremony.id, i, 2, 3, seed)
        for i, seed in enumerate(election.seeds, 1)
    ]
    hellos = [trustee.hello() for trustee in theirs]
    deals = [trustee.deal(hellos) for trustee in theirs]
    confirms = [trustee.confirm(hellos, deals) for trustee in theirs]
    text = prototype.archive.text
    line = prototype.archive.line(
        type="ceremony",
        t=2,
        **text({"id": election.ceremony.id, "hellos": hellos, "deals": deals, "confirms": confirms}),
    )
    assert line == election.lines[0]
    assert [text(ceremonies.record_of(hello)) for hello in election.hellos] == text(hellos)


def test_the_prototype_takes_our_board(prototype: SimpleNamespace) -> None:
    """It has no stop line yet: there it need not do anything."""

    class Poll(prototype.archive.Poll):  # type: ignore[misc]
        def take_stop(self, raw: bytes) -> None:
            """Let it pass."""

    election, poll = played(), Poll()
    for line in election.lines:
        poll.take(line)
    assert poll.head == election.board.head
    assert poll.closed == election.board.opening.closing
    assert poll.agenda == (
        election.board.opening.agenda.digest,
        list(election.board.opening.agenda.ciphertexts),
    )
    assert poll.result == election.board.result


def test_we_take_a_board_that_the_prototype_makes(prototype: SimpleNamespace) -> None:
    """Its ballots, shuffles and shares, line by line."""
    election = Election()
    archive, theirs = prototype.archive, []
    rounds = list(map(_hello, election.hellos)), list(map(_deal, election.deals))
    for i, seed in enumerate(election.seeds, 1):
        trustee = prototype.trustees.Trustee(election.ceremony.id, i, 2, 3, seed)
        trustee.confirm(*rounds)
        theirs.append(trustee)
    race = archive.race_of(election.lines[2])
    for voter in range(4):
        ballot = prototype.ballot.seal(
            race, list(PICKS[voter % 3]), election.secrets[voter], 0, bytes([voter]) * 32
        )
        election.put(ballot_line(ballot))
    election.put(stop_line())
    election.put(close_line(4))
    opening = election.board.opening
    for trustee in theirs[:2]:
        mixed = [
            prototype.shuffle.shuffle(opening.mix_context(number), election.race.key, pool)
            for number, pool in enumerate(opening.pools)
        ]
        pools, proofs = [pool for pool, _ in mixed], [proof for _, proof in mixed]
        vouch = trustee.vouch(opening.closing, pools)
        record = archive.text({"pools": pools, "proofs": proofs, "vouch": vouch})
        election.put(archive.line(type="shuffle", i=trustee.i, **record))
    for trustee in theirs[1:]:
        share = trustee.decrypt(opening.agenda.digest, list(opening.agenda.ciphertexts))
        election.put(archive.line(type="share", **archive.text(share)))
    election.put(result_line(opening.result()))
    # FULL twice, BLANK and OTHER once.
    assert election.board.result is not None
    assert election.board.result["texts"] == [{"": 2, "王小明": 2}, {"": 1, "201": 3}]


def _hello(hello: ceremonies.Hello) -> dict[str, Any]:
    return {"i": hello.i, "ek": hello.channel_key, "commit": hello.commitment}


def _deal(deal: ceremonies.Deal) -> dict[str, Any]:
    return {"i": deal.i, "publics": list(deal.publics), "pok": deal.possession, "shares": list(deal.shares)}


def test_a_share_is_the_same_bytes(prototype: SimpleNamespace) -> None:
    election = played()
    agenda = election.board.opening.agenda
    ours = Trustee(election.ceremony, 2, election.seeds[1])
    ours.confirm(election.hellos, election.deals)
    theirs = prototype.trustees.Trustee(election.ceremony.id, 2, 2, 3, election.seeds[1])
    theirs.confirm([_hello(hello) for hello in election.hellos], [_deal(deal) for deal in election.deals])
    share = theirs.decrypt(agenda.digest, list(agenda.ciphertexts))
    assert ours.open(agenda) == (share["i"], tuple(share["factors"]), share["proof"])
    pools = election.board.opening.pools
    assert ours.vouch(bytes(32), pools) == theirs.vouch(bytes(32), pools)


def test_a_board_is_a_board(prototype: SimpleNamespace) -> None:
    """The prototype's own demonstration hashes to heads that our chain computes too."""
    demo = __import__("demo")
    try:
        lines = demo.played().lines
    finally:
        sys.modules.pop("demo", None)
    board = Board()
    for line in lines:
        board.skip(line)
    poll = prototype.archive.verify(lines)
    assert board.head == poll.head
