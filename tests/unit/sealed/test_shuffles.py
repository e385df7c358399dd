"""Texts and their shuffles."""

from __future__ import annotations

import pytest

from civicforum.sealed import (
    Check,
    NotAText,
    Refused,
    check_shuffle,
    point_of_text,
    read_ranking,
    read_text,
    shuffle,
)
from civicforum.sealed.group import (
    IDENTITY,
    Ciphertext,
    add,
    encode,
    is_encoding,
    subtract,
    times,
    times_base,
)
from civicforum.sealed.hashing import hash_to_scalar
from civicforum.sealed.shuffles import ShuffleProof
from civicforum.sealed.texts import SPOILED, text_of_point, write_ranking

SECRET = hash_to_scalar("x")
KEY = times_base(SECRET)
CONTEXT = b"context"


def sealed(text: bytes, randomness: int) -> Ciphertext:
    return Ciphertext(times_base(randomness), add(times(randomness, KEY), point_of_text(text)))


OLD = [sealed(b"%d12" % number, hash_to_scalar("r", encode(number))) for number in range(5)]
Shuffled = tuple[list[Ciphertext], ShuffleProof]


@pytest.fixture(scope="module")
def shuffled() -> Shuffled:
    return shuffle(CONTEXT, KEY, OLD)


def refused(
    context: bytes, key: bytes, old: list[Ciphertext], new: list[Ciphertext], proof: ShuffleProof
) -> bool:
    with pytest.raises(Refused) as found:
        check_shuffle(context, key, old, new, proof)
    return found.value.check is Check.SHUFFLE_PROOF


def test_a_shuffle_keeps_every_text_and_hides_which_is_which(shuffled: Shuffled) -> None:
    new, proof = shuffled
    check_shuffle(CONTEXT, KEY, OLD, new, proof)
    texts = sorted(text_of_point(subtract(pair.b, times(SECRET, pair.a))) for pair in new)
    assert texts == [b"%d12" % number for number in range(5)]
    assert not set(new) & set(OLD)


def test_one_text_can_be_shuffled() -> None:
    new, proof = shuffle(CONTEXT, KEY, OLD[:1])
    check_shuffle(CONTEXT, KEY, OLD[:1], new, proof)


def test_a_shuffle_cannot_drop_add_or_replace(shuffled: Shuffled) -> None:
    new, proof = shuffled
    forged = sealed(b"012", 4)
    for old, other in (
        (OLD, [forged, *new[1:]]),
        (OLD, [new[0], new[0], *new[2:]]),
        (OLD, new[::-1]),
        (OLD[::-1], new),
        (OLD, new[:-1]),
        (OLD[:-1], new),
        ([], []),
    ):
        assert refused(CONTEXT, KEY, old, other, proof)


def test_a_shuffle_belongs_to_its_context_and_key(shuffled: Shuffled) -> None:
    new, proof = shuffled
    assert refused(b"other", KEY, OLD, new, proof)
    assert refused(CONTEXT, times_base(8), OLD, new, proof)


@pytest.mark.parametrize("number", range(4 + 2 * len(OLD)))
def test_every_response_matters(shuffled: Shuffled, number: int) -> None:
    new, proof = shuffled
    responses = list(proof.responses)
    responses[number] += 1
    assert refused(CONTEXT, KEY, OLD, new, proof._replace(responses=tuple(responses)))


@pytest.mark.parametrize("field", ["permutation", "chain"])
def test_every_commitment_matters(shuffled: Shuffled, field: str) -> None:
    new, proof = shuffled
    points = getattr(proof, field)
    for number in range(len(points)):
        changed = (*points[:number], add(points[number], times_base(1)), *points[number + 1 :])
        assert refused(CONTEXT, KEY, OLD, new, proof._replace(**{field: changed}))


@pytest.mark.parametrize("text", ["", "201", "王小明", "x" * 29])
def test_texts_come_back(text: str) -> None:
    assert read_text(point_of_text(text.encode())) == text


@pytest.mark.parametrize(
    "point",
    [
        bytes([2, 30]) + bytes(30),
        times_base(1),
        point_of_text(b"1>2")[:10] + b"x" + point_of_text(b"1>2")[11:],
    ],
)
def test_what_is_no_text_is_spoiled(point: bytes) -> None:
    assert read_text(point) == SPOILED


def test_a_text_that_is_not_utf8_is_spoiled() -> None:
    assert read_text(point_of_text(b"\xff\xfe")) == SPOILED
    assert read_text(IDENTITY) == ""


def test_another_counter_than_the_first_is_no_text() -> None:
    """One text has one point, or a voter could mark a ballot so that a buyer knows it."""
    first = point_of_text(b"201")
    second = next(
        candidate
        for counter in range(first[0] + 2, 256, 2)
        if is_encoding(candidate := bytes([counter]) + first[1:])
    )
    with pytest.raises(NotAText):
        text_of_point(second)


def test_rankings_are_read_strictly_and_cut_at_their_depth() -> None:
    assert read_ranking(write_ranking([2, 0, 1]), options=3, depth=3) == (2, 0, 1)
    assert read_ranking("201", options=3, depth=2) == (2, 0)
    assert read_ranking("", options=3, depth=3) == ()
    assert read_ranking("z", options=36, depth=3) == (35,)
    for spoiled in ("22", "3", "2 1", "２", "A", SPOILED):
        assert read_ranking(spoiled, options=3, depth=3) is None
