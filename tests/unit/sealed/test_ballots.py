"""One ballot: sealing, verifying, auditing. The forged ones are among the vectors of test_vectors.py."""

from __future__ import annotations

from typing import Any

import pytest

from civicforum.sealed import (
    BreaksTheRules,
    Check,
    Kind,
    Refused,
    encrypt,
    parse_ballot,
    point_of_text,
    race_of,
    read_audit,
    seal,
    tracker_of,
    verify_ballot,
    write_line,
)
from civicforum.sealed.audits import Audit
from civicforum.sealed.group import ORDER, Ciphertext, encode, parse_scalar, times_base
from civicforum.sealed.hashing import hash_to_scalar
from tests.support.sealed_election import FULL, NAME, OTHER, PICKS, Election, contest_of
from tests.support.sealed_election import ORDER as RANKING
from tests.support.sealed_forgers import SEED, Bender, Overvoter, WithoutKnowledge, word

KEY = times_base(hash_to_scalar("k"))


def race_for(*contests: dict[str, Any]) -> Any:
    return race_of(write_line({"contests": list(contests), "key": KEY}))


@pytest.fixture(scope="module")
def good(finished: Election) -> bytes:
    return seal(finished.race, FULL, finished.secrets[5], 0, SEED)


@pytest.mark.parametrize("picks", PICKS)
def test_a_sealed_ballot_verifies(finished: Election, picks: list[Any]) -> None:
    ballot = seal(finished.race, picks, finished.secrets[5], 3, SEED)
    verified = verify_ballot(finished.race, ballot)
    assert (verified.credential, verified.sequence) == (finished.credentials[5], 3)
    assert parse_ballot(finished.race, ballot) == verified
    assert len(ballot) == finished.race.ballot_bytes


@pytest.mark.parametrize(
    ("contest", "length"),
    [
        ({"kind": "choose", "options": ["yes", "no"], "max": 1}, 516),
        ({"kind": "choose", "options": list("abcdefghij"), "max": 5}, 2052),
        ({"kind": "review", "options": list("abcdefg"), "max": 5, "writeins": 2}, 4132),
        ({"kind": "rate", "options": list("abcde"), "levels": list("wxyz")}, 3780),
        ({"kind": "rank", "options": list("abc")}, 196),
    ],
)
def test_a_ballot_has_the_published_length(contest: dict[str, Any], length: int) -> None:
    assert race_for(contest).ballot_bytes == length


@pytest.mark.parametrize("at", range(1, 4100, 101))
def test_any_changed_byte_is_refused(finished: Election, good: bytes, at: int) -> None:
    with pytest.raises(Refused):
        verify_ballot(finished.race, good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1 :])


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("size", [1, 3])
def test_every_kind_of_question_takes_a_blank_ballot(kind: Kind, size: int) -> None:
    race = race_for(contest_of(kind, size))
    verify_ballot(race, seal(race, [0] * race.slots, 5, 0, SEED))


@pytest.mark.parametrize(
    ("contest", "picks"),
    [
        ({"kind": "choose", "options": list("abc"), "max": 1}, [1, 1, 0]),
        ({"kind": "choose", "options": list("abc"), "max": 2, "min": 1}, [0, 0, 0]),
        ({"kind": "table", "options": list("ab")}, [1, 0, 1, 0]),
        ({"kind": "table", "options": list("ab")}, [1, 1, 0, 0]),
        ({"kind": "rate", "options": ["a"], "levels": ["x", "y"]}, [1, 1]),
        ({"kind": "review", "options": ["a"], "max": 1}, [1, 1]),
        ({"kind": "review", "options": ["a", "b"], "max": 1}, [1, 1, 0, 0]),
        ({"kind": "review", "options": ["a"], "max": 1, "writeins": 1}, [0, 0, 0, NAME]),
        ({"kind": "review", "options": ["a"], "max": 1, "writeins": 1}, [1, 0, 1, NAME]),
    ],
)
def test_picks_that_break_a_rule_are_not_sealed_and_not_accepted(contest: Any, picks: list[Any]) -> None:
    race = race_for(contest)
    with pytest.raises(BreaksTheRules):
        seal(race, picks, 5, 0, SEED)
    with pytest.raises(Refused) as refused:
        verify_ballot(race, Overvoter(race, picks, 5, 0, SEED).ballot())
    assert refused.value.check is Check.BALLOT_PROOF


