"""Trustees: any t open, fewer do not, and none is an oracle."""

from __future__ import annotations

import pytest

from civicforum.sealed import Agenda, Check, OnceOnly, Refused, Slip, Trustee, joint_key, read_seed, spoken
from civicforum.sealed.ceremony import Ceremony
from civicforum.sealed.group import Ciphertext, encode, times_base
from civicforum.sealed.hashing import hash_to_scalar
from civicforum.sealed.tallies import SmallLogarithms, combine, lagrange
from tests.support.sealed_election import FULL, ONE_QUESTION, Election


@pytest.mark.parametrize("who", [(1, 2), (2, 3), (3, 1), (1, 2, 3)])
def test_any_threshold_of_trustees_opens(who: tuple[int, ...]) -> None:
    election = Election(ONE_QUESTION, voters=2)
    election.cast(0, [1, 0, 1, 0, 0])
    election.cast(1, [1, 0, 0, 0, 1])
    election.finish(who)
    assert election.board.result == {"counts": [2, 0, 1, 0, 1], "texts": []}


def test_one_of_two_does_not_open(small: Election) -> None:
    opening = small.board.opening
    only = list(opening.shares.values())[:1]
    for shares in (only, only * 2, []):
        with pytest.raises(Refused) as refused:
            combine(opening.agenda, shares, 2)
        assert refused.value.check is Check.RESULT_SHARES
    # Whoever reconstructs from one share as if it were enough finds no count.
    alone = combine(opening.agenda, only, 1)
    with pytest.raises(Refused):
        SmallLogarithms(2).of(alone[0])


def test_a_platform_alone_is_a_ceremony_of_one() -> None:
    election = Election(ONE_QUESTION, voters=1, threshold=1, size=1)
    election.cast(0, [0, 0, 0, 1, 0])
    assert election.finish((1,)).board.result == {"counts": [0, 0, 0, 1, 0], "texts": []}


def test_each_shuffle_of_each_pool_is_proved_in_a_context_of_its_own() -> None:
    election = Election(voters=2)
    election.cast(0, FULL)
    election.cast(1, FULL)
    election.close()
    contexts = {election.board.opening.mix_context(pool) for pool in (0, 1)}
    election.mix(election.trustees[0])
    contexts |= {election.board.opening.mix_context(pool) for pool in (0, 1)}
    assert len(contexts) == 4


def test_a_trustee_comes_back_from_the_slip_and_the_archive(finished: Election) -> None:
    slip = Slip(2, finished.seeds[1])
    again = Trustee(finished.ceremony, 2, read_seed(slip.code))
    assert again.confirm(finished.hellos, finished.deals) == finished.confirms[1]
    agenda = finished.board.opening.agenda
    assert again.open(agenda) == finished.trustees[1].open(agenda)


def test_one_seed_deals_once(finished: Election) -> None:
    trustee = Trustee(finished.ceremony, 1, finished.seeds[0])
    first = trustee.deal(finished.hellos)
    assert trustee.deal(finished.hellos) == first
    other = Trustee(finished.ceremony, 3, bytes(32)).hello()
    with pytest.raises(OnceOnly):
        trustee.deal([*finished.hellos[:2], other])


def test_a_trustee_opens_one_agenda_only(finished: Election) -> None:
    trustee = Trustee(finished.ceremony, 1, finished.seeds[0])
    agenda = finished.board.opening.agenda
    with pytest.raises(ValueError, match="confirm the deals"):
        trustee.open(agenda)
    trustee.confirm(finished.hellos, finished.deals)
    assert trustee.open(agenda) == trustee.open(agenda)
    with pytest.raises(OnceOnly):
        trustee.open(Agenda(bytes(32), (Ciphertext(times_base(1), times_base(2)),)))


def test_a_bad_share_is_found_by_its_receiver_who_names_the_dealer(finished: Election) -> None:
    deals = list(finished.deals)
    deals[2] = deals[2]._replace(shares=(encode(hash_to_scalar("junk")), *deals[2].shares[1:]))
    with pytest.raises(Refused, match="trustee 3 dealt a bad share"):
        Trustee(finished.ceremony, 1, finished.seeds[0]).confirm(finished.hellos, deals)
    Trustee(finished.ceremony, 2, finished.seeds[1]).confirm(finished.hellos, deals)


def test_shares_are_padded_for_their_receiver_alone(finished: Election) -> None:
    deal, trustee = finished.deals[0], finished.trustees[0]
    for receiver, padded in enumerate(deal.shares, 1):
        assert padded != encode(trustee._value_at(receiver))
    assert len(set(deal.shares)) == 3


def test_the_words_read_aloud_change_with_any_hello(finished: Election) -> None:
    said = spoken(finished.hellos)
    assert len(said) == 8
    other = Trustee(finished.ceremony, 3, bytes(32)).hello()
    assert spoken([*finished.hellos[:2], other]) != said


def test_a_ceremony_belongs_to_its_id(finished: Election) -> None:
    other = Ceremony(bytes(16), 2, 3)
    joint_key(finished.ceremony, finished.hellos, finished.deals, finished.confirms)
    with pytest.raises(Refused) as refused:
        joint_key(other, finished.hellos, finished.deals, finished.confirms)
    assert refused.value.check is Check.CEREMONY_COMMITMENT


def test_nobody_holds_the_key(finished: Election) -> None:
    """The key is the value at 0 of a polynomial that no share is."""
    points = finished.board.trustees.public_shares
    assert finished.race.key not in points
    shares = [trustee._secret_share() for trustee in finished.trustees]
    at_zero = sum(lagrange(i, (1, 3)) * shares[i - 1] for i in (1, 3))
    assert times_base(at_zero) == finished.race.key


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 10, 99, 100, 101])
def test_small_logarithms_end_at_their_limit(limit: int) -> None:
    logarithms = SmallLogarithms(limit)
    assert [logarithms.of(times_base(m)) for m in range(limit + 1)] == list(range(limit + 1))
    for beyond in (limit + 1, -1, limit + 1000):
        with pytest.raises(Refused):
            logarithms.of(times_base(beyond))


def test_the_drill_opens_a_dummy_ballot() -> None:
    election = Election(voters=1)
    election.cast(0, FULL)
    assert election.finish((2, 3)).board.result is not None