def test_a_write_in_takes_a_seat_and_may_be_left_blank() -> None:
    race = race_for({"kind": "review", "options": ["a"], "max": 1, "writeins": 1})
    verify_ballot(race, seal(race, [0, 1, 1, NAME], 5, 0, SEED))
    verify_ballot(race, seal(race, [0, 1, 1, 0], 5, 0, SEED))


def test_another_number_of_picks_is_not_sealed(finished: Election) -> None:
    with pytest.raises(BreaksTheRules):
        seal(finished.race, FULL[:-1], finished.secrets[5], 0, SEED)


def test_a_bender_who_bends_nothing_is_accepted(finished: Election) -> None:
    """The forger behind "second spelling" fails for its spelling, not for being a bad prover."""
    honest = Bender(finished.race, FULL, finished.secrets[5], 0, lambda pair: pair).ballot()
    verify_ballot(finished.race, honest)


def test_a_text_must_be_known_to_whoever_seals_it() -> None:
    race = race_for(contest_of(Kind.RANK, 3))
    theirs = verify_ballot(race, seal(race, [RANKING], 5, 0, SEED)).ciphertexts[0]
    thief = WithoutKnowledge(race, [RANKING], 6, Ciphertext(theirs.a, theirs.b))
    with pytest.raises(Refused) as refused:
        verify_ballot(race, thief.ballot())
    assert refused.value.check is Check.BALLOT_PROOF


def test_randomness_is_never_shared(finished: Election, good: bytes) -> None:
    race, secret, credential = finished.race, finished.secrets[5], finished.credentials[5]
    assert len({seal(race, FULL, secret, 0, bytes([n]) * 32)[36:] for n in range(3)}) == 3
    one, other = (encrypt(race, picks, credential, 0, SEED).randomness for picks in (FULL, OTHER))
    assert not set(one) & set(other)
    assert not set(one) & set(encrypt(race, FULL, credential, 1, SEED).randomness)
    assert seal(race, FULL, secret, 0, SEED) == good


def test_an_audit_shows_the_marks_inside(finished: Election, good: bytes) -> None:
    audit = Audit(good, tuple(FULL), SEED)
    assert read_audit(audit.raw, finished.race) == audit
    assert audit.tracker == tracker_of(good)


@pytest.mark.parametrize("change", [{"picks": tuple(OTHER)}, {"seed": bytes(32)}])
def test_an_audit_catches_a_phone_that_sealed_something_else(
    finished: Election, good: bytes, change: Any
) -> None:
    with pytest.raises(Refused) as refused:
        read_audit(Audit(good, tuple(FULL), SEED)._replace(**change).raw, finished.race)
    assert refused.value.check is Check.AUDIT


def test_an_audit_of_an_unsound_ballot_is_refused(finished: Election, good: bytes) -> None:
    bent = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(Refused) as refused:
        read_audit(Audit(bent, tuple(FULL), SEED).raw, finished.race)
    assert refused.value.check in (Check.BALLOT_PROOF, Check.SCALAR)


@pytest.mark.parametrize("pick", [2, True, None, "AA", [1]])
def test_an_audit_with_impossible_picks_is_refused(finished: Election, good: bytes, pick: Any) -> None:
    raw = write_line({"type": "audit", "ballot": good, "picks": [pick, *FULL[1:]], "seed": SEED})
    with pytest.raises(Refused):
        read_audit(raw, finished.race)


def test_the_seed_does_not_yield_the_credential(finished: Election, good: bytes) -> None:
    """Were nonces made from what an audit shows, the signature would solve for the secret."""
    race, slots = finished.race, finished.race.slots
    plain = b"".join(encrypt(race, FULL, finished.credentials[5], 0, SEED).plain)
    whole, signature = (parse_scalar(word(good, number + 2 * slots)) for number in (1, 2))
    for guess in (encode(0), b"", finished.credentials[5]):
        nonce = hash_to_scalar("proof", guess, SEED, race.id, bytes(4), plain, encode(0))
        assert times_base((signature - nonce) * pow(whole, -1, ORDER)) != finished.credentials[5]


def test_a_text_of_nine_characters_fits_and_one_more_byte_does_not() -> None:
    point_of_text("欧阳小明明明明明明".encode() + b"xx")
    with pytest.raises(ValueError, match="29 bytes"):
        point_of_text("欧阳小明明明明明明".encode() + b"xxx")
